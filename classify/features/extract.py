"""A document -> everything that models learn from: its bag of words and its numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from classify.features.bag import bag
from classify.features.numbers import numbers
from classify.features.targets import masked
from classify.text.lexicons import Lexicon
from classify.text.reading import Reading, read
from classify.types import Document

# Words further in say little that the first ones did not, and cost time.
BAG_CHARS = 4_000
# The numbers of words and their weights, of one length.
Counted = tuple[NDArray[np.intp], NDArray[np.float32]]


@dataclass(frozen=True)
class Features:
    """A document in numbers: `language` is the code it was read in, `numbers` are named by `features.numbers.names`.

    `text`, the headline and what follows, and `vector` are for encoders (`classify/encoded.py`). `counted` is what
    tables of words (`features.vocabulary`) remember of the bag.
    """

    language: str
    bag: Counter[str]
    numbers: NDArray[np.float32]
    text: str = ""
    vector: NDArray[np.float32] | None = None
    counted: dict[object, Counted] = field(default_factory=dict, init=False, repr=False, compare=False)


def extract(
    document: Document, language: str, lexicon: Lexicon | None, topics: Sequence[str]
) -> tuple[Reading, Features]:
    """Read a document once, and count. `topics` are the ids of the taxonomy, in its order."""
    reading = read(document, language, lexicon)
    title, text = reading.headline, "\n".join(filter(str.strip, reading.written.split("\n")))[:BAG_CHARS]
    words = bag(title, text, language, masked(reading))
    return reading, Features(language, words, numbers(reading, topics), f"{title}\n{text}")
