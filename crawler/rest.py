"""Hosts that ask to be left alone: for how long (Retry-After), and until when.

What is asked is kept twice: here, where every request of this crawl is held against it, and in the frontier, where the
next run and the choice of due pages see it.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.http import Response

# A day: what asks for more is a mistake or a ban, and both are worth one look a day.
MAX_REST = 24 * 3600.0
# A 429 without a time. Long enough to end a burst of ours; the page itself backs off further in the frontier.
UNTOLD_REST = 30.0


class Rests:
    """Until when each host is to be left alone, as far as this crawl knows."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def note(self, host: str, seconds: float) -> bool:
        """Leave a host alone for so long, a day at most; False when it already asked for as much."""
        until = time.monotonic() + min(seconds, MAX_REST)
        if until <= max(self._until.get(host, 0.0), time.monotonic()):
            return False
        self._until[host] = until
        return True

    def recall(self, busy: Mapping[str, float]) -> None:
        """Take over what the frontier remembers of earlier runs."""
        for host, seconds in busy.items():
            self.note(host, seconds)

    def left(self, host: str) -> float:
        """Seconds that a host is still to be left alone; 0 when it is not."""
        left = self._until.get(host, 0.0) - time.monotonic()
        if left <= 0:
            self._until.pop(host, None)
        return max(0.0, left)


_rests: WeakKeyDictionary[Crawler, Rests] = WeakKeyDictionary()


def rests_of(crawler: Crawler) -> Rests:
    """The one `Rests` of a crawl, shared by the middlewares and the spider."""
    return _rests.setdefault(crawler, Rests())


def rest_wanted(response: Response) -> float | None:
    """Seconds for which an answer asks us to leave its host alone; None when it does not.

    A 429 does, and every server error that names a time. Other answers with Retry-After speak of one page:
    `retry_after` tells, and the frontier schedules that page.
    """
    told = retry_after(response)
    if response.status == 429:
        return UNTOLD_REST if told is None else told
    return told if response.status >= 500 else None


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
