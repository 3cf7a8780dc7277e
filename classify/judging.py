"""From features to answers: each task's probabilities, and the rules that bind the answers to each other."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from classify import lexical, topics
from classify.features.extract import Features
from classify.linear import LinearModel, choose
from classify.text.lexicons import NEGATIVE, POSITIVE, TOPIC
from classify.text.reading import Reading
from classify.types import ABOUT, Relevance, Tone, Valence, Voice

LEARNED_WORDS = 12
# Scores below this are not kept: they would fill the database and say nothing.
LEAST_SHOWN = 0.02
# How sure it is that a text without the name is not about Vietnam. Not 1: a list of names is never complete.
UNNAMED = 0.95
Found = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Judgement:
    """The answers on one document, and how sure each is, from 0 to 1."""

    relevance: Relevance | None = None
    topics: tuple[str, ...] = ()
    tone: Tone | None = None
    valence: Valence | None = None
    voice: Voice | None = None
    scores: dict[str, float] = field(default_factory=dict)


def judge(
    models: Mapping[str, LinearModel], names: Sequence[str], readings: Sequence[Reading], rows: Sequence[Features]
) -> list[Judgement]:
    """One judgement a row; a task without a model is answered by the lexicons. An empty text gets no answer."""
    found = {task: model.probabilities(rows) for task, model in models.items()}
    if "topics" in models:
        # Of a text without a known word the model tells only which topic is common: that is no topic of this text.
        silent = [not (models["topics"].knows(row) or _listed(one)) for one, row in zip(readings, rows, strict=True)]
        found["topics"][np.array(silent, dtype=bool)] = 0.0
    return [_judge(models, names, reading, found, at) for at, reading in enumerate(readings)]


def reasons(
    models: Mapping[str, LinearModel], features: Features, found: Judgement
) -> dict[str, list[tuple[str, float]]]:
    """For each tag of a judgement, the words by which the trained models chose it."""
    learned = {}
    if "topics" in models:
        learned = {TOPIC + name: models["topics"].reasons(features, name, LEARNED_WORDS) for name in found.topics}
    if "tone" in models and found.tone in ("positive", "negative", "mixed"):
        for tag, name in ((POSITIVE, "positive"), (NEGATIVE, "negative")):
            learned[tag] = models["tone"].reasons(features, name, LEARNED_WORDS)
    return learned


def _listed(reading: Reading) -> bool:
    return any(tag.startswith(TOPIC) for place in reading.places for tag in place.hit.tags)


def _judge(
    models: Mapping[str, LinearModel], names: Sequence[str], reading: Reading, found: Found, at: int
) -> Judgement:
    if not (reading.title.text.strip() or reading.text.text.strip()):
        return Judgement()
    about, sure = _relevance(models, reading, found, at)
    scores = {"relevance": sure}
    chosen = _topics(models, names, reading, found, at, about, scores)
    tone = _tone(models, reading, found, at, about, scores)
    valence = _one(models, found, "valence", at, scores)
    voice = _one(models, found, "voice", at, scores) if tone in ("positive", "negative", "mixed") else None
    rounded = {name: round(float(score), 4) for name, score in scores.items()}
    return Judgement(about, chosen, tone, cast("Valence | None", valence), cast("Voice | None", voice), rounded)


def _relevance(models: Mapping[str, LinearModel], reading: Reading, found: Found, at: int) -> tuple[Relevance, float]:
    if "relevance" not in models:
        return lexical.relevance(reading)
    # What never names Vietnam and is not Vietnamese cannot be about it, whatever its words remind of. The model cannot
    # tell: what it learned from was found by that name, be it in that of the war, a heading, or far into the text.
    if reading.language != "vi" and not reading.named:
        return "none", UNNAMED
    scores: dict[str, float] = {}
    return cast("Relevance", _one(models, found, "relevance", at, scores)), scores["relevance"]


def _topics(
    models: Mapping[str, LinearModel], names: Sequence[str], reading: Reading, found: Found, at: int,
    about: Relevance, scores: dict[str, float],
) -> tuple[str, ...]:  # fmt: skip
    model = models.get("topics")
    if model is None:
        row = lexical.topics(reading, names)
        cuts, least = [lexical.FURTHER_LEAST] * len(names), lexical.TOPIC_LEAST
    else:
        row, names, cuts, least = found["topics"][at].tolist(), model.classes, model.cuts.tolist(), model.least
    scores |= {TOPIC + name: score for name, score in zip(names, row, strict=True) if score >= LEAST_SHOWN}
    return topics.choose(row, names, cuts, least, about)


def _tone(
    models: Mapping[str, LinearModel], reading: Reading, found: Found, at: int, about: Relevance,
    scores: dict[str, float],
) -> Tone | None:  # fmt: skip
    if about not in ABOUT:
        return None
    if "tone" not in models:
        tone, scores["tone"] = lexical.tone(reading, about)
        return tone
    model = models["tone"]
    answer, scores["tone"] = tone_of(found["tone"][at], model)
    return answer if scores["tone"] >= model.least else "unclear"


def tone_of(row: NDArray[Any], model: LinearModel) -> tuple[Tone, float]:
    """The tone of one row of probabilities, and its confidence.

    Negative and mixed are first weighed together against positive and neutral, for they are rare and near each other;
    then the likelier of the two is named.
    """
    found = dict(zip(model.classes, row.tolist(), strict=True))
    cuts = dict(zip(model.classes, model.cuts.tolist(), strict=True))
    merged = {name: found[name] for name in ("positive", "neutral")} | {"negative": found["negative"] + found["mixed"]}
    best = max(merged, key=lambda name: math.log(max(merged[name], 1e-9)) + cuts[name])
    if best == "negative" and found["mixed"] > found["negative"]:
        return "mixed", merged[best]
    return cast("Tone", best), merged[best]


def _one(models: Mapping[str, LinearModel], found: Found, task: str, at: int, scores: dict[str, float]) -> str | None:
    if task not in models:
        return None
    answer, scores[task] = best_of(found[task][at], models[task])
    return answer


def best_of(row: NDArray[Any], model: LinearModel) -> tuple[str, float]:
    """The class that one row of probabilities speaks for, and its probability."""
    best = int(choose(row[None, :], model.cuts)[0])
    return model.classes[best], float(row[best])
