"""The sentences of a document that speak of Vietnam, its name replaced by one token.

With the name masked, what is learned of tone toward one target serves another: sentences on any country or party teach
how praise and blame sound.
"""

from collections.abc import Iterable, Iterator, Sequence

from classify.text.reading import Reading
from classify.text.tokenise import sentence_spans

MASK = "xsubjectx"
# Sentences read for tone: the headline, the lead and what else names Vietnam, up to this many characters.
MOST_CHARS = 1_500


def masked(reading: Reading) -> Iterator[str]:
    """The headline, the lead's sentences and every further one that names Vietnam, each with the name masked.

    A text that names the country nowhere (most domestic news) is about it all the same: its lead is read unmasked.
    """
    used = 0
    for field, start, end in reading.sentences:
        places = [place for place in reading.mentions if place.field == field and start <= place.hit.start < end]
        leading = field == "title" or start < reading.lead_end
        if not (leading or places) or used > MOST_CHARS:
            continue
        used += end - start
        source = reading.headline if field == "title" else reading.written
        yield mask(source[start:end], [(place.hit.start - start, place.hit.end - start) for place in places])


def mask(sentence: str, spans: Sequence[tuple[int, int]]) -> str:
    """`sentence` with each of `spans` (offsets, in order) replaced by the mask."""
    parts, at = [], 0
    for start, end in spans:
        if start < at:
            continue
        parts += [sentence[at:start], f" {MASK} "]
        at = end
    return "".join([*parts, sentence[at:]])


def sentence_around(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Of `text`, every sentence that holds one of `spans`, masked; for corpora whose targets are marked."""
    wanted = list(spans)
    for start, end in sentence_spans(text):
        inside = [(a - start, min(b, end) - start) for a, b in wanted if start <= a < end]
        if inside:
            yield mask(text[start:end], inside)
