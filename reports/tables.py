"""The tables of the summary: for each dimension its counts, their shares, and where their articles are listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reports.anchors import anchor
from reports.interval import Share, share
from reports.words import (
    RELEVANCE,
    SCOPES,
    TONES,
    WEEKDAYS,
    Text,
    country_name,
    day_text,
    language_name,
)
from store.figures import Figures


@dataclass(frozen=True)
class Row:
    """One line of a table. `place` is the id of the list of its articles; None when there are none."""

    key: str
    name: Text
    share: Share
    place: str | None


@dataclass(frozen=True)
class Table:
    """Counts by one dimension; `base` says what the shares are of."""

    id: str
    title: Text
    base: Text
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class CrossRow:
    """A topic with its articles about Vietnam by tone, in the order of `words.TONES`."""

    key: str
    name: Text
    cells: tuple[tuple[int, str | None], ...]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(count for count, _ in self.cells)


ALL = Text("tỷ lệ trong tổng số bài", "share of all articles")
ABOUT = Text("tỷ lệ trong số bài nói về Việt Nam", "share of articles about Vietnam")

# The tables in the order shown: id (a dimension of store.figures) -> title, what shares are of.
TABLES: dict[str, tuple[Text, Text]] = {
    "topic": (Text("Chủ đề", "Topics"), ALL),
    "tone": (Text("Sắc thái đối với Việt Nam", "Tone toward Vietnam"), ABOUT),
    "relevance": (Text("Mức độ liên quan đến Việt Nam", "How far it is about Vietnam"), ALL),
    "language": (Text("Ngôn ngữ", "Languages"), ALL),
    "country": (Text("Nước, vùng lãnh thổ của cơ quan báo chí", "Country of the outlet"), ALL),
    "scope": (Text("Loại cơ quan báo chí", "Kind of outlet"), ALL),
    "day": (Text("Theo ngày", "By day"), ALL),
}


def make_tables(figures: Figures, topics: Mapping[str, Text], days: tuple[date, ...]) -> dict[str, Table]:
    """Every table, by id; `topics` maps topic ids to their names, in order."""
    known: dict[str, Mapping[str, Text]] = {
        "topic": topics,
        "tone": TONES,
        "relevance": RELEVANCE,
        "scope": SCOPES,
        "day": {day.isoformat(): _day_name(day) for day in days},
    }
    return {
        name: Table(name, title, base, _rows(figures, name, known.get(name), base))
        for name, (title, base) in TABLES.items()
    }


def outlet_rows(figures: Figures) -> tuple[Row, ...]:
    """Every outlet with its number of articles."""
    names = {article.outlet: Text(article.outlet_vi, article.outlet_en) for article in figures.articles}
    total = figures.totals.articles
    return tuple(
        Row(key, names[key], share(count, total), anchor("outlet", key))
        for key, count in figures.counts["outlet"].items()
    )


def cross_table(figures: Figures, topics: Mapping[str, Text]) -> tuple[CrossRow, ...]:
    """Topic by tone, of articles about Vietnam; topics without any are left out."""
    rows = []
    for topic, name in topics.items():
        counted = figures.topic_tones.get(topic, {})
        if counted:
            cells = [(counted.get(tone, 0), anchor("topic", topic, "tone", tone)) for tone in TONES]
            rows.append(CrossRow(topic, name, tuple((count, place if count else None) for count, place in cells)))
    return tuple(rows)


def _rows(figures: Figures, name: str, known: Mapping[str, Text] | None, base: Text) -> tuple[Row, ...]:
    counts = figures.counts[name]
    of = figures.totals.about if base is ABOUT else figures.totals.articles
    if known is None:
        naming = language_name if name == "language" else country_name
        keys = {key: naming(key) for key in counts}
    elif name == "topic":
        keys = {key: known.get(key, Text(key, key)) for key in counts}  # most first
    else:
        keys = {**known, **{key: Text(key, key) for key in counts if key not in known}}  # in their own order, zeros too
    return tuple(
        Row(key, words, share(counts.get(key, 0), of), anchor(name, key) if key in counts else None)
        for key, words in keys.items()
    )


def _day_name(day: date) -> Text:
    words = WEEKDAYS[day.weekday()]
    return Text(f"{words.vi} {day_text(day)}", f"{words.en}")
