from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import NotAListing
from crawler.discovery.sections import MAX_LINKS, MIN_SCORE, article_score, read_section
from crawler.urls import canonical

URL = "http://bao-mau.example/thoi-su"
PAGE = """<html><head><meta charset="utf-8"></head><body>
<a href="/">Báo Mẫu</a><a href="/the-thao">Thể thao</a>
<a href="/tag/kinh-te-viet-nam-va-the-gioi">Kinh tế Việt Nam và thế giới</a>
<a href="/thu-tuong-tiep-dai-su-123456.html"><img></a>
<a href="/thu-tuong-tiep-dai-su-123456.html?utm_source=home">Thủ tướng tiếp Đại sứ chiều nay</a>
<a href="http://khac.example/tin-cua-bao-khac-day-nhe-99999.html">Tin của báo khác đáng đọc hôm nay</a>
<a href="javascript:void(0)">Bấm vào đây để xem tất cả</a>
<a href="http://[oops">Một liên kết hỏng ở đây này</a><a>Không có gì ở đây cả đâu</a>
</body></html>""".encode()


def test_article_links_are_told_from_the_rest() -> None:
    (item,) = read_section(PAGE, URL).items
    assert canonical(item.url) == "http://bao-mau.example/thu-tuong-tiep-dai-su-123456.html"
    assert read_section(PAGE, URL).children == ()


def test_the_longest_text_of_a_link_is_its_title() -> None:
    both = PAGE.replace(b"?utm_source=home", b"")
    (item,) = read_section(both, URL, r"\d{6}\.html").items
    assert item.title == "Thủ tướng tiếp Đại sứ chiều nay"


def test_the_sources_own_pattern_decides_alone() -> None:
    assert [item.url[-9:] for item in read_section(PAGE, URL, r"/the-thao$").items] == ["/the-thao"]


@pytest.mark.parametrize(
    ("path", "text", "is_article"),
    [
        ("/thu-tuong-tiep-dai-su-123456.html", "Thủ tướng tiếp Đại sứ chiều nay", True),
        ("/2026/11/09/visit", "Vietnam welcomes five foreign ministers", True),
        ("/news/12345678", "越南外交部发言人表示欢迎合作", True),
        ("/thu-tuong-tiep-dai-su-123456.html", "", True),
        ("/the-thao", "Thể thao", False),
        ("/the-thao", "Tất cả các tin thể thao hôm nay", False),
        ("/", "Trang chủ của báo chúng tôi đây", False),
        ("/tag/mot-hai-ba-bon-nam-123456", "Một hai ba bốn năm sáu", False),
        ("/tim-kiem/mot-hai-ba-bon-123456", "Một hai ba bốn năm sáu", False),
        ("/files/bao-cao-thuong-nien-nam-123456.pdf", "Báo cáo thường niên của công ty", False),
        ("/tin-123456", "Ngắn", False),
    ],
)
def test_scores(path: str, text: str, is_article: bool) -> None:
    score = article_score("http://bao-mau.example" + path, text)
    assert (score >= MIN_SCORE) is is_article
    assert 0 <= score <= 5


def test_a_page_without_end_is_cut() -> None:
    links = "".join(f"<a href='/mot-hai-ba-bon-{n}'>Một hai ba bốn năm sáu</a>" for n in range(MAX_LINKS * 2))
    assert len(read_section(f"<html>{links}</html>".encode(), URL).items) == MAX_LINKS


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"\x00", b"tin", b"<html><body><a href='/x'>y</a></body></html>", b"<!-- -->"]
)
def test_a_page_without_articles_is_told_of(body: bytes) -> None:
    with pytest.raises(NotAListing):
        read_section(body, URL)


@given(
    st.binary(max_size=150)
    | st.text(max_size=80).map(lambda text: f"<a href='{text}'>{text}</a>".encode("utf-8", "replace"))
)
def test_no_bytes_give_another_error(body: bytes) -> None:
    with suppress(NotAListing):
        assert read_section(body, URL).items
