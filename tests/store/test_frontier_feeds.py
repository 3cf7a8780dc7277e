"""The half of the frontier that remembers feeds and sitemaps."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests_support.rows import NOON, add_feed, add_source

from crawler.frontier import Child, Discovery, FeedReading, FeedTask
from store.base import now
from store.crawling import FeedRow, PageRow
from store.database import Database
from store.frontier import FEED_BACKOFF, MAX_DEPTH, DatabaseFrontier

URL = "http://bao-mau.example/rss"


@pytest.fixture
def frontier(database: Database) -> DatabaseFrontier:
    """A frontier with one feed that is due."""
    with database.writing() as session:
        add_source(session)
        add_feed(session, URL, links="/tin")
    return DatabaseFrontier(database)


def feed(frontier: DatabaseFrontier, url: str = URL) -> FeedRow:
    with frontier.database.reading() as session:
        return session.scalars(select(FeedRow).where(FeedRow.url == url)).one()


def due(frontier: DatabaseFrontier) -> list[str]:
    return [task.url for task in frontier.due_feeds()]


def test_an_answer_and_its_items_are_remembered_together(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    assert (task.url, task.kind, task.links, task.etag) == (URL, "rss", "/tin", None)
    item = Discovery("http://bao-mau.example/tin-1", "Tin", published_at=NOON)
    answer = FeedReading(200, etag='"1"', last_modified="Mon", digest="d", items=[item], problem="ill-formed")
    assert frontier.feed_read(task, answer) == 1
    row = feed(frontier)
    assert (row.etag, row.last_modified, row.digest, row.items) == ('"1"', "Mon", "d", 1)
    assert (row.newest_item_at, row.problem, row.failures) == (NOON, "ill-formed", 0)
    assert due(frontier) == []
    bad = Discovery("http://bao-mau.example/tin-2", modified_at=NOON.replace(tzinfo=None))
    with pytest.raises(Exception, match="without a zone"):
        frontier.feed_read(task, FeedReading(200, etag='"2"', items=[item, bad]))
    assert feed(frontier).etag == '"1"', "neither the items nor the validators"
    with frontier.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PageRow)) == 1


def test_a_304_changes_nothing_but_the_time(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    frontier.feed_read(task, FeedReading(200, etag='"1"', digest="d", items=[Discovery("http://bao-mau.example/1")]))
    before = feed(frontier)
    assert frontier.feed_read(task, FeedReading(304, unchanged=True)) == 0
    row = feed(frontier)
    assert (row.etag, row.digest, row.items, row.status) == ('"1"', "d", 1, 304)
    assert row.checked_at > before.checked_at
    assert frontier.counts == {"feeds read": 1, "feeds unchanged": 1, "pages discovered": 1}


def test_a_failing_feed_waits_longer_and_recovers(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    for failures in range(1, len(FEED_BACKOFF) + 3):
        frontier.feed_failed(task, "HTTP 503")
        row = feed(frontier)
        step = FEED_BACKOFF[min(failures, len(FEED_BACKOFF)) - 1]
        assert row.failures == failures
        assert step - 2 <= (row.next_check_at - now()).total_seconds() <= min(step * 1.2, 86_400)
    frontier.feed_read(task, FeedReading(304, unchanged=True))
    row = feed(frontier)
    assert (row.failures, row.problem) == (0, None)


def test_a_blemish_outlives_a_304(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    frontier.feed_read(task, FeedReading(200, problem="ill-formed"))
    frontier.feed_read(task, FeedReading(304, unchanged=True))
    assert feed(frontier).problem == "ill-formed"
    frontier.feed_read(task, FeedReading(200))
    assert feed(frontier).problem is None


def test_the_newest_item_is_the_newest_ever(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    for days in (0, -3):
        item = Discovery(f"http://bao-mau.example/{days}", published_at=NOON + timedelta(days=days))
        frontier.feed_read(task, FeedReading(200, items=[item, Discovery("http://bao-mau.example/x")]))
    assert feed(frontier).newest_item_at == NOON


def test_when_a_feed_is_due(frontier: DatabaseFrontier) -> None:
    with frontier.database.writing() as session:
        add_feed(session, "http://bao-mau.example/off", enabled=False)
        add_feed(session, "http://bao-mau.example/later", next_check_at=now() + timedelta(hours=1))
    assert due(frontier) == [URL]
    eager = DatabaseFrontier(frontier.database, every_feed=True, poll_minutes=60)
    assert due(eager) == [URL, "http://bao-mau.example/later"]
    for task in eager.due_feeds():
        eager.feed_read(task, FeedReading(200))
    assert due(eager) == [], "once a run"
    assert 3590 < (feed(frontier).next_check_at - now()).total_seconds() <= 3600


def test_the_children_of_an_index(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    old, new = now() - timedelta(days=3), now() + timedelta(minutes=1)
    children = [Child("http://bao-mau.example/a.xml", "sitemap", old), Child("http://bao-mau.example/b.xml", "sitemap")]
    frontier.feed_read(task, FeedReading(200, children=children))
    first, second = frontier.due_feeds()
    assert (first.url, first.depth, first.links, second.url) == (children[0].url, 1, "/tin", children[1].url)
    for child in (first, second):
        frontier.feed_read(child, FeedReading(200, items=[Discovery(child.url + "/1")]))
    assert due(frontier) == []
    assert feed(frontier, children[0].url).next_check_at is None, "a child waits to be named again"
    frontier.feed_read(task, FeedReading(200, children=children))
    assert due(frontier) == [children[1].url], "the undated one may have changed, the old one has not"
    frontier.feed_read(task, FeedReading(200, children=[Child(children[0].url, "sitemap", new)]))
    assert children[0].url in due(frontier)


def test_children_are_remembered_with_the_answer_or_not_at_all(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    naive = Discovery("http://bao-mau.example/1", modified_at=NOON.replace(tzinfo=None))
    with pytest.raises(Exception, match="without a zone"):
        frontier.feed_read(
            task, FeedReading(200, items=[naive], children=[Child("http://bao-mau.example/a.xml", "sitemap")])
        )
    assert due(frontier) == [URL]


def test_an_index_that_names_indexes_for_ever(frontier: DatabaseFrontier) -> None:
    for depth in range(MAX_DEPTH + 2):
        for task in frontier.due_feeds():
            child = Child(f"http://bao-mau.example/{depth}.xml", "sitemap")
            frontier.feed_read(task, FeedReading(200, children=[child]))
    with frontier.database.reading() as session:
        assert session.scalar(select(func.max(FeedRow.depth))) == MAX_DEPTH


def test_a_task_carries_the_last_validators(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    frontier.feed_read(task, FeedReading(200, etag='"1"', last_modified="Mon", digest="d"))
    frontier.feed_failed(FeedTask(task.id, "bao-mau", URL, "rss"), "HTTP 500")
    again = DatabaseFrontier(frontier.database, every_feed=True).due_feeds()[0]
    assert (again.etag, again.last_modified, again.digest) == ('"1"', "Mon", "d")
