import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.features.bag import BLOCKS, PAIR_CHARS, around, bag


def test_a_word_of_the_headline_counts_in_both_blocks() -> None:
    found = bag("Trade grows", "Trade fell.", "en")
    assert (found["t:trade"], found["w:trade"], found["w:fell"]) == (1, 3, 1)
    assert "t:fell" not in found


def test_pairs_are_within_the_headline_and_within_the_text() -> None:
    found = bag("Trade grows", "Rice falls", "en")
    assert (found["b:trade_grows"], found["b:rice_falls"]) == (2, 1)
    assert "b:grows_rice" not in found


def test_unspaced_languages_have_three_characters_in_a_row() -> None:
    assert bag("", "越南国家", "zh")["b:越南国"] == 1


def test_vietnamese_words_are_compounds_and_pairs_are_of_syllables() -> None:
    found = bag("", "Thủ tướng thăm Hà Nội.", "vi")
    assert found["w:thủ_tướng"] == 1
    assert found["b:thủ_tướng"] == found["b:tướng_thăm"] == 1


def test_sentences_about_the_subject_have_blocks_of_their_own() -> None:
    assert dict(bag("", "", "en", ["xsubjectx was praised"])) == {
        "v:xsubjectx": 1, "v:was": 1, "v:praised": 1, "x:xsubjectx_was": 1, "x:was_praised": 1,
    }  # fmt: skip
    assert set(around("越南成功", "zh")) == {"v:越南", "v:南成", "v:成功", "x:越南_南成", "x:南成_成功"}


def test_pairs_far_into_the_text_are_not_counted() -> None:
    text = "word " * (PAIR_CHARS // 5) + "trade deal"
    found = bag("", text, "en")
    assert found["w:deal"] == 1
    assert "b:trade_deal" not in found


def test_decomposed_text_has_the_same_words() -> None:
    text = "Đội bóng đá Việt Nam thắng trận"
    assert bag(text, text, "vi") == bag(unicodedata.normalize("NFD", text), unicodedata.normalize("NFD", text), "vi")


@pytest.mark.parametrize("language", ["vi", "en", "zh", "und"])
@given(title=st.text(st.characters(), max_size=40), text=st.text(st.characters(), max_size=120))
def test_any_text_has_words_without_spaces_in_known_blocks(language: str, title: str, text: str) -> None:
    # Words are written one after another with a space between them: none may hold one (classify/linear.py).
    for word, count in bag(title, text, language, [text]).items():
        assert word.startswith(BLOCKS)
        assert count > 0
        assert len(word) > 2
        assert word.split() == [word]
        word.encode("utf-8")
