"""The linear topic model at work: TF-IDF of tokens times a matrix of weights, in plain numpy. One model a language."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classify.errors import ModelError
from classify.registry import Artifact, write_json

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class LinearModel:
    """One-vs-rest logistic weights over a vocabulary.

    `idf` has one value a token; `weights` is (tokens, classes), `bias` (classes,), both to be used as log-odds.
    """

    language: str
    classes: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Floats
    weights: Floats
    bias: Floats

    def vector(self, counts: Mapping[str, int]) -> tuple[NDArray[np.intp], Floats]:
        """Indices and values of the L2-normalised (1 + log tf) * idf vector; unknown tokens are left out."""
        known = [(index, count) for token, count in counts.items() if (index := self.vocabulary.get(token)) is not None]
        indices = np.fromiter((index for index, _ in known), dtype=np.intp, count=len(known))
        values = np.fromiter((1.0 + math.log(count) for _, count in known), dtype=np.float32, count=len(known))
        values *= self.idf[indices]
        norm = float(np.linalg.norm(values))
        return indices, values / norm if norm else values

    def log_odds(self, counts: Mapping[str, int]) -> dict[str, float]:
        """Class -> log-odds; empty when no token is known, for then the model has nothing to say."""
        indices, values = self.vector(counts)
        if not len(indices):
            return {}
        odds = values @ self.weights[indices] + self.bias
        return dict(zip(self.classes, odds.tolist(), strict=True))

    def reasons(self, counts: Mapping[str, int], label: str, most: int) -> list[tuple[str, float]]:
        """Up to `most` tokens that spoke for class `label`, each with the log-odds it added, strongest first."""
        if label not in self.classes:
            return []
        names = {index: token for token in counts if (index := self.vocabulary.get(token)) is not None}
        indices, values = self.vector(counts)
        shares = values * self.weights[indices, self.classes.index(label)]
        order = np.argsort(-shares, kind="stable")[:most]
        return [(names[int(indices[i])], float(shares[i])) for i in order if shares[i] > 0]


def load_linear(artifact: Artifact) -> dict[str, LinearModel]:
    """The models of a verified artifact, by language; ModelError when their parts do not fit together."""
    return {language: _load(artifact, language) for language in artifact.manifest["languages"]}


def save_linear(model: LinearModel, folder: Path) -> tuple[str, str]:
    """Write the weights, as float16 (half the size), and the vocabulary; the files' names."""
    names = (f"weights-{model.language}.npz", f"vocab-{model.language}.json")
    arrays = {"idf": model.idf, "weights": model.weights, "bias": model.bias}
    with (folder / names[0]).open("wb") as file:
        np.savez_compressed(
            file, allow_pickle=False, **{name: array.astype(np.float16) for name, array in arrays.items()}
        )
    described = {"classes": list(model.classes), "tokens": " ".join(model.vocabulary)}
    write_json(folder / names[1], described)
    return names


def _load(artifact: Artifact, language: str) -> LinearModel:
    described = artifact.json(f"vocab-{language}.json")
    # One string is a third smaller than a list, and tokens hold no spaces.
    tokens, classes = described["tokens"].split(" "), tuple(described["classes"])
    with np.load(artifact.folder / f"weights-{language}.npz", allow_pickle=False) as arrays:
        # float32 in memory, for half-precision products are slow on a CPU.
        idf, weights, bias = (arrays[name].astype(np.float32) for name in ("idf", "weights", "bias"))
    if weights.shape != (len(tokens), len(classes)) or idf.shape != (len(tokens),) or bias.shape != (len(classes),):
        raise ModelError(f"{artifact.folder}: {len(tokens)} tokens x {len(classes)} classes do not fit {weights.shape}")
    return LinearModel(language, classes, {token: i for i, token in enumerate(tokens)}, idf, weights, bias)
