"""One document read once: its folded title and text, every lexicon hit, and where its lead ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from classify.text.folding import Folded, fold
from classify.text.lexicons import VIETNAM, WAR, Lexicon
from classify.text.matching import UNSPACED, Hit
from classify.text.prose import prose
from classify.text.tokenise import sentence_spans
from classify.types import Document, SpanField

# 12,000 characters is longer than 97% of articles; what follows is comments, transcripts or an extraction gone wrong.
MAX_TEXT = 12_000
MAX_TITLE = 500
# Whether Vietnam is named at all is looked for this far.
FURTHEST = 200_000
# A lead (sapo) is 150-350 characters where letters make words, a third of that where characters do.
LEAD_CHARS = 350
LEAD_CHARS_DENSE = 150
_DENSE = frozenset({"zh", "ja", "ko"})


@dataclass(frozen=True)
class Place:
    """A hit and the field it was found in."""

    field: SpanField
    hit: Hit


@dataclass(frozen=True)
class Reading:
    """What later steps share of one document; `language` is the base code it is read in.

    `headline` and `written` are title and text as written, of the text only what is prose (`classify/text/prose.py`);
    `title` and `text` the same folded. `named` says whether Vietnam is named at all, be it in a heading, in the
    name of the war, or beyond what is read.
    """

    language: str
    headline: str
    written: str
    title: Folded
    text: Folded
    places: tuple[Place, ...]
    named: bool = False

    @property
    def title_length(self) -> int:
        """The characters of the title."""
        return len(self.headline)

    @property
    def text_length(self) -> int:
        """The characters of the text as far as it is read."""
        return len(self.written)

    @cached_property
    def lead_end(self) -> int:
        """Where the lead ends, in characters of the text."""
        begins = self.text_length - len(self.written.lstrip())
        return min(self.text_length, begins + (LEAD_CHARS_DENSE if self.language in _DENSE else LEAD_CHARS))

    def tagged(self, tag: str) -> Iterator[Place]:
        """Every place whose hit carries `tag`."""
        return (place for place in self.places if tag in place.hit.tags)

    @cached_property
    def mentions(self) -> tuple[Place, ...]:
        """Places that name Vietnam, its places or people, without those inside the name of the war."""
        wars = [(place.field, place.hit.start, place.hit.end) for place in self.tagged(WAR)]
        return tuple(place for place in self.tagged(VIETNAM) if not _inside(place, wars))

    @cached_property
    def sentences(self) -> tuple[tuple[SpanField, int, int], ...]:
        """The title, then each sentence of the text: (field, start, end)."""
        title: list[tuple[SpanField, int, int]] = [("title", 0, self.title_length)] if self.title_length else []
        return (*title, *(("text", start, end) for start, end in sentence_spans(self.written)))


def read(document: Document, language: str, lexicon: Lexicon | None) -> Reading:
    """Fold the document and find every term of `lexicon` in it; text beyond 12,000 characters is not read."""
    headline, written = document.title[:MAX_TITLE], prose(document.text[:MAX_TEXT], language)
    title, text = fold(headline), fold(written)
    if lexicon is None:
        return Reading(language, headline, written, title, text, ())
    parts: tuple[tuple[SpanField, Folded], ...] = (("title", title), ("text", text))
    places = tuple(Place(field, hit) for field, piece in parts for hit in lexicon.find(piece))
    named = any(VIETNAM in place.hit.tags for place in places)
    whole = document.text[:FURTHEST]
    if not named and whole != written:
        named = any(VIETNAM in hit.tags for hit in lexicon.find(fold(whole)))
    return Reading(language, headline, written, title, text, places, named)


def is_dense(language: str) -> bool:
    """Whether a character of `language` carries about as much as a short word (no spaces between words)."""
    return language in UNSPACED


def _inside(place: Place, spans: list[tuple[SpanField, int, int]]) -> bool:
    return any(
        field == place.field and start <= place.hit.start and place.hit.end <= end for field, start, end in spans
    )
