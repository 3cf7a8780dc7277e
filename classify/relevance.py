"""How far a text is about Vietnam: where and how often it names the country, its places and people."""

import math
from dataclasses import dataclass

from classify.reading import Reading, is_dense
from classify.types import Relevance


@dataclass(frozen=True)
class Mentions:
    """Counts behind the judgement; `density` is mentions per 100 words or so (500 characters; 200 where dense)."""

    title: int
    lead: int
    total: int
    density: float
    first: float

    @classmethod
    def of(cls, reading: Reading) -> "Mentions":
        """Count the mentions of a reading; `first` is where in the text the first stands, from 0 to 1 (1 = nowhere)."""
        body = [place.hit.start for place in reading.mentions if place.field == "text"]
        title = len(reading.mentions) - len(body)
        unit = 200 if is_dense(reading.language) else 500
        length = max(reading.text_length + reading.title_length, unit)
        return cls(
            title=title,
            lead=sum(start < reading.lead_end for start in body),
            total=len(reading.mentions),
            density=len(reading.mentions) * unit / length,
            first=min(body) / max(1, reading.text_length) if body else 1.0,
        )


def judge(reading: Reading, foreignness: float) -> tuple[Relevance | None, float]:
    """Relevance and a confidence from 0 to 1; None for an empty document.

    `foreignness` (0 to 1) is how much a Vietnamese text speaks of the world outside; other languages ignore it.
    """
    if reading.title_length + reading.text_length == 0:
        return None, 0.0
    found = Mentions.of(reading)
    if reading.language == "vi":
        return _domestic(found, foreignness)
    return _foreign(found)


def _foreign(found: Mentions) -> tuple[Relevance, float]:
    if found.total == 0:
        return "none", 0.9
    score = (
        1.6 * min(found.title, 2)
        + 0.6 * min(found.lead, 3)
        + 0.5 * math.log1p(found.total)
        + 0.5 * min(found.density, 3)
    )
    if score >= 3.0:
        return "central", min(0.95, 0.5 + 0.1 * (score - 3.0))
    if score >= 1.9:
        return "substantial", 0.5
    return "passing", min(0.9, 0.5 + 0.2 * (1.9 - score))


def _domestic(found: Mentions, foreignness: float) -> tuple[Relevance, float]:
    """A Vietnamese text is about Vietnam unless it is plainly about elsewhere."""
    if foreignness < 0.5 or found.title or found.density >= 1.0:
        return "central", max(0.5, 1.0 - foreignness)
    if found.total == 0:
        return "none", foreignness
    if found.lead:
        return "substantial", 0.5
    return "passing", 0.5
