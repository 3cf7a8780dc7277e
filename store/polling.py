"""How often a feed deserves a check, and when it no longer behaves as it used to: learned from its own answers.

A feed's yield is the new articles an hour that it was the first to name; its silence is judged by the times of its
items, whoever named them first. Both start from the dates in its first answer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from crawler.frontier import Discovery

MEMORY_HOURS = 48.0  # what lies further back counts 1/e: a feed's weekend is forgotten by Tuesday
WANTED = 3.0  # new articles that a check should bring; fewer is a request for little, more is news that comes late
HALF_SEEN = 0.5  # never wait until more than this share of a feed's items could be new: the rest may have scrolled off
SECOND_LOOK = 21_600.0  # seconds after the first answer, at most; and between looks at what names no article itself
UNKNOWN_GAP = 86_400.0  # seconds; an answer without dates tells nothing of nights: a day, until more is known
LEFTOVERS, FEW_DATES = 0.1, 5  # the oldest share of an answer's dates is left out: an item kept pinned is no pause
FORGET_GAP = 0.98  # of the longest usual pause, at every fresh item: one holiday is no rule
SHAPE_MEMORY, SHAPE_DOUBT = 0.2, 0.02  # how fast the usual shape follows an answer like it, and one unlike it
FEW_ITEMS, LOST_SHARE = 0.2, 0.5  # an answer is unlike the usual below these
SHAPES_SEEN = 3  # answers before a shape is called usual


@dataclass(frozen=True)
class Pace:
    """The bounds of polling, in seconds: the operator's shortest and longest time between two checks of a feed."""

    shortest: float = 600.0
    longest: float = 172_800.0


@dataclass(frozen=True)
class Habits:
    """What is known of a feed (columns of `store.crawling.FeedRow`); all empty before its first answer."""

    rate: float | None = None
    poll_seconds: float | None = None
    gap_seconds: float | None = None
    last_new_at: datetime | None = None
    newest_item_at: datetime | None = None
    checked_at: datetime | None = None
    items: int = 0
    shape: dict[str, Any] = field(default_factory=dict)


def learn(
    known: Habits, items: Sequence[Discovery] | None, added: int, ttl: float | None, now: datetime, pace: Pace
) -> dict[str, Any]:
    """What an answer teaches, as column values. `items` None = unchanged; `added` = articles it named first."""
    moments = sorted(item.published_at for item in items or () if item.published_at and item.published_at <= now)
    dates = moments[math.ceil(LEFTOVERS * len(moments)) :] if len(moments) >= FEW_DATES else moments
    count = known.items if items is None else len(items)
    rate = _rate(known, added, dates, count, now)
    seconds = _interval(rate, count, added, known, ttl, now, pace)
    values: dict[str, Any] = {"rate": rate, "poll_seconds": seconds}
    newest = dates[-1] if dates else None
    fresh = added > 0 or (newest is not None and (known.newest_item_at is None or newest > known.newest_item_at))
    first = known.last_new_at is None
    if fresh or (first and count):
        values["last_new_at"] = newest if first and newest else now
        # What is new is seen at the next check only. Kept from now on: while a feed is silent its interval grows.
        values["gap_seconds"] = max(_gap(known, dates, now), seconds)
    if items is not None:
        values |= _shape(known.shape, items)
    return values


def silent_since(known: Habits, now: datetime) -> datetime | None:
    """Since when a feed has named nothing new although, by its habits, it should have twice over; None when it has."""
    if known.last_new_at is None or known.gap_seconds is None:
        return None
    usual = timedelta(seconds=2 * known.gap_seconds)
    return known.last_new_at if now - known.last_new_at > usual else None


def _rate(known: Habits, added: int, dates: Sequence[datetime], count: int, now: datetime) -> float:
    if known.rate is None or known.checked_at is None:
        if dates:
            return len(dates) / max(_hours(now - dates[0]), 1.0)
        return count / MEMORY_HOURS
    elapsed = max(_hours(now - known.checked_at), 1 / 60)
    weight = 1 - math.exp(-elapsed / MEMORY_HOURS)
    return known.rate + weight * (added / elapsed - known.rate)


def _interval(
    rate: float, count: int, added: int, known: Habits, ttl: float | None, now: datetime, pace: Pace
) -> float:
    shortest = max(pace.shortest, min(ttl or 0.0, pace.longest))
    hours = min(WANTED, HALF_SEEN * count or WANTED) / rate if rate > 0 else math.inf
    seconds = hours * 3600
    if known.rate is None or not count:  # one answer teaches little, and one without items nothing: look again soon
        seconds = min(seconds, SECOND_LOOK)
    elif known.checked_at and added >= HALF_SEEN * count:  # a burst: some may already have scrolled off
        seconds = min(seconds, (now - known.checked_at).total_seconds() / 2)
    return min(max(seconds, shortest), max(pace.longest, shortest))


def _gap(known: Habits, dates: Sequence[datetime], now: datetime) -> float:
    """The longest usual pause: between the items' own times, between the last fresh answers, slowly forgotten."""
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(dates)]
    if known.last_new_at is not None:
        gaps.append((now - known.last_new_at).total_seconds())
    return max([*gaps, FORGET_GAP * (known.gap_seconds or 0.0)]) if gaps else UNKNOWN_GAP


def _shape(usual: dict[str, Any], items: Sequence[Discovery]) -> dict[str, Any]:
    count = len(items)
    found = {
        "items": float(count),
        "dated": sum(1 for item in items if item.published_at or item.modified_at) / count if count else 0.0,
        "titled": sum(1 for item in items if item.title) / count if count else 0.0,
    }
    seen = int(usual.get("seen", 0))
    alert = _unlike(usual, found) if seen >= SHAPES_SEEN else None
    weight = SHAPE_DOUBT if alert else SHAPE_MEMORY
    shape: dict[str, Any] = {
        name: round(value if not seen else usual[name] + weight * (value - usual[name]), 3)
        for name, value in found.items()
    }
    return {"shape": shape | {"seen": seen + 1}, "alert": alert}


def _unlike(usual: dict[str, Any], found: dict[str, float]) -> str | None:
    if usual["items"] >= 3 and found["items"] < FEW_ITEMS * usual["items"]:
        return f"{found['items']:.0f} items, usually {usual['items']:.0f}"
    for name, word in (("dated", "with a date"), ("titled", "with a title")):
        if found["items"] and usual[name] - found[name] > LOST_SHARE:
            return f"{found[name]:.0%} of the items {word}, usually {usual[name]:.0%}"
    return None


def _hours(time: timedelta) -> float:
    return time.total_seconds() / 3600
