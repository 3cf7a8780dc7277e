"""The words and sentences behind a prediction, as spans of the original title and text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from classify.features.praise import praise
from classify.features.strengths import place_weight, term_weight
from classify.features.targets import MASK
from classify.function_words import is_function_word
from classify.text.lexicons import NEGATIVE, POSITIVE, TOPIC
from classify.text.reading import Place, Reading
from classify.types import Span, SpanField, Tone

# How many words each kind of reason may take.
MOST_RELEVANCE = 3
MOST_TONE = 4
MOST_PER_TOPIC = 3
SENTENCE = "sentence:"
_LETTER, _BETWEEN = re.compile(r"\w"), re.compile(r"\W+")
Learned = Mapping[str, Sequence[tuple[str, float]]]


def collect(reading: Reading, topics: Sequence[str], tone: Tone | None, learned: Learned) -> tuple[Span, ...]:
    """The spans for relevance, each topic and the tone, then for each of these tags the sentence with most of them.

    `learned` gives, for a tag, the words by which the trained model chose it, with what each added.
    """
    spans = list(_best(reading.mentions, reading, "relevance", MOST_RELEVANCE))
    for topic in topics:
        tag = TOPIC + topic
        found = list(_best(reading.tagged(tag), reading, tag, MOST_PER_TOPIC - 1))
        room = MOST_PER_TOPIC - len(found)
        spans += found + list(_learned(reading, tag, learned.get(tag, ()), room, found))
    spans += _of_tone(reading, tone, learned)
    words = tuple(_distinct(spans))
    return (*words, *_sentences(reading, words))


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
    reading: Reading, tag: str, words: Sequence[tuple[str, float]], room: int, taken: Iterable[Span]
) -> Iterator[Span]:
    total = sum(weight for _, weight in words) or 1.0
    held = [(span.field, span.start, span.end) for span in taken]
    for word, weight in words:
        if room <= 0:
            return
        place = _find(reading, word)
        if place and not any(place[0] == field and start < place[2] and place[1] < end for field, start, end in held):
            room -= 1
            held.append(place)
            yield Span(*place, tag, round(min(1.0, weight / total), 4))


def _find(reading: Reading, word: str) -> tuple[SpanField, int, int] | None:
    """Where a word of the bag first stands, its parts with any marks or spaces between them; None = it says nothing."""
    block, _, name = word.partition(":")
    parts = [part for part in name.split("_") if part and part != MASK]
    if all(is_function_word(part, reading.language) for part in parts):
        return None
    # Words of spaced languages stand alone; grams of unspaced ones lie within a run and overlap.
    alone = name.isascii() or " " in reading.text.text[:200]
    fields: tuple[SpanField, ...] = ("title",) if block == "t" else ("title", "text")
    for field in fields:
        folded = reading.title if field == "title" else reading.text
        place = _first_place(folded.text, parts, alone)
        if place:
            start, end = folded.span(*place)
            return field, start, end
    return None


def _first_place(text: str, parts: Sequence[str], alone: bool) -> tuple[int, int] | None:
    """Where `parts` first stand, only marks and spaces between them; `alone` is not inside a longer word."""
    # By hand, for each word would be a regular expression of its own to compile, and that is most of the cost.
    start = text.find(parts[0])
    while start >= 0:
        end = _end(text, parts, start)
        if end is not None and not (alone and (_LETTER.match(text, end) or _LETTER.match(text[start - 1 : start]))):
            return start, end
        start = text.find(parts[0], start + 1)
    return None


def _end(text: str, parts: Sequence[str], start: int) -> int | None:
    """Where the parts that begin at `start` end; None where another word comes between them."""
    end = start + len(parts[0])
    for part in parts[1:]:
        gap = _BETWEEN.match(text, end)
        # The last place where the part begins within or right after the gap: it may begin with a mark itself.
        begins = text.rfind(part, end + 1, gap.end() + len(part)) if gap else -1
        if begins < 0:
            return None
        end = begins + len(part)
    return end


def _of_tone(reading: Reading, tone: Tone | None, learned: Learned) -> list[Span]:
    sides = {"positive": (True,), "negative": (False,), "mixed": (True, False)}.get(tone or "", ())
    spans: list[Span] = []
    for positive in sides:
        tag = POSITIVE if positive else NEGATIVE
        near = sorted(
            (one for one in praise(reading) if one.near and one.positive is positive), key=lambda p: -p.weight
        )
        total = sum(one.weight for one in near) or 1.0
        room = MOST_TONE // len(sides)
        found = [
            Span(one.place.field, one.place.hit.start, one.place.hit.end, tag, round(one.weight / total, 4))
            for one in near[: max(1, room - 1)]
        ]
        spans += found + list(_learned(reading, tag, learned.get(tag, ()), room - len(found), found))
    return spans


def _sentences(reading: Reading, words: Iterable[Span]) -> Iterator[Span]:
    """For each tag the sentence that holds the most weight of its words, with its share of that weight."""
    by_tag: dict[str, list[Span]] = defaultdict(list)
    for span in words:
        by_tag[span.tag].append(span)
    for tag, spans in by_tag.items():
        held = {
            place: sum(span.weight for span in spans if span.field == place[0] and place[1] <= span.start < place[2])
            for place in reading.sentences
        }
        best = max(held, key=lambda place: held[place], default=None)
        if best and held[best] > 0:
            share = held[best] / (sum(span.weight for span in spans) or 1.0)
            yield Span(*best, SENTENCE + tag, round(min(1.0, share), 4))


def _distinct(spans: Iterable[Span]) -> Iterator[Span]:
    seen: set[tuple[str, int, int, str]] = set()
    for span in spans:
        key = (span.field, span.start, span.end, span.tag)
        if key not in seen:
            seen.add(key)
            yield span
