"""URLs that look like one of an endless set: calendars, sessions, links that grow by following them.

A trap is told by its URL alone, before anything is fetched. What no URL shows (the same page under ever new numbers) is
for the budget of each source and for the check of equal bytes.
"""

import re
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.urls import canonical

# Of 2,713 real article, section and feed URLs the deepest has 8; relative links that lost their way go on for ever.
MAX_SEGMENTS = 16
# No real URL has the same segment three times: some have it twice (/news/news/detail, /rss/1/1).
MAX_REPEATS = 2
# Of those URLs the longest query has 69 characters. A filter's combinations reach hundreds; a signed address, too, so
# that this is generous.
MAX_QUERY = 512
MAX_PARAMETERS = 16  # filters switched on and off, in every combination; real ones have at most four
# Outlets announce what will be next year; a calendar goes on for ever. The web, and so its news, began in 1991.
FIRST_YEAR, YEARS_AHEAD, LAST_YEAR = 1990, 1, 2200

# Those that `canonical` leaves: others are no part of what tells two pages apart, so that they set no trap.
SESSION = re.compile(r"aspsessionid\w*|cfid|cftoken|sessid|session|session_?key", re.IGNORECASE)
SESSION_PATH = re.compile(r";(jsessionid|phpsessid|sid)=|/\(s\([a-z0-9]{20,}\)\)", re.IGNORECASE)
CALENDAR = re.compile(r"cal|calendar|kalender|calendrier|calendario|lich|lich-.+|events?|su-kien|agenda|termine")
WHEN = re.compile(
    r"ym|ymd|year|month|date|day|week|from|to|start|end|nam|thang|ngay|tribe-bar-date|cal\w*", re.IGNORECASE
)
YEAR = re.compile(r"year|nam|yr|cal_?year", re.IGNORECASE)
DATE = re.compile(r"(\d{4})[-/.](1[0-2]|0?[1-9])([-/.]([12]\d|3[01]|0?[1-9]))?")
PACKED = re.compile(r"(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?")


def trap(url: str) -> str | None:
    """Why a URL looks like one of an endless set; None when it does not."""
    parts = urlsplit(canonical(url))
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return (
        _path(segments)
        or _query(parts.query, pairs)
        or _session(parts.path, pairs)
        or _calendar(segments, pairs, datetime.now(UTC).year + YEARS_AHEAD)
    )


def _path(segments: list[str]) -> str | None:
    if len(segments) > MAX_SEGMENTS:
        return f"{len(segments)} path segments, more than {MAX_SEGMENTS}"
    words = Counter(segment for segment in segments if len(segment) > 2 or not segment.isdecimal())  # not /11/11/11/
    name, times = max(words.items(), key=lambda item: item[1], default=("", 0))
    return f"path segment {name[:40]!r} {times} times" if times > MAX_REPEATS else None


def _query(query: str, pairs: list[tuple[str, str]]) -> str | None:
    if len(query) > MAX_QUERY:
        return f"query of {len(query)} characters, more than {MAX_QUERY}"
    if len(pairs) > MAX_PARAMETERS:
        return f"{len(pairs)} query parameters, more than {MAX_PARAMETERS}"
    # Several values of one name are fine (`tag[]=a&tag[]=b`); the same one again and again is a link that grew.
    (name, _), times = max(Counter(pairs).items(), key=lambda item: item[1], default=(("", ""), 0))
    return f"query parameter {name[:40]!r} {times} times" if times > MAX_REPEATS else None


def _session(path: str, pairs: list[tuple[str, str]]) -> str | None:
    named = any(SESSION.fullmatch(name) for name, _ in pairs)
    return "session id" if named or SESSION_PATH.search(path) else None


def _calendar(segments: list[str], pairs: list[tuple[str, str]], latest: int) -> str | None:
    """A date that no news can have, where the URL says that it is a date."""
    years = [year for name, value in pairs if WHEN.fullmatch(name) and (year := _year(name, value))]
    within = any(CALENDAR.fullmatch(segment) for segment in segments)
    for match in DATE.finditer("/".join(segments)):
        whole = f"/{'/'.join(segments)}/"[match.start() : match.end() + 2]  # with the sign before and the one after
        if whole[0] == whole[-1] == "/" and (within or len(match.group(2)) == 2):
            year = int(match.group(1))
            years += [year] if within or year >= FIRST_YEAR else []  # archives of 1945 are no calendar
    wrong = [year for year in years if not FIRST_YEAR <= year <= latest and year < LAST_YEAR]
    return f"calendar page of the year {wrong[0]}" if wrong else None


def _year(name: str, value: str) -> int | None:
    match = DATE.match(value) or PACKED.fullmatch(value) or (YEAR.fullmatch(name) and re.fullmatch(r"(\d{4})", value))
    return int(match.group(1)) if match else None
