"""Sitemaps, news sitemaps and sitemap indexes, by lxml: common readers drop `news:title` and `publication_date`.

Read as a stream of events: no tree is built, so memory follows what is kept and not what is sent.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from lxml import etree

from crawler.discovery.listing import MAX_ITEMS, Listing, NotAListing, plausible
from crawler.discovery.patience import patience
from crawler.discovery.span import Span
from crawler.discovery.unpacking import pieces
from crawler.frontier import Child, Discovery
from crawler.text import clean
from crawler.urls import fetchable, resolve

MAX_CHILDREN = 500
MAX_INDEX = 50_000  # sitemaps.org; of these the newest MAX_CHILDREN are taken
# A news sitemap has 8 elements an article, one with pictures up to 40; lxml reads 2.5 million in a second.
MAX_ELEMENTS = 4_000_000
SECONDS = 8.0  # of processor time: what a sitemap of the protocol's 50 MB takes, twice over
MAX_TEXT = 4_000  # longer than any URL we fetch and any title
ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
FIELDS = {"loc", "lastmod", "publication_date", "title"}


class _Enough(Exception):  # noqa: N818 - not an error: as many entries as we take
    pass


class _Entries:
    """Collects `<url>` and `<sitemap>` entries from lxml's events, keeping nothing else."""

    def __init__(self) -> None:
        self.root = ""
        self.entries: list[dict[str, str]] = []
        self.problem: str | None = None
        self._path: list[str] = []
        self._elements = 0
        self._entry: dict[str, str] = {}
        self._field = ""
        self._text: list[str] = []
        self._room = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self._elements += 1
        if not self._path:
            self.root = name
        elif len(self._path) == 1:
            self._entry = {}
        self._path.append(name)
        self._field = self._wanted(name)
        self._text, self._room = [], MAX_TEXT
        if self._elements > MAX_ELEMENTS:
            self.problem = f"more than {MAX_ELEMENTS} elements; the rest was left"
            raise _Enough

    def end(self, _tag: str) -> None:
        name = self._path.pop() if self._path else ""
        if self._field:
            self._entry.setdefault(self._field, " ".join("".join(self._text).split()))
            self._field = ""
        if len(self._path) == 1 and name in ("url", "sitemap") and self._entry.get("loc"):
            self.entries.append(self._entry)
            most = MAX_ITEMS if name == "url" else MAX_INDEX
            if len(self.entries) > most:
                self.problem = f"more than {most} entries; the rest was left"
                raise _Enough

    def data(self, text: str) -> None:
        if self._field and self._room > 0:
            self._text.append(text[: self._room])
            self._room -= len(text)

    def close(self) -> None:
        self._field = ""

    def _wanted(self, name: str) -> str:
        # Pictures and videos have a loc and a title of their own; the article's are where the protocols put them.
        if name not in FIELDS or len(self._path) < 3:
            return ""
        parent = self._path[-2]
        if name in ("loc", "lastmod"):
            return name if len(self._path) == 3 else ""
        return name if name == "publication_date" or parent == "news" else ""


def read_sitemap(body: bytes, url: str, links: str = "", span: Span | None = None) -> Listing:
    """The articles of a sitemap, or the sitemaps of an index; with a `span`, those of its days only.

    Raises
    ------
    NotAListing
        The answer is not XML of the sitemap kind, defines entities, or unpacks to more than the protocol allows.
    """
    with patience(SECONDS):
        found = _read(body)
    if found.root == "sitemapindex":
        return _index(found, url, span)
    if found.root != "urlset":
        name = f"the document is <{found.root}>" if found.root else "not XML: the document"
        raise NotAListing(f"{name}, not <urlset> or <sitemapindex>"[:200])
    pattern = re.compile(links)
    entries = found.entries[:MAX_ITEMS]
    items = (item for entry in entries if (item := _item(entry, url, pattern)))
    return Listing(tuple(item for item in items if span is None or span.holds(item, url)), problem=found.problem)


def _read(body: bytes) -> _Entries:
    found = _Entries()
    parser = etree.XMLParser(target=found, resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    stream = pieces(body)
    first = next(stream, b"")
    if ENTITY.search(first):
        raise NotAListing("the sitemap defines XML entities, which we refuse")
    try:
        parser.feed(first)
        for piece in stream:
            if not found.root:  # a whole piece without an element: zeros that only cost time
                raise NotAListing("not XML: no element at its beginning")
            parser.feed(piece)
        parser.close()
    except _Enough:
        pass
    except (etree.XMLSyntaxError, ValueError) as error:
        if not found.entries:
            raise NotAListing(f"not XML: {error}"[:200]) from error
        found.problem = f"ill-formed but readable: {error}"[:200]
    return found


def _item(entry: Mapping[str, str], url: str, pattern: re.Pattern[str]) -> Discovery | None:
    location = resolve(url, entry["loc"])
    if not fetchable(location) or not pattern.search(location):
        return None
    title = clean(entry.get("title", ""))[:1000] or None
    return Discovery(location, title, _time(entry.get("publication_date", "")), _time(entry.get("lastmod", "")))


def _index(found: _Entries, url: str, span: Span | None) -> Listing:
    children = []
    for entry in found.entries:
        child = Child(resolve(url, entry["loc"]), "sitemap", _time(entry.get("lastmod", "")))
        if fetchable(child.url) and (span is None or span.may_hold(child)):
            children.append(child)
    if len(children) > MAX_CHILDREN:
        # The newest first: an index that never ends should not hide today's news.
        children.sort(key=lambda child: child.modified_at.timestamp() if child.modified_at else 0.0, reverse=True)
        return Listing(
            children=tuple(children[:MAX_CHILDREN]), problem=f"more than {MAX_CHILDREN} sitemaps; the newest taken"
        )
    return Listing(children=tuple(children), problem=found.problem)


def _time(text: str) -> datetime | None:
    try:
        return plausible(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
