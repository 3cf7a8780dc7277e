"""Stops requests that should not even be tried: other schemes, forbidden addresses, names that lead to them."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import maybe_deferred_to_future

from crawler.frontier import Refusal
from crawler.guard import GuardedResolver, refused_host
from crawler.urls import fetchable, host_of

# Names that were not resolved, with none that was, after which there is no DNS here and look-ups end for this run.
BLIND = 3
LOOKUP_SECONDS = 3.0  # a network behind a proxy may have no DNS at all: the proxy, which has, must judge then


class Refused(IgnoreRequest):
    """A request we will not make. Raised by the middlewares; the spider's errback records `reason`."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason, self.detail = reason, detail


class GuardMiddleware:
    """The early half of the SSRF guard; the half that cannot be got round is `crawler.guard.GuardedResolver`.

    With a proxy it is the whole: the proxy resolves names, so a name that leads to a forbidden address as seen from
    here is refused before the proxy hears of it. What the proxy sees differently, the proxy must guard.
    """

    def __init__(self, opened: list[str], proxy: str = "") -> None:
        # The proxy's own address is opened for us to reach it, never for a page to name it.
        self.opened = [endpoint for endpoint in opened if not proxy or endpoint != urlsplit(proxy).netloc]
        self.proxy = proxy
        self.unanswered = 0
        self._in_turn = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        """Scrapy's way of making one."""
        return cls(crawler.settings.getlist("GUARD_OPENED"), crawler.settings.get("PROXY") or "")

    def process_request(self, request: Request) -> Awaitable[None] | None:
        """Refuse what is not an http(s) URL, and what names a forbidden address.

        A redirect comes through here again as a new request.
        """
        self.check(request.url)
        return self._look_up(request.url) if self.proxy else None

    async def _look_up(self, url: str) -> None:
        if await self._forbidden(url):
            raise Refused(Refusal.PRIVATE_ADDRESS, url[:200])

    def check(self, url: str) -> None:
        """Refuse a URL for what it says.

        Raises
        ------
        Refused
            It is not an http(s) URL, or names a forbidden address outright.
        """
        if not fetchable(url):
            raise Refused(Refusal.BAD_URL, url[:200])
        if refused_host(url, self.opened):
            raise Refused(Refusal.PRIVATE_ADDRESS, url[:200])

    async def _forbidden(self, url: str) -> bool:
        from twisted.internet import reactor

        resolver: Any = reactor.nameResolver
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if not isinstance(resolver, GuardedResolver) or f"{parts.hostname}:{port}" in self.opened:
            return False
        if resolver.sighted:
            return await self._asked(resolver, host_of(url), port)
        async with self._in_turn:  # one by one until a name is resolved: a thread that waits for no DNS waits long
            if not resolver.sighted and self.unanswered >= BLIND:
                return False
            verdict = await self._asked(resolver, host_of(url), port)
            self.unanswered += not resolver.sighted
            return verdict

    async def _asked(self, resolver: GuardedResolver, host: str, port: int) -> bool:
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                return await maybe_deferred_to_future(resolver.forbids(host, port))
        except TimeoutError:
            return False
