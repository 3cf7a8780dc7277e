"""The sample newsroom over real HTTP on loopback, and what its answers and listings hold."""

import gzip
import http.client
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from email.message import Message
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from pipelines.commands.newsroom import FOLDER
from pipelines.newsroom import Newsroom, Request, Server, serve

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
