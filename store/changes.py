"""What an outlet changed in an article: two versions compared, paragraph by paragraph, then word by word.

difflib's cost grows with the product of what it compares, so it never sees a whole text: equal paragraphs are taken out
first, a paragraph is compared only with the one it became, and a budget bounds the words compared in all. Beyond it a
paragraph counts as replaced.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import Literal

Kind = Literal["same", "added", "removed", "changed"]
# With these, no text of up to a megabyte took more than two seconds here, and an edited article takes milliseconds.
BUDGET = (
    1_000_000  # pairs of equal words (or paragraphs) that difflib sees; 13,000 words of our sample prose have as many
)
MOST_PAIRS = 5_000  # paragraphs before x after, in one block of changes, that are tried as partners
MOST_TEXT = 200_000  # characters of a block of changes in which partners are sought; no article is that long
ALIKE = 0.4  # shared words of two paragraphs, from which on they are one edited paragraph: below, a reader sees two
# Scripts that write no spaces: there every character is a word. Thai, Lao, Myanmar, Khmer, kana, Han.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A figure keeps its separators and a compound its hyphen: "1.500,5" and "Đông-Tây" are one word each.
WORD = re.compile(rf"\d+(?:[.,:/]\d+)*|[{UNSPACED}]|[^\W{UNSPACED}]+(?:[-'’][^\W{UNSPACED}]+)*|[^\w\s]")


@dataclass(frozen=True)
class Version:
    """A text of an article."""

    title: str
    lead: str
    body: str


@dataclass(frozen=True)
class Span:
    """A stretch of a line: `same`, `added` or `removed`."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Line:
    """A title or paragraph; `changed` when it holds spans of more than one kind."""

    kind: Kind
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Changes:
    """From one version to the next. `added` and `removed` count words; in scripts without spaces, characters."""

    title: tuple[Line, ...]
    lead: tuple[Line, ...]
    body: tuple[Line, ...]
    added: int
    removed: int

    @property
    def title_changed(self) -> bool:
        """Whether the title reads differently."""
        return any(line.kind != "same" for line in self.title)

    @property
    def none(self) -> bool:
        """Whether a reader would see no difference."""
        return all(line.kind == "same" for line in (*self.title, *self.lead, *self.body))

    def excerpt(self, length: int = 120) -> tuple[str, str]:
        """What was removed and what was added at the first change, shortened; empty = nothing."""
        for line in (*self.title, *self.lead, *self.body):
            if line.kind != "same":
                removed = " ".join(span.text.strip() for span in line.spans if span.kind == "removed")
                added = " ".join(span.text.strip() for span in line.spans if span.kind == "added")
                return _shortened(removed, length), _shortened(added, length)
        return "", ""


@dataclass(frozen=True)
class Token:
    """A word as it is compared, and as it is written, with the space after it."""

    word: str
    written: str


Piece = tuple[Kind, Sequence[Token]]


def compare(before: Version, after: Version) -> Changes:
    """What changed from `before` to `after`."""
    budget = [BUDGET]
    title = tuple(_paragraphs([_plain(before.title)], [_plain(after.title)], budget, pair_all=True))
    lead = tuple(_paragraphs(_lines(before.lead), _lines(after.lead), budget))
    body = tuple(_paragraphs(_lines(before.body), _lines(after.body), budget))
    counts: Counter[Kind] = Counter()
    for line in (*title, *lead, *body):
        for span in line.spans:
            if span.kind != "same":
                counts[span.kind] += sum(word[0].isalnum() for word in WORD.findall(span.text))
    return Changes(title, lead, body, counts["added"], counts["removed"])


def _lines(text: str) -> list[str]:
    return [line for row in text.split("\n") if (line := _plain(row))]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _paragraphs(
    before: Sequence[str], after: Sequence[str], budget: list[int], *, pair_all: bool = False
) -> Iterator[Line]:
    for kind, old, new in _blocks(before, after, budget):
        if kind == "same":
            yield from (Line("same", (Span("same", line),)) for line in new)
            continue
        for gone, come in _partners(old, new, pair_all=pair_all):
            if gone is None or come is None:
                whole: Kind = "added" if gone is None else "removed"
                yield Line(whole, (Span(whole, come or gone or ""),))
            else:
                yield Line("changed", tuple(_words(gone, come, budget)))


def _blocks(
    before: Sequence[str], after: Sequence[str], budget: list[int]
) -> Iterator[tuple[Kind, Sequence[str], Sequence[str]]]:
    """Runs of equal paragraphs, and what stands between them."""
    first = _common(before, after)
    last = _common(before[first:][::-1], after[first:][::-1])
    yield "same", before[:first], after[:first]
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    for name, a, b, c, d in _opcodes(old, new, budget):
        yield "same" if name == "equal" else "changed", old[a:b], new[c:d]
    yield "same", before[len(before) - last :], after[len(after) - last :]


def _opcodes(before: Sequence[str], after: Sequence[str], budget: list[int]) -> list[tuple[str, int, int, int, int]]:
    """What difflib says of the two; beyond the budget, that one replaces the other."""
    counts = Counter(after)
    cost = sum(count * counts[item] for item, count in Counter(before).items())
    if cost > budget[0]:
        return [("replace", 0, len(before), 0, len(after))]
    budget[0] -= cost
    return list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """How many items the two begin with in common."""
    for count, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return count
    return min(len(one), len(other))


def _partners(old: Sequence[str], new: Sequence[str], *, pair_all: bool) -> Iterator[tuple[str | None, str | None]]:
    """Each paragraph with the one it became, in order; alone when there is none."""
    if pair_all:
        yield from zip(old, new, strict=True)
        return
    pairs = _aligned(old, new) if sum(map(len, [*old, *new])) <= MOST_TEXT else []
    at = to = 0
    for left, right in [*pairs, (len(old), len(new))]:
        yield from ((line, None) for line in old[at:left])
        yield from ((None, line) for line in new[to:right])
        if left < len(old) and right < len(new):
            yield old[left], new[right]
        at, to = left + 1, right + 1


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs, in order, that share the most words together: a longest common subsequence of similar paragraphs."""
    left = [Counter(token.word for token in _tokens(line)) for line in old]
    right = [Counter(token.word for token in _tokens(line)) for line in new]
    if len(old) * len(new) > MOST_PAIRS:  # too many to try: each with the one in its place
        places = range(min(len(old), len(new))) if len(old) == len(new) else ()
        return [(place, place) for place in places if _alike(left[place], right[place]) >= ALIKE]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            alike = _alike(left[i], right[j])
            paired = alike + best[i + 1][j + 1] if alike >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _alike(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _words(before: str, after: str, budget: list[int]) -> Iterator[Span]:
    old, new = _tokens(before), _tokens(after)
    a, b = [token.word for token in old], [token.word for token in new]
    first = _common(a, b)
    last = _common(a[first:][::-1], b[first:][::-1])
    a, b = a[first : len(a) - last], b[first : len(b) - last]
    pieces: list[Piece] = [("same", new[:first])]
    for name, i, j, k, m in _opcodes(a, b, budget):
        if name == "equal":
            pieces.append(("same", new[first + k : first + m]))
        else:
            pieces.append(("removed", old[first + i : first + j]))
            pieces.append(("added", new[first + k : first + m]))
    pieces.append(("same", new[len(new) - last :] if last else []))
    yield from _joined(_without_islands([piece for piece in pieces if piece[1]]))


def _without_islands(pieces: list[Piece]) -> list[Piece]:
    """A lone comma that stayed between two changes is part of both: else the eye stumbles over every other word."""
    found: list[Piece] = []
    for at, (kind, tokens) in enumerate(pieces):
        island = kind == "same" and 0 < at < len(pieces) - 1 and not any(token.word[0].isalnum() for token in tokens)
        found += [("removed", tokens), ("added", tokens)] if island else [(kind, tokens)]
    return found


def _joined(pieces: Iterable[Piece]) -> Iterator[Span]:
    """Neighbours of one kind as one span; between two unchanged stretches, what went stands before what came."""
    for changed, run in groupby(pieces, key=lambda piece: piece[0] != "same"):
        texts: dict[Kind, str] = {}
        for kind, tokens in run:
            texts[kind] = texts.get(kind, "") + "".join(token.written for token in tokens)
        for kind in ("removed", "added") if changed else ("same",):
            if texts.get(kind):
                yield Span(kind, texts[kind])


@lru_cache(maxsize=512)  # a paragraph is asked for twice: to find its partner, and to compare it
def _tokens(text: str) -> tuple[Token, ...]:
    found: list[Token] = []
    at = 0
    for match in WORD.finditer(text):
        if at < match.start() and found:
            gap = text[at : match.start()]
            found[-1] = Token(found[-1].word, found[-1].written + gap)
        word = match.group()
        if found and unicodedata.category(word[0]).startswith("M") and found[-1].written == found[-1].word:
            found[-1] = Token(found[-1].word + word, found[-1].written + word)  # a mark belongs to its letter
        else:
            found.append(Token(word, word))
        at = match.end()
    if found and at < len(text):
        found[-1] = Token(found[-1].word, found[-1].written + text[at:])
    return tuple(found)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
