"""Fetches URLs with the project's own Scrapy settings, in a process of its own, and says how each ended.

As a script: `python fetching.py '{"urls": [...], "settings": {...}}'`; one line of JSON on standard output.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def fetch(urls: list[str], *, resolver: str = "", **settings: Any) -> dict[str, Any]:
    """How each URL ended, by URL: `status`, `size`, or `error` and `reason`; `seconds`. Under `""`: `peak` in MiB.

    `resolver`: a Python expression for a function (host, port, *rest) like `socket.getaddrinfo`.
    """
    order = json.dumps({"urls": urls, "settings": settings, "resolver": resolver})
    done = subprocess.run(
        [sys.executable, __file__, order],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(order: dict[str, Any]) -> dict[str, Any]:
    """What the script does."""
    import socket

    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    if order["resolver"]:
        socket.getaddrinfo = eval(order["resolver"])  # noqa: S307 - our own test's words
        import twisted.internet._resolver

        twisted.internet._resolver.GAIResolver.__init__.__defaults__ = (None, socket.getaddrinfo)
    found: dict[str, Any] = {}

    class Fetcher(Spider):
        name = "fetcher"

        async def start(self) -> Any:
            for url in order["urls"]:
                meta = {"archive": True, "asked": url, "begun": time.monotonic()}
                yield Request(url, self.answered, errback=self.broke, meta=meta)

        def answered(self, response: Any) -> None:
            self._note(response.meta, status=response.status, size=len(response.body), url=response.url)

        def broke(self, failure: Any) -> None:
            error = failure.value
            reason = getattr(error, "reason", "")
            self._note(failure.request.meta, error=type(error).__name__, reason=str(reason), text=str(error)[:500])

        def _note(self, meta: dict[str, Any], **values: Any) -> None:
            found[meta["asked"]] = values | {"seconds": round(time.monotonic() - meta["begun"], 2)}

    values = Settings()
    values.setmodule("crawler.settings", priority="project")
    values["DOWNLOADER_MIDDLEWARES"]["crawler.middlewares.robots.RobotsMiddleware"] = None
    values.setdict({"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8} | order["settings"], priority="cmdline")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    process = AsyncCrawlerProcess(values)
    process.crawl(process.create_crawler(Fetcher))
    process.start()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found[""] = {"peak": peak / 1024, "more": (peak - before) / 1024}
    return found


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))  # noqa: T201
