from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests_support.articles import TOPICS

from classify.features.extract import Features
from classify.learning.fitting import FEWEST, USUAL_CUT, Fitted, fit
from classify.learning.recipes import Recipe, recipes

MANY = replace(recipes(TOPICS)["topics"], classes=("rice", "goal"), blocks={"w": 1.0}, numbers={"*": 1.0})
ONE = replace(recipes(TOPICS)["valence"], classes=("good", "bad"), blocks={"w": 1.0}, numbers={"*": 1.0})


def row(words: str, number: float = 0.0) -> Features:
    return Features("en", Counter(f"w:{word}" for word in words.split()), np.array([number], dtype=np.float32))


def table(rows: int = 60) -> tuple[list[Features], NDArray[np.float64], list[str]]:
    """Rows of two classes, told by one word each beside words that say nothing; two rows a group."""
    random = np.random.default_rng(3)
    features, answers = [], np.zeros((rows, 2))
    for at in range(rows):
        side = at % 2
        noise = " ".join(f"n{random.integers(12)}" for _ in range(4))
        features.append(row(f"{('rice', 'goal')[side]} {noise}", float(at % 3)))
        answers[at, side] = 1
    return features, answers, [f"g{at // 2}" for at in range(rows)]


@pytest.mark.parametrize("recipe", [MANY, ONE], ids=["many", "one"])
def test_the_telling_word_is_learned(recipe: Recipe) -> None:
    model = fit(recipe, *table()).model
    found = model.probabilities([row("rice n1"), row("goal n1")])
    assert found[0, 0] > 0.8 > 0.2 > found[0, 1]
    assert found[1, 1] > 0.8 > 0.2 > found[1, 0]
    assert model.reasons(row("rice n1"), recipe.classes[0], 1)[0][0] == "w:rice"


@pytest.mark.parametrize("recipe", [MANY, ONE], ids=["many", "one"])
def test_learning_twice_is_the_same_to_the_bit(recipe: Recipe) -> None:
    one, two = fit(recipe, *table()), fit(recipe, *table())
    for name in ("weights", "bias", "cuts"):
        np.testing.assert_array_equal(getattr(one.model, name), getattr(two.model, name))
    np.testing.assert_array_equal(one.left_out, two.left_out)


def test_rows_of_a_group_are_left_out_together() -> None:
    """Words that only one group has must not help to score that group, however many rows it has."""
    features, answers, groups = table()
    for at in range(20):  # their telling words gone: all that tells them is a word of the group's own
        features[at] = row(f"secret{at % 2} n{at // 2 % 5}")
        answers[at] = (1 - at % 2, at % 2)
    together = fit(MANY, features, answers, ["one"] * 20 + groups[20:]).left_out[:20]
    apart = fit(MANY, features, answers, [f"own{at}" for at in range(20)] + groups[20:]).left_out[:20]
    assert told(apart) > 0.5
    assert abs(told(together)) < 0.01


def told(found: NDArray[np.float64]) -> float:
    """By how much rows of the first kind, every other one, are scored above the rest."""
    return float(found[::2, 0].mean() - found[1::2, 0].mean())


def test_the_answer_of_a_group_does_not_move_its_own_left_out_scores() -> None:
    """Turned-round answers in one group change the other rows' scores, and its own only through the calibration."""
    features, answers, groups = table()
    turned = answers.copy()
    turned[:2] = answers[:2][:, ::-1]
    plain, moved = fit(ONE, features, answers, groups).left_out, fit(ONE, features, turned, groups).left_out
    assert (plain[:2].argmax(axis=1) == moved[:2].argmax(axis=1)).all()
    assert moved[0, 0] > 0.5  # still "good" by all the others, though its own label now says "bad"


def test_probabilities_of_rows_left_out_are_calibrated() -> None:
    features, answers, groups = table(200)
    random = np.random.default_rng(4)
    wrong = random.random(200) < 0.2
    answers[wrong] = answers[wrong][:, ::-1]
    found = fit(ONE, features, answers, groups).left_out
    sure = found.max(axis=1)
    right = found.argmax(axis=1) == answers.argmax(axis=1)
    assert abs(sure.mean() - right.mean()) < 0.05
    assert found.sum(axis=1) == pytest.approx(np.ones(200))


def test_a_class_with_few_rows_has_the_usual_cut() -> None:
    features, answers, groups = table()
    answers[:, 1] = 0
    answers[: FEWEST - 1 : 2, 1] = 1
    model = fit(MANY, features, answers, groups).model
    assert model.cuts[1] == pytest.approx(USUAL_CUT)


def test_a_class_without_rows_is_never_likely() -> None:
    features, answers, groups = table()
    three = np.column_stack([answers, np.zeros(len(answers))])
    for recipe in (MANY, ONE):
        model = fit(replace(recipe, classes=("a", "b", "c")), features, three, groups).model
        found = model.probabilities(features)
        assert np.isfinite(found).all()
        assert found[:, 2].max() < 0.1


@pytest.mark.parametrize("recipe", [MANY, ONE], ids=["many", "one"])
def test_what_nobody_read_teaches_no_calibration_and_no_cuts(recipe: Recipe) -> None:
    features, answers, groups = table()
    read = np.arange(len(features)) < 40
    kept = fit(recipe, features, answers, groups, read=read)
    turned = np.where(read[:, None], answers, answers[:, ::-1])
    # The same rows, the unread ones told the other way: were they calibrated on, the right answers would look unsure.
    misled = fit(recipe, features, turned, groups, read=read)
    believed = fit(recipe, features, turned, groups)

    def sure(fitted: Fitted) -> float:
        return float((fitted.left_out[:40] * answers[:40]).sum(axis=1).mean())

    assert sure(kept) > sure(misled) > sure(believed)
