"""One table of the words of all models: a document's words are looked up in it once, not once a task."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, repeat

import numpy as np
from numpy.typing import NDArray

from classify.features.extract import Counted, Features


# Two tables are the same only when they are one object: what a document remembers goes by it.
@dataclass(frozen=True, eq=False)
class SharedWords:
    """Each word of any model and its number; some numbers have no word."""

    numbers: Mapping[str, int]

    def of(self, features: Features) -> Counted:
        """The numbers of a document's words and their weights; looked up when first asked for, then remembered."""
        if self not in features.counted:
            features.counted[self] = looked_up(features.bag, self.numbers)
        return features.counted[self]


@dataclass(frozen=True, eq=False)
class SharedColumns:
    """One model's part in the table: the column of each number, -1 where the model does not know the word."""

    table: SharedWords
    columns: NDArray[np.int32]

    def of(self, features: Features) -> Counted:
        """What `looked_up` would find for a document in the model's own vocabulary."""
        numbers, weights = self.table.of(features)
        found = self.columns[numbers]
        known = found >= 0
        return found[known].astype(np.intp), weights[known]


def share(vocabularies: Iterable[Sequence[str]]) -> list[SharedColumns]:
    """One table for some vocabularies (the words by column), and the part of each in it."""
    numbers: dict[str, int] = {}
    own, free = [], 0
    for words in vocabularies:
        # One look at each word, for there are a third of a million: it keeps its number, or takes the one at hand.
        own.append(np.fromiter(map(numbers.setdefault, words, count(free)), np.intp, len(words)))
        free += len(words)
    table = SharedWords(numbers)
    return [SharedColumns(table, _inverse(found, free)) for found in own]


def _inverse(numbers: NDArray[np.intp], size: int) -> NDArray[np.int32]:
    columns = np.full(size, -1, np.int32)
    columns[numbers] = np.arange(len(numbers), dtype=np.int32)
    return columns


def looked_up(bag: Mapping[str, int], table: Mapping[str, int]) -> Counted:
    """What `table` says of each word of a bag that it holds, in the bag's order, and 1 + the log of its count."""
    # Without a line of Python a word: a document has a thousand.
    found = np.fromiter(map(table.get, bag, repeat(-1)), np.intp, len(bag))
    known = found >= 0
    counts = np.fromiter(bag.values(), np.float32, len(bag))[known]
    return found[known], np.asarray(1.0 + np.log(counts), np.float32)
