"""Seeded edits of real articles, of the kinds that newsrooms make when they take over a text."""

import random
import re
from collections.abc import Callable, Sequence

PIECE = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|[\u0e00-\u0e7f]{3}|[^\W_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+"
)
LIGHT, HEAVY, CUT = 0.03, 0.15, 0.6
LEAD_WORDS = 35  # as long as a usual lead
PREFIXES = {
    "vi": ("(TTXVN) - ", "Theo TTXVN, ", "Hà Nội (TTXVN) – "),
    "en": ("HANOI (Reuters) - ", "(AFP) - ", "Hanoi, (VNA) – "),
    "zh": ("新华社河内电 ", "（越通社）", "据路透社报道，"),
}

Edit = Callable[[str, str, random.Random, Sequence[str]], str]


def _changed(text: str, share: float, rng: random.Random, words: Sequence[str]) -> str:
    """`share` of the words replaced by others of the language, every fifth of them left out instead."""
    spans = [match.span() for match in PIECE.finditer(text)]
    chosen = sorted(rng.sample(spans, max(1, round(len(spans) * share))))
    out, last = [], 0
    for start, end in chosen:
        out += [text[last:start], "" if rng.random() < 0.2 else rng.choice(words)]
        last = end
    return "".join([*out, text[last:]])


def light(text: str, _language: str, rng: random.Random, words: Sequence[str]) -> str:
    """A few words changed, the case of headings and the line breaks, too."""
    return _changed(text, LIGHT, rng, words).replace("\n", " ").replace('"', "”")


def heavy(text: str, _language: str, rng: random.Random, words: Sequence[str]) -> str:
    """15% of the words changed."""
    return _changed(text, HEAVY, rng, words)


def cut(text: str, _language: str, _rng: random.Random, _words: Sequence[str]) -> str:
    """The first 60% of the words."""
    spans = [match.span() for match in PIECE.finditer(text)]
    return text[: spans[int(len(spans) * CUT) - 1][1]]


def new_lead(text: str, language: str, rng: random.Random, words: Sequence[str]) -> str:
    """The first words replaced by as many others (a quarter of a short text)."""
    spans = [match.span() for match in PIECE.finditer(text)]
    size = min(LEAD_WORDS, len(spans) // 4)
    joint = "" if language in ("zh", "ja", "th") else " "
    return joint.join(rng.choice(words) for _ in range(size)) + ". " + text[spans[size - 1][1] :]


def prefix(text: str, language: str, rng: random.Random, _words: Sequence[str]) -> str:
    """An agency's name and the place before the text, its mark after it."""
    return rng.choice(PREFIXES.get(language, PREFIXES["en"])) + text + "\n(TTXVN/Vietnam+)"


EDITS: dict[str, Edit] = {
    "light edits": light,
    "15% of words changed": heavy,
    "cut to 60%": cut,
    "new lead": new_lead,
    "agency prefix": prefix,
}
