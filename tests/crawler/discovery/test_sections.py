from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import NotAListing
from crawler.discovery.links import Link, links_of, parse
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
    score = article_score(Link("http://bao-mau.example" + path, text, menu=False, heading=False))
    assert (score >= MIN_SCORE) is is_article
    assert 0 <= score <= 12


def test_a_page_without_end_is_cut() -> None:
    links = "".join(f"<a href='/mot-hai-ba-bon-{n}'>Một hai ba bốn năm sáu</a>" for n in range(MAX_LINKS * 2))
    assert len(read_section(f"<html>{links}</html>".encode(), URL).items) == MAX_LINKS


def page(*links: tuple[str, str], menu: str = "") -> bytes:
    rows = "".join(f"<li><a href='{path}'>{text}</a></li>" for path, text in links)
    return f"<html><meta charset=utf-8><body><nav>{menu}</nav><ul>{rows}</ul></body></html>".encode()


HEADLINE = "Sáu chữ trong một tiêu đề"
NUMBERED = [(f"/tin-tuc-moi-nhat-so-{n}-20261109{n:09}.htm", HEADLINE) for n in range(6)]


def test_where_articles_are_numbered_nothing_else_is_one() -> None:
    section = ("/the-thao/cac-mon-the-thao-khac.htm", "Các môn thể thao khác của báo")
    short = ("/u23-viet-nam-20261109000000099.htm", "U23 Việt Nam")
    found = [item.url for item in read_section(page(*NUMBERED, section, short), URL).items]
    assert len(found) == 7
    assert f"http://bao-mau.example{section[0]}" not in found
    assert f"http://bao-mau.example{short[0]}" in found
    assert len(read_section(page(section), URL).items) == 1, "without numbered ones it would do"


def test_sister_hosts_count_when_their_articles_end_alike() -> None:
    base = "https://bao-mau.vn/"
    own = [(f"/tin-tuc-moi-nhat-so-{n}-post16{n:05}.html", HEADLINE) for n in range(6)]
    sister = ("https://doi-song.bao-mau.vn/mot-ngay-o-lang-nghe-post1600077.html", HEADLINE)
    market = ("https://cho.bao-mau.vn/ban-nha-gap-duong-so-mot_178067.html", HEADLINE)
    stranger = ("https://bao-khac.vn/mot-ngay-o-lang-nghe-post1600078.html", HEADLINE)
    found = [item.url for item in read_section(page(*own, sister, market, stranger), base).items]
    assert len(found) == 7
    assert sister[0] in found


def test_menus_weigh_against_a_link_and_headings_for_it() -> None:
    body = b"""<nav><a href='/mot-hai-ba-bon'>Mot hai ba bon</a></nav>
    <div class="main-menu"><a href='/x/y-z'>Hai</a></div>
    <h3><a href='/nam-sau-bay-tam'>Nam sau bay tam</a></h3><div class="menuhin"><a href='/c'>Ba</a></div>"""
    links = list(links_of(parse(body), URL))
    assert [link.menu for link in links] == [True, True, False, False]
    assert [link.heading for link in links] == [False, False, True, False]
    assert article_score(links[0]) < MIN_SCORE <= article_score(links[2])


def test_the_time_beside_a_link_is_its_own() -> None:
    stamp = "<time datetime='2026-11-09T12:00:00+07:00'>9/11</time>"
    naive = "<time datetime='2026-11-09T12:00:00'>9/11</time>"
    link = "<a href='/tin-tuc-moi-nhat-so-{}'>Sáu chữ trong một tiêu đề</a>"
    body = f"<div><p>{link.format(1)}{stamp}</p><p>{link.format(2)}{naive}</p>{stamp}</div>".encode()
    one, two = read_section(body, URL).items
    assert one.published_at == datetime(2026, 11, 9, 5, tzinfo=UTC)
    assert two.published_at is None, "a time without its zone, and another of the whole list"


def test_the_encoding_that_the_page_states() -> None:
    for encoding in ("utf-8", "utf-16", "windows-1258"):
        body = f"<html><head><meta charset={encoding}></head><a href='/tin-tuc-moi-nhat-1'>Sau chu: a\u0301</a>".encode(
            encoding
        )
        (item,) = read_section(body, URL, "/tin").items
        assert item.title == "Sau chu: á", encoding


def test_a_tag_that_would_take_the_parser_hours_is_refused() -> None:
    body = b"<p " + b" ".join(b"a%d='1'" % n for n in range(200_000)) + b">x</p>"
    with pytest.raises(NotAListing, match="1,000 attributes"):
        read_section(body, URL)


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
