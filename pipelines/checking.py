"""Feeds fetched and read once, and what can be said of each: does it work, what does it list, how old is its newest."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.discovery import READERS, Listing, NotAListing
from crawler.source import Feed, Source
from crawler.spiders.probe import Answer, Ask, ProbeSpider
from pipelines.scraping import network_settings, run_spider
from pipelines.settings import Settings


@dataclass(frozen=True)
class FeedCheck:
    """What came of one feed. `items` and `dated` count what it lists, `matching` what its `links` pattern lets through.

    `children`: the sitemaps that an index names. `problem` tells why it does not work; `blemish` of what does not
    keep it from working.
    """

    source: str
    url: str
    kind: str
    enabled: bool
    status: int | None
    items: int = 0
    dated: int = 0
    matching: int = 0
    children: int = 0
    newest: datetime | None = None
    problem: str = ""
    blemish: str = ""

    @property
    def works(self) -> bool:
        """Whether a crawl would get articles from it."""
        return not self.problem


def check_feeds(settings: Settings, sources: Iterable[Source], *, disabled: bool) -> list[FeedCheck]:
    """Fetch and read the feeds of these outlets, with `disabled` those that are switched off, too.

    Must run in a process of its own: Twisted's reactor starts once.
    """
    sources = list(sources)
    wanted = [(source, feed) for source in sources for feed in source.feeds if feed.enabled or disabled]
    found: dict[int, FeedCheck] = {}

    def heard(answer: Answer) -> Sequence[Ask]:
        source, feed = wanted[answer.ask.key]
        found[answer.ask.key] = judge(source.id, feed, answer)
        return ()

    asks = [Ask(feed.url, number) for number, (_, feed) in enumerate(wanted)]
    if asks:
        run_spider(ProbeSpider, network_settings(settings, sources), asks=asks, heard=heard)
    return [found.get(number) or _unheard(*pair) for number, pair in enumerate(wanted)]


def judge(source_id: str, feed: Feed, answer: Answer) -> FeedCheck:
    """What an answer says of a feed."""
    check = FeedCheck(source_id, feed.url, feed.kind, feed.enabled, answer.status, problem=answer.problem)
    if not answer.fine:
        return check
    try:
        listing = _read(feed, answer)
    except NotAListing as reason:
        return FeedCheck(source_id, feed.url, feed.kind, feed.enabled, answer.status, problem=str(reason))
    times = [moment for item in listing.items if (moment := item.published_at or item.modified_at)]
    matching = sum(bool(re.search(feed.links, item.url)) for item in listing.items)
    problem = "" if matching or listing.children else _nothing(listing, feed)
    moved = f"moved to {answer.url}" if answer.url != feed.url else ""
    return FeedCheck(
        source_id,
        feed.url,
        feed.kind,
        feed.enabled,
        answer.status,
        items=len(listing.items),
        dated=len(times),
        matching=matching,
        children=len(listing.children),
        newest=max(times, default=None),
        problem=problem,
        blemish="; ".join(filter(None, (listing.problem, moved))),
    )


def _read(feed: Feed, answer: Answer) -> Listing:
    # A section's pattern chooses among all links, the others' among what they list: so one is read with it, the
    # others without, to say how many it leaves out.
    return READERS[feed.kind](answer.body, answer.url, feed.links if feed.kind == "section" else "")


def _nothing(listing: Listing, feed: Feed) -> str:
    return (
        f"none of {len(listing.items)} items matches the pattern {feed.links!r}" if listing.items else "lists nothing"
    )


def _unheard(source: Source, feed: Feed) -> FeedCheck:
    return FeedCheck(source.id, feed.url, feed.kind, feed.enabled, None, problem="stopped before it was asked")


def as_table(checks: Sequence[FeedCheck], now: datetime | None = None) -> str:
    """The checks for a person, at most 100 columns wide."""
    now = now or datetime.now(UTC)
    lines = [f"{'':5} {'kind':12} {'HTTP':>4} {'items':>6} {'dated':>6} {'match':>6} {'newest':>8}  address"]
    source = ""
    for check in checks:
        if check.source != source:
            source = check.source
            lines.append(source)
        lines.extend(_rows(check, now))
    return "\n".join(lines)


def _rows(check: FeedCheck, now: datetime) -> list[str]:
    mark = ("ok" if check.works else "FAIL") if check.enabled else ("off" if check.works else "off!")
    items = f"{check.children}+" if check.children else str(check.items)
    left = (
        f"{mark:>5} {check.kind:12} {check.status or '-':>4} {items:>6} {check.dated:>6} {check.matching:>6} "
        f"{age(check.newest, now):>8}  "
    )
    rows = [left + _cut(check.url.split("://", 1)[-1], 100 - len(left))]
    if check.problem or check.blemish:
        rows.append(" " * 6 + _cut(check.problem or check.blemish, 94))
    return rows


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that tells: `3 h`, `12 d`; `-` for never."""
    if moment is None:
        return "-"
    minutes = max(0.0, (now - moment).total_seconds() / 60)
    for unit, size in (("d", 1440.0), ("h", 60.0)):
        if minutes >= 2 * size:
            return f"{minutes / size:.0f} {unit}"
    return f"{minutes:.0f} min"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
