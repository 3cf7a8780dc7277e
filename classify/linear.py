"""The linear model at work: weights times a row of features, in plain numpy; and its files, JSON and npz."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from classify.errors import ModelError
from classify.features.extract import Features
from classify.features.vectoriser import NOTHING, Vectoriser
from classify.features.vocabulary import share
from classify.registry import Artifact, write_json

Floats = NDArray[np.float32]
Kind = Literal["one", "many"]
WEIGHTS, WORDS = "weights.npz", "words.json"


@dataclass(frozen=True)
class LinearModel:
    """Calibrated linear scores of the classes of one task.

    `kind` is `one` when exactly one class holds (softmax) and `many` when any number may (sigmoid a class). `weights`
    is (columns, classes), `bias` (classes,), both with the calibration folded in. `cuts` (classes,) decide: for `many`
    the least probability at which a class is given, for `one` what is added to the log of its probability before the
    best is taken. `least` is the probability below which the machine abstains. `measured` are the languages with a
    figure.
    """

    task: str
    kind: Kind
    classes: tuple[str, ...]
    vectoriser: Vectoriser
    weights: Floats
    bias: Floats
    cuts: Floats
    least: float = 0.0
    measured: frozenset[str] = frozenset()
    words: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(self.vectoriser.vocabulary))

    def log_odds(self, rows: Sequence[Features]) -> Floats:
        """The scores (rows, classes) before they become probabilities."""
        found: Floats = np.asarray(self.vectoriser.matrix(rows) @ self.weights + self.bias, dtype=np.float32)
        return found

    def probabilities(self, rows: Sequence[Features]) -> Floats:
        """The calibrated probabilities (rows, classes); rows of a `one` model sum to 1."""
        return probabilities(self.log_odds(rows), self.kind)

    def knows(self, features: Features) -> bool:
        """Whether any word of a document was seen in training."""
        return not self.vectoriser.vocabulary.keys().isdisjoint(features.bag)

    def reasons(self, features: Features, name: str, most: int) -> list[tuple[str, float]]:
        """Up to `most` words that spoke for class `name`, each with what it added to the score, strongest first.

        For a `one` model that is what it added over the mean of all classes.
        """
        indices, values = self.vectoriser.row(features)
        words = indices < len(self.words)
        indices, values = indices[words], values[words]
        own = self.weights[indices, self.classes.index(name)]
        shares = values * (own - self.weights[indices].mean(axis=1) if self.kind == "one" else own)
        spoke = np.flatnonzero(shares > 0)
        order = spoke[np.argsort(-shares[spoke], kind="stable")[:most]]
        return [(self.words[indices[at]], float(shares[at])) for at in order]


def sharing(models: Mapping[str, LinearModel]) -> dict[str, LinearModel]:
    """The models with one table of words, so that each word of a document is looked up once. They answer the same."""
    parts = share([model.words for model in models.values()])
    return {
        task: replace(model, vectoriser=replace(model.vectoriser, shared=part))
        for (task, model), part in zip(models.items(), parts, strict=True)
    }


def probabilities(log_odds: NDArray[Any], kind: Kind) -> Floats:
    """Log-odds (rows, classes) as probabilities, by softmax or class by class."""
    if kind == "many":
        each: Floats = (1.0 / (1.0 + np.exp(-np.clip(log_odds, -30, 30)))).astype(np.float32)
        return each
    raised = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def choose(found: NDArray[Any], cuts: NDArray[Any]) -> NDArray[np.intp]:
    """The class of each row (rows,) of a `one` model: the largest probability, each moved by its cut."""
    best: NDArray[np.intp] = np.argmax(np.log(np.maximum(found, 1e-9)) + cuts, axis=1)
    return best


def save_linear(model: LinearModel, folder: Any) -> tuple[str, ...]:
    """Write the weights, as float16 (half the size), and the words; the files' names."""
    vectoriser = model.vectoriser
    with (folder / WEIGHTS).open("wb") as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            weights=model.weights.astype(np.float16),
            idf=vectoriser.idf.astype(np.float16),
            # These few decide where the numbers stand: full precision.
            bias=model.bias.astype(np.float32),
            cuts=model.cuts.astype(np.float32),
            mean=vectoriser.mean.astype(np.float32),
            scale=vectoriser.scale.astype(np.float32),
            landmarks=vectoriser.landmarks.astype(np.float32),
            mixing=vectoriser.mixing.astype(np.float32),
        )
    described = {
        "kind": model.kind,
        "classes": list(model.classes),
        "blocks": dict(vectoriser.blocks),
        "gamma": vectoriser.gamma,
        "least": model.least,
        "measured": sorted(model.measured),
        "numbers": list(vectoriser.names),
        # One string is a third smaller than a list, and no word holds a space.
        "words": " ".join(vectoriser.vocabulary),
    }
    write_json(folder / WORDS, described)
    return (WEIGHTS, WORDS)


def load_linear(artifact: Artifact, numbers: int, names: Sequence[str] = ()) -> LinearModel:
    """The model of a verified artifact; ModelError when its parts do not fit each other or this program.

    `numbers` is how many numbers a document has in this program. With their `names` (`features.numbers.names`) a model
    will do that was learned before there were some kinds of them: it reads those that it knows.
    """
    unsealed = {WEIGHTS, WORDS} - set(artifact.manifest["files"])
    if unsealed:
        raise ModelError(
            f"{artifact.folder}: the manifest does not seal {sorted(unsealed)}; retrain with `diembao train`"
        )
    described = artifact.json(WORDS)
    words = described["words"].split(" ") if described["words"] else []
    classes = tuple(described["classes"])
    with np.load(artifact.folder / WEIGHTS, allow_pickle=False) as arrays:
        # float32 in memory, for half-precision products are slow on a CPU.
        parts = {"landmarks": NOTHING, "mixing": NOTHING} | {at: arrays[at].astype(np.float32) for at in arrays.files}
    known = tuple(described.get("numbers", ()))
    reads = _reads(artifact, known, names) if names and known else None
    _fits(artifact, parts, len(words), len(classes), numbers if reads is None else len(reads))
    vectoriser = Vectoriser(
        blocks=described["blocks"],
        vocabulary=dict(zip(words, range(len(words)), strict=True)),
        **{name: parts[name] for name in ("idf", "mean", "scale", "landmarks", "mixing")},
        gamma=float(described.get("gamma", 0.0)),
        names=known,
        reads=reads,
    )
    return LinearModel(
        task=artifact.task,
        kind=described["kind"],
        classes=classes,
        vectoriser=vectoriser,
        weights=parts["weights"],
        bias=parts["bias"],
        cuts=parts["cuts"],
        least=float(described["least"]),
        measured=frozenset(described["measured"]),
    )


def _reads(artifact: Artifact, known: Sequence[str], names: Sequence[str]) -> NDArray[np.intp]:
    """Which of the numbers called `names` the model knows: whole kinds of them (the first word), or it is refused."""
    kinds = {name.split(" ")[0] for name in known}
    found = [at for at, name in enumerate(names) if name.split(" ")[0] in kinds]
    if [names[at] for at in found] != list(known):
        other = sorted({names[at] for at in found}.symmetric_difference(known)) or ["their order"]
        raise ModelError(
            f"{artifact.folder}: learned from other numbers than this program counts ({', '.join(other[:3])}); "
            "retrain with `diembao train`"
        )
    return np.array(found, dtype=np.intp)


def _fits(artifact: Artifact, parts: Mapping[str, Floats], words: int, classes: int, numbers: int) -> None:
    points, bent = len(parts["landmarks"]), parts["mixing"].shape[-1]
    expected = {"weights": (words + numbers + bent, classes), "bias": (classes,), "cuts": (classes,), "idf": (words,),
                "mean": (numbers,), "scale": (numbers,), "landmarks": (points, numbers if points else 0),
                "mixing": (points, bent)}  # fmt: skip
    for name, shape in expected.items():
        if parts[name].shape != shape:
            raise ModelError(
                f"{artifact.folder}: `{name}` has shape {parts[name].shape}, this program needs {shape}; "
                "retrain with `diembao train`"
            )
