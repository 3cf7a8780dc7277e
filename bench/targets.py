"""A marked target in English as features (for public_tasks.py): the words around it, and how they speak of it."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from classify.features.bag import around
from classify.features.extract import Features
from classify.features.praise import NEGATOR_REACH, NEGATORS
from classify.features.targets import MASK, mask
from classify.text.folding import Folded, fold
from classify.text.lexicons import NEGATIVE, POSITIVE, Lexicon
from classify.text.tokenise import runs

Row = dict[str, Any]
# Words (and characters) this near a target count with their side; close ones once more; and the length of a stem.
NEAR, CLOSE, NEAR_CHARS, STEM = 8, 3, 60, 5
ANYWHERE = 1_000_000
# How strong a word of our own list is, where VADER does not say.
USUAL_STRENGTH = 2.0


@dataclass(frozen=True)
class English:
    """The English word list, made for news about Vietnam, and those of a general one: VADER (MIT), for this bench only.

    `strengths` has those of VADER's words, from -4 to 4.
    """

    lexicon: Lexicon
    strengths: dict[str, float]

    @classmethod
    def of(cls, lexicon: Lexicon) -> "English":
        """Add the words of VADER to `lexicon`."""
        from importlib.resources import files

        lines = (files("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8").splitlines()
        read = [line.split("\t")[:2] for line in lines]
        strengths = {word: float(said) for word, said in read if word.isalpha()}
        both = {POSITIVE: [word for word in strengths if strengths[word] > 0],
                NEGATIVE: [word for word in strengths if strengths[word] < 0]}  # fmt: skip
        listed = {tag: [*lexicon.listed[tag], *words] for tag, words in both.items()}
        return cls(Lexicon(lexicon.language, listed), strengths)

    def evaluated(self, text: Folded) -> list[tuple[int, float]]:
        """Where a word of praise (over 0) or blame begins, and how strong it is; turned round by a negator before."""
        found = []
        for hit in self.lexicon.find(text):
            if (POSITIVE in hit.tags) != (NEGATIVE in hit.tags):
                strong = self.strengths.get(hit.term, USUAL_STRENGTH if POSITIVE in hit.tags else -USUAL_STRENGTH)
                turned = NEGATORS["en"].search(text.text[max(0, hit.start - NEGATOR_REACH) : hit.start])
                found.append((hit.start, -strong if turned else strong))
        return found


def toward(row: Row, english: English) -> Features:
    """A marked target: the words around it as in the article models, each near one with its side, and stems.

    The numbers: words of praise and blame, on which side and how near; a negator near, the length, the target's place.
    """
    text = mask(row["text"], [(row["tfrom"], row["tto"])])
    counts, units = Counter(around(text, "en")), runs(text, "en")
    at = units.index(MASK) if MASK in units else 0
    near = range(max(0, at - NEAR), min(len(units), at + NEAR + 1))
    counts.update(f"w:{unit[:STEM]}" for unit in units)
    counts.update(f"t:{'-' if place < at else '+'}{units[place]}" for place in near if place != at)
    close = [place for place in near if abs(place - at) <= CLOSE]
    counts.update(f"b:{'-' if place < at else '+'}{units[place]}" for place in close if place != at)
    counts.update(f"b:{first}_{second}" for first, second in pairwise([units[place] for place in close]))
    folded = fold(text)
    here = folded.text.find(MASK)
    praised = balances([(place - here, strong) for place, strong in english.evaluated(folded)])
    negated = bool(NEGATORS["en"].search(" ".join(units[place] for place in near)))
    shape = [float(negated), len(units) / 50, at / max(1, len(units)), float('"' in text)]
    return Features("en", counts, np.array([*praised, *shape], np.float32))


def balances(found: Sequence[tuple[int, float]]) -> list[float]:
    """Praise (over 0) and blame by their distance from the target, before it and after it, near it and at all."""
    numbers = []
    for reach in (NEAR_CHARS, ANYWHERE):
        for sides in ((-1,), (1,), (-1, 1)):
            there = [strong for away, strong in found if np.sign(away) in sides and abs(away) < reach]
            good, bad = sum(max(0, one) for one in there), sum(max(0, -one) for one in there)
            numbers += [math.log1p(good), math.log1p(bad), (good - bad) / (good + bad + 1)]
    return [*numbers, sum(strong / (1 + abs(away) / NEAR_CHARS) for away, strong in found)]
