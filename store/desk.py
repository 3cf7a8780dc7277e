"""What the desk reads: the queue of articles with open flags, and one article with everything known of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, String, Subquery, and_, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from store.content import ArticleRow, CopyRow, PredictionRow, RevisionRow
from store.labels import effective_labels, label_history
from store.reviewing import FlagRow, LabelRow
from store.storydesk import Brief, Origin, read_briefs, read_origins

Order = Literal["newest", "flags"]
MOST_COPIES = 50


@dataclass(frozen=True)
class QueueFilter:
    """Which flagged articles, and in what order: the newest first, or those with the most flags. Empty = any."""

    rule: str = ""
    language: str = ""
    topic: str = ""
    order: Order = "newest"


@dataclass(frozen=True)
class QueueItem:
    """An article of the queue, with its source loaded, its open flags and what the machine says of it."""

    article: ArticleRow
    flags: tuple[FlagRow, ...]
    prediction: PredictionRow | None


@dataclass(frozen=True)
class Queue:
    """One page of the queue; `total` counts all pages."""

    items: tuple[QueueItem, ...]
    total: int


@dataclass(frozen=True)
class Copy:
    """An article of the same text; `similarity` is None for the original."""

    article: ArticleRow
    similarity: float | None


@dataclass(frozen=True)
class ArticleView:
    """One article, with its source and page loaded; `flags` open ones first, `history` newest label first."""

    article: ArticleRow
    prediction: PredictionRow | None
    flags: tuple[FlagRow, ...]
    labels: dict[str, LabelRow]
    history: tuple[LabelRow, ...]
    copies: tuple[Copy, ...]
    revisions: tuple[RevisionRow, ...]
    origin: Origin
    story: Brief | None


def read_queue(session: Session, wanted: QueueFilter, *, offset: int = 0, limit: int = 50) -> Queue:
    """A page of the queue."""
    counted = _open_flags()
    ids = _matching(wanted, counted)
    total = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    order = [column.desc() for column in _order(wanted, counted)]
    page = list(session.scalars(ids.order_by(*order).offset(offset).limit(limit)))
    return Queue(_items(session, page), total)


def count_by(session: Session, what: Literal["rule", "language"]) -> dict[str, int]:
    """How many flagged articles each rule, or each language, has: the most first."""
    column = FlagRow.rule if what == "rule" else ArticleRow.language
    articles = func.count(FlagRow.article_id.distinct())
    query = select(column, articles).join(ArticleRow, ArticleRow.id == FlagRow.article_id)
    query = query.where(FlagRow.closed_at.is_(None)).group_by(column).order_by(articles.desc(), column)
    return {name: count for name, count in session.execute(query)}  # noqa: C416 - a Row is not a pair to mypy


def neighbours(session: Session, wanted: QueueFilter, article_id: int) -> tuple[int | None, int | None]:
    """The articles before and after this one in the queue, whether or not it still is in it itself."""
    counted = _open_flags()
    columns = _order(wanted, counted)
    own = select(*columns).select_from(ArticleRow).outerjoin(counted, counted.c.article_id == ArticleRow.id)
    here = session.execute(own.where(ArticleRow.id == article_id)).one_or_none()
    if here is None:
        return None, None
    query = _matching(wanted, counted).limit(1)
    before = query.where(_beyond(columns, here, after=False)).order_by(*[column.asc() for column in columns])
    after = query.where(_beyond(columns, here, after=True)).order_by(*[column.desc() for column in columns])
    return session.scalar(before), session.scalar(after)


def read_article(session: Session, article_id: int, *, lock: bool = False) -> ArticleView | None:
    """One article with everything known of it; `lock` holds off other verdicts on it until the transaction ends."""
    # On its own: PostgreSQL cannot lock the far side of an outer join. SQLite's writers already take turns.
    if lock:
        session.execute(select(ArticleRow.id).where(ArticleRow.id == article_id).with_for_update())
    query = select(ArticleRow).where(ArticleRow.id == article_id)
    query = query.options(joinedload(ArticleRow.source), joinedload(ArticleRow.page))
    article = session.scalars(query).one_or_none()
    if article is None:
        return None
    flags = session.scalars(select(FlagRow).where(FlagRow.article_id == article_id).order_by(FlagRow.id)).all()
    revisions = select(RevisionRow).where(RevisionRow.article_id == article_id).order_by(RevisionRow.number.desc())
    return ArticleView(
        article=article,
        prediction=_predictions(session, [article_id]).get(article_id),
        flags=tuple(sorted(flags, key=lambda flag: flag.closed_at is not None)),
        labels=effective_labels(session, [article_id]).get(article_id, {}),
        history=tuple(label_history(session, article_id)),
        copies=_copies(session, article_id),
        revisions=tuple(session.scalars(revisions)),
        origin=read_origins(session, [article_id])[article_id],
        story=read_briefs(session, [article.story_id]).get(article.story_id) if article.story_id else None,
    )


def _open_flags() -> Subquery:
    query = select(FlagRow.article_id, func.count().label("flags")).where(FlagRow.closed_at.is_(None))
    return query.group_by(FlagRow.article_id).subquery()


def _matching(wanted: QueueFilter, counted: Subquery) -> Select[int]:
    query = select(ArticleRow.id).join(counted, counted.c.article_id == ArticleRow.id)
    if wanted.rule:
        flag = select(FlagRow.id).where(FlagRow.article_id == ArticleRow.id, FlagRow.rule == wanted.rule)
        query = query.where(flag.where(FlagRow.closed_at.is_(None)).exists())
    if wanted.language:
        query = query.where(ArticleRow.language == wanted.language)
    if wanted.topic:
        # The list as text: the one way to look into JSON that both databases share.
        named = cast(PredictionRow.topics, String).contains(f'"{wanted.topic}"', autoescape=True)
        said = select(PredictionRow.id).where(PredictionRow.article_id == ArticleRow.id, PredictionRow.current, named)
        query = query.where(said.exists())
    return query


def _order(wanted: QueueFilter, counted: Subquery) -> list[ColumnElement[Any]]:
    """The columns that order the queue, each from high to low; the id makes the order total."""
    columns: list[Any] = [ArticleRow.sorted_at, ArticleRow.id]
    return [func.coalesce(counted.c.flags, 0), *columns] if wanted.order == "flags" else columns


def _beyond(columns: Sequence[ColumnElement[Any]], here: Row[Any], *, after: bool) -> ColumnElement[bool]:
    """What comes after (or before) `here`, comparing column by column."""
    steps = []
    for place, (column, value) in enumerate(zip(columns, here, strict=True)):
        same = [earlier == known for earlier, known in zip(columns[:place], here[:place], strict=True)]
        steps.append(and_(*same, column < value if after else column > value))
    return or_(*steps)


def _items(session: Session, ids: Sequence[int]) -> tuple[QueueItem, ...]:
    query = select(ArticleRow).where(ArticleRow.id.in_(ids)).options(joinedload(ArticleRow.source))
    articles = {article.id: article for article in session.scalars(query)}
    flags: dict[int, list[FlagRow]] = {}
    raised = select(FlagRow).where(FlagRow.article_id.in_(ids), FlagRow.closed_at.is_(None)).order_by(FlagRow.id)
    for flag in session.scalars(raised):
        flags.setdefault(flag.article_id, []).append(flag)
    predictions = _predictions(session, ids)
    return tuple(QueueItem(articles[key], tuple(flags[key]), predictions.get(key)) for key in ids)


def _predictions(session: Session, ids: Sequence[int]) -> dict[int, PredictionRow]:
    query = select(PredictionRow).where(PredictionRow.article_id.in_(ids), PredictionRow.current)
    return {row.article_id: row for row in session.scalars(query.order_by(PredictionRow.id))}


def _copies(session: Session, article_id: int) -> tuple[Copy, ...]:
    known = session.scalar(select(CopyRow.original_id).where(CopyRow.article_id == article_id))
    original = known or article_id
    query = select(ArticleRow, CopyRow.similarity).outerjoin(CopyRow, CopyRow.article_id == ArticleRow.id)
    same = or_(CopyRow.original_id == original, ArticleRow.id == original)
    query = query.where(same, ArticleRow.id != article_id).options(joinedload(ArticleRow.source))
    query = query.order_by(ArticleRow.sorted_at, ArticleRow.id).limit(MOST_COPIES)
    return tuple(Copy(article, None if article.id == original else similarity) for article, similarity in
                 session.execute(query))  # fmt: skip
