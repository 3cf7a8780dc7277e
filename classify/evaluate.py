"""What the classifier gets right, measured on texts it never learned from and beside the answers that cost nothing."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from classify import corpora as sets
from classify.corpora import Example
from classify.predict import Classifier
from classify.types import Document, Prediction

Predict = Callable[[Document], Prediction]
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Score:
    """One measure of one system on one set: `value` and `macro_f1` from 0 to 1 over `rows`.

    For topics, `value` is how often the primary topic is one the label names, and `abstained` the share without any
    (counted as wrong). `macro_f1` gives every class of the labels the same say.
    """

    dataset: str
    system: str
    task: str
    rows: int
    value: float
    macro_f1: float
    abstained: float = 0.0


@dataclass(frozen=True)
class Evaluation:
    """Every score, the version that was measured, and what to know when reading them."""

    version: str
    scores: tuple[Score, ...]
    notes: tuple[str, ...]

    def table(self) -> str:
        """The scores as text: one line a dataset, task and system."""
        lines = [
            f"model {self.version}",
            f"{'dataset':24} {'task':10} {'system':10} {'rows':>6} {'right':>6} {'F1':>6} {'none':>6}",
        ]
        for s in self.scores:
            figures = f"{s.rows:6d} {s.value:6.3f} {s.macro_f1:6.3f} {s.abstained:6.3f}"
            lines.append(f"{s.dataset:24} {s.task:10} {s.system:10} {figures}")
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes)])

    def as_dict(self) -> dict[str, Any]:
        """The evaluation as plain JSON types."""
        return {"version": self.version, "scores": [asdict(s) for s in self.scores], "notes": list(self.notes)}


NOTES = (
    "vntc: VnExpress rows of the official test half, 2002-06, sections mapped to our topics; home news (Chinh "
    "tri Xa hoi) has no one topic and is left out. The shipped model learned from other VnExpress articles.",
    "vnnews2016: 2016 articles of Dan Tri, VTV, Kenh14 and Vietbao, no row of which is in training.",
    "danes: sites held out from training by name.",
    "vn_coverage: news about Vietnam, a third of events, stories and outlet-months held out; labels by one AI reader "
    "following the labelling guidelines, not by the analysts: an indication only.",
    "newsroom: sample articles written by this project for its own tests: a smoke measure, no evidence of quality.",
    "majority always gives the commonest label of the set; lexicon is the classifier without its trained models.",
)  # fmt: skip


def evaluate(
    corpora: Path, models: Path, data: Path, labelled: Path | None = None, progress: Progress | None = None
) -> Evaluation:
    """Measure the classifier in service on every held-out set found under `corpora`.

    `labelled` is a JSON-lines file of {title, text, language, relevance, topics, tone}; absent sets are skipped and
    said so in the notes. Raises LexiconError or ModelError when the classifier cannot be loaded.
    """
    classifier = Classifier.load(models, data)
    plain = replace(classifier, linear={}, about=None)
    systems: dict[str, Predict] = {"lexicon": plain.predict, "full": classifier.predict}
    scores: list[Score] = []
    notes = list(NOTES)
    for name, rows in _datasets(corpora, data, labelled):
        try:
            examples = list(rows)
        except FileNotFoundError as error:
            notes.append(f"{name}: skipped, {error.filename} is absent")
            continue
        if progress:
            progress(name, len(examples))
        scores += measure(name, examples, systems)
    return Evaluation(classifier.version, tuple(scores), tuple(notes))


def measure(name: str, examples: list[Example], systems: dict[str, Predict]) -> Iterator[Score]:
    """Scores of a majority guess and of each system for every task that the examples are labelled for."""
    answers = {system: [predict(e.document) for e in examples] for system, predict in systems.items()}
    tasks: dict[str, tuple[Callable[[Example], tuple[str, ...]], Callable[[Prediction], str]]] = {
        "topic": (lambda e: e.topics, lambda p: p.topics[0] if p.topics else ""),
        "relevance": (lambda e: (e.relevance,) if e.relevance else (), lambda p: p.relevance or ""),
        "tone": (lambda e: (e.tone,) if e.tone else (), lambda p: p.tone or ""),
    }
    for task, (label, answer) in tasks.items():
        kept = [at for at, example in enumerate(examples) if label(example)]
        if not kept:
            continue
        truth = [label(examples[at]) for at in kept]
        commonest = Counter(names[0] for names in truth).most_common(1)[0][0]
        yield score(name, "majority", task, truth, [commonest] * len(truth))
        for system, predictions in answers.items():
            yield score(name, system, task, truth, [answer(predictions[at]) for at in kept])


def score(dataset: str, system: str, task: str, truth: list[tuple[str, ...]], given: list[str]) -> Score:
    """Compare answers with labels; an answer is right when the label names it, "" is an abstention."""
    right = sum(answer in names for names, answer in zip(truth, given, strict=True))
    # With several right answers the class of a row is the one that was given if right, else the label's first.
    primary = [answer if answer in names else names[0] for names, answer in zip(truth, given, strict=True)]
    return Score(dataset, system, task, len(truth), round(right / len(truth), 4), round(macro_f1(primary, given), 4),
                 round(given.count("") / len(truth), 4))  # fmt: skip


def macro_f1(truth: list[str], given: list[str]) -> float:
    """The mean F1 of the classes that occur in `truth`."""
    right = Counter(a for a, b in zip(truth, given, strict=True) if a == b)
    actual, guessed = Counter(truth), Counter(given)
    return sum(2 * right[name] / (actual[name] + guessed[name]) for name in actual) / max(1, len(actual))


def _datasets(corpora: Path, data: Path, labelled: Path | None) -> Iterator[tuple[str, Iterable[Example]]]:
    yield "vntc", (e for e in sets.vntc_test(corpora) if e.topics)
    yield "vnnews2016", sets.vnnews(corpora)
    yield "danes", (e for e in sets.danes(corpora) if e.held_out)
    yield "vn_coverage vi", (e for e in _read(corpora, data) if e.document.language == "vi")
    yield "vn_coverage foreign", (e for e in _read(corpora, data) if e.document.language != "vi")
    yield "newsroom", newsroom(data)
    if labelled is not None:
        yield labelled.name, (_given(row, at) for at, row in enumerate(sets.rows(labelled)))


def _read(corpora: Path, data: Path) -> Iterator[Example]:
    return (e for e in sets.coverage(corpora, data) if e.held_out and e.topics)


def newsroom(data: Path) -> Iterator[Example]:
    """The sample articles under data/newsroom that carry `labels`."""
    for path in sorted((data / "newsroom" / "articles").glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for at, row in enumerate(content if isinstance(content, list) else [content]):
            labels = row.get("labels") if isinstance(row, dict) else None
            if labels:
                text = f"{row.get('lead') or ''}\n{row.get('body') or row.get('text') or ''}"
                yield _given({**row, **labels, "text": text}, at)


def _given(row: dict[str, Any], at: int) -> Example:
    document = Document(row.get("title") or "", row.get("text") or "", row.get("language"))
    topics = row.get("topics") or []
    topics = tuple(topics.split() if isinstance(topics, str) else topics)
    tone = row.get("tone") if row.get("tone") != "n/a" else None
    return Example(str(row.get("id", at)), "given", "", "", document, topics, row.get("relevance") or "", tone or "")


def write_metrics(evaluation: Evaluation, path: Path) -> None:
    """Keep an evaluation beside the model it measured."""
    path.write_text(json.dumps(evaluation.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
