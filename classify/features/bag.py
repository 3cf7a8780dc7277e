"""A document as a bag: the words of its headline, of its lead and body, their pairs, and those around the subject.

Every feature is a name and a count. The first letter of a name says what it is: `t:` a word of the headline, `w:` a
word anywhere, `b:` two words (or three characters) in a row, `v:` a word of a sentence about the subject, `x:` two in a
row there. Names carry no language: an ASEAN or a FIFA learned in one language speaks in all that write it so.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from classify.text.matching import UNSPACED
from classify.text.tokenise import grams, runs, tokens

# The words of an article that say what it is come early: beyond this, pairs are counted no more.
PAIR_CHARS = 2_500
# The headline's words count this often among the words at large.
TITLE_COUNT = 2
BLOCKS = ("t:", "w:", "b:", "v:", "x:")


def bag(title: str, text: str, language: str, about: Iterable[str] = ()) -> Counter[str]:
    """Feature -> count. `about` are the sentences on the subject, its name replaced by one token (`targets.masked`)."""
    headline = tokens(title, language)
    # Counted from lists: an addition a word in Python took a third of the time.
    counts = Counter([name for word in headline for name in ("t:" + word, *["w:" + word] * TITLE_COUNT)])
    counts.update(["w:" + word for word in tokens(text, language)])
    counts.update(["b:" + pair for pair in _pairs(title, language) for _ in range(TITLE_COUNT)])
    counts.update(["b:" + pair for pair in _pairs(text[:PAIR_CHARS], language)])
    for sentence in about:
        counts.update(around(sentence, language))
    return counts


def around(sentence: str, language: str) -> list[str]:
    """The features of one sentence about the subject."""
    units = runs(sentence, language)
    return ["v:" + unit for unit in units] + ["x:" + pair for pair in _in_a_row(units)]


def _pairs(text: str, language: str) -> list[str]:
    return grams(text, 3) if language in UNSPACED else _in_a_row(runs(text, language))


def _in_a_row(units: Sequence[str]) -> list[str]:
    return [f"{first}_{second}" for first, second in pairwise(units)]
