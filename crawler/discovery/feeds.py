"""RSS 0.9x to 2.0, RDF and Atom, by feedparser."""

import re
from calendar import timegm
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from crawler.discovery.listing import MAX_ITEMS, Listing, NotAListing, plausible
from crawler.discovery.patience import patience
from crawler.frontier import Discovery
from crawler.text import clean
from crawler.urls import fetchable, resolve

# feedparser takes up to 2.5 s a MB, in the crawl's one thread; the longest honest feeds we saw are below 2 MB.
MAX_BYTES = 4 * 1024 * 1024
# What `sy:updatePeriod` may say, in seconds (RSS 1.0 syndication module); an unknown word says nothing.
PERIODS = {"hourly": 3600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}
ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def read_feed(body: bytes, url: str, links: str = "") -> Listing:
    """The articles of a feed, in its order.

    Raises
    ------
    NotAListing
        The answer is too long, defines entities (the door to expansion attacks; no honest feed does), takes too much
        time to read, or is no feed.
    """
    if len(body) > MAX_BYTES:
        raise NotAListing(f"the feed is longer than {MAX_BYTES // 2**20} MiB")
    if ENTITY.search(body[:65_536]):
        raise NotAListing("the feed defines XML entities, which we refuse")
    with patience():
        parsed = feedparser.parse(body, resolve_relative_uris=False, sanitize_html=False)
    if not parsed.get("version") and not parsed.entries:
        raise NotAListing("neither RSS nor Atom")
    items = tuple(item for entry in parsed.entries[:MAX_ITEMS] if (item := _item(entry, url, re.compile(links))))
    problem = f"ill-formed but readable: {parsed.get('bozo_exception')}"[:200] if parsed.bozo else None
    return Listing(items, problem=problem, ttl=_ttl(parsed.feed))


def _ttl(feed: Any) -> float | None:
    """The longest of the waits that a feed asks for: `<ttl>` in minutes, `sy:updateFrequency` times in a period."""
    minutes = _number(feed.get("ttl"))
    period = PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    frequency = _number(feed.get("sy_updatefrequency")) or 1.0
    waits = [wait for wait in (minutes and minutes * 60, period and period / frequency) if wait]
    return max(waits, default=None)


def _number(text: object) -> float | None:
    digits = str(text or "").strip()
    return float(digits) if digits.isdecimal() and len(digits) <= 9 and int(digits) else None


def _item(entry: Any, base: str, links: re.Pattern[str]) -> Discovery | None:
    link = resolve(base, str(entry.get("link") or entry.get("id") or ""))
    if not fetchable(link) or not links.search(link):
        return None
    title = clean(str(entry.get("title") or ""))[:1000]
    return Discovery(link, title or None, _moment(entry, "published_parsed"), _moment(entry, "updated_parsed"))


def _moment(entry: Any, key: str) -> datetime | None:
    # feedparser answers `updated` with `published` (and a warning) unless the key is asked for this way.
    value = dict.get(entry, key)
    if not isinstance(value, struct_time):
        return None
    try:
        return plausible(datetime.fromtimestamp(timegm(value), UTC))
    except (ValueError, OverflowError, OSError):
        return None
