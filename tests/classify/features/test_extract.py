import numpy as np
import pytest
from tests_support.articles import TOPICS

from classify.features.extract import BAG_CHARS, extract
from classify.features.numbers import names
from classify.text.lexicons import Lexicons
from classify.text.reading import MAX_TEXT
from classify.types import Document


def test_one_reading_serves_words_and_numbers(lexicons: Lexicons) -> None:
    reading, features = extract(Document("Vietnam trade", "Trade grew.", "en"), "en", lexicons.get("en"), TOPICS)
    assert reading.language == features.language == "en"
    assert {place.hit.term for place in reading.places} == {"vietnam*", "trade"}
    assert features.bag["w:trade"] == 3
    assert features.bag["v:xsubjectx"] == 1
    assert features.numbers.shape == (len(names(TOPICS)),)


def test_without_a_lexicon_there_are_words_all_the_same() -> None:
    reading, features = extract(Document("Trade", "", "xx"), "xx", None, TOPICS)
    assert reading.places == ()
    assert features.bag["t:trade"] == 1


def test_what_lies_far_into_a_text_is_not_read(lexicons: Lexicons) -> None:
    text = "word " * (MAX_TEXT // 5)
    short = extract(Document("", text, "en"), "en", lexicons.get("en"), TOPICS)[1]
    long = extract(Document("", text + "trade flood", "en"), "en", lexicons.get("en"), TOPICS)[1]
    assert (short.numbers == long.numbers).all()
    assert short.bag == long.bag
    assert short.bag["w:word"] == BAG_CHARS // 5


@pytest.mark.parametrize("text", ["", " \n", "\ud800\udfff", "\x00", "🎉", "שלום ויטנאם", "ꦗꦮ", "ቬትናም"])
def test_any_text_has_finite_features(lexicons: Lexicons, text: str) -> None:
    features = extract(Document(text, text), "und", lexicons.get("und"), TOPICS)[1]
    assert np.isfinite(features.numbers).all()
