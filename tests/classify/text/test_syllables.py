import unicodedata

import pytest

from classify.text.syllables import is_syllable

OURS = (
    "Nguyễn Trần Lê Huỳnh Quách Nghiêm Khuyên Thuở Hươu Rượu Uống Yêu Yến Giếng Gì Quýt Quần Huênh Hoang Loắt Choắt "
    "Oằn Khuấy Ngoằn Ngoèo Hoà Hòa Thuỷ Thủy Khoẻ Toán Suýt Tuyết Uyên Nguyệt Giữa Ướt Bưởi Đắk Sửu Ếch Í Ỷ"
)
FOREIGN = "Messi Harvard Boyu Fandi Iran Trump Putin Tesla Huawei Tokyo Russky Neymar Wright Fjord Zürich Москва 河内"


@pytest.mark.parametrize("word", OURS.split())
def test_vietnamese_syllables_in_either_form(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))
    assert is_syllable(word.upper())


@pytest.mark.parametrize("word", FOREIGN.split())
def test_what_no_vietnamese_word_is_spelled_like(word: str) -> None:
    assert not is_syllable(word)


def test_marks_may_be_missing_as_the_foreign_press_leaves_them_out() -> None:
    for word in ("Nguyen", "Hoang", "Duong", "Thuy", "Quyen", "Dak", "Lak", "Binh", "Phuoc"):
        assert is_syllable(word)
    assert not is_syllable("")
