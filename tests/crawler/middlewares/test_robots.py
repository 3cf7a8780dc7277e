import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.settings import Settings
from tests_support.asking import Script, ask, site_name
from tests_support.web import Answer, serving

from crawler.errors import FrontierError
from crawler.frontier import Refusal, RobotsAnswer
from crawler.middlewares.guard import Refused
from crawler.middlewares.rest import HostResting
from crawler.middlewares.robots import (
    AGAIN_SECONDS,
    DAY,
    MAX_DELAY,
    RobotsMiddleware,
    RobotsUnreachable,
    rules_of,
    site_of,
)
from crawler.settings import PRODUCT

SITE = "http://a.example"
ROBOTS = f"{SITE}/robots.txt"
PAGE: Answer = (200, {"Content-Type": "text/html"}, b"<html><title>Tin</title>")
FORBID_ALL = "User-agent: *\nDisallow: /"
SLACK = 0.02


def read(status: int | None, body: str = FORBID_ALL, *, hours: float = 0.0, site: str = SITE) -> RobotsAnswer:
    return RobotsAnswer(site, status, body, datetime.now(UTC) - timedelta(hours=hours))


@pytest.mark.parametrize(
    ("status", "verdict"), [(200, False), (301, True), (401, True), (403, True), (404, True), (410, True), (451, True)]
)
def test_what_a_status_means(status: int, verdict: bool) -> None:
    """A client error means that there are no rules (RFC 9309, 2.3.1.3)."""
    rules = rules_of(read(status), PRODUCT)
    assert rules is not None
    assert rules.allows(f"{SITE}/tin") is verdict


@pytest.mark.parametrize("status", [None, 429, 500, 502, 503, 599])
def test_what_forbids_everything_for_now(status: int | None) -> None:
    assert rules_of(read(status, "User-agent: *\nAllow: /"), PRODUCT) is None


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("http://A.example/tin?x=http://b/", "http://a.example"),
        ("https://a.example:443/", "https://a.example"),
        ("http://a.example:443/", "http://a.example:443"),
        ("http://a.example:80", "http://a.example"),
        ("http://[2606:4700::1]:8080/", "http://[2606:4700::1]:8080"),
    ],
)
def test_what_a_site_is(url: str, site: str) -> None:
    assert site_of(url) == site


@dataclass
class World:
    """Stands in for Scrapy's crawler and the frontier, so that days can pass; answers are bytes, a status, an error."""

    answers: dict[str, Any]
    known: dict[str, RobotsAnswer] = field(default_factory=dict)
    lost: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    slots: dict[str, Slot] = field(default_factory=lambda: {"a.example": Slot(1, 2.0, 0.5)})
    per_slot_settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    settings: Settings = field(default_factory=lambda: Settings({"ROBOTS_PRODUCT": PRODUCT, "DOWNLOAD_DELAY": 2.0}))

    def __post_init__(self) -> None:
        self.engine = self.downloader = self
        self.spider = SimpleNamespace(frontier=self)

    def robots_known(self, site: str) -> RobotsAnswer | None:
        return self.known.get(site)

    def robots_read(self, answer: RobotsAnswer) -> None:
        if self.lost:
            raise FrontierError("the database is gone")
        self.known[answer.site] = answer

    async def download_async(self, request: Request) -> Response:
        self.asked[request.url] += 1
        assert request.meta["robots"]
        answer = self.answers[request.url]
        await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, int):
            return Response(request.url, status=answer, body=b"User-agent: *\nAllow: /")
        return Response(request.url, body=answer)

    def ask(self, *urls: str, middleware: RobotsMiddleware | None = None) -> list[Exception | None]:
        """How requests for `urls`, made at once, end."""
        using = middleware or RobotsMiddleware.from_crawler(self)  # type: ignore[arg-type]

        async def one(url: str) -> Exception | None:
            try:
                await using.process_request(Request(url))
            except Exception as error:
                return error
            return None

        async def everything() -> list[Exception | None]:
            return await asyncio.gather(*map(one, urls))

        return asyncio.run(everything())


def kinds(errors: list[Exception | None]) -> list[str]:
    return [type(error).__name__ if error else "allowed" for error in errors]


def test_one_question_a_site_however_many_pages() -> None:
    world = World({ROBOTS: b"User-agent: *\nDisallow: /kin\nCrawl-delay: 7"})
    answers = world.ask(*(f"{SITE}/tin/{n}" for n in range(20)), f"{SITE}/kin/1")
    assert answers[:-1] == [None] * 20
    assert isinstance(answers[-1], Refused)
    assert answers[-1].reason == Refusal.ROBOTS
    assert world.asked == {ROBOTS: 1}
    assert (world.known[SITE].status, world.known[SITE].body[:13]) == (200, "User-agent: *")


def test_robots_txt_itself_is_always_allowed() -> None:
    world = World({ROBOTS: FORBID_ALL.encode()})
    assert kinds(world.ask(ROBOTS, f"{ROBOTS}?x=1", f"{SITE}/x/robots.txt")) == ["allowed", "allowed", "Refused"]


def test_each_scheme_and_port_has_its_own() -> None:
    answers = {ROBOTS: OSError("timed out"), "https://a.example/robots.txt": b"", f"{SITE}:81/robots.txt": 404}
    world = World(answers)
    pages = world.ask(f"{SITE}/tin", "https://a.example/tin", f"{SITE}:81/tin")
    assert kinds(pages) == ["RobotsUnreachable", "allowed", "allowed"]
    assert isinstance(pages[0], RobotsUnreachable)
    assert (pages[0].site, pages[0].seconds) == (SITE, pytest.approx(AGAIN_SECONDS, abs=2))
    assert {site: answer.status for site, answer in world.known.items()} == {
        SITE: None,
        "https://a.example": 200,
        f"{SITE}:81": 404,
    }


HOUR = 1.0
WEEK = 7 * 24.0


@pytest.mark.parametrize(
    ("status", "body", "hours", "now", "asked", "ends", "kept"),
    [
        # Good for a day, whatever it said.
        (200, FORBID_ALL, 23, 500, 0, "Refused", 200),
        (404, FORBID_ALL, 23, FORBID_ALL.encode(), 0, "allowed", 404),
        # Then asked again.
        (200, FORBID_ALL, 25, b"", 1, "allowed", 200),
        (404, FORBID_ALL, 25, FORBID_ALL.encode(), 1, "Refused", 200),
        (200, FORBID_ALL, -HOUR, 404, 1, "allowed", 404),
        # Out of reach: the old rules go on for a week, and stay in the frontier; then nothing is allowed.
        (200, FORBID_ALL, 25, 503, 1, "Refused", 200),
        (200, "", 25, OSError("refused"), 1, "allowed", 200),
        (404, "", WEEK - HOUR, 429, 1, "allowed", 404),
        (404, "", WEEK + HOUR, 429, 1, "RobotsUnreachable", 429),
        (200, "", WEEK + HOUR, OSError("refused"), 1, "RobotsUnreachable", None),
        # An unreachable one is asked again after ten minutes.
        (503, "", 0.1, b"", 0, "RobotsUnreachable", 503),
        (503, "", 0.2, b"", 1, "allowed", 200),
        (None, "", 0.2, 502, 1, "RobotsUnreachable", 502),
    ],
)
def test_how_long_an_answer_is_good(
    status: int | None, body: str, hours: float, now: Any, asked: int, ends: str, kept: int | None
) -> None:
    world = World({ROBOTS: now}, {SITE: read(status, body, hours=hours)})
    assert kinds(world.ask(f"{SITE}/tin", f"{SITE}/tin/2")) == [ends, ends]
    assert world.asked[ROBOTS] == asked
    assert world.known[SITE].status == kept


def test_a_long_run_asks_again_too(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World({ROBOTS: b""})
    middleware = RobotsMiddleware.from_crawler(world)  # type: ignore[arg-type]
    begun = time.monotonic()
    for later, expected in ((0, 1), (DAY - 60, 1), (DAY + 60, 2)):
        monkeypatch.setattr("crawler.middlewares.robots.time.monotonic", lambda now=begun + later: now)
        assert world.ask(f"{SITE}/tin", middleware=middleware) == [None]
        assert world.asked[ROBOTS] == expected


def test_too_many_redirects_mean_no_rules_and_other_refusals_do_not() -> None:
    world = World({ROBOTS: Refused(Refusal.TOO_MANY_REDIRECTS)})
    assert world.ask(f"{SITE}/tin") == [None]
    world = World({ROBOTS: Refused(Refusal.TOO_LARGE)})
    assert kinds(world.ask(f"{SITE}/tin")) == ["RobotsUnreachable"]


@pytest.mark.parametrize("error", [HostResting("a.example", 9.0), FrontierError("the database is gone")])
def test_what_is_no_answer_is_not_remembered(error: Exception) -> None:
    world = World({ROBOTS: error})
    assert world.ask(f"{SITE}/tin", f"{SITE}/tin/2") == [error, error]
    assert world.known == {}


def test_a_lost_memory_fails_the_request() -> None:
    assert kinds(World({ROBOTS: b""}, lost=True).ask(f"{SITE}/tin")) == ["FrontierError"]


@pytest.mark.parametrize(("line", "delay"), [("7", 7.0), ("0.1", 2.0), ("3600", MAX_DELAY), ("soon", 2.0)])
@pytest.mark.parametrize("recalled", [False, True])
def test_the_crawl_delay_holds_for_the_slot_that_is_and_the_next_one(line: str, delay: float, recalled: bool) -> None:
    body = f"User-agent: *\nCrawl-delay: {line}"
    known: Mapping[str, RobotsAnswer] = {SITE: read(200, body)} if recalled else {}
    world = World({ROBOTS: body.encode()}, dict(known))
    assert world.ask(f"{SITE}/tin") == [None]
    assert (world.slots["a.example"].delay, world.slots["a.example"].jitter) == (delay, 0.0)
    assert world.per_slot_settings == {"a.example": {"delay": delay, "jitter": 0.0}}
    assert world.asked[ROBOTS] == (0 if recalled else 1)


def test_the_longest_delay_of_a_hosts_sites_counts() -> None:
    delays = {"http://a.example/robots.txt": 5, "https://a.example/robots.txt": 9, "http://a.example:81/robots.txt": 3}
    world = World({url: f"User-agent: *\nCrawl-delay: {delay}".encode() for url, delay in delays.items()})
    world.settings.set("DOWNLOAD_SLOTS", {"a.example": {"delay": 6, "concurrency": 1}, "b.example": {"delay": 99}})
    middleware = RobotsMiddleware.from_crawler(world)  # type: ignore[arg-type]
    for url, expected in zip(delays, (6, 9, 9), strict=True):
        assert world.ask(url.replace("robots.txt", "tin"), middleware=middleware) == [None]
        assert world.slots["a.example"].delay == expected


# From here on with real servers.


def test_rules_come_over_five_redirects_and_are_of_the_site_asked_first() -> None:
    rules = "User-agent: DiemBao\nDisallow: /kin\n"
    with serving({}) as first, serving({}) as second:
        hosts = [site_name((first, second)[n % 2], f"{name}.localhost") for n, name in enumerate("abcdef")]
        hops = ["/robots.txt", "/1", "/2", "/3", "/4", "/rules"]
        moved = {hops[n]: (302, {"Location": hosts[n + 1] + hops[n + 1]}, b"") for n in range(5)}
        first.answers = log = Script({**moved, "/tin": PAGE, "/kin": PAGE})
        second.answers = Script({**moved, "/rules": (200, {}, rules.encode())})
        told = ask(f"{hosts[0]}/tin", f"{hosts[0]}/kin", opened=[first, second])
    assert log.paths == ["/robots.txt", "/2", "/4", "/tin"]
    assert told.how(f"{hosts[0]}/tin") == ["200"]
    assert told.how(f"{hosts[0]}/kin") == ["Refused"]
    assert told.robots == [(hosts[0], 200, rules)]


def test_six_redirects_are_too_many_and_mean_that_there_are_no_rules() -> None:
    with serving({}) as site:
        chain: dict[str, Any] = {f"/{n}": (302, {"Location": f"/{n + 1}"}, b"") for n in range(1, 6)}
        chain |= {"/robots.txt": (302, {"Location": "/1"}, b""), "/6": (200, {}, FORBID_ALL.encode()), "/tin": PAGE}
        site.answers = script = Script(chain)
        told = ask(f"http://{site.address}/tin", opened=[site])
    assert script.paths == ["/robots.txt", "/1", "/2", "/3", "/4", "/5", "/tin"]
    assert told.how(f"http://{site.address}/tin") == ["200"]
    assert told.robots == [(f"http://{site.address}", 302, "")]


@pytest.mark.parametrize("recalled", [False, True])
def test_requests_keep_the_crawl_delay(recalled: bool) -> None:
    body = "User-agent: *\nCrawl-delay: 0.6"
    answers: dict[str, Answer] = {"/robots.txt": (200, {}, body.encode())} | {f"/{n}": PAGE for n in range(3)}
    with serving({}) as site:
        site.answers = script = Script(answers)
        home = f"http://{site.address}"
        known = [(home, 200, body, 1.0)] if recalled else []
        told = ask(*(f"{home}/{n}" for n in range(3)), opened=[site], known=known, DOWNLOAD_DELAY_JITTER=0.5)
    assert [how for _, how, *_ in told.ended] == ["200"] * 3
    assert len(script.gaps) == (2 if recalled else 3)
    assert min(script.gaps) >= 0.6 - SLACK


def test_a_site_in_trouble_and_one_without_rules() -> None:
    with serving({}) as broken, serving({}) as plain:
        broken.answers = script = Script({"/robots.txt": (500, {}, b"User-agent: *\nAllow: /"), "/tin": PAGE})
        plain.answers = Script({"/robots.txt": (403, {}, FORBID_ALL.encode()), "/tin": PAGE})
        urls = [f"http://{broken.address}/tin", f"http://{plain.address}/tin"]
        told = ask(*urls, opened=[broken, plain])
    assert script.paths == ["/robots.txt"]
    assert [told.how(url) for url in urls] == [["RobotsUnreachable"], ["200"]]
    assert {(site, status) for site, status, _ in told.robots} == {
        (f"http://{broken.address}", 500),
        (f"http://{plain.address}", 403),
    }
