"""No copy of a frozen text is learned from. The texts are made up."""

import pytest

from classify.learning.apart import FrozenTest
from classify.learning.corpora import Example
from classify.types import Document

TITLE = "Cảng nước sâu thứ hai của vùng mở cửa"
TEXT = (
    "Sáng nay, bến cảng nước sâu thứ hai của vùng đã đón chuyến tàu đầu tiên chở 1.200 công-ten-nơ gạo và cà phê."
    " Theo ban quản lý, cảng có thể nhận 14 chuyến mỗi tuần, gấp đôi cảng cũ, và hàng đi thẳng không phải trung chuyển."
    " Nhiều nhà xe nói đường vào cảng còn hẹp; tỉnh hẹn mở rộng đoạn 7 km cuối trước mùa thu hoạch năm 2027."
)


def frozen(*texts: tuple[str, str]) -> FrozenTest:
    return FrozenTest(
        Example(str(number), "made", "outlet", "group", Document(title, text, "vi"), held_out=number == 0)
        for number, (title, text) in enumerate(texts)
    )


@pytest.mark.parametrize(
    ("title", "text", "held"),
    [
        (TITLE, TEXT, True),
        (TITLE.upper(), TEXT.replace(". ", ".\n\n"), True),
        ("Đón chuyến tàu đầu tiên", "(Theo Báo Mẫu) " + TEXT.replace("Sáng nay", "Hôm qua"), True),
        (TITLE, "", False),
        (TITLE, "Chuyện khác hẳn: lớp học đêm của làng dệt đã có thêm ba mươi học trò mới trong tuần.", False),
        ("", "", False),
    ],
)
def test_a_text_of_the_test_is_known_again(title: str, text: str, held: bool) -> None:
    assert frozen((TITLE, TEXT)).holds(Document(title, text, "vi")) is held


def test_what_is_not_held_out_is_not_asked() -> None:
    assert not frozen(("Tin khác", "Ngắn."), (TITLE, TEXT)).holds(Document(TITLE, TEXT, "vi"))


def test_short_texts_are_known_by_their_letters() -> None:
    assert frozen(("Tin ngắn", "Đã đón khách.")).holds(Document("TIN NGẮN", "đã đón khách", "vi"))
