import unicodedata

import pytest

from classify.features.spelling import SPELLING_NAMES, Spelled, spelling_numbers
from classify.text.lexicons import Lexicons
from classify.text.reading import read
from classify.types import Document


@pytest.mark.parametrize(
    ("text", "foreign", "native", "families"),
    [
        ("Haaland ghi bàn cho Manchester trước Nguyễn Văn Bình", 2, 3, 1),
        ("UBND và FIFA", 0, 0, 0),
        ("VinFast, Vietjet, Việt Nam", 0, 1, 0),
        ("Jean-Pierre gặp Lê Thị Hạnh và Trần Đình An", 1, 6, 2),
        ("ông Ấn ăn cơm", 0, 1, 0),
        ("không có tên nào", 0, 0, 0),
        ("", 0, 0, 0),
    ],
)
def test_spellings_in_a_vietnamese_text(text: str, foreign: int, native: int, families: int) -> None:
    found = Spelled(foreign, native, families)
    assert Spelled.of(text, vietnamese=True) == Spelled.of(unicodedata.normalize("NFD", text), vietnamese=True) == found


def test_elsewhere_only_the_families_tell() -> None:
    assert Spelled.of("Nguyen Van Binh met Tran Thi Hanh in Paris", vietnamese=False) == Spelled(0, 0, 2)
    assert Spelled.of("Nguyen's shop; do Do it", vietnamese=False) == Spelled(0, 0, 0)


def numbers(lexicons: Lexicons, title: str, text: str, language: str) -> dict[str, float]:
    reading = read(Document(title, text, language), language, lexicons.get(language))
    return dict(zip(SPELLING_NAMES, spelling_numbers(reading), strict=True))


def test_a_text_on_abroad_and_one_on_home(lexicons: Lexicons) -> None:
    abroad = numbers(lexicons, "Haaland nói về Guardiola", "Haaland rời Manchester.", "vi")
    home = numbers(lexicons, "Ông Nguyễn Văn Bình nói về Huế", "Ông Bình rời Huế.", "vi")
    for name in ("foreign in title", "foreign share in title", "foreign in lead", "foreign share in body"):
        assert abroad[name] > home[name] == 0
    assert (abroad["foreign title, not named"], home["foreign title, not named"]) == (1, 0)
    assert home["families in title"] == 1
    assert home["native in title"] > 0


@pytest.mark.parametrize("language", ["en", "zh", "th"])
def test_other_languages_say_nothing_of_spellings(lexicons: Lexicons, language: str) -> None:
    found = numbers(lexicons, "Haaland leaves Manchester", "Guardiola wept.", language)
    assert set(found.values()) == {0.0}
