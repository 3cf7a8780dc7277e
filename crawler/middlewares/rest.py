"""Lets hosts rest that ask for it: no request goes out to one before its time, whoever makes it."""

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.frontier import Frontier
from crawler.rest import rest_wanted, rests_of
from crawler.urls import host_of


class HostResting(IgnoreRequest):
    """A request that did not go out: its host (of the redirect's target, if it was one) rests for `seconds` more."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} asked to be left alone for {seconds:.0f} s more")
        self.host, self.seconds = host, seconds


class RestMiddleware:
    """Stands closest to the network: robots.txt and redirects pass here too, and a page after it waited for robots."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.rests = rests_of(crawler)
        self.frontier: Frontier | None = getattr(crawler.spider, "frontier", None)
        if self.frontier is not None:
            self.rests.recall(self.frontier.busy_hosts())

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RestMiddleware":
        """Scrapy's way of making one."""
        made = cls(crawler)
        crawler.signals.connect(made.answered, signals.response_downloaded)
        return made

    def process_request(self, request: Request) -> None:
        """Hold a request back.

        Raises
        ------
        HostResting
            The host is to be left alone.
        """
        host = host_of(request.url)
        # A redirected request brings the slot of the host it came from: it would go out beside this host's own request
        # and without its delay.
        request.meta["download_slot"] = host
        left = self.rests.left(host)
        if left > 0:
            raise HostResting(host, left)

    def answered(self, request: Request, response: Response) -> None:
        """Note a wish to rest at once: Scrapy sends the host's next request before `process_response` is called."""
        wanted = rest_wanted(response)
        host = host_of(request.url)
        if wanted and self.rests.note(host, wanted):
            assert self.crawler.engine is not None  # noqa: S101 - it answered
            slot = self.crawler.engine.downloader.slots.get(host)
            if slot is not None:
                send_back(slot, HostResting(host, self.rests.left(host)))

    def process_response(self, request: Request, response: Response) -> Response:
        """Make the wish outlast this run. Here and not in `answered`: a signal's receiver cannot fail a request."""
        wanted = rest_wanted(response)
        if wanted and self.frontier is not None:
            host = host_of(request.url)
            self.frontier.host_busy(host, self.rests.left(host), f"HTTP {response.status}")
        return response


def send_back(slot: Slot, reason: Exception) -> None:
    """Fail what waits in a downloader slot and has not gone out yet."""
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(Failure(reason))  # type: ignore[no-untyped-call]
