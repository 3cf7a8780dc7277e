import json
from datetime import UTC, datetime

import pytest
from lxml import html

from crawler.extraction.article import Discard
from crawler.extraction.kinds import refusal, refusal_of_text
from crawler.extraction.metadata import read_metadata

TEASER = (
    '<div><h3><a href="/tin-{0}.html">Tin số {0} về một việc đang diễn ra ở địa phương</a></h3>'
    "<p>Một câu tóm tắt.</p></div>"
)
SENTENCE = (
    "Theo thông cáo, cuộc gặp diễn ra trong không khí cởi mở, thẳng thắn và kéo dài hơn hai giờ đồng hồ ở thủ đô. "
)


def page(body: str, data: object = None, og: str = "") -> html.HtmlElement:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    meta = f'<meta property="og:type" content="{og}">' if og else ""
    return html.document_fromstring(f"<html><head>{meta}{script}</head><body>{body}</body></html>")


def kind(tree: html.HtmlElement) -> Discard | None:
    return refusal(tree, read_metadata(tree))


TEASERS = "".join(TEASER.format(number) for number in range(20))
ARTICLE = "<h1>Hai nước bàn về hợp tác giáo dục</h1><div>" + f"<p>{SENTENCE}</p>" * 10 + "</div>"


def test_lists_are_told() -> None:
    assert kind(page("<h1>Kinh tế</h1>" + TEASERS)) == Discard.LISTING
    assert (
        kind(page("<ul>" + '<li><a href="/a">Một bài báo nào đó có tên dài</a></li>' * 12 + "</ul>")) == Discard.LISTING
    )
    assert kind(page('<ul><li><a href="/a">Một bài báo nào đó có tên dài</a></li></ul>')) == Discard.LISTING
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Tin"}]}
    assert kind(page("<h1>Tin</h1>" + TEASERS, listed, "website")) == Discard.LISTING


def test_articles_among_many_links_are_kept() -> None:
    assert kind(page(ARTICLE + TEASERS)) is None
    assert kind(page("<h1>Tin vắn</h1><p>Ngắn.</p>" + TEASERS, {"@type": "NewsArticle"})) is None
    assert kind(page("<h1>Cháo gà</h1>" + TEASERS, {"@type": "Recipe"})) is None
    assert kind(page("<p>Một trang gần như trống, không có liên kết nào cả.</p>")) is None


def test_live_blogs_are_told_by_their_type() -> None:
    assert kind(page(ARTICLE, {"@graph": [{"@type": "LiveBlogPosting"}]})) == Discard.LIVE


@pytest.mark.parametrize(("end", "found"), [("2026-11-01T10:00:00Z", None), ("2099-01-01T00:00:00Z", Discard.LIVE)])
def test_a_live_blog_that_is_over_reads_as_an_article(end: str, found: Discard | None) -> None:
    tree = page(ARTICLE, {"@type": "LiveBlogPosting", "coverageEndTime": end})
    assert refusal(tree, read_metadata(tree), datetime(2026, 11, 9, tzinfo=UTC)) == found


@pytest.mark.parametrize(
    ("data", "og", "short"),
    [
        ({"@type": "NewsArticle", "isAccessibleForFree": False}, "article", Discard.PAYWALL),
        ({"@type": "NewsArticle", "isAccessibleForFree": "False"}, "article", Discard.PAYWALL),
        ({"@type": "VideoObject"}, "", Discard.VIDEO),
        (None, "video.other", Discard.VIDEO),
        ({"@type": ["ImageGallery"]}, "", Discard.PHOTOS),
        ([{"@type": "VideoObject"}, {"@type": "NewsArticle"}], "", None),
        (None, "article", None),
    ],
)
def test_short_texts_and_what_they_are(data: object, og: str, short: Discard | None) -> None:
    metadata = read_metadata(page("", data, og))
    assert refusal_of_text(metadata, 120) == short
    assert (refusal_of_text(metadata, 300) is None) == (short in (None, Discard.PAYWALL)), "a free paragraph is kept"
    assert refusal_of_text(metadata, 3_000) is None, "enough text is an article, whatever stands beside it"
