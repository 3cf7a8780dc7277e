"""How far two lists of values are apart, and what moved most. Pure; scipy is imported when it is needed."""

from collections import Counter
from collections.abc import Callable, Sequence
from math import log, sqrt
from typing import TypeAlias

RARE = 0.01  # values below this share are counted together
OTHER = "other"

Values: TypeAlias = Sequence[str | float]
Distance: TypeAlias = Callable[[Values, Values], float]


def spread(some: Values, others: Values) -> float:
    """Jensen-Shannon distance of two lists of names, less what chance alone adds to it."""
    import numpy as np
    from scipy.spatial.distance import jensenshannon

    one, two = _shares(some, others)
    with np.errstate(invalid="ignore"):  # of two that are alike, rounding may make the root of less than nothing
        distance = float(np.nan_to_num(jensenshannon(list(one.values()), list(two.values()), base=2)))
    # Two draws from one source differ by chi-squared of k-1 degrees; the divergence is an eighth of it, in bits.
    chance = (len(one) - 1) / (8 * log(2)) * (1 / len(some) + 1 / len(others))
    return sqrt(max(0.0, distance**2 - chance))


def gap(some: Values, others: Values) -> float:
    """Kolmogorov-Smirnov distance of two lists of numbers."""
    from scipy.stats import ks_2samp

    return float(ks_2samp(some, others).statistic)


def points(some: Values, others: Values) -> float:
    """How far the shares of ones in two lists are apart."""
    return abs(sum(map(float, some)) / len(some) - sum(map(float, others)) / len(others))


def what_moved(distance: Distance, now: Values, before: Values) -> str:
    """The value or mean that moved most, in a few words."""
    if distance is spread:
        one, two = _shares(now, before)
        name = max(one, key=lambda key: abs(one[key] - two[key]))
        return f"{name} {two[name]:.0%} -> {one[name]:.0%}"
    means = [sum(map(float, part)) / len(part) for part in (before, now)]
    return f"mean {means[0]:.2f} -> {means[1]:.2f}" if distance is gap else f"{means[0]:.0%} -> {means[1]:.0%}"


def _shares(some: Values, others: Values) -> tuple[dict[str, float], dict[str, float]]:
    """The shares of each value in two lists, rare ones together."""
    counts = Counter(map(str, some)), Counter(map(str, others))
    sizes = len(some), len(others)
    means = {
        key: sum(count[key] / size for count, size in zip(counts, sizes, strict=True)) / 2
        for key in sum(counts, Counter())
    }
    names = {key: key if mean >= RARE else OTHER for key, mean in sorted(means.items())}
    shares: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for share, count, size in zip(shares, counts, sizes, strict=True):
        for key, name in names.items():
            share[name] = share.get(name, 0.0) + count[key] / size
    return shares
