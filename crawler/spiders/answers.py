"""Reading what a response says beside its text: what it is, what a feed lists, where it moved, how to ask next time."""

import hashlib
import re

from scrapy.http import Response

from crawler.discovery import READERS, Listing
from crawler.discovery.sitemaps import read_sitemap
from crawler.discovery.span import Span
from crawler.frontier import FeedReading, FeedTask

HTML_TYPES = ("text/html", "application/xhtml+xml")
SNIFFED = 4096  # bytes looked at when no content type is given
FOR_GOOD = (301, 308)
MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,8})", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LONGEST_AGE = 3600.0  # seconds; some servers give a cache time of a year to everything


def is_html(response: Response, content_type: str) -> bool:
    """Whether a page is HTML, by its content type; by its first bytes when it gives none or a meaningless one."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("", "application/octet-stream", "text/plain"):
        return bool(re.search(rb"<(!doctype html|html|head|body)\b", response.body[:SNIFFED], re.IGNORECASE))
    return kind in HTML_TYPES


def header(response: Response, name: str, limit: int = 500) -> str | None:
    """A response header as text, cut to `limit` characters; None when absent or empty."""
    # NUL, which no database takes and no later request may carry, and its like.
    value = CONTROL.sub("", (response.headers.get(name) or b"").decode("latin-1")).strip()
    return value[:limit] or None


def read_feed_answer(response: Response, task: FeedTask) -> FeedReading:
    """What a feed's answer (2xx or 304) says.

    Raises
    ------
    crawler.discovery.NotAListing
        The answer is not what the feed's kind promises.
    """
    etag, modified = header(response, "ETag"), header(response, "Last-Modified", 100)
    moved = moved_to(response)
    if response.status == 304:
        etag, modified = etag or task.etag, modified or task.last_modified
        return FeedReading(304, unchanged=True, etag=etag, last_modified=modified, moved_to=moved)
    digest = hashlib.sha256(response.body).hexdigest()
    if digest == task.digest:
        return FeedReading(response.status, unchanged=True, etag=etag, last_modified=modified, moved_to=moved)
    listing = _listing(response, task)
    wishes = [seconds for seconds in (listing.ttl, _max_age(response)) if seconds]
    return FeedReading(
        response.status,
        etag=etag,
        last_modified=modified,
        digest=digest,
        ttl=max(wishes, default=0.0),
        moved_to=moved,
        items=listing.items,
        children=listing.children,
        problem=listing.problem,
    )


def _listing(response: Response, task: FeedTask) -> Listing:
    if task.days is not None:  # the days are looked at before a long index is cut
        return read_sitemap(response.body, response.url, task.links, Span(*task.days))
    return READERS[task.kind](response.body, response.url, task.links)


def moved_to(response: Response) -> str | None:
    """Where an address moved for good: the response's own URL, when every redirect on the way said so."""
    reasons = response.meta.get("redirect_reasons", ())
    return response.url if reasons and all(reason in FOR_GOOD for reason in reasons) else None


def _max_age(response: Response) -> float | None:
    match = MAX_AGE.search(header(response, "Cache-Control") or "")
    return min(float(match[1]), LONGEST_AGE) if match else None
