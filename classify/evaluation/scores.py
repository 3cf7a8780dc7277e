"""Precision, recall and F1, of single labels and of several at once; confusion; what an abstaining classifier gets.

Labels are booleans (n, k): row i is of class j. Single labels are codes (n,) from 0 to k - 1, -1 where the system
abstains; `indicator` turns them into booleans with at most one True a row. A weight of a row, where given, is how
many rows of the untouched stream it stands for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.evaluation.intervals import CountMetric, Floats, Rows

Bools = NDArray[np.bool_]
Codes = NDArray[np.intp]


def indicator(codes: Rows, classes: int) -> Bools:
    """Codes (n,) as booleans (n, classes); a row of code -1 is False throughout."""
    codes = np.asarray(codes, dtype=np.intp)
    if len(codes) and not (codes.min() >= -1 and codes.max() < classes):
        raise ValueError(
            f"codes from {codes.min()} to {codes.max()} for {classes} classes: valid is -1 to {classes - 1}"
        )
    found: Bools = codes[:, None] == np.arange(classes)
    return found


@dataclass(frozen=True)
class Counts:
    """By class, each (k,) or (..., k): rows given it rightly, rows given it, rows that are of it."""

    right: Floats
    given: Floats
    actual: Floats

    @property
    def precision(self) -> Floats:
        """0 for a class that was never given."""
        return _share(self.right, self.given, 0.0)

    @property
    def recall(self) -> Floats:
        """NaN for a class that does not occur."""
        return _share(self.right, self.actual, np.nan)

    @property
    def f1(self) -> Floats:
        """NaN for a class that does not occur, whether it was given or not."""
        both = _share(2 * self.right, self.given + self.actual, np.nan)
        return np.where(self.actual > 0, both, np.nan)

    @property
    def macro_f1(self) -> Floats:
        """The mean F1 of the classes that occur. One given but absent costs the precision of no class here."""
        return _mean(self.f1)

    @property
    def macro_precision(self) -> Floats:
        """The mean precision of the classes that occur."""
        return _mean(np.where(self.actual > 0, self.precision, np.nan))

    @property
    def macro_recall(self) -> Floats:
        """The mean recall of the classes that occur."""
        return _mean(self.recall)

    @property
    def micro_precision(self) -> Floats:
        """Of all that was given, the share that is right; 0 when nothing was."""
        return _share(self.right.sum(axis=-1), self.given.sum(axis=-1), 0.0)

    @property
    def micro_recall(self) -> Floats:
        """Of all that is to be found, the share that was."""
        return _share(self.right.sum(axis=-1), self.actual.sum(axis=-1), np.nan)

    @property
    def micro_f1(self) -> Floats:
        """F1 over all classes together; for single labels without abstention, the accuracy."""
        total = self.given.sum(axis=-1) + self.actual.sum(axis=-1)
        return _share(2 * self.right.sum(axis=-1), total, np.nan)


def count(truth: Bools, given: Bools, weights: Floats | None = None) -> Counts:
    """The counts of answers (n, k) against labels (n, k)."""
    rows = _count_rows(truth, given)
    return _counts((rows if weights is None else rows * np.asarray(weights)[:, None]).sum(axis=0))


def selective_precision(threshold: float) -> CountMetric:
    """Of what is kept, the share that is right: a metric of `right` (n,) booleans and `confidence` (n,)."""

    def rows(right: Rows, confidence: Rows) -> Floats:
        kept = np.asarray(confidence) >= threshold
        return np.column_stack([kept & np.asarray(right, dtype=bool), kept]).astype(np.float64)

    return CountMetric("selective precision", rows, lambda sums: _share(sums[..., 0], sums[..., 1], np.nan))


def confusion(truth: Rows, given: Rows, classes: int, weights: Floats | None = None) -> Floats:
    """(classes, classes + 1): rows of class i that were called class j; the last column is abstentions."""
    actual, called = indicator(truth, classes).astype(np.float64), indicator(given, classes)
    if weights is not None:
        actual = actual * np.asarray(weights)[:, None]
    columns = np.column_stack([called, np.asarray(given) < 0]).astype(np.float64)
    return np.asarray(actual.T @ columns)


@dataclass(frozen=True)
class Selective:
    """A classifier that abstains below `threshold`: the share of rows it answers, and of those the share right.

    `precision` is NaN when it answers none.
    """

    threshold: float
    coverage: float
    precision: float


def selective(confidence: Floats, right: Bools, threshold: float, weights: Floats | None = None) -> Selective:
    """What abstaining below `threshold` leaves of answers with `confidence` (n,) that are `right` (n,)."""
    if not len(confidence):
        raise ValueError("no rows to score")
    share = np.ones(len(confidence)) if weights is None else np.asarray(weights, dtype=np.float64)
    kept = confidence >= threshold
    precision = _share(share[kept & right].sum(), share[kept].sum(), np.nan)
    return Selective(threshold, float(share[kept].sum() / share.sum()), float(precision))


def threshold_for(confidence: Floats, right: Bools, precision: float) -> float:
    """The lowest threshold whose kept answers are right at least `precision` of the time; infinity when there is none.

    To be chosen on rows that are not those it is then measured on.
    """
    order = np.argsort(-confidence, kind="stable")
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    ordered = confidence[order]
    # Equal confidences are kept or left together: only the last of them is a place to cut.
    last = np.append(ordered[1:] != ordered[:-1], True)[: len(ordered)]
    good = np.flatnonzero((reached >= precision) & last)
    return float(ordered[good[-1]]) if len(good) else float("inf")


def threshold_at(confidence: Floats, coverage: float) -> float:
    """The highest threshold that still answers at least `coverage` (0 to 1) of the rows."""
    if not len(confidence):
        raise ValueError("no rows to score")
    kept = max(1, int(np.ceil(coverage * len(confidence) - 1e-9)))
    return float(np.sort(confidence)[-kept])


def _count_rows(truth: Rows, given: Rows) -> Floats:
    truth, given = np.asarray(truth, dtype=bool), np.asarray(given, dtype=bool)
    if truth.ndim != 2 or truth.shape != given.shape:
        raise ValueError(f"labels {truth.shape} and answers {given.shape}: both must be (rows, classes)")
    return np.hstack([truth & given, given, truth]).astype(np.float64)


def _counts(sums: Floats) -> Counts:
    right, given, actual = np.split(sums, 3, axis=-1)
    return Counts(right, given, actual)


def _with_ones(column: Rows) -> Floats:
    return np.column_stack([column, np.ones(len(column))]).astype(np.float64)


def _share(part: Floats, whole: Floats, empty: float) -> Floats:
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    found: Floats = np.divide(part, whole, out=np.full(whole.shape, empty), where=whole > 0)
    return found


def _mean(values: Floats) -> Floats:
    """Over the last axis, leaving out NaN; NaN when all are."""
    known = ~np.isnan(values)
    return _share(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1), np.nan)


def _known_precision(sums: Floats) -> Floats:
    """What was never given has no precision; taken for 0, an interval would say that it is known to be bad."""
    counts = _counts(sums)
    return np.where(counts.given > 0, counts.precision, np.nan)


# Of booleans (n, k): one figure each, then one figure a class.
MACRO_F1 = CountMetric("macro-F1", _count_rows, lambda sums: _counts(sums).macro_f1)
MICRO_F1 = CountMetric("micro-F1", _count_rows, lambda sums: _counts(sums).micro_f1)
CLASS_F1 = CountMetric("F1", _count_rows, lambda sums: _counts(sums).f1)
CLASS_PRECISION = CountMetric("precision", _count_rows, _known_precision)
CLASS_RECALL = CountMetric("recall", _count_rows, lambda sums: _counts(sums).recall)
# Of codes (n,): an abstention counts as wrong.
ACCURACY = CountMetric("accuracy", lambda t, g: _with_ones(t == g), lambda sums: sums[..., 0] / sums[..., 1])
