"""What came in during a stretch of time and what was said of it, to be held against another stretch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from store.acts import Act, read_acts
from store.content import ArticleRow, PredictionRow
from store.crawling import SourceRow
from store.figures import AUDIT
from store.labels import TONE_ASKED
from store.reviewing import FlagRow

MOST = 3_000  # articles read of a stretch of time: figures of more are no surer, for it is outlets and events that vary
BATCH = 500  # audited articles read at once


@dataclass(frozen=True)
class Seen:
    """An article as the watch sees it. `score` is its best topic's; `model` None: not judged."""

    at: datetime
    language: str
    country: str
    length: int
    model: str | None
    relevance: str | None
    topic: str | None
    tone: str | None
    score: float


@dataclass(frozen=True)
class Judged:
    """Where a person kept what the machine had said of an audited article; None where the question was not asked."""

    relevance: bool
    topic: bool | None
    tone: bool | None


def read_seen(session: Session, since: datetime, until: datetime, most: int = MOST) -> tuple[int, list[Seen]]:
    """How many articles are of that time, and at most about `most` of them, evenly taken."""
    inside = _inside(since, until)
    count = session.scalar(select(func.count()).select_from(ArticleRow).where(inside)) or 0
    step = -(-count // most) or 1
    length = (func.length(ArticleRow.lead) + func.length(ArticleRow.body)).label("length")
    columns = (
        ArticleRow.sorted_at, ArticleRow.language, SourceRow.country, length, PredictionRow.model,
        PredictionRow.relevance, PredictionRow.primary_topic, PredictionRow.tone, PredictionRow.scores,
    )  # fmt: skip
    query = select(*columns).select_from(ArticleRow).join(ArticleRow.source)
    said = (PredictionRow.article_id == ArticleRow.id) & PredictionRow.current
    query = query.outerjoin(PredictionRow, said).where(inside, ArticleRow.id % step == 0)
    return count, [
        Seen(
            at=row.sorted_at, language=row.language, country=row.country, length=row.length, model=row.model,
            relevance=row.relevance, topic=row.primary_topic, tone=row.tone, score=_best(row.scores),
        )
        for row in session.execute(query)
    ]  # fmt: skip


def read_audited(session: Session, since: datetime, until: datetime) -> list[Judged]:
    """The random sample of that time, as far as it has verdicts that answer the questions; the newest verdict counts.

    No other flagged article is in it, whatever was said of it: each of the other rules looks for the doubtful.
    """
    query = select(FlagRow.article_id).join(FlagRow.article).where(FlagRow.rule == AUDIT, _inside(since, until))
    ids = session.scalars(query.order_by(FlagRow.article_id)).all()
    return [one for first in range(0, len(ids), BATCH) for one in _judged(session, ids[first : first + BATCH])]


def _judged(session: Session, ids: Sequence[int]) -> list[Judged]:
    acts = {key: given[-1] for key, given in read_acts(session, ids).items()}
    rows = select(PredictionRow).where(PredictionRow.article_id.in_(acts)).order_by(PredictionRow.id)
    before: dict[int, PredictionRow] = {}
    for row in session.scalars(rows):  # the newest word of the machine when the person spoke, on the text they read
        act = acts[row.article_id]
        if row.revision == act.revision and row.created_at <= act.made_at:
            before[row.article_id] = row
    return [_judge(acts[key], row) for key, row in before.items() if acts[key].relevance is not None]


def _judge(act: Act, said: PredictionRow) -> Judged:
    topics = act.topics
    return Judged(
        relevance=act.relevance == said.relevance,
        topic=None if topics is None else (topics[0] if topics else None) == said.primary_topic,
        tone=act.tone == said.tone if act.relevance in TONE_ASKED else None,
    )


def _inside(since: datetime, until: datetime) -> ColumnElement[bool]:
    # By the article's own time, which is indexed: an old article fetched today says nothing of today.
    return (ArticleRow.sorted_at >= since) & (ArticleRow.sorted_at < until)


def _best(scores: Mapping[str, float] | None) -> float:
    return max((score for key, score in (scores or {}).items() if key.startswith("topic:")), default=0.0)
