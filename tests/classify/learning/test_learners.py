from typing import Any

import numpy as np
import pytest
import scipy.sparse as sparse

from classify.learning.learners import LEARNERS, Logistic, Ridge

RANDOM = np.random.default_rng(7)
ROWS = 40
# Two columns that tell, ten that do not.
MATRIX = sparse.csr_matrix(
    np.column_stack([np.arange(ROWS) % 2, 1 - np.arange(ROWS) % 2, RANDOM.random((ROWS, 10)) > 0.8])
)
ANSWERS = np.column_stack([np.arange(ROWS) % 2, 1 - np.arange(ROWS) % 2, np.zeros(ROWS)]).astype(np.float64)


@pytest.mark.parametrize("name", LEARNERS)
def test_the_telling_columns_get_the_weight(name: str) -> None:
    weights, bias = LEARNERS[name](MATRIX, ANSWERS, 1.0).fit(np.arange(ROWS))
    assert (weights.shape, bias.shape) == ((12, 3), (3,))
    between = weights[:, 0] - weights[:, 1]  # of two classes one may stand for both
    assert between[0] > np.abs(between[2:]).max()
    scores = MATRIX @ weights + bias
    assert (scores.argmax(axis=1) == ANSWERS.argmax(axis=1)).all()


@pytest.mark.parametrize("name", LEARNERS)
def test_only_the_rows_asked_for_are_learned(name: str) -> None:
    part = np.arange(20)
    turned = ANSWERS.copy()
    turned[20:] = ANSWERS[20:][:, [1, 0, 2]]
    one, two = (LEARNERS[name](MATRIX, answers, 1.0).fit(part) for answers in (ANSWERS, turned))
    np.testing.assert_array_equal(one[0], two[0])
    np.testing.assert_array_equal(one[1], two[1])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_ridge_is_the_same_from_full_and_from_sparse_rows(kind: type) -> None:
    full: Any = RANDOM.random((ROWS, 6)).astype(kind)  # no gaps: multiplied as a full matrix
    padded: Any = np.column_stack([full, np.zeros((ROWS, 30))]).astype(kind)
    dense, _ = Ridge(sparse.csr_matrix(full), ANSWERS, 0.7).fit(np.arange(ROWS))
    thin, _ = Ridge(sparse.csr_matrix(padded), ANSWERS, 0.7).fit(np.arange(ROWS))
    np.testing.assert_allclose(dense, thin[:6], rtol=1e-3, atol=1e-5)


def test_ridge_is_the_solution_in_closed_form() -> None:
    rows, strength = RANDOM.random((ROWS, 5)), 0.7
    weights, bias = Ridge(sparse.csr_matrix(rows), ANSWERS, strength).fit(np.arange(ROWS))
    exact = np.linalg.solve(rows.T @ rows + strength * np.eye(5), rows.T @ (ANSWERS - ANSWERS.mean(axis=0)))
    np.testing.assert_allclose(weights, exact, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(bias, ANSWERS.mean(axis=0))


def test_strength_holds_ridge_back_and_lets_logistic_go() -> None:
    def size(learner: type[Ridge] | type[Logistic], strength: float) -> float:
        return float(np.abs(learner(MATRIX, ANSWERS, strength).fit(np.arange(ROWS))[0]).sum())

    assert size(Ridge, 10.0) < size(Ridge, 0.1)
    assert size(Logistic, 10.0) > size(Logistic, 0.1)


def test_a_class_without_rows_is_the_least_likely() -> None:
    weights, bias = Logistic(MATRIX, ANSWERS, 1.0).fit(np.arange(ROWS))
    scores = MATRIX @ weights + bias
    assert (scores.argmin(axis=1) == 2).all()
    assert not weights[:, 2].any()
