"""What the desk reads of stories: one with its articles, which repeats which, where it began, what analysts changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from store.arranging import standing
from store.content import ArticleRow, CopyRow, PredictionRow, StoryDecisionRow, StoryRow
from store.reviewing import UserRow

MOST_ACTS = 20  # each costs some look-ups, whether it can still be undone; older ones are undone by moving articles


@dataclass(frozen=True)
class Brief:
    """A story in a line. The numbers are counted anew, not those kept of it."""

    id: int
    title: str
    language: str
    articles: int
    outlets: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Origin:
    """Where an article's text comes from: the article it repeats (None = it was first), and the agency it names.

    `similarity` is to that article; `copies` counts those that repeat this one.
    """

    original: ArticleRow | None = None
    similarity: float | None = None
    copies: int = 0
    agency: str | None = None


@dataclass(frozen=True)
class Member:
    """An article of a story, with its source loaded."""

    article: ArticleRow
    prediction: PredictionRow | None
    origin: Origin


@dataclass(frozen=True)
class Act:
    """One change that an analyst made: a merge of two stories, or articles placed. `user` is a name, if known.

    `articles` are (id, title); `decision_id` names it; `standing` counts the articles that no later change has moved.
    """

    decision_id: int
    at: datetime
    user: str | None
    kind: str
    story_id: int
    from_id: int | None
    articles: tuple[tuple[int, str], ...]
    standing: int


@dataclass(frozen=True)
class StoryView:
    """A story: a page of its articles by time, its earliest article, agencies with their articles, changes."""

    brief: Brief
    members: tuple[Member, ...]
    earliest: ArticleRow
    copies: int
    agencies: tuple[tuple[str, int], ...]
    acts: tuple[Act, ...]


def read_story(session: Session, story_id: int, *, offset: int = 0, limit: int = 100) -> StoryView | None:
    """A story with everything known of it; None when there is none, or it is empty."""
    brief = read_briefs(session, [story_id]).get(story_id)
    if brief is None:
        return None
    return StoryView(
        brief=brief,
        members=_members(session, _by_time(story_id).offset(offset).limit(limit)),
        earliest=session.scalars(_by_time(story_id).limit(1)).one(),
        copies=_copies_within(session, story_id),
        agencies=_agencies(session, story_id),
        acts=_acts(session, story_id),
    )


def read_briefs(session: Session, ids: Iterable[int]) -> dict[int, Brief]:
    """The stories that have articles, by id."""
    counts = (
        select(ArticleRow.story_id, func.count(), func.count(ArticleRow.source_id.distinct()))
        .add_columns(func.min(ArticleRow.sorted_at), func.max(ArticleRow.sorted_at), func.min(ArticleRow.id))
        .where(ArticleRow.story_id.in_(list(ids)))
        .group_by(ArticleRow.story_id)
        .subquery()
    )
    # A headline's language is that of the first article kept, which gave it.
    query = select(StoryRow, ArticleRow.language, counts).join(counts, counts.c.story_id == StoryRow.id)
    query = query.join(ArticleRow, ArticleRow.id == counts.c[5])
    return {
        story.id: Brief(story.id, story.title, language, articles, outlets, first, last)
        for story, language, _, articles, outlets, first, last, _ in session.execute(query)
    }


def read_origins(session: Session, ids: Sequence[int]) -> dict[int, Origin]:
    """Where the texts of these articles come from, by id, for all of them."""
    copies = {row.article_id: row for row in session.scalars(select(CopyRow).where(CopyRow.article_id.in_(ids)))}
    wanted = {row.original_id for row in copies.values()}
    query = select(ArticleRow).where(ArticleRow.id.in_(wanted)).options(joinedload(ArticleRow.source))
    originals = {row.id: row for row in session.scalars(query)}
    counted = select(CopyRow.original_id, func.count(), func.max(CopyRow.agency)).where(CopyRow.original_id.in_(ids))
    repeated = {one: (count, agency) for one, count, agency in session.execute(counted.group_by(CopyRow.original_id))}
    named = select(ArticleRow.id, ArticleRow.agency).where(ArticleRow.id.in_(ids))
    found = {}
    for one, own in session.execute(named):
        copy, (count, chain) = copies.get(one), repeated.get(one, (0, None))
        if copy is not None:
            found[one] = Origin(originals[copy.original_id], copy.similarity, count, copy.agency or own)
        else:
            found[one] = Origin(copies=count, agency=chain or own)
    return found


def _by_time(story_id: int) -> Select[ArticleRow]:
    query = select(ArticleRow).where(ArticleRow.story_id == story_id).options(joinedload(ArticleRow.source))
    return query.order_by(ArticleRow.sorted_at, ArticleRow.id)


def _members(session: Session, query: Select[ArticleRow]) -> tuple[Member, ...]:
    rows = list(session.scalars(query))
    ids = [row.id for row in rows]
    said = select(PredictionRow).where(PredictionRow.article_id.in_(ids), PredictionRow.current)
    predictions = {row.article_id: row for row in session.scalars(said.order_by(PredictionRow.id))}
    origins = read_origins(session, ids)
    return tuple(Member(row, predictions.get(row.id), origins[row.id]) for row in rows)


def _copies_within(session: Session, story_id: int) -> int:
    query = select(func.count()).select_from(ArticleRow).join(CopyRow, CopyRow.article_id == ArticleRow.id)
    return session.scalar(query.where(ArticleRow.story_id == story_id)) or 0


def _agencies(session: Session, story_id: int) -> tuple[tuple[str, int], ...]:
    """The agencies that its articles, or the originals they repeat, name: most articles first."""
    name, number = func.coalesce(CopyRow.agency, ArticleRow.agency), func.count()
    query = select(name, number).select_from(ArticleRow).outerjoin(CopyRow, CopyRow.article_id == ArticleRow.id)
    query = query.where(ArticleRow.story_id == story_id, name.is_not(None))
    return tuple(
        (agency, count) for agency, count in session.execute(query.group_by(name).order_by(number.desc(), name))
    )


def read_act(session: Session, decision_id: int, story_id: int) -> Act | None:
    """A change that touched this story; None when it is none, or of other stories."""
    row = session.get(StoryDecisionRow, decision_id)
    if row is None or story_id not in (row.story_id, row.from_id):
        return None
    same = and_(StoryDecisionRow.at == row.at, StoryDecisionRow.story_id == row.story_id)
    return next(iter(_grouped(session, select(StoryDecisionRow).where(same))), None)


def _acts(session: Session, story_id: int) -> tuple[Act, ...]:
    touched = or_(StoryDecisionRow.story_id == story_id, StoryDecisionRow.from_id == story_id)
    return _grouped(session, select(StoryDecisionRow).where(touched))


def _grouped(session: Session, query: Select[StoryDecisionRow]) -> tuple[Act, ...]:
    """Decisions as changes, the newest first: those of one moment are one."""
    found: dict[tuple[datetime, str, int, int | None], list[StoryDecisionRow]] = {}
    for row in session.scalars(query.order_by(StoryDecisionRow.id.desc())):
        found.setdefault((row.at, row.kind, row.story_id, row.from_id), []).insert(0, row)
        if len(found) > MOST_ACTS:
            break
    rows = [row for group in found.values() for row in group]
    names = _named(session, [row.user_id for row in rows])
    titles = _titled(session, [row.article_id for row in rows])
    return tuple(
        Act(
            group[0].id, at, names.get(group[0].user_id or 0), kind, story_id, from_id,
            tuple((row.article_id, titles[row.article_id]) for row in group if row.article_id),
            len(standing(session, group[0])),
        )
        for (at, kind, story_id, from_id), group in list(found.items())[:MOST_ACTS]
    )  # fmt: skip


def _named(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    query = select(UserRow.id, UserRow.name).where(UserRow.id.in_({one for one in ids if one is not None}))
    return {one: name for one, name in session.execute(query)}  # noqa: C416 - a Row is not a pair to mypy


def _titled(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    query = select(ArticleRow.id, ArticleRow.title).where(ArticleRow.id.in_({one for one in ids if one is not None}))
    return {one: title for one, title in session.execute(query)}  # noqa: C416
