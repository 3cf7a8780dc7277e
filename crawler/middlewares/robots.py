"""robots.txt obeyed as RFC 9309 has it, and kept for a day across runs. What its lines mean: `crawler.robots`.

- **Success**: the rules are followed. Redirects are followed to any host, five in a row; the rules are of the site that
  was asked first (2.3.1.2).
- **Unavailable** (4xx, more than five redirects, or one that leads nowhere): everything is allowed (2.3.1.3).
- **Unreachable** (5xx, no answer): nothing is allowed for now (2.3.1.4). So is a 429, though it is a 4xx: it says that
  we asked too often, not that there are no rules.
- An answer is used for 24 hours (2.4). When the next cannot be had, the RFC lets the old one go on: see `COPY_SECONDS`.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from crawler.errors import FrontierError
from crawler.frontier import Frontier, Refusal, RobotsAnswer
from crawler.middlewares.guard import Refused
from crawler.middlewares.rest import HostResting
from crawler.robots import Rules, parse, readable
from crawler.urls import host_of

DAY = 24 * 3600.0  # RFC 9309, 2.4: not to be used for longer
# Long enough not to press a server in trouble, short enough that a restart of it costs us no news.
AGAIN_SECONDS = 600.0
# How old rules may be that stand in for ones out of reach. A week covers an outage over holidays; the RFC sets no limit
# and names 30 days for giving up. After it nothing is fetched until the site answers.
COPY_SECONDS = 7 * DAY
# Crawl-delay is no part of the RFC. Above two minutes it is mostly a slip (milliseconds), and the one request that
# waits for it would hold up the end of a run; 720 requests a day bother nobody.
MAX_DELAY = 120.0
# How we write down an answer that only went on redirecting.
REDIRECTED = 302
log = logging.getLogger(__name__)


class RobotsUnreachable(IgnoreRequest):
    """The rules could not be read, so nothing may be fetched now; they are asked for again in `seconds`."""

    def __init__(self, site: str, seconds: float, why: str = "") -> None:
        super().__init__(f"{site}/robots.txt could not be read" + (f": {why}" if why else ""))
        self.site, self.seconds = site, seconds


@dataclass(frozen=True)
class Held:
    """Rules in use (None = nothing is allowed), when a site gave them, and the moment to ask again (monotonic)."""

    rules: Rules | None
    given_at: datetime
    until: float


class RobotsMiddleware:
    """Asks each site's robots.txt once a day, obeys it, and slows down to its Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.product = crawler.settings["ROBOTS_PRODUCT"]
        self.frontier: Frontier | None = getattr(crawler.spider, "frontier", None)
        self.held: dict[str, Held] = {}
        self.asking: dict[str, asyncio.Task[Held]] = {}
        self.delays: dict[str, dict[str, float]] = {}
        self.troubles: dict[str, str] = {}  # why a site's rules could not be had

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """Scrapy's way of making one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass that the rules allow. Those for robots.txt itself always are (RFC 9309, 2.2.2).

        Raises
        ------
        Refused, RobotsUnreachable
            The rules forbid it; there are no rules to go by.
        HostResting, FrontierError
            The rules had to be read, and the host rests, or the memory is lost.
        """
        if request.meta.get("robots") or urlsplit(request.url).path == "/robots.txt":
            return
        site = site_of(request.url)
        held = await self._current(site)
        if held.rules is None:
            raise RobotsUnreachable(site, max(0.0, held.until - time.monotonic()), self.troubles.get(site, ""))
        if not held.rules.allows(request.url):
            raise Refused(Refusal.ROBOTS, f"{site}/robots.txt")

    async def _current(self, site: str) -> Held:
        held = self.held.get(site) or self._recalled(site)
        if held is not None and time.monotonic() < held.until:
            return held
        if site not in self.asking:  # however many pages wait, the site is asked once
            self.asking[site] = asyncio.ensure_future(self._ask(site))
            self.asking[site].add_done_callback(lambda _: self.asking.pop(site, None))
        return await asyncio.shield(self.asking[site])

    def _recalled(self, site: str) -> Held | None:
        answer = self.frontier.robots_known(site) if self.frontier is not None else None
        return self._hold(answer.site, self._held(answer)) if answer is not None else None

    async def _ask(self, site: str) -> Held:
        answer, old = await self._fetch(site), self.held.get(site)
        held = self._held(answer)
        if held.rules is None and old is not None and old.rules is not None and _age(old.given_at) < COPY_SECONDS:
            # The frontier keeps the old answer, too: what it holds is what is in use.
            return self._hold(site, replace(old, until=held.until))
        if self.frontier is not None:
            self.frontier.robots_read(answer)
        return self._hold(site, held)

    async def _fetch(self, site: str) -> RobotsAnswer:
        request = Request(
            f"{site}/robots.txt",
            callback=NO_CALLBACK,
            priority=1000,
            dont_filter=True,
            meta={"robots": True, "handle_httpstatus_list": list(range(400, 600))},
        )
        status: int | None
        try:
            response = await self.crawler.engine.download_async(request)
            status, body = response.status, readable(response.body) if response.status < 300 else ""
        except (HostResting, FrontierError):
            raise
        except Refused as error:
            if error.reason in (Refusal.PRIVATE_ADDRESS, Refusal.BAD_URL):
                raise  # no passing trouble
            status, body = REDIRECTED if error.reason == Refusal.TOO_MANY_REDIRECTS else None, ""
        except Exception as error:
            log.info("robots.txt of %s: %s", site, error)
            status, body = None, ""
            self.troubles[site] = f"{type(error).__name__}: {error}".splitlines()[0][:150]
        return RobotsAnswer(site, status, body, datetime.now(UTC))

    def _held(self, answer: RobotsAnswer) -> Held:
        rules = rules_of(answer, self.product)
        life = AGAIN_SECONDS if rules is None else DAY
        return Held(rules, answer.fetched_at, time.monotonic() + life - _age(answer.fetched_at))

    def _hold(self, site: str, held: Held) -> Held:
        self.held[site] = held
        if held.rules is not None:
            self._slow_down(site, held.rules)
        return held

    def _slow_down(self, site: str, rules: Rules) -> None:
        """Keep the Crawl-delay of a host, or our own delay where that is longer.

        Scrapy makes a host's slot at its first request and drops it after a quiet minute, so the delay must stand where
        new slots take it from, as well as in the slot that may be there.
        """
        host, settings = host_of(site), self.crawler.settings
        own = settings.getdict("DOWNLOAD_SLOTS").get(host, {}).get("delay", settings.getfloat("DOWNLOAD_DELAY"))
        asked = self.delays.setdefault(host, {})  # http and https, and every port, share a slot
        asked[site] = min(rules.crawl_delay or 0.0, MAX_DELAY)
        pace = {"delay": max(own, *asked.values()), "jitter": 0.0}
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings[host] = downloader.per_slot_settings.get(host, {}) | pace
        slot = downloader.slots.get(host)
        if slot is not None:
            slot.delay, slot.jitter = pace["delay"], pace["jitter"]


def rules_of(answer: RobotsAnswer, product: str) -> Rules | None:
    """What an answer says to us; None when it forbids everything for now."""
    if answer.status is None or answer.status >= 500 or answer.status == 429:
        return None
    return parse(answer.body, product) if answer.status < 300 else Rules()


def site_of(url: str) -> str:
    """The site that a robots.txt speaks for: scheme, host in lower case, and the port unless it is the usual one."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme))
    return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{parts.port}"


def _age(moment: datetime) -> float:
    """Seconds since; endless when the moment is to come, for then a clock was wrong."""
    age = (datetime.now(UTC) - moment).total_seconds()
    return age if age >= 0 else float("inf")
