from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from tests_support.rows import add_feed, add_page, add_source

from crawler.frontier import ArchivedRecord, Discovery, FeedReading, FeedTask, PageReading, PageTask, Refusal
from store import pages as module
from store.base import now
from store.crawling import FeedRow, PageRow
from store.database import Database
from store.feeds import BACKOFF as FEED_BACKOFF
from store.frontier import DatabaseFrontier, recheck
from store.pages import BACKOFF, MAX_WAIT


@pytest.fixture
def frontier(database: Database) -> DatabaseFrontier:
    """A frontier with one feed that is due."""
    with database.writing() as session:
        add_source(session)
        add_feed(session)
    return DatabaseFrontier(database)


def feed_of(frontier: DatabaseFrontier) -> FeedTask:
    return frontier.due_feeds()[0]


def discover(frontier: DatabaseFrontier, *names: str, host: str = "bao-mau.example", **values: Any) -> int:
    items = [Discovery(f"http://{host}/{name}", **values) for name in names]
    with frontier.database.reading() as session:
        feed = session.scalars(select(FeedRow).order_by(FeedRow.id)).first()
    assert feed is not None
    return frontier.feed_read(FeedTask(feed.id, "bao-mau", feed.url, "rss"), FeedReading(200, items=items))


def due(frontier: DatabaseFrontier, limit: int = 100, per_host: int = 100) -> list[PageTask]:
    return list(frontier.due_pages(limit, per_host, []))


def page(frontier: DatabaseFrontier, page_id: int) -> PageRow:
    with frontier.database.reading() as session:
        return session.get_one(PageRow, page_id)


def reading(digest: str = "d1", status: int = 200, file: str = "a.warc.gz", offset: int = 0) -> PageReading:
    return PageReading(status, "http://bao-mau.example/1", "text/html", ArchivedRecord(file, offset, 10, digest))


def wait_of(row: PageRow | FeedRow) -> float:
    moment = row.due_at if isinstance(row, PageRow) else row.next_check_at
    assert moment is not None
    return (moment - now()).total_seconds()


def test_a_url_is_known_once(frontier: DatabaseFrontier) -> None:
    assert discover(frontier, "1", "2", "1?utm_source=rss", "1#top") == 2
    assert discover(frontier, "2?fbclid=x", "3", title="Đã biết") == 1
    assert [task.url.rpartition("/")[2] for task in due(frontier)] == ["1", "2", "3"]
    assert frontier.counts == {"feeds read": 2, "pages discovered": 3}


def test_a_long_listing_is_kept_whole(frontier: DatabaseFrontier) -> None:
    names = [str(number) for number in range(module.KNOWN_AT_ONCE * 2 + 10)]
    assert discover(frontier, *names) == len(names)
    assert discover(frontier, *names) == 0


def test_a_fetched_page_is_not_due_and_keeps_its_record(frontier: DatabaseFrontier) -> None:
    discover(frontier, "1")
    task = due(frontier)[0]
    frontier.page_failed(task, "HTTP 500")
    frontier.page_read(task, reading())
    row = page(frontier, task.id)
    assert (row.state, row.attempts, row.reason, row.warc_file, row.warc_offset) == ("fetched", 0, None, "a.warc.gz", 0)
    assert row.final_url is None
    assert due(frontier) == []
    assert frontier.next_due_in() is None


def test_passing_failures_wait_longer_and_end_in_quarantine(frontier: DatabaseFrontier) -> None:
    discover(frontier, "1")
    task = due(frontier)[0]
    for attempt, seconds in enumerate(BACKOFF, 1):
        frontier.page_failed(task, f"HTTP 50{attempt}")
        row = page(frontier, task.id)
        assert (row.state, row.attempts) == ("retrying", attempt)
        assert seconds - 2 <= wait_of(row) <= seconds * 1.2
        assert due(frontier) == []
        assert frontier.next_due_in() == pytest.approx(wait_of(row), abs=2)
    frontier.page_failed(task, "HTTP 599")
    row = page(frontier, task.id)
    assert (row.state, row.reason) == ("quarantined", "HTTP 599")
    assert frontier.next_due_in() is None
    assert frontier.counts["retries"] == len(BACKOFF)
    assert frontier.counts["pages quarantined"] == 1


@pytest.mark.parametrize(
    ("asked", "waits"), [(600.0, 600), (0.0, BACKOFF[0]), (1e9, MAX_WAIT), (float("inf"), MAX_WAIT)]
)
def test_a_server_that_says_when_is_believed(frontier: DatabaseFrontier, asked: float, waits: float) -> None:
    discover(frontier, "1")
    task, feed = due(frontier)[0], FeedTask(1, "bao-mau", "x", "rss")
    frontier.page_failed(task, "HTTP 429", asked)
    assert waits - 2 <= wait_of(page(frontier, task.id)) <= waits * 1.2
    frontier.feed_failed(feed, "HTTP 429", asked)
    with frontier.database.reading() as session:
        assert wait_of(session.get_one(FeedRow, 1)) >= max(FEED_BACKOFF[0], min(asked, MAX_WAIT)) - 2


def test_a_refusal_is_kept_with_its_reason(frontier: DatabaseFrontier) -> None:
    discover(frontier, "1")
    task = due(frontier)[0]
    frontier.page_refused(task, Refusal.ROBOTS, "http://bao-mau.example/robots.txt")
    row = page(frontier, task.id)
    assert (row.state, row.reason) == ("refused", "robots.txt forbids it (http://bao-mau.example/robots.txt)")
    assert discover(frontier, "1", modified_at=now() + timedelta(hours=1)) == 0
    assert due(frontier) == []


def test_a_few_pages_a_host_oldest_first(frontier: DatabaseFrontier) -> None:
    discover(frontier, *"12345")
    discover(frontier, *"678", host="bao-khac.example")
    tasks = due(frontier, per_host=2)
    assert [task.url[7:] for task in tasks] == [
        f"{name}.example/{n}" for name, n in [("bao-mau", 1), ("bao-mau", 2), ("bao-khac", 6), ("bao-khac", 7)]
    ]
    assert len(due(frontier, limit=3)) == 3
    more = frontier.due_pages(100, 2, tasks[1:])
    assert [task.id for task in more] == [tasks[0].id], "one place was free, and what is under way is not given twice"
    assert frontier.due_pages(100, 1, tasks[1:]) == []


def test_one_host_with_a_long_queue_does_not_hide_the_others(
    frontier: DatabaseFrontier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOKED_AT", 3)
    discover(frontier, *"12345")
    discover(frontier, "6", host="bao-khac.example")
    first = due(frontier, per_host=1)
    assert [task.host for task in [*first, *frontier.due_pages(100, 1, first)]] == [
        "bao-mau.example",
        "bao-khac.example",
    ]


def test_only_the_asked_sources(frontier: DatabaseFrontier) -> None:
    discover(frontier, "1")
    with frontier.database.writing() as session:
        add_source(session, "bao-khac")
        add_feed(session, "http://bao-khac.example/rss", source_id="bao-khac")
        add_page(session, "9", "bao-khac", state="waiting")
    other = DatabaseFrontier(frontier.database, sources=["bao-khac"])
    assert [task.source_id for task in other.due_feeds()] == ["bao-khac"]
    assert [task.source_id for task in due(other)] == ["bao-khac"]
    nobody = DatabaseFrontier(frontier.database, sources=["nobody"])
    assert (nobody.due_feeds(), due(nobody), nobody.next_due_in()) == ([], [], None)


def test_a_changed_lastmod_makes_a_page_due_again(frontier: DatabaseFrontier) -> None:
    discover(frontier, "1")
    task = due(frontier)[0]
    frontier.page_read(task, reading())
    assert discover(frontier, "1", modified_at=now() - timedelta(days=1)) == 0
    later = now() + timedelta(minutes=1)
    assert discover(frontier, "1", modified_at=later) == 1
    assert [again.id for again in due(frontier)] == [task.id]
    frontier.page_read(task, reading("d2"))
    assert discover(frontier, "1", modified_at=later) == 0, "the same statement is no other change"


def test_an_unchanged_page_is_not_processed_again(frontier: DatabaseFrontier) -> None:
    with frontier.database.writing() as session:
        add_page(session, "1", outcome="article", digest="d1")
    task = PageTask(1, "bao-mau", "http://bao-mau.example/1", "bao-mau.example")
    outcomes = []
    for answer in (reading("d1"), reading("d2"), reading("d2", status=410)):
        frontier.page_read(task, answer)
        outcomes.append(page(frontier, 1).outcome)
        with frontier.database.writing() as session:
            session.get_one(PageRow, 1).outcome = "article"
    assert outcomes == ["article", None, None]


def test_recheck(frontier: DatabaseFrontier) -> None:
    with frontier.database.writing() as session:
        add_page(session, "article", outcome="article", discovered_at=now())
        add_page(session, "old", outcome="article", discovered_at=now() - timedelta(days=9))
        add_page(session, "refused", outcome="refused", discovered_at=now())
    assert recheck(frontier.database, now() - timedelta(days=2)) == 1
    assert [task.url.rpartition("/")[2] for task in due(frontier)] == ["article"]


def test_pages_of_a_killed_crawl_wait_for_the_next(frontier: DatabaseFrontier) -> None:
    discover(frontier, "1", "2")
    assert due(frontier)  # given out, and never heard of again
    assert len(due(DatabaseFrontier(frontier.database))) == 2


def test_every_page_is_in_one_state(frontier: DatabaseFrontier) -> None:
    discover(frontier, *"1234")
    tasks = due(frontier)
    frontier.page_read(tasks[0], reading())
    frontier.page_failed(tasks[1], "HTTP 500")
    frontier.page_refused(tasks[2], Refusal.NOT_HTML)
    with frontier.database.reading() as session:
        states = Counter(session.scalars(select(PageRow.state)))
        assert session.scalar(select(func.count()).select_from(PageRow)) == 4
    assert states == {"fetched": 1, "retrying": 1, "refused": 1, "waiting": 1}
