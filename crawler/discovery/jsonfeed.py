"""JSON Feed 1 and 1.1 (jsonfeed.org)."""

import json
import re
from datetime import datetime
from typing import Any

from crawler.discovery.listing import MAX_ITEMS, Listing, NotAListing, plausible
from crawler.frontier import Discovery
from crawler.text import clean
from crawler.urls import fetchable, resolve

MAX_BYTES = 4 * 1024 * 1024  # as for XML feeds; json reads that much in 0.1 s
VERSION = re.compile(r"https?://(www\.)?jsonfeed\.org/version/")


def read_json_feed(body: bytes, url: str, links: str = "") -> Listing:
    """The articles of a JSON Feed, in its order.

    Raises
    ------
    NotAListing
        The answer is too long, not JSON, or JSON of another kind.
    """
    feed = _parse(body)
    entries = feed.get("items")
    if not isinstance(entries, list):
        raise NotAListing("the JSON Feed has no list of items")
    pattern = re.compile(links)
    items = tuple(item for entry in entries[:MAX_ITEMS] if (item := _item(entry, url, pattern)))
    ended = "the feed says that it has ended ('expired')" if feed.get("expired") is True else None
    cut = f"more than {MAX_ITEMS} entries; the rest was left" if len(entries) > MAX_ITEMS else None
    return Listing(items, problem=ended or cut)


def _parse(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BYTES:
        raise NotAListing(f"the feed is longer than {MAX_BYTES // 2**20} MiB")
    try:
        feed = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise NotAListing(f"not JSON: {error}"[:200]) from error
    if not isinstance(feed, dict) or not VERSION.match(str(feed.get("version", ""))):
        raise NotAListing("JSON, but not a JSON Feed: 'version' does not name jsonfeed.org")
    return feed


def _item(entry: Any, base: str, links: re.Pattern[str]) -> Discovery | None:
    if not isinstance(entry, dict):
        return None
    # `external_url` is what a link blog writes about; the outlet's own page is `url`. An id is often the URL again, or
    # a number.
    own, number, about = (entry.get(key) for key in ("url", "id", "external_url"))
    found = own or (number if isinstance(number, str) and fetchable(number) else about)
    link = resolve(base, found) if isinstance(found, str) else ""
    if not fetchable(link) or not links.search(link):
        return None
    title = entry.get("title")
    text = clean(title)[:1000] if isinstance(title, str) else ""
    return Discovery(link, text or None, _time(entry.get("date_published")), _time(entry.get("date_modified")))


def _time(value: Any) -> datetime | None:
    try:
        return plausible(datetime.fromisoformat(value)) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
