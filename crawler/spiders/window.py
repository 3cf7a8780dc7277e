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
        self.feeds: set[int] = set()
        self.pages: dict[int, PageTask] = {}
        # Feeds and pages in a lane each, taken from in turn: neither a long queue of pages nor hundreds of feeds that
        # fall due together hold up the other.
        self.held: dict[type[Task], dict[str, deque[Task]]] = {FeedTask: {}, PageTask: {}}
        self._free: dict[type[Task], dict[str, None]] = {FeedTask: {}, PageTask: {}}  # hosts with a place, in turn
        self._turn: type[Task] = FeedTask
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
        """The tasks that may go now, a feed and a page in turn, host by host; each counts as under way."""
        while self.flying.total() < self.size and any(self._free.values()):
            self._turn = PageTask if self._turn is FeedTask else FeedTask
            lane = self._turn if self._free[self._turn] else (FeedTask if self._turn is PageTask else PageTask)
            host = next(iter(self._free[lane]))
            queue = self.held[lane][host]
            task = queue.popleft()
            if not queue:
                del self.held[lane][host]
            self.flying[host] += 1
            del self._free[lane][host]
            self._offer(host)
            yield task

    def remove(self, task: Task) -> None:
        """A request has ended."""
        host = self._forget(task)
        self.flying[host] -= 1
        if not self.flying[host]:
            del self.flying[host]
        self._offer(host)
        self._event.set()

    def drop(self, host: str) -> None:
        """Let go of what is held for a host; the frontier names it again when it is due."""
        for lane in self.held.values():
            for task in lane.pop(host, ()):
                self._forget(task)
        self._offer(host)

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
        return self.size - len(self.pages)

    def empty(self) -> bool:
        """Whether nothing is held or under way."""
        return not self.flying and not any(self.held.values())

    async def changed(self) -> None:
        """Wait until a request ends, or a little while."""
        self._event.clear()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._event.wait()
        except TimeoutError:
            return

    def _hold(self, host: str, task: Task) -> None:
        self.held[type(task)].setdefault(host, deque()).append(task)
        self._offer(host)

    def _offer(self, host: str) -> None:
        """Put a host in the lanes that it holds tasks for, as long as it has a place for another request."""
        for lane, free in self._free.items():
            if host in self.held[lane] and self.flying[host] < self.per_host:
                free.setdefault(host)
            else:
                free.pop(host, None)

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
