"""The sample newsroom, over real HTTP on loopback: what the demo and the other tests rely on."""

import gzip
import http.client
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from lxml import etree, html

from pipelines.commands.newsroom import FOLDER
from pipelines.newsroom import Newsroom, Request, Server, safe_anchor, serve
from pipelines.newsroom.extras import EXPECTATIONS

ANCHOR = date(2026, 11, 20)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass(frozen=True)
class Live:
    """A newsroom and the server it runs on."""

    newsroom: Newsroom
    server: Server
    log: list[Request]

    def get(self, url: str, method: str = "GET", **headers: str) -> Reply:
        """Fetch without redirects; the connection goes to loopback whatever the URL's host."""
        parts = urlsplit(url)
        sent = {"Host": parts.netloc, **{name.replace("_", "-"): value for name, value in headers.items()}}
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)) as connection:
            connection.request(method, parts.path, headers=sent)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())

    def url_of(self, key: str) -> str:
        return {known: url for url, known in self.urls.items()}[key]

    @property
    def urls(self) -> dict[str, str]:
        return self.newsroom.article_urls(self.server.port)

    def feeds(self, *kinds: str) -> list[str]:
        """Feed URLs of the given kinds (all when none is given)."""
        sources = self.newsroom.sources(self.server.port)
        return [feed["url"] for source in sources for feed in source["feeds"] if not kinds or feed["kind"] in kinds]


def run(stage: int) -> Iterator[Live]:
    log: list[Request] = []
    newsroom = Newsroom(FOLDER, ANCHOR, stage)
    with serve(newsroom, log=log) as server:
        yield Live(newsroom, server, log)


@pytest.fixture(scope="module")
def first() -> Iterator[Live]:
    yield from run(1)


@pytest.fixture(scope="module")
def second() -> Iterator[Live]:
    yield from run(2)


def listed(live: Live, url: str) -> set[str]:
    """Every URL a listing names, through sitemap indexes and section pages."""
    reply = live.get(url)
    assert reply.status == 200, url
    body = gzip.decompress(reply.body) if url.endswith(".gz") else reply.body
    if reply.headers["Content-Type"].startswith("text/html"):
        page = html.fromstring(body.decode())
        found = {urljoin(url, href) for href in page.xpath("//a/@href")}
        following = page.xpath("//a[@rel='next']/@href")
        return found.union(*(listed(live, urljoin(url, href)) for href in following))
    root = etree.fromstring(body)
    if etree.QName(root).localname == "sitemapindex":
        return set().union(*(listed(live, loc) for loc in root.xpath("//*[local-name()='loc']/text()")))
    found = root.xpath("//item/link/text() | //*[local-name()='loc']/text()")
    return {*found, *root.xpath("//*[local-name()='entry']/*[local-name()='link']/@href")}


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


def test_unknown_addresses_and_hosts_are_404(first: Live) -> None:
    port = first.server.port
    assert first.get(f"http://songhong.localhost:{port}/khong-co").status == 404
    assert first.get(f"http://khong-co.localhost:{port}/").status == 404
    index = first.get(f"http://localhost:{port}/")
    assert index.status == 200
    assert "songhong.localhost" in index.text


# Listings


def test_every_article_is_reachable_from_each_feed_of_its_outlet(first: Live) -> None:
    for source in first.newsroom.sources(first.server.port):
        own = {url for url in first.urls if f"//{source['host']}/" in url}
        for kind in {feed["kind"] for feed in source["feeds"]}:
            urls = [feed["url"] for feed in source["feeds"] if feed["kind"] == kind]
            assert own <= set().union(*(listed(first, url) for url in urls)), (source["id"], kind)


def test_feeds_tell_the_articles_dates(first: Live) -> None:
    for url in first.feeds("rss"):
        for item in etree.fromstring(first.get(url).body).iter("item"):
            article = first.newsroom.articles[first.urls[item.findtext("link")]]
            assert parsedate_to_datetime(item.findtext("pubDate")) == article.published
            assert item.findtext("title") == article.title
    names = {"n": "http://www.google.com/schemas/sitemap-news/0.9", "s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    for url in first.feeds("news_sitemap"):
        for entry in etree.fromstring(first.get(url).body).iterfind("s:url", names):
            article = first.newsroom.articles[first.urls[entry.findtext("s:loc", namespaces=names)]]
            dated = entry.findtext("n:news/n:publication_date", namespaces=names)
            assert datetime.fromisoformat(dated) == article.published
            assert entry.findtext("n:news/n:title", namespaces=names) == article.title


def test_one_rss_is_in_cdata(first: Live) -> None:
    assert "<title><![CDATA[" in first.get(f"http://songhong.localhost:{first.server.port}/rss.xml").text


def test_robots_names_the_sitemaps_and_closes_the_private_folder(first: Live) -> None:
    port = first.server.port
    for source in first.newsroom.sources(port):
        robots = first.get(f"http://{source['host']}/robots.txt")
        assert robots.status == 200
        for feed in source["feeds"]:
            assert (f"Sitemap: {feed['url']}" in robots.text) == (feed["kind"] in ("sitemap", "news_sitemap"))
    (private,) = first.newsroom.private_urls(port)
    assert "Disallow: /noi-bo/" in first.get(urljoin(private, "/robots.txt")).text
    assert private in set().union(*(listed(first, url) for url in first.feeds("section")))
    assert first.get(private).status == 200


# HTTP


def some_urls(live: Live) -> list[str]:
    outlets = {key.partition("/")[0]: url for url, key in live.urls.items()}
    host = f"http://kinhtephuongnam.localhost:{live.server.port}"
    return [*outlets.values(), *live.feeds(), f"{host}/", f"{host}/robots.txt", f"{host}/sitemap-articles.xml.gz"]


def test_known_pages_are_not_sent_again(first: Live) -> None:
    for url in some_urls(first):
        reply = first.get(url)
        for known in ({"If_None_Match": reply.headers["ETag"]}, {"If_Modified_Since": reply.headers["Last-Modified"]}):
            again = first.get(url, **known)
            assert (again.status, again.body) == (304, b""), (url, known)
        assert first.get(url, If_None_Match='"other"', If_Modified_Since=reply.headers["Last-Modified"]).status == 200
        assert first.get(url, If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT").status == 200
        assert first.get(url, If_Modified_Since="yesterday").status == 200


def test_gzip_only_for_those_who_accept_it(first: Live) -> None:
    url = next(iter(first.urls))
    plain, packed = first.get(url), first.get(url, Accept_Encoding="br, gzip;q=0.8")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Content-Encoding" not in first.get(url, Accept_Encoding="gzip;q=0").headers


def test_head_sends_no_body(first: Live) -> None:
    url = next(iter(first.urls))
    head = first.get(url, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(first.get(url).body))


def test_log_tells_who_asked_for_what(first: Live) -> None:
    url = next(iter(first.urls))
    first.get(url, User_Agent="tester/1")
    assert first.log[-1] == (urlsplit(url).netloc, urlsplit(url).path, 200, "tester/1")


def test_connections_do_not_outlive_the_server() -> None:
    """A client that keeps its connection must not get stage 1 answers from a server that is gone."""
    with serve(Newsroom(FOLDER, ANCHOR)) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.request("GET", "/", headers={"Host": f"songhong.localhost:{server.port}"})
        connection.getresponse().read()
        kept = connection.sock
    with closing(connection):
        assert kept.recv(1) == b""  # closed by the server, not left hanging


# Copies, stages, hostile pages


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


def test_edited_article_changes_in_stage_2(first: Live, second: Live) -> None:
    ((key, after),) = first.newsroom.extras.edited.items()
    before = first.newsroom.articles[key]
    pages = [live.get(live.url_of(key)) for live in (first, second)]
    assert after.title != before.title
    assert after.title in pages[1].text
    assert after.correction in pages[1].text
    assert after.correction not in pages[0].text
    assert sum(old != new for old, new in zip(before.body, after.body, strict=True)) == 1
    assert pages[0].headers["ETag"] != pages[1].headers["ETag"]
    again = second.get(second.url_of(key), If_Modified_Since=pages[0].headers["Last-Modified"])
    assert again.status == 200
    assert f"<updated>{after.modified.isoformat()}</updated>" in second.get(second.feeds("atom")[0]).text
    archive = gzip.decompress(second.get(urljoin(second.feeds("sitemap")[0], "/sitemap-articles.xml.gz")).body)
    assert f"<lastmod>{after.modified.isoformat()}</lastmod>".encode() in archive


def test_withdrawn_article_is_gone_in_stage_2(first: Live, second: Live) -> None:
    (key,) = first.newsroom.extras.withdrawn
    path = urlsplit(first.url_of(key)).path
    url = urljoin(next(u for u, k in second.urls.items() if k.startswith(key.partition("/")[0])), path)
    assert first.get(first.url_of(key)).status == 200
    assert second.get(url).status == 410
    assert key not in second.urls.values()
    named = set().union(*(listed(second, feed) for feed in second.feeds()))
    assert url not in named
    assert named > set(second.urls)


def test_listings_change_for_both_validators_between_stages(first: Live, second: Live) -> None:
    for before, after in zip(first.feeds(), second.feeds(), strict=True):
        old = first.get(before).headers
        assert second.get(after, If_Modified_Since=old["Last-Modified"]).status == 200


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
