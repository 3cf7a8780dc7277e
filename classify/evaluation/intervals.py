"""How sure a figure is: percentile intervals of the cluster bootstrap, for one system and for the difference of two.

Rows that belong together (one story, one outlet and month) are drawn together: drawn singly, twenty tellings of
one event would count as twenty findings and the interval would come out too narrow.

Most metrics (F1, accuracy, coverage) are functions of sums over rows. A `CountMetric` says which sums, so that a
resample is one product of a matrix instead of a scoring of all rows; any other metric is a function
`(truth, given) -> float`, which is called anew for every resample and may take minutes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[Any]

RESAMPLES = 1_000
SEED = 20_261_101
# The usual 95%: between the 2.5th and the 97.5th percentile of the resamples.
TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class CountMetric:
    """A metric computed from sums over rows.

    `rows(truth, given)` is (n, c): what each of n rows adds to each of c sums. `value(sums)` takes (r, c) and gives
    (r,), or (r, m) for m figures at once (F1 of each class); NaN where the figure is not defined, say by a class
    that does not occur.
    """

    name: str
    rows: Callable[[Rows, Rows], Floats]
    value: Callable[[Floats], Floats]

    def __call__(self, truth: Rows, given: Rows, weights: Floats | None = None) -> Floats:
        """The figure on all rows: shape () or (m,)."""
        rows = _weighted(self.rows(truth, given), weights)
        return np.asarray(self.value(rows.sum(axis=0)[None, :])[0], dtype=np.float64)


Metric = CountMetric | Callable[[Rows, Rows], float]


@dataclass(frozen=True)
class Interval:
    """A figure on all rows and the range that holds 95% of its resamples.

    `groups` is how many groups were drawn from: with fewer than some thirty the interval is too narrow.
    `resamples` is in how many resamples the figure was defined.
    """

    value: float
    low: float
    high: float
    groups: int
    resamples: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True)
class Comparison:
    """Two systems on the same rows: `difference` is b - a with its interval, `better` the share of resamples, 0 to 1,
    in which b has strictly more.
    """  # fmt: skip

    a: float
    b: float
    difference: Interval
    better: float


def interval(metric: Metric, truth: Rows, given: Rows, groups: Sequence[Any] | Rows, *, weights: Floats | None = None,
             resamples: int = RESAMPLES, seed: int = SEED) -> Interval:  # fmt: skip
    """The figure of one system with its interval; `truth`, `given`, `groups`, `weights` have one entry a row.

    A group is a name or a number; rows of one group are drawn together.
    """
    found = intervals(metric, truth, given, groups, weights=weights, resamples=resamples, seed=seed)
    if len(found) != 1:
        raise ValueError(f"the metric gives {len(found)} figures: call intervals()")
    return found[0]


def intervals(metric: Metric, truth: Rows, given: Rows, groups: Sequence[Any] | Rows, *, weights: Floats | None = None,
              resamples: int = RESAMPLES, seed: int = SEED) -> tuple[Interval, ...]:  # fmt: skip
    """The same for a metric of m figures: one interval each, all from the same resamples."""
    drawn = _Draw.of(groups, resamples, seed)
    point, samples = _replicates(metric, truth, given, drawn, weights)
    return tuple(_interval(float(value), samples[:, at], drawn.groups) for at, value in enumerate(point))


def paired(metric: Metric, truth: Rows, a: Rows, b: Rows, groups: Sequence[Any] | Rows, *,
           weights: Floats | None = None, resamples: int = RESAMPLES, seed: int = SEED) -> Comparison:  # fmt: skip
    """Is b better than a? Both are scored on the same resamples, so what is hard for both cancels out."""
    drawn = _Draw.of(groups, resamples, seed)
    (point_a, samples_a), (point_b, samples_b) = (_replicates(metric, truth, x, drawn, weights) for x in (a, b))
    if len(point_a) != 1:
        raise ValueError(f"the metric gives {len(point_a)} figures: compare one at a time")
    differences = (samples_b - samples_a)[:, 0]
    known = differences[~np.isnan(differences)]
    better = float((known > 0).mean()) if len(known) else float("nan")
    value_a, value_b = float(point_a[0]), float(point_b[0])
    return Comparison(value_a, value_b, _interval(value_b - value_a, differences, drawn.groups), better)


@dataclass(frozen=True)
class _Draw:
    """Which group each row is of, (n,), and how often each resample holds each group, (resamples, groups)."""

    code: NDArray[np.intp]
    times: Floats

    @property
    def groups(self) -> int:
        return int(self.times.shape[1])

    @classmethod
    def of(cls, groups: Sequence[Any] | Rows, resamples: int, seed: int) -> "_Draw":
        if not len(groups):
            raise ValueError("no rows to resample")
        if np.ndim(groups) != 1:
            raise ValueError("groups must be one name or number a row: join the parts of a key into one string")
        # Sorted names: the draw does not depend on the order in which rows came.
        names, code = np.unique(np.asarray(groups), return_inverse=True)
        size = len(names)
        picks = np.random.default_rng(seed).integers(0, size, (resamples, size))
        flat = (picks + size * np.arange(resamples)[:, None]).ravel()
        times = np.bincount(flat, minlength=resamples * size).reshape(resamples, size)
        return cls(code.ravel().astype(np.intp), times.astype(np.float64))


def _replicates(
    metric: Metric, truth: Rows, given: Rows, drawn: _Draw, weights: Floats | None
) -> tuple[Floats, Floats]:
    """The figures on all rows, (m,), and on each resample, (resamples, m)."""
    if not len(truth) == len(given) == len(drawn.code):
        raise ValueError(f"{len(truth)} labels, {len(given)} answers, {len(drawn.code)} groups: all must be as many")
    if not isinstance(metric, CountMetric):
        return _called(metric, truth, given, drawn, weights)
    rows = _weighted(metric.rows(truth, given), weights)
    sums = np.zeros((drawn.groups, rows.shape[1]))
    np.add.at(sums, drawn.code, rows)
    samples = metric.value(drawn.times @ sums)
    point = metric.value(sums.sum(axis=0)[None, :])
    return point.reshape(-1), samples.reshape(len(samples), -1)


def _called(metric: Callable[[Rows, Rows], float], truth: Rows, given: Rows, drawn: _Draw,
            weights: Floats | None) -> tuple[Floats, Floats]:  # fmt: skip
    if weights is not None:
        raise ValueError("weights need a CountMetric")
    numbers = np.arange(len(truth))
    samples = []
    for times in drawn.times:
        picked = np.repeat(numbers, times[drawn.code].astype(np.intp))
        samples.append(metric(truth[picked], given[picked]))
    return np.array([metric(truth, given)]), np.array(samples)[:, None]


def _weighted(rows: Floats, weights: Floats | None) -> Floats:
    return rows if weights is None else rows * np.asarray(weights, dtype=np.float64)[:, None]


def _interval(value: float, samples: Floats, groups: int) -> Interval:
    known = samples[~np.isnan(samples)]
    low, high = np.quantile(known, TAILS) if len(known) else (float("nan"), float("nan"))
    return Interval(value, float(low), float(high), groups, len(known))
