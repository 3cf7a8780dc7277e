"""Where and how often a text names Vietnam, and other countries beside it, as numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from classify.text.lexicons import ABROAD
from classify.text.reading import Place, Reading, is_dense

NAMES = (
    "in title", "twice in title", "place in title", "in lead", "times in lead", "log mentions", "density",
    "root density", "first mention", "headline only", "log length", "never", "title then text", "different",
    "abroad in title", "abroad in lead", "log abroad", "different abroad", "share in title", "share in lead", "share",
    "share different", "before abroad", "abroad only", "vietnamese text", "vietnamese, never", "vietnamese, share",
    "vietnamese, abroad in title", "vietnamese, title not abroad",
)  # fmt: skip


@dataclass(frozen=True)
class Mentions:
    """Counts of one kind of mention; `density` is mentions per 100 words or so (500 characters; 200 where dense).

    `first` and `place_in_title` run from 0 (the beginning) to 1 (nowhere); `different` counts different terms.
    """

    title: int
    lead: int
    total: int
    different: int
    density: float
    first: float
    place_in_title: float

    @classmethod
    def of(cls, reading: Reading, places: Iterable[Place]) -> "Mentions":
        """Count `places` of a reading."""
        found = tuple(places)
        body = [place.hit.start for place in found if place.field == "text"]
        title = [place.hit.start for place in found if place.field == "title"]
        unit = 200 if is_dense(reading.language) else 500
        length = max(reading.text_length + reading.title_length, unit)
        return cls(
            title=len(title),
            lead=sum(start < reading.lead_end for start in body),
            total=len(found),
            different=len({place.hit.term for place in found}),
            density=len(found) * unit / length,
            first=min(body) / max(1, reading.text_length) if body else 1.0,
            place_in_title=min(title) / max(1, reading.title_length) if title else 1.0,
        )


def mention_numbers(reading: Reading) -> tuple[float, ...]:
    """The numbers named by NAMES, most of them between 0 and 4."""
    here, abroad = Mentions.of(reading, reading.mentions), Mentions.of(reading, reading.tagged(ABROAD))
    density = min(here.density, 4.0)
    native = float(reading.language == "vi")
    share = _share(here.total, abroad.total)
    return (
        float(here.title > 0),
        float(here.title > 1),
        here.place_in_title,
        float(here.lead > 0),
        float(min(here.lead, 4)),
        math.log1p(here.total),
        density,
        math.sqrt(density),
        here.first,
        float(reading.text_length < 60),
        math.log1p(reading.text_length) / 10,
        float(here.total == 0),
        math.log1p(here.total - here.title) if here.title else 0.0,
        math.log1p(here.different),
        float(min(abroad.title, 3)),
        float(min(abroad.lead, 4)),
        math.log1p(abroad.total),
        math.log1p(abroad.different),
        _share(here.title, abroad.title),
        _share(here.lead, abroad.lead),
        share,
        _share(here.different, abroad.different),
        float(here.first < abroad.first),
        float(here.total == 0 and abroad.total > 0),
        native,
        native * float(here.total == 0),
        native * share,
        native * float(min(abroad.title, 2)),
        native * float(abroad.title == 0),
    )


def _share(here: int, abroad: int) -> float:
    """The share of Vietnam among all named; one half when nothing is named."""
    return (here + 0.5) / (here + abroad + 1.0)
