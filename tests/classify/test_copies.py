"""Near copies: what newsrooms do to a text leaves it a copy, another text of the same form is none."""

import random

import pytest
from edits import EDITS, PIECE

from classify.copies import BANDS, Marks, likeness, marks, shared_words

SENTENCES = [
    "Sáng nay, Uỷ ban nhân dân tỉnh Lam Giang công bố kế hoạch xây cầu mới qua sông Trà với vốn 1.250 tỷ đồng.",
    "Cây cầu dài 840 mét, rộng 22 mét, nối hai huyện lâu nay chỉ qua lại bằng phà.",
    "Theo sở giao thông, công trình khởi công vào quý 2 và dự kiến thông xe sau 30 tháng.",
    "Người dân hai bên bờ cho biết họ mong cầu xong sớm để trẻ em đến trường không phải chờ phà mùa nước lớn.",
    "Mỗi năm bến phà chở khoảng 600.000 lượt khách, nhiều hôm phải dừng vì gió mạnh.",
    "Đại diện nhà thầu nói phần móng sẽ thi công trước mùa mưa, mặt cầu lắp vào năm sau.",
    "Tỉnh cũng mở rộng 12 km đường dẫn và di dời 45 hộ nằm trong vùng giải toả.",
    "Các hộ này được bố trí đất tái định cư cách nơi cũ chừng hai cây số, gần chợ và trạm y tế.",
    "Ngân hàng phát triển vùng cho vay một nửa số vốn, phần còn lại lấy từ ngân sách trung ương và địa phương.",
    "Lãnh đạo tỉnh yêu cầu giữ nguyên hàng cây cổ thụ bên bờ bắc và trồng thêm cây ở công viên ven sông.",
]
TEXT = " ".join(SENTENCES)
OTHER = (
    "Đội bóng chuyền nữ Hải Yến vào chung kết giải vô địch vùng sau trận thắng ba hiệp trắng trước đội chủ nhà. "
    "Huấn luyện viên khen tinh thần tập luyện của các cầu thủ trẻ, nhiều người mới lần đầu dự giải. "
    "Trận chung kết diễn ra tối thứ bảy tại nhà thi đấu thành phố, vé bán từ sáng thứ tư ở quầy và trên mạng. "
) * 2
PRICES = (
    "Giá vàng ngày {}/{}: vàng miếng mua vào {} triệu đồng, bán ra {} triệu đồng một lượng. Vàng nhẫn niêm yết ở mức "
    "{} triệu đồng chiều mua và {} triệu đồng chiều bán. Trên thị trường thế giới, giá vàng giao ngay ở mức {} USD một "
    "ounce, vàng giao sau ở mức {} USD một ounce. Theo giới phân tích, nhà đầu tư chờ số liệu lạm phát và phiên họp "
    "của ngân hàng trung ương. Tỷ giá trung tâm được công bố là {} đồng đổi một USD, các ngân hàng mua vào {} đồng."
)


def made(text: str) -> Marks:
    found = marks(text)
    assert found is not None
    return found


def copies(text: str, other: str) -> bool:
    return likeness(made(text), made(other)).copy(lambda: shared_words(text, other))


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_text_is_a_copy_and_is_found(name: str) -> None:
    words = PIECE.findall(OTHER)
    for seed in range(5):
        text = EDITS[name](TEXT, "vi", random.Random(seed), words)
        assert text != TEXT
        assert copies(TEXT, text), seed
        assert set(made(text).bands) & set(made(TEXT).bands), seed


def test_another_text_is_none() -> None:
    assert not copies(TEXT, OTHER)
    assert likeness(made(TEXT), made(OTHER)).resemblance < 0.05


def test_one_form_with_other_figures_is_no_copy() -> None:
    today = PRICES.format(9, 11, 121.5, 123.5, 119.8, 121.9, 2650, 2661, 25131, 25480)
    before = PRICES.format(2, 11, 118.2, 120.2, 116.4, 118.7, 2598, 2604, 25077, 25390)
    alike = likeness(made(today), made(before))
    assert alike.resemblance > 0.3
    assert alike.figures is not None
    assert alike.figures < 0.3
    assert not copies(today, before)


def test_half_a_text_among_new_paragraphs_is_no_copy() -> None:
    half = " ".join(SENTENCES[:4]) + " " + OTHER
    assert not copies(TEXT, half)


def test_marks_are_the_same_everywhere_and_for_years() -> None:
    # Kept in databases: a change here needs a new VERSION.
    found = made(TEXT)
    assert len(found.bands) == BANDS
    assert (found.bands[0], found.bands[-1], found.shingles) == PINNED


def test_case_form_and_marks_of_punctuation_do_not_count() -> None:
    import unicodedata

    assert made(unicodedata.normalize("NFD", TEXT)) == made(TEXT)
    assert made(TEXT.upper().replace(".", "!")).bands == made(TEXT).bands


@pytest.mark.parametrize("text", ["", "ngắn", "!" * 500, "\ud800", "a " * 40])
def test_what_is_too_short_has_no_marks(text: str) -> None:
    assert marks(text) is None


@pytest.mark.parametrize("text", ["越南河内市今天宣布修建新桥", "รัฐบาลเวียดนามประกาศสร้างสะพานใหม่ข้ามแม่น้ำ"])
def test_unspaced_scripts_have_marks_too(text: str) -> None:
    long = "".join(f"{text}第{number}段" for number in range(20))
    assert made(long).shingles > 20
    assert copies(long, long[: len(long) * 3 // 5])


PINNED = (50920722431873, 42650527052806, 207)
