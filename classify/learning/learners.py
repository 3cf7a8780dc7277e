"""The two ways to learn weights: ridge regression on the answers, and logistic regression.

Both are deterministic. Which task is learned how was chosen by cross-validation (docs/accuracy.md): ridge where classes
are many and overlap, logistic regression for tone, whose rare classes it keeps apart better.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
Indices = NDArray[np.intp]


class Learning(Protocol):
    """One task's rows, from any part of which weights can be learned."""

    def fit(self, rows: Indices) -> tuple[Table, Table]:
        """Weights (columns, classes) and bias (classes,) from the rows of these numbers."""
        ...


class Ridge:
    """Ridge regression, solved in its dual form: with some thousands of rows and ten times as many columns that is
    exact and quick. `strength` holds the weights back.
    """  # fmt: skip

    def __init__(self, matrix: Any, answers: Table, strength: float) -> None:
        self._matrix, self._answers, self._strength = matrix, answers, strength
        if matrix.nnz > matrix.shape[0] * matrix.shape[1] / 2:
            # Rows of numbers alone have no gaps: they multiply many times faster as a full matrix.
            full = matrix.toarray().astype(np.float64)
            self._kernel = full @ full.T
        else:
            self._kernel = np.asarray((matrix @ matrix.T).todense(), dtype=np.float64)

    def fit(self, rows: Indices) -> tuple[Table, Table]:
        """Weights and bias from these rows."""
        from sklearn.kernel_ridge import KernelRidge

        answers = self._answers[rows]
        bias = answers.mean(axis=0)
        model = KernelRidge(alpha=self._strength, kernel="precomputed")
        model.fit(self._kernel[np.ix_(rows, rows)], answers - bias)
        return np.asarray(self._matrix[rows].T @ model.dual_coef_, dtype=np.float64), bias


class Logistic:
    """Logistic regression, one answer a row; `strength` is how little the weights are held back."""

    def __init__(self, matrix: Any, answers: Table, strength: float) -> None:
        self._matrix, self._codes, self._strength = matrix, answers.argmax(axis=1), strength
        self._classes = answers.shape[1]

    def fit(self, rows: Indices) -> tuple[Table, Table]:
        """Weights and bias from these rows; a class that none of them has gets no weight."""
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=self._strength, max_iter=300, tol=1e-3)
        model.fit(self._matrix[rows], self._codes[rows])
        weights = np.zeros((self._matrix.shape[1], self._classes))
        bias = np.full(self._classes, model.intercept_.min() - 5.0)
        if len(model.classes_) == 2:  # one row of coefficients stands for both
            weights[:, model.classes_[1]], bias[model.classes_] = model.coef_[0], (0.0, model.intercept_[0])
        else:
            weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
        return weights, bias


LEARNERS: dict[str, type[Ridge] | type[Logistic]] = {"ridge": Ridge, "logistic": Logistic}
