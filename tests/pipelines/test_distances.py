from random import Random

import pytest

from pipelines.distances import gap, points, spread, what_moved


def test_like_is_near_and_unlike_is_far() -> None:
    assert spread(["a", "b"] * 300, ["b", "a"] * 500) == 0.0
    assert spread(["a"] * 300, ["b"] * 500) == pytest.approx(1.0, abs=0.01)
    assert spread(["vi"] * 300, ["vi"] * 900) == 0.0
    assert gap([0.2, 0.4] * 50, [0.2, 0.4] * 80) == 0.0
    assert gap([0.1] * 50, [0.9] * 50) == 1.0
    assert points([1.0, 0.0] * 100, [0.0] * 100) == 0.5


def test_shares_that_differ_by_rounding_alone_have_a_distance() -> None:
    for size in range(1, 60):
        names = [f"k{n}" for n in range(size)]
        assert spread(names * 7, names * 11) == 0.0


def test_the_distance_is_the_known_one() -> None:
    """Of 20% against 50%, counted by hand: the divergence is 0.0726 bits."""
    some, others = ["a"] * 20_000 + ["b"] * 80_000, ["a"] * 50_000 + ["b"] * 50_000
    assert spread(some, others) == pytest.approx(0.0726**0.5, abs=0.002)


def test_chance_alone_is_taken_off() -> None:
    """Forty countries, 200 articles: draws from one source are 0.2 apart by the plain formula, and near 0 by ours."""
    random = Random(7)
    countries = [f"c{n}" for n in range(40)]
    found = [spread(random.choices(countries, k=200), random.choices(countries, k=500)) for _ in range(100)]
    assert sum(value > 0.2 for value in found) <= 1
    assert sum(found) / len(found) < 0.1


def test_rare_values_count_together() -> None:
    """A thousand outlets with one article each are one value, not a thousand differences."""
    some = ["vi"] * 950 + [f"x{n}" for n in range(50)]
    others = ["vi"] * 950 + [f"y{n}" for n in range(50)]
    assert spread(some, others) == 0.0


def test_what_moved_is_told() -> None:
    assert what_moved(spread, ["vi"] * 80 + ["km"] * 20, ["vi"] * 98 + ["km"] * 2) == "km 2% -> 20%"
    assert what_moved(points, [1.0] * 12 + [0.0] * 88, [1.0] * 3 + [0.0] * 97) == "3% -> 12%"
    assert what_moved(gap, [0.25] * 10, [0.5] * 10) == "mean 0.50 -> 0.25"
