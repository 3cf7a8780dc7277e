import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.words import exact_words, fold_word, folded_words, matches, query_phrases


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Thông tin ĐỐI NGOẠI", ["thong", "tin", "doi", "ngoai"]),
        ("ế ộ ữ ặ Ẫ", ["e", "o", "u", "a", "a"]),
        ("Łódź, Straße; Æsir", ["lodz", "strasse", "aesir"]),
        ("G20, COVID-19 & 5.6%", ["g20", "covid", "19", "5", "6"]),
        ("snake_case", ["snake", "case"]),
        ("越南 Vietnam", ["越", "南", "vietnam"]),
        ("ベトナム", ["ヘ", "ト", "ナ", "ム"]),
        ("Việt越Nam", ["viet", "越", "nam"]),
        ("한국 베트남", [unicodedata.normalize("NFD", word) for word in ("한국", "베트남")]),
        ("!?… 😀 —", []),
        ("", []),
    ],
)
def test_folding(text: str, words: list[str]) -> None:
    assert folded_words(text) == words


def test_exact_words_keep_their_marks_in_one_form() -> None:
    text = "Đối ngoại ế"
    assert exact_words(unicodedata.normalize("NFD", text)) == exact_words(text.upper()) == ["đối", "ngoại", "ế"]


@given(st.text(max_size=60))
def test_folding_is_final(text: str) -> None:
    folded = folded_words(text)
    assert folded_words(" ".join(folded)) == folded
    assert all(word and " " not in word and '"' not in word and "'" not in word for word in folded)


@given(st.text(max_size=60))
def test_folding_forgets_form_and_marks(text: str) -> None:
    assert folded_words(unicodedata.normalize("NFD", text)) == folded_words(unicodedata.normalize("NFC", text))
    assert all(fold_word(fold_word(word)) == fold_word(word) for word in exact_words(text))


@pytest.mark.parametrize(
    ("query", "phrases"),
    [
        ("đối ngoại", [["đối"], ["ngoại"]]),
        ('"đối ngoại" Hà Nội', [["đối", "ngoại"], ["hà"], ["nội"]]),
        ("越南外交", [["越", "南", "外", "交"]]),
        ("COVID-19", [["covid", "19"]]),
        ('"', []),
        ('""', []),
        ('"mở', [["mở"]]),
        ("\u0e31 \u0301", []),
    ],
)
def test_a_query_as_phrases(query: str, phrases: list[list[str]]) -> None:
    assert query_phrases(query) == phrases


def test_matching_without_a_database() -> None:
    folded = " ".join(folded_words("Hội nghị công tác thông tin đối ngoại 越南外交部"))
    for query in ("thong tin doi ngoai", '"đối ngoại"', "外交", "nghi hoi"):
        assert matches(query, folded), query
    for query in ('"ngoai doi"', "doi ngoai the thao", "oi", "交外", "", "!!!", '"'):
        assert not matches(query, folded), query
