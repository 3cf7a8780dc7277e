import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.evaluation.agreement import alpha, alpha_interval, jaccard, masi, raw

# The examples of Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), a line a reader, "*" missing.
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbcccedd d".replace(" ", ""))
FOUR = (
    "123321412***",
    "12332241 25*3".replace(" ", ""),
    "*33323422 51*".replace(" ", ""),
    "123324412 51*".replace(" ", ""),
)


def units(readers: Sequence[str]) -> list[list[str | None]]:
    return [[None if value == "*" else value for value in unit] for unit in zip(*readers, strict=True)]


@pytest.mark.parametrize(("readers", "published"), [(BINARY, 0.095), (NOMINAL, 0.692), (FOUR, 0.743)])
def test_the_published_nominal_examples(readers: Sequence[str], published: float) -> None:
    assert alpha(units(readers)) == pytest.approx(published, abs=0.0005)


def test_the_published_interval_example_with_a_distance_of_its_own() -> None:
    assert alpha(units(FOUR), lambda a, b: (int(a) - int(b)) ** 2) == pytest.approx(0.849, abs=0.0005)


def test_perfect_agreement_is_one_and_a_lone_value_shows_nothing() -> None:
    assert alpha([("a", "a"), ("b", "b", "b")]) == 1
    assert math.isnan(alpha([("a", "a"), ("a", "a")]))
    assert math.isnan(alpha([("a", None), ("b",)]))
    assert math.isnan(alpha([]))


def test_systematic_disagreement_is_below_zero() -> None:
    assert alpha([("a", "b"), ("b", "a"), ("a", "b")]) < 0


def test_a_unit_read_once_changes_nothing() -> None:
    both = [("a", "a"), ("b", "b"), ("a", "b")]
    assert alpha([*both, ("c", None)]) == alpha(both)


def test_masi_lessens_overlap_by_how_the_sets_lie() -> None:
    one, two, four = frozenset("a"), frozenset("ab"), frozenset("abcd")
    assert masi(two, four) == pytest.approx(1 - 0.5 * 2 / 3)  # the example of Passonneau (2006): 0.665 with 0.67
    assert masi(two, frozenset("bc")) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert (masi(one, frozenset("b")), masi(one, one), jaccard(one, two)) == (1, 0, 0.5)


def test_near_sets_agree_better_than_nominal_says() -> None:
    read = [(frozenset(a), frozenset(b)) for a, b in [("ab", "a"), ("c", "c"), ("bd", "b"), ("e", "e"), ("d", "d")]]
    assert alpha(read) < alpha(read, masi) < alpha(read, jaccard) < 1


def test_raw_agreement_counts_pairs() -> None:
    assert raw([("a", "a"), ("a", "b")]) == 0.5
    assert raw([("a", "a", "b")]) == pytest.approx(1 / 3)


VALUES = st.sampled_from(["a", "b", "c", None])


@given(st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=12), st.permutations(range(3)))
def test_the_order_of_readers_and_units_makes_no_difference(
    rows: list[tuple[str | None, ...]], order: list[int]
) -> None:
    changed = [[row[at] for at in order] for row in reversed(rows)]
    assert alpha(changed) == pytest.approx(alpha(rows), nan_ok=True)
    assert math.isnan(alpha(rows)) or alpha(rows) <= 1


@given(
    st.lists(
        st.lists(st.frozensets(st.sampled_from("abc"), min_size=1), min_size=2, max_size=3), min_size=1, max_size=8
    )
)
def test_alpha_is_the_mean_distance_within_over_the_mean_distance_of_all(read: list[list[frozenset[str]]]) -> None:
    """Against the formula written out, pair by pair."""
    values = [value for unit in read for value in unit]
    pairs = [(masi(a, b), 1 / (len(unit) - 1)) for unit in read
             for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j]  # fmt: skip
    observed = sum(distance * weight for distance, weight in pairs) / len(values)
    expected = sum(masi(a, b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j)
    expected /= len(values) * (len(values) - 1)
    written = 1 - observed / expected if expected else math.nan
    assert alpha(read, masi) == pytest.approx(written, nan_ok=True)


def test_the_interval_holds_the_figure_and_knows_its_groups() -> None:
    read = units(NOMINAL) * 5
    found = alpha_interval(read, [at % 20 for at in range(len(read))])
    assert found.low < found.value < found.high
    assert found.value == pytest.approx(alpha(read))
    assert found.groups == 20
