"""What the spider makes of answers and failures, told to a frontier in a real database."""

import errno
import os
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import CloseSpider, DownloadCancelledError, IgnoreRequest
from scrapy.http import HtmlResponse, Response
from sqlalchemy import select
from tests_support.rows import add_feed, add_page, add_source
from twisted.python.failure import Failure

from crawler import guard
from crawler.errors import FrontierError
from crawler.frontier import ArchivedRecord, FeedTask, PageTask, Refusal
from crawler.middlewares.guard import Refused
from crawler.middlewares.rest import HostResting
from crawler.middlewares.robots import RobotsUnreachable
from crawler.spiders.failures import must_end, problem_of, refusal_of
from crawler.spiders.news import UNASKED, NewsSpider
from crawler.spiders.window import Window
from store.crawling import FeedRow, PageRow
from store.database import Database
from store.frontier import DatabaseFrontier

HOST = "supersize-redirect.example"
PAGE = PageTask(1, "bao-mau", f"http://{HOST}/1", HOST)
FEED = FeedTask(1, "bao-mau", f"http://{HOST}/rss", "rss")


def failed(error: BaseException, url: str = PAGE.url, **meta: Any) -> Failure:
    failure = Failure(error)
    failure.request = Request(url, **meta)  # type: ignore[attr-defined]
    return failure


def robots_unreachable() -> RobotsUnreachable:
    return RobotsUnreachable(f"http://{HOST}", 9.0)


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (Refused(Refusal.ROBOTS, "x"), (Refusal.ROBOTS, "x")),
        (DownloadCancelledError(), (Refusal.TOO_LARGE, "")),
        (IgnoreRequest("max redirections reached"), (Refusal.TOO_MANY_REDIRECTS, "")),
        (IgnoreRequest("body exceeds 9"), (Refusal.TOO_LARGE, "body exceeds 9")),
        (HostResting(HOST, 9.0), None),
        (robots_unreachable(), None),
        (TimeoutError("slow"), None),
        (OSError(errno.ECONNRESET, "reset"), None),
    ],
)
def test_what_will_not_pass(error: Exception, refusal: tuple[Refusal, str] | None) -> None:
    assert refusal_of(failed(error), PAGE) == refusal


def test_a_name_that_led_to_a_forbidden_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "refused_names", guard.refused_names)
    guard.refused_names.add("intern.example")
    try:
        failure = failed(TimeoutError("no address"), "http://intern.example/")
        assert refusal_of(failure, PAGE) == (Refusal.PRIVATE_ADDRESS, HOST)
    finally:
        guard.refused_names.discard("intern.example")


def test_a_problem_is_one_line_that_any_database_takes() -> None:
    said = problem_of(failed(ValueError("bad\x00 header \ud800\nsecond line" + "x" * 999)))
    assert said == "ValueError: bad header "
    assert len(problem_of(failed(ValueError("x" * 999)))) == 300


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_full_disk_ends_the_crawl(number: int) -> None:
    error, recorded = OSError(number, os.strerror(number)), False
    with pytest.raises(CloseSpider) as ended, must_end(failed(error)):
        recorded = True
    assert (ended.value.reason, recorded) == (f"the archive cannot be written: {os.strerror(number)}", False)


def test_a_lost_memory_ends_the_crawl() -> None:
    with pytest.raises(CloseSpider) as ended, must_end(failed(FrontierError("lost"))):
        pass
    assert ended.value.reason == "the crawl cannot go on: lost"
    with pytest.raises(CloseSpider) as ended, must_end():
        raise FrontierError("lost")
    assert ended.value.reason == "the crawl cannot go on: lost"
    with must_end(failed(TimeoutError())):
        recorded = True
    assert recorded


@pytest.fixture
def spider(database: Database) -> NewsSpider:
    """A spider with a page and a feed of its frontier under way."""
    with database.writing() as session:
        add_source(session)
        add_feed(session, FEED.url, host=HOST)
        row = add_page(session, "1", state="waiting", warc_file=None)
        row.url, row.host = PAGE.url, PAGE.host
    made = NewsSpider(DatabaseFrontier(database))
    made.window = Window(9, 9)
    made.window.hold_pages([PAGE])
    made.window.hold_feeds([FEED])
    assert len(list(made.window.ready())) == 2
    return made


def page_of(spider: NewsSpider) -> PageRow:
    assert isinstance(spider.frontier, DatabaseFrontier)
    with spider.frontier.database.reading() as session:
        return session.scalars(select(PageRow)).one()


def feed_of(spider: NewsSpider) -> FeedRow:
    assert isinstance(spider.frontier, DatabaseFrontier)
    with spider.frontier.database.reading() as session:
        return session.scalars(select(FeedRow)).one()


def answer(url: str, status: int = 200, **headers: str) -> Response:
    meta = {"record": ArchivedRecord("a.warc.gz", 5, 10, "d")}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(url, meta=meta)
    return HtmlResponse(url, status, headers={"Content-Type": "text/html"} | names, body=b"<html>", request=request)


def test_as_it_was_without_anything_from_before_is_no_answer(spider: NewsSpider) -> None:
    spider.page_answered(answer(PAGE.url, 304), PAGE)
    spider.feed_answered(answer(FEED.url, 304), FEED)
    row, feed = page_of(spider), feed_of(spider)
    assert (row.state, row.reason, row.warc_file) == ("retrying", UNASKED, None), "fetched means that it can be read"
    assert (feed.failures, feed.problem) == (1, UNASKED)


def test_validators_that_no_database_takes(spider: NewsSpider) -> None:
    spider.page_answered(answer(PAGE.url, ETag='"a\x00b"', Last_Modified="M\x00on"), PAGE)
    row = page_of(spider)
    assert (row.state, row.etag, row.last_modified) == ("fetched", '"ab"', "Mon")


def test_an_accident_while_remembering_is_the_pages_failure(
    spider: NewsSpider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def accident(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(spider.frontier, "page_read", accident)
    monkeypatch.setattr(spider.frontier, "feed_read", accident)
    spider.page_answered(answer(PAGE.url), PAGE)
    feed = Response(
        FEED.url, body=b'<rss version="2.0"><channel><item><link>http://a.example/</link></item></channel></rss>'
    )
    feed.request = Request(FEED.url)
    spider.feed_answered(feed, FEED)
    assert (page_of(spider).state, page_of(spider).reason) == ("retrying", "answered, but not remembered: KeyError")
    assert feed_of(spider).problem == "unreadable: KeyError: 'x'"
    assert spider.window.empty()
    assert len(caplog.records) == 2


def test_a_lost_memory_is_nobodys_failure(spider: NewsSpider, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise FrontierError("the database is lost")

    monkeypatch.setattr(spider.frontier, "page_read", lost)
    with pytest.raises(CloseSpider) as ended:
        spider.page_answered(answer(PAGE.url), PAGE)
    assert ended.value.reason == "the crawl cannot go on: the database is lost"
    assert (page_of(spider).state, page_of(spider).attempts) == ("waiting", 0)


def test_a_host_that_rests_is_let_go(spider: NewsSpider) -> None:
    spider.window.hold_pages([PageTask(2, "bao-mau", f"http://{HOST}/2", HOST)])
    spider.page_broke(failed(HostResting(HOST, 60.0), cb_kwargs={"task": PAGE}))
    assert (page_of(spider).state, page_of(spider).attempts) == ("waiting", 0), "it asked for rest, it did not fail"
    assert spider.window.pages == {}, "what was held for it, too"
    other = HostResting("elsewhere.example", 60.0)
    spider.feed_broke(failed(other, cb_kwargs={"task": FEED}))
    assert (feed_of(spider).failures, page_of(spider).state) == (1, "waiting"), "another host's rest is a failure"


def test_a_refusal_with_what_no_database_takes(spider: NewsSpider) -> None:
    spider.page_broke(failed(Refused(Refusal.BAD_URL, "redirect to \x00"), cb_kwargs={"task": PAGE}))
    assert page_of(spider).reason == "not an http(s) URL we can fetch (redirect to \ufffd)"
