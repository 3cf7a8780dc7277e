from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_article, add_page, add_source, extracted

from classify.types import Prediction, Span
from store.articles import save_article, save_prediction, withdraw_article
from store.content import ArticleRow, CopyRow, PredictionRow, RevisionRow, StoryRow
from store.crawling import PageRow
from store.database import Database


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_running_it_again_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        page = add_page(session, "1")
        found = extracted("Tiêu đề", "Nội dung", digest="d")
        row, change = save_article(session, page, found)
        assert change == "new"
        assert (row.sorted_at, row.first_seen_at, row.warc_file, row.revision) == (NOON, NOON, "1.warc.gz", 1)
        again, change = save_article(session, page, found)
        assert (again.id, change, again.revision, again.revised_at) == (row.id, "same", 1, None)
        assert [count(session, table) for table in (ArticleRow, RevisionRow, CopyRow, StoryRow)] == [1, 0, 0, 0]


def test_an_edit_keeps_the_text_before_with_its_record(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        page = add_page(session, "1")
        save_article(session, page, extracted("Cũ", "Nội dung cũ", digest="d1"))
        page.warc_file, page.warc_offset, page.fetched_at = "2.warc.gz", 99, NOON + timedelta(days=1)
        row, change = save_article(session, page, extracted("Mới", "Nội dung mới", digest="d2"))
        assert (change, row.revision, row.revised_at) == ("revised", 2, NOON + timedelta(days=1))
        assert (row.title, row.warc_file, row.warc_offset, row.text_digest) == ("Mới", "2.warc.gz", 99, "d2")
    with database.reading() as session:
        before = session.scalars(select(RevisionRow)).one()
        assert (before.number, before.title, before.body) == (1, "Cũ", "Nội dung cũ")
        assert (before.warc_file, before.warc_offset, before.text_digest) == ("1.warc.gz", 7, "d1")


def test_a_better_extractor_is_not_the_outlets_edit(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        page = add_page(session, "1")
        save_article(session, page, extracted("Tin", "Bản cũ"))
        row, change = save_article(session, page, extracted("Tin", "Bản đủ hơn", extractor="test-2"))
        assert (change, row.revision, row.revised_at, row.body) == ("same", 2, None, "Bản đủ hơn")
        assert count(session, RevisionRow) == 1


def test_an_undated_article_is_sorted_by_when_it_was_seen(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        row = add_article(session, "1", "Tin", "Nội dung", moment=None)
    assert (row.published_at, row.sorted_at, row.date_source, row.date_confidence) == (None, NOON, "none", 0.0)


def copies(session: Session) -> dict[str, str]:
    urls = {row.id: row.url.rpartition("/")[2] for row in session.scalars(select(ArticleRow))}
    return {urls[row.article_id]: urls[row.original_id] for row in session.scalars(select(CopyRow))}


@pytest.mark.parametrize("order", ["123", "321", "213", "231"])
def test_the_earliest_is_the_original_whenever_it_comes(database: Database, order: str) -> None:
    with database.writing() as session:
        add_source(session)
        for name in order:
            add_article(session, name, f"Tin {name}", "Giống hệt", digest="d", moment=NOON + timedelta(hours=int(name)))
        add_article(session, "khac", "Tin khác", "Ngắn", digest=None)
        add_article(session, "khac2", "Tin khác nữa", "Ngắn", digest=None)
    with database.reading() as session:
        assert copies(session) == {"2": "1", "3": "1"}
        assert count(session, StoryRow) == 1, "copies are of one story"


def test_articles_on_one_event_are_one_story(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        first = add_article(session, "1", "Bão số 9 đổ bộ vào miền Trung", "Một")
        second = add_article(
            session, "2", "Bão số 9 gây thiệt hại ở miền Trung", "Hai", moment=NOON + timedelta(hours=20)
        )
        other = add_article(session, "3", "Đội tuyển thắng trận chung kết", "Ba")
        late = add_article(session, "4", "Bão số 9 đổ bộ vào miền Trung", "Bốn", moment=NOON + timedelta(days=20))
        english = add_article(session, "5", "Bão số 9 đổ bộ vào miền Trung", "Five", language="en")
        assert first.story_id == second.story_id is not None
        assert other.story_id is late.story_id is english.story_id is None
        story = session.get_one(StoryRow, first.story_id)
        assert (story.articles, story.first_at, story.last_at) == (2, NOON, NOON + timedelta(hours=20))
        assert story.title == first.title


def said(model: str, tone: str = "neutral", topics: tuple[str, ...] = ("sport", "tourism")) -> Prediction:
    span = Span("title", 0, 3, "topic:sport", 0.9)
    return Prediction("vi", 0.9, "central", topics, tone, {"topic:sport": 0.8}, (span,), model)  # type: ignore[arg-type]


def test_the_newest_prediction_is_the_current_one(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        article = add_article(session, "1", "Tin", "Nội dung")
        for prediction in (said("m1"), said("m2"), said("m1", "negative", ())):
            save_prediction(session, article, prediction)
            session.flush()
    with database.reading() as session:
        rows = {row.model: row for row in session.scalars(select(PredictionRow))}
        assert {model: row.current for model, row in rows.items()} == {"m1": True, "m2": False}
        assert (rows["m1"].tone, rows["m1"].topics, rows["m1"].primary_topic) == ("negative", [], None)
        assert (rows["m2"].primary_topic, rows["m2"].topics) == ("sport", ["sport", "tourism"])
        assert rows["m2"].evidence == [{"field": "title", "start": 0, "end": 3, "tag": "topic:sport", "weight": 0.9}]


def test_what_else_a_prediction_says_is_kept(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        article = add_article(session, "1", "Tin", "Nội dung")
        told = replace(said("m1", "negative"), valence="bad", voice="quoted", unmeasured=("voice",))
        row = save_prediction(session, article, told)
        session.flush()
        assert (row.valence, row.voice, row.unmeasured) == ("bad", "quoted", ["voice"])
        save_prediction(session, article, said("m1"))
    with database.reading() as session:
        row = session.scalars(select(PredictionRow)).one()
        assert (row.valence, row.voice, row.unmeasured) == (None, None, [])


def test_a_withdrawn_article_stays_and_may_come_back(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        page = add_page(session, "1")
        assert withdraw_article(session, page, NOON) is None
        save_article(session, page, extracted("Tin", "Nội dung"))
        for moment in (NOON, NOON + timedelta(days=1)):
            row = withdraw_article(session, page, moment)
            assert row is not None
            assert (row.withdrawn_at, row.body) == (NOON, "Nội dung"), "the first time it was missed"
        row, change = save_article(session, session.get_one(PageRow, page.id), extracted("Tin", "Nội dung"))
        assert (row.withdrawn_at, change) == (None, "same")
