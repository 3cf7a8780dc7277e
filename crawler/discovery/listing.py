"""What a reader gives back, and what all readers share."""

from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.frontier import Child, Discovery

MAX_ITEMS = 50_000  # a sitemap's own limit (sitemaps.org); a longer list is cut and said to be


class NotAListing(Exception):  # noqa: N818 - a statement about the answer
    """The answer is not what the feed's kind promises. Recorded as the feed's problem."""


@dataclass(frozen=True)
class Listing:
    """The articles an answer listed, and the further listings it named.

    `problem` tells of a survived blemish; `ttl` is how many seconds the listing asks to be left alone, when it says so.
    """

    items: tuple[Discovery, ...] = ()
    children: tuple[Child, ...] = ()
    problem: str | None = None
    ttl: float | None = None


def plausible(moment: datetime | None) -> datetime | None:
    """`moment` in UTC; None for a time that no article can have: before the web, or more than a day ahead."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    ahead = (moment - datetime.now(UTC)).total_seconds()
    return moment.astimezone(UTC) if moment.year >= 1991 and ahead < 86_400 else None
