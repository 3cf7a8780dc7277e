"""`diembao sources add` and `check` against a small outlet on loopback, in processes of their own."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.source import load_source, load_sources
from pipelines.adding import country_of, home_address
from pipelines.errors import UsageError

Run = Callable[..., subprocess.CompletedProcess[str]]
NOW = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} +0000"
ITEMS = "".join(
    f"<item><title>Tin số {n}</title><link>/tin-{n}.html</link><pubDate>{NOW}</pubDate></item>" for n in range(3)
)
RSS = f"<rss version='2.0'><channel><title>x</title>{ITEMS}</channel></rss>"
NEWS = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/tin-1.html</loc><n:news><n:publication_date>"
    "2026-11-01T00:00:00Z</n:publication_date><n:title>Tin</n:title></n:news></url></urlset>"
)
HOME = "<html lang='vi'><head><title>Báo Lam Giang | Tin</title>{}</head><body>{}</body></html>"
LINK = "<link rel='alternate' type='application/rss+xml' href='/rss/nha.rss'>"
LINKS = "".join(
    f"<p><a href='/tin-tuc-moi-nhat-so-{n}-20261109{n:06}.html'>Sáu chữ trong một tiêu đề</a></p>" for n in range(6)
)


class Outlet(ThreadingHTTPServer):
    """Answers what `pages` says, 404 otherwise; remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://bao-lam-giang.localhost:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    server: Outlet

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = self.server.pages.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    with Outlet() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def diembao(root: Path, tmp_path: Path, outlet: Outlet) -> Run:
    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        variables = {name: value for name, value in os.environ.items() if not name.startswith("DIEMBAO_")}
        variables |= {"DIEMBAO_VAR_DIR": str(tmp_path / "var"), "DIEMBAO_SOURCES_DIR": str(tmp_path / "sources")}
        variables |= {"DIEMBAO_OPENED": outlet.endpoint, "DIEMBAO_DELAY": "0", "PYTHONPATH": str(root)} | settings
        command = [sys.executable, "-m", "pipelines.cli", "sources", *arguments]
        return subprocess.run(
            command, env=variables, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
        )

    return run


def one_line(done: subprocess.CompletedProcess[str], says: str) -> None:
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert says in done.stderr


def test_an_outlet_is_added_and_checked(outlet: Outlet, diembao: Run, tmp_path: Path) -> None:
    outlet.pages = {
        "/": HOME.format(LINK, LINKS),
        "/robots.txt": "User-agent: *\nAllow: /\nSitemap: /tin-tuc.xml\nSitemap: /moi-thu.xml\nSitemap: /hong.xml\n",
        "/rss/nha.rss": RSS,
        "/tin-tuc.xml": NEWS,
        "/moi-thu.xml": "<urlset><url><loc>/lien-he</loc></url></urlset>",
        "/hong.xml": "hỏng",
    }
    done = diembao("add", outlet.url, "--country", "VN")
    assert done.returncode == 0, done.stderr
    assert "diembao crawl --source" in done.stdout
    (path,) = (tmp_path / "sources").rglob("*.yaml")
    source = load_source(path)
    assert (source.name, source.country, source.languages) == ("Báo Lam Giang", "VN", ("vi",))
    assert (source.scope, source.timezone, path.parent.name) == ("national", "Asia/Ho_Chi_Minh", "vn")
    assert {(feed.url.removeprefix(outlet.url), feed.kind, feed.enabled) for feed in source.feeds} == {
        ("rss/nha.rss", "rss", True),
        ("tin-tuc.xml", "news_sitemap", True),
        ("moi-thu.xml", "sitemap", False),
    }
    assert "/feed" not in outlet.asked, "common addresses are tried only where nothing is named"
    assert len(outlet.asked) <= 8

    written = path.read_text(encoding="utf-8")
    one_line(diembao("add", outlet.url, "--country", "VN"), "the registry has")
    assert path.read_text(encoding="utf-8") == written

    done = diembao("check")
    assert done.returncode == 0, done.stderr
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
    outlet.pages["/rss/nha.rss"] = RSS.replace("<item>", "<tin>").replace("</item>", "</tin>")
    del outlet.pages["/tin-tuc.xml"]
    done = diembao("check", source.id, "--json")
    rows = {row["url"].removeprefix(outlet.url): row for row in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1
    assert rows["rss/nha.rss"]["problem"] == "lists nothing"
    assert (rows["tin-tuc.xml"]["status"], rows["tin-tuc.xml"]["problem"]) == (404, "HTTP 404")
    assert (rows["moi-thu.xml"]["works"], rows["moi-thu.xml"]["enabled"]) == (True, False)


def test_where_no_feed_is_named_common_addresses_are_tried(outlet: Outlet, diembao: Run) -> None:
    outlet.pages = {"/": HOME.format("", LINKS), "/feed": RSS, "/robots.txt": "User-agent: *\nDisallow: /sitemap.xml"}
    done = diembao("add", outlet.url, "--country", "LA", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "/feed" in done.stdout
    assert "Asia/Vientiane" in done.stdout
    assert "kind: section" not in done.stdout
    assert "/sitemap.xml" not in outlet.asked, "robots.txt holds for adding, too"


def test_a_front_page_full_of_articles_will_do(outlet: Outlet, diembao: Run, tmp_path: Path) -> None:
    outlet.pages = {"/": HOME.format("", LINKS)}
    done = diembao("add", outlet.url, "--country", "VN", "--scope", "provincial")
    assert done.returncode == 0, done.stderr
    (source,) = load_sources(tmp_path / "sources").values()
    assert [(feed.kind, feed.url, feed.enabled) for feed in source.feeds] == [("section", outlet.url, True)]
    assert source.scope == "provincial"


def test_what_cannot_be_added_is_told_in_one_line(outlet: Outlet, diembao: Run, tmp_path: Path) -> None:
    outlet.pages = {"/": HOME.format("", "<p>Không có gì ở đây</p>")}
    one_line(diembao("add", outlet.url, "--country", "VN"), "no feed, news sitemap or list of articles found")
    outlet.pages = {"/": HOME.format(LINK, LINKS), "/robots.txt": "User-agent: *\nDisallow: /"}
    one_line(diembao("add", outlet.url, "--country", "VN"), "robots.txt forbids it")
    outlet.pages = {}
    one_line(diembao("add", outlet.url, "--country", "VN"), "HTTP 404")
    one_line(diembao("add", outlet.url, "--country", "VN", DIEMBAO_OPENED=""), "private or forbidden address")
    one_line(diembao("add", "http://169.254.169.254/latest", "--country", "VN"), "private or forbidden address")
    one_line(diembao("add", outlet.url, "--country", "VN", "--proxy", "x"), "is not an address like")
    one_line(diembao("check", "bao-lam-giang"), "no folder of sources")
    assert not (tmp_path / "sources").exists()


@pytest.mark.parametrize(
    "text", ["", "bao", "ftp://bao.example/", "http://[oops", "javascript:alert(1)", "http://a:b@c.vn/"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="write it like https://"):
        home_address(text)


def test_the_address_as_people_write_it() -> None:
    assert home_address(" bao.example ") == "https://bao.example/"
    assert home_address("http://bao.example/vi/") == "http://bao.example/vi/"


@pytest.mark.parametrize(
    ("url", "given", "country"),
    [
        ("https://bao.vn/", "", "VN"),
        ("https://bao.com.vn/", "la", "LA"),
        ("https://bao.co.uk/", "", "GB"),
        ("https://bao.com/", "th", "TH"),
    ],
)
def test_the_country_of_an_address(url: str, given: str, country: str) -> None:
    assert country_of(url, given) == country


@pytest.mark.parametrize(
    ("url", "given"), [("https://bao.com/", ""), ("https://bao.tv/", ""), ("https://b.vn/", "Lào")]
)
def test_a_country_that_cannot_be_told(url: str, given: str) -> None:
    with pytest.raises(UsageError, match="VN"):
        country_of(url, given)
