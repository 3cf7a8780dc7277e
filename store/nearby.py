"""What a story or an article might be put together with: what is most alike, nearest in time, or asked for by words."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from classify.stories import DAYS, VERSION, Traits
from store.content import ArticleRow, MarkRow, StoryRow, TermRow
from store.search import search
from store.stories import CHUNK, SHARED_TERMS, merged_into
from store.storydesk import Brief, read_briefs

SHOWN = 8  # a choice that is taken in at a glance; words find the rest
ASKING = 20  # articles of a story whose terms are looked up; a story is told well enough by them
HITS = 60  # of a search, before those of one story become one line
NUMBER = re.compile(r"\s*#?\s*(\d{1,9})\s*")
ADDRESS = re.compile(r"/(stories|articles)/(\d{1,9})(?!\d)")


@dataclass(frozen=True)
class Candidate:
    """A story, or an article that is in none, with its source loaded: one of the two."""

    story: Brief | None = None
    article: ArticleRow | None = None


@dataclass(frozen=True)
class _Place:
    """A candidate by its number; articles that are in a story stand for that."""

    story_id: int | None
    article_id: int = 0


def nearby(session: Session, rows: Sequence[ArticleRow]) -> tuple[Candidate, ...]:
    """What is most like these articles of one story (or this one article of none), then stories near in time."""
    alike = _alike(session, rows)
    missing = SHOWN - len(alike)
    own = {row.story_id for row in rows}
    known = own | {place.story_id for place in alike}
    near = _near_in_time(session, min(row.sorted_at for row in rows), missing + len(known)) if missing > 0 else []
    more = [_Place(one) for one in near if one not in known][: max(0, missing)]
    return _candidates(session, [*alike, *more])


def find(session: Session, words: str, rows: Sequence[ArticleRow]) -> tuple[Candidate, ...]:
    """What is asked for: a story's number, an address on the desk, or words of an article; these rows left out."""
    number, address = NUMBER.fullmatch(words), ADDRESS.search(words)
    places: list[_Place] = []
    if number or (address and address[1] == "stories"):
        story_id = int(number[1] if number else address[2] if address else 0)
        places.append(_Place(merged_into(session, story_id)))
    if address:
        places += _places(session, [int(address[2])] if address[1] == "articles" else [])
    else:
        places += _places(session, [hit.article_id for hit in search(session, words, HITS)])
    return _candidates(session, _without(places, rows)[:SHOWN])


def _alike(session: Session, rows: Sequence[ArticleRow]) -> list[_Place]:
    """Those that share most of the terms by which the machine looks for neighbours, most first."""
    asking = [row.id for row in rows[:ASKING]]
    marks = session.scalars(
        select(MarkRow).where(MarkRow.article_id.in_(asking), MarkRow.version % 1_000 == VERSION)
    ).all()
    terms = sorted({term for mark in marks for term in Traits(mark.traits).posted})
    shared: Counter[int] = Counter()
    for at in range(0, len(terms), CHUNK):
        query = select(TermRow.article_id, func.count()).where(
            TermRow.term.in_(terms[at : at + CHUNK]),
            TermRow.day.between(min(mark.day for mark in marks) - DAYS, max(mark.day for mark in marks) + DAYS),
        )
        shared.update({one: count for one, count in session.execute(query.group_by(TermRow.article_id))})  # noqa: C416
    own = select(ArticleRow.id).where(ArticleRow.story_id == rows[0].story_id)
    ours = set(session.scalars(own)) if rows[0].story_id else {rows[0].id}
    ordered = [one for one, count in shared.most_common() if count >= SHARED_TERMS and one not in ours]
    return _without(_places(session, ordered[:HITS]), rows)[:SHOWN]


def _near_in_time(session: Session, moment: datetime, most: int) -> list[int]:
    """Stories by how near their last article is to this moment, at most the days that one lasts away."""
    reach, counted = timedelta(days=DAYS), select(StoryRow.id, StoryRow.last_at).where(StoryRow.articles > 0)
    before = counted.where(StoryRow.last_at.between(moment - reach, moment)).order_by(StoryRow.last_at.desc())
    after = counted.where(StoryRow.last_at > moment, StoryRow.last_at <= moment + reach).order_by(StoryRow.last_at)
    found = [*session.execute(before.limit(most)), *session.execute(after.limit(most))]
    return [one for one, _ in sorted(found, key=lambda pair: (abs(pair[1] - moment), pair[0]))]


def _places(session: Session, ids: Sequence[int]) -> list[_Place]:
    """Articles as candidates, in their order; of one story only the first."""
    query = select(ArticleRow.id, ArticleRow.story_id).where(ArticleRow.id.in_(ids))
    stories = {one: story_id for one, story_id in session.execute(query)}  # noqa: C416 - a Row is not a pair to mypy
    return [_Place(stories[one], 0 if stories[one] else one) for one in ids if one in stories]


def _without(places: Sequence[_Place], rows: Sequence[ArticleRow]) -> list[_Place]:
    ours = {_Place(row.story_id, 0 if row.story_id else row.id) for row in rows}
    return [place for place in dict.fromkeys(places) if place not in ours]


def _candidates(session: Session, places: Sequence[_Place]) -> tuple[Candidate, ...]:
    briefs = read_briefs(session, [place.story_id for place in places if place.story_id])
    query = select(ArticleRow).where(ArticleRow.id.in_([place.article_id for place in places]))
    articles = {row.id: row for row in session.scalars(query.options(joinedload(ArticleRow.source)))}
    found = (Candidate(briefs.get(place.story_id or 0), articles.get(place.article_id)) for place in places)
    return tuple(one for one in found if one.story or one.article)
