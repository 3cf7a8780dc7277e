"""Ending a crawl when asked to: what is under way may finish, but not for long.

Nothing is lost by an abrupt end, since the frontier knows what was not remembered; finishing only saves requests.
"""

import asyncio
import contextlib
import signal
import time
from types import FrameType
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

GRACE_SECONDS = 22.0  # the longest request takes 20; service managers wait 30 and more before they kill
TWICE_SECONDS = 1.0  # a terminal's Ctrl+C reaches parent and child, and the parent passes it on: that is one wish


class Stop:
    """Ends a crawler process at SIGINT or SIGTERM; `asked` tells that it was."""

    def __init__(self, process: AsyncCrawlerProcess) -> None:
        from twisted.internet import reactor

        self.process = process
        self.reactor: Any = reactor
        self.asked_at: float | None = None

    @property
    def asked(self) -> bool:
        """Whether a signal came."""
        return self.asked_at is not None

    def listen(self) -> None:
        """Take over the signals once the reactor runs; before that Python's own handling is right."""
        self.reactor.callWhenRunning(self._install)

    def _install(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._signalled)

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        self.reactor.callFromThread(self._end)

    def _end(self) -> None:
        if self.asked_at is None:
            self.asked_at = time.monotonic()
            asyncio.ensure_future(self.process.stop())  # noqa: RUF006 - the reactor waits for the crawl, not for this
            self.reactor.callLater(GRACE_SECONDS, self._at_once)
        elif time.monotonic() - self.asked_at > TWICE_SECONDS:
            self._at_once()

    def _at_once(self) -> None:
        with contextlib.suppress(RuntimeError):  # it has stopped already
            self.reactor.stop()
