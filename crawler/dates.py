"""When an article was published: the publisher's statements first, then the visible date line, then guesses.

Never a date in the future, never an invented one: trafilatura and htmldate give 2004-01-01 or the first of a month for
undated pages, and take any date of the page for its own.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from crawler.article import Dated, DateSource
from crawler.metadata import Metadata, clean

AHEAD = timedelta(hours=26)  # a publisher's local time read as UTC may seem this far ahead
SAME_DAY = timedelta(hours=36)  # a feed's time and the day in the address agree; else the feed's is of a later edit
EARLIEST = datetime(1991, 8, 6, tzinfo=UTC)  # the first web page
DATE_LINE = re.compile(
    r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>(?:19|20)\d\d)"
    r"(?:\D{1,12}?(?P<H>\d{1,2})(?:[:h]|\s?giờ\s?)(?P<M>\d{2}))?"
)
TIME_FIRST = re.compile(
    r"(?P<H>\d{1,2})[:h](?P<M>\d{2})\D{1,12}?(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>(?:19|20)\d\d)"
)
CJK_LINE = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]"
    r"(?:\D{0,8}?(?P<H>\d{1,2})\s?[:時时시]\s?(?P<M>\d{2}))?"
)
LINES = (TIME_FIRST, DATE_LINE, CJK_LINE)
DATE_CLASS = re.compile(r"date|ngay|publish|posted|time(?!line)", re.IGNORECASE)
IN_URL = re.compile(r"(?<!\d)(20[0-2]\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d{2,5}(?!\d)\.)")
MAX_LINE = 120  # characters of a text node that may be a date line
# Languages whose written-out dates are read; naming them spares dateparser a try of all its 200.
SPOKEN = ("vi", "en", "fr", "de", "es", "ru", "ja", "ko", "zh", "th", "it", "pt", "nl", "pl", "id")
LINE_TAGS = ("span", "div", "p", "time", "li", "td", "h5", "h4", "em", "i", "small", "b", "a")
LOOKED_AT = 4_000  # elements searched for one


def find_date(
    tree: HtmlElement, metadata: Metadata, *, url: str, zone: ZoneInfo, now: datetime, listed: datetime | None = None
) -> Dated:
    """The publication time and where it comes from.

    Parameters
    ----------
    zone
        The outlet's time zone, for times that state none.
    now
        When the page was fetched: nothing later is believed.
    listed
        What the feed or sitemap said.
    """
    stated = first_time(metadata.published, zone, now)
    if stated is None:
        stated = first_time(_time_elements(tree), zone, now)
    if stated is not None:
        return Dated(stated, DateSource.STRUCTURED)
    seen = _visible(tree, zone, now)
    if seen is not None:
        return Dated(seen, DateSource.VISIBLE)
    in_url = IN_URL.search(url)
    day = _moment(dict(zip("ymd", in_url.groups(), strict=True)), zone, now) if in_url else None
    if listed is not None and EARLIEST < listed <= now + AHEAD and (day is None or abs(listed - day) < SAME_DAY):
        return Dated(min(listed, now), DateSource.FEED)
    if day is not None:
        return Dated(day, DateSource.URL)
    guess = _guess(tree, url, zone, now)
    return Dated(guess, DateSource.GUESSED) if guess else Dated()


def first_time(texts: Iterable[str], zone: ZoneInfo, now: datetime) -> datetime | None:
    """The first of `texts` that is a plausible time."""
    moments = [parse_time(text, zone) for text in texts]
    valid = [moment for moment in moments if moment is not None and EARLIEST < moment <= now + AHEAD]
    if not valid:
        return None
    # The same instant stated with the outlet's own offset tells the reader's date too.
    local = next((moment for moment in valid if moment == valid[0] and moment.utcoffset()), valid[0])
    return min(local, now)


def parse_time(text: str, zone: ZoneInfo) -> datetime | None:
    """A stated time: ISO 8601 and its common misspellings, or a date line; with its own offset, else the zone's."""
    text = text.strip()
    iso = re.sub(r"\s*(Z|UTC|GMT)$", "+00:00", text.replace(" +", "+").replace("T24:", "T00:"))
    iso = re.sub(r"(\.\d{6})\d+", r"\1", iso)
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        found = _from_lines(text, zone)
        if found is not None:
            return found
        import dateparser

        if not re.search(r"(19|20)\d\d", text) or len(text) > MAX_LINE:
            return None
        parsed = dateparser.parse(
            text, languages=list(SPOKEN), settings={"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"]}
        )
        if parsed is None:
            return None
        moment = parsed
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _time_elements(tree: HtmlElement) -> list[str]:
    found = []
    for element in tree.xpath('//time[@datetime] | //*[@itemprop="datePublished"]'):
        inside = any(_ancestor_class(element, name) for name in ("related", "sidebar", "comment", "footer"))
        value = clean(element.get("datetime") or element.get("content") or "")
        if value and not inside:
            found.append(value)
    # Several <time> elements are a list of other articles more often than not: only the first may speak.
    return found[:1]


def _ancestor_class(element: HtmlElement, name: str) -> bool:
    return any(name in (parent.get("class") or "").lower() for parent in element.iterancestors())


def _visible(tree: HtmlElement, zone: ZoneInfo, now: datetime) -> datetime | None:
    best, found = 0, None
    for element in islice(tree.iter(*LINE_TAGS), LOOKED_AT):
        shallow = len(element) <= 3 and not any(len(child) for child in element)
        text = clean(element.text_content() if shallow else element.text)
        if not 8 <= len(text) <= MAX_LINE:
            continue
        moment = _from_lines(text, zone)
        if moment is None or not EARLIEST < moment <= now + AHEAD:
            continue
        score = _line_score(element, moment)
        if score > best:
            best, found = score, min(moment, now)
    return found


def _line_score(element: HtmlElement, moment: datetime) -> int:
    """How likely a dated line is the article's own: a time of day, a telling name, and not standing in a list.

    Bare dates stand beside the links to other articles; those of the article itself mostly tell the time, too.
    """
    named = DATE_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    listed = element.tag == "li" or any(parent.tag in ("li", "aside", "footer") for parent in element.iterancestors())
    return (2 if moment.hour or moment.minute else 0) + (1 if named else 0) - (2 if listed else 0)


def _from_lines(text: str, zone: ZoneInfo) -> datetime | None:
    for line in LINES:
        match = line.search(text)
        if match:
            return _moment(match.groupdict(), zone, None)
    return None


def _moment(parts: dict[str, str | None], zone: ZoneInfo, now: datetime | None) -> datetime | None:
    numbers = {key: int(value) for key, value in parts.items() if value}
    try:
        moment = datetime(
            numbers["y"], numbers["m"], numbers["d"], numbers.get("H", 0), numbers.get("M", 0), tzinfo=zone
        )
    except ValueError:
        return None
    return moment if now is None or EARLIEST < moment <= now else None


def _guess(tree: HtmlElement, url: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    from htmldate import find_date as guess

    found = guess(tree, url=url, original_date=True, extensive_search=True, max_date=now.date().isoformat())
    if not found or found.endswith("-01-01") or (found.endswith("-01") and not _shows_first(tree, found)):
        return None
    return datetime.fromisoformat(found).replace(tzinfo=zone)


def _shows_first(tree: HtmlElement, found: str) -> bool:
    """Whether the page shows the first of that month as a day: htmldate also gives it when it knew the month alone."""
    year, month = found[:4], str(int(found[5:7]))
    iso, written = rf"{year}\W0?{month}\W0?1(?!\d)", rf"(?<!\d)0?1(?:st|er)?\W{{1,3}}\w{{1,12}}\W{{1,3}}{year}"
    american = rf"\b\w{{3,12}}\W{{1,2}}0?1(?:st)?\W{{1,3}}{year}"
    return re.search(f"{iso}|{written}|{american}", tree.text_content()) is not None
