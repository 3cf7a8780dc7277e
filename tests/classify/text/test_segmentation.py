"""The words are the library's: what is put together here for speed may not change one of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from underthesea import word_tokenize

from classify.text.segmentation import segment

SYLLABLES = (
    "Hà", "Nội", "thủ", "tướng", "Chính", "phủ", "kinh", "tế", "đối", "ngoại", "công", "bố", "ở", "và", "VIỆT", "NAM",
    "xuất", "khẩu", "gạo", "thông", "tin", "iPhone", "COVID-19", "UBND", "TP.HCM", "nghị", "quyết", "của", "được",
)  # fmt: skip
REST = ("12", "3,5%", "2147483648", "0011001932418", "57-KL/TW", "10/9/2024", ",", ".", "(", "“", "”", "...", "²", "İ")


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "   ",
        "Hà",
        "Hà Nội.",
        "Thủ tướng Chính phủ tiếp Đại sứ đặc mệnh toàn quyền tại trụ sở Chính phủ.",
        "Số tài khoản 0011001932418 nhận được 2.147.483.648 đồng, tăng 12,5% so với ngày 10/9/2024.",
        "BỘ NGOẠI GIAO: Kết luận số 57-KL/TW về “công tác thông tin đối ngoại” trong tình hình mới",
        "Xem thêm tại https://bao.example/tin-moi hoặc viết cho toasoan@bao.example...",
        "Tiê\u0301ng Viê\u0323t viê\u0301t tách dâ\u0301u; Hoà bình và hòa bình",
        "中国 và ไทย cùng iPhone 15 Pro Max",
    ],
)
def test_the_words_are_those_of_the_library(sentence: str) -> None:
    assert segment(sentence) == word_tokenize(sentence)


@given(st.lists(st.sampled_from(SYLLABLES + REST), max_size=40).map(" ".join))
def test_any_words_in_a_row_are_parted_as_by_the_library(sentence: str) -> None:
    assert segment(sentence) == word_tokenize(sentence)


def test_a_word_of_several_syllables_is_one() -> None:
    assert segment("Thủ tướng thăm Hà Nội") == ["Thủ tướng", "thăm", "Hà Nội"]
