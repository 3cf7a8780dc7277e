"""Do readers agree beyond chance? Krippendorff's alpha, of single values and of sets of topics.

By the formula of Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), for any number of readers, values
missing or not, and any distance: alpha = 1 - observed / expected disagreement. 1 is perfect, 0 is what drawing the
same values at random would give, below 0 is worse. He asks for 0.8, and for 0.667 where only tentative conclusions are
drawn.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeVar

import numpy as np

from classify.evaluation.intervals import CountMetric, Floats, Interval, interval

V = TypeVar("V", bound=Hashable)
# Between two values: 0 the same, 1 wholly apart, symmetric.
Distance = Callable[[Any, Any], float]
Topics = frozenset[str]


def nominal(a: Hashable, b: Hashable) -> float:
    """0 when equal, else 1."""
    return float(a != b)


def jaccard(a: Topics, b: Topics) -> float:
    """1 - what both name / what either names."""
    return 1 - len(a & b) / len(a | b) if a | b else 0.0


def masi(a: Topics, b: Topics) -> float:
    """Jaccard's likeness, lessened to 2/3 where one set holds the other and to 1/3 where each has its own.

    Passonneau, "Measuring Agreement on Set-valued Items (MASI)" (2006).
    """
    if a == b:
        return 0.0
    return 1 - (1 - jaccard(a, b)) * (2 / 3 if a <= b or b <= a else 1 / 3)


def alpha(units: Iterable[Sequence[V | None]], distance: Distance = nominal) -> float:
    """The agreement on `units`: for each, what its readers said, None where one said nothing.

    A unit with fewer than two values tells nothing and is left out. NaN when there is none left, or when all values
    are the same: then nothing was to be told apart, and agreement shows nothing.
    """
    rows, value = _parts(units, distance)
    return float(value(rows.sum(axis=0)[None, :])[0])


def alpha_interval(
    units: Iterable[Sequence[V | None]], groups: Sequence[Any], distance: Distance = nominal
) -> Interval:
    """The same with its bootstrap interval; `groups` has one entry a unit."""
    rows, value = _parts(units, distance)
    return interval(CountMetric("alpha", lambda given, _: given, value), rows, rows, groups)


def raw(units: Iterable[Sequence[V | None]], distance: Distance = nominal) -> float:
    """1 - the mean distance of two readers of a unit, chance included: for `nominal` the share of equal pairs."""
    rows, _ = _parts(units, distance)
    return float(1 - rows[:, 0].sum() / rows[:, 1:].sum()) if rows[:, 1:].any() else float("nan")


def _parts(units: Iterable[Sequence[V | None]], distance: Distance) -> tuple[Floats, Callable[[Floats], Floats]]:
    """What each unit adds, (units, 1 + v): its disagreement, then how often it has each of the v values met.

    Alpha is a function of the sums, so that a bootstrap need not go through the units again.
    """
    said = [[value for value in unit if value is not None] for unit in units]
    said = [unit if len(unit) > 1 else [] for unit in said]
    place = {value: at for at, value in enumerate(dict.fromkeys(chain.from_iterable(said)))}
    apart = np.array([[distance(a, b) for b in place] for a in place], dtype=np.float64).reshape(len(place), len(place))
    rows = np.zeros((len(said), 1 + len(place)))
    for row, unit in zip(rows, said, strict=True):
        codes = [place[value] for value in unit]
        np.add.at(row, [1 + code for code in codes], 1)
        if codes:
            row[0] = apart[np.ix_(codes, codes)].sum() / (len(codes) - 1)

    def value(sums: Floats) -> Floats:
        counts = sums[:, 1:]
        total = counts.sum(axis=1)
        expected = ((counts @ apart) * counts).sum(axis=1) if len(place) else total
        known = expected > 0
        ratio: Floats = np.divide(sums[:, 0] * (total - 1), expected, out=np.full(len(sums), np.nan), where=known)
        return 1 - ratio

    return rows, value
