import numpy as np
import pytest
from tests_support.articles import TOPICS

from classify.features.numbers import names, numbers
from classify.text.lexicons import Lexicons
from classify.text.reading import read
from classify.types import Document


def named(lexicons: Lexicons, title: str, text: str, language: str = "en") -> dict[str, float]:
    reading = read(Document(title, text, language), language, lexicons.get(language))
    return dict(zip(names(TOPICS), numbers(reading, TOPICS).tolist(), strict=True))


def test_each_number_has_its_own_name() -> None:
    listed = names(TOPICS)
    assert len(set(listed)) == len(listed)
    assert listed[: len(TOPICS)] == tuple(f"lexicon {topic}" for topic in TOPICS)


def test_the_lexicons_speak_of_the_whole_and_of_the_headline(lexicons: Lexicons) -> None:
    found = named(lexicons, "Trade", "A football match.")
    assert found["lexicon economy"] > found["lexicon sport"] > 0
    assert found["title economy"] > 0
    assert found["title sport"] == 0


def test_the_form_of_a_text(lexicons: Lexicons) -> None:
    found = named(lexicons, "Why?", "He said “yes”. Then 12.")
    assert (found["form question in title"], found["form exclamation in title"]) == (1, 0)
    assert found["form quotation marks"] > 0
    assert found["form digits"] > 0
    assert found["form sentences"] == pytest.approx(np.log1p(3))


@pytest.mark.parametrize(("title", "text"), [("", ""), ("trade " * 80, "flood " * 2_000), ("1" * 500, "“" * 12_000)])
def test_numbers_are_finite_and_of_one_shape(lexicons: Lexicons, title: str, text: str) -> None:
    reading = read(Document(title, text, "en"), "en", lexicons.get("en"))
    found = numbers(reading, TOPICS)
    assert found.shape == (len(names(TOPICS)),)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
