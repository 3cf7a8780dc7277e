"""From an outlet's home page to what may list its articles: candidates, to be read before anyone believes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html

from crawler.discovery.links import parse
from crawler.text import clean
from crawler.urls import canonical, fetchable, resolve

TYPES = {
    "application/rss+xml": "rss",
    "application/rdf+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json_feed",
    "application/json": "json_feed",
}
# Asked for only when the page and robots.txt name none: the commonest of the registry's own feeds, few for politeness.
COMMON_FEEDS = ("/rss", "/feed", "/rss.xml", "/rss/home.rss", "/feed.xml", "/atom.xml")
COMMON_SITEMAPS = ("/news-sitemap.xml", "/sitemap_news.xml", "/sitemap.xml", "/sitemap_index.xml")
MOST_LINKED = 12  # a page that names more has one for each section; the first are the general ones
MOST_SITEMAPS = 6
SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
# What WordPress names as well: a feed of readers' comments, its programming interface, embeddings.
NOT_NEWS = re.compile(r"/comments?(/|$)|/binh-luan/feed|/wp-json|/oembed", re.IGNORECASE)
NAMES = ("//meta[@property='og:site_name']/@content", "//meta[@name='application-name']/@content", "//title/text()")


@dataclass(frozen=True)
class Candidate:
    """An address that may list articles, and where it was named."""

    url: str
    kind: str
    evidence: str


@dataclass(frozen=True)
class HomePage:
    """What an outlet's front page says of the outlet and of its feeds."""

    name: str
    languages: tuple[str, ...]
    feeds: tuple[Candidate, ...]


def read_home(body: bytes, url: str) -> HomePage:
    """The outlet's name, its language, and the feeds that its front page names.

    Raises
    ------
    NotAListing
        The answer is no HTML.
    """
    tree = parse(body)
    stated = (tree.get("lang") or "").strip().lower()
    language = re.match(r"[a-z]{2,3}(?![a-z])", stated)
    feeds = {canonical(found.url): found for found in _linked(tree, url)}
    return HomePage(_name(tree), (language[0],) if language else (), tuple(feeds.values())[:MOST_LINKED])


def named_in_robots(text: str, url: str) -> tuple[Candidate, ...]:
    """The sitemaps that a robots.txt names; those that speak of news first."""
    found = dict.fromkeys(resolve(url, line) for line in SITEMAP_LINE.findall(text))
    ordered = sorted((one for one in found if fetchable(one)), key=lambda one: "news" not in one.lower())
    return tuple(Candidate(one, "sitemap", "named in robots.txt") for one in ordered[:MOST_SITEMAPS])


def common(url: str, paths: tuple[str, ...], kind: str) -> tuple[Candidate, ...]:
    """Addresses that many outlets use, on the host of `url`."""
    return tuple(Candidate(resolve(url, path), kind, "at a common address") for path in paths)


def _linked(tree: html.HtmlElement, base: str) -> Iterator[Candidate]:
    for link in tree.iter("link"):
        kind = TYPES.get((link.get("type") or "").split(";")[0].strip().lower())
        address = resolve(base, link.get("href") or "")
        alternate = "alternate" in (link.get("rel") or "").lower().split()
        if kind and alternate and fetchable(address) and not NOT_NEWS.search(address):
            yield Candidate(address, kind, "named in the head of the front page")


def _name(tree: html.HtmlElement) -> str:
    for path in NAMES:
        for text in tree.xpath(path)[:1]:
            # A title is the name with a slogan behind it.
            name = re.split(r"\s[|–—-]\s|\s*:\s", clean(str(text)))[0].strip()
            if name:
                return name[:100]
    return ""
