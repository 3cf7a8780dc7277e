"""How much is under way: at most so many requests in all and a few a host, so that no host waits for another.

Only what may go at once is handed to Scrapy. The rest of what was taken from the frontier is held here, where it can
still be dropped when its host asks for rest.
"""

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator

from crawler.frontier import FeedTask, PageTask
from crawler.urls import host_of

POLL_SECONDS = 2.0  # how often to look for newly due feeds while requests are under way
LOOK_SECONDS = 0.1  # how often to look for newly due pages

Task = FeedTask | PageTask


class Window:
    """Tasks held and requests under way, by host.

    `size` and `per_host` limit the requests under way, `ahead` the pages taken for one host.
    """

    def __init__(self, size: int, per_host: int, ahead: int = 1) -> None:
        self.size, self.per_host, self.ahead = size, per_host, max(ahead, per_host)
        self.flying: Counter[str] = Counter()
        self.held: dict[str, deque[Task]] = {}
        self.feeds: set[int] = set()
        self.pages: dict[int, PageTask] = {}
        self._free: dict[str, None] = {}  # hosts that hold a task and have a place for it, in turn
        self._event = asyncio.Event()
        self._looked: dict[str, float] = {}
        self._taken = 0

    def hold_feeds(self, tasks: Iterable[FeedTask]) -> None:
        """Take feeds to be checked; one that is held or under way is not taken twice."""
        for task in tasks:
            if task.id not in self.feeds:
                self.feeds.add(task.id)
                self._hold(host_of(task.url), task)

    def hold_pages(self, tasks: Iterable[PageTask]) -> None:
        """Take pages to be fetched."""
        for task in tasks:
            self.pages[task.id] = task
            self._hold(task.host, task)
        self._taken = len(self.pages)

    def ready(self) -> Iterator[Task]:
        """The tasks that may go now, host by host; each counts as under way."""
        while self._free and self.flying.total() < self.size:
            host = next(iter(self._free))
            del self._free[host]
            task = self.held[host].popleft()
            self.flying[host] += 1
            if not self.held[host]:
                del self.held[host]
            elif self.flying[host] < self.per_host:
                self._free[host] = None
            yield task

    def remove(self, task: Task) -> None:
        """A request has ended."""
        host = self._forget(task)
        self.flying[host] -= 1
        if not self.flying[host]:
            del self.flying[host]
        if host in self.held:
            self._free[host] = None
        self._event.set()

    def drop(self, host: str) -> None:
        """Let go of what is held for a host; the frontier names it again when it is due."""
        for task in self.held.pop(host, ()):
            self._forget(task)
        self._free.pop(host, None)

    def feeds_wanted(self) -> bool:
        """Whether to ask the frontier for due feeds: at the start, then now and then. Asking at every turn is dear."""
        return self.empty() or self._look("feeds", POLL_SECONDS)

    def pages_wanted(self) -> bool:
        """Whether to ask the frontier for due pages: when half of the last ones are done, or a little later."""
        if self.room() <= 0:
            return False
        hungry = self._taken > 0 and len(self.pages) <= self._taken // 2
        return self._look("pages", 0.0 if hungry else LOOK_SECONDS)

    def room(self) -> int:
        """How many more pages may be taken."""
        return self.size - max(len(self.pages), self.flying.total())

    def empty(self) -> bool:
        """Whether nothing is held or under way."""
        return not self.flying and not self.held

    async def changed(self) -> None:
        """Wait until a request ends, or a little while."""
        self._event.clear()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._event.wait()
        except TimeoutError:
            return

    def _hold(self, host: str, task: Task) -> None:
        self.held.setdefault(host, deque()).append(task)
        if self.flying[host] < self.per_host:
            self._free[host] = None

    def _forget(self, task: Task) -> str:
        if isinstance(task, PageTask):
            del self.pages[task.id]
            return task.host
        self.feeds.discard(task.id)
        return host_of(task.url)

    def _look(self, what: str, pause: float) -> bool:
        due = time.monotonic() >= self._looked.get(what, -math.inf) + pause
        if due:
            self._looked[what] = time.monotonic()
        return due
