"""Reading what a response says beside its text: when to come back, what it is, what it forbids."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.http import Response

HTML_TYPES = ("text/html", "application/xhtml+xml")
SNIFFED = 4096  # bytes looked at when no content type is given


def retry_after(response: Response) -> float | None:
    """Seconds that `Retry-After` asks us to wait, from now; None when absent or unreadable."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def is_html(response: Response, content_type: str) -> bool:
    """Whether a page is HTML, by its content type; by its first bytes when it gives none or a meaningless one."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("", "application/octet-stream", "text/plain"):
        return bool(re.search(rb"<(!doctype html|html|head|body)\b", response.body[:SNIFFED], re.IGNORECASE))
    return kind in HTML_TYPES
