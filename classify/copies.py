"""Near copies: a text's MinHash bands, by which a copy is found, and a sketch of it, by which one is verified.

The hashing is our own and has a version, so that marks kept in a database stay comparable for years (a library we
looked at changed its signatures between two releases).
"""

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

VERSION = 1  # of everything below that decides a mark's value; marks of another version are not compared
MIN_LETTERS = 120  # letters and digits: a text of 200, cut to 60%; shorter ones agree by chance
# Three syllables: with 15% of the words changed 0.85^3 = 61% of the shingles stay (a resemblance of 0.44), while two
# unrelated Vietnamese articles share 0.0005 on average. Two leave 0.0076, four a resemblance of only 0.35.
WORDS = 3
# Characters where words are not spaced, of about the same length: a Chinese word has one or two, a Thai one three.
HAN, THAI = 4, 8
MAX_TOKENS = 6_000  # beyond, a text is compared by its beginning
# 24 bands of 2 find a resemblance of 0.44 with 1 - (1 - 0.44^2)^24 = 99.4%, one of 0.35 with 96%; of a million
# unrelated articles (mean squared resemblance 1.6e-6, measured on 40,000 pairs) some 40 share a band by chance.
BANDS, ROWS = 24, 2
SKETCH = 128  # smallest shingle hashes kept; the standard error of a resemblance of 0.4 is 0.04
BAND_BITS = 47  # as positive numbers of 6 bytes in SQLite; 24 million of them collide about twice

MAX_FIGURES = 64  # the smallest hashes, so that of two long lists of numbers the same part is kept
FIGURE_CHARS = 20_000
MIN_FIGURES = 3
# Thresholds, from seeded edits and some 100 pairs of real articles that were read (docs/identity.md). From a
# resemblance of 0.5 on, what was read was one text, but for templates that differ in their numbers (prices, weather,
# weekly lists). Texts with 15% of their words changed fall between 0.36 and 0.5, and so do texts that share half their
# paragraphs; the words tell them apart: of the shorter text's words the former have 85% and more in common, the latter
# mostly 65 to 84%.
SAME_TEXT = 0.5
SAME_FIGURES = 0.5
LIKE_TEXT = 0.35
LIKE_FIGURES = 0.6
LIKE_WORDS = 0.85
LIKE_SHINGLES = 45  # in shorter texts formulas (offices, titles, occasions) alone make that much alike

_UNSPACED_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED_THAI = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_HAN = re.compile(f"[{_UNSPACED_HAN}]")
_THAI = re.compile(f"[{_UNSPACED_THAI}]")
_WORD = re.compile(r"[^\W_]+")
_CHARACTER = re.compile(f"[{_UNSPACED_HAN}{_UNSPACED_THAI}]|(?:(?![{_UNSPACED_HAN}{_UNSPACED_THAI}])[^\\W_])+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LETTERS = re.compile(r"[\W_]+")

Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Marks:
    """What is kept of a text: band keys, the smallest hashes of its `shingles` shingles, its numbers' hashes."""

    bands: tuple[int, ...]
    sketch: bytes
    shingles: int
    figures: bytes = b""


@dataclass(frozen=True)
class Likeness:
    """How alike two texts are.

    `resemblance` is the share of the shingles of either that both have, `containment` that of the shorter text's;
    `figures` the share of the numbers of the text with fewer, None when one has fewer than `MIN_FIGURES`; `shingles`
    is the number of the shorter one's shingles.
    """

    resemblance: float
    containment: float
    figures: float | None
    shingles: int

    def copy(self, shared_words: Callable[[], float]) -> bool:
        """Whether one text is a copy of the other; `shared_words` is asked where the sketches leave it open."""
        if self.resemblance >= SAME_TEXT:
            return self.figures is None or self.figures >= SAME_FIGURES
        if self.resemblance < LIKE_TEXT or self.shingles < LIKE_SHINGLES:
            return False
        return (self.figures is None or self.figures >= LIKE_FIGURES) and shared_words() >= LIKE_WORDS


def letters(text: str) -> str:
    """The letters and digits of `text`, casefolded: what must be equal for two texts to be exact copies."""
    return _LETTERS.sub("", text).casefold()


def marks(text: str) -> Marks | None:
    """The marks of `text`; None when it is too short to be told from chance."""
    hashes = _shingles(text)
    if hashes is None:
        return None
    minima = np.min((hashes[:, None] * _factors()[None, :] + _offsets()[None, :]) >> np.uint64(32), axis=0)
    pairs = minima.reshape(BANDS, ROWS)
    keys = np.arange(1, BANDS + 1, dtype=np.uint64)
    for row in range(ROWS):
        keys = _mixed(keys * np.uint64(0x9E3779B97F4A7C15) + pairs[:, row])
    bands = tuple((keys >> np.uint64(64 - BAND_BITS)).tolist())
    return Marks(bands, hashes[:SKETCH].astype("<u4").tobytes(), len(hashes), _figures(text))


def likeness(one: Marks, other: Marks) -> Likeness:
    """How alike two texts are by their sketches; exact when neither has more than `SKETCH` shingles."""
    first, second = np.frombuffer(one.sketch, "<u4"), np.frombuffer(other.sketch, "<u4")
    both = np.concatenate((first, second))
    both.sort()
    twice = both[1:] == both[:-1]
    distinct = len(both) - int(twice.sum())
    # The smallest of the union are a fair sample of it; past SKETCH a sketch no longer tells what its text lacks.
    size = min(SKETCH, distinct)
    if size < distinct:
        smallest = np.unique(both)[size - 1]
        shared = int((twice & (both[1:] <= smallest)).sum())
    else:
        shared = int(twice.sum())
    resemblance = shared / size
    overlap = resemblance * (one.shingles + other.shingles) / (1 + resemblance)
    containment = min(1.0, overlap / min(one.shingles, other.shingles))
    shorter = min(one.shingles, other.shingles)
    return Likeness(resemblance, containment, _shared_figures(one.figures, other.figures), shorter)


def shared_words(text: str, other: str) -> float:
    """The share of the shorter text's words, repeats counted, that the other has too."""
    counts, others = Counter(_tokens(text)[0]), Counter(_tokens(other)[0])
    return (counts & others).total() / max(1, min(counts.total(), others.total()))


def _figures(text: str) -> bytes:
    """The hashes of the distinct numbers in `text`, 1.500 and 1,500 being one."""
    numbers = set(_NUMBER.findall(text[:FIGURE_CHARS]))
    found = {zlib.crc32(number.replace(".", "").replace(",", "").encode()) for number in numbers}
    return np.array(sorted(found)[:MAX_FIGURES], dtype="<u4").tobytes()


def _shared_figures(one: bytes, other: bytes) -> float | None:
    first, second = set(np.frombuffer(one, "<u4").tolist()), set(np.frombuffer(other, "<u4").tolist())
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer >= MIN_FIGURES else None


def _tokens(text: str) -> tuple[list[str], int]:
    """The tokens of `text`, and how many make a shingle."""
    text = unicodedata.normalize("NFC", text).casefold()
    size = _size(text)
    return (_WORD if size == WORDS else _CHARACTER).findall(text)[:MAX_TOKENS], size


def _shingles(text: str) -> Words | None:
    """The distinct hashes of the text's shingles, ascending."""
    tokens, size = _tokens(text)
    if len(tokens) <= size or sum(map(len, tokens)) < MIN_LETTERS:
        return None
    codes = np.fromiter(map(_code, tokens), dtype=np.uint64, count=len(tokens))
    count = len(codes) - size + 1
    rolled = np.zeros(count, dtype=np.uint64)
    for place in range(size):
        rolled = rolled * np.uint64(0xD6E8FEB86659FD93) + codes[place : place + count]
    return np.unique(_mixed(rolled) >> np.uint64(32))


def _size(text: str) -> int:
    """Tokens a shingle, by the script that most of the beginning is in."""
    head = text[:1_000]
    if head.isascii():
        return WORDS
    half = sum(map(len, _WORD.findall(head))) / 2
    if len(_HAN.findall(head)) > half:
        return HAN
    return THAI if len(_THAI.findall(head)) > half else WORDS


@lru_cache(maxsize=50_000)
def _code(token: str) -> int:
    data = token.encode("utf-8", "replace")
    return zlib.crc32(data) << 32 | zlib.crc32(data, 0x5BD1E995)


def _mixed(values: Words) -> Words:
    """SplitMix64's finaliser: every bit of the result hangs on every bit of the value."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@lru_cache(maxsize=1)
def _factors() -> Words:
    return _mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64)) | np.uint64(1)


@lru_cache(maxsize=1)
def _offsets() -> Words:
    return _mixed(np.arange(1_001, BANDS * ROWS + 1_001, dtype=np.uint64))
