"""What hosts ask of a crawl outlives it: every check here is made by a frontier that was opened later."""

from datetime import timedelta

import pytest
from tests_support.rows import add_feed, add_page, add_source

from crawler.frontier import RobotsAnswer
from store.base import now
from store.crawling import HostRow
from store.database import Database
from store.frontier import DatabaseFrontier
from store.hosts import rest_host

BUSY, FREE = "bao-mau.example", "bao-khac.example"


@pytest.fixture
def database(database: Database) -> Database:
    """Two outlets, each with a feed and a page that are due."""
    with database.writing() as session:
        for host in (BUSY, FREE):
            source_id = host.removesuffix(".example")
            add_source(session, source_id)
            add_feed(session, f"http://{host}/rss", source_id=source_id, host=host)
            add_page(session, "1", source_id, state="waiting", warc_file=None)
    return database


def hosts_due(database: Database) -> tuple[list[str], list[str]]:
    frontier = DatabaseFrontier(database)
    return [task.source_id for task in frontier.due_feeds()], [task.host for task in frontier.due_pages(9, 9, [])]


def test_a_host_that_rests_is_left_alone_until_its_time(database: Database) -> None:
    assert hosts_due(database) == (["bao-mau", "bao-khac"], [BUSY, FREE])
    DatabaseFrontier(database).host_busy(BUSY, 600.0, "HTTP 429")
    assert hosts_due(database) == (["bao-khac"], [FREE])
    assert [task.source_id for task in DatabaseFrontier(database, every_feed=True).due_feeds()] == ["bao-khac"]
    later = DatabaseFrontier(database)
    assert later.busy_hosts() == {BUSY: pytest.approx(600, abs=5)}
    later.page_failed(later.due_pages(1, 1, [])[0], "HTTP 500", 3600)
    assert later.next_due_in() == pytest.approx(600, abs=5), "the rest ends before the other's retry"
    with database.writing() as session:
        session.get_one(HostRow, BUSY).busy_until = now() - timedelta(seconds=1)
    assert hosts_due(database) == (["bao-mau", "bao-khac"], [BUSY])
    assert (later.busy_hosts(), later.next_due_in()) == ({}, 0.0)
    with database.reading() as session:
        assert session.get(HostRow, BUSY) is None, "a rest that is over is forgotten"


def test_the_longer_rest_stays(database: Database) -> None:
    frontier = DatabaseFrontier(database)
    for seconds, reason in ((60.0, "short"), (3600.0, "long"), (5.0, "shorter"), (3500.0, "x" * 999)):
        frontier.host_busy(BUSY, seconds, reason)
    assert DatabaseFrontier(database).busy_hosts() == {BUSY: pytest.approx(3600, abs=5)}
    with database.reading() as session:
        assert session.get_one(HostRow, BUSY).reason == "long"
    assert frontier.counts["hosts that asked for rest"] == 4


def test_only_the_rest_of_the_asked_sources_is_waited_for(database: Database) -> None:
    with database.writing() as session:
        rest_host(session, BUSY, 600.0, "HTTP 429")
        rest_host(session, "elsewhere.example", 6.0, "HTTP 429")
    assert DatabaseFrontier(database, sources=["bao-mau"]).next_due_in() == pytest.approx(600, abs=5)
    assert DatabaseFrontier(database, sources=["nobody"]).next_due_in() is None


def test_robots_are_kept_as_they_were_answered(database: Database) -> None:
    site, moment = f"https://{BUSY}:443", now()
    assert DatabaseFrontier(database).robots_known(site) is None
    for answer in (
        RobotsAnswer(site, 200, "User-agent: *\nDisallow: /tìm\U0001f600", moment),
        RobotsAnswer(site, None, "", moment + timedelta(hours=1)),
        RobotsAnswer(site, 404, "x" * 512_000, moment + timedelta(hours=2)),
    ):
        DatabaseFrontier(database).robots_read(answer)
        assert DatabaseFrontier(database).robots_known(site) == answer
    DatabaseFrontier(database).robots_read(RobotsAnswer(site, 200, "Disallow: /a\x00b", moment))
    known = DatabaseFrontier(database).robots_known(site)
    assert known is not None
    assert known.body == "Disallow: /a\ufffdb", "PostgreSQL takes no NUL"
    assert DatabaseFrontier(database).robots_known(f"http://{BUSY}:80") is None, "each site has its own"
