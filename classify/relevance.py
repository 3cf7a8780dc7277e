"""How far a text is about Vietnam: where and how often it names the country, its places and people."""

import math
from dataclasses import dataclass
from typing import Any

from classify.errors import ModelError
from classify.reading import Reading, is_dense
from classify.registry import Artifact
from classify.types import RELEVANCE, Relevance

# Least foreignness at which a Vietnamese text that never names the country is taken to be about elsewhere.
FOREIGN = 0.5
FEATURES = (
    "in title", "twice in title", "place in title", "in lead", "times in lead", "log mentions", "density",
    "root density", "first mention", "headline only", "log length", "never", "title then text",
)  # fmt: skip


@dataclass(frozen=True)
class Mentions:
    """Counts behind the judgement; `density` is mentions per 100 words or so (500 characters; 200 where dense)."""

    title: int
    lead: int
    total: int
    density: float
    first: float
    place_in_title: float

    @classmethod
    def of(cls, reading: Reading) -> "Mentions":
        """Count the mentions of a reading; `first` and `place_in_title` run from 0 (the beginning) to 1 (nowhere)."""
        body = [place.hit.start for place in reading.mentions if place.field == "text"]
        title = [place.hit.start for place in reading.mentions if place.field == "title"]
        unit = 200 if is_dense(reading.language) else 500
        length = max(reading.text_length + reading.title_length, unit)
        return cls(
            title=len(title),
            lead=sum(start < reading.lead_end for start in body),
            total=len(reading.mentions),
            density=len(reading.mentions) * unit / length,
            first=min(body) / max(1, reading.text_length) if body else 1.0,
            place_in_title=min(title) / max(1, reading.title_length) if title else 1.0,
        )


@dataclass(frozen=True)
class RelevanceModel:
    """A multinomial logistic regression over FEATURES: `weights` has a row a class of RELEVANCE, `bias` a value."""

    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]

    def probabilities(self, features: tuple[float, ...]) -> tuple[float, ...]:
        """The probability of each class of RELEVANCE, in its order."""
        odds = [
            sum(map(float.__mul__, row, features)) + bias for row, bias in zip(self.weights, self.bias, strict=True)
        ]
        raised = [math.exp(value - max(odds)) for value in odds]
        return tuple(value / sum(raised) for value in raised)


def load_relevance(artifact: Artifact) -> RelevanceModel:
    """The model of a verified artifact; ModelError when it was made for other features or classes."""
    content: Any = artifact.json("weights.json")
    if tuple(content["features"]) != FEATURES or tuple(content["classes"]) != RELEVANCE:
        raise ModelError(f"{artifact.folder}: made for other features; retrain with `diembao train`")
    return RelevanceModel(tuple(map(tuple, content["weights"])), tuple(content["bias"]))


def features(reading: Reading) -> tuple[float, ...]:
    """The numbers named by FEATURES, most of them between 0 and 4."""
    found = Mentions.of(reading)
    density = min(found.density, 4.0)
    return (
        float(found.title > 0),
        float(found.title > 1),
        found.place_in_title,
        float(found.lead > 0),
        float(min(found.lead, 4)),
        math.log1p(found.total),
        density,
        math.sqrt(density),
        found.first,
        float(reading.text_length < 60),
        math.log1p(reading.text_length) / 10,
        float(found.total == 0),
        math.log1p(found.total - found.title) if found.title else 0.0,
    )


def judge(reading: Reading, foreignness: float, model: RelevanceModel | None) -> tuple[Relevance | None, float]:
    """Relevance and a confidence from 0 to 1; None for an empty document.

    `foreignness` (0 to 1) is how much a Vietnamese text speaks of the world outside; other languages ignore it.
    """
    if not (reading.title.text.strip() or reading.text.text.strip()):
        return None, 0.0
    if reading.language == "vi":
        return _domestic(Mentions.of(reading), foreignness)
    if not reading.mentions:
        return "none", 0.9
    if model is None:
        return _by_rule(Mentions.of(reading))
    probabilities = model.probabilities(features(reading))
    best = max(probabilities)
    return RELEVANCE[probabilities.index(best)], best


def _by_rule(found: Mentions) -> tuple[Relevance, float]:
    """Without a model: where it is named counts most, then how often."""
    score = 1.6 * min(found.title, 2) + 0.6 * min(found.lead, 3) + 0.5 * math.log1p(found.total)
    score += 0.5 * min(found.density, 3.0)
    if score >= 2.4:
        return "central", min(0.95, 0.5 + 0.1 * (score - 2.4))
    return ("substantial", 0.5) if score >= 1.9 else ("passing", min(0.9, 0.5 + 0.2 * (1.9 - score)))


def _domestic(found: Mentions, foreignness: float) -> tuple[Relevance, float]:
    """A Vietnamese text is about Vietnam unless it is plainly about elsewhere."""
    if foreignness < FOREIGN or found.title or found.density >= 1.0:
        return "central", max(0.5, 1.0 - foreignness)
    if found.total == 0:
        return "none", foreignness
    return ("substantial" if found.lead else "passing"), 0.5
