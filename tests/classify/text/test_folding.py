import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.text.folding import fold, fold_term


def test_case_and_form_fold_away() -> None:
    nfd = unicodedata.normalize("NFD", "VIỆT NAM")
    assert fold(nfd).text == fold("Việt Nam").text == "việt nam"


@pytest.mark.parametrize(("newer", "older"), [("Hoà bình", "Hòa bình"), ("thuỷ", "thủy"), ("khoẻ", "khỏe")])
def test_both_places_of_a_tone_mark_are_one(newer: str, older: str) -> None:
    assert fold_term(newer) == fold_term(older)


@pytest.mark.parametrize("word", ["toán", "quý", "hoàng", "thuyền"])
def test_closed_syllables_and_qu_keep_their_mark(word: str) -> None:
    assert fold_term(word) == word


@pytest.mark.parametrize(
    "text", ["straße", "ﬁn İstanbul", unicodedata.normalize("NFD", "Hà Nội và Huế"), "각", "\ud800x"]
)
def test_spans_point_at_the_original(text: str) -> None:
    folded = fold(text)
    assert folded.span(0, len(folded.text)) == (0, len(text))


@given(st.text(st.characters(), max_size=60))
def test_any_text_folds_with_places_in_order(text: str) -> None:
    folded = fold(text)
    spans = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
