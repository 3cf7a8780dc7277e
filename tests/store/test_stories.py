"""Stories in a database: found as articles come in, put together and apart by analysts, whose word is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_article, add_page, add_source, extracted

from store.articles import save_article, save_articles
from store.content import ArticleRow, MarkRow, StoryDecisionRow, StoryRow, TermRow
from store.crawling import PageRow
from store.database import Database
from store.errors import StoreError
from store.reviewing import AuditRow, UserRow
from store.stories import merge_stories, merged_into, move_article, split_article

STORM = [
    ("Bão Sao Mai đổ bộ Lam Giang", "Bão Sao Mai đổ bộ Lam Giang sáng nay, 340 ngôi nhà ở Trà Khê tốc mái."),
    ("Lam Giang sơ tán dân tránh bão Sao Mai", "Lam Giang sơ tán 12.000 người, bão Sao Mai làm tốc mái 340 ngôi nhà."),
    (
        "Bão Sao Mai: 340 ngôi nhà tốc mái ở Trà Khê",
        "Sau khi bão Sao Mai đổ bộ Lam Giang, 340 ngôi nhà ở Trà Khê tốc mái.",
    ),
]
MATCH = [
    ("Hải Yến thắng trận mở màn", "Đội bóng chuyền nữ Hải Yến thắng trận mở màn giải vùng tối qua."),
    (
        "Bóng chuyền: Hải Yến thắng trận mở màn",
        "Hải Yến thắng trận mở màn giải vùng tối qua, khán giả kín nhà thi đấu.",
    ),
]


def add_all(session: Session, texts: list[tuple[str, str]], first: int = 0) -> list[ArticleRow]:
    return [
        add_article(session, str(first + at), title, body, moment=NOON + timedelta(hours=at))
        for at, (title, body) in enumerate(texts)
    ]


def user(session: Session) -> int:
    row = UserRow(name="lan", password_hash="x")
    session.add(row)
    session.flush()
    return row.id


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_articles_on_one_event_are_one_story_and_others_another(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        storm, match = add_all(session, STORM), add_all(session, MATCH, first=10)
    with database.reading() as session:
        stories = {row.id: row.story_id for row in session.scalars(select(ArticleRow))}
        assert len({stories[row.id] for row in storm}) == len({stories[row.id] for row in match}) == 1
        assert stories[storm[0].id] != stories[match[0].id]
        assert None not in stories.values()
        rows = {row.id: row for row in session.scalars(select(StoryRow))}
        story = rows[stories[storm[0].id] or 0]
        assert (story.title, story.articles) == (storm[0].title, 3)
        assert (story.first_at, story.last_at) == (NOON, NOON + timedelta(hours=2))


def test_a_batch_is_placed_as_its_articles_alone(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        texts = [STORM[0], MATCH[0], STORM[1], MATCH[1], STORM[2]]
        pages = [add_page(session, str(at)) for at in range(len(texts))]
        saved = save_articles(session, [(page, extracted(*text)) for page, text in zip(pages, texts, strict=True)])
        places = [row.story_id for row, _ in saved]
        assert places[0] == places[2] == places[4] != places[1] == places[3]
        assert None not in places


def test_the_same_words_weeks_later_are_another_story(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        add_article(session, "1", *STORM[0])
        later = add_article(session, "2", *STORM[1], moment=NOON + timedelta(days=9))
        assert later.story_id is None


def test_an_article_in_another_language_joins_by_names_and_numbers(database: Database) -> None:
    english = ("Storm Sao Mai hits Lam Giang", "The storm Sao Mai tore the roofs off 340 houses in Tra Khe, Lam Giang.")
    with database.writing() as session:
        add_source(session)
        storm = add_all(session, STORM)
        row = add_article(session, "en", *english, language="en")
        assert row.story_id == storm[0].story_id is not None
        other = add_article(
            session, "en2", "Volleyball: a win", "The women of the coast won in three sets.", language="en"
        )
        assert other.story_id is None


def test_a_merge_is_kept_and_later_articles_follow_it(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        storm, match = add_all(session, STORM[:2]), add_all(session, MATCH, first=10)
        into, gone, who = storm[0].story_id or 0, match[0].story_id or 0, user(session)
        story = merge_stories(session, into, gone, who)
        assert (story.id, story.articles) == (into, 4)
        assert session.get_one(StoryRow, gone).articles == 0
        assert merged_into(session, gone) == merged_into(session, into) == into
    with database.writing() as session:
        late = add_article(session, "late", "Hải Yến thắng trận mở màn giải vùng", MATCH[0][1])
        assert late.story_id == into
        audit = session.scalars(select(AuditRow)).one()
        assert (audit.action, audit.user_id, audit.detail["into"]) == ("stories merged", who, into)
        assert sorted(audit.detail["articles"]) == sorted(row.id for row in match)


def test_merges_of_merged_stories_lead_to_the_last(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        rows = [StoryRow(title=name, first_at=NOON, last_at=NOON, articles=0) for name in "abc"]
        session.add_all(rows)
        session.flush()
        one, two, three = (row.id for row in rows)
        merge_stories(session, two, one, None)
        merge_stories(session, three, two, None)
        assert merged_into(session, one) == three
        with pytest.raises(StoreError, match="with itself"):
            merge_stories(session, one, one, None)


def test_a_split_article_is_never_put_back(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        storm = add_all(session, STORM)
        before, who = storm[2].story_id, user(session)
        own = split_article(session, storm[2].id, who)
        assert own.id != before
        assert (own.articles, session.get_one(StoryRow, before).articles) == (1, 2)
        page = session.scalars(select(PageRow).where(PageRow.id == storm[2].page_id)).one()
        # Neither a change of its text nor a copy of it brings it back.
        save_article(session, page, extracted(STORM[0][0], STORM[0][1] + " Thêm một câu."))
        assert session.get_one(ArticleRow, storm[2].id).story_id == own.id
        decision = session.scalars(select(StoryDecisionRow)).one()
        assert (decision.kind, decision.article_id, decision.story_id) == ("place", storm[2].id, own.id)
        assert (decision.from_id, decision.user_id) == (before, who)
        assert session.scalars(select(AuditRow.action)).all() == ["article placed"]


def test_an_article_is_moved_for_good(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        storm, match = add_all(session, STORM), add_all(session, MATCH, first=10)
        story = move_article(session, storm[1].id, match[0].story_id or 0, None)
        assert (story.articles, storm[1].story_id) == (3, match[0].story_id)
        with pytest.raises(StoreError, match="already"):
            move_article(session, storm[1].id, story.id, None)
        with pytest.raises(StoreError, match="there is no story 999"):
            move_article(session, storm[1].id, 999, None)
        with pytest.raises(StoreError, match="there is no article 999"):
            split_article(session, 999, None)


def test_an_article_in_no_story_cannot_be_split(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        add_source(session)
        row = add_article(session, "1", *STORM[0])
        with pytest.raises(StoreError, match="in no story"):
            split_article(session, row.id, None)


def test_running_it_again_changes_nothing(database: Database) -> None:
    def state(session: Session) -> list[object]:
        return [
            session.execute(select(ArticleRow.id, ArticleRow.story_id).order_by(ArticleRow.id)).all(),
            session.execute(select(StoryRow.id, StoryRow.articles, StoryRow.first_at, StoryRow.last_at)).all(),
            session.execute(select(TermRow.term, TermRow.day, TermRow.article_id).order_by(TermRow.term)).all(),
        ]

    with database.writing() as session:
        add_source(session)
        add_all(session, STORM)
    for version in (None, 1):  # the second time as if an older program had marked them
        with database.writing() as session:
            before = state(session)
            for mark in session.scalars(select(MarkRow)):
                mark.version = version or mark.version
            pages = session.scalars(select(PageRow).order_by(PageRow.id)).all()
            for at, (page, text) in enumerate(zip(pages, STORM, strict=True)):
                save_article(session, page, extracted(*text, moment=NOON + timedelta(hours=at)))
            session.flush()
            assert state(session) == before


def test_a_revised_headline_is_found_by_its_new_words(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        page = add_page(session, "1")
        save_article(session, page, extracted(*MATCH[0]))
        row, _ = save_article(session, page, extracted(*STORM[0]))
        assert count(session, MarkRow) == 1
        assert row.story_id is None
        second = add_article(session, "2", *STORM[1])
        third = add_article(session, "3", *MATCH[1])
        assert second.story_id == row.story_id is not None
        assert third.story_id is None
