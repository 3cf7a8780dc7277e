"""Evidence in its place: texts cut into paragraphs and pieces, each with its tags. No HTML is made here."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from store.content import full_text

SENTENCE = "sentence"  # the head of a tag whose span is the sentence with most of the words of the tag that follows


@dataclass(frozen=True)
class Mark:
    """A valid span of evidence: characters `start` to `end` (exclusive) of `field`, and the words there."""

    field: str
    start: int
    end: int
    tag: str
    weight: float
    term: str

    @property
    def kind(self) -> str:
        """What chooses a colour: relevance, topic, positive, negative or tone; `sentence` where it is no word."""
        head, _, rest = self.tag.partition(":")
        return rest if head == "tone" and rest in ("positive", "negative") else head


@dataclass(frozen=True)
class Piece:
    """A stretch of text under the same marks, none for most: words, and sentences that hold most of a tag's words."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def words(self) -> tuple[Mark, ...]:
        """The words it is part of."""
        return words_of(self.marks)

    @property
    def sentences(self) -> tuple[tuple[str, float], ...]:
        """The tags of the sentences it is part of, each with its share."""
        return _tags(self.marks)


@dataclass(frozen=True)
class MarkedText:
    """Title, lead and body paragraphs, as pieces. Joined, the pieces are the article's own text."""

    title: tuple[Piece, ...]
    lead: tuple[tuple[Piece, ...], ...]
    body: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence that carried most of some tags: each with its share of that tag's words."""

    words: str
    field: str
    tags: tuple[tuple[str, float], ...]


def read_evidence(title: str, lead: str, body: str, evidence: Iterable[Any]) -> tuple[Mark, ...]:
    """The spans that lie within the texts; anything else in the list is left out."""
    texts = {"title": title, "text": full_text(lead, body)}
    found = (_mark(span, texts) for span in evidence)
    return tuple(mark for mark in found if mark)


def words_of(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks that are words."""
    return tuple(mark for mark in marks if mark.kind != SENTENCE)


def sentences_of(marks: Iterable[Mark]) -> tuple[Sentence, ...]:
    """Each sentence once, as it comes in the article, the title first."""
    found: dict[tuple[bool, int, int], list[Mark]] = {}
    for mark in marks:
        if mark.kind == SENTENCE:
            found.setdefault((mark.field != "title", mark.start, mark.end), []).append(mark)
    return tuple(
        Sentence(same[0].term, same[0].field, _tags(same))
        for _, same in sorted(found.items(), key=lambda item: item[0])
    )


def _tags(marks: Iterable[Mark]) -> tuple[tuple[str, float], ...]:
    return tuple((mark.tag.partition(":")[2], mark.weight) for mark in marks if mark.kind == SENTENCE)


def mark_text(title: str, lead: str, body: str, marks: Iterable[Mark]) -> MarkedText:
    """The texts with their marks. Spans may overlap: a piece then carries several."""
    listed = list(marks)
    in_text = [mark for mark in listed if mark.field == "text"]
    lines = list(_lines(full_text(lead, body), in_text))
    leads = lead.count("\n") + 1 if lead else 0
    return MarkedText(
        title=_pieces(title, 0, [mark for mark in listed if mark.field == "title"]),
        lead=tuple(line for line in lines[:leads] if line),
        body=tuple(line for line in lines[leads:] if line),
    )


def _mark(span: Any, texts: dict[str, str]) -> Mark | None:
    try:
        field, start, end = str(span["field"]), int(span["start"]), int(span["end"])
        tag, weight = str(span["tag"]), float(span["weight"])
        term = texts[field][start:end]
    except (KeyError, TypeError, ValueError):
        return None
    valid = 0 <= start < end <= len(texts[field])
    return Mark(field, start, end, tag, weight, " ".join(term.split())) if valid else None


def _lines(text: str, marks: list[Mark]) -> Iterable[tuple[Piece, ...]]:
    offset = 0
    for line in text.split("\n"):
        yield _pieces(line, offset, marks) if line.strip() else ()
        offset += len(line) + 1


def _pieces(text: str, offset: int, marks: list[Mark]) -> tuple[Piece, ...]:
    """Cut `text`, which begins at `offset` of its field, wherever a mark begins or ends."""
    end = offset + len(text)
    here = [mark for mark in marks if mark.start < end and offset < mark.end]
    cuts = sorted({offset, end, *(cut for mark in here for cut in (mark.start, mark.end) if offset < cut < end)})
    pieces = []
    for start, stop in pairwise(cuts):
        over = tuple(mark for mark in here if mark.start <= start and stop <= mark.end)
        pieces.append(Piece(text[start - offset : stop - offset], over))
    return tuple(pieces)
