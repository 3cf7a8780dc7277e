"""How much is under way: at most so many requests in all and a few a host, so that no host waits for another."""

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence

from crawler.frontier import FeedTask, PageTask
from crawler.urls import host_of

POLL_SECONDS = 0.5  # how often to look for newly due feeds while requests are under way
LOOK_SECONDS = 0.1  # how often to look for newly due pages


class Window:
    """Counts requests under way by host; feeds wait here for their host, pages wait in the frontier."""

    def __init__(self, size: int, per_host: int) -> None:
        self.size, self.per_host = size, per_host
        self.hosts: Counter[str] = Counter()
        self.feeds: dict[int, FeedTask] = {}
        self.waiting: dict[str, deque[FeedTask]] = {}
        self.known: set[int] = set()
        self._pages: dict[int, PageTask] = {}
        self._event = asyncio.Event()
        self._looked: dict[str, float] = {}
        self._taken = 0

    @property
    def pages(self) -> list[PageTask]:
        """The pages under way."""
        return list(self._pages.values())

    def queue(self, tasks: Iterable[FeedTask]) -> None:
        """Take feeds to be checked; one that is waiting or under way is not taken twice."""
        for task in tasks:
            if task.id not in self.known:
                self.known.add(task.id)
                self.waiting.setdefault(host_of(task.url), deque()).append(task)

    def ready_feeds(self) -> Iterator[FeedTask]:
        """The feeds that may go now; each counts as under way."""
        for host in list(self.waiting):
            queue = self.waiting[host]
            while queue and self.hosts[host] < self.per_host and self.room() > 0:
                task = queue.popleft()
                self.feeds[task.id] = task
                self.hosts[host] += 1
                yield task
            if not queue:
                del self.waiting[host]

    def feeds_wanted(self) -> bool:
        """Whether to ask the frontier for due feeds: at the start, then now and then. Asking at every turn is dear."""
        return self._look("feeds", POLL_SECONDS)

    def pages_wanted(self) -> bool:
        """Whether to ask the frontier for due pages: when half of the last ones are done, or a little later."""
        if self.room() <= 0:
            return False
        hungry = self._taken > 0 and len(self._pages) <= self._taken // 2
        return self._look("pages", 0.0 if hungry else LOOK_SECONDS)

    def _look(self, what: str, pause: float) -> bool:
        due = time.monotonic() >= self._looked.get(what, -math.inf) + pause
        if due:
            self._looked[what] = time.monotonic()
        return due

    def take(self, pages: Sequence[PageTask]) -> Sequence[PageTask]:
        """Count pages as under way, all at once."""
        for page in pages:
            self.add(page)
        self._taken = len(self._pages) if pages else 0
        return pages

    def add(self, page: PageTask) -> None:
        """Count a page as under way."""
        self._pages[page.id] = page
        self.hosts[page.host] += 1

    def remove(self, task: FeedTask | PageTask) -> None:
        """A request has ended."""
        if isinstance(task, PageTask):
            del self._pages[task.id]
            host = task.host
        else:
            del self.feeds[task.id]
            self.known.discard(task.id)
            host = host_of(task.url)
        self.hosts[host] -= 1
        if not self.hosts[host]:
            del self.hosts[host]
        self._event.set()

    def room(self) -> int:
        """How many more requests may go."""
        return self.size - len(self._pages) - len(self.feeds)

    def empty(self) -> bool:
        """Whether nothing is under way or waiting for its host."""
        return not self._pages and not self.feeds and not self.waiting

    async def changed(self) -> None:
        """Wait until a request ends, or a little while."""
        self._event.clear()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._event.wait()
        except TimeoutError:
            return
