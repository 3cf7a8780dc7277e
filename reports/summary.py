"""The weekly summary, assembled: everything a format shows, and nothing about how it shows it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from reports.anchors import anchor
from reports.appendix import Entry, IndexLine, TopicGroup, index_line, list_articles, make_entry
from reports.doubts import Checks, Knowledge, list_doubts, make_checks
from reports.opening import write_opening
from reports.quotes import quote
from reports.tables import CrossRow, Row, Table, cross_table, make_tables, outlet_rows
from reports.week import Week
from reports.words import UNSORTED_TOPIC, Text, clean
from store.figures import DIMENSIONS, UNSORTED, ArticleFact, Figures, read_figures, read_toned_texts


@dataclass(frozen=True)
class KeyFigure:
    """A number at the head of the summary; `place` is where its articles are listed, `before` last week's."""

    id: str
    name: Text
    count: int
    before: int
    place: str | None


@dataclass(frozen=True)
class Story:
    """An event: its title, its outlets with the number of articles each, and the numbers of those in the appendix."""

    title: str
    articles: int
    copies: int
    outlets: tuple[tuple[Text, Text, int], ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class WeeklySummary:
    """One week. `partial`: it was not over when this was made. `models`: version -> articles tagged."""

    week: Week
    generated_at: datetime
    partial: bool
    program: str
    models: tuple[tuple[str, int], ...]
    figures: Figures
    opening: tuple[Text, ...]
    keys: tuple[KeyFigure, ...]
    tables: dict[str, Table]
    cross: tuple[CrossRow, ...]
    stories: tuple[Story, ...]
    doubts: tuple[IndexLine, ...]
    checks: Checks
    groups: tuple[TopicGroup, ...]
    index: tuple[tuple[Text, tuple[IndexLine, ...]], ...]
    withdrawn: tuple[Entry, ...]


# Key figures that lead to a list of their own: id -> name, which articles.
LISTED: dict[str, tuple[Text, Callable[[ArticleFact], bool]]] = {
    "about": (Text("Nói về Việt Nam", "About Vietnam"), lambda article: article.about),
    "copies": (Text("Trong đó bản đăng lại", "Of which copies"), lambda article: article.copy),
    "revised": (Text("Đã sửa sau khi đăng", "Revised"), lambda article: article.revised),
    "undated": (Text("Không ghi ngày", "Undated"), lambda article: not article.dated),
    "flagged": (Text("Có cờ cần xem", "Flagged"), lambda article: bool(article.flags)),
    "reviewed": (Text("Người đã xem", "Reviewed by people"), lambda article: article.verdict is not None),
}
# The key figures in the order shown; those not in LISTED lead to a part of the summary.
KEYS: dict[str, tuple[Text, str]] = {
    "articles": (Text("Bài", "Articles"), "appendix"),
    "about": (LISTED["about"][0], ""),
    "outlets": (Text("Cơ quan báo chí", "Outlets"), "outlets"),
    "countries": (Text("Nước, vùng lãnh thổ", "Countries"), "table-country"),
    "languages": (Text("Ngôn ngữ", "Languages"), "table-language"),
    "copies": (LISTED["copies"][0], ""),
    "revised": (LISTED["revised"][0], ""),
    "withdrawn": (Text("Đã gỡ (không tính ở trên)", "Withdrawn (not counted)"), "withdrawn"),
    "undated": (LISTED["undated"][0], ""),
    "flagged": (LISTED["flagged"][0], ""),
    "reviewed": (LISTED["reviewed"][0], ""),
}
OUTLETS = Text("Cơ quan báo chí", "Outlets")


def assemble(
    session: Session,
    week: Week,
    generated_at: datetime,
    topics: Mapping[str, Text],
    knowledge: Knowledge,
    program: str,
) -> WeeklySummary:
    """The summary of a week; `topics` maps topic ids to names, in the order of the taxonomy."""
    figures = read_figures(session, week.since, week.until)
    names = _all_topics(topics, figures)
    quotes = {
        toned.article: found for toned in read_toned_texts(session, week.since, week.until) if (found := quote(toned))
    }
    groups = list_articles(figures.articles, names, quotes)
    listed = {entry.id: entry for group in groups for tone in group.tones for entry in tone.entries}
    numbers = {key: entry.number for key, entry in listed.items()}
    tables, checks = make_tables(figures, names, week.days), make_checks(figures.totals)
    return WeeklySummary(
        week=week,
        generated_at=generated_at,
        partial=generated_at < week.until,
        program=program,
        models=_models(figures.articles),
        figures=figures,
        opening=tuple(write_opening(week, figures.totals, figures.previous, tables, checks)),
        keys=_keys(figures),
        tables=tables,
        cross=cross_table(figures, names),
        stories=_stories(figures, listed),
        doubts=_doubts(figures, knowledge, numbers),
        checks=checks,
        groups=groups,
        index=_index(figures, tables, numbers),
        withdrawn=tuple(make_entry(article, 0, {}) for article in figures.withdrawn),
    )


def _all_topics(topics: Mapping[str, Text], figures: Figures) -> dict[str, Text]:
    """The taxonomy, then topics it no longer has, then the articles without one."""
    left = {key: Text(key, key) for key in sorted(figures.counts["topic"]) if key not in topics and key != UNSORTED}
    return {**topics, **left, UNSORTED: UNSORTED_TOPIC}


def _models(articles: Iterable[ArticleFact]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for article in articles:
        if article.model:
            counts[article.model] = counts.get(article.model, 0) + 1
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _keys(figures: Figures) -> tuple[KeyFigure, ...]:
    found = []
    for key, (name, place) in KEYS.items():
        count: int = getattr(figures.totals, key)
        target = place or anchor("list", key)
        found.append(KeyFigure(key, name, count, getattr(figures.previous, key), target if count else None))
    return tuple(found)


def _stories(figures: Figures, listed: Mapping[int, Entry]) -> tuple[Story, ...]:
    stories = []
    for fact in figures.stories:
        entries = [listed[article.id] for article in fact.articles]
        outlets: dict[str, tuple[Text, Text, int]] = {}
        for article, entry in zip(fact.articles, entries, strict=True):
            seen = outlets.get(article.outlet, (entry.outlet, entry.country, 0))
            outlets[article.outlet] = (*seen[:2], seen[2] + 1)
        copies = sum(article.copy for article in fact.articles)
        ordered = tuple(sorted(outlets.values(), key=lambda outlet: -outlet[2]))
        stories.append(Story(clean(fact.title), len(entries), copies, ordered, tuple(entries)))
    return tuple(stories)


def _doubts(figures: Figures, knowledge: Knowledge, numbers: Mapping[int, int]) -> tuple[IndexLine, ...]:
    return tuple(
        index_line(anchor("doubt", doubt.id), doubt.name, filter(doubt.applies, figures.articles), numbers)
        for doubt in list_doubts(knowledge)
    )


def _index(
    figures: Figures, tables: Mapping[str, Table], numbers: Mapping[int, int]
) -> tuple[tuple[Text, tuple[IndexLine, ...]], ...]:
    """What leads from the counts to the articles; topics need no line, the list itself being by topic."""
    parts: list[tuple[Text, Iterable[Row], str]] = [
        (table.title, table.rows, name) for name, table in tables.items() if name != "topic"
    ]
    parts.append((OUTLETS, outlet_rows(figures), "outlet"))
    marked = tuple(
        index_line(anchor("list", key), name, filter(applies, figures.articles), numbers)
        for key, (name, applies) in LISTED.items()
    )
    sections = [(Text("Số liệu chính", "Key figures"), tuple(line for line in marked if line.count))]
    for title, rows, name in parts:
        found: dict[str | None, list[ArticleFact]] = defaultdict(list)
        for article in figures.articles:
            found[DIMENSIONS[name](article)].append(article)
        lines = [index_line(row.place, row.name, found[row.key], numbers) for row in rows if row.place]
        sections.append((title, tuple(lines)))
    return tuple((title, lines) for title, lines in sections if lines)
