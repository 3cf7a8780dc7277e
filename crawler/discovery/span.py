"""A range of days, for a backfill: which entries of a sitemap lie in it, and which sitemaps may hold such entries."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crawler.frontier import Child, Discovery

# A day in an article's address; a year, month or day in a sitemap's: /2024/05/17/, -20240517, sitemap-2024-05.xml.
IN_ADDRESS = re.compile(r"(?<!\d)(20[0-4]\d)[-/_.]?(0[1-9]|1[0-2])(?:[-/_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
# A moment that begins an article's number: -20221224083224103.htm, and 188260307071033787.chn (three digits for the
# site, then yymmdd...), as the systems that many Vietnamese outlets share write them.
IN_NUMBER = re.compile(
    r"(?<!\d)(?:\d{3}(?=\d{15}(?!\d))|(?=\d{14,17}(?!\d))20)(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
)
YEAR_ONLY = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")


@dataclass(frozen=True)
class Span:
    """Days from `since` to `until`, both included."""

    since: date
    until: date

    def holds(self, item: Discovery, listing: str = "") -> bool:
        """Whether an entry is of these days: by its publication, else its address, else its last change.

        One that was changed later, or tells nothing, is of the days that its sitemap's address names; without these it
        is not: a backfill asks for days.
        """
        if item.published_at is not None:
            return self._has(item.published_at)
        named = days_of(item.url)
        if named is None and (item.modified_at is None or item.modified_at.date() > self.until):
            named = days_of(listing, year_alone=True)
        if named is not None:
            return self._meets(*named)
        return item.modified_at is not None and self._has(item.modified_at)

    def may_hold(self, child: Child) -> bool:
        """Whether a sitemap may list entries of these days: one whose address names other days, or that did not change
        since before them, does not."""
        named = days_of(child.url, year_alone=True)
        if named is not None:
            return self._meets(*named)
        return child.modified_at is None or child.modified_at.date() >= self.since

    def _has(self, moment: datetime) -> bool:
        return self.since <= moment.date() <= self.until

    def _meets(self, first: date, last: date) -> bool:
        return first <= self.until and last >= self.since


def days_of(url: str, *, year_alone: bool = False) -> tuple[date, date] | None:
    """The first and last day that an address names (a day, a month, with `year_alone` a year); None for none."""
    path = url.split("//", 1)[-1].partition("/")[2]
    number = IN_NUMBER.search(path)
    if number:
        day = _day(2000 + int(number[1]), int(number[2]), int(number[3]))
        return (day, day) if day else None
    match = IN_ADDRESS.search(path)
    if match:
        first = _day(int(match[1]), int(match[2]), int(match[3] or 1))
        return (first, first if match[3] else _month_end(first)) if first else None
    found = YEAR_ONLY.search(path) if year_alone else None
    return (date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)) if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
