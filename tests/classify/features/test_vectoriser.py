from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.features.extract import Features
from classify.features.vectoriser import Vectoriser, fit_vectoriser

BLOCKS = {"t": 0.5, "w": 1.0, "v": 0.7}
CAPS = dict.fromkeys(BLOCKS, 100)


def row(words: str, numbers: tuple[float, ...] = (0.0, 0.0), language: str = "en") -> Features:
    return Features(language, Counter(words.split()), np.array(numbers, dtype=np.float32))


ROWS = [
    row("t:trade w:trade w:rice v:rose", (1, 0)),
    row("t:trade w:trade w:coal v:rose", (0, 0)),
    row("t:goal w:goal w:coal v:fell", (1, 0)),
    row("t:goal w:goal w:rice v:fell b:other_block w:once", (0, 0)),
]


@pytest.fixture
def vectoriser() -> Vectoriser:
    return fit_vectoriser(ROWS, BLOCKS, CAPS, {"*": 1.4}, ())


def lengths(vectoriser: Vectoriser, features: Features) -> dict[str, float]:
    """The length of each block's part of a row."""
    indices, values = vectoriser.row(features)
    words = list(vectoriser.vocabulary)
    squares = dict.fromkeys(vectoriser.blocks, 0.0)
    for at, value in zip(indices, values, strict=True):
        if at < len(words):
            squares[words[at][0]] += float(value) ** 2
    return {name: square**0.5 for name, square in squares.items()}


def test_each_block_has_the_length_asked_for(vectoriser: Vectoriser) -> None:
    for features in ROWS:
        assert lengths(vectoriser, features) == pytest.approx(BLOCKS, rel=1e-5)


def test_the_length_does_not_depend_on_how_much_there_is(vectoriser: Vectoriser) -> None:
    long = row("w:trade " * 50 + "w:rice w:coal t:trade")
    assert lengths(vectoriser, long) == pytest.approx({"t": 0.5, "w": 1.0, "v": 0.0}, rel=1e-5)


def test_words_never_seen_are_left_out(vectoriser: Vectoriser) -> None:
    known, unknown = row("w:trade"), row("w:trade w:unseen z:unseen t:unseen")
    np.testing.assert_array_equal(vectoriser.row(known)[0], vectoriser.row(unknown)[0])
    np.testing.assert_array_equal(vectoriser.row(known)[1], vectoriser.row(unknown)[1])
    assert lengths(vectoriser, row("w:unseen")) == {"t": 0, "w": 0, "v": 0}


def test_words_of_one_article_and_of_other_blocks_are_not_learned(vectoriser: Vectoriser) -> None:
    assert "w:once" not in vectoriser.vocabulary
    assert "b:other_block" not in vectoriser.vocabulary
    assert {"t:goal", "w:goal", "v:fell"} <= set(vectoriser.vocabulary)


def test_a_cap_keeps_the_commonest_by_block() -> None:
    rows = [*ROWS, row("w:coal t:trade")]
    found = fit_vectoriser(rows, BLOCKS, {"t": 1, "w": 1, "v": 0}, {"*": 1.0}, ())
    assert list(found.vocabulary) == ["t:trade", "w:coal"]


def test_a_word_is_as_rare_as_in_its_own_language() -> None:
    rows = [row("w:the w:trade")] * 8 + [row("w:และ w:ค้า", language="th"), row("w:และ", language="th")]
    found = fit_vectoriser([*rows, row("w:ค้า", language="th")], {"w": 1.0}, {"w": 9}, {"*": 1.0}, ())
    idf = {word: float(found.idf[at]) for word, at in found.vocabulary.items()}
    assert idf["w:the"] == pytest.approx(1.0)
    # In two of its language's three articles, though in two of eleven at large.
    assert idf["w:และ"] == idf["w:ค้า"] == pytest.approx(np.log(4 / 3) + 1)


def test_numbers_are_standardised_to_the_length_asked_for(vectoriser: Vectoriser) -> None:
    matrix = vectoriser.matrix(ROWS).toarray()
    numbers = matrix[:, len(vectoriser.vocabulary) :]
    np.testing.assert_allclose(numbers.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(numbers[:, 1], 0)  # one that never changes says nothing
    # Of two numbers one varies: it has its share of the length, 1.4 / sqrt(2).
    np.testing.assert_allclose(np.abs(numbers[:, 0]), 1.4 / 2**0.5, rtol=1e-5)


def test_numbers_have_the_length_of_their_kind() -> None:
    rows = [row("", (at % 2, at % 3, at % 5, at % 7)) for at in range(30)]
    names = ("praise good", "praise bad", "form digits", "mention share")
    found = fit_vectoriser(rows, BLOCKS, CAPS, {"praise": 2.0, "*": 0.5}, names)
    spread = found.matrix(rows).toarray().std(axis=0)
    np.testing.assert_allclose(spread, np.array([2.0, 2.0, 0.5, 0.5]) / 2**0.5, rtol=1e-5)
    without = fit_vectoriser(rows, BLOCKS, CAPS, {"praise": 2.0}, names)
    assert without.scale[2:].tolist() == [0, 0]  # a kind that is not named is not looked at


def test_rows_of_a_matrix_are_the_rows(vectoriser: Vectoriser) -> None:
    matrix = vectoriser.matrix(ROWS)
    assert matrix.shape == (4, vectoriser.width)
    for at, features in enumerate(ROWS):
        dense = np.zeros(vectoriser.width)
        indices, values = vectoriser.row(features)
        dense[indices] = values
        np.testing.assert_allclose(matrix[at].toarray()[0], dense)
    assert vectoriser.matrix([]).shape == (0, vectoriser.width)


def test_fitting_twice_is_the_same(vectoriser: Vectoriser) -> None:
    again = fit_vectoriser(ROWS, BLOCKS, CAPS, {"*": 1.4}, ())
    assert list(again.vocabulary) == list(vectoriser.vocabulary)
    np.testing.assert_array_equal(again.idf, vectoriser.idf)


COUNTS = st.dictionaries(
    st.sampled_from(["t:trade", "w:trade", "w:rice", "v:rose", "w:unseen", "x:y"]), st.integers(1, 10_000)
)


@given(COUNTS)
def test_any_bag_has_blocks_of_their_length_or_none(counts: dict[str, int]) -> None:
    vectoriser = fit_vectoriser(ROWS, BLOCKS, CAPS, {"*": 1.4}, ())
    features = Features("en", Counter(counts), np.zeros(2, dtype=np.float32))
    assert np.isfinite(vectoriser.row(features)[1]).all()
    for name, length in lengths(vectoriser, features).items():
        known = any(word[0] == name and word in vectoriser.vocabulary for word in counts)
        assert length == pytest.approx(BLOCKS[name] if known else 0.0, rel=1e-5)


def test_landmarks_make_near_rows_alike(vectoriser: Vectoriser) -> None:
    fitted = fit_vectoriser(ROWS, BLOCKS, CAPS, {"*": 1.4}, (), landmarks=200)
    # Four rows, but only two that differ in their numbers.
    assert fitted.mixing.shape == (4, 2)
    assert fitted.width == vectoriser.width + 2
    near = fitted.matrix(ROWS).toarray()[:, vectoriser.width :]
    numbers = np.array([(features.numbers - fitted.mean) * fitted.scale for features in ROWS])
    away = ((numbers[:, None] - numbers[None]) ** 2).sum(axis=2)
    # With every row a landmark the approximation is exact.
    np.testing.assert_allclose(near @ near.T, np.exp(-fitted.gamma * away), atol=1e-5)
    again = fit_vectoriser(ROWS, BLOCKS, CAPS, {"*": 1.4}, (), landmarks=200)
    np.testing.assert_array_equal(again.mixing, fitted.mixing)
    assert fit_vectoriser(ROWS, BLOCKS, CAPS, {"*": 1.4}, (), landmarks=2).landmarks.shape == (2, 2)
