"""What picking articles for labelling needs to know: which there are to pick from, and what was labelled so far."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from store.content import ArticleRow, CopyRow, PredictionRow
from store.figures import AUDIT
from store.reviewing import FlagRow, LabelRow

LEARNING = "learning"  # the rule of these flags; figures and accuracy are estimated from `AUDIT` alone


@dataclass(frozen=True)
class Candidate:
    """An article that nobody labelled yet, with what the machine says of it."""

    id: int
    outlet: str
    language: str
    story: int | None
    relevance: str | None
    topics: tuple[str, ...]
    tone: str | None
    scores: Mapping[str, float]

    @property
    def primary(self) -> str:
        """The primary topic; empty when the machine names none."""
        return self.topics[0] if self.topics else ""


@dataclass(frozen=True)
class Labelled:
    """How many articles have a label, by each of its topics, its tone and its language."""

    topic: Counter[str]
    tone: Counter[str]
    language: Counter[str]


def read_candidates(session: Session, since: datetime, until: datetime) -> tuple[Candidate, ...]:
    """The articles to pick from, published from `since` to `until`, the newest first.

    Left out: what was labelled or picked before, copies, other articles of a story that one was picked from, and the
    audit: it is read anyway, and were its doubtful articles picked, they would be read before the others, so that those
    of the sample that have a verdict were no random ones any more.
    """
    labelled = select(LabelRow.id).where(LabelRow.article_id == ArticleRow.id).exists()
    flagged = select(FlagRow.id).where(FlagRow.article_id == ArticleRow.id, FlagRow.rule.in_((AUDIT, LEARNING)))
    copied = select(CopyRow.article_id).where(CopyRow.article_id == ArticleRow.id).exists()
    columns = (
        ArticleRow.id, ArticleRow.source_id, ArticleRow.language, ArticleRow.story_id, PredictionRow.relevance,
        PredictionRow.topics, PredictionRow.tone, PredictionRow.scores,
    )  # fmt: skip
    query = select(*columns).join(PredictionRow.article).where(PredictionRow.current)
    query = query.where(PredictionRow.revision == ArticleRow.revision, ArticleRow.withdrawn_at.is_(None))
    query = query.where(ArticleRow.sorted_at >= since, ArticleRow.sorted_at <= until)
    query = query.where(~labelled, ~flagged.exists(), ~copied, or_(ArticleRow.story_id.is_(None), ~_told()))
    rows = session.execute(query.order_by(ArticleRow.sorted_at.desc(), ArticleRow.id.desc()))
    return tuple(
        Candidate(
            id=row.id, outlet=row.source_id, language=row.language, story=row.story_id, relevance=row.relevance,
            topics=tuple(row.topics), tone=row.tone, scores=row.scores,
        )
        for row in rows
    )  # fmt: skip


def read_labelled(session: Session) -> Labelled:
    """Counts of what people said, by the newest label of each field that nobody took back."""
    undoing = aliased(LabelRow)
    undone = select(undoing.id).where(undoing.undoes_id == LabelRow.id).exists()
    columns = (LabelRow.article_id, LabelRow.field, LabelRow.value, ArticleRow.language)
    query = select(*columns).join(ArticleRow, ArticleRow.id == LabelRow.article_id)
    query = query.where(LabelRow.undoes_id.is_(None), ~undone, LabelRow.field.in_(("relevance", "topics", "tone")))
    said: dict[tuple[int, str], Any] = {}
    languages: dict[int, str] = {}
    for row in session.execute(query.order_by(LabelRow.id)):
        said[row.article_id, row.field] = row.value
        languages[row.article_id] = row.language
    return Labelled(
        topic=Counter(topic for (_, field), value in said.items() if field == "topics" for topic in value or ()),
        tone=Counter(value for (_, field), value in said.items() if field == "tone" and value),
        language=Counter(languages.values()),
    )


def count_picked(session: Session, since: datetime) -> tuple[int, int]:
    """How many articles were picked since a moment, and how many of all picked ones nobody has read yet."""
    picked = select(func.count()).select_from(FlagRow).where(FlagRow.rule == LEARNING)
    recent = session.scalar(picked.where(FlagRow.raised_at >= since)) or 0
    return recent, session.scalar(picked.where(FlagRow.closed_at.is_(None))) or 0


def _told() -> Any:
    """The article's story has one that was picked."""
    other = aliased(ArticleRow)
    query = select(FlagRow.id).join(other, other.id == FlagRow.article_id).where(FlagRow.rule == LEARNING)
    return query.where(other.story_id == ArticleRow.story_id).correlate(ArticleRow).exists()
