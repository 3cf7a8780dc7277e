"""Asks for URLs through all our downloader middlewares, in a process of its own, and tells how each request ended.

The frontier is one in memory that writes down what it is told: what is durable is tested with `store.frontier`.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests_support.web import Answer, Site

Known = tuple[str, int | None, str, float]  # site, status, body, hours ago


@dataclass(frozen=True)
class Told:
    """`ended`: (URL, status or name of the exception, its host or site, its seconds) in order; what was remembered."""

    ended: list[tuple[str, str, str, float]]
    busy: list[tuple[str, float, str]]
    robots: list[tuple[str, int | None, str]]

    def how(self, url: str) -> list[str]:
        """How the requests for a URL ended."""
        return [how for asked, how, *_ in self.ended if asked == url]


def ask(
    *urls: str,
    opened: Iterable[Site],
    known: Iterable[Known] = (),
    busy: Mapping[str, float] | None = None,
    patient: bool = False,
    **settings: Any,
) -> Told:
    """All `urls` at once; with `patient`, a request whose host rests is made again when the rest is over."""
    base = {"DOWNLOAD_DELAY": 0, "DOWNLOAD_TIMEOUT": 10, "GUARD_OPENED": [site.address for site in opened]}
    order = {"urls": urls, "known": list(known), "busy": busy or {}, "patient": patient, "settings": base | settings}
    folder = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", __file__, json.dumps(order)],
        cwd=folder.parent.parent,
        env={"PYTHONPATH": str(folder.parent), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return Told(*([tuple(row) for row in told[name]] for name in ("ended", "busy", "robots")))


class Script(dict[str, Answer]):
    """A site's answers, written down with the moment (monotonic): a list is given one by one, its last for ever."""

    def __init__(self, answers: Mapping[str, Answer | list[Answer]], seconds: float = 0.0) -> None:
        super().__init__()
        self.lists = {path: given if isinstance(given, list) else [given] for path, given in answers.items()}
        self.seconds = seconds
        self.log: list[tuple[float, float, str, Answer]] = []  # arrived, answered, path, answer

    def get(self, path: str, default: Any = None) -> Any:  # type: ignore[override]
        arrived = time.monotonic()
        if path != "/robots.txt":
            time.sleep(self.seconds)
        given = self.lists.get(path, [default])
        answer = given.pop(0) if len(given) > 1 else given[0]
        self.log.append((arrived, time.monotonic(), path, answer))
        return answer

    @property
    def gaps(self) -> list[float]:
        """Seconds between the arrivals."""
        arrivals = sorted(arrived for arrived, *_ in self.log)
        return [later - sooner for sooner, later in pairwise(arrivals)]

    @property
    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [path for _, _, path, _ in sorted(self.log)]


def main(order: dict[str, Any]) -> None:
    """The child process."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from crawler.frontier import RobotsAnswer
    from crawler.urls import host_of

    ended: list[Any] = []
    busy: list[Any] = []
    robots: list[Any] = []
    moment = datetime.now(UTC)
    known = {
        site: RobotsAnswer(site, status, body, moment - timedelta(hours=ago))
        for site, status, body, ago in order["known"]
    }

    class Memory:
        def busy_hosts(self) -> dict[str, float]:
            return dict(order["busy"])

        def host_busy(self, host: str, seconds: float, reason: str) -> None:
            busy.append((host, seconds, reason))

        def robots_known(self, site: str) -> RobotsAnswer | None:
            return known.get(site)

        def robots_read(self, answer: RobotsAnswer) -> None:
            robots.append((answer.site, answer.status, answer.body))

    class Asking(Spider):  # type: ignore[misc]
        name = "asking"
        frontier = Memory()
        waiting = len(order["urls"])
        later: list[tuple[float, str]] = []  # noqa: RUF012

        async def start(self) -> AsyncIterator[Any]:
            for url in order["urls"]:
                yield self.asked(url)
            while self.waiting:
                await asyncio.sleep(0.005)
                due = [pair for pair in self.later if pair[0] <= time.monotonic()]
                for pair in due:
                    self.later.remove(pair)
                    yield self.asked(pair[1])

        def asked(self, url: str) -> Request:
            meta = {"handle_httpstatus_list": list(range(400, 600))}
            return Request(url, self.answered, errback=self.broke, meta=meta, cb_kwargs={"url": url})

        def answered(self, response: Any, url: str) -> None:
            self.waiting -= 1
            ended.append((url, str(response.status), host_of(response.url), 0.0))

        def broke(self, failure: Any) -> None:
            error, url = failure.value, failure.request.cb_kwargs["url"]
            where = getattr(error, "host", None) or getattr(error, "site", "")
            seconds = getattr(error, "seconds", 0.0)
            ended.append((url, type(error).__name__, where, seconds))
            if order["patient"] and seconds:
                self.later.append((time.monotonic() + seconds, url))
            else:
                self.waiting -= 1

    values = Settings()
    values.setmodule("crawler.settings", priority="project")
    values.setdict(order["settings"], priority="cmdline")
    process = AsyncCrawlerProcess(values)
    process.crawl(Asking)
    process.start()
    print(json.dumps({"ended": ended, "busy": busy, "robots": robots}))  # noqa: T201


def site_name(site: Site, host: str) -> str:
    """A site's address under another name (`a.localhost`): a host of its own for us."""
    return f"http://{host}:{urlsplit('//' + site.address).port}"


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
