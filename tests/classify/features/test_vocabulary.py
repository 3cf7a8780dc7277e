from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.features.extract import Features
from classify.features.vocabulary import looked_up, share

# Each shares words with the others and has some of its own, at other places.
VOCABULARIES = (("w:trade", "w:goal", "t:rice"), ("w:sea", "w:goal"), (), ("t:rice", "w:visit", "w:sea", "w:trade"))
WORDS = sorted({word for words in VOCABULARIES for word in words} | {"w:unseen", "x:unseen"})


def features(bag: Counter[str]) -> Features:
    return Features("en", bag, np.zeros(1, np.float32))


@given(st.dictionaries(st.sampled_from(WORDS), st.integers(1, 40)))
def test_each_part_finds_what_its_own_vocabulary_would(bag: dict[str, int]) -> None:
    document = features(Counter(bag))
    for words, part in zip(VOCABULARIES, share(VOCABULARIES), strict=True):
        expected = looked_up(document.bag, {word: at for at, word in enumerate(words)})
        for one, other in zip(part.of(document), expected, strict=True):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)


def test_words_are_looked_up_once_for_all_parts() -> None:
    document = features(Counter({"w:trade": 2, "w:unseen": 1}))
    first, *others = share(VOCABULARIES)
    first.of(document)
    document.bag.clear()
    assert others[-1].of(document)[0].tolist() == [3]
    # Another table looks for itself.
    assert share(VOCABULARIES)[0].of(document)[0].tolist() == []


def test_a_document_that_is_changed_forgets(features_of_trade: Features) -> None:
    part = share(VOCABULARIES)[0]
    assert part.of(features_of_trade)[0].tolist() == [0]
    assert part.of(replace(features_of_trade, bag=Counter({"w:goal": 1})))[0].tolist() == [1]


@pytest.fixture
def features_of_trade() -> Features:
    return features(Counter({"w:trade": 1}))


def test_counts_weigh_by_their_logarithm_in_the_order_of_the_bag() -> None:
    found, weights = looked_up(Counter({"b": 1, "unseen": 9, "a": 3}), {"a": 0, "b": 1})
    assert found.tolist() == [1, 0]
    np.testing.assert_allclose(weights, [1.0, 1.0 + np.log(3.0)], rtol=1e-6)
