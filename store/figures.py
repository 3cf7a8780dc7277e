"""The figures of a stretch of time: which articles are in it, and how many there are of what.

Every count is made from one list of articles, so that a count and the list it leads to cannot disagree.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from store.content import ArticleRow, CopyRow, PredictionRow, StoryRow, full_text
from store.crawling import SourceRow
from store.reviewing import FlagRow, LabelRow

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
ABOUT = ("central", "substantial")  # tone is asked of these articles only
UNSORTED = "unsorted"  # the machine named no topic
UNJUDGED = "unjudged"  # no prediction, or an empty text
UNCLEAR = "unclear"
CONFIRMED = "confirmed"
AUDIT = "audit"


@dataclass(frozen=True)
class ArticleFact:
    """An article as the figures see it, without text. `at` is UTC; `confidence` the topic's; `verdict` a person's.

    `unmeasured` names the questions whose answers were never measured in its language.
    """

    id: int
    title: str
    url: str
    outlet: str
    outlet_vi: str
    outlet_en: str
    country: str
    scope: str
    language: str
    at: datetime
    dated: bool
    revised: bool
    withdrawn: bool
    copy: bool
    story: int | None
    relevance: str
    topic: str
    tone: str | None
    confidence: float | None
    model: str | None
    flags: frozenset[str]
    verdict: str | None
    unmeasured: frozenset[str] = frozenset()

    @property
    def day(self) -> str:
        """The date in Vietnam, ISO 8601."""
        return self.at.astimezone(LOCAL).date().isoformat()

    @property
    def about(self) -> bool:
        """Vietnam is central or substantial in it."""
        return self.relevance in ABOUT


@dataclass(frozen=True)
class Totals:
    """Numbers of articles, but for outlets, countries and languages. `withdrawn` is in none of the others."""

    articles: int
    about: int
    outlets: int
    countries: int
    languages: int
    copies: int
    revised: int
    withdrawn: int
    undated: int
    flagged: int
    reviewed: int
    confirmed: int
    audited: int
    audit_reviewed: int
    audit_confirmed: int


@dataclass(frozen=True)
class StoryFact:
    """An event and its articles within the stretch of time."""

    id: int
    title: str
    articles: tuple[ArticleFact, ...]

    @property
    def outlets(self) -> tuple[str, ...]:
        """Who wrote of it, each once, the first to do so first."""
        return tuple(dict.fromkeys(article.outlet for article in self.articles))


@dataclass(frozen=True)
class Figures:
    """`counts`: dimension -> key -> articles, most first; `topic_tones`: topic -> tone -> articles about Vietnam."""

    articles: tuple[ArticleFact, ...]
    withdrawn: tuple[ArticleFact, ...]
    totals: Totals
    previous: Totals
    counts: dict[str, dict[str, int]]
    topic_tones: dict[str, dict[str, int]]
    stories: tuple[StoryFact, ...]


@dataclass(frozen=True)
class TonedText:
    """A text whose tone is not neutral, with the spans (`classify.types.Span` as dicts) that made it so."""

    article: int
    title: str
    text: str
    evidence: tuple[dict[str, Any], ...]


# What articles are counted by; None = the article is not asked this.
DIMENSIONS: dict[str, Callable[[ArticleFact], str | None]] = {
    "topic": lambda article: article.topic,
    "tone": lambda article: article.tone if article.about else None,
    "relevance": lambda article: article.relevance,
    "language": lambda article: article.language,
    "country": lambda article: article.country,
    "scope": lambda article: article.scope,
    "outlet": lambda article: article.outlet,
    "day": lambda article: article.day,
}


def read_figures(session: Session, since: datetime, until: datetime, most_stories: int = 10) -> Figures:
    """The figures of articles sorted from `since` (included) to `until` (not), and totals of as long a time before."""
    everything = read_articles(session, since, until)
    articles = tuple(article for article in everything if not article.withdrawn)
    return Figures(
        articles=articles,
        withdrawn=tuple(article for article in everything if article.withdrawn),
        totals=count_totals(everything),
        previous=count_totals(read_articles(session, since - (until - since), since)),
        counts={name: _count(map(key, articles)) for name, key in DIMENSIONS.items()},
        topic_tones=_topic_tones(articles),
        stories=_stories(session, articles, most_stories),
    )


def read_articles(session: Session, since: datetime, until: datetime) -> tuple[ArticleFact, ...]:
    """Every article sorted from `since` to `until`, oldest first, withdrawn ones too."""
    inside = _inside(since, until)
    # Joined in Python: a second current prediction or flag of an article must not count the article twice.
    predictions = {row.article_id: row for row in session.execute(_predictions(inside))}
    flags: dict[int, set[str]] = defaultdict(set)
    for article, rule in session.execute(select(FlagRow.article_id, FlagRow.rule).join(FlagRow.article).where(inside)):
        flags[article].add(rule)
    verdicts = _verdicts(session, inside)
    return tuple(
        _fact(row, predictions.get(row.id), frozenset(flags.get(row.id, ())), verdicts.get(row.id))
        for row in session.execute(_articles(inside))
    )


def count_totals(articles: Iterable[ArticleFact]) -> Totals:
    """The totals of a list of articles."""
    everything = tuple(articles)
    kept = tuple(article for article in everything if not article.withdrawn)
    audited = [article for article in kept if AUDIT in article.flags]
    return Totals(
        articles=len(kept),
        about=sum(article.about for article in kept),
        outlets=len({article.outlet for article in kept}),
        countries=len({article.country for article in kept} - {"", "XX"}),  # XX = unknown
        languages=len({article.language for article in kept} - {"", "und"}),
        copies=sum(article.copy for article in kept),
        revised=sum(article.revised for article in kept),
        withdrawn=len(everything) - len(kept),
        undated=sum(not article.dated for article in kept),
        flagged=sum(bool(article.flags) for article in kept),
        reviewed=sum(article.verdict is not None for article in kept),
        confirmed=sum(article.verdict == CONFIRMED for article in kept),
        audited=len(audited),
        audit_reviewed=sum(article.verdict is not None for article in audited),
        audit_confirmed=sum(article.verdict == CONFIRMED for article in audited),
    )


def read_toned_texts(session: Session, since: datetime, until: datetime) -> Iterator[TonedText]:
    """The texts behind positive, negative and mixed tones, one at a time, for their evidence to be quoted."""
    query = (
        select(ArticleRow.id, ArticleRow.title, ArticleRow.lead, ArticleRow.body, PredictionRow.evidence)
        .join(PredictionRow.article)
        .where(_inside(since, until), ArticleRow.withdrawn_at.is_(None), PredictionRow.current)
        # Spans are places in the text that was judged: on a later revision they would quote something else.
        .where(PredictionRow.revision == ArticleRow.revision, PredictionRow.relevance.in_(ABOUT))
        .where(PredictionRow.tone.in_(("positive", "negative", "mixed")))
        .order_by(PredictionRow.id)
    )
    for row in session.execute(query):
        yield TonedText(
            row.id,
            row.title,
            full_text(row.lead, row.body),
            tuple(span for span in row.evidence if isinstance(span, dict)),
        )


def _inside(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(ArticleRow.sorted_at >= since, ArticleRow.sorted_at < until)


def _articles(inside: ColumnElement[bool]) -> Any:
    columns = (
        ArticleRow.id, ArticleRow.title, ArticleRow.url, ArticleRow.language, ArticleRow.sorted_at,
        ArticleRow.published_at, ArticleRow.revision, ArticleRow.withdrawn_at, ArticleRow.story_id,
        ArticleRow.source_id, SourceRow.name_vi, SourceRow.name_en, SourceRow.country, SourceRow.scope,
        CopyRow.original_id,
    )  # fmt: skip
    query = select(*columns).select_from(ArticleRow).join(ArticleRow.source)
    query = query.outerjoin(CopyRow, CopyRow.article_id == ArticleRow.id)
    return query.where(inside).order_by(ArticleRow.sorted_at, ArticleRow.id)


def _predictions(inside: ColumnElement[bool]) -> Any:
    columns = (
        PredictionRow.article_id, PredictionRow.relevance, PredictionRow.primary_topic, PredictionRow.tone,
        PredictionRow.scores, PredictionRow.model, PredictionRow.unmeasured,
    )  # fmt: skip
    query = select(*columns).join(PredictionRow.article).where(inside, PredictionRow.current)
    return query.order_by(PredictionRow.id)


def _verdicts(session: Session, inside: ColumnElement[bool]) -> dict[int, str]:
    """The last verdict on the present revision of each article that nobody took back (as `store.labels` has it)."""
    query = (
        select(LabelRow.id, LabelRow.article_id, LabelRow.value, LabelRow.undoes_id)
        .join(ArticleRow, ArticleRow.id == LabelRow.article_id)
        .where(inside, LabelRow.field == "verdict", LabelRow.revision == ArticleRow.revision)
        .order_by(LabelRow.id.desc())
    )
    undone: set[int] = set()
    found: dict[int, str] = {}
    for row in session.execute(query):
        if row.undoes_id is not None:
            undone.add(row.undoes_id)
        elif row.id not in undone:
            found.setdefault(row.article_id, str(row.value))
    return found


def _fact(row: Any, said: Any, flags: frozenset[str], verdict: str | None) -> ArticleFact:
    topic = (said.primary_topic if said else None) or UNSORTED
    relevance = (said.relevance if said else None) or UNJUDGED
    score = said.scores.get(f"topic:{topic}") if said else None
    return ArticleFact(
        id=row.id, title=row.title, url=row.url, outlet=row.source_id, outlet_vi=row.name_vi, outlet_en=row.name_en,
        country=row.country, scope=row.scope, language=row.language, at=row.sorted_at,
        dated=row.published_at is not None, revised=row.revision > 1, withdrawn=row.withdrawn_at is not None,
        copy=row.original_id is not None, story=row.story_id, relevance=relevance, topic=topic,
        tone=((said.tone or UNCLEAR) if relevance in ABOUT else None),
        confidence=float(score) if isinstance(score, int | float) else None,
        model=said.model if said else None, flags=flags, verdict=verdict,
        unmeasured=frozenset(said.unmeasured if said else ()),
    )  # fmt: skip


def _count(keys: Iterable[str | None]) -> dict[str, int]:
    counted = Counter(key for key in keys if key is not None)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _topic_tones(articles: Iterable[ArticleFact]) -> dict[str, dict[str, int]]:
    tones: dict[str, list[str | None]] = defaultdict(list)
    for article in articles:
        if article.about:
            tones[article.topic].append(article.tone)
    return {topic: _count(found) for topic, found in sorted(tones.items())}


def _stories(session: Session, articles: Iterable[ArticleFact], most: int) -> tuple[StoryFact, ...]:
    """The stories with most articles, then most outlets; one article alone is no story."""
    members: dict[int, list[ArticleFact]] = defaultdict(list)
    for article in articles:
        if article.story is not None:
            members[article.story].append(article)
    ranked = sorted(members.items(), key=lambda item: (-len(item[1]), -len({a.outlet for a in item[1]}), item[0]))
    top = dict(pair for pair in ranked[:most] if len(pair[1]) > 1)
    titles = {
        row.id: row.title for row in session.execute(select(StoryRow.id, StoryRow.title).where(StoryRow.id.in_(top)))
    }
    return tuple(StoryFact(key, titles[key], tuple(found)) for key, found in top.items() if key in titles)
