import time

import numpy as np
import pytest

from classify.evaluation.intervals import interval, intervals, paired
from classify.evaluation.scores import ACCURACY, CLASS_F1, CLASS_PRECISION, CLASS_RECALL, MACRO_F1, MICRO_F1, indicator

RANDOM = np.random.default_rng(11)


def accuracy(truth: np.ndarray, given: np.ndarray) -> float:
    return float((truth == given).mean())


def answers(rows: int, right: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, rows)
    return truth, np.where(random.random(rows) < right, truth, (truth + 1) % 3)


def test_sums_and_scoring_anew_give_the_same_interval() -> None:
    truth, given = answers(120, 0.7)
    groups = np.arange(120) // 4
    by_sums = interval(ACCURACY, truth, given, groups, resamples=200)
    anew = interval(accuracy, truth, given, groups, resamples=200)
    assert (by_sums.value, by_sums.low, by_sums.high) == pytest.approx((anew.value, anew.low, anew.high))
    assert by_sums.groups == anew.groups == 30


def test_an_interval_of_single_rows_is_about_the_binomial_one() -> None:
    truth, given = answers(1_000, 0.8)
    found = interval(ACCURACY, truth, given, np.arange(1_000))
    half = 1.96 * np.sqrt(found.value * (1 - found.value) / 1_000)
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.1)


def test_rows_that_stand_and_fall_together_widen_it() -> None:
    truth, given = answers(50, 0.7)
    truth, given = np.repeat(truth, 20), np.repeat(given, 20)
    single = interval(ACCURACY, truth, given, np.arange(1_000))
    together = interval(ACCURACY, truth, given, np.repeat(np.arange(50), 20))
    assert together.high - together.low > 3 * (single.high - single.low)


def test_it_covers_the_truth_about_as_often_as_it_says() -> None:
    hits = 0
    for seed in range(100):
        truth, given = answers(200, 0.75, seed)
        found = interval(ACCURACY, truth, given, np.arange(200), resamples=300)
        hits += found.low <= 0.75 <= found.high
    assert 88 <= hits <= 100


def test_the_order_of_rows_and_the_clock_change_nothing() -> None:
    truth, given = answers(100, 0.6)
    groups = np.array([f"g{at % 17}" for at in range(100)])
    order = RANDOM.permutation(100)
    again = interval(ACCURACY, truth[order], given[order], groups[order])
    assert again == interval(ACCURACY, truth, given, groups) == interval(ACCURACY, truth, given, list(groups))
    assert again != interval(ACCURACY, truth, given, groups, seed=1)


def test_the_better_system_is_seen_and_a_twin_is_not() -> None:
    truth, poor = answers(400, 0.6)
    good = np.where(RANDOM.random(400) < 0.5, truth, poor)
    found = paired(ACCURACY, truth, poor, good, np.arange(400))
    assert found.difference.low > 0
    assert found.better == 1
    assert found.difference.value == pytest.approx(found.b - found.a)
    twin = paired(MACRO_F1, indicator(truth, 3), indicator(poor, 3), indicator(poor, 3), np.arange(400))
    assert (twin.difference.low, twin.difference.high, twin.better) == (0, 0, 0)


def test_pairing_cancels_what_is_hard_for_both() -> None:
    truth, a = answers(400, 0.6)
    b = a.copy()
    b[:12] = truth[:12]
    alone = interval(ACCURACY, truth, a, np.arange(400))
    both = paired(ACCURACY, truth, a, b, np.arange(400)).difference
    assert both.high - both.low < (alone.high - alone.low) / 2


def test_a_class_in_few_resamples_says_in_how_many() -> None:
    truth = indicator(np.array([0] * 49 + [1]), 3)
    common, rare, absent = intervals(CLASS_F1, truth, truth, np.arange(50))
    assert common.resamples == 1_000
    assert 500 < rare.resamples < 750  # 1 - (1 - 1/50)^50 = 0.64 of them hold its only row
    assert absent.resamples == 0
    assert np.isnan(absent.value)
    assert np.isnan(absent.low)


def test_precision_and_recall_of_each_class() -> None:
    truth, given = indicator(np.array([0, 0, 1, 1]), 3), indicator(np.array([0, 1, 1, 1]), 3)
    values = [
        [one.value for one in intervals(metric, truth, given, range(4))] for metric in (CLASS_PRECISION, CLASS_RECALL)
    ]
    np.testing.assert_allclose(values, [[1, 2 / 3, np.nan], [0.5, 1, np.nan]])


def test_weights_undo_an_enrichment() -> None:
    truth = np.array([1] * 50 + [0] * 50)
    given = np.zeros(100, dtype=int)
    weights = np.array([0.1] * 50 + [1.9] * 50)
    assert interval(ACCURACY, truth, given, np.arange(100), weights=weights).value == pytest.approx(0.95)
    with pytest.raises(ValueError, match="CountMetric"):
        interval(accuracy, truth, given, np.arange(100), weights=weights)


def test_what_does_not_fit_is_refused() -> None:
    one = np.array([1])
    with pytest.raises(ValueError, match="no rows"):
        interval(ACCURACY, one[:0], one[:0], [])
    with pytest.raises(ValueError, match="must be as many"):
        interval(ACCURACY, one, one, [1, 2])
    with pytest.raises(ValueError, match="one string"):
        interval(ACCURACY, one, one, [("outlet", "2026-11")])
    with pytest.raises(ValueError, match="2 figures"):
        interval(CLASS_F1, indicator(one, 2), indicator(one, 2), [1])


def test_a_thousand_resamples_of_two_thousand_rows_are_quick() -> None:
    truth, given = RANDOM.random((2_000, 19)) < 0.1, RANDOM.random((2_000, 19)) < 0.1
    began = time.perf_counter()
    for metric in (MACRO_F1, MICRO_F1, CLASS_F1):
        intervals(metric, truth, given, np.arange(2_000))
    paired(MACRO_F1, truth, given, truth, np.arange(2_000))
    assert time.perf_counter() - began < 5  # some 0.5 s on an idle core
