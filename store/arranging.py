"""What analysts put together and apart: stories merged, articles moved, and each of it taken back.

Every change leaves rows in `story_decisions`, one for each article it moved, and one in `audit`. The machine places no
article that has one (`store.stories`). What is taken back is a decision of its own, so that nothing is ever lost.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from store.base import now
from store.content import ArticleRow, StoryDecisionRow, StoryRow
from store.errors import StoreError
from store.reviewing import AuditRow
from store.stories import count_articles, merged_into, recount

MERGED, PLACED = "merge", "place"


class StoryError(StoreError):
    """A change of stories that cannot be made; `key` names the reason where words are looked up."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def merge_stories(session: Session, into_id: int, from_id: int, user_id: int | None) -> StoryDecisionRow:
    """Put two stories together; the second stays as an empty one that `merged_into` leads on from.

    Raises StoryError when there is no such story, one of them is empty, or both are the same.
    """
    if into_id == from_id:
        raise StoryError("same_story", f"story {from_id} cannot be merged with itself; give another story")
    _held(session, ArticleRow.story_id == from_id)
    into, other = (_filled(session, story) for story in _locked(session, into_id, from_id))
    rows = _held(session, ArticleRow.story_id == from_id)  # with what the machine put there while we waited
    at = now()
    made = _decide(session, StoryDecisionRow(at=at, user_id=user_id, kind=MERGED, story_id=into.id, from_id=other.id))
    _put(session, rows, into, at, user_id, MERGED)
    detail = {"into": into.id, "from": other.id, "articles": [row.id for row in rows]}
    _audit(session, user_id, "stories merged", detail)
    return made


def split_article(session: Session, article_id: int, user_id: int | None) -> StoryDecisionRow:
    """Take an article out of its story into one of its own.

    Raises StoryError when there is no such article, it is in no story, or it is the only one there.
    """
    row = _article(session, article_id)
    if row.story_id is None:
        raise StoryError("in_no_story", f"article {article_id} is in no story; nothing to split")
    if count_articles(session, row.story_id) == 1:
        raise StoryError("only_article", f"article {article_id} is the only one of its story; nothing to split")
    return _place(session, row, _new_story(session, row), user_id)


def move_article(session: Session, article_id: int, story_id: int, user_id: int | None) -> StoryDecisionRow:
    """Put an article into a story, for good.

    Raises StoryError when there is no such article or story, the story is empty, or the article is in it.
    """
    row, (story,) = _article(session, article_id), _locked(session, story_id)
    if row.story_id == story.id:
        raise StoryError("already_there", f"article {article_id} is in story {story_id} already; give another story")
    return _place(session, row, _filled(session, story), user_id)


def join_articles(session: Session, article_id: int, other_id: int, user_id: int | None) -> StoryDecisionRow:
    """Put an article into the story of another one, which begins one when it is in none.

    Raises StoryError when there is no such article, or both are the same or in one story.
    """
    row, other = _article(session, article_id), _article(session, other_id)
    if row.id == other.id:
        raise StoryError("same_article", f"article {article_id} cannot be put with itself; give another article")
    if other.story_id is not None:
        return move_article(session, row.id, other.story_id, user_id)
    story = _new_story(session, other)
    _place(session, other, story, user_id)
    return _place(session, row, story, user_id)


def take_back(session: Session, decision_id: int, user_id: int | None) -> StoryDecisionRow:
    """Put the articles that a decision moved, and no later one, back to where they were.

    Raises StoryError when there is no such decision, or nothing of it is left to take back.
    """
    made = session.get(StoryDecisionRow, decision_id)
    ids = [row.id for row in standing(session, made)] if made else []
    rows = _held(session, ArticleRow.id.in_(ids), ArticleRow.story_id == made.story_id) if made else []
    if made is None or not rows:
        raise StoryError("taken_back", f"there is nothing of decision {decision_id} to take back")
    if made.from_id is None:  # in no story before; a story of its own says that, and keeps the machine away
        return split_article(session, rows[0].id, user_id)
    into, _ = _locked(session, _former(session, made), made.story_id)
    at = now()
    decisions = _put(session, rows, into, at, user_id, PLACED)
    detail = {"decision": made.id, "into": into.id, "from": made.story_id, "articles": [row.id for row in rows]}
    _audit(session, user_id, "story decision taken back", detail)
    return decisions[0]


def standing(session: Session, made: StoryDecisionRow) -> list[ArticleRow]:
    """The articles that this decision moved, none has moved since, and that can go back."""
    alone = made.from_id is None and count_articles(session, made.story_id) == 1
    if alone or _former(session, made) == made.story_id:
        return []  # as it was before, already
    later = aliased(StoryDecisionRow)
    newer = select(later.id).where(later.article_id == StoryDecisionRow.article_id, later.id > StoryDecisionRow.id)
    query = select(ArticleRow).join(StoryDecisionRow, StoryDecisionRow.article_id == ArticleRow.id)
    query = query.where(_same_act(made), ~newer.exists()).order_by(ArticleRow.id)
    return list(session.scalars(query))


def _former(session: Session, made: StoryDecisionRow) -> int:
    """Where articles go back to: the story they came from, or where that has gone since."""
    if made.from_id is None:
        return 0
    query = select(StoryDecisionRow.at).where(StoryDecisionRow.from_id == made.from_id)
    emptied_by_it = session.scalar(query.order_by(StoryDecisionRow.id.desc()).limit(1)) == made.at
    return made.from_id if emptied_by_it else merged_into(session, made.from_id)


def _same_act(made: StoryDecisionRow) -> ColumnElement[bool]:
    """The rows of one change: those of a merge, or of what was taken back at once, have one moment."""
    return (
        (StoryDecisionRow.at == made.at)
        & (StoryDecisionRow.kind == made.kind)
        & (StoryDecisionRow.story_id == made.story_id)
        & StoryDecisionRow.from_id.is_not_distinct_from(made.from_id)
    )


def _place(session: Session, row: ArticleRow, story: StoryRow, user_id: int | None) -> StoryDecisionRow:
    detail = {"article": row.id, "into": story.id, "from": row.story_id}
    (made,) = _put(session, [row], story, now(), user_id, PLACED)
    _audit(session, user_id, "article placed", detail)
    return made


def _put(
    session: Session, rows: Sequence[ArticleRow], story: StoryRow, at: datetime, user_id: int | None, kind: str
) -> list[StoryDecisionRow]:
    """Move articles, remember why, and count both stories again."""
    before = {row.story_id for row in rows if row.story_id is not None}
    decisions = []
    for row in rows:
        made = StoryDecisionRow(at=at, user_id=user_id, kind=kind, article_id=row.id, from_id=row.story_id)
        made.story_id = row.story_id = story.id
        decisions.append(_decide(session, made))
    for one in (story, *_locked(session, *before)):
        recount(session, one)
    return decisions


def _new_story(session: Session, row: ArticleRow) -> StoryRow:
    story = StoryRow(title=row.title, first_at=row.sorted_at, last_at=row.sorted_at, articles=0)
    session.add(story)
    session.flush()
    return story


def _decide(session: Session, made: StoryDecisionRow) -> StoryDecisionRow:
    session.add(made)
    session.flush()
    return made


def _audit(session: Session, user_id: int | None, action: str, detail: dict[str, Any]) -> None:
    session.add(AuditRow(user_id=user_id, action=action, detail=detail))
    session.flush()


def _locked(session: Session, *ids: int) -> list[StoryRow]:
    """The stories, held against other changes until the transaction ends. SQLite's writers take turns anyway."""
    # Always in one order, for the same reason as in `_held`.
    query = select(StoryRow).where(StoryRow.id.in_(ids)).order_by(StoryRow.id).with_for_update()
    found = {row.id: row for row in session.scalars(query)}
    for one in ids:
        if one not in found:
            raise StoryError("no_story", f"there is no story {one}; give the number of one that is listed")
    return [found[one] for one in ids]


def _held(session: Session, *wanted: ColumnElement[bool]) -> list[ArticleRow]:
    """The articles as they are now, held against other changes until the transaction ends."""
    # Articles before stories, everywhere: else two changes could wait for each other.
    query = select(ArticleRow).where(*wanted).order_by(ArticleRow.id).with_for_update()
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def _filled(session: Session, story: StoryRow) -> StoryRow:
    if not count_articles(session, story.id):
        raise StoryError("emptied", f"story {story.id} is empty; its articles are in {merged_into(session, story.id)}")
    return story


def _article(session: Session, article_id: int) -> ArticleRow:
    rows = _held(session, ArticleRow.id == article_id)
    if not rows:
        raise StoryError("no_article", f"there is no article {article_id}; give the number of one that is listed")
    return rows[0]
