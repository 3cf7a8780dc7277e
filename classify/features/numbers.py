"""The numbers of a document that mean the same in every language: what lets a model learned in one speak in another."""

import math
import re
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from classify.features import mentions
from classify.features.praise import PRAISE_NAMES, praise_numbers
from classify.features.spelling import SPELLING_NAMES, spelling_numbers
from classify.features.strengths import lexicon_confidence, strengths_by_field
from classify.text.reading import Reading

FORM_NAMES = ("quotation marks", "question in title", "exclamation in title", "digits", "sentences")
_QUOTES = re.compile('["“”«»「」『』„]')
_DIGIT = re.compile(r"\d")


def names(topics: Sequence[str]) -> tuple[str, ...]:
    """The name of each number, in the order that `numbers` gives them. New ones come last, for older models."""
    return (
        *(f"lexicon {topic}" for topic in topics),
        *(f"title {topic}" for topic in topics),
        *(f"mention {name}" for name in mentions.NAMES),
        *(f"praise {name}" for name in PRAISE_NAMES),
        *(f"form {name}" for name in FORM_NAMES),
        *(f"spelling {name}" for name in SPELLING_NAMES),
    )


def numbers(reading: Reading, topics: Sequence[str]) -> NDArray[np.float32]:
    """The numbers of one reading, (len(names(topics)),), most of them between 0 and 4."""
    whole, title = strengths_by_field(reading)
    sure, headline = lexicon_confidence(whole), lexicon_confidence(title)
    row = [sure.get(topic, 0.0) for topic in topics] + [headline.get(topic, 0.0) for topic in topics]
    found = (mentions.mention_numbers(reading), praise_numbers(reading), _form(reading), spelling_numbers(reading))
    return np.array([*row, *chain.from_iterable(found)], np.float32)


def _form(reading: Reading) -> tuple[float, ...]:
    text, title = reading.text.text, reading.title.text
    length = max(1, len(text) + len(title))
    return (
        math.log1p(len(_QUOTES.findall(text))),
        float("?" in title or "？" in title),
        float("!" in title or "！" in title),
        10 * len(_DIGIT.findall(text)) / length,
        math.log1p(len(reading.sentences)),
    )
