"""What the sample newsroom publishes: its content, its pages, its copies and hostile pages. The demo relies on it."""

import unicodedata
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urljoin

import pytest
import yaml
from lxml import html
from tests_support.newsroom import ANCHOR, Live, listed

from pipelines.commands.newsroom import FOLDER
from pipelines.newsroom import safe_anchor
from pipelines.newsroom.extras import EXPECTATIONS

# Content


def test_is_large_and_varied_enough(first: Live) -> None:
    assert len(first.newsroom.outlets) >= 8
    assert len(first.urls) >= 160
    assert {"vi", "en", "zh", "fr", "ja", "ru"} <= {outlet.language for outlet in first.newsroom.outlets.values()}
    assert len(first.newsroom.extras.copies) >= 10
    assert len(set(first.urls.values())) == len(first.urls)


def test_topics_are_those_of_the_taxonomy(first: Live) -> None:
    taxonomy = FOLDER.parent / "taxonomy.yaml"
    if not taxonomy.exists():
        pytest.skip("data/taxonomy.yaml is not there yet")
    known = {topic["id"] for topic in yaml.safe_load(taxonomy.read_text("utf-8"))["topics"]}
    used = {topic for article in first.newsroom.articles.values() for topic in article.labels.topics}
    assert used <= known


def test_nothing_is_dated_in_the_future(first: Live, second: Live) -> None:
    for live in (first, second):
        for article in live.newsroom.articles.values():
            zone = article.published.tzinfo
            assert article.modified < datetime.combine(ANCHOR, time(0), tzinfo=zone), article.key


@pytest.mark.parametrize("hour", [0, 6, 12, 16, 18, 23])
def test_default_anchor_keeps_every_clock_in_the_past(first: Live, hour: int) -> None:
    now = datetime(2026, 3, 1, hour, 5, tzinfo=UTC)
    outlets = first.newsroom.outlets.values()
    newest = safe_anchor(outlets, now) - timedelta(days=1)
    assert all(datetime.combine(newest, time(23, 59), tzinfo=outlet.zone) < now for outlet in outlets)


@pytest.mark.parametrize("stage", ["first", "second"])
def test_every_page_is_nfc(stage: str, request: pytest.FixtureRequest) -> None:
    live: Live = request.getfixturevalue(stage)
    for url in [*live.urls, *live.feeds("rss", "atom", "news_sitemap", "section")]:
        assert unicodedata.is_normalized("NFC", live.get(url).text), url


# Pages


def test_every_article_shows_its_text_and_its_date(first: Live) -> None:
    for url, key in first.urls.items():
        article = first.newsroom.articles[key]
        reply = first.get(url)
        shown = " ".join(html.fromstring(reply.text).text_content().split())
        assert reply.status == 200
        for text in (article.title, article.lead, *article.body, article.quote, *article.bullets):
            assert " ".join(text.split()) in shown, (key, text)
        assert f"{article.published:%d}" in shown


def test_portal_has_no_structured_data_and_others_do(first: Live) -> None:
    marks = {
        "national": (f'"datePublished": "{ANCHOR - timedelta(days=1)}', "og:title", "+07:00"),
        "foreign": ("article:published_time", "<time datetime="),
    }
    for url, key in first.urls.items():
        article = first.newsroom.articles[key]
        template = first.newsroom.outlets[article.outlet].template
        page = first.get(url).text
        if template == "portal":
            assert not any(mark in page for mark in ("og:", "ld+json", "article:", "<time", "datetime"))
            assert "Tổng số điểm của bài viết là: 0 trong 0 đánh giá" in page
        elif article.published.date() == ANCHOR - timedelta(days=1):
            assert all(mark in page for mark in marks[template]), key


def test_portal_prints_the_date_in_vietnamese(first: Live) -> None:
    page = first.get(first.url_of("lam-giang/cua-khau-khau-ma-keo-dai-gio-thong-quan")).text
    assert "Thứ năm - 19/11/2026 07:40" in page


def test_amp_twin_names_its_article(first: Live) -> None:
    url = first.url_of("kinh-te-phuong-nam/cang-can-vam-thoi-un-u-container")
    amp = html.fromstring(first.get(url).text).xpath("//link[@rel='amphtml']/@href")[0]
    assert html.fromstring(first.get(amp).text).xpath("//link[@rel='canonical']/@href") == [url]


# Copies and hostile pages


def test_copies_repeat_most_of_their_original(first: Live) -> None:
    articles = first.newsroom.articles
    exact = 0
    for copy in first.newsroom.extras.copies:
        original = articles[copy.copy_of]
        same = sum(paragraph in original.body for paragraph in copy.body)
        exact += copy.body == original.body
        assert copy.outlet != original.outlet
        assert first.newsroom.outlets[copy.outlet].language == first.newsroom.outlets[original.outlet].language
        assert copy.published > original.published
        assert same >= len(original.body) / 2, copy.key
    assert 3 <= exact < len(first.newsroom.extras.copies)
    assert any(copy.lead.startswith("(TTBN) - ") for copy in first.newsroom.extras.copies)


def test_hostile_pages_are_linked_and_nasty(first: Live) -> None:
    port = first.server.port
    expected = first.newsroom.hostile_urls(port)
    assert len(expected) >= 5
    assert set(expected.values()) == set(EXPECTATIONS)
    assert set(expected) <= set().union(*(listed(first, url) for url in first.feeds("section")))
    replies = {url: first.get(url) for url in expected}
    targets = {reply.headers["Location"] for reply in replies.values() if reply.status == 302}
    assert {"http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/"} < targets
    assert any(reply.body.count(b"<div>") >= 20_000 for reply in replies.values())
    assert any(len(reply.body) >= 3_000_000 for reply in replies.values())
    assert any("01/01/2099" in reply.text for reply in replies.values())
    (lying,) = [reply for reply in replies.values() if "windows-1252" in (reply.headers["Content-Type"] or "")]
    assert "Đồng bằng sông Cửu Long" in lying.text


def test_calendar_never_ends(first: Live) -> None:
    url = f"http://ttdn.localhost:{first.server.port}/lich/2026-12/"
    for month in ("2027-01", "2027-02"):
        url = urljoin(url, html.fromstring(first.get(url).text).xpath("//a[@rel='next']/@href")[0])
        assert url.endswith(f"/lich/{month}/")
