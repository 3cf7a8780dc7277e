from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from tests_support.rows import add_feed, add_page, add_source

from crawler.frontier import Discovery, FeedReading
from store.base import now
from store.crawling import FeedRow, HostRow, SourceRow
from store.database import Database
from store.frontier import DatabaseFrontier
from store.health import DAYS, FEWEST, SEEN_DAYS, Trouble, daily_yields, troubles

URL = "http://bao-mau.example/rss"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def frontier(database: Database) -> DatabaseFrontier:
    """An outlet whose feed was read an hour ago, in good health."""
    with database.writing() as session:
        add_source(session)
        add_feed(session, URL, host="bao-mau.example", next_check_at=now())
    crawl = DatabaseFrontier(database)
    assert answered(crawl) == []
    return crawl


def answered(frontier: DatabaseFrontier, count: int = 20, **values: Any) -> list[str]:
    """Its answer of now, with an article every hour; returns the kinds of trouble after it."""
    (task,) = DatabaseFrontier(frontier.database, every_feed=True).due_feeds()
    moment = now()
    items = [Discovery(f"{URL}/{n}", "Tin", moment - n * HOUR) for n in range(1, count + 1)]
    frontier.feed_read(task, FeedReading(**{"status": 200, "items": items} | values))
    return kinds(frontier)


def found(frontier: DatabaseFrontier) -> list[Trouble]:
    with frontier.database.reading() as session:
        return troubles(session)


def kinds(frontier: DatabaseFrontier) -> list[str]:
    return [trouble.kind for trouble in found(frontier)]


def change(frontier: DatabaseFrontier, **values: Any) -> None:
    with frontier.database.writing() as session:
        feed = session.scalars(select(FeedRow)).one()
        for name, value in values.items():
            setattr(feed, name, value)


def test_a_feed_that_fails_and_recovers(frontier: DatabaseFrontier) -> None:
    (task,) = DatabaseFrontier(frontier.database, every_feed=True).due_feeds()
    frontier.feed_failed(task, "HTTP 503")
    frontier.feed_failed(task, "HTTP 404")
    (trouble,) = found(frontier)
    assert (trouble.kind, trouble.source, trouble.url, trouble.failures) == ("failing", "bao-mau", URL, 2)
    assert (trouble.reason, trouble.serious) == ("HTTP 404", True)
    assert trouble.since is not None
    assert answered(frontier) == []


def test_a_feed_that_falls_silent_and_speaks_again(frontier: DatabaseFrontier) -> None:
    with frontier.database.reading() as session:
        usual = timedelta(seconds=session.scalars(select(FeedRow.gap_seconds)).one() or 0)
    change(frontier, last_new_at=now() - 1.9 * usual)
    assert kinds(frontier) == []
    since = now() - 2.1 * usual
    change(frontier, last_new_at=since)
    (trouble,) = found(frontier)
    assert (trouble.kind, trouble.since, trouble.serious) == ("silent", since, True)
    assert trouble.reason == f"nothing new; usually something within {usual / HOUR:.0f} h"
    change(frontier, failures=1)
    assert kinds(frontier) == ["failing"], "one reason is enough"
    assert answered(frontier, 21) == []


def test_a_feed_that_moved(frontier: DatabaseFrontier) -> None:
    assert answered(frontier, moved_to="https://bao-mau.example/rss") == ["moved"]
    assert "https://bao-mau.example/rss" in found(frontier)[0].reason
    assert answered(frontier) == []


def test_a_feed_of_another_shape(frontier: DatabaseFrontier) -> None:
    for _ in range(3):
        assert answered(frontier) == []
    assert answered(frontier, 1) == ["changed"]
    assert found(frontier)[0].reason == "1 items, usually 20"
    assert answered(frontier) == []


def test_a_blemish_is_not_serious(frontier: DatabaseFrontier) -> None:
    assert answered(frontier, problem="not well-formed") == ["blemish"]
    assert not found(frontier)[0].serious
    assert answered(frontier) == []


def test_a_feed_that_nobody_checks(frontier: DatabaseFrontier) -> None:
    change(frontier, next_check_at=now() - 5 * HOUR)
    assert kinds(frontier) == []
    change(frontier, next_check_at=now() - 7 * HOUR)
    assert kinds(frontier) == ["late"]
    frontier.host_busy("bao-mau.example", 3600.0, "HTTP 429")
    assert kinds(frontier) == ["resting"], "that is why"
    change(frontier, enabled=False)
    assert "late" not in kinds(frontier)


def test_hosts_that_rest_and_certificates(frontier: DatabaseFrontier) -> None:
    with frontier.database.writing() as session:
        add_feed(session, f"{URL}/2", host="bao-mau.example", next_check_at=None)
        session.get_one(SourceRow, "bao-mau").tls_reason = "expired in May"
    frontier.host_busy("bao-mau.example", 7200.0, "HTTP 429")
    assert [(trouble.kind, trouble.reason, trouble.serious) for trouble in found(frontier)] == [
        ("resting", "bao-mau.example: HTTP 429; 2 h left", False),
        ("tls", "certificate not verified: expired in May", False),
    ]
    with frontier.database.writing() as session:
        session.get_one(HostRow, "bao-mau.example").busy_until = now() - HOUR
        session.get_one(SourceRow, "bao-mau").tls_reason = ""
    assert kinds(frontier) == []


def yielded(frontier: DatabaseFrontier, *days: int, source: str = "bao-mau") -> None:
    """New pages of the last 24 hours, and of the days before them."""
    with frontier.database.writing() as session:
        for number, count in enumerate(days):
            for place in range(count):
                moment = now() - (number + (place + 0.5) / count) * DAY
                add_page(session, f"{number}-{place}", source, discovered_at=moment)


USUAL = [8, 12, 9, 10, 11, 8, 10]


@pytest.mark.parametrize(
    ("today", "before", "says"),
    [
        (3, USUAL, "yield"),
        (0, USUAL, "yield"),
        (4, USUAL, None),
        (36, USUAL, None),
        (37, USUAL, "flood"),
        (0, USUAL[: SEEN_DAYS - 1], None),
        (0, [FEWEST - 1, *USUAL], None),
        (3, [*USUAL, 0, 0, 9], "yield"),
    ],
)
def test_an_outlet_of_unusual_yield(
    sqlite_database: Database, today: int, before: Sequence[int], says: str | None
) -> None:
    with sqlite_database.writing() as session:
        add_source(session)
    crawl = DatabaseFrontier(sqlite_database)
    yielded(crawl, today, *before)
    assert kinds(crawl) == ([says] if says else [])
    if says and today:
        assert found(crawl)[0].reason.startswith(f"{today} new pages in the last 24 hours, usually ")


def test_yields_by_day(frontier: DatabaseFrontier) -> None:
    with frontier.database.writing() as session:
        add_source(session, "bao-khac")
        add_source(session, "dong", enabled=False)
        add_page(session, "1", "dong", discovered_at=now())
        add_page(session, "old", "bao-khac", discovered_at=now() - (DAYS + 2) * DAY)
        add_page(session, "ahead", "bao-khac", discovered_at=now() + HOUR)
    days = [3, 0, 2, *[0] * (DAYS - 3), 4]
    yielded(frontier, *days, source="bao-khac")
    with frontier.database.reading() as session:
        known = daily_yields(session)
    assert set(known) == {"bao-mau", "bao-khac"}
    assert list(known["bao-khac"]) == [4, *days[1:]], "a clock that was wrong is of today"
    assert list(known["bao-mau"]) == [20, *[0] * DAYS]


def test_serious_things_first(frontier: DatabaseFrontier) -> None:
    assert answered(frontier, problem="x", moved_to="https://bao-mau.example/") == ["moved", "blemish"]


def test_an_index_of_sitemaps_is_never_silent(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        add_feed(session, kind="sitemap", next_check_at=now())
    crawl = DatabaseFrontier(database)
    assert answered(crawl, 0) == []
    change(crawl, checked_at=now() - 30 * DAY, next_check_at=now())
    assert answered(crawl, 0) == []
