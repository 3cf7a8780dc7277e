"""How the sample newsroom is served: its listings, its HTTP, what changes between its stages. The demo relies on it."""

import gzip
import http.client
from contextlib import closing
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree
from tests_support.newsroom import ANCHOR, Live, listed

from pipelines.commands.newsroom import FOLDER
from pipelines.newsroom import Newsroom, serve

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


def test_unknown_addresses_and_hosts_are_404(first: Live) -> None:
    port = first.server.port
    assert first.get(f"http://songhong.localhost:{port}/khong-co").status == 404
    assert first.get(f"http://khong-co.localhost:{port}/").status == 404
    index = first.get(f"http://localhost:{port}/")
    assert index.status == 200
    assert "songhong.localhost" in index.text


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


# Stages


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
