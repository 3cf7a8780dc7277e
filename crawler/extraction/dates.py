"""When an article was published and changed: the publisher's statements, the date line, the feed, the address.

Never a date in the future, never an invented one: a page whose dates cannot be tied to its article stays undated.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.article import Dated, DateSource
from crawler.extraction.boxes import stands_elsewhere
from crawler.extraction.datelines import Reading, read_line
from crawler.extraction.metadata import Metadata
from crawler.extraction.visible import find_line
from crawler.text import clean

AHEAD = timedelta(hours=26)  # a publisher's local time read as UTC may seem this far ahead
SAME_DAY = timedelta(hours=36)  # two statements of one publication: its time, and its day in another zone
EARLIEST = datetime(1991, 8, 6, tzinfo=UTC)  # the first web page
DAY = r"(?P<m>0[1-9]|1[0-2]){0}(?P<d>0[1-9]|[12]\d|3[01])"
CLOCK = r"(?:[01]\d|2[0-3])[0-5]\d"
IN_URL = (
    re.compile(r"(?<!\d)(?P<y>(?:19[89]|20[0-4])\d)(?P<sep>[/_.-])" + DAY.format("(?P=sep)") + r"(?!\d)"),
    # Day first: only where no number can be the month but the second.
    re.compile(
        r"(?<!\d)(?P<d>1[3-9]|2\d|3[01])(?P<sep>[_.-])(?P<m>0[1-9]|1[0-2])(?P=sep)(?P<y>(?:19[89]|20[0-4])\d)(?!\d)"
    ),
    # Ids made of a time: 20240729, 20240729135108, 20240729135108123. Other long numbers only look like a date.
    re.compile(r"(?<!\d)(?P<y>20[0-4]\d)" + DAY.format("") + rf"(?:{CLOCK}(?:[0-5]\d\d{{0,6}})?)?(?!\d)"),
    # The same after a number of the outlet, as a publishing system of many Vietnamese outlets writes it.
    re.compile(r"(?<!\d)1\d\d(?P<yy>[12]\d)" + DAY.format("") + rf"{CLOCK}[0-5]\d\d{{3}}(?!\d)"),
)
TIMES = etree.XPath('//time[@datetime] | //*[@itemprop="datePublished"]')
SLASHES = re.compile(r"[01]?\d/[01]?\d/\d{4}")
MAX_STATED = 160  # characters of a stated time; what browsers write of a Date has 70


@dataclass(frozen=True)
class Stated:
    """A time as a publisher states it to machines; not `exact` = it only names the day."""

    moment: datetime
    exact: bool
    doubtful: bool = False  # 11/01/2023: nobody knows which number is the month


def find_dates(
    tree: HtmlElement,
    metadata: Metadata,
    *,
    url: str,
    zone: ZoneInfo,
    now: datetime,
    listed: datetime | None = None,
    title: str = "",
) -> tuple[Dated, Dated]:
    """The times of publication and of the last change, each with where the belief comes from.

    Parameters
    ----------
    zone
        The outlet's time zone, for times that state none.
    now
        When the page was fetched: nothing later is believed.
    listed
        What the feed or sitemap said.
    title
        The headline, near which the date line stands.
    """
    stated = first_stated(metadata.published, zone, now)
    if stated is None or not stated.exact:
        stated = first_stated([*metadata.published, *_time_elements(tree)], zone, now)
    changed = first_stated(metadata.modified, zone, now)
    line = updated = None
    if stated is None or not stated.exact or stated.doubtful:
        line, updated = find_line(
            tree,
            title,
            zone,
            lowest=EARLIEST,
            highest=now + AHEAD,
            month_first=zone.key.startswith("America/"),
        )
    published = _published(stated, line, url, zone, now, listed)
    return published, _changed(changed, updated, published, now)


def _published(
    stated: Stated | None, line: Reading | None, url: str, zone: ZoneInfo, now: datetime, listed: datetime | None
) -> Dated:
    listed = listed if listed is not None and EARLIEST < listed <= now + AHEAD else None
    if stated is not None:
        if line is not None and not stated.exact and not line.updated and line.moment.date() < stated.moment.date():
            # Many systems state the day of the last edit; what stands with the headline is of the publication.
            return Dated(line.moment, DateSource.VISIBLE)
        if line is not None and stated.doubtful and _turned(stated.moment) == line.moment.date():
            return Dated(line.moment, DateSource.VISIBLE)
        return Dated(_sharper(stated, line, now), DateSource.STRUCTURED)
    if line is not None:
        if not line.exact and listed is not None and _agree(listed, line.moment):
            return Dated(min(listed, now), DateSource.FEED)
        return Dated(min(line.moment, now), DateSource.VISIBLE)
    day = day_in_url(url, zone, now)
    # A feed's time far from the day in the address is of a later edit.
    if listed is not None and (day is None or _agree(listed, day)):
        return Dated(min(listed, now), DateSource.FEED)
    return Dated(day, DateSource.URL) if day is not None else Dated()


def _changed(changed: Stated | None, updated: Reading | None, published: Dated, now: datetime) -> Dated:
    """A change is later than the publication: other statements are of something else."""
    for moment, source in (
        (changed.moment if changed else None, DateSource.STRUCTURED),
        (updated.moment if updated else None, DateSource.VISIBLE),
    ):
        if moment is not None and (published.moment is None or moment > published.moment):
            return Dated(min(moment, now), source)
    return Dated()


def _sharper(stated: Stated, line: Reading | None, now: datetime) -> datetime:
    """A stated day with the time of day that readers see."""
    if not stated.exact and line is not None and line.exact and line.moment.date() == stated.moment.date():
        return min(line.moment, now)
    return stated.moment


def _turned(moment: datetime) -> date | None:
    """The day with its number and its month changed for each other."""
    return date(moment.year, moment.day, moment.month) if moment.day <= 12 else None


def _agree(one: datetime, other: datetime) -> bool:
    return abs(one - other) < SAME_DAY


def first_stated(texts: Iterable[str], zone: ZoneInfo, now: datetime) -> Stated | None:
    """The first of `texts` that is a plausible time; where it names only a day, a later one that tells its time."""
    readings = [reading for text in texts if (reading := _read(text, zone))]
    valid = [reading for reading in readings if EARLIEST < reading.moment <= now + AHEAD]
    if not valid:
        return None
    first = valid[0]
    if not first.exact:
        first = next((other for other in valid if other.exact and _agree(other.moment, first.moment)), first)
    # The same instant stated with the outlet's own offset tells the reader's date too.
    local = next((other for other in valid if other.moment == first.moment and other.moment.utcoffset()), first)
    moment = min(local.moment, now)
    # What is stated in UTC is told in the outlet's time: readers name the day by that.
    return Stated(moment if moment.utcoffset() else moment.astimezone(zone), local.exact, local.doubtful)


def first_time(texts: Iterable[str], zone: ZoneInfo, now: datetime) -> datetime | None:
    """The moment of `first_stated`."""
    stated = first_stated(texts, zone, now)
    return stated.moment if stated else None


def parse_time(text: str, zone: ZoneInfo) -> datetime | None:
    """A stated time: ISO 8601 and its common misspellings, or a date line; with its own offset, else the zone's."""
    stated = _read(text, zone)
    return stated.moment if stated else None


def _read(text: str, zone: ZoneInfo) -> Stated | None:
    text = text.strip()
    if len(text) > MAX_STATED:
        return None
    iso = re.sub(r"\s*(Z|UTC|GMT)$", "+00:00", text.replace(" +", "+").replace("T24:", "T00:"))
    iso = re.sub(r"(\.\d{6})\d+", r"\1", iso)
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        readings = read_line(text, zone)
        if not readings:
            return None
        moment = readings[0].moment
        return Stated(moment, readings[0].exact, bool(SLASHES.match(text)) and moment.day <= 12)
    exact = bool(moment.hour or moment.minute or moment.second)
    return Stated(moment if moment.tzinfo else moment.replace(tzinfo=zone), exact)


def _time_elements(tree: HtmlElement) -> list[str]:
    """What the first <time> or microdata element of the article states.

    Several are a list of other articles more often than not: only the first may speak.
    """
    for element in TIMES(tree):
        value = clean(element.get("datetime") or element.get("content") or "")
        if value and not stands_elsewhere(element, linked=True):
            return [value]
    return []


def day_in_url(url: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The day that an address tells in its path, at midnight."""
    path = url.partition("?")[0]
    for pattern in IN_URL:
        for match in pattern.finditer(path):
            parts = match.groupdict()
            year = int(parts["y"]) if parts.get("y") else 2000 + int(parts["yy"])
            try:
                day = datetime(year, int(parts["m"]), int(parts["d"]), tzinfo=zone)
            except ValueError:
                continue
            if EARLIEST < day <= now:
                return day
    return None
