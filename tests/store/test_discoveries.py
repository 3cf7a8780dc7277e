from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests_support.rows import add_feed, add_page, add_source

from crawler.frontier import Discovery, FeedReading, FeedTask
from store import discoveries as module
from store.base import now
from store.crawling import FeedRow, PageRow
from store.database import Database
from store.discoveries import QUEUE_DAYS, Budget
from store.frontier import DatabaseFrontier, Policy

TASK = FeedTask(1, "bao-mau", "http://bao-mau.example/rss", "rss")
DAY = timedelta(days=1)


@pytest.fixture
def frontier(database: Database) -> DatabaseFrontier:
    """A crawl that may fetch 3 new pages a day of each outlet."""
    with database.writing() as session:
        add_source(session)
        add_feed(session)
    return DatabaseFrontier(database, policy=Policy(budget=Budget(daily_pages=3)))


def items(count: int, start: int = 0, **values: Any) -> list[Discovery]:
    return [Discovery(f"http://bao-mau.example/{number}", **values) for number in range(start, start + count)]


def listed(frontier: DatabaseFrontier, found: Sequence[Discovery], task: FeedTask = TASK) -> int:
    return frontier.feed_read(task, FeedReading(200, etag='"1"', last_modified="Mon", digest="d", items=found))


def pages(frontier: DatabaseFrontier) -> list[PageRow]:
    with frontier.database.reading() as session:
        return list(session.scalars(select(PageRow).order_by(PageRow.id)))


def feed(frontier: DatabaseFrontier) -> FeedRow:
    with frontier.database.reading() as session:
        return session.get_one(FeedRow, 1)


def a_day_passes(frontier: DatabaseFrontier) -> None:
    with frontier.database.writing() as session:
        for row in session.scalars(select(PageRow)):
            row.discovered_at -= DAY
            row.due_at -= DAY


def test_what_is_over_the_budget_waits_for_its_day(frontier: DatabaseFrontier) -> None:
    assert listed(frontier, items(8)) == 8
    rows = pages(frontier)
    assert {row.state for row in rows} == {"waiting"}
    days = [round((row.due_at - now()) / DAY) for row in rows]
    assert days == [0, 0, 0, 1, 1, 1, 2, 2]
    reasons = Counter(row.reason for row in rows)
    assert reasons == {None: 3, "over the source's budget of 3 new pages a day": 5}
    assert len(frontier.due_pages(99, 99, [])) == 3
    assert feed(frontier).etag == '"1"', "all is known, nothing needs to be offered again"


def test_those_of_earlier_days_go_first(frontier: DatabaseFrontier) -> None:
    listed(frontier, items(8))
    a_day_passes(frontier)
    listed(frontier, items(4, start=8))
    later = [row for row in pages(frontier) if row.due_at > now()]
    assert len(pages(frontier)) - len(later) == 6, "three of yesterday, still unfetched, and three of today"
    a_day_passes(frontier)
    a_day_passes(frontier)
    a_day_passes(frontier)
    assert len(frontier.due_pages(99, 99, [])) == 12


def test_another_outlet_has_its_own_budget(frontier: DatabaseFrontier) -> None:
    listed(frontier, items(3))
    with frontier.database.writing() as session:
        add_source(session, "bao-khac")
        add_feed(session, "http://bao-khac.example/rss", source_id="bao-khac")
    other = [Discovery(f"http://bao-khac.example/{n}") for n in range(3)]
    listed(frontier, other, FeedTask(2, "bao-khac", "http://bao-khac.example/rss", "rss"))
    assert len(frontier.due_pages(99, 99, [])) == 6


def test_what_does_not_fit_the_queue_is_left_and_offered_again(frontier: DatabaseFrontier) -> None:
    room = 3 * QUEUE_DAYS
    assert listed(frontier, items(room + 7)) == room
    assert (len(pages(frontier)), frontier.counts["entries left to the feed"]) == (room, 7)
    row = feed(frontier)
    assert (row.etag, row.last_modified, row.digest) == (None, None, None), "the next answer is read whatever it is"
    assert row.problem == "7 entries left: the source's queue is full"
    assert listed(frontier, items(room + 7)) == 0
    with frontier.database.writing() as session:
        for page in session.scalars(select(PageRow)):
            page.state, page.discovered_at = "fetched", now() - 2 * DAY
    assert listed(frontier, items(room + 7)) == 7
    row = feed(frontier)
    assert (row.etag, row.problem, len(pages(frontier))) == ('"1"', None, room + 7)


def test_an_endless_set_is_refused_with_its_reason(frontier: DatabaseFrontier) -> None:
    traps = [Discovery(f"http://bao-mau.example{path}") for path in ("/tin" * 12 + "/1", "/a/b" * 9)]
    assert listed(frontier, [*traps, *items(1)]) == 1
    first, second, good = pages(frontier)
    assert (first.state, second.state, good.state) == ("refused", "refused", "waiting")
    assert (first.reason or "").startswith("looks like one of an endless set of pages (")
    assert frontier.counts["pages discovered"] == 1


def test_old_entries_of_a_long_sitemap_are_left_to_a_backfill(
    frontier: DatabaseFrontier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONG_SITEMAP", 5)
    sitemap = FeedTask(1, "bao-mau", "http://bao-mau.example/map.xml", "sitemap")
    old = items(4, start=100, published_at=now() - 400 * DAY)
    edited = Discovery("http://bao-mau.example/sua", published_at=now() - 400 * DAY, modified_at=now() - DAY)
    assert listed(frontier, [*old, edited, *items(2)], sitemap) == 3
    assert {row.url.rpartition("/")[2] for row in pages(frontier)} == {"sua", "0", "1"}, "recent, or undated"
    assert frontier.counts["entries of old archives passed over"] == 4
    assert feed(frontier).etag == '"1"', "they are not wanted next time either"
    assert listed(frontier, old, sitemap) == 4, "a short one is read whole"


def test_feeds_and_news_sitemaps_are_read_whole(frontier: DatabaseFrontier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONG_SITEMAP", 2)
    for at, kind in enumerate(("rss", "news_sitemap", "section")):
        task = FeedTask(1, "bao-mau", TASK.url, kind)
        assert listed(frontier, items(4, start=10 * at, published_at=now() - 400 * DAY), task) == 4


def test_a_page_that_another_outlet_named_first_is_known(frontier: DatabaseFrontier) -> None:
    with frontier.database.writing() as session:
        add_source(session, "bao-khac")
        add_page(session, "0", state="refused").source_id = "bao-khac"
    assert listed(frontier, items(2)) == 1
