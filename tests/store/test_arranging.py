"""Stories put together and apart by analysts: kept against the machine, remembered, and taken back."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests_support.events import LONE, MATCH, STORM, add_all
from tests_support.rows import NOON, add_article, add_source, extracted

from store.arranging import (
    StoryError,
    join_articles,
    merge_stories,
    move_article,
    split_article,
    take_back,
)
from store.articles import save_article
from store.content import ArticleRow, StoryDecisionRow, StoryRow
from store.crawling import PageRow
from store.database import Database
from store.reviewing import AuditRow, UserRow
from store.stories import merged_into

LATE = ("late", "Hải Yến thắng trận mở màn giải vùng", MATCH[0][1])  # of the match's story


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        add_source(opened)
        yield opened


def user(session: Session) -> int:
    row = UserRow(name="lan", password_hash="x")
    session.add(row)
    session.flush()
    return row.id


def story(row: ArticleRow) -> int:
    assert row.story_id is not None
    return row.story_id


def count(session: Session, story_id: int) -> int:
    return session.get_one(StoryRow, story_id).articles


def test_a_merge_is_kept_and_later_articles_follow_it(session: Session) -> None:
    storm, match = add_all(session, STORM[:2]), add_all(session, MATCH, first=10)
    into, gone, who = story(storm[0]), story(match[0]), user(session)
    made = merge_stories(session, into, gone, who)
    assert (made.kind, made.story_id, made.from_id, made.user_id) == ("merge", into, gone, who)
    assert (count(session, into), count(session, gone)) == (4, 0)
    assert merged_into(session, gone) == merged_into(session, into) == into
    late = add_article(session, *LATE)
    assert late.story_id == into
    audit = session.scalars(select(AuditRow)).one()
    assert (audit.action, audit.user_id, audit.detail["into"]) == ("stories merged", who, into)
    assert sorted(audit.detail["articles"]) == sorted(row.id for row in match)


def test_merges_of_merged_stories_lead_to_the_last(session: Session) -> None:
    rows = [add_article(session, str(at), f"Tin {at}", f"Tin {at} riêng.") for at in range(4)]
    one, two, three = (story_of(session, row, rows[3]) for row in rows[:3])
    merge_stories(session, two, one, None)
    merge_stories(session, three, two, None)
    assert (merged_into(session, one), merged_into(session, two)) == (three, three)
    move_article(session, rows[0].id, story_of(session, rows[3]), None)
    assert merged_into(session, one) == three
    assert merged_into(session, 999) == 999


def story_of(session: Session, row: ArticleRow, helper: ArticleRow | None = None) -> int:
    """A story of its own for an article that is in none; `helper` comes and goes."""
    if row.story_id is None and helper is not None:
        join_articles(session, helper.id, row.id, None)
        split_article(session, helper.id, None)
    return story(row)


@pytest.mark.parametrize("number", [0, 1])
def test_what_cannot_be_merged_is_said_and_changes_nothing(number: int, session: Session) -> None:
    storm, match = add_all(session, STORM), add_all(session, MATCH, first=10)
    into, other = story(storm[0]), story(match[0])
    with pytest.raises(StoryError, match="with itself") as said:
        merge_stories(session, into, into, None)
    assert said.value.key == "same_story"
    pair = [(into, 999), (999, into)][number]
    with pytest.raises(StoryError, match="there is no story 999") as said:
        merge_stories(session, *pair, None)
    assert said.value.key == "no_story"
    merge_stories(session, into, other, None)
    pair = [(into, other), (other, into)][number]
    with pytest.raises(StoryError, match=f"story {other} is empty; its articles are in {into}") as said:
        merge_stories(session, *pair, None)
    assert said.value.key == "emptied"
    with pytest.raises(StoryError, match="is empty"):
        move_article(session, storm[0].id, other, None)
    assert (count(session, into), count(session, other)) == (5, 0)


def test_of_two_opposite_merges_at_once_one_is_refused(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        one, other = story(add_all(session, STORM)[0]), story(add_all(session, MATCH, first=10)[0])
    start = Barrier(2)

    def merge(into: int, gone: int) -> str:
        start.wait(10)
        try:
            with database.writing() as session:
                merge_stories(session, into, gone, None)
        except StoryError as error:
            return error.key
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(merge, (one, other), (other, one)))
    assert said == ["emptied", "merged"]
    with database.reading() as session:
        assert sorted((count(session, one), count(session, other))) == [0, 5]
        assert len(set(session.scalars(select(ArticleRow.story_id)))) == 1


@pytest.mark.parametrize("merged_first", [False, True], ids=["placed first", "merged first"])
def test_an_article_that_comes_in_while_its_story_is_merged_goes_along(merged_first: bool, database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        into, gone = story(add_all(session, STORM[:2])[0]), story(add_all(session, MATCH, first=10)[0])

    def merge(session: Session) -> None:
        merge_stories(session, into, gone, None)

    def place(session: Session) -> None:
        add_article(session, *LATE)

    def write(change: Callable[[Session], None]) -> None:
        with database.writing() as session:
            change(session)

    first, second = (merge, place) if merged_first else (place, merge)
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            first(session)
            other = pool.submit(write, second)
            with pytest.raises(TimeoutError):  # it waits for this transaction
                other.result(0.5)
        other.result(20)
    with database.reading() as session:
        assert (count(session, into), count(session, gone)) == (5, 0)
        assert set(session.scalars(select(ArticleRow.story_id))) == {into}


def test_an_article_that_an_analyst_just_placed_draws_its_like_along(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        into = story(add_all(session, STORM[:2])[0])
        lone = add_article(session, "lone", *MATCH[0])
        assert lone.story_id is None

    def place() -> None:
        with database.writing() as session:
            add_article(session, *LATE)

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            move_article(session, lone.id, into, None)
            other = pool.submit(place)
            with pytest.raises(TimeoutError):  # it waits for this transaction
                other.result(0.5)
        other.result(20)
    with database.reading() as session:
        assert set(session.scalars(select(ArticleRow.story_id))) == {into}
        assert count(session, into) == 4


def test_a_split_article_is_never_put_back(session: Session) -> None:
    storm = add_all(session, STORM)
    before, who = story(storm[2]), user(session)
    decision = split_article(session, storm[2].id, who)
    own = story(storm[2])
    assert own != before
    assert (count(session, own), count(session, before)) == (1, 2)
    page = session.scalars(select(PageRow).where(PageRow.id == storm[2].page_id)).one()
    # Neither a change of its text nor a copy of it brings it back.
    save_article(session, page, extracted(STORM[0][0], STORM[0][1] + " Thêm một câu."))
    assert session.get_one(ArticleRow, storm[2].id).story_id == own
    assert session.scalars(select(StoryDecisionRow)).all() == [decision]
    assert (decision.kind, decision.article_id, decision.story_id) == ("place", storm[2].id, own)
    assert (decision.from_id, decision.user_id) == (before, who)
    assert session.scalars(select(AuditRow.action)).all() == ["article placed"]
    with pytest.raises(StoryError, match="the only one") as said:
        split_article(session, storm[2].id, who)
    assert said.value.key == "only_article"


def test_an_article_is_moved_for_good(session: Session) -> None:
    storm, match = add_all(session, STORM), add_all(session, MATCH, first=10)
    move_article(session, storm[1].id, story(match[0]), None)
    assert (count(session, story(match[0])), storm[1].story_id) == (3, match[0].story_id)
    with pytest.raises(StoryError, match="already"):
        move_article(session, storm[1].id, story(match[0]), None)
    with pytest.raises(StoryError, match="there is no story 999"):
        move_article(session, storm[1].id, 999, None)
    with pytest.raises(StoryError, match="there is no article 999"):
        split_article(session, 999, None)


def test_a_story_emptied_by_its_last_article_leads_to_where_that_went(session: Session) -> None:
    storm, match = add_all(session, STORM[:2]), add_all(session, MATCH, first=10)
    left = story(match[0])
    for row in match:
        move_article(session, row.id, story(storm[0]), None)
    assert merged_into(session, left) == story(storm[0])


def test_two_articles_of_no_story_begin_one(session: Session) -> None:
    one, other = add_article(session, "1", *STORM[0]), add_article(session, "2", *LONE)
    with pytest.raises(StoryError, match="in no story"):
        split_article(session, one.id, None)
    with pytest.raises(StoryError, match="with itself"):
        join_articles(session, one.id, one.id, None)
    made = join_articles(session, one.id, other.id, None)
    assert one.story_id == other.story_id == made.story_id
    begun = session.get_one(StoryRow, made.story_id)
    assert (begun.title, begun.articles) == (LONE[0], 2)
    # The machine finds the story through the article that was put there.
    assert add_article(session, "3", *STORM[2]).story_id == begun.id
    third = add_article(session, "4", "Việc khác", "Một việc khác hẳn.")
    assert join_articles(session, third.id, one.id, None).story_id == begun.id


def test_a_merge_is_taken_back_but_for_what_was_moved_since(session: Session) -> None:
    storm, match = add_all(session, STORM), add_all(session, MATCH, first=10)
    into, gone, who = story(storm[0]), story(match[0]), user(session)
    made = merge_stories(session, into, gone, None)
    split_article(session, match[1].id, None)
    own = story(match[1])
    back = take_back(session, made.id, who)
    assert (back.kind, back.story_id, back.from_id, back.user_id) == ("place", gone, into, who)
    assert (story(match[0]), story(match[1])) == (gone, own)
    assert (count(session, into), count(session, gone)) == (3, 1)
    assert merged_into(session, gone) == gone
    assert [row.story_id for row in storm] == [into] * 3
    with pytest.raises(StoryError, match="nothing of decision") as said:
        take_back(session, made.id, who)
    assert said.value.key == "taken_back"
    with pytest.raises(StoryError, match="nothing of decision 999"):
        take_back(session, 999, who)
    # The taking back can be taken back.
    take_back(session, back.id, None)
    assert story(match[0]) == into
    audit = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert audit is not None
    assert (audit.action, audit.detail["articles"]) == ("story decision taken back", [match[0].id])


def test_a_move_and_a_split_are_taken_back(session: Session) -> None:
    storm, match = add_all(session, STORM), add_all(session, MATCH, first=10)
    before = story(storm[2])
    made = split_article(session, storm[2].id, None)
    take_back(session, made.id, None)
    assert (story(storm[2]), count(session, before)) == (before, 3)
    assert merged_into(session, made.story_id) == before
    moved = move_article(session, storm[0].id, story(match[0]), None)
    # Its old story has been merged meanwhile: back is where that is now, and here it is there already.
    merged = merge_stories(session, story(match[0]), before, None)
    with pytest.raises(StoryError, match="nothing of decision"):
        take_back(session, moved.id, None)
    take_back(session, merged.id, None)
    lone = add_article(session, "l", *LONE)
    elsewhere = join_articles(session, storm[1].id, lone.id, None)
    merge_stories(session, elsewhere.story_id, before, None)
    take_back(session, moved.id, None)
    assert story(storm[0]) == elsewhere.story_id


def test_an_article_that_was_in_no_story_comes_back_into_one_of_its_own(session: Session) -> None:
    storm, lone = add_all(session, STORM), add_article(session, "l", *LONE, moment=NOON + timedelta(days=1))
    made = move_article(session, lone.id, story(storm[0]), None)
    take_back(session, made.id, None)
    assert story(lone) != story(storm[0])
    assert count(session, story(lone)) == 1
