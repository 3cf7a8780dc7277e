"""What a listing names becomes pages: new ones, changed ones, and those held back, each counted.

Three things hold pages back: an address that looks like one of an endless set (kept, refused), a source's daily budget
(kept, due on a later day), and a full queue (left to the feed, which is read again next time).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from crawler.frontier import Discovery, PageState, Refusal
from store.base import now
from store.pages import by_key, insert_pages, known_pages, mark_changed, new_page, waiting_of

DAY = timedelta(days=1)
LONG_SITEMAP = 2_000  # entries; an hour of polite fetching
QUEUE_DAYS = 10  # daily budgets that may wait in a source's queue; what lies beyond would be old when its day came


@dataclass(frozen=True)
class Budget:
    """How much one source may make us fetch: new pages a day; and the age (days) up to which a long sitemap is read."""

    daily_pages: int = 10_000
    sitemap_days: float = 30.0


@dataclass(frozen=True)
class Added:
    """How many pages became due, how many of them are new; entries left to the feed, entries passed over as too old."""

    due: int = 0
    new: int = 0
    left: int = 0
    old: int = 0


def add_pages(
    session: Session,
    source_id: str,
    feed_id: int | None,
    items: Sequence[Discovery],
    *,
    budget: Budget | None = None,
) -> Added:
    """Add the URLs that are not known yet; make due again those that changed since they were fetched, by their feed.

    Without a `budget` everything is taken.
    """
    found = by_key(items)
    known = known_pages(session, list(found))
    fresh = {key: item for key, item in found.items() if key not in known}
    rows = [_row(source_id, feed_id, key, item) for key, item in fresh.items()]
    left = 0
    if budget is not None and rows:
        rows, left = _within(session, source_id, rows, budget)
    insert_pages(session, rows)
    taken = sum(1 for row in rows if row["state"] == PageState.WAITING)
    return Added(taken + mark_changed(session, known, found), taken, left)


def recent_only(items: Sequence[Discovery], budget: Budget, kind: str) -> tuple[list[Discovery], int]:
    """The entries of a long sitemap that are recent, and how many are not: those wait for a backfill.

    Feeds, sections and news sitemaps list only what is new, and a short sitemap is read whole.
    """
    if kind != "sitemap" or len(items) <= LONG_SITEMAP:
        return list(items), 0
    earliest = now() - timedelta(days=budget.sitemap_days)
    kept = [item for item in items if (item.modified_at or item.published_at or earliest) >= earliest]
    return kept, len(items) - len(kept)


def _row(source_id: str, feed_id: int | None, key: str, item: Discovery) -> dict[str, Any]:
    from crawler.traps import trap

    why = trap(item.url)
    held = {"state": PageState.REFUSED, "reason": f"{Refusal.TRAP.value} ({why})"} if why else {}
    return new_page(source_id, feed_id, key, item, **held)


def _within(
    session: Session, source_id: str, rows: list[dict[str, Any]], budget: Budget
) -> tuple[list[dict[str, Any]], int]:
    moment = now()
    today, waiting = waiting_of(session, source_id, moment - DAY)
    room = max(0, budget.daily_pages * QUEUE_DAYS - max(waiting, today))
    kept, left = rows[:room], max(0, len(rows) - room)
    for place, row in enumerate(kept, start=max(waiting, today)):  # behind those of earlier days
        days = place // budget.daily_pages
        if days and row["state"] == PageState.WAITING:
            row["due_at"] = moment + days * DAY
            row["reason"] = f"over the source's budget of {budget.daily_pages} new pages a day"
    return kept, left
