"""The words of the summary in both its languages, Vietnamese first, and how each writes numbers and dates."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from store.figures import LOCAL


@dataclass(frozen=True)
class Text:
    """The same words in Vietnamese and English."""

    vi: str
    en: str


TONES = {
    "positive": Text("Tích cực", "Positive"),
    "neutral": Text("Trung lập", "Neutral"),
    "mixed": Text("Đan xen", "Mixed"),
    "negative": Text("Tiêu cực", "Negative"),
    "unclear": Text("Không rõ", "Unclear"),
}
RELEVANCE = {
    "central": Text("Việt Nam là trọng tâm", "Vietnam is central"),
    "substantial": Text("Việt Nam là phần đáng kể", "Vietnam is substantial"),
    "passing": Text("Nhắc thoáng qua", "Passing mention"),
    "none": Text("Không nói về Việt Nam", "Not about Vietnam"),
    "unjudged": Text("Chưa đánh giá", "Not judged"),
}
SCOPES = {
    "national": Text("Báo trung ương", "National press"),
    "provincial": Text("Báo địa phương", "Provincial press"),
    "ministry": Text("Báo, trang bộ ngành", "Ministries"),
    "agency": Text("Hãng thông tấn", "News agencies"),
    "foreign": Text("Báo nước ngoài", "Foreign press"),
}
UNSORTED_TOPIC = Text("Chưa xếp", "Not sorted")
UNKNOWN = Text("Chưa rõ", "Unknown")
WEEKDAYS = (Text("T2", "Mon"), Text("T3", "Tue"), Text("T4", "Wed"), Text("T5", "Thu"), Text("T6", "Fri"),
            Text("T7", "Sat"), Text("CN", "Sun"))  # fmt: skip

# Control characters, and those that turn the direction of what follows them, can make a title read as another.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]+")


def language_name(code: str) -> Text:
    """The name of a language by its ISO 639-1 code; the code itself when it has none."""
    return UNKNOWN if code in ("", "und") else _named(code, "languages")


def country_name(code: str) -> Text:
    """The name of a country by its ISO 3166-1 code; the code itself when it has none."""
    return UNKNOWN if code in ("", "XX") else _named(code, "territories")


def _named(code: str, kind: str) -> Text:
    from babel import Locale

    names = [str(getattr(Locale(language), kind).get(code, code)) for language in ("vi", "en")]
    return Text(names[0][:1].upper() + names[0][1:], names[1])


def number(value: int) -> Text:
    """1.234 in Vietnamese, 1,234 in English."""
    return Text(f"{value:,}".replace(",", "."), f"{value:,}")


def percent(value: float) -> Text:
    """12,5% and 12.5%; `value` from 0 to 1."""
    return Text(f"{value * 100:.1f}%".replace(".", ","), f"{value * 100:.1f}%")


def day_text(day: date) -> str:
    """09/11/2026, the way both pages of the summary write it."""
    return day.strftime("%d/%m/%Y")


def moment_text(moment: datetime) -> str:
    """14:05 09/11/2026, in Vietnam."""
    return moment.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")


def clean(text: str, most: int = 300) -> str:
    """A line fit to show: no control or direction characters, single spaces, at most `most` characters."""
    line = " ".join(_UNSEEN.sub(" ", text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
