"""Hints learned from pages written here: an outlet's template, its boxes, and a page on which the engine errs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.extraction.extract import extract
from crawler.extraction.hints import Hints
from crawler.extraction.learning import learn

PLACES = ("bến cảng", "chợ huyện", "trường làng", "nhà máy", "vườn quốc gia", "thư viện", "sân vận động", "bảo tàng")
DONE = ("mở rộng", "sửa chữa", "dời về phía nam", "đóng cửa ba tháng", "khánh thành", "nâng cấp", "chia đôi", "sơn lại")
FOLLOW = "Mời bạn đọc theo dõi Báo Mẫu trên các nền tảng số để cập nhật những tin tức mới nhất trong ngày."
POPULAR = "Đang được quan tâm"
QUOTED = f':contains("{POPULAR}")'
PAGE = """<html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head><body><p>Trang chủ</p>
<div class="bai-viet"><h1>{title}</h1><div class="noi-dung css-{n}x">{body}</div></div>
<div class="chan">Báo Mẫu</div></body></html>"""


def paragraphs(n: int) -> list[str]:
    place = PLACES[n % len(PLACES)]
    return [
        f"Hôm qua, {place} ở vùng {n} được {DONE[(n + at) % len(DONE)]} theo kế hoạch số {n * 31 + at * 7} đã báo,"
        f" và người dân ở đó đã bàn về việc này trong {at + n + 2} cuộc họp kéo dài tới tối muộn."
        for at in range(5)
    ]


def page(n: int, inside: str = "", body: str = "") -> tuple[bytes, str]:
    texts = [f"<p>{text}</p>" for text in paragraphs(n)]
    body = body or "".join(texts[:3]) + inside.format(n=n) + "".join(texts[3:])
    title = f"Chuyện thứ {n} về {PLACES[n % len(PLACES)]}"
    return PAGE.format(title=title, body=body, n=n).encode(), f"http://bao-mau.example/{n}"


def read(given: tuple[bytes, str], hints: Hints | None = None) -> list[str]:
    return extract(*given, hints=hints).body.split("\n")


def test_the_smallest_container_with_a_lasting_name() -> None:
    found = learn([page(n) for n in range(6)])
    assert found.hints == Hints("div.noi-dung")
    assert (found.pages, found.fitting, found.covered) == (6, 6, 1.0)
    assert found.beside < 0.01
    assert found.before == found.after > 3000


# What is all link the engine leaves out; with a word beside it, it takes it for text.
LINKS = "<p>(Nghe bản tin <a href='/{n}'>Chợ đêm số {n} mở lại sau ba tháng sửa chữa</a> lúc nào cũng được.)</p>"
READ = "<p><a href='/{n}'>Chợ đêm số {n} mở lại sau ba tháng sửa chữa lớn ở nội thành</a> – {n} lượt xem trong ngày</p>"


@pytest.mark.parametrize(
    ("box", "selectors"),
    [
        (f"<div class='moi'><p>{FOLLOW}</p><p>Số {{n}}</p></div>", ["div.moi"]),
        (f"<p>{FOLLOW}</p>", [f'p:contains("{FOLLOW[:56]}")']),
        (f"<p class='x{{n}}'><b>{POPULAR}</b> <a href='/{{n}}'>Chuyện thứ {{n}} khác</a></p>", [f"p{QUOTED}"]),
        (f"<div class='goi-y'>{LINKS}</div>", ["div.goi-y"]),
        (f"<h3>{POPULAR}</h3><div>{READ}</div>", [f"h3{QUOTED} + div", f"h3{QUOTED}"]),
    ],
)
def test_what_repeats_in_the_text_is_left_out(box: str, selectors: list[str]) -> None:
    pages = [page(n, box) for n in range(7)]
    found = learn(pages[:6])
    assert found.hints == Hints("div.noi-dung", tuple(selectors))
    assert found.removals[0].pages == 6
    assert found.after < found.before
    assert read(pages[6]) != paragraphs(6), "the engine alone takes the box for text"
    assert read(pages[6], found.hints) == paragraphs(6)


def test_text_of_its_own_is_never_left_out() -> None:
    """A named box that holds words of the article itself, and a name that paragraphs and a box share."""
    tale = "Ở vùng {0}, {1} còn có {2} thêm {0} lần vì lý do riêng của vùng ấy, như nhiều hộ dân ở {1} đã kể lại."
    boxes = [f"<div class='khung'><p>{FOLLOW}</p><p>{tale.format(n, PLACES[n], DONE[n])}</p></div>" for n in range(6)]
    found = learn([page(n, box) for n, box in enumerate(boxes)])
    assert found.hints.remove == (f'p:contains("{FOLLOW[:56]}")',)
    own = "".join(f"<p class='doan'>{text}</p>" for text in paragraphs(9))
    shared = learn([page(n, "<p class='doan'>" + FOLLOW + "</p>", "") for n in range(5)] + [page(9, body=own)])
    assert "p.doan" not in shared.hints.remove
    assert all(len(read(page(n), shared.hints)) == 5 for n in range(5))


def test_a_page_on_which_the_engine_errs_is_mended_by_the_others() -> None:
    other = "".join(f"<p>{text} {text}</p>" for n in (11, 12, 13) for text in paragraphs(n))
    body, url = page(8)
    odd = body.replace(b'<div class="chan">', f"<section>{other}</section><div class='chan'>".encode()), url
    assert read(odd) != paragraphs(8)
    found = learn([*(page(n) for n in range(8)), page(9), page(10), odd])
    assert found.hints.body == "div.noi-dung"
    assert read(odd, found.hints) == paragraphs(8)


def test_a_page_of_another_layout_is_left_to_the_engine() -> None:
    body, url = page(9)
    other = body.replace(b"noi-dung", b"bai").replace(b"<p>Trang", b"<div class='noi-dung'></div><p>Trang"), url
    found = learn([*(page(n) for n in range(8)), page(10), other])
    assert (found.hints.body, found.pages, found.fitting) == ("div.noi-dung", 10, 9)
    assert read(other, found.hints) == paragraphs(9)
    few = learn([*(page(n) for n in range(3)), other])
    assert few.hints.body == "div.bai-viet", "what three of four have is not nearly all; the next one out is"


def test_pages_that_share_nothing_give_no_hints() -> None:
    assert learn([]).hints == Hints()
    assert learn([page(1)]).pages == 1
    assert learn([page(1), page(1), (b"", "http://bao-mau.example/x")]).pages == 1, "one article twice tells nothing"
    bare = [(body.replace(b"noi-dung", b"n%d" % n).replace(b"bai-viet", b"b%d" % n), url)
            for n, (body, url) in enumerate(page(n) for n in range(6))]  # fmt: skip
    assert learn(bare).hints == Hints()


def test_the_same_pages_give_the_same_hints_in_every_process() -> None:
    """What a process's own hash seed orders (sets) decides nothing: a box and its links would take turns otherwise."""
    asked = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from test_learning import LINKS, learn, page;"
        " print(learn([page(n, f\"<div class='goi-y'>{LINKS}</div>\") for n in range(6)]).hints)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", asked], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2", "5")
    }
    assert len(told) == 1
    assert b"div.goi-y" in told.pop()
