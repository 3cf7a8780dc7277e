"""The words behind a prediction, as spans of the original title and text."""

import re
from collections.abc import Iterable, Iterator, Sequence

from classify.features import place_weight, term_weight
from classify.lexicons import NEGATIVE, POSITIVE, TOPIC
from classify.reading import Place, Reading
from classify.tone import ToneEvidence
from classify.types import Span, SpanField

MOST = 12
# How many of the twelve each kind of reason may take; topics get the most, being the tags people question most.
MOST_RELEVANCE = 3
MOST_TONE = 4
MOST_PER_TOPIC = 3


def collect(
    reading: Reading, topics: Sequence[str], tone: Iterable[ToneEvidence], learned: dict[str, list[tuple[str, float]]]
) -> tuple[Span, ...]:
    """At most twelve spans for relevance, each topic and the tone, in that order of need.

    `learned` gives, for a topic, the tokens by which the linear model chose it, with the log-odds each added.
    """
    spans = list(_best(reading.mentions, reading, "relevance", MOST_RELEVANCE))
    for topic in topics:
        tag = TOPIC + topic
        found = list(_best(reading.tagged(tag), reading, tag, MOST_PER_TOPIC))
        room = MOST_PER_TOPIC - len(found)
        spans += found + list(_learned(reading, tag, learned.get(topic, []), room, found))
    spans += _of_tone(tone)
    return tuple(_distinct(spans))[:MOST]


def _best(places: Iterable[Place], reading: Reading, tag: str, most: int) -> Iterator[Span]:
    """The weightiest place of each different term; a share is its weight over that of all listed."""
    first: dict[str, tuple[float, Place]] = {}
    for place in places:
        weight = place_weight(place, reading) * term_weight(place)
        if weight > first.get(place.hit.term, (0.0, place))[0]:
            first[place.hit.term] = (weight, place)
    ranked = sorted(first.values(), key=lambda pair: -pair[0])
    total = sum(weight for weight, _ in ranked) or 1.0
    for weight, place in ranked[:most]:
        yield Span(place.field, place.hit.start, place.hit.end, tag, round(weight / total, 4))


def _learned(
    reading: Reading, tag: str, tokens: list[tuple[str, float]], room: int, taken: list[Span]
) -> Iterator[Span]:
    total = sum(weight for _, weight in tokens) or 1.0
    for token, weight in tokens:
        if room <= 0:
            return
        place = _find(reading, token)
        if place and not any(
            span.field == place[0] and span.start < place[2] and place[1] < span.end for span in taken
        ):
            room -= 1
            yield Span(*place, tag, round(min(1.0, weight / total), 4))


def _find(reading: Reading, token: str) -> tuple[SpanField, int, int] | None:
    """Where a token of the linear model first stands, compounds with any white space between their syllables."""
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, token.split("_"))) + r"(?!\w)")
    fields: tuple[SpanField, SpanField] = ("title", "text")
    for field in fields:
        folded = reading.title if field == "title" else reading.text
        match = pattern.search(folded.text)
        if match:
            start, end = folded.span(match.start(), match.end())
            return field, start, end
    return None


def _of_tone(evidence: Iterable[ToneEvidence]) -> list[Span]:
    found = list(evidence)
    total = sum(one.weight for one in found) or 1.0
    return [
        Span(
            field=one.place.field,
            start=one.place.hit.start,
            end=one.place.hit.end,
            tag=POSITIVE if one.positive else NEGATIVE,
            weight=round(one.weight / total, 4),
        )
        for one in found[:MOST_TONE]
    ]


def _distinct(spans: Iterable[Span]) -> Iterator[Span]:
    seen: set[tuple[str, int, int, str]] = set()
    for span in spans:
        key = (span.field, span.start, span.end, span.tag)
        if key not in seen:
            seen.add(key)
            yield span
