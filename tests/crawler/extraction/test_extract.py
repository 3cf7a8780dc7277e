import re
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.article import Article, DateSource, Discard, NotAnArticle
from crawler.extraction.extract import VERSION, extract, version
from crawler.extraction.hints import Hints
from crawler.extraction.titles import strip_suffix
from crawler.text import CONTROL, clean

URL = "http://bao-mau.example/tin-1.html"
NOW = datetime(2026, 11, 9, 5, tzinfo=UTC)
LEAD = "Chiều nay, hai bên đã trao đổi về hợp tác giáo dục và văn hoá trong những năm tới ở khu vực."
BODY = [
    "Theo thông cáo, cuộc gặp diễn ra trong không khí cởi mở, thẳng thắn và kéo dài hơn hai giờ đồng hồ ở thủ đô.",
    "Hai bên nhất trí tăng số học bổng dành cho sinh viên và mở thêm các khoá học tiếng Việt ở nước ngoài vào năm sau.",
    "Đại diện phía bạn cho biết các trường đại học đã sẵn sàng đón những sinh viên đầu tiên ngay từ mùa thu tới đây.",
]
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title} | Báo Mẫu</title>
<meta property="og:title" content="{title} - Báo Mẫu"><meta property="og:site_name" content="Báo Mẫu">
<meta property="og:description" content="{lead}"><meta name="author" content="Lan Anh">
<meta property="article:published_time" content="2026-11-08T08:00:00+07:00">
<link rel="canonical" href="{canonical}"></head>
<body><nav><a href="/">Trang chủ</a></nav><header><h1>{title}</h1><h2 class="sapo">{lead}</h2></header>
<article><div class="content">{body}</div></article><footer>Bản quyền của Báo Mẫu</footer></body></html>"""
TITLE = "Hai nước bàn về hợp tác giáo dục"


def page(**changes: str) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    return PAGE.format(
        **{"title": TITLE, "lead": LEAD, "body": body, "canonical": "/tin-1.html?utm_source=x"} | changes
    )


def read(text: str | bytes, **given: str) -> Article:
    body = text.encode() if isinstance(text, str) else text
    return extract(body, URL, now=NOW, title=given.get("title"))


def test_an_article() -> None:
    article = read(page())
    assert (article.title, article.lead, article.body) == (TITLE, LEAD, "\n".join(BODY))
    assert (article.authors, article.language) == (("Lan Anh",), "vi")
    assert article.canonical_url == URL
    assert article.published.moment == datetime(2026, 11, 8, 1, tzinfo=UTC)
    assert article.published.source == DateSource.STRUCTURED


def test_a_lead_outside_the_article_is_put_back_once() -> None:
    article = read(page())
    assert (article.lead + article.body).count(LEAD[:40]) == 1
    inside = (
        page(body="".join(f"<p>{paragraph}</p>" for paragraph in [LEAD, *BODY]))
        .replace("<h2", "<!--")
        .replace("</h2>", "-->")
    )
    article = read(inside)
    assert (article.lead + article.body).count(LEAD[:40]) == 1
    assert article.lead == LEAD


def test_a_description_that_readers_do_not_see_is_no_lead() -> None:
    hidden = page().replace(f'<h2 class="sapo">{LEAD}</h2>', "")
    assert hidden.count(LEAD) == 1
    article = read(hidden)
    assert article.lead == ""
    assert article.body == "\n".join(BODY)


def test_decomposed_text_comes_out_composed() -> None:
    decomposed = unicodedata.normalize("NFD", page())
    assert decomposed != page()
    article = read(decomposed)
    assert (article.title, article.lead, article.body) == (TITLE, LEAD, "\n".join(BODY))
    assert article.authors == ("Lan Anh",)


@pytest.mark.parametrize(
    ("title", "document", "sites", "stripped"),
    [
        ("Hai nước bàn hợp tác - Báo Mẫu", "", ["Báo Mẫu"], "Hai nước bàn hợp tác"),
        ("Hai nước bàn hợp tác | BÁO MẪU", "", ["Báo Mẫu"], "Hai nước bàn hợp tác"),
        (
            "Hai nước bàn về hợp tác giáo dục | Tin",
            "Hai nước bàn về hợp tác giáo dục | Tin",
            [],
            "Hai nước bàn về hợp tác giáo dục",
        ),
        ("Hà Nội - Huế: chuyến tàu đêm", "khác", [], "Hà Nội - Huế: chuyến tàu đêm"),
        ("Báo Mẫu", "Báo Mẫu", ["Báo Mẫu"], "Báo Mẫu"),
        ("Covid-19 trở lại", "Covid-19 trở lại", [], "Covid-19 trở lại"),
    ],
)
def test_title_suffixes(title: str, document: str, sites: list[str], stripped: str) -> None:
    assert strip_suffix(title, sites, document) == stripped


@pytest.mark.parametrize("remove", ["p, h2", "body *", "html", "article", "div.content"])
def test_hints_that_take_the_text_away_lose_no_article(remove: str) -> None:
    article = extract(page().encode(), URL, now=NOW, hints=Hints(body="div.content", remove=(remove,)))
    assert (article.lead, article.body) in ((LEAD, "\n".join(BODY)), (LEAD, ""))
    assert extract(page(lead="").encode(), URL, now=NOW, hints=Hints(remove=(remove,))).body == "\n".join(BODY)


def test_hints_are_told_apart_in_what_is_kept() -> None:
    assert version(None) == VERSION
    versions = {version(hints) for hints in (None, Hints("p"), Hints("", ("p",)), Hints("p", ("p",)), Hints("div"))}
    assert len(versions) == 5
    assert version(Hints("p")) == version(Hints("p"))


def test_the_feeds_title_where_the_page_has_none() -> None:
    bare = re.sub(r"<title>.*?</title>|<meta property=\"og:(title|site_name)\"[^>]*>|<h1>.*?</h1>", "", page())
    assert TITLE not in bare
    assert read(bare, title="Tin  từ nguồn").title == "Tin từ nguồn"
    with pytest.raises(NotAnArticle) as outcome:
        read(bare)
    assert outcome.value.reason == Discard.NO_TITLE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Discard.EMPTY),
        (b" \r\n\t", Discard.EMPTY),
        (b"\x00" * 100, None),
        (b"\xff\xfe\xfd" * 50, None),
        (b"%PDF-1.7 " + bytes(range(256)), None),
        (b"<html><head><title>Tin</title></head><body></body></html>", Discard.NO_BODY),
        (b"<html><body><h1>Tin</h1><p>Ng\xe1\xba\xafn.</p></body></html>", Discard.NO_BODY),
        (b"{}", None),
        (b"\x1f\x8b\x08\x00broken", None),
    ],
)
def test_what_is_no_article(body: bytes, reason: Discard | None) -> None:
    with pytest.raises(NotAnArticle) as outcome:
        read(body)
    assert reason is None or outcome.value.reason == reason


DIRT = "\x00\x01\x08\x0b\x1f\x7f\ufffe"


def test_control_characters_are_gone() -> None:
    dirty = page(
        title=TITLE.replace(" ", f" {DIRT}"),
        lead=LEAD.replace(" ", f" {DIRT}", 3),
        body="".join(f"<p>{DIRT}{p[:20]}{DIRT}{p[20:]}</p>" for p in BODY),
    )
    article = read(dirty.replace("Lan Anh", f"Lan{DIRT} Anh"))
    for text in (article.title, article.lead, article.body, *article.authors):
        assert not CONTROL.search(text), repr(text)
        assert text
    assert article.body.count("\n") == len(BODY) - 1
    assert BODY[0][:20] in article.body


def test_character_references_are_no_way_in() -> None:
    article = read(page(title=TITLE + "&#1;&#x7f;&#xD800;", body=f"<p>{BODY[0]}&#0;&#11;&#xFFFE;</p><p>{BODY[1]}</p>"))
    assert not any(CONTROL.search(text) for text in (article.title, article.lead, article.body))


def test_json_is_no_way_in_either() -> None:
    data = '{"@type":"NewsArticle","headline":"%s","author":{"name":"Lan\\u0000\\ud800"}}'
    script = f'<script type="application/ld+json">{data}</script>'
    headline = TITLE.replace(" ", " \\u0000\\ud800")
    article = read(page(title="").replace("<h1></h1>", "").replace("</head>", script % headline + "</head>"))
    assert article.title == TITLE
    assert "Lan" in article.authors


def test_a_wrong_charset_in_the_page_is_seen_through() -> None:
    article = read(page().replace('<meta charset="utf-8">', '<meta charset="iso-8859-1">'))
    assert article.title == TITLE


def test_a_broken_canonical_link_costs_nothing() -> None:
    assert read(page(canonical="http://[oops")).canonical_url == URL
    assert read(page(canonical="javascript:alert(1)")).canonical_url == URL


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet="<>/pdivscrth1&;\"'= \x00đ", max_size=200).map(str.encode))
def test_no_bytes_give_another_error(junk: bytes) -> None:
    for body in (junk, page().encode().replace(b"<article>", b"<article>" + junk)):
        with suppress(NotAnArticle):
            article = read(body)
            text = f"{article.title}\n{article.lead}\n{article.body}"
            assert text == unicodedata.normalize("NFC", text)
            assert not CONTROL.search(text)


def test_clean_text_is_one_line_without_hidden_characters() -> None:
    assert clean(" Đo\u0302\u0301i\n\tngo\u00ada\u0323i\u200b ") == "Đối ngoại"
    assert clean(None) == clean(5) == clean(["x"]) == ""
