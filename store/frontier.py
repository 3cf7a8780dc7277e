"""The crawl's memory in the database: a `crawler.frontier.Frontier` that a kill at any moment does not harm.

Every method is one transaction, done again when the database went away and came back. What is under way lives only in
the spider's memory: a killed crawl leaves its pages waiting, and the next one fetches them again.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from crawler.discovery.span import Span
from crawler.frontier import FeedReading, FeedTask, PageReading, PageState, PageTask, Refusal, RobotsAnswer
from store import feeds, hosts, pages
from store.base import now
from store.database import Database
from store.discoveries import Budget
from store.polling import Pace

Result = TypeVar("Result")
LOOK_SECONDS = 60.0  # how often to ask whether articles are due for another look
COUNTED = {
    PageState.QUARANTINED: "pages quarantined",
    PageState.RETRYING: "retries",
    PageState.FETCHED: "not seen again",
}


@dataclass(frozen=True)
class Policy:
    """What the operator decides of a crawl's memory.

    `again`: hours after the first fetch at which a recent article is looked at again, for edits and withdrawals.
    """

    pace: Pace = field(default_factory=Pace)
    budget: Budget = field(default_factory=Budget)
    again: Sequence[float] = ()


class DatabaseFrontier:
    """Pages and feeds of the given sources (all when `sources` is None), as rows.

    With `every_feed`, each feed is due once now whatever its time. With a `span`, only sitemaps are read, and of them
    only what lies within it: a backfill. A feed is read once in a frontier's life, but as often as it falls due `until`
    then.
    """

    def __init__(
        self,
        database: Database,
        *,
        sources: Collection[str] | None = None,
        policy: Policy | None = None,
        every_feed: bool = False,
        span: Span | None = None,
        until: datetime | None = None,
    ) -> None:
        self.database, self.sources, self.span = database, sources, span
        self.policy = policy or Policy()
        self.started = now()
        self.every_feed, self.until = every_feed, until
        self.counts: Counter[str] = Counter()
        self._looked = 0.0
        self._sites: set[str] | None = None  # whose robots.txt is known: most sites are asked for once

    def due_feeds(self) -> Sequence[FeedTask]:
        """The feeds to check now (see `crawler.frontier.Frontier`)."""
        if self.span is not None:
            days = (self.span.since, self.span.until)
            return self._read(lambda session: feeds.archives_due(session, self.sources, self.started, days))
        since = None if self.until is not None and now() < self.until else self.started
        return self._read(lambda session: feeds.due_feeds(session, self.sources, since=since, every=self.every_feed))

    def feed_read(self, task: FeedTask, reading: FeedReading) -> int:
        """Remember an answer, its items and its children together; return how many pages were new or newly due."""
        if self.span is not None:
            return self._archive_read(task, reading, self.span)
        policy = self.policy
        added = self._write(lambda session: feeds.read_feed(session, task, reading, policy.pace, policy.budget))
        self.counts["feeds unchanged" if reading.unchanged else "feeds read"] += 1
        self.counts["pages discovered"] += added.due
        self._count("entries left to the feed", added.left)
        self._count("entries of old archives passed over", added.old)
        return added.due

    def _archive_read(self, task: FeedTask, reading: FeedReading, span: Span) -> int:
        items = [item for item in reading.items if span.holds(item, task.url)]
        children = [child for child in reading.children if span.may_hold(child)]
        chosen = FeedReading(reading.status, items=reading.items, children=children, problem=reading.problem)
        added = self._write(lambda session: feeds.read_archive(session, task, chosen, items))
        self.counts["feeds read"] += 1
        self.counts["pages discovered"] += added.due
        self._count("entries outside the span", added.old)
        return added.due

    def feed_failed(self, task: FeedTask, problem: str, retry_after: float | None = None) -> None:
        """Remember that a feed gave no usable answer, and wait longer each time."""
        self._write(lambda session: feeds.feed_failed(session, task, problem, retry_after))
        self.counts["feeds failed"] += 1

    def due_pages(self, limit: int, per_host: int, in_flight: Collection[PageTask]) -> Sequence[PageTask]:
        """Pages due now, oldest due first, a few a host (see `crawler.frontier.Frontier`)."""
        if time.monotonic() - self._looked > LOOK_SECONDS or not self._looked:
            self._looked = time.monotonic()
            self._count("articles to look at again", self._write(pages.looks_due))
        return self._read(lambda session: pages.due_pages(session, limit, per_host, in_flight, self.sources))

    def next_due_in(self) -> float | None:
        """Seconds until the next page or failed feed is due; None when nothing is waiting."""

        def moments(session: Session) -> list[datetime | None]:
            retry = feeds.next_retry_at(session, self.sources, archives=self.span is not None)
            return [retry, *(ask(session, self.sources) for ask in (pages.next_page_at, pages.next_rest_over))]

        due = min((moment for moment in self._read(moments) if moment is not None), default=None)
        return None if due is None else max(0.0, (due - now()).total_seconds())

    def page_read(self, task: PageTask, reading: PageReading) -> None:
        """Remember that a page was fetched, where its record is, and that it waits for processing."""

        def work() -> PageState:
            with self.database.engine.begin() as connection:
                return pages.page_read(connection, task, reading, self.policy.again)

        state = self.database.persistently(work)
        if state == PageState.REFUSED:
            self._write(lambda session: pages.refuse_page(session, task, Refusal.SOFT_404))
        self.counts["pages fetched" if state == PageState.FETCHED else "pages refused"] += 1

    def page_unchanged(self, task: PageTask) -> None:
        """Remember that a page was asked for again and is as it was (304)."""
        self._write(lambda session: pages.page_unchanged(session, task, self.policy.again))
        self.counts["pages unchanged"] += 1

    def page_failed(self, task: PageTask, problem: str, retry_after: float | None = None) -> None:
        """Remember a passing failure: retry later, quarantine after the last attempt."""
        state = self._write(lambda session: pages.page_failed(session, task, problem, retry_after))
        self.counts[COUNTED[state]] += 1

    def page_refused(self, task: PageTask, reason: Refusal, detail: str = "") -> None:
        """Remember that a page will not be fetched, and why."""
        self._write(lambda session: pages.refuse_page(session, task, reason, detail))
        self.counts["pages refused"] += 1

    def host_busy(self, host: str, seconds: float, reason: str) -> None:
        """Remember that a host asked to be left alone for a while."""
        self._write(lambda session: hosts.rest_host(session, host, seconds, reason))
        self.counts["hosts that asked for rest"] += 1

    def busy_hosts(self) -> Mapping[str, float]:
        """The hosts to be left alone, with the seconds left."""
        return self._write(hosts.resting_hosts)

    def robots_known(self, site: str) -> RobotsAnswer | None:
        """What a site's robots.txt last said, however old."""
        if self._sites is None:
            self._sites = self._read(hosts.robots_sites)
        return self._read(lambda session: hosts.known_robots(session, site)) if site in self._sites else None

    def robots_read(self, answer: RobotsAnswer) -> None:
        """Remember a site's robots.txt."""
        self._write(lambda session: hosts.keep_robots(session, answer))
        if self._sites is not None:
            self._sites.add(answer.site)

    def _count(self, what: str, number: int) -> None:
        if number:
            self.counts[what] += number

    def _read(self, ask: Callable[[Session], Result]) -> Result:
        def work() -> Result:
            with self.database.reading() as session:
                return ask(session)

        return self.database.persistently(work)

    def _write(self, change: Callable[[Session], Result]) -> Result:
        def work() -> Result:
            with self.database.writing() as session:
                return change(session)

        return self.database.persistently(work)


def recheck(database: Database, since: datetime) -> int:
    """Make every page due again that became an article and was discovered after `since`; returns how many."""
    with database.writing() as session:
        return pages.look_again(session, since)
