import pytest

from crawler.extraction.agencies import agency_of
from crawler.extraction.bylines import bylines


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("HANOI, Nov. 3 (Xinhua) -- Two sides met.", "Xinhua"),
        ("Hà Nội (TTXVN) - Hai bên đã gặp nhau.", "TTXVN"),
        ("Hai bên đã gặp nhau.\nTheo TTXVN", "TTXVN"),
        ("МОСКВА, 3 ноября (ТАСС). Стороны встретились.", "TASS"),
        ("【共同通信】両国が会談した。", "Kyodo"),
        ("(서울=연합뉴스) 양측이 만났다.", "Yonhap"),
        ("Ông trả lời phỏng vấn của Reuters về việc này.", None),
        ("Giá AP tăng.", None),
        ("", None),
    ],
)
def test_how_agencies_sign(text: str, agency: str | None) -> None:
    assert agency_of(text) == agency


def test_bylines_name_agencies_too() -> None:
    assert agency_of("", ["Lan Anh (TTXVN/Báo Mẫu)"]) == "TTXVN"
    assert agency_of("", ["By Reuters Staff"]) == "Reuters"
    assert agency_of("", ["Lan Anh"]) is None


def test_authors_are_names() -> None:
    stated = ["By Lan Anh", "Admin", "https://a.example/lan", "Báo Mẫu", "lan anh", "PV", "x" * 200, "Minh Châu"]
    assert bylines(stated, ["Báo Mẫu"]) == ("Lan Anh", "Minh Châu")
