"""robots.txt as RFC 9309 has it. Scrapy's own middleware takes a server error for a yes; the RFC takes it for a no."""

import asyncio
import logging
import re
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.frontier import Refusal
from crawler.middlewares.guard import Refused

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
# A product token is letters, `-` and `_` (RFC 9309, 2.2.1): `DiemBao/0.1` and `DiemBao news` are addressed to us, too.
AGENT = re.compile(r"^([ \t]*user[- ]?agent[ \t]*:[ \t]*[a-z_-]+)[^\r\n#]*", re.IGNORECASE | re.MULTILINE)
log = logging.getLogger(__name__)


class RobotsUnreachable(IgnoreRequest):
    """The rules could not be read, so nothing may be fetched now; try the page again later."""


class RobotsMiddleware:
    """Asks each host's robots.txt once a run, obeys it, and slows down to its Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.product = crawler.settings["ROBOTS_PRODUCT"]
        self.rules: dict[str, asyncio.Task[Protego | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """Scrapy's way of making one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or refuse it."""
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self.rules:
            self.rules[site] = asyncio.ensure_future(self._fetch(site))
        rules = await asyncio.shield(self.rules[site])
        if rules is None:
            raise RobotsUnreachable(f"{site}/robots.txt could not be read")
        if not rules.can_fetch(request.url, self.product):
            raise Refused(Refusal.ROBOTS, f"{site}/robots.txt")

    async def _fetch(self, site: str) -> Protego | None:
        request = Request(
            f"{site}/robots.txt",
            callback=NO_CALLBACK,
            priority=1000,
            dont_filter=True,
            meta={"robots": True, "handle_httpstatus_list": list(range(400, 600))},
        )
        assert self.crawler.engine is not None  # noqa: S101 - requests flow only while the engine runs
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            log.info("robots.txt of %s unreachable: %s", site, error)
            return None
        rules = read_rules(response)
        if rules is not None:
            self._slow_down(response.url, rules)
        return rules

    def _slow_down(self, url: str, rules: Protego) -> None:
        delay = rules.crawl_delay(self.product)
        assert self.crawler.engine is not None  # noqa: S101
        slot = self.crawler.engine.downloader.slots.get(urlsplit(url).hostname or "")
        if delay and slot is not None:
            slot.delay = max(slot.delay, float(delay))


def read_rules(response: Response) -> Protego | None:
    """The rules in an answer to a request for robots.txt; None when it forbids everything for now (RFC 9309, 2.3.1)."""
    if response.status >= 500:
        return None
    if response.status >= 300:
        return Protego.parse("")
    body = response.body[:MAX_BYTES].lstrip(b"\xef\xbb\xbf")  # a byte order mark, whole or damaged
    text = body.decode("utf-8", errors="replace")
    return Protego.parse(AGENT.sub(r"\1", text))
