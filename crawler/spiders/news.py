"""The one way a crawl goes: check due feeds, fetch the pages they list, tell the frontier how each ended."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery import READERS, NotAListing
from crawler.errors import FrontierError
from crawler.frontier import FeedTask, Frontier, PageReading, PageTask, Refusal
from crawler.middlewares.rest import HostResting
from crawler.middlewares.robots import RobotsUnreachable
from crawler.rest import retry_after
from crawler.spiders.answers import header, is_html, read_feed_answer
from crawler.spiders.dryrun import DryRunFrontier
from crawler.spiders.failures import NO_MEMORY, must_end, problem_of, refusal_of
from crawler.spiders.window import Window
from crawler.urls import host_of

# Every status but the redirects, which Scrapy follows, comes back to us to be recorded.
ANSWERS = [304, *range(400, 600)]
GONE = (404, 410)
BUSY = (408, 425, 429)
UNASKED = "HTTP 304, though we have nothing from before"
AHEAD = 8  # pages held for a host when there is no delay: its next one is at hand when one ends


class NewsSpider(Spider):
    """Fetches what a `Frontier` says is due. Without one (`scrapy crawl news -a url=...`) it prints what it finds."""

    name = "news"
    kinds: tuple[str, ...] = tuple(READERS)
    window: Window

    def __init__(
        self,
        frontier: Frontier | None = None,
        *,
        url: str = "",
        kind: str = "",
        linger: float = 30.0,
        stay: float = 0.0,
        **kwargs: Any,
    ) -> None:
        """How long (seconds) to stay when nothing is left to do: `stay` in any case, `linger` for a retry to be due."""
        super().__init__(**kwargs)
        self.frontier: Frontier = frontier or DryRunFrontier(url, kind or self.kinds[0], self.kinds)
        self.linger, self.until = linger, time.monotonic() + stay

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "NewsSpider":
        """Scrapy's way of making one; the window follows the politeness settings."""
        spider: NewsSpider = super().from_crawler(crawler, *args, **kwargs)
        polite = crawler.settings.getfloat("DOWNLOAD_DELAY") > 0
        one_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        spider.window = Window(crawler.settings.getint("CONCURRENT_REQUESTS"), one_host, 1 if polite else AHEAD)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yield requests as there is room for them, until nothing is due and nothing is under way."""
        try:
            while True:
                self._take()
                idle = True
                for task in self.window.ready():
                    idle = False
                    yield self._request(task)
                if not idle:
                    await asyncio.sleep(0)
                elif not self.window.empty():
                    await self.window.changed()
                elif not await self._lingered():
                    return
        except FrontierError as error:
            raise CloseSpider(f"{NO_MEMORY}: {error}") from error

    def _take(self) -> None:
        if self.window.feeds_wanted():
            self.window.hold_feeds(task for task in self.frontier.due_feeds() if task.kind in self.kinds)
        if self.window.pages_wanted():
            held = list(self.window.pages.values())
            self.window.hold_pages(self.frontier.due_pages(self.window.room(), self.window.ahead, held))

    async def _lingered(self) -> bool:
        wait = self.frontier.next_due_in()
        staying = time.monotonic() < self.until
        if not staying and (wait is None or wait > self.linger):
            return False
        await asyncio.sleep(1.0 if wait is None else max(0.05, min(wait, 1.0)))
        return True

    def _request(self, task: FeedTask | PageTask) -> Request:
        """A conditional request for a feed or a page; only pages are archived."""
        validators = {"If-None-Match": task.etag, "If-Modified-Since": task.last_modified}
        is_page = isinstance(task, PageTask)
        return Request(
            task.url,
            self.page_answered if is_page else self.feed_answered,
            headers={name: value for name, value in validators.items() if value},
            meta={"handle_httpstatus_list": ANSWERS, "archive": is_page},
            cb_kwargs={"task": task},
            errback=self.page_broke if is_page else self.feed_broke,
        )

    def feed_answered(self, response: Response, task: FeedTask) -> None:
        """Read a feed's answer and remember it."""
        self.window.remove(task)
        with must_end():
            problem = _no_answer(response, task) or self._read(response, task)
            if problem:
                self.frontier.feed_failed(task, problem, retry_after(response))

    def _read(self, response: Response, task: FeedTask) -> str | None:
        """Remember what a feed's answer says; or tell why it says nothing."""
        try:
            reading = read_feed_answer(response, task)
            self.frontier.feed_read(task, reading)
        except FrontierError:
            raise
        except NotAListing as problem:
            return str(problem)
        except Exception as error:  # an accident of ours; unrecorded, it would leave the feed due for ever
            self.logger.exception("reading %s", task.url)
            return f"unreadable: {type(error).__name__}: {error}"[:300]
        return None

    def page_answered(self, response: Response, task: PageTask) -> None:
        """Remember a page's answer: fetched, as it was, to be retried, or refused."""
        self.window.remove(task)
        with must_end():
            try:
                self._remember(response, task)
            except FrontierError:
                raise
            except Exception as error:  # an accident of ours; unrecorded, the page would be fetched again at once
                self.logger.exception("remembering %s", task.url)
                self.frontier.page_failed(task, f"answered, but not remembered: {type(error).__name__}")

    def _remember(self, response: Response, task: PageTask) -> None:
        status, record = response.status, response.meta.get("record")
        if _unasked(response, task):
            return self.frontier.page_failed(task, UNASKED)
        if status == 304:
            return self.frontier.page_unchanged(task)
        if status in BUSY or status >= 500:
            return self.frontier.page_failed(task, f"HTTP {status}", retry_after(response))
        if status in GONE and record:
            return self.frontier.page_read(task, PageReading(status, response.url, "", record))
        if status >= 400:
            return self.frontier.page_refused(task, Refusal.HTTP_ERROR, f"HTTP {status}")
        kind = header(response, "Content-Type", 200) or ""
        if not is_html(response, kind):
            return self.frontier.page_refused(task, Refusal.NOT_HTML, kind or "no content type")
        if record is None:
            return self.frontier.page_failed(task, "answered, but nothing was archived")
        validators = header(response, "ETag"), header(response, "Last-Modified", 100)
        return self.frontier.page_read(task, PageReading(status, response.url, kind, record, *validators))

    def feed_broke(self, failure: Failure) -> None:
        """A feed gave no answer."""
        task: FeedTask = failure.request.cb_kwargs["task"]  # type: ignore[attr-defined]
        self.window.remove(task)
        with must_end(failure):
            if not self._rests(failure, task.url):
                self.frontier.feed_failed(task, problem_of(failure), _rest_of(failure))

    def page_broke(self, failure: Failure) -> None:
        """A page gave no answer: refused for a reason that will not pass, or to be retried."""
        task: PageTask = failure.request.cb_kwargs["task"]  # type: ignore[attr-defined]
        self.window.remove(task)
        with must_end(failure):
            refusal = refusal_of(failure, task)
            if refusal is not None:
                self.frontier.page_refused(task, *refusal)
            elif not self._rests(failure, task.url):
                self.frontier.page_failed(task, problem_of(failure), _rest_of(failure))

    def _rests(self, failure: Failure, url: str) -> bool:
        """Whether a task's own host asks for rest: the frontier knows, and names the task again when it is over."""
        host = host_of(url)
        if not isinstance(failure.value, HostResting) or failure.value.host != host:
            return False
        self.window.drop(host)
        return True


def _no_answer(response: Response, task: FeedTask) -> str | None:
    return f"HTTP {response.status}" if response.status >= 400 else UNASKED if _unasked(response, task) else None


def _unasked(response: Response, task: FeedTask | PageTask) -> bool:
    """Whether an answer says "as it was" although we said nothing of how it was: there is nothing to go by."""
    return response.status == 304 and not (task.etag or task.last_modified)


def _rest_of(failure: Failure) -> float | None:
    return failure.value.seconds if isinstance(failure.value, HostResting | RobotsUnreachable) else None
