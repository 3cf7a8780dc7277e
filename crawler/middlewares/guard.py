"""Stops requests that should not even be tried: other schemes, forbidden literal addresses."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.frontier import Refusal
from crawler.guard import refused_host
from crawler.urls import fetchable


class Refused(IgnoreRequest):
    """A request we will not make. Raised by the middlewares; the spider's errback records `reason`."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason, self.detail = reason, detail


class GuardMiddleware:
    """The early half of the SSRF guard; the half that cannot be got round is `crawler.guard.GuardedResolver`."""

    def __init__(self, opened: list[str]) -> None:
        self.opened = opened

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        """Scrapy's way of making one."""
        return cls(crawler.settings.getlist("GUARD_OPENED"))

    def process_request(self, request: Request) -> None:
        """Refuse what is not an http(s) URL, and what names a forbidden address outright.

        A redirect comes through here again as a new request.
        """
        if not fetchable(request.url):
            raise Refused(Refusal.BAD_URL, request.url[:200])
        if refused_host(request.url, self.opened):
            raise Refused(Refusal.PRIVATE_ADDRESS, request.url[:200])
