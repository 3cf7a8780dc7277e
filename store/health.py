"""What is wrong with which outlet: feeds that fail, fall silent, moved or changed shape; outlets that yield too little.

One function a trouble, one line in `TROUBLES`; `sources health` prints what they find and metrics count it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Float, cast, extract, func, select
from sqlalchemy.orm import Session

from store.base import now
from store.crawling import FeedRow, HostRow, PageRow, SourceRow
from store.feeds import habits_of
from store.hosts import resting as hosts_at_rest
from store.polling import silent_since

DAYS = 14  # of an outlet's past that its last day is held against: two of every weekday
SEEN_DAYS = 7  # of these with articles before anything is called usual
FEWEST = 4  # articles of the poorest usual day; below it, a day without any is chance
TOO_FEW, TOO_MANY = 0.5, 3.0  # of the poorest and of the richest usual day
LATE = timedelta(hours=6)  # beyond a feed's own time before the crawl itself is called late: a night's maintenance


@dataclass(frozen=True)
class Trouble:
    """One thing wrong with an outlet, or with one of its feeds. `serious`: news may be missing because of it."""

    kind: str
    source: str
    url: str | None
    reason: str
    since: datetime | None = None
    failures: int = 0
    serious: bool = True


def troubles(session: Session) -> list[Trouble]:
    """Everything that is wrong with the enabled outlets now, serious things first."""
    feeds = session.scalars(select(FeedRow).where(FeedRow.enabled).order_by(FeedRow.source_id, FeedRow.id)).all()
    found = [trouble for find in FEED_TROUBLES.values() for feed in feeds for trouble in find(feed)]
    found += [trouble for find in SOURCE_TROUBLES.values() for trouble in find(session)]
    return sorted(found, key=lambda trouble: (not trouble.serious, trouble.kind, trouble.source))


def failing(feed: FeedRow) -> Iterator[Trouble]:
    """Its last check gave no usable answer."""
    if feed.failures:
        yield _of("failing", feed, feed.problem or "no reason recorded", feed.checked_at, failures=feed.failures)


def silent(feed: FeedRow) -> Iterator[Trouble]:
    """It answers, and names nothing new, although by its habits it should have twice over."""
    since = None if feed.failures or feed.depth else silent_since(habits_of(feed), now())
    if since is not None:
        yield _of("silent", feed, f"nothing new; usually something within {_span(feed.gap_seconds or 0.0)}", since)


def moved(feed: FeedRow) -> Iterator[Trouble]:
    """It says that it moved for good."""
    if feed.moved_to:
        yield _of("moved", feed, f"moved for good to {feed.moved_to}: change its file", feed.checked_at)


def changed(feed: FeedRow) -> Iterator[Trouble]:
    """Its answers no longer look as they used to."""
    if feed.alert:
        yield _of("changed", feed, feed.alert, feed.checked_at)


def blemished(feed: FeedRow) -> Iterator[Trouble]:
    """It can be read, but not without trouble."""
    if feed.problem and not feed.failures:
        yield _of("blemish", feed, feed.problem, feed.checked_at, serious=False)


def unusual_yield(session: Session) -> Iterator[Trouble]:
    """An outlet's last day brought far less than the poorest of its usual days, or far more than the richest."""
    for source, days in daily_yields(session).items():
        usual = [count for count in days[1:] if count]
        if len(usual) < SEEN_DAYS or min(usual) < FEWEST:
            continue
        words = f"{days[0]} new pages in the last 24 hours, usually {median(usual):.0f}"
        if days[0] < TOO_FEW * min(usual):
            yield Trouble("yield", source, None, words, now() - timedelta(days=1))
        elif days[0] > TOO_MANY * max(usual):
            yield Trouble("flood", source, None, words, now() - timedelta(days=1))


def late(session: Session) -> Iterator[Trouble]:
    """A feed was due long ago and nobody checked it: the crawl itself does not run, or does not get through."""
    known = select(FeedRow).where(FeedRow.enabled, FeedRow.depth == 0, FeedRow.checked_at.is_not(None))
    due = known.where(FeedRow.next_check_at < now() - LATE, FeedRow.host.not_in(hosts_at_rest()))
    for feed in session.scalars(due.order_by(FeedRow.id)):
        yield _of("late", feed, "due, but not checked: does the crawl run?", feed.next_check_at)


def unverified(session: Session) -> Iterator[Trouble]:
    """An outlet's certificate is not verified, by an explicit exception in its file."""
    rows = session.scalars(select(SourceRow).where(SourceRow.enabled, SourceRow.tls_reason != ""))
    for row in rows:
        yield Trouble("tls", row.id, None, f"certificate not verified: {row.tls_reason}", serious=False)


def resting(session: Session) -> Iterator[Trouble]:
    """A host asked to be left alone."""
    hosts = select(HostRow, FeedRow.source_id).join(FeedRow, FeedRow.host == HostRow.host)
    for row, source in session.execute(hosts.where(HostRow.busy_until > now()).distinct()):
        left = (row.busy_until - now()).total_seconds()
        yield Trouble("resting", source, None, f"{row.host}: {row.reason}; {_span(left)} left", serious=False)


FEED_TROUBLES: dict[str, Callable[[FeedRow], Iterator[Trouble]]] = {
    "failing": failing,
    "silent": silent,
    "moved": moved,
    "changed": changed,
    "blemish": blemished,
}
SOURCE_TROUBLES: dict[str, Callable[[Session], Iterator[Trouble]]] = {
    "late": late,
    "yield": unusual_yield,
    "resting": resting,
    "tls": unverified,
}


def daily_yields(session: Session) -> dict[str, Sequence[int]]:
    """New pages of each enabled outlet by day, the last 24 hours first, then `DAYS` days before them."""
    moment = now()
    age = cast(moment.timestamp() - extract("epoch", PageRow.discovered_at), Float)
    day = func.floor(age / 86_400)
    query = (
        select(PageRow.source_id, day, func.count())
        .join(SourceRow, SourceRow.id == PageRow.source_id)
        .where(SourceRow.enabled, PageRow.discovered_at > moment - timedelta(days=DAYS + 1))
        .group_by(PageRow.source_id, day)
    )
    found: dict[str, list[int]] = {}
    for source, number, count in session.execute(query):
        found.setdefault(source, [0] * (DAYS + 1))[min(max(int(number), 0), DAYS)] += count
    return dict(found)


def _of(
    kind: str, feed: FeedRow, reason: str, since: datetime | None, *, failures: int = 0, serious: bool = True
) -> Trouble:
    return Trouble(kind, feed.source_id, feed.url, reason, since, failures, serious)


def _span(seconds: float) -> str:
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"
