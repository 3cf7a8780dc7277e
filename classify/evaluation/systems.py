"""The systems that are compared, each asked the same: what costs nothing, lexicons, plain TF-IDF, ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify import judging, lexical, topics
from classify.evaluation.scores import indicator
from classify.features.extract import Features
from classify.learning.corpora import Example
from classify.learning.recipes import recipes
from classify.linear import LinearModel
from classify.text.reading import Reading
from classify.types import ABOUT, RELEVANCE, VALENCES, VOICES

Codes = NDArray[np.intp]
Confidence = NDArray[np.float64]
# Tone as it is measured: negative and mixed are one class, being rare and near each other.
TONES = ("positive", "neutral", "critical")
_THREE = {"positive": "positive", "neutral": "neutral", "negative": "critical", "mixed": "critical"}
# The questions with one answer, and their classes; `primary` is the first topic, its classes are the taxonomy's.
SINGLE: dict[str, tuple[str, ...]] = {"relevance": RELEVANCE, "tone": TONES, "valence": VALENCES, "voice": VOICES}


@dataclass(frozen=True)
class Rows:
    """What is asked: examples with their readings and features."""

    examples: tuple[Example, ...]
    readings: tuple[Reading, ...]
    features: tuple[Features, ...]

    @property
    def languages(self) -> NDArray[Any]:
        """The language of each row."""
        return np.array([features.language for features in self.features])

    @property
    def groups(self) -> NDArray[Any]:
        """What each row belongs together with."""
        return np.array([example.group for example in self.examples])


@dataclass(frozen=True)
class Answers:
    """What one system says of n rows.

    `chosen` (n, topics) holds every topic given. `codes` has, for each question of SINGLE and for `primary`, a class a
    row, -1 where the system abstains; `sure` the confidence, from 0 to 1. Tone is asked of every row as if Vietnam were
    its subject, so that an error on relevance is counted once.
    """

    chosen: NDArray[np.bool_]
    codes: Mapping[str, Codes]
    sure: Mapping[str, Confidence]


@dataclass(frozen=True)
class Said:
    """One system's answers on one row, by name, each with its confidence; "" where it abstains."""

    topics: tuple[str, ...]
    answers: Mapping[str, tuple[str, float]]


System = Callable[[Rows], Answers]


def truth(examples: Sequence[Example], names: Sequence[str]) -> Answers:
    """The labels in the same form; what was not asked of an article, or is unclear, is -1."""
    return _answers([Said(one.topics, {task: (_label(one, task), 1.0) for task in SINGLE}) for one in examples], names)


def majority(train: Sequence[Example], names: Sequence[str]) -> System:
    """Always the commonest answer of the training part."""
    known = truth(train, names)
    best = {task: np.bincount(codes[codes >= 0]).argmax() for task, codes in known.codes.items()}

    def answer(rows: Rows) -> Answers:
        said = {task: (classes[int(best[task])], 0.5) for task, classes in SINGLE.items()}
        return _answers([Said((names[int(best["primary"])],), said)] * len(rows.examples), names)

    return answer


def lexicon(names: Sequence[str]) -> System:
    """The word lists alone."""

    def answer(rows: Rows) -> Answers:
        return _answers([_by_lexicon(reading, names) for reading in rows.readings], names)

    return answer


def trained(models: Mapping[str, LinearModel], names: Sequence[str]) -> System:
    """The trained models, as `Classifier` uses them."""

    def answer(rows: Rows) -> Answers:
        judged = judging.judge(models, names, rows.readings, rows.features)
        found = {task: models[task].probabilities(rows.features) for task in ("tone", "voice") if task in models}
        return _answers([_by_models(models, found, one, at) for at, one in enumerate(judged)], names)

    return answer


def plain(train: Sequence[Example], names: Sequence[str]) -> System:
    """TF-IDF of words and logistic regression: what a day's work with a library gives."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    def learn(matrix: Any, answers: Any) -> Any:
        return LogisticRegression(C=10.0, max_iter=200, tol=1e-3).fit(matrix, answers)

    vectoriser = TfidfVectorizer(sublinear_tf=True, min_df=2, max_features=60_000)
    matrix = vectoriser.fit_transform([_text(one) for one in train])
    known, chosen = truth(train, names), recipes(names)["topics"]
    single = {}
    for task in SINGLE:
        asked = np.flatnonzero(known.codes[task] >= 0)
        single[task] = learn(matrix[asked], known.codes[task][asked])
    each = {at: learn(matrix, known.chosen[:, at]) for at in range(len(names)) if known.chosen[:, at].any()}

    def answer(rows: Rows) -> Answers:
        given = vectoriser.transform([_text(one) for one in rows.examples])
        found = np.zeros((given.shape[0], len(names)))
        for at, model in each.items():
            found[:, at] = model.predict_proba(given)[:, 1]
        said = {task: (model.classes_, model.predict_proba(given)) for task, model in single.items()}
        return _answers([_plainly(said, found[at], at, names, chosen.least) for at in range(len(found))], names)

    return answer


def _label(example: Example, task: str) -> str:
    if task == "tone":
        return _THREE.get(example.tone, "") if example.relevance in ABOUT else ""
    if task == "voice":
        return example.voice if example.tone in ("positive", "negative", "mixed") else ""
    return str(getattr(example, task))


def _by_lexicon(reading: Reading, names: Sequence[str]) -> Said:
    about, sure = lexical.relevance(reading)
    row = lexical.topics(reading, names)
    given = topics.choose(row, names, [lexical.FURTHER_LEAST] * len(names), lexical.TOPIC_LEAST, about)
    tone, tone_sure = lexical.tone(reading, "central")
    return Said(given, {"relevance": (about, sure), "primary": ("", max(row)), "tone": (_THREE[str(tone)], tone_sure)})


def _by_models(
    models: Mapping[str, LinearModel], found: Mapping[str, NDArray[Any]], judged: judging.Judgement, at: int
) -> Said:
    scores = judged.scores
    said: dict[str, tuple[str, float]] = {"relevance": (judged.relevance or "none", scores.get("relevance", 0.0))}
    said["primary"] = ("", max((scores.get(f"topic:{name}", 0.0) for name in judged.topics), default=0.0))
    if "tone" in found:
        tone, sure = judging.tone_of(found["tone"][at], models["tone"])
        said["tone"] = (_THREE[tone], sure)
    if "voice" in found:
        said["voice"] = judging.best_of(found["voice"][at], models["voice"])
    if judged.valence:
        said["valence"] = (judged.valence, scores["valence"])
    return Said(judged.topics, said)


def _plainly(said: Mapping[str, Any], row: NDArray[Any], at: int, names: Sequence[str], least: float) -> Said:
    answers = {task: (SINGLE[task][int(classes[found[at].argmax()])], float(found[at].max()))
               for task, (classes, found) in said.items()}  # fmt: skip
    relevance = answers["relevance"][0]
    given = topics.choose(row.tolist(), names, [0.35] * len(names), least, relevance)  # type: ignore[arg-type]
    return Said(given, {**answers, "primary": ("", float(row.max()))})


def _answers(found: Sequence[Said], names: Sequence[str]) -> Answers:
    listed = {name: at for at, name in enumerate(names)}
    chosen = np.zeros((len(found), len(names)), dtype=bool)
    for at, said in enumerate(found):
        chosen[at, [listed[name] for name in said.topics]] = True
    codes = {"primary": np.array([listed[said.topics[0]] if said.topics else -1 for said in found])}
    sure = {"primary": np.array([said.answers.get("primary", ("", 1.0))[1] for said in found])}
    for task, classes in SINGLE.items():
        place = {name: at for at, name in enumerate(classes)}
        said_of = [said.answers.get(task, ("", 0.0)) for said in found]
        codes[task] = np.array([place.get(name, -1) for name, _ in said_of])
        sure[task] = np.array([confidence for _, confidence in said_of])
    return Answers(chosen, codes, sure)


def _text(example: Example) -> str:
    return f"{example.document.title}\n{example.document.text}"


def as_indicator(answers: Answers, task: str, classes: int) -> NDArray[np.bool_]:
    """The answers to one question as booleans (n, classes); all False where the system abstains."""
    return indicator(answers.codes[task], classes)
