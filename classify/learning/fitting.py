"""Features and answers -> a calibrated linear model.

What a learner scores for rows left out, group by group, teaches the calibration and the cuts; the calibration is folded
into the weights, so that a model stays one matrix.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.evaluation.calibration import fit_platt
from classify.features.extract import Features
from classify.features.vectoriser import Vectoriser, fit_vectoriser
from classify.learning.learners import LEARNERS, Learning
from classify.learning.recipes import CAPS, Recipe
from classify.linear import LinearModel, choose, probabilities

FOLDS = 5
# A class with fewer rows than this gets the usual cut: too few to tune one.
FEWEST = 20
USUAL_CUT = 0.35
CUTS = np.arange(0.16, 0.61, 0.02)
SHIFTS = np.arange(-1.0, 1.55, 0.1)

Table = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A model, and what it said of its training rows while each was left out: probabilities (rows, classes)."""

    model: LinearModel
    left_out: Table


def fit(
    recipe: Recipe,
    rows: Sequence[Features],
    answers: Table,
    groups: Sequence[str],
    names: Sequence[str] = (),
    read: NDArray[np.bool_] | None = None,
) -> Fitted:
    """Learn one task. `answers` (rows, classes) is 1 where a class holds; rows of one group are left out together.

    `names` are those of the numbers, where the recipe tells kinds of them apart. Only rows that somebody has `read`
    (rows,) teach calibration and cuts; all, where nothing is said.
    """
    caps = {block: CAPS[block] for block in recipe.blocks}
    vectoriser = fit_vectoriser(rows, recipe.blocks, caps, recipe.numbers, names, recipe.landmarks)
    matrix = vectoriser.matrix(rows)
    learning = LEARNERS[recipe.learner](matrix, answers, recipe.strength)
    scores = _left_out(learning, matrix, answers.shape, groups)
    counted = np.ones(len(rows), dtype=np.bool_) if read is None else read
    turn, shift = _calibrate(recipe, scores[counted], answers[counted])
    weights, bias = learning.fit(np.arange(len(rows)))
    found = probabilities(scores @ turn + shift, recipe.kind).astype(np.float64)
    cuts = _cuts(recipe, found[counted], answers[counted])
    return Fitted(_model(recipe, vectoriser, weights @ turn, bias @ turn + shift, cuts), found)


def _model(recipe: Recipe, vectoriser: Vectoriser, weights: Any, bias: Any, cuts: Any) -> LinearModel:
    return LinearModel(
        task=recipe.task,
        kind=recipe.kind,
        classes=recipe.classes,
        vectoriser=vectoriser,
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        cuts=cuts.astype(np.float32),
        least=recipe.least,
    )


def _left_out(learning: Learning, matrix: Any, shape: tuple[int, ...], groups: Sequence[str]) -> Table:
    """The scores (rows, classes) of each row by a model that saw nothing of its group."""
    from sklearn.model_selection import GroupKFold

    scores = np.zeros(shape)
    for learned, left in GroupKFold(min(FOLDS, len(set(groups)))).split(scores, groups=groups):
        weights, bias = learning.fit(learned)
        scores[left] = matrix[left] @ weights + bias
    return scores


def _calibrate(recipe: Recipe, scores: Table, answers: Table) -> tuple[Table, Table]:
    """`turn` (classes, classes) and `shift` (classes,): scores @ turn + shift are log-odds."""
    classes = answers.shape[1]
    if recipe.kind == "many":
        pairs = [fit_platt(scores[:, at], answers[:, at]) for at in range(classes)]
        return np.diag([slope for slope, _ in pairs]), np.array([offset for _, offset in pairs])
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0, max_iter=1_000).fit(scores, answers.argmax(axis=1))
    turn, shift = np.zeros((classes, classes)), np.full(classes, -30.0)
    if len(model.classes_) == 2:  # one row of coefficients stands for both
        turn[:, model.classes_[1]], shift[model.classes_] = model.coef_[0], (0.0, model.intercept_[0])
    else:
        turn[:, model.classes_], shift[model.classes_] = model.coef_.T, model.intercept_
    return turn, shift


def _cuts(recipe: Recipe, found: Table, answers: Table) -> Table:
    if recipe.kind == "many":
        return np.array([_cut(found[:, at], answers[:, at] > 0) for at in range(answers.shape[1])])
    return _shifts(found, answers.argmax(axis=1))


def _cut(found: Table, truth: NDArray[np.bool_]) -> float:
    """The cut with the best F1, drawn halfway to the usual one: what is best on these rows is partly chance."""
    if truth.sum() < FEWEST:
        return USUAL_CUT
    given = found[None, :] >= CUTS[:, None]
    f1 = 2 * (given & truth).sum(axis=1) / (given.sum(axis=1) + truth.sum())
    return float((CUTS[f1.argmax()] + USUAL_CUT) / 2)


def _shifts(found: Table, truth: NDArray[np.intp]) -> Table:
    """What to add to each class's log-probability for the best macro-F1, one class after another, twice over."""
    shifts = np.zeros(found.shape[1])
    for _ in range(2):
        for at in range(len(shifts)):
            tried = []
            for shift in SHIFTS:
                shifts[at] = shift
                tried.append(_macro(choose(found, shifts), truth, found.shape[1]))
            shifts[at] = SHIFTS[int(np.argmax(tried))]
        shifts -= shifts.mean()
    return shifts


def _macro(given: NDArray[np.intp], truth: NDArray[np.intp], classes: int) -> float:
    from classify.evaluation.scores import count, indicator

    return float(count(indicator(truth, classes), indicator(given, classes)).macro_f1)
