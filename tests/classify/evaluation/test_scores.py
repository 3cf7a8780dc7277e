import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from classify.evaluation.scores import (
    ACCURACY,
    CLASS_F1,
    MACRO_F1,
    MICRO_F1,
    confusion,
    count,
    indicator,
    selective,
    selective_precision,
    threshold_at,
    threshold_for,
)

RANDOM = np.random.default_rng(5)


def test_scores_of_several_labels_are_those_of_scikit_learn() -> None:
    truth, answers = RANDOM.random((300, 7)) < 0.3, RANDOM.random((300, 7)) < 0.4
    found = count(truth, answers)
    precision, recall, f1, actual = metrics.precision_recall_fscore_support(truth, answers, zero_division=0)
    for mine, theirs in ((found.precision, precision), (found.recall, recall), (found.f1, f1), (found.actual, actual)):
        np.testing.assert_allclose(mine, theirs)
    for average, mine in (("macro", found.macro_f1), ("micro", found.micro_f1)):
        assert mine == pytest.approx(metrics.f1_score(truth, answers, average=average))
    assert found.micro_precision == pytest.approx(metrics.precision_score(truth, answers, average="micro"))
    assert found.micro_recall == pytest.approx(metrics.recall_score(truth, answers, average="micro"))
    assert found.macro_precision == pytest.approx(metrics.precision_score(truth, answers, average="macro"))


def test_scores_of_single_labels_are_those_of_scikit_learn() -> None:
    truth, answers = RANDOM.integers(0, 4, 200), RANDOM.integers(0, 4, 200)
    weights = RANDOM.random(200)
    found = count(indicator(truth, 4), indicator(answers, 4), weights)
    assert found.macro_f1 == pytest.approx(metrics.f1_score(truth, answers, average="macro", sample_weight=weights))
    assert found.micro_f1 == pytest.approx(metrics.accuracy_score(truth, answers, sample_weight=weights))
    np.testing.assert_allclose(confusion(truth, answers, 4)[:, :4], metrics.confusion_matrix(truth, answers))


def test_an_absent_class_is_left_out_and_a_class_never_given_counts_nothing_right() -> None:
    found = count(indicator(np.array([0, 0, 1]), 4), indicator(np.array([0, 3, 0]), 4))
    np.testing.assert_allclose(found.f1, [0.5, 0, np.nan, np.nan])
    assert found.macro_f1 == 0.25
    np.testing.assert_allclose(found.precision, [0.5, 0, 0, 0])


def test_an_abstention_is_missed_and_has_a_column_of_its_own() -> None:
    truth, answers = np.array([0, 1, 1]), np.array([0, -1, 1])
    assert count(indicator(truth, 2), indicator(answers, 2)).micro_recall == pytest.approx(2 / 3)
    assert confusion(truth, answers, 2).tolist() == [[1, 0, 0], [0, 1, 1]]
    assert ACCURACY(truth, answers) == pytest.approx(2 / 3)


def test_the_metrics_of_sums_are_the_scores() -> None:
    truth, answers = RANDOM.random((50, 3)) < 0.5, RANDOM.random((50, 3)) < 0.5
    found = count(truth, answers)
    assert MACRO_F1(truth, answers) == pytest.approx(found.macro_f1)
    assert MICRO_F1(truth, answers) == pytest.approx(found.micro_f1)
    np.testing.assert_allclose(CLASS_F1(truth, answers), found.f1)


def test_no_answer_and_no_row_are_no_error() -> None:
    empty = np.zeros((0, 3), dtype=bool)
    assert np.isnan(count(empty, empty).macro_f1)
    nothing = count(np.ones((2, 3), dtype=bool), np.zeros((2, 3), dtype=bool))
    assert (nothing.macro_f1, nothing.micro_precision) == (0, 0)


def test_codes_and_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="valid is -1 to 1"):
        indicator(np.array([2]), 2)
    with pytest.raises(ValueError, match="rows, classes"):
        count(np.zeros((2, 3), dtype=bool), np.zeros((2, 2), dtype=bool))


CONFIDENCE = np.array([0.9, 0.8, 0.8, 0.6, 0.3])
RIGHT = np.array([True, True, False, True, False])


def test_a_selective_classifier_says_what_it_keeps() -> None:
    found = selective(CONFIDENCE, RIGHT, 0.8)
    assert (found.coverage, found.precision) == (0.6, pytest.approx(2 / 3))
    assert np.isnan(selective(CONFIDENCE, RIGHT, 1.1).precision)
    assert selective(CONFIDENCE, RIGHT, 0.8, np.array([2, 1, 1, 1, 1])).coverage == pytest.approx(4 / 6)
    assert selective_precision(0.8)(RIGHT, CONFIDENCE) == pytest.approx(2 / 3)


def test_thresholds_are_found_and_ties_stay_together() -> None:
    assert threshold_for(CONFIDENCE, RIGHT, 0.75) == 0.6
    assert threshold_for(CONFIDENCE, RIGHT, 1.0) == 0.9
    assert threshold_for(CONFIDENCE, ~RIGHT, 0.9) == float("inf")
    assert threshold_at(CONFIDENCE, 0.5) == 0.8


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.booleans()), min_size=1), st.floats(0.05, 1))
def test_a_threshold_keeps_its_word(rows: list[tuple[float, bool]], wanted: float) -> None:
    confidence, right = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    assert selective(confidence, right, threshold_at(confidence, wanted)).coverage >= wanted - 1e-9
    found = threshold_for(confidence, right, wanted)
    assert found == float("inf") or selective(confidence, right, found).precision >= wanted
