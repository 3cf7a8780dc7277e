"""The tone of a text toward Vietnam, from evaluative words in the sentences that speak of it; no measure of truth."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classify.lexicons import NEGATIVE, POSITIVE
from classify.reading import Place, Reading
from classify.types import Relevance, Tone

# One word of praise or blame is how plain reporting sounds; a tone needs this much. Of 1, 1.5, 2, 2.5 and 3, on 422
# labelled texts, 2 and 2.5 gave the best macro-F1; weights of the title of 1, 2 and 3 differed less.
EVIDENCE = 2.0
# A tone is mixed when the weaker side has at least this share of the stronger.
MIXED_SHARE = 0.6
QUOTED_WEIGHT = 0.5
TITLE_WEIGHT = 2.0
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
class ToneEvidence:
    """One evaluative word that counted: where, which way after negation, and how much."""

    place: Place
    positive: bool
    weight: float


@dataclass(frozen=True)
class ToneJudgement:
    """The tone, a confidence from 0 to 1, and the words behind it, strongest first."""

    tone: Tone | None
    confidence: float
    evidence: tuple[ToneEvidence, ...] = ()


def judge(reading: Reading, relevance: Relevance | None) -> ToneJudgement:
    """The tone toward Vietnam: neutral unless words say otherwise, None unless Vietnam is central or substantial."""
    if relevance not in ("central", "substantial"):
        return ToneJudgement(None, 0.0)
    evidence = tuple(sorted(_weigh(reading, relevance), key=lambda found: -found.weight))
    good = sum(found.weight for found in evidence if found.positive)
    bad = sum(found.weight for found in evidence if not found.positive)
    tone, margin = _decide(good, bad)
    if tone == "neutral":
        return ToneJudgement(tone, round(max(0.4, 0.85 - 0.15 * max(good, bad)), 4), evidence)
    return ToneJudgement(tone, round(min(0.9, 0.45 + 0.08 * margin), 4), evidence)


def _decide(good: float, bad: float) -> tuple[Tone, float]:
    strong, weak = max(good, bad), min(good, bad)
    if strong < EVIDENCE:
        return "neutral", EVIDENCE - strong
    if weak >= EVIDENCE and weak >= MIXED_SHARE * strong:
        return "mixed", weak
    return ("positive" if good > bad else "negative"), strong - weak


def _weigh(reading: Reading, relevance: Relevance) -> Iterator[ToneEvidence]:
    spans = list(_about_vietnam(reading, relevance))
    for place in reading.places:
        positive = POSITIVE in place.hit.tags
        if positive == (NEGATIVE in place.hit.tags) or not _within(place, spans):
            continue
        text = (reading.title if place.field == "title" else reading.text).text
        weight = TITLE_WEIGHT if place.field == "title" else 1.0
        if _quoted(text, place.hit.start):
            weight *= QUOTED_WEIGHT
        yield ToneEvidence(place, positive != _negated(text, place.hit.start, reading.language), weight)


def _about_vietnam(reading: Reading, relevance: Relevance) -> Iterator[tuple[str, int, int]]:
    """The sentences whose words count: those that mention Vietnam, and, where it is central, the title and the lead."""
    for field, start, end in reading.sentences:
        leading = relevance == "central" and (field == "title" or start < reading.lead_end)
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
