"""Whether two articles tell of one event: the weighted words and names of their headlines and leads, compared.

Within a language all words count; across languages only names and numbers can, in one spelling (`Hà Nội` = `Hanoi`).
"""

import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

VERSION = 1  # of everything below that decides a trait's value; traits of another version are not compared
LEAD_WORDS = 60  # with the headline; later paragraphs bring background that many stories share
LEAD_CHARS = 700
TITLE = 2  # a word of the headline counts like two of the lead
KEPT = 48  # terms kept of an article, the heaviest
POSTED = 18  # of them looked up when a neighbour is sought
# Set on articles of July 2026, measured on others of August: see docs/identity.md. Two articles of one language are of
# one story from SAME on; those of two, which share names and numbers only, from ACROSS on.
SAME = 0.32
ACROSS = 0.25
SAME_TERMS, ACROSS_TERMS = 6, 2  # shared at least; three short words and their pairs agree by chance
DAYS = 3  # between them
DECAY = 0.1  # of a likeness a day between them: what is told again days later is more often a new event
SIZE = 12  # members of a story that have a say at most

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_LATIN = re.compile(r"[A-Za-z0-9]+(?:[.,]\d+)*")
_SENTENCE = re.compile(r"[.!?:](?=\s|$)|[…\n\"“”«»–|]|-(?=\s)")
_MARKS = re.compile("[\u0300-\u036f]")
_PLAIN = str.maketrans({"đ": "d", "Đ": "D", ",": "", ".": ""})
_TERM = np.dtype([("term", "<u4"), ("weight", "<f2"), ("name", "u1")])

Terms = NDArray[np.void]


class CommonWords:
    """How common terms are, by language: articles in 10,000 that hold them."""

    def __init__(self, shares: dict[str, dict[str, float]]) -> None:
        self.shares = shares
        # A term that is not listed is rarer than the rarest listed one; how much rarer is not known.
        self.rare = {language: 0.3 * min(found.values()) for language, found in shares.items()}

    @classmethod
    def load(cls, path: Path) -> "CommonWords":
        """Read lines of language, term and share, separated by tabs."""
        shares: dict[str, dict[str, float]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                language, term, share = line.split("\t")
                shares.setdefault(language, {})[term] = float(share)
        return cls(shares)

    def weight(self, term: str, language: str) -> float:
        """The weight of a term: the rarer, the heavier."""
        share = self.shares.get(language, {}).get(term, self.rare.get(language, 1.0))
        return math.log(10_001 / (share + 1))


@dataclass(frozen=True)
class Traits:
    """An article's terms with their weights, packed; the heaviest first."""

    packed: bytes

    @property
    def terms(self) -> Terms:
        """The unpacked terms: `term`, `weight`, and whether it is a `name` (or number)."""
        return np.frombuffer(self.packed, _TERM)

    @property
    def posted(self) -> list[int]:
        """The terms by which its neighbours are sought."""
        return [int(term) for term in self.terms["term"][:POSTED]]


def traits(title: str, text: str, language: str, common: CommonWords) -> Traits:
    """The traits of an article; its `text` is its lead and body."""
    counts: Counter[tuple[str, bool]] = Counter()
    lead = " ".join(text[: 4 * LEAD_CHARS].split()[:LEAD_WORDS])[:LEAD_CHARS]
    for part, times in ((title, TITLE), (lead, 1)):
        for term, name, share in _terms(unicodedata.normalize("NFC", part)):
            counts[term, name] += times * share  # type: ignore[assignment]
    weights = {
        key: common.weight(key[0], language) * (1 + math.log(count) if count >= 1 else count)
        for key, count in counts.items()
    }
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:KEPT]
    packed = np.array([(zlib.crc32(term.encode()), weight, name) for (term, name), weight in heaviest], dtype=_TERM)
    return Traits(packed.tobytes())


@dataclass(frozen=True)
class Neighbour:
    """An article to compare with: its traits, whether it is of the same language, the days between the two."""

    traits: Traits
    same_language: bool
    days: float


def likenesses(one: Traits, others: Sequence[Neighbour]) -> list[float]:
    """How alike an article is to each neighbour, as a multiple of what makes two articles one story."""
    if not others:
        return []
    mine = np.sort(one.terms, order="term")
    sizes = [len(other.traits.packed) // _TERM.itemsize for other in others]
    theirs = np.frombuffer(b"".join(other.traits.packed for other in others), _TERM)
    owner = np.repeat(np.arange(len(others)), sizes)
    same = np.array([other.same_language for other in others])
    # All neighbours at once: one by one, sixty of them took five milliseconds.
    counted = same[owner] | (theirs["name"] == 1)
    theirs, owner = theirs[counted], owner[counted]
    at = np.minimum(np.searchsorted(mine["term"], theirs["term"]), max(0, len(mine) - 1))
    hit = mine["term"][at] == theirs["term"] if len(mine) else np.zeros(len(theirs), dtype=bool)
    hit &= same[owner] | (mine["name"][at] == 1) if len(mine) else hit
    weights, own = theirs["weight"].astype(np.float64), mine["weight"].astype(np.float64)
    dots = np.bincount(owner[hit], weights[hit] * own[at[hit]], len(others))
    shared = np.bincount(owner[hit], minlength=len(others))
    names = own[mine["name"] == 1]
    norms = np.bincount(owner, weights**2, len(others)) * np.where(same, own @ own, names @ names)
    days = np.array([other.days for other in others])
    enough = (shared >= np.where(same, SAME_TERMS, ACROSS_TERMS)) & (days <= DAYS) & (norms > 0)
    cosines = dots / np.sqrt(np.where(enough, norms, 1.0))
    values: list[float] = np.where(enough, cosines * (1 - DECAY * days) / np.where(same, SAME, ACROSS), 0.0).tolist()
    return values


def story_likeness(likenesses: Sequence[float], size: int) -> float:
    """How alike an article is to a story of `size` members: the mean over the nearer half of them.

    One near member does not suffice: over chains of neighbours a story would swallow a week. All members would ask too
    much: a story moves on.
    """
    half = (max(1, min(size, SIZE)) + 1) // 2
    return sum(sorted(likenesses, reverse=True)[:half]) / half


def _terms(text: str) -> Iterator[tuple[str, bool, float]]:
    """The terms of a headline or lead: (term, whether it is a name or number, share)."""
    for run in _UNSPACED.findall(text):
        for at in range(max(1, len(run) - 1)):
            yield run[at : at + 2], False, 1.0
    if len(_UNSPACED.findall(text)) > 0:  # among other letters, a Latin word is a name
        yield from (("=" + _folded(word), True, 1.0) for word in _LATIN.findall(text) if not word.isdigit())
    spaced = _UNSPACED.sub(" ", text)
    for sentence in _SENTENCE.split(spaced):
        tokens = _WORD.findall(sentence)
        words = [_folded(token) for token in tokens]
        # Words alone are often syllables; pairs are nearer to what is a word in Vietnamese.
        yield from ((word, False, 0.5) for word in words if not word.isdigit())
        yield from ((f"{word} {after}", False, 1.0) for word, after in pairwise(words))
        yield from ((word, True, 1.0) for word in words if word.isdigit() and len(word) > 1)
        yield from ((name, True, 1.0) for name in _names(tokens, words))


def _names(tokens: Sequence[str], words: Sequence[str]) -> Iterator[str]:
    """Runs of capitalised words, written together; a first word alone, and a headline all in capitals, tell nothing."""
    upper = [token[0].isupper() for token in tokens]
    if len(tokens) > 4 and sum(upper) > 0.7 * len(tokens):
        return
    start = None
    for at, capital in enumerate([*upper, False]):
        if capital and start is None:
            start = at
        elif not capital and start is not None:
            if at - start > 1 or start > 0:
                yield "=" + "".join(words[start:at][-4:])
            start = None


def _folded(token: str) -> str:
    """A token in the spelling that languages share: no marks, no case, no separators within numbers."""
    if token.isascii():
        return token.lower().translate(_PLAIN)
    return _MARKS.sub("", unicodedata.normalize("NFD", token.lower().translate(_PLAIN)))
