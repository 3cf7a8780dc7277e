"""Words of praise and blame near the subject: turned round by a negator, halved inside a quotation."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from classify.text.lexicons import NEGATIVE, POSITIVE
from classify.text.reading import Place, Reading

QUOTED_WEIGHT = 0.5
TITLE_WEIGHT = 2.0
PRAISE_NAMES = (
    "good", "bad", "good in title", "bad in title", "good anywhere", "bad anywhere", "good quoted", "bad quoted",
    "good share", "turned round",
)  # fmt: skip
# Within this many characters before a word, a negator of its language turns it round.
NEGATOR_REACH = 14
NEGATORS: dict[str, re.Pattern[str]] = {
    language: re.compile(pattern)
    for language, pattern in {
        "vi": r"\b(?:không|chưa|chẳng|chả|phủ nhận|bác bỏ|thiếu|hết)\b",
        "en": r"\b(?:not|no|never|without|hardly|nor|denies|denied|deny|n't|lack of)\b",
        "fr": r"\b(?:ne|n'|pas|sans|jamais|aucune?)\b",
        "de": r"\b(?:nicht|kein\w*|ohne|nie|niemals)\b",
        "es": r"\b(?:no|sin|nunca|ningun[oa]?)\b",
        "ru": r"\b(?:не|нет|без|никогда)\b",
        "nl": r"\b(?:niet|geen|zonder|nooit)\b",
        "id": r"\b(?:tidak|bukan|tanpa|belum)\b",
        "zh": r"[不没無无未非否]",
        "ja": r"(?:ない|なし|ず|非|無|不)",
        "ko": r"(?:않|없|안 |못)",
        "th": r"(?:ไม่|มิ|ไร้)",
    }.items()
}
_OPENING, _CLOSING = "“«「『‹„", "”»」』›"


@dataclass(frozen=True)
class Praise:
    """One evaluative word: where, which way after negation, how much, whether near the subject and whether quoted."""

    place: Place
    positive: bool
    weight: float
    near: bool
    quoted: bool
    negated: bool


def praise(reading: Reading) -> Iterator[Praise]:
    """Every evaluative word of a reading, in order of place."""
    spans = list(_about_vietnam(reading))
    for place in reading.places:
        positive = POSITIVE in place.hit.tags
        if positive == (NEGATIVE in place.hit.tags):
            continue
        text = (reading.title if place.field == "title" else reading.text).text
        quoted, negated = _quoted(text, place.hit.start), _negated(text, place.hit.start, reading.language)
        weight = (TITLE_WEIGHT if place.field == "title" else 1.0) * (QUOTED_WEIGHT if quoted else 1.0)
        yield Praise(place, positive != negated, weight, _within(place, spans), quoted, negated)


def praise_numbers(reading: Reading) -> tuple[float, ...]:
    """The numbers named by PRAISE_NAMES, most of them between 0 and 3."""
    found = list(praise(reading))
    near = [one for one in found if one.near]
    good, bad = (sum(one.weight for one in near if one.positive is side) for side in (True, False))
    title = [one for one in near if one.place.field == "title"]
    return (
        math.log1p(good),
        math.log1p(bad),
        float(sum(one.positive for one in title)),
        float(sum(not one.positive for one in title)),
        math.log1p(sum(one.positive for one in found)),
        math.log1p(sum(not one.positive for one in found)),
        math.log1p(sum(one.positive and one.quoted for one in near)),
        math.log1p(sum(one.quoted and not one.positive for one in near)),
        (good + 0.5) / (good + bad + 1.0),
        float(sum(one.negated for one in near)),
    )


def _about_vietnam(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """The sentences whose words count as near: those that mention Vietnam, the title and the lead."""
    for field, start, end in reading.sentences:
        leading = field == "title" or start < reading.lead_end
        if leading or any(m.field == field and start <= m.hit.start < end for m in reading.mentions):
            yield field, start, end


def _within(place: Place, spans: list[tuple[str, int, int]]) -> bool:
    return any(field == place.field and start <= place.hit.start < end for field, start, end in spans)


def _negated(text: str, start: int, language: str) -> bool:
    pattern = NEGATORS.get(language)
    return bool(pattern and pattern.search(text[max(0, start - NEGATOR_REACH) : start]))


def _quoted(text: str, start: int) -> bool:
    """Whether an opening quotation mark stands unclosed in the 200 characters before; straight marks are counted."""
    before = text[max(0, start - 200) : start]
    opened = sum(map(before.count, _OPENING)) - sum(map(before.count, _CLOSING))
    return opened > 0 or before.count('"') % 2 == 1
