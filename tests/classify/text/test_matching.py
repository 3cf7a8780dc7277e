import unicodedata

from classify.text.folding import fold
from classify.text.matching import build


def found(terms: dict[str, list[str]], language: str, text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(text[hit.start : hit.end], hit.tags) for hit in build(terms, language).find(fold(text))]


def test_whole_words_and_prefixes() -> None:
    terms = {"a": ["trade", "negotiat*"], "b": ["trade deal"]}
    assert found(terms, "en", "Trade deals, negotiations, TRADE deal; traded") == [
        ("Trade", ("a",)), ("negotiations", ("a",)), ("TRADE deal", ("b",)), ("TRADE", ("a",)),
    ]  # fmt: skip


def test_one_term_may_carry_several_tags() -> None:
    assert found({"a": ["asean"], "b": ["ASEAN"]}, "en", "Asean") == [("Asean", ("a", "b"))]


def test_the_longest_term_of_a_tag_wins() -> None:
    assert found({"a": ["war", "war in vietnam"]}, "en", "war in Vietnam") == [("war in Vietnam", ("a",))]


def test_words_of_a_term_must_stand_together() -> None:
    assert found({"a": ["trade deal"]}, "en", "trade ... a deal; trade   \n  deal") == []


def test_decomposed_text_is_found_where_it_stands() -> None:
    text = unicodedata.normalize("NFD", "Thủ đô Hà Nội đón khách")
    assert [unicodedata.normalize("NFC", word) for word, _ in found({"a": ["hà nội"]}, "vi", text)] == ["Hà Nội"]


def test_substrings_where_words_are_not_spaced() -> None:
    terms = {"a": ["越南", "越南国家主席"], "b": ["apec"]}
    assert found(terms, "zh", "访问越南国家主席 APEC峰会 xapecx") == [("越南国家主席", ("a",)), ("APEC", ("b",))]


def test_thai_terms_are_found_inside_a_run() -> None:
    assert found({"a": ["เวียดนาม"]}, "th", "นายกเวียดนามเยือนไทย") == [("เวียดนาม", ("a",))]
