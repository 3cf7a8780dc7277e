"""Features -> rows of a sparse matrix: blocks of words, each of length one, the numbers, nearness to landmarks."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.features.extract import Features
from classify.features.vocabulary import SharedColumns, looked_up

Floats = NDArray[np.float32]
# Words seen in fewer articles are names and slips.
MIN_DOCUMENTS = 2
LEAST_DIFFERENCE = 1e-3
NOTHING = np.zeros((0, 0), np.float32)


@dataclass(frozen=True)
class Vectoriser:
    """What turns features into columns.

    `blocks` maps a block of the bag (`t`, `w`, `b`, `v`, `x`) to the length of its part of a row; the numbers are
    standardised by `mean` and `scale` (numbers,), which hold the weight of that part too. `names` are what the numbers
    are called, where that is known; `reads` which of a document's they are, where it has others besides. With
    `landmarks` (points, numbers), rows of such numbers, the nearness to each follows (`gamma` is how fast it falls),
    mixed by `mixing` (points, columns): what lets a linear model bend. Where models share a table of words, `shared`
    is it, and a document's words are looked up once for all of them.
    """

    blocks: Mapping[str, float]
    vocabulary: Mapping[str, int]
    idf: Floats
    mean: Floats
    scale: Floats
    landmarks: Floats = field(default_factory=lambda: NOTHING, repr=False)
    mixing: Floats = field(default_factory=lambda: NOTHING, repr=False)
    gamma: float = 0.0
    names: tuple[str, ...] = field(default=(), repr=False)
    reads: NDArray[np.intp] | None = field(default=None, repr=False)
    shared: SharedColumns | None = field(default=None, repr=False, compare=False)

    @cached_property
    def _block(self) -> NDArray[np.int8]:
        """The block of each word, by its place in `blocks`."""
        order = {name: at for at, name in enumerate(self.blocks)}
        return np.fromiter(map(order.__getitem__, map(itemgetter(0), self.vocabulary)), np.int8, len(self.vocabulary))

    @cached_property
    def _length(self) -> Floats:
        return np.array(list(self.blocks.values()), dtype=np.float32)

    @cached_property
    def _squares(self) -> Floats:
        return np.asarray((self.landmarks**2).sum(axis=1), np.float32)

    @property
    def width(self) -> int:
        """How many columns a row has."""
        return len(self.vocabulary) + len(self.mean) + int(self.mixing.shape[1])

    def matrix(self, rows: Sequence[Features]) -> Any:
        """The rows as a scipy CSR matrix (rows, width) of float32."""
        import scipy.sparse as sparse

        parts = [self.row(row) for row in rows]
        pointers = np.cumsum([0, *(len(indices) for indices, _ in parts)])
        indices = np.concatenate([indices for indices, _ in parts]) if parts else np.empty(0, np.intp)
        values = np.concatenate([values for _, values in parts]) if parts else np.empty(0, np.float32)
        return sparse.csr_matrix((values, indices, pointers), shape=(len(rows), self.width))

    def row(self, features: Features) -> tuple[NDArray[np.intp], Floats]:
        """The columns of one row and their values; words never seen in training are left out."""
        indices, weights = self._words(features)
        values = weights * self.idf[indices]
        blocks = self._block[indices]
        squares = np.bincount(blocks, values * values, minlength=len(self._length))
        with np.errstate(divide="ignore"):
            factor = np.where(squares > 0, self._length / np.sqrt(squares), 0.0).astype(np.float32)
        counted = features.numbers if self.reads is None else features.numbers[self.reads]
        numbers = (counted - self.mean) * self.scale
        columns = np.arange(len(self.vocabulary), self.width, dtype=np.intp)
        parts = (values * factor[blocks], numbers, self._near(numbers))
        return np.concatenate([indices, columns]), np.concatenate(parts)

    def _near(self, numbers: Floats) -> Floats:
        """How near standardised numbers are to each landmark, from 0 to 1, mixed."""
        if not len(self.landmarks):
            return np.empty(0, np.float32)
        away = self._squares + numbers @ numbers - 2 * (self.landmarks @ numbers)
        return np.asarray(np.exp(-self.gamma * away) @ self.mixing, np.float32)

    def _words(self, features: Features) -> tuple[NDArray[np.intp], Floats]:
        """The columns of a document's known words, in the order of its bag, and 1 + the log of their counts."""
        return self.shared.of(features) if self.shared else looked_up(features.bag, self.vocabulary)


def fit_vectoriser(
    rows: Sequence[Features],
    blocks: Mapping[str, float],
    caps: Mapping[str, int],
    numbers: Mapping[str, float],
    names: Sequence[str],
    landmarks: int = 0,
) -> Vectoriser:
    """The vectoriser of a training set: per block the `caps` commonest words, idf within each word's own language.

    `numbers` maps a kind of number (the first word of its name in `names`; `*` is every kind not named) to the length
    that its part of a row has on average; a kind that is not there is not looked at. A word's rarity is counted among
    the rows of the language it is commonest in: else every word of a language with few rows would count as rare.
    `landmarks` is how many rows to draw as such, the same ones every time.
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for word in row.bag:
            if word[0] in blocks:
                seen[word][row.language] += 1
    documents = Counter(row.language for row in rows)
    kept = [word for block in blocks for word in _commonest(seen, block, caps[block])]
    idf = np.array([_idf(seen[word], documents) for word in kept], dtype=np.float32)
    table = np.stack([row.numbers for row in rows]).astype(np.float64)
    spread = table.std(axis=0)
    lengths = _lengths(names, numbers, table.shape[1])
    scale = np.where(spread > 0, lengths / np.where(spread > 0, spread, 1.0), 0.0)
    plain = Vectoriser(
        blocks=dict(blocks),
        vocabulary={word: at for at, word in enumerate(kept)},
        idf=idf,
        mean=table.mean(axis=0).astype(np.float32),
        scale=scale.astype(np.float32),
        names=tuple(names),
    )
    return _with_landmarks(plain, table, landmarks) if landmarks else plain


def _with_landmarks(plain: Vectoriser, table: NDArray[np.float64], count: int) -> Vectoriser:
    """The vectoriser with up to `count` rows of `table` as landmarks: Nyström's approximation of a radial kernel."""
    rows = (table - plain.mean) * plain.scale
    gamma = float(1.0 / max((rows**2).sum(axis=1).mean(), 1e-9))
    drawn = np.random.default_rng(0).permutation(len(rows))[:count]
    landmarks = rows[drawn]
    away = ((landmarks[:, None] - landmarks[None]) ** 2).sum(axis=2)
    values, vectors = np.linalg.eigh(np.exp(-gamma * away))
    # Directions in which the landmarks hardly differ would be blown up to noise.
    kept = values > LEAST_DIFFERENCE
    mixing = vectors[:, kept] / np.sqrt(values[kept])
    return replace(plain, landmarks=landmarks.astype(np.float32), mixing=mixing.astype(np.float32), gamma=gamma)


def _lengths(names: Sequence[str], numbers: Mapping[str, float], count: int) -> NDArray[np.float64]:
    """The length of each of `count` numbers, so that those of one kind make up the kind's; unnamed ones are `*`."""
    kinds = [kind if (kind := name.split(" ")[0]) in numbers else "*" for name in names]
    kinds += ["*"] * (count - len(kinds))
    sizes = Counter(kinds)
    return np.array([numbers.get(kind, 0.0) / np.sqrt(sizes[kind]) for kind in kinds])


def _commonest(seen: Mapping[str, Counter[str]], block: str, most: int) -> list[str]:
    counted = ((sum(found.values()), word) for word, found in seen.items() if word[0] == block)
    ranked = sorted((-count, word) for count, word in counted if count >= MIN_DOCUMENTS)
    return [word for _, word in ranked[:most]]


def _idf(found: Counter[str], documents: Counter[str]) -> float:
    language, count = max(found.items(), key=lambda pair: (pair[1], pair[0]))
    return float(np.log((1 + documents[language]) / (1 + count)) + 1.0)
