"""The one way a crawl goes: check due feeds, fetch the pages they list, tell the frontier how each ended."""

import asyncio
import errno
import hashlib
import re
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery import READERS, NotAListing
from crawler.frontier import FeedReading, FeedTask, Frontier, PageReading, PageTask, Refusal
from crawler.guard import refused_names
from crawler.middlewares.guard import Refused
from crawler.spiders.answers import is_html, retry_after
from crawler.spiders.dryrun import DryRunFrontier
from crawler.spiders.window import Window
from crawler.urls import host_of

# Every status but the redirects, which Scrapy follows, comes back to us to be recorded.
ANSWERS = [304, *range(400, 600)]
GONE = (404, 410)
BUSY = (408, 425, 429)
NO_ARCHIVE = "the archive cannot be written"
DISK_TROUBLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)


class NewsSpider(Spider):
    """Fetches what a `Frontier` says is due. Without one (`scrapy crawl news -a url=...`) it prints what it finds."""

    name = "news"
    kinds: tuple[str, ...] = tuple(READERS)

    def __init__(
        self,
        frontier: Frontier | None = None,
        *,
        url: str = "",
        kind: str = "",
        linger: float = 30.0,
        **kwargs: Any,
    ) -> None:
        """`linger`: how long (seconds) to stay for a retry that will be due, when nothing else is left to do."""
        super().__init__(**kwargs)
        self.frontier: Frontier = frontier or DryRunFrontier(url, kind or self.kinds[0], self.kinds)
        self.linger = linger

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "NewsSpider":
        """Scrapy's way of making one; the window follows the politeness settings."""
        spider: NewsSpider = super().from_crawler(crawler, *args, **kwargs)
        polite = crawler.settings.getfloat("DOWNLOAD_DELAY") > 0
        one_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        # With no delay a host's next page should be at hand when one ends; with one, waiting pages only take up room.
        spider.window = Window(crawler.settings.getint("CONCURRENT_REQUESTS"), one_host if polite else 8 * one_host)
        return spider

    window: Window

    async def start(self) -> AsyncIterator[Any]:
        """Yield requests as there is room for them, until nothing is due and nothing is under way."""
        while True:
            idle = True
            if self.window.empty() or self.window.feeds_wanted():
                self.window.queue(task for task in self.frontier.due_feeds() if task.kind in self.kinds)
            for task in self.window.ready_feeds():
                idle = False
                yield self._feed_request(task)
            if self.window.pages_wanted():
                pages = self.frontier.due_pages(self.window.room(), self.window.per_host, self.window.pages)
                for page in self.window.take(pages):
                    idle = False
                    yield self._page_request(page)
            if not idle:
                await asyncio.sleep(0)
                continue
            if self.window.empty():
                wait = self.frontier.next_due_in()
                if wait is None or wait > self.linger:
                    return
                await asyncio.sleep(max(0.05, min(wait, 1.0)))
            else:
                await self.window.changed()

    def _feed_request(self, task: FeedTask) -> Request:
        headers = {}
        if task.etag:
            headers["If-None-Match"] = task.etag
        if task.last_modified:
            headers["If-Modified-Since"] = task.last_modified
        meta = {"handle_httpstatus_list": ANSWERS}
        return Request(
            task.url, self.feed_answered, headers=headers, meta=meta, cb_kwargs={"task": task}, errback=self.feed_broke
        )

    def _page_request(self, task: PageTask) -> Request:
        meta = {"handle_httpstatus_list": ANSWERS, "archive": True}
        return Request(task.url, self.page_answered, meta=meta, cb_kwargs={"task": task}, errback=self.page_broke)

    def feed_answered(self, response: Response, task: FeedTask) -> None:
        """Read a feed's answer and remember it."""
        self.window.remove(task)
        if response.status != 304 and response.status >= 400:
            return self.frontier.feed_failed(task, f"HTTP {response.status}", retry_after(response))
        digest = hashlib.sha256(response.body).hexdigest()
        if response.status == 304 or digest == task.digest:
            validators = (task.etag, task.last_modified) if response.status == 304 else _validators(response)
            reading = FeedReading(response.status, unchanged=True, etag=validators[0], last_modified=validators[1])
            self.frontier.feed_read(task, reading)
            return None
        try:
            listing = READERS[task.kind](response.body, response.url, task.links)
        except NotAListing as problem:
            return self.frontier.feed_failed(task, str(problem))
        except Exception as error:  # a reader's accident; unrecorded, it would leave the feed due for ever
            self.logger.exception("reading %s", task.url)
            return self.frontier.feed_failed(task, f"unreadable: {type(error).__name__}: {error}"[:300])
        etag, modified = _validators(response)
        self.frontier.feed_read(
            task,
            FeedReading(
                response.status,
                etag=etag,
                last_modified=modified,
                digest=digest,
                items=listing.items,
                children=listing.children,
                problem=listing.problem,
            ),
        )
        return None

    def page_answered(self, response: Response, task: PageTask) -> None:
        """Remember a page's answer: fetched, to be retried, or refused."""
        self.window.remove(task)
        status = response.status
        record = response.meta.get("record")
        if status in BUSY or status >= 500:
            return self.frontier.page_failed(task, f"HTTP {status}", retry_after(response))
        if status in GONE and record:
            reading = PageReading(status, response.url, "", record)
            return self.frontier.page_read(task, reading)
        if status >= 400:
            return self.frontier.page_refused(task, Refusal.HTTP_ERROR, f"HTTP {status}")
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")[:200]
        if not is_html(response, content_type):
            return self.frontier.page_refused(task, Refusal.NOT_HTML, content_type or "no content type")
        if record is None:
            return self.frontier.page_failed(task, "answered, but nothing was archived")
        return self.frontier.page_read(task, PageReading(status, response.url, content_type, record))

    def feed_broke(self, failure: Failure) -> None:
        """A feed gave no answer."""
        task: FeedTask = failure.request.cb_kwargs["task"]  # type: ignore[attr-defined]
        self.window.remove(task)
        self._must_go_on(failure)
        self.frontier.feed_failed(task, _problem(failure))

    def page_broke(self, failure: Failure) -> None:
        """A page gave no answer: refused for a reason that will not pass, or to be retried."""
        task: PageTask = failure.request.cb_kwargs["task"]  # type: ignore[attr-defined]
        self.window.remove(task)
        self._must_go_on(failure)
        error = failure.value
        if isinstance(error, Refused):
            return self.frontier.page_refused(task, error.reason, error.detail)
        if host_of(failure.request.url) in refused_names:  # type: ignore[attr-defined]
            return self.frontier.page_refused(task, Refusal.PRIVATE_ADDRESS, host_of(task.url))
        if isinstance(error, DownloadCancelledError):
            return self.frontier.page_refused(task, Refusal.TOO_LARGE)
        if isinstance(error, IgnoreRequest) and "redirect" in str(error):
            return self.frontier.page_refused(task, Refusal.TOO_MANY_REDIRECTS)
        if isinstance(error, IgnoreRequest) and re.search(r"exceed|larger|size", str(error)):
            return self.frontier.page_refused(task, Refusal.TOO_LARGE, str(error)[:200])
        return self.frontier.page_failed(task, _problem(failure))

    def _must_go_on(self, failure: Failure) -> None:
        # A full disk is not the page's fault: stop, keep the page as it was, and let the operator see why.
        if isinstance(failure.value, OSError) and failure.value.errno in DISK_TROUBLE:
            raise CloseSpider(f"{NO_ARCHIVE}: {failure.value.strerror}")


def _validators(response: Response) -> tuple[str | None, str | None]:
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    return (etag.decode("latin-1")[:500] if etag else None, modified.decode("latin-1")[:100] if modified else None)


def _problem(failure: Failure) -> str:
    name = type(failure.value).__name__
    return f"{name}: {failure.getErrorMessage()}".splitlines()[0][:300]
