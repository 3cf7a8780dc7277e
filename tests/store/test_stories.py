"""Stories in a database: found as articles come in."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tests_support.events import MATCH, STORM, add_all
from tests_support.rows import NOON, add_article, add_page, add_source, extracted

from store.articles import save_article, save_articles
from store.content import ArticleRow, MarkRow, StoryRow, TermRow
from store.crawling import PageRow
from store.database import Database


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
