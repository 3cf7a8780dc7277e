"""The half of the frontier that remembers feeds and sitemaps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from tests_support.rows import NOON, add_feed, add_source

from crawler.discovery.span import Span
from crawler.frontier import Child, Discovery, FeedReading, FeedTask
from store.base import now
from store.crawling import FeedRow, PageRow
from store.database import Database
from store.feeds import BACKOFF as FEED_BACKOFF
from store.feeds import LONG_INDEX, MAX_DEPTH
from store.frontier import DatabaseFrontier, Policy
from store.polling import SECOND_LOOK, Pace

URL = "http://bao-mau.example/rss"


@pytest.fixture
def frontier(database: Database) -> DatabaseFrontier:
    """A frontier with one feed that is due."""
    with database.writing() as session:
        add_source(session)
        add_feed(session, URL, links="/tin", host="bao-mau.example")
    return DatabaseFrontier(database)


def feed(frontier: DatabaseFrontier, url: str = URL) -> FeedRow:
    with frontier.database.reading() as session:
        return session.scalars(select(FeedRow).where(FeedRow.url == url)).one()


def wait_of(row: FeedRow) -> float:
    assert row.next_check_at is not None
    return (row.next_check_at - now()).total_seconds()


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
    eager = DatabaseFrontier(frontier.database, every_feed=True, policy=Policy(pace=Pace(3600, 7200)))
    assert due(eager) == [URL, "http://bao-mau.example/later"]
    for task in eager.due_feeds():
        eager.feed_read(task, FeedReading(200))
    assert due(eager) == [], "once a run"
    assert 7190 < wait_of(feed(frontier)) <= 7200


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
    assert due(frontier) == [], "once a crawl"
    later = DatabaseFrontier(frontier.database)
    assert due(later) == [children[1].url], "the undated one may have changed, the old one has not"
    frontier.feed_read(task, FeedReading(200, children=[Child(children[0].url, "sitemap", new)]))
    assert children[0].url in due(later)


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


def test_when_an_answer_sets_the_next_check(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    items = [Discovery(f"http://bao-mau.example/{n}", published_at=now() - timedelta(hours=n)) for n in range(1, 21)]
    frontier.feed_read(task, FeedReading(200, items=items, ttl=900.0, moved_to="https://bao-mau.example/rss"))
    row = feed(frontier)
    assert (row.ttl_seconds, row.moved_to, row.rate) == (
        900.0,
        "https://bao-mau.example/rss",
        pytest.approx(1, abs=0.1),
    )
    assert wait_of(row) == pytest.approx(row.poll_seconds, abs=5) == pytest.approx(3 * 3600, rel=0.1)
    frontier.feed_read(task, FeedReading(304, unchanged=True))
    row = feed(frontier)
    assert (row.ttl_seconds, row.moved_to) == (900.0, None), "a 304 repeats no ttl; the address answers itself again"
    assert row.last_new_at == pytest.approx(now() - timedelta(hours=1), abs=timedelta(seconds=9))
    frontier.feed_read(task, FeedReading(200, ttl=1e9, items=items))
    assert wait_of(feed(frontier)) == pytest.approx(Pace().longest, abs=5)


def test_an_empty_list_is_asked_again_and_taught_nothing(frontier: DatabaseFrontier) -> None:
    frontier.feed_read(frontier.due_feeds()[0], FeedReading(200, children=[Child(f"{URL}/a.xml", "sitemap")]))
    row = feed(frontier)
    assert (row.last_new_at, row.gap_seconds) == (None, None)
    assert wait_of(row) == pytest.approx(SECOND_LOOK, abs=5)


def test_what_is_dated_ahead_is_not_the_newest(frontier: DatabaseFrontier) -> None:
    task, moment = frontier.due_feeds()[0], now() - timedelta(hours=1)
    items = [
        Discovery("http://bao-mau.example/le-hoi-sang-nam", published_at=now() + timedelta(days=300)),
        Discovery("http://bao-mau.example/1", published_at=moment),
    ]
    frontier.feed_read(task, FeedReading(200, items=items))
    assert feed(frontier).newest_item_at == moment


def test_nothing_can_be_done_for_a_resting_host_until_its_time(frontier: DatabaseFrontier) -> None:
    task = frontier.due_feeds()[0]
    frontier.feed_failed(task, "HTTP 503")
    with frontier.database.writing() as session:
        session.get_one(FeedRow, task.id).next_check_at = now() - timedelta(minutes=1)
    assert frontier.next_due_in() == 0.0
    frontier.host_busy("bao-mau.example", 600.0, "HTTP 429")
    assert due(frontier) == []
    assert frontier.next_due_in() == pytest.approx(600, abs=5), "a crawl would ask again and again until then"


def test_an_index_names_a_host_longer_than_any_column(frontier: DatabaseFrontier) -> None:
    host = ".".join(["a" * 60] * 4)
    child = Child(f"http://{host}/a.xml", "sitemap")
    frontier.feed_read(frontier.due_feeds()[0], FeedReading(200, children=[child]))
    assert child.url in due(frontier)
    frontier.host_busy(host, 60.0, "HTTP 429")
    assert child.url not in due(frontier)


def test_a_long_index_is_read_where_it_changed_of_late(frontier: DatabaseFrontier) -> None:
    task, long_ago = frontier.due_feeds()[0], now() - timedelta(days=100)
    old = [Child(f"http://bao-mau.example/{n}.xml", "sitemap", long_ago) for n in range(LONG_INDEX)]
    new = Child("http://bao-mau.example/new.xml", "sitemap", now() - timedelta(days=1))
    frontier.feed_read(task, FeedReading(200, children=[*old, new]))
    assert due(frontier) == [new.url]


DAYS = Span(date(2026, 3, 1), date(2026, 3, 31))
MAP = "http://bao-mau.example/sitemap.xml"


@pytest.fixture
def backfill(frontier: DatabaseFrontier) -> DatabaseFrontier:
    """A backfill of March, of an outlet with a sitemap that is not due, and a switched-off outlet."""
    with frontier.database.writing() as session:
        tomorrow = now() + timedelta(days=1)
        add_feed(session, MAP, kind="sitemap", etag='"1"', digest="d", rate=2.0, next_check_at=tomorrow)
        add_source(session, "dong", enabled=False)
        add_feed(session, "http://dong.example/sitemap.xml", kind="sitemap", source_id="dong", enabled=False)
    return DatabaseFrontier(frontier.database, span=DAYS)


def in_march(day: int, name: str = "tin") -> Discovery:
    return Discovery(f"http://bao-mau.example/{name}-{day}", published_at=datetime(2026, 3, day, tzinfo=UTC))


def test_a_backfill_reads_sitemaps_only_and_in_full(backfill: DatabaseFrontier) -> None:
    (task,) = backfill.due_feeds()
    assert (task.url, task.etag, task.last_modified, task.digest) == (MAP, None, None, None)
    before = feed(backfill, MAP)
    outside = Discovery("http://bao-mau.example/khac", published_at=NOON)
    assert backfill.feed_read(task, FeedReading(200, etag='"2"', items=[in_march(1), in_march(31), outside])) == 2
    row = feed(backfill, MAP)
    assert (row.etag, row.digest, row.rate, row.next_check_at) == ('"1"', "d", 2.0, before.next_check_at)
    assert backfill.counts["entries outside the span"] == 1
    assert due(backfill) == [], "once a backfill"
    assert [task.url[-3:] for task in backfill.due_pages(9, 9, [])] == ["n-1", "-31"]


def test_a_backfill_follows_an_index_where_it_may_lead(backfill: DatabaseFrontier) -> None:
    (task,) = backfill.due_feeds()
    children = [Child(f"http://bao-mau.example/sitemap-2026-{month}.xml", "sitemap") for month in ("02", "03", "04")]
    backfill.feed_read(task, FeedReading(200, children=children))
    (child,) = backfill.due_feeds()
    assert child.url == children[1].url
    backfill.feed_read(child, FeedReading(200, items=[in_march(2)]))
    assert due(backfill) == []
    assert child.url not in due(DatabaseFrontier(backfill.database)), "the rest of it is not for the next crawl"


def test_a_backfill_tries_again_and_then_ends(backfill: DatabaseFrontier) -> None:
    rss = FeedTask(1, "bao-mau", URL, "rss")
    backfill.feed_failed(rss, "HTTP 503")  # as a crawl left it: of no matter here
    with backfill.database.writing() as session:
        session.get_one(FeedRow, rss.id).next_check_at = now() - timedelta(hours=1)
    assert backfill.next_due_in() is None
    (task,) = backfill.due_feeds()
    backfill.feed_failed(task, "HTTP 503")
    assert due(backfill) == []
    assert backfill.next_due_in() == pytest.approx(FEED_BACKOFF[0] * 1.1, rel=0.15)
    with backfill.database.writing() as session:
        session.get_one(FeedRow, task.id).next_check_at = now()
    assert due(backfill) == [MAP]
    backfill.feed_read(task, FeedReading(200))
    assert (due(backfill), backfill.next_due_in()) == ([], None)
