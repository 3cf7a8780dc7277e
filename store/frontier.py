"""The crawl's memory in the database: a `crawler.frontier.Frontier` that a kill at any moment does not harm.

Every method is one transaction. What is under way lives only in the spider's memory: a killed crawl leaves its pages
waiting, and the next one fetches them again.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from sqlalchemy import Row, Table, case, func, null, select, update
from sqlalchemy.orm import Session

from crawler.frontier import Child, Discovery, FeedReading, FeedTask, PageReading, PageState, PageTask, Refusal
from crawler.urls import host_of, url_key
from store.base import now
from store.crawling import FeedRow, PageRow
from store.database import Database

DUE = (PageState.WAITING, PageState.RETRYING)
# Seconds before attempt 2, 3, ...: two soon (a hiccup, a restart), then over most of a day (an outage).
BACKOFF = (5, 30, 300, 1800, 7200, 43_200)
FEED_BACKOFF = (300, 900, 3600, 14_400, 86_400)
MAX_WAIT = 86_400.0  # no Retry-After is believed beyond a day
LOOKED_AT = 2_000  # due pages looked at for one batch
MAX_DEPTH = 3  # of sitemaps within sitemaps
# The tables behind the rows: at every answer of an outlet the plain statements cost half of what mapped ones do.
FEEDS, PAGES = cast("Table", FeedRow.__table__), cast("Table", PageRow.__table__)
KNOWN_AT_ONCE = 500  # keys in one query, below SQLite's limit on parameters


class DatabaseFrontier:
    """Pages and feeds of the given sources (all when `sources` is None), as rows.

    `poll_minutes` is the time between two checks of a feed; with `every_feed`, each is due once now whatever its time.
    """

    def __init__(
        self,
        database: Database,
        *,
        sources: Collection[str] | None = None,
        poll_minutes: float = 15.0,
        every_feed: bool = False,
    ) -> None:
        self.database, self.sources = database, sources
        self.poll = timedelta(minutes=poll_minutes)
        self.started = now()
        self.every_feed = every_feed
        self.counts: Counter[str] = Counter()
        self._jitter = Random(0)  # spreads retries; nothing depends on the numbers

    def due_feeds(self) -> Sequence[FeedTask]:
        """The feeds to check now (see `crawler.frontier.Frontier`)."""
        asked = (FeedRow.checked_at.is_(None) | (FeedRow.checked_at < self.started)) & FeedRow.parent_id.is_(None)
        due = FeedRow.next_check_at <= now()
        query = select(FeedRow).where(FeedRow.enabled, due | asked if self.every_feed else due).order_by(FeedRow.id)
        if self.sources is not None:
            query = query.where(FeedRow.source_id.in_(self.sources))
        with self.database.reading() as session:
            return [_feed_task(row) for row in session.scalars(query)]

    def feed_read(self, task: FeedTask, reading: FeedReading) -> int:
        """Remember an answer, its items and its children together; return how many pages were new or newly due."""
        values: dict[str, Any] = {
            "status": reading.status,
            "checked_at": now(),
            "failures": 0,
            "next_check_at": None if task.depth else now() + self.poll,
            # A failure is over with any answer; a blemish only with other bytes.
            "problem": case((FEEDS.c.failures > 0, null()), else_=FEEDS.c.problem),
        }
        # A 304 may repeat the validators or not; any other answer replaces them, also with none.
        for name in ("etag", "last_modified"):
            value = getattr(reading, name)
            if value or not reading.unchanged:
                values[name] = value
        self.counts["feeds unchanged" if reading.unchanged else "feeds read"] += 1
        added = 0
        with self.database.writing() as session:
            if not reading.unchanged:
                values |= {"digest": reading.digest, "items": len(reading.items), "problem": reading.problem}
                dates = [item.published_at for item in reading.items if item.published_at]
                known = FEEDS.c.newest_item_at
                values |= {"newest_item_at": case((known > max(dates), known), else_=max(dates))} if dates else {}
                added = add_pages(session, task.source_id, task.id, reading.items)
                self._add_children(session, task, reading.children)
            session.connection().execute(FEEDS.update().where(FEEDS.c.id == task.id).values(values))
        self.counts["pages discovered"] += added
        return added

    def feed_failed(self, task: FeedTask, problem: str, retry_after: float | None = None) -> None:
        """Remember that a feed gave no usable answer, and wait longer each time."""
        with self.database.writing() as session:
            row = session.get_one(FeedRow, task.id)
            row.problem, row.checked_at = problem, now()
            row.failures += 1
            row.next_check_at = now() + self._wait(FEED_BACKOFF, row.failures, retry_after)
        self.counts["feeds failed"] += 1

    def due_pages(self, limit: int, per_host: int, in_flight: Collection[PageTask]) -> Sequence[PageTask]:
        """Pages due now, oldest due first, a few a host (see `crawler.frontier.Frontier`)."""
        hosts = Counter(page.host for page in in_flight)
        full = [host for host, count in hosts.items() if count >= per_host]
        query = (
            select(PageRow.id, PageRow.source_id, PageRow.url, PageRow.host, PageRow.attempts)
            .where(PageRow.state.in_(DUE), PageRow.due_at <= now())
            .order_by(PageRow.due_at, PageRow.id)
            .limit(LOOKED_AT)
        )
        if full:
            query = query.where(PageRow.host.not_in(full))
        if self.sources is not None:
            query = query.where(PageRow.source_id.in_(self.sources))
        busy = {page.id for page in in_flight}
        tasks: list[PageTask] = []
        with self.database.reading() as session:
            for row in session.execute(query):
                if len(tasks) == limit:
                    break
                if row.id not in busy and hosts[row.host] < per_host:
                    hosts[row.host] += 1
                    tasks.append(PageTask(row.id, row.source_id, row.url, row.host, row.attempts))
        return tasks

    def next_due_in(self) -> float | None:
        """Seconds until the next page is due; None when none is waiting."""
        query = select(func.min(PageRow.due_at)).where(PageRow.state.in_(DUE))
        if self.sources is not None:
            query = query.where(PageRow.source_id.in_(self.sources))
        with self.database.reading() as session:
            due = session.scalar(query)
        return None if due is None else max(0.0, (due - now()).total_seconds())

    def page_read(self, task: PageTask, reading: PageReading) -> None:
        """Remember that a page was fetched, where its record is, and that it waits for processing.

        The same bytes with the same status as last time need no processing again.
        """
        same = (PAGES.c.digest == reading.record.digest) & (PAGES.c.status == reading.status)
        statement = (
            PAGES.update()
            .where(PAGES.c.id == task.id)
            .values(
                state=PageState.FETCHED,
                reason=None,
                attempts=0,
                fetched_at=now(),
                status=reading.status,
                content_type=reading.content_type,
                final_url=reading.final_url if reading.final_url != task.url else None,
                warc_file=reading.record.file,
                warc_offset=reading.record.offset,
                digest=reading.record.digest,
                outcome=case((same, PAGES.c.outcome), else_=None),
                outcome_reason=case((same, PAGES.c.outcome_reason), else_=None),
            )
        )
        with self.database.engine.begin() as connection:
            connection.execute(statement)
        self.counts["pages fetched"] += 1

    def page_failed(self, task: PageTask, problem: str, retry_after: float | None = None) -> None:
        """Remember a passing failure: retry later, quarantine after the last attempt."""
        with self.database.writing() as session:
            row = session.get_one(PageRow, task.id)
            row.attempts += 1
            row.reason = problem
            if row.attempts > len(BACKOFF):
                row.state = PageState.QUARANTINED
                self.counts["pages quarantined"] += 1
            else:
                row.state = PageState.RETRYING
                row.due_at = now() + self._wait(BACKOFF, row.attempts, retry_after)
                self.counts["retries"] += 1

    def page_refused(self, task: PageTask, reason: Refusal, detail: str = "") -> None:
        """Remember that a page will not be fetched, and why."""
        with self.database.writing() as session:
            row = session.get_one(PageRow, task.id)
            row.state, row.reason = PageState.REFUSED, f"{reason.value} ({detail})" if detail else reason.value
        self.counts["pages refused"] += 1

    def _wait(self, steps: Sequence[int], failures: int, retry_after: float | None) -> timedelta:
        step = steps[min(failures, len(steps)) - 1] * self._jitter.uniform(1.0, 1.2)
        return timedelta(seconds=min(max(step, retry_after or 0.0), MAX_WAIT))

    def _add_children(self, session: Session, parent: FeedTask, children: Sequence[Child]) -> None:
        if parent.depth >= MAX_DEPTH:
            return
        for child in children:
            row = session.scalar(select(FeedRow).where(FeedRow.url == child.url))
            if row is None:
                row = FeedRow(source_id=parent.source_id, parent_id=parent.id, url=child.url, kind=child.kind)
                row.depth, row.links = parent.depth + 1, parent.links
                session.add(row)
            if row.checked_at is None or child.modified_at is None or child.modified_at > row.checked_at:
                row.next_check_at = now()


def recheck(database: Database, since: datetime) -> int:
    """Make every page due again that became an article and was discovered after `since`; returns how many."""
    again = (
        update(PageRow)
        .where(PageRow.state == PageState.FETCHED, PageRow.outcome == "article", PageRow.discovered_at >= since)
        .values(state=PageState.WAITING, due_at=now())
    )
    with database.writing() as session:
        return session.execute(again).rowcount  # type: ignore[attr-defined,no-any-return]


def add_pages(session: Session, source_id: str, feed_id: int | None, items: Sequence[Discovery]) -> int:
    """Add the URLs that are not known yet; make due again those that changed since they were fetched, by their feed.

    Returns
    -------
    int
        How many pages were added or made due.
    """
    fresh: dict[str, Discovery] = {}
    for item in items:
        fresh.setdefault(url_key(item.url), item)
    known = _known(session, list(fresh))
    new = [_new_page(source_id, feed_id, key, item) for key, item in fresh.items() if key not in known]
    if new:
        session.connection().execute(PAGES.insert(), new)
    changed = {known[key].id: item for key, item in fresh.items() if key in known and _changed(known[key], item)}
    for page_id, item in changed.items():
        due = {"state": PageState.WAITING, "due_at": now(), "modified_at": item.modified_at}
        session.execute(update(PageRow).where(PageRow.id == page_id).values(due))
    return len(new) + len(changed)


def _known(session: Session, keys: Sequence[str]) -> dict[str, Row[Any]]:
    columns = (PAGES.c.url_key, PAGES.c.id, PAGES.c.state, PAGES.c.fetched_at, PAGES.c.modified_at)
    known: dict[str, Row[Any]] = {}
    for at in range(0, len(keys), KNOWN_AT_ONCE):
        query = select(*columns).where(PAGES.c.url_key.in_(keys[at : at + KNOWN_AT_ONCE]))
        known.update({row.url_key: row for row in session.connection().execute(query)})
    return known


def _new_page(source_id: str, feed_id: int | None, key: str, item: Discovery) -> dict[str, Any]:
    url = item.url.strip()
    return {
        "source_id": source_id,
        "feed_id": feed_id,
        "url": url,
        "url_key": key,
        "host": host_of(url),
        "title": item.title,
        "published_at": item.published_at,
        "modified_at": item.modified_at,
    }


def _changed(row: Row[Any], item: Discovery) -> bool:
    return (
        item.modified_at is not None
        and row.state == PageState.FETCHED
        and row.fetched_at is not None
        and item.modified_at > row.fetched_at
        and item.modified_at > (row.modified_at or row.fetched_at)
    )


def _feed_task(row: FeedRow) -> FeedTask:
    return FeedTask(
        row.id, row.source_id, row.url, row.kind, row.depth, row.etag, row.last_modified, row.digest, row.links
    )
