"""A line that readers see -> the times it tells: "29/7/2024, 13:51 (GMT+7)", "วันที่ 29 ก.ค. 2567 13.51 น.".

Day before month, as everywhere but in the United States. Years of two digits are read only where asked for: elsewhere
such numbers are versions, scores, telephone numbers.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from crawler.extraction.datelabels import EXPIRES, PUBLISHED, UPDATED
from crawler.extraction.months import VIETNAMESE, month_names, month_pattern

MAX_LINE = 160  # characters of a line that may tell a date; longer ones are sentences
BUDDHIST = 543  # years between the Thai and the common count
REIWA = 2018
NEAR = 30  # characters between a date and its time

# A line without any of these cannot hold a date: looked at first, because most lines do not.
LIKELY = re.compile(
    r"(?<!\d)(?:19[89]|20[0-4]|25[3-9])\d(?!\d)|[๐-๙໐-໙០-៩０-９]|令和|[ก-ฮ]\.?\s?\d\d(?!\d)", re.ASCII | re.IGNORECASE
)
LIKELY_SHORT = re.compile(r"(?<![\d.:/-])[0-3]\d([./])[01]\d\1[0-3]\d(?![\d.:/%€$])", re.ASCII)
SHORT = r"(?<![\d.:/-])(?P<d>[0-3]\d)(?P<sep>[./])(?P<m>[01]\d)(?P=sep)(?P<yy>[0-3]\d)(?![\d.:/%€$])"
YEAR = r"(?P<y>(?:19[89]|20[0-4]|25[3-9])\d)(?!\d)"
DAY, MONTH = r"(?P<d>[0-3]?\d)", r"(?P<m>[01]?\d)"
VIETNAMESE_MONTH = rf"(?:tháng|thg\.?|th)\s?(?:{MONTH}(?!\d)|(?P<vi>{'|'.join(VIETNAMESE)})(?!\w))"
# Between a day, a month's name and a year.
BETWEEN = r"(?:\s|[.,/'’-]|de|del|of|năm|г\.?|ปี|พ\.ศ\.?|พ\.?ศ|ค\.ศ\.?|เดือน|ປີ|ເດືອນ|ខែ|ឆ្នាំ)*"
NUMERIC = (
    rf"(?<![\d.:/-]){DAY}\s?(?P<sep>[/.-])\s?(?P<m>[0-3]?\d)\s?(?P=sep)\s?{YEAR}",
    rf"(?<!\d){YEAR}\s?(?P<sep>[/.-])\s?{MONTH}\s?(?P=sep)\s?(?P<d>[0-3]?\d)(?!\d)",
    rf"(?<!\d)(?:{YEAR}|令和\s?(?P<reiwa>\d{{1,2}}|元))\s?[年년]\s?{MONTH}\s?[月월]\s?{DAY}\s?[日일号]?",
    rf"(?<!\d){DAY}[\s,]?{VIETNAMESE_MONTH}[\s,./-]*(?:năm\s?)?{YEAR}",
    rf"{VIETNAMESE_MONTH}\s{DAY},?\s{YEAR}",  # WordPress in Vietnamese: Tháng Bảy 29, 2024
)
DAYTIME = (
    # 1:51 PM, 13:51:08, 13h51, 13 giờ 51 phút, 13時51分, 오후 1시 51분, 13.51 น.
    r"(?P<before>오전|오후|上午|下午|午前|午後|凌晨|早上|晚上|中午)?\s?(?<![\d:./+-])(?P<H>\d{1,2})\s?"
    r"(?::|h|g|giờ|[时時点시]|uhr)\s?(?P<M>\d{2})(?!\d)(?::(?P<S>\d{2})(?!\d))?\s?(?:phút|分|분)?"
    r"\s?(?P<after>[ap]\.?m\b\.?|sa\b|ch\b|sáng|chiều|tối|đêm|trưa)?",
    r"(?<![\d:./+-])(?P<H>\d{1,2})\.(?P<M>\d{2})(?![.\d/])\s?(?=น\.?|uhr|wib|wita|wit\b)",
    r"(?:klo|kl\.?|pukul|jam|เวลา)\s?(?P<H>\d{1,2})[.:](?P<M>\d{2})(?![.\d/])",
    r"(?P<before>오전|오후|上午|下午|午前|午後)?\s?(?<![\d:./+-])(?P<H>\d{1,2})\s?(?:giờ|[时時点시]|h(?!\w))"
    r"\s?(?P<after>sáng|chiều|tối|đêm|trưa)?(?!\s?\d|\s?trước)",
    r"(?<![\d:./+-])(?P<H>\d{1,2})\s?(?P<after>[ap]\.?m\b\.?)",
)
LATE = re.compile(r"p|ch\b|chiều|tối|đêm|trưa|오후|下午|午後|晚上|中午")
EARLY = re.compile(r"a|sa\b|sáng|오전|上午|午前|凌晨|早上")
OFFSET = re.compile(
    r"(?:gmt|utc)?\s?(?P<sign>[+−-])\s?(?P<h>\d{1,2})(?::?(?P<m>[0-5]\d))?(?!\d)|\b(?P<name>[a-z]{3,4}|z)\b"
)
# Abbreviations that mean one offset in the news; CST and IST mean several.
ZONES = {
    "gmt": 0, "utc": 0, "z": 0, "ict": 7, "wib": 7, "sgt": 8, "hkt": 8, "wita": 8, "jst": 9, "kst": 9, "msk": 3,
    "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "eest": 3, "est": -5, "edt": -4, "pst": -8, "pdt": -7,
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A date in a line, with its time where the line tells one."""

    moment: datetime
    exact: bool  # whether a time of day was told
    updated: bool  # labelled as the time of a change
    published: bool  # labelled as the time of publication
    rest: int  # letters of the line that are neither date nor time
    short: bool = False  # the year has two digits


def read_line(text: str, zone: tzinfo, *, month_first: bool = False, short: bool = False) -> list[Reading]:
    """Every date of a line, in order; none of a line that is too long.

    Parameters
    ----------
    zone
        For times that state no offset.
    month_first
        How to read 7/8/2024; 29/7/2024 and 7/29/2024 are told by their numbers.
    short
        Whether to read years of two digits, where no date with a whole year stands: 28.01.22, 28/01/22.
    """
    if len(text) > MAX_LINE or not (LIKELY.search(text) or (short and LIKELY_SHORT.search(text))):
        return []
    line = _plain(text)
    dates = [(match, day) for match in _dates(line) if (day := _day(match, month_first=month_first))]
    if not dates and short:
        dates = [(match, day) for match in _short().finditer(line) if (day := _day(match, month_first=False))]
        dates = [(match, day) for match, day in dates if match["sep"] == "." or day.day > 12]  # 08/07/22 says little
    found = []
    for at, (match, day) in enumerate(dates):
        begin = dates[at - 1][0].end() if at else 0
        end = dates[at + 1][0].start() if at + 1 < len(dates) else len(line)
        clock, used = _clock(line, begin, match.start(), match.end(), end)
        label = line[begin : match.start()]
        if EXPIRES.search(label):
            continue
        rest = line[:begin] + label + line[match.end() :] if used is None else _without(line, match, used)
        found.append(
            Reading(
                _moment(day, clock, zone),
                clock is not None,
                bool(UPDATED.search(label)),
                bool(PUBLISHED.search(label)),
                sum(map(str.isalpha, rest)),
                "yy" in match.groupdict(),
            )
        )
    return found


def _plain(text: str) -> str:
    """Lower case, with the digits and punctuation of all scripts as ASCII has them."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text) if re.search("[！-～]", text) else text)
    return re.sub(r"\d", lambda digit: str(int(digit.group())), text).lower()


@functools.cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    name = rf"(?P<name>{month_pattern()})"
    named = (
        rf"(?<!\d){DAY}(?:st|nd|rd|th|er|º|ª)?{BETWEEN}{name}{BETWEEN}(?:{YEAR}|(?P<thai>[67]\d)(?!\d))",
        rf"(?<!\w){name}\s?{DAY}(?:st|nd|rd|th)?(?:,|\s|de|del)+{YEAR}",
        rf"(?<!\d){YEAR}[.,]?\s?{name}\s?{DAY}(?!\d)",
    )
    return tuple(re.compile(pattern) for pattern in NUMERIC + named)


@functools.cache
def _daytimes() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in DAYTIME)


def _dates(line: str) -> Iterator[re.Match[str]]:
    """All dates of a line, none overlapping another."""
    taken: list[re.Match[str]] = []
    # Written months are looked for only where the numbers alone give no date.
    for patterns in (_numeric(), _named()):
        for pattern in patterns:
            for match in pattern.finditer(line):
                if all(match.end() <= other.start() or other.end() <= match.start() for other in taken):
                    taken.append(match)
        if taken:
            break
    yield from sorted(taken, key=lambda match: match.start())


@functools.cache
def _numeric() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in NUMERIC)


@functools.cache
def _short() -> re.Pattern[str]:
    return re.compile(SHORT)


@functools.cache
def _named() -> tuple[re.Pattern[str], ...]:
    return _patterns()[len(NUMERIC) :]


def _day(match: re.Match[str], *, month_first: bool) -> datetime | None:
    parts = match.groupdict()
    year = _year(parts)
    day, month = int(parts["d"]), _month(parts)
    numeric = parts.get("y") and parts.get("sep") and match.start("d") < match.start("y")
    if numeric and ((month_first and day <= 12) or (month > 12 and day <= 12)):
        day, month = month, day
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - the zone is put in with the time
    except ValueError:
        return None


def _year(parts: dict[str, str | None]) -> int:
    if parts.get("reiwa"):
        return REIWA + (1 if parts["reiwa"] == "元" else int(parts["reiwa"] or 0))
    if parts.get("yy"):
        return 2000 + int(parts["yy"] or 0)
    if parts.get("thai"):
        return 2500 + int(parts["thai"] or 0) - BUDDHIST
    year = int(parts["y"] or 0)
    return year - BUDDHIST if year >= 2530 else year


def _month(parts: dict[str, str | None]) -> int:
    if parts.get("vi"):
        return VIETNAMESE[parts["vi"] or ""]
    if parts.get("name"):
        return month_names()[(parts["name"] or "").removesuffix(".")]
    return int(parts["m"] or 0)


def _clock(
    line: str, begin: int, start: int, end: int, stop: int
) -> tuple[tuple[int, int, tzinfo | None] | None, tuple[int, int] | None]:
    """Hour, minute and offset told beside a date, and where; the side after the date first."""
    for low, high, last in ((end, min(stop, end + NEAR), False), (max(begin, start - NEAR), start, True)):
        for pattern in _daytimes():
            matches = list(pattern.finditer(line, low, high))
            match = matches[-1 if last else 0] if matches else None
            if match is None:
                continue
            clock = _hour_minute(match)
            if clock is not None:
                after = line[match.end() : match.end() + 16] if not last else line[match.end() : start]
                offset = _offset(after) or (_offset(line[end : end + 16]) if last else None)
                return (*clock, offset), match.span()
    return None, None


def _hour_minute(match: re.Match[str]) -> tuple[int, int] | None:
    parts = match.groupdict()
    hour, minute = int(parts["H"]), int(parts.get("M") or 0)
    half = parts.get("before") or parts.get("after") or ""
    if half and hour <= 12:
        if EARLY.match(half):
            hour %= 12
        elif LATE.match(half) and not (half in ("đêm", "trưa") and hour >= 11):
            hour = hour % 12 + 12
        elif half == "đêm" and hour == 12:
            hour = 0
    return (hour, minute) if hour < 24 and minute < 60 else None


def _offset(text: str) -> tzinfo | None:
    """The zone that directly follows a time."""
    match = OFFSET.match(text.lstrip(" ,|-–("))
    if not match:
        return None
    if match["name"]:
        hours = ZONES.get(match["name"])
        following = OFFSET.match(text.lstrip(" ,|-–(")[len(match["name"]) :].lstrip()) if hours == 0 else None
        if following and following["sign"]:
            match = following
        else:
            return timezone(timedelta(hours=hours)) if hours is not None else None
    minutes = int(match["h"]) * 60 + int(match["m"] or 0)
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=minutes if match["sign"] == "+" else -minutes))


def _moment(day: datetime, clock: tuple[int, int, tzinfo | None] | None, zone: tzinfo) -> datetime:
    if clock is None:
        return day.replace(tzinfo=zone)
    hour, minute, offset = clock
    return day.replace(hour=hour, minute=minute, tzinfo=offset or zone)


def _without(line: str, date: re.Match[str], clock: tuple[int, int]) -> str:
    (a, b), (c, d) = sorted([date.span(), clock])
    return line[:a] + line[b:c] + line[d:]
