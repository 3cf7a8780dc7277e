"""The life of a feed's row: due, read, failed; the sitemaps that an index names.

Functions of a session; `store.frontier` makes each one transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Select, Table, bindparam, func, select
from sqlalchemy.orm import Session

from crawler.frontier import Child, Discovery, FeedReading, FeedTask
from crawler.urls import UNWRITABLE, host_of
from store.base import now
from store.crawling import LONGEST_HOST, FeedRow, HostRow, SourceRow
from store.discoveries import Added, Budget, add_pages, recent_only
from store.hosts import resting
from store.pages import wait
from store.polling import Habits, Pace, learn

FEEDS = cast("Table", FeedRow.__table__)
BACKOFF = (20, 300, 900, 3600, 14_400, 86_400)  # seconds: one hiccup is passed over within the same run
LONG_INDEX = 50  # sitemaps in an index; of a longer one only those that changed of late are read, but for a backfill
MAX_DEPTH = 3  # of sitemaps within sitemaps
ARCHIVES = ("sitemap", "news_sitemap")
UPDATED = (
    "etag", "last_modified", "digest", "status", "checked_at", "next_check_at", "problem", "failures", "items",
    "newest_item_at", "ttl_seconds", "moved_to", "rate", "poll_seconds", "gap_seconds", "last_new_at", "shape", "alert",
)  # fmt: skip
TASK = ("id", "source_id", "url", "kind", "depth", "etag", "last_modified", "digest", "links")  # as FeedTask has them
KNOWN = select(FEEDS.c.id, *(FEEDS.c[name] for name in UPDATED)).where(FEEDS.c.id == bindparam("feed"))
UPDATE = (
    FEEDS.update()
    .where(FEEDS.c.id == bindparam("feed"))
    .values({FEEDS.c[name]: bindparam(f"new_{name}") for name in UPDATED})
)


def due_feeds(
    session: Session, sources: Collection[str] | None, *, since: datetime | None = None, every: bool = False
) -> list[FeedTask]:
    """The feeds to check now.

    With `since`, none that was read after it, so that a crawl comes to an end however often feeds fall due; with
    `every` also each that was not read after it, whether due or not.
    """
    due = FeedRow.next_check_at <= now()
    if since is not None:
        unread = FeedRow.checked_at.is_(None) | (FeedRow.checked_at < since)
        due &= unread | (FeedRow.failures > 0)
        due = due | (unread & FeedRow.parent_id.is_(None)) if every else due
    columns = (FEEDS.c[name] for name in TASK)
    query = select(*columns).where(FeedRow.enabled, due, FeedRow.host.not_in(resting())).order_by(FeedRow.id)
    query = query if sources is None else query.where(FeedRow.source_id.in_(sources))
    return [FeedTask(*row) for row in session.execute(query)]


def archives_due(
    session: Session, sources: Collection[str] | None, since: datetime, days: tuple[date, date] | None = None
) -> list[FeedTask]:
    """The sitemaps that were not read after `since`, to be read in full: without the validators of the last time.

    `days`: the first and the last that are wanted of them.
    """
    unread = FeedRow.checked_at.is_(None) | (FeedRow.checked_at < since) | (FeedRow.failures > 0)
    top = FeedRow.parent_id.is_(None) | (FeedRow.next_check_at <= now())
    query = _archives().where(unread, top, FeedRow.host.not_in(resting()))
    waiting = query.where((FeedRow.failures == 0) | (FeedRow.next_check_at <= now())).order_by(FeedRow.id)
    return [
        replace(feed_task(row), etag=None, last_modified=None, digest=None, days=days)
        for row in session.scalars(_of(waiting, sources))
    ]


def _archives() -> Select[FeedRow]:
    # A sitemap may be switched off because the feeds list the same of today; an outlet that is off is not asked at all.
    on = select(SourceRow.id).where(SourceRow.enabled)
    return select(FeedRow).where(FeedRow.kind.in_(ARCHIVES), FeedRow.source_id.in_(on))


def next_retry_at(session: Session, sources: Collection[str] | None, *, archives: bool = False) -> datetime | None:
    """When the next feed that failed is to be tried again, of those that are asked at all; None when none failed.

    A resting host's feed waits for the end of the rest.
    """
    asked = _archives() if archives else select(FeedRow).where(FeedRow.enabled)
    failed = asked.where(FeedRow.failures > 0, FeedRow.next_check_at.is_not(None))
    free = failed.where(FeedRow.host.not_in(resting())).order_by(FeedRow.next_check_at).limit(1)
    row = session.scalars(_of(free, sources)).first()
    hosts = _of(failed, sources).with_only_columns(FeedRow.host)
    rested = session.scalar(
        select(func.min(HostRow.busy_until)).where(HostRow.busy_until > now(), HostRow.host.in_(hosts))
    )
    moments = (row.next_check_at if row else None, rested)
    return min((moment for moment in moments if moment is not None), default=None)


def read_feed(session: Session, task: FeedTask, reading: FeedReading, pace: Pace, budget: Budget) -> Added:
    """Keep an answer, its articles and its sitemaps together."""
    row, moment = _row(session, task.id), now()
    added, problem = Added(), row.problem if reading.unchanged and not row.failures else reading.problem
    if not reading.unchanged:
        items, old = recent_only(reading.items, budget, task.kind)
        added = replace(add_pages(session, task.source_id, task.id, items, budget=budget), old=old)
        add_children(session, task, reading.children, earliest=moment - timedelta(days=budget.sitemap_days))
        problem = _blemish(reading.problem, added)
    # Always the same columns, so that the statement is made once: making it cost more than executing it.
    values = {name: getattr(row, name) for name in UPDATED} | _answered(row, reading, moment) | {"problem": problem}
    ttl = reading.ttl if reading.ttl is not None else row.ttl_seconds
    learned = learn(habits_of(row), None if reading.unchanged else reading.items, added.new, ttl, moment, pace)
    values |= learned | {"ttl_seconds": ttl}
    # A child of a sitemap index waits for its parent to name it with a newer time.
    values["next_check_at"] = None if task.depth else moment + timedelta(seconds=learned["poll_seconds"])
    if added.left:  # what was left must be offered again, so the next answer is read whatever its validators say
        values |= {"etag": None, "last_modified": None, "digest": None}
    session.connection().execute(UPDATE, {"feed": task.id} | {f"new_{name}": values[name] for name in UPDATED})
    return added


def read_archive(session: Session, task: FeedTask, reading: FeedReading, items: Sequence[Discovery]) -> Added:
    """Keep what a sitemap has of a range of time; the feed's habits and validators stay as they are."""
    added = add_pages(session, task.source_id, task.id, items)
    add_children(session, task, reading.children)
    values = {"checked_at": now(), "status": reading.status, "failures": 0, "problem": reading.problem}
    if task.depth and _row(session, task.id).rate is None:
        values["next_check_at"] = None  # only a backfill reads it: the next crawl would take in all the rest of it
    session.connection().execute(FEEDS.update().where(FEEDS.c.id == task.id).values(values))
    return replace(added, old=len(reading.items) - len(items))


def feed_failed(session: Session, task: FeedTask, problem: str, retry_after: float | None) -> None:
    """No usable answer: wait longer each time."""
    row = session.get_one(FeedRow, task.id)
    row.problem, row.checked_at = UNWRITABLE.sub("\ufffd", problem), now()
    row.failures += 1
    row.next_check_at = now() + wait(BACKOFF, row.failures, retry_after)


def add_children(
    session: Session, parent: FeedTask, children: Sequence[Child], *, earliest: datetime | None = None
) -> None:
    """Make the sitemaps due that an index names: new ones, and those that changed since they were read."""
    if parent.depth >= MAX_DEPTH:
        return
    earliest = earliest if len(children) > LONG_INDEX else None
    for child in children:
        if earliest is not None and child.modified_at is not None and child.modified_at < earliest:
            continue  # an archive of old news: a backfill reads it
        row = session.scalar(select(FeedRow).where(FeedRow.url == child.url))
        if row is None:
            row = FeedRow(source_id=parent.source_id, parent_id=parent.id, url=child.url, kind=child.kind)
            row.depth, row.links, row.host = parent.depth + 1, parent.links, host_of(child.url)[:LONGEST_HOST]
            session.add(row)
        if row.checked_at is None or child.modified_at is None or child.modified_at > row.checked_at:
            row.next_check_at = now()


def feed_task(row: FeedRow) -> FeedTask:
    """What a spider must know to check a feed."""
    return FeedTask(
        row.id, row.source_id, row.url, row.kind, row.depth, row.etag, row.last_modified, row.digest, row.links
    )


def _answered(row: Row[Any], reading: FeedReading, moment: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {
        "status": reading.status,
        "checked_at": moment,
        "failures": 0,
        "moved_to": reading.moved_to,
    }
    # A 304 may repeat the validators or not; any other answer replaces them, also with none.
    for name in ("etag", "last_modified"):
        value = getattr(reading, name)
        if value or not reading.unchanged:
            values[name] = value
    if not reading.unchanged:
        # What is dated ahead is not there yet; taken for the newest, it would hide all that comes until then.
        dates = [item.published_at for item in reading.items if item.published_at and item.published_at <= moment]
        newest = max([*dates, *([row.newest_item_at] if row.newest_item_at else [])], default=None)
        values |= {"digest": reading.digest, "items": len(reading.items), "newest_item_at": newest}
    return values


def _blemish(problem: str | None, added: Added) -> str | None:
    left = f"{added.left} entries left: the source's queue is full" if added.left else None
    return "; ".join(text for text in (problem, left) if text) or None


def _row(session: Session, feed_id: int) -> Row[Any]:
    return session.connection().execute(KNOWN, {"feed": feed_id}).one()


def habits_of(row: Row[Any] | FeedRow) -> Habits:
    """What is known of a feed's habits."""
    return Habits(
        rate=row.rate,
        poll_seconds=row.poll_seconds,
        gap_seconds=row.gap_seconds,
        last_new_at=row.last_new_at,
        newest_item_at=row.newest_item_at,
        checked_at=row.checked_at,
        items=row.items,
        shape=dict(row.shape or {}),
    )


def _of(query: Select[FeedRow], sources: Collection[str] | None) -> Select[FeedRow]:
    return query if sources is None else query.where(FeedRow.source_id.in_(sources))
