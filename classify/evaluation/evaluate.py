"""What the classifier gets right on the frozen test, which nothing was learned from, and beside what costs nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.encoded import encoded
from classify.evaluation.calibration import calibration
from classify.evaluation.intervals import Comparison, Interval, interval, intervals, paired
from classify.evaluation.scores import CLASS_F1, CLASS_PRECISION, CLASS_RECALL, MACRO_F1, MICRO_F1, confusion, selective
from classify.evaluation.systems import (
    SINGLE,
    Answers,
    Rows,
    System,
    as_indicator,
    lexicon,
    majority,
    plain,
    trained,
    truth,
)
from classify.language import base
from classify.learning.corpora import Example
from classify.predict import Classifier

Progress = Callable[[str, int], None]
Mask = NDArray[np.bool_]
# A language with fewer test rows than this gets no line of its own; its rows are in "other" and "all".
LEAST_ROWS = 30
# An outlet gets its own figures from so many on, as the part OUTLET + its name.
LEAST_OUTLET = 40
OUTLET = "outlet "
# What decides whether a new version of a task goes into service.
GATE = {"relevance": "relevance", "topics": "topics", "tone": "tone", "valence": "valence", "voice": "voice"}
MICRO = "topics, micro-F1"  # how the difference of what is named in all stands among those of tasks
COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True)
class Figure:
    """One figure: a question's `measure` for one system in one part of the test, with its 95% interval."""

    system: str
    part: str
    question: str
    measure: str
    rows: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ClassFigure:
    """One class of one question in one part of the test: precision, recall and F1, the last with its 95% interval."""

    part: str
    question: str
    name: str
    rows: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float


@dataclass(frozen=True)
class Evaluation:
    """Everything that was measured of one version; `compared` holds, by task, the difference to the one in service."""

    version: str
    rows: int
    figures: tuple[Figure, ...]
    classes: tuple[ClassFigure, ...]
    confusions: Mapping[str, Sequence[Sequence[int]]]
    calibrations: Mapping[str, float]
    selective: tuple[tuple[float, float, float], ...]
    compared: Mapping[str, Comparison]

    def as_dict(self) -> dict[str, Any]:
        """The evaluation as plain JSON types."""
        return asdict(self)

    def of(self, system: str, part: str, question: str, measure: str) -> Figure | None:
        """One figure, if it was measured."""
        wanted = (system, part, question, measure)
        return next((f for f in self.figures if (f.system, f.part, f.question, f.measure) == wanted), None)


def frozen_rows(examples: Iterable[Example], classifier: Classifier, progress: Progress | None = None) -> Rows:
    """The frozen test, read and counted."""
    kept = [one for one in examples if one.held_out]
    found = []
    for one in kept:
        found.append(classifier.read(one.document, base(str(one.document.language))))
        if progress:
            progress("reading", len(found))
    features = encoded(classifier.encoder, [features for _, features in found])
    return Rows(tuple(kept), tuple(reading for reading, _ in found), tuple(features))


def evaluate(
    examples: Sequence[Example],
    classifier: Classifier,
    *,
    before: Classifier | None = None,
    baselines: bool = True,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure `classifier` on the held-out examples, beside the baselines and, task by task, beside `before`."""
    names = classifier.topics
    rows = frozen_rows(examples, classifier, progress)
    known = truth(rows.examples, names)
    systems = _systems(examples, classifier, baselines)
    answers = {name: system(rows) for name, system in systems.items()}
    ours = answers["ours"]
    parts = _parts(rows, {one.source for one in examples if not (one.held_out or one.unread)})
    figures = [figure for name, said in answers.items() for part, mask in parts.items()
               if name == "ours" or not part.startswith(OUTLET)
               for figure in _figures(name, part, known, said, rows.groups, mask, names)]  # fmt: skip
    classes = [one for part in ("all", "vi", "en") if part in parts
               for one in _classes(part, known, ours, rows.groups, parts[part], names)]  # fmt: skip
    return Evaluation(
        version=classifier.version,
        rows=len(rows.examples),
        figures=tuple(figures),
        classes=tuple(classes),
        confusions={task: _confusion(known, ours, task) for task in SINGLE},
        calibrations={task: _error(known, ours, task) for task in ("relevance", "primary", "tone", "valence")},
        selective=_selective(known, ours),
        compared=compare(known, ours, trained(before.models, names)(rows), rows, names) if before else {},
    )


def compare(known: Answers, new: Answers, old: Answers, rows: Rows, names: Sequence[str]) -> dict[str, Comparison]:
    """By task, the macro-F1 of two versions and the interval of their difference, resampled together.

    Of topics the micro-F1 as well, as MICRO.
    """
    found = {}
    for task, question in GATE.items():
        mask, right, given = _asked(known, new, question, np.ones(len(rows.examples), bool), names)
        _, _, before = _asked(known, old, question, mask, names)
        found[task] = paired(MACRO_F1, right, before, given, rows.groups[mask])
        if task == "topics":
            found[MICRO] = paired(MICRO_F1, right, before, given, rows.groups[mask])
    return found


def _systems(examples: Sequence[Example], classifier: Classifier, baselines: bool) -> dict[str, System]:
    names, train = classifier.topics, [one for one in examples if not one.held_out]
    ours = {"ours": trained(classifier.models, names)}
    if not baselines:
        return ours
    return {"majority": majority(train, names), "lexicon": lexicon(names), "plain": plain(train, names), **ours}


def _parts(rows: Rows, learned: set[str]) -> dict[str, Mask]:
    """What gets figures of its own: languages, what was drawn at random, outlets never learned from, larger outlets."""
    languages = rows.languages
    common = [name for name in sorted(set(languages)) if (languages == name).sum() >= LEAST_ROWS]
    parts = {"all": np.ones(len(languages), bool)} | {name: languages == name for name in common}
    parts["other"] = ~np.isin(languages, common)
    # Much else was first looked for, to have enough of what is rare; these were drawn without looking.
    parts["random"] = np.array(["random" in one.found for one in rows.examples])
    outlets = np.array([one.source for one in rows.examples])
    parts["new outlets"] = ~np.isin(outlets, list(learned))
    for outlet in sorted(set(outlets.tolist())):
        if (outlets == outlet).sum() >= LEAST_OUTLET:
            parts[OUTLET + outlet] = outlets == outlet
    return {name: mask for name, mask in parts.items() if mask.any()}


def _asked(
    known: Answers, said: Answers, question: str, mask: Mask, names: Sequence[str]
) -> tuple[Mask, NDArray[np.bool_], NDArray[np.bool_]]:
    """The rows of `mask` that the question is asked of, and the right and given answers there (rows, classes)."""
    if question == "topics":
        return mask, known.chosen[mask], said.chosen[mask]
    classes = len(names) if question == "primary" else len(SINGLE[question])
    asked = mask & (known.codes[question] >= 0)
    return asked, as_indicator(known, question, classes)[asked], as_indicator(said, question, classes)[asked]


def _figures(
    system: str, part: str, known: Answers, said: Answers, groups: NDArray[Any], mask: Mask, names: Sequence[str]
) -> Iterable[Figure]:
    wanted = [("topics", MACRO_F1), ("topics", MICRO_F1), ("primary", MICRO_F1), *((task, MACRO_F1) for task in SINGLE)]
    for question, metric in wanted:
        asked, right, given = _asked(known, said, question, mask, names)
        if asked.any() and given.any():  # who never answers has no figure
            yield _figure(system, part, question, metric.name, interval(metric, right, given, groups[asked]), asked)
    # Whether the first topic is among those of the label: what a reader of the front page would call right.
    hit = np.array([code >= 0 and known.chosen[at, code] for at, code in enumerate(said.codes["primary"])])[mask]
    (share,) = intervals(CLASS_RECALL, np.ones((len(hit), 1), bool), hit[:, None], groups[mask])
    yield _figure(system, part, "primary", "in label", share, mask)


def _figure(system: str, part: str, question: str, measure: str, found: Interval, asked: Mask) -> Figure:
    rounded = [round(float(number), 4) for number in (found.value, found.low, found.high)]
    return Figure(system, part, question, measure, int(asked.sum()), *rounded)


def _classes(
    part: str, known: Answers, said: Answers, groups: NDArray[Any], mask: Mask, names: Sequence[str]
) -> Iterable[ClassFigure]:
    for question, classes in {"topics": tuple(names), **SINGLE}.items():
        asked, right, given = _asked(known, said, question, mask, names)
        if not asked.any():
            continue
        precision, recall = CLASS_PRECISION(right, given), CLASS_RECALL(right, given)
        found = intervals(CLASS_F1, right, given, groups[asked])
        for at, name in enumerate(classes):
            if rows := int(right[:, at].sum()):
                numbers = (precision[at], recall[at], found[at].value, found[at].low, found[at].high)
                yield ClassFigure(part, question, name, rows, *(round(float(number), 4) for number in numbers))


def _confusion(known: Answers, said: Answers, task: str) -> list[list[int]]:
    asked = known.codes[task] >= 0
    table = confusion(known.codes[task][asked], said.codes[task][asked], len(SINGLE[task]))
    return [[int(count) for count in row] for row in table]


def _error(known: Answers, said: Answers, task: str) -> float:
    asked = known.codes[task] >= 0
    if task == "primary":
        right = np.array([code >= 0 and known.chosen[at, code] for at, code in enumerate(said.codes["primary"])])
    else:
        right = known.codes[task] == said.codes[task]
    return round(calibration(said.sure[task][asked], right[asked]).error, 4)


def _selective(known: Answers, said: Answers) -> tuple[tuple[float, float, float], ...]:
    """Tone: (threshold, coverage, share right) when only the surest part is answered."""
    asked = known.codes["tone"] >= 0
    sure, right = said.sure["tone"][asked], (known.codes["tone"] == said.codes["tone"])[asked]
    found = []
    for coverage in COVERAGES:
        threshold = float(np.quantile(sure, 1.0 - coverage))
        kept = selective(sure, right, threshold)
        found.append((round(threshold, 3), round(kept.coverage, 3), round(kept.precision, 3)))
    return tuple(found)


def better(compared: Mapping[str, Comparison], task: str, share: float) -> bool:
    """Whether a version is better than the one in service: by macro-F1, and in at least `share` of the resamples.

    For topics it is enough that macro-F1 is not worse where micro-F1 is better beyond chance (its 95% interval): in the
    former a topic with a dozen test articles weighs as much as `economy`, and moves it by a point or two alone.
    """
    found = compared[task]
    counted = compared.get(MICRO) if task == "topics" else None
    sure = found.better >= share or (counted is not None and counted.difference.low > 0)
    return found.difference.value > 0 and sure
