"""Sitemaps, news sitemaps and sitemap indexes, by lxml: common readers drop `news:title` and `publication_date`."""

import gzip
import re
import zlib
from datetime import datetime

from lxml import etree

from crawler.discovery.listing import MAX_ITEMS, Listing, NotAListing, plausible
from crawler.frontier import Child, Discovery
from crawler.metadata import clean
from crawler.urls import fetchable, resolve

MAX_UNZIPPED = 50 * 1024 * 1024  # sitemaps.org: 50 MB uncompressed
MAX_CHILDREN = 500


def read_sitemap(body: bytes, url: str, links: str = "") -> Listing:
    """The articles of a sitemap, or the sitemaps of an index.

    Raises
    ------
    NotAListing
        The answer is not XML of the sitemap kind, or unpacks to more than the protocol allows.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(_unzip(body), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAListing(f"not XML: {error}"[:200]) from error
    name = etree.QName(root).localname if root is not None else ""
    if name == "sitemapindex":
        return _index(root, url)
    if name != "urlset":
        raise NotAListing(f"the document is <{name}>, not <urlset> or <sitemapindex>")
    pattern = re.compile(links)
    items = []
    for node in root.iterfind("{*}url"):
        location = resolve(url, _text(node, "{*}loc"))
        if fetchable(location) and pattern.search(location):
            published = _time(_text(node, ".//{*}publication_date"))
            title = clean(_text(node, ".//{*}news/{*}title"))[:1000] or None
            items.append(Discovery(location, title, published, _time(_text(node, "{*}lastmod"))))
        if len(items) >= MAX_ITEMS:
            return Listing(tuple(items), problem=f"more than {MAX_ITEMS} entries; the rest was left")
    return Listing(tuple(items))


def _index(root: etree._Element, url: str) -> Listing:
    children = []
    for node in root.iterfind("{*}sitemap"):
        location = resolve(url, _text(node, "{*}loc"))
        if fetchable(location):
            children.append(Child(location, "sitemap", _time(_text(node, "{*}lastmod"))))
    if len(children) > MAX_CHILDREN:
        # The newest first: an index that never ends should not hide today's news.
        children.sort(key=lambda child: child.modified_at.timestamp() if child.modified_at else 0.0, reverse=True)
        return Listing(
            children=tuple(children[:MAX_CHILDREN]), problem=f"more than {MAX_CHILDREN} sitemaps; the newest taken"
        )
    return Listing(children=tuple(children))


def _unzip(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        data = unpacker.decompress(body, MAX_UNZIPPED)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise NotAListing(f"broken gzip: {error}") from error
    if unpacker.unconsumed_tail:
        raise NotAListing(f"unpacks to more than {MAX_UNZIPPED // 2**20} MiB")
    return data


def _text(node: etree._Element, path: str) -> str:
    return " ".join((node.findtext(path) or "").split())


def _time(text: str) -> datetime | None:
    try:
        return plausible(datetime.fromisoformat(text))
    except ValueError:
        return None
