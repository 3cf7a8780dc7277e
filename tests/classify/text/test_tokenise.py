import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.text.tokenise import TOKENISERS, sentence_spans, tokens


def test_vietnamese_compounds_are_one_token() -> None:
    assert "thủ_tướng" in tokens("Thủ tướng thăm Hà Nội.", "vi")


def test_both_places_of_a_tone_mark_give_one_token() -> None:
    assert tokens("Hoà bình cho mọi người", "vi") == tokens("Hòa bình cho mọi người", "vi")
    assert "hòa_bình" in tokens("Hoà bình cho mọi người", "vi")


def test_languages_without_spaces_give_pairs_of_characters() -> None:
    assert tokens("越南国家 GDP", "zh") == ["越南", "南国", "国家", "gdp"]


def test_other_languages_give_words() -> None:
    assert tokens("Vietnam's GDP-growth: 8%", "en") == ["vietnam's", "gdp-growth", "8"]


def test_sentences_cover_the_text() -> None:
    text = "One. Two?\nThree 3.5 percent! 四。五"
    assert [text[start:end].strip() for start, end in sentence_spans(text)] == [
        "One.", "Two?", "Three 3.5 percent!", "四。", "五",
    ]  # fmt: skip


@pytest.mark.parametrize("language", [*TOKENISERS, "en", "und"])
@given(text=st.text(st.characters(), max_size=120))
def test_any_text_tokenises(language: str, text: str) -> None:
    assert all(token and " " not in token for token in tokens(text, language))


def test_closing_quotation_marks_end_their_sentence_and_runs_of_marks_cost_nothing() -> None:
    text = "“Why?” She left... Then…\nEnd"
    assert [text[start:end].strip() for start, end in sentence_spans(text)] == ["“Why?”", "She left...", "Then…", "End"]
    assert list(sentence_spans("." * 100_000)) == [(0, 100_000)]  # took minutes when each mark began a search
