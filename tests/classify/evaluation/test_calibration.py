import subprocess
import sys

import numpy as np
import pytest
from sklearn import metrics
from sklearn.linear_model import LogisticRegression

from classify.evaluation.calibration import brier, calibration, fit_platt, fit_temperature, sigmoid, softmax

RANDOM = np.random.default_rng(3)


def drawn(logits: np.ndarray) -> np.ndarray:
    """A class for each row, by its true probabilities."""
    return np.array([RANDOM.choice(len(row), p=row) for row in softmax(logits)])


def test_a_worked_example_in_both_kinds_of_bin() -> None:
    confidence, right = [0.1, 0.2, 0.8, 0.9], [False, True, True, True]
    mass = calibration(confidence, right, bins=2)
    assert [(one.rows, one.accuracy) for one in mass.bins] == [(2, 0.5), (2, 1.0)]
    assert mass.error == pytest.approx(0.5 * 0.35 + 0.5 * 0.15)
    width = calibration(confidence, right, bins=10, kind="width")
    assert [one.rows for one in width.bins] == [1, 1, 1, 1]
    assert width.error == pytest.approx((0.1 + 0.8 + 0.2 + 0.1) / 4)
    assert "10 bins of equal width, 4 rows" in width.table()


def test_honest_confidences_come_near_zero_and_boasting_does_not() -> None:
    honest = RANDOM.random(20_000)
    right = RANDOM.random(20_000) < honest
    for kind in ("mass", "width"):
        assert calibration(honest, right, kind=kind).error < 0.015
        assert calibration(np.sqrt(honest), right, kind=kind).error > 0.1


def test_bins_of_equal_mass_keep_equal_confidences_together() -> None:
    found = calibration([1.0] * 50 + [0.9] * 5 + [0.5] * 45, [True] * 100)
    assert [(one.low, one.high, one.rows) for one in found.bins] == [(0.5, 0.5, 45), (0.9, 0.9, 5), (1.0, 1.0, 50)]
    assert (found.asked, found.rows) == (10, 100)
    shuffled = RANDOM.permutation(100)
    confidence, right = RANDOM.random(100).round(1), RANDOM.random(100) < 0.5
    again = calibration(confidence[shuffled], right[shuffled])
    assert again.error == pytest.approx(calibration(confidence, right).error)
    sizes = [one.rows for one in calibration(np.linspace(0, 1, 100), right).bins]
    assert sizes == [10] * 10


def test_brier_is_that_of_scikit_learn() -> None:
    given, right = RANDOM.random(100), RANDOM.random(100) < 0.5
    assert brier(given, right) == pytest.approx(metrics.brier_score_loss(right, given))
    assert brier(np.eye(3), [0, 1, 2]) == 0
    assert brier(np.eye(3), [1, 2, 0]) == 2


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_was_put_in_is_found(true: float) -> None:
    logits = RANDOM.normal(0, 2, (5_000, 4))
    truth = drawn(logits)
    assert fit_temperature(logits * true, truth) == pytest.approx(true, rel=0.1)


def test_a_temperature_stays_within_bounds() -> None:
    logits = 8 * np.eye(3)
    assert 0.05 <= fit_temperature(logits, [0, 1, 2]) < 0.5
    assert fit_temperature(logits, [1, 2, 0]) == pytest.approx(20, rel=0.01)


def test_platt_finds_the_line_and_calibrates() -> None:
    odds = RANDOM.normal(0, 2, 10_000)
    truth = RANDOM.random(10_000) < sigmoid(odds)
    boast = odds * 4 + 3
    slope, level = fit_platt(boast, truth)
    assert (slope, level) == pytest.approx((0.25, -0.75), abs=0.05)
    assert calibration(sigmoid(boast), truth).error > 0.1
    assert calibration(sigmoid(slope * boast + level), truth).error < 0.02


def test_platt_is_a_logistic_regression_with_smoothed_targets() -> None:
    odds, truth = RANDOM.normal(0, 1, 400), RANDOM.random(400) < 0.3
    weights = RANDOM.integers(1, 4, 400).astype(float)
    positive, negative = weights[truth].sum(), weights[~truth].sum()
    target = np.where(truth, (positive + 1) / (positive + 2), 1 / (negative + 2))
    twice = np.concatenate([odds, odds])[:, None]
    share = np.concatenate([weights * target, weights * (1 - target)])
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1_000)
    model.fit(twice, np.repeat([1, 0], 400), sample_weight=share)
    assert fit_platt(odds, truth, weights) == pytest.approx((model.coef_[0, 0], model.intercept_[0]), abs=1e-4)


@pytest.mark.parametrize("odds", [[1.0, 2.0, 3.0], [2.0, 2.0, 2.0], [1e6, -1e6, 5.0]])
def test_rows_of_one_kind_or_of_one_score_give_a_modest_answer(odds: list[float]) -> None:
    slope, level = fit_platt(odds, [True] * 3)
    assert sigmoid(slope * np.array(odds) + level) == pytest.approx([0.8] * 3, abs=0.001)


def test_separable_rows_do_not_run_to_infinity() -> None:
    slope, level = fit_platt([-2.0, -1.0, 1.0, 2.0], [False, False, True, True])
    assert 0 < slope < 50
    assert 0.6 < float(sigmoid(slope * 2 + level)) < 0.9


def test_odds_far_out_do_not_overflow() -> None:
    assert sigmoid([-1e4, 0, 1e4]).tolist() == [0, 0.5, 1]
    assert softmax([[1e4, 0.0]]).tolist() == [[1, 0]]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="valid is 0 to 1"):
        calibration([1.2], [True])
    with pytest.raises(ValueError, match="expected"):
        calibration([], [])
    with pytest.raises(ValueError, match="not finite"):
        fit_platt([float("inf")], [True])
    with pytest.raises(ValueError, match="expected"):
        fit_temperature([0.5], [0])


def test_the_instruments_load_nothing_heavy() -> None:
    names = ("agreement", "calibration", "intervals", "readings", "scores")
    code = ";".join(f"import classify.evaluation.{name}" for name in names)
    code += ";import sys; print({'scipy', 'sklearn', 'pandas'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
