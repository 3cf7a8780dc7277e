"""Does a confidence of 0.8 mean right in 8 of 10? Measures of it, and the two corrections fitted in training.

Confidences are (n,) from 0 to 1, `right` (n,) says whether the answer was. For several labels at once, score one
label at a time or the labels that were given: all n x k pairs in one pot are mostly sure denials, which flatter.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["mass", "width"]

# Ten bins of some 60 rows in a test third of 600; with more bins, noise alone gives an error above 0.05.
BINS = 10
# A temperature beyond these means separable or useless logits, and is cut: 1 is "as they are".
COLDEST, HOTTEST = 0.05, 20.0


@dataclass(frozen=True)
class Bin:
    """Rows whose confidences lie from `low` to `high`: how many, what they claimed on average, the share right."""

    low: float
    high: float
    rows: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """Expected calibration error: the gap between claim and truth, averaged over `bins` by their rows.

    `kind` "mass": bins of about equally many rows; equal confidences share one, so there may be fewer than asked
    for. "width": bins of equal width from 0 to 1, empty ones left out. `asked` is the number of bins asked for. Even a
    perfect model shows some error, about 0.4 / sqrt(rows of a bin): say how many rows there were.
    """

    error: float
    kind: Kind
    asked: int
    bins: tuple[Bin, ...]

    @property
    def rows(self) -> int:
        """How many rows were measured."""
        return sum(one.rows for one in self.bins)

    def table(self) -> str:
        """The reliability table as text."""
        head = f"calibration error {self.error:.3f} ({self.asked} bins of equal {self.kind}, {self.rows} rows)"
        lines = [f"{one.low:.2f}-{one.high:.2f} {one.rows:6d} {one.confidence:6.3f} {one.accuracy:6.3f}"
                 for one in self.bins]  # fmt: skip
        return "\n".join([head, f"{'from-to':9} {'rows':>6} {'claim':>6} {'right':>6}", *lines])


def calibration(confidence: Any, right: Any, bins: int = BINS, kind: Kind = "mass") -> Calibration:
    """The reliability table and the expected calibration error."""
    confidence, right = _checked(confidence, right)
    if kind == "mass":
        # The rank of its first equal: rows of one confidence share a bin, however many they are.
        place = np.searchsorted(np.sort(confidence), confidence, side="left") * bins // len(confidence)
    else:
        place = np.minimum((confidence * bins).astype(np.intp), bins - 1)
    found = tuple(_bin(confidence[place == at], right[place == at]) for at in np.unique(place))
    error = sum(one.rows * abs(one.confidence - one.accuracy) for one in found) / len(confidence)
    return Calibration(float(error), kind, bins, found)


def _bin(confidence: Floats, right: Floats) -> Bin:
    low, high = float(confidence.min()), float(confidence.max())
    return Bin(low, high, len(confidence), float(confidence.mean()), float(right.mean()))


def brier(probabilities: Any, truth: Any) -> float:
    """The mean squared error of probabilities: 0 is perfect.

    (n,) with boolean truth (n,): at most 1, and 0.25 for "always one half". (n, k) with codes (n,): the squares are
    summed over the classes, at most 2.
    """
    given = np.asarray(probabilities, dtype=np.float64)
    if given.ndim == 1:
        given, known = _checked(given, truth)
        return float(((given - known) ** 2).mean())
    known = (np.asarray(truth)[:, None] == np.arange(given.shape[1])).astype(np.float64)
    return float(((given - known) ** 2).sum(axis=1).mean())


def fit_temperature(logits: Any, truth: Any) -> float:
    """The T that makes softmax(logits / T) likeliest, for logits (n, k) and codes (n,); above 1: it was too sure."""
    from scipy.optimize import minimize_scalar

    scores, codes = _finite(logits), np.asarray(truth, dtype=np.intp)
    if scores.ndim != 2 or len(scores) != len(codes) or not len(codes):
        raise ValueError(f"logits {scores.shape} and truth {codes.shape}: expected (n, k) and (n,), n at least 1")

    def loss(log_temperature: float) -> float:
        scaled = scores / np.exp(log_temperature)
        own = scaled[np.arange(len(codes)), codes]
        return float((np.logaddexp.reduce(scaled, axis=1) - own).mean())

    # Convex in 1/T, so the one minimum between the bounds is found.
    best = minimize_scalar(loss, bounds=(np.log(COLDEST), np.log(HOTTEST)), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(best.x))


def fit_platt(log_odds: Any, truth: Any, weights: Any = None) -> tuple[float, float]:
    """(a, b) that make sigmoid(a * log_odds + b) likeliest, for log-odds (n,) and booleans (n,).

    Platt's smoothed targets stand for 1 and 0: (positives + 1) / (positives + 2) and 1 / (negatives + 2). So few rows
    do not make it certain, and rows of one kind only do not send it to infinity.
    """
    from scipy.optimize import minimize

    scores, known = _finite(log_odds), np.asarray(truth, dtype=bool)
    if scores.ndim != 1 or scores.shape != known.shape or not len(known):
        raise ValueError(f"log-odds {scores.shape} and truth {known.shape}: expected (n,) twice, n at least 1")
    share = np.ones(len(known)) if weights is None else np.asarray(weights, dtype=np.float64)
    positive, negative = share[known].sum(), share[~known].sum()
    target = np.where(known, (positive + 1) / (positive + 2), 1 / (negative + 2))
    share = share / share.sum()
    # Standardised, the search is well-conditioned whatever the scale of the scores.
    middle, spread = scores.mean(), scores.std() or 1.0
    design = np.column_stack([(scores - middle) / spread, np.ones(len(scores))])

    def loss(line: Floats) -> tuple[float, Floats]:
        odds = design @ line
        value = share @ (np.logaddexp(0, odds) - target * odds)
        return float(value), design.T @ (share * (sigmoid(odds) - target))

    start = np.array([0.0, np.log((positive + 1) / (negative + 1))])
    slope, level = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-8}).x
    return float(slope / spread), float(level - slope * middle / spread)


def sigmoid(odds: Any) -> Floats:
    """Log-odds as probabilities, without overflow."""
    return np.asarray(np.exp(-np.logaddexp(0, -np.asarray(odds, dtype=np.float64))))


def softmax(logits: Any, temperature: float = 1.0) -> Floats:
    """Logits (n, k) as probabilities whose rows sum to 1."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    return np.asarray(np.exp(scaled - np.logaddexp.reduce(scaled, axis=-1, keepdims=True)))


def _finite(numbers: Any) -> Floats:
    found = np.asarray(numbers, dtype=np.float64)
    if not np.isfinite(found).all():
        raise ValueError("a log-odds is not finite: clip probabilities before taking their logarithm")
    return found


def _checked(confidence: Any, right: Any) -> tuple[Floats, Floats]:
    found, known = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=bool).astype(np.float64)
    if found.ndim != 1 or found.shape != known.shape or not len(found):
        raise ValueError(f"confidences {found.shape} and truth {known.shape}: expected (n,) twice, n at least 1")
    if not (found.min() >= 0 and found.max() <= 1):
        raise ValueError(f"confidences from {found.min()} to {found.max()}: valid is 0 to 1")
    return found, known
