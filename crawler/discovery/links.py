"""The links of a page with what tells an article's from a menu's: the address, the words, the place on the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree, html
from w3lib.encoding import html_body_declared_encoding, read_bom

from crawler.discovery.listing import NotAListing, plausible
from crawler.text import clean
from crawler.urls import fetchable, host_of, resolve

# Scripts that write no spaces: two of their signs carry about what a word does.
WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
NUMBERED = re.compile(
    r"\d{5,}|/(19|20)\d\d/[a-z0-9]{1,3}/|/(19|20)\d\d-\d\d-\d\d/|[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE
)
IN_QUERY = re.compile(r"[?&]\w*(id|nr|no|art|news)\w*=\d{3,}", re.IGNORECASE)
CODE = re.compile(r"(?=[a-z]*\d[a-z]*\d)[a-z0-9]{9,}", re.IGNORECASE)  # bbc.com/articles/c1l0xyz3kz9o
MENU_TAGS = ("nav", "header", "footer")
MENU_NAMES = re.compile(
    r"(^|[\W_])(nav|navbar|menu|submenu|footer|breadcrumbs?|header|topbar|social|share|tags?)([\W_]|$)", re.I
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5")
MAX_ANCHORS = 5_000  # the longest honest front page we saw has 807
CLIMB = 12  # ancestors looked at: menus are closer to the root than that in honest pages
NEAR = 3  # ancestors whose <time> is taken for the link's own


@dataclass(frozen=True)
class Link:
    """A link of a page: where to, its longest text, whether it stands in a menu or a heading, the time beside it."""

    url: str
    text: str
    menu: bool
    heading: bool
    time: datetime | None = None

    @property
    def path(self) -> str:
        """The path as written, percent signs undone."""
        return unquote(urlsplit(self.url).path)

    @property
    def slug(self) -> str:
        """The longest segment of the path that is not a bare number, without its ending."""
        parts = [re.sub(r"\.\w{2,5}$", "", part) for part in self.path.split("/")]
        return max((part for part in parts if not part.isdecimal()), key=len, default="")

    @property
    def words(self) -> float:
        """How many words its text has."""
        return len(WIDE.findall(self.text)) / 2 + len(WIDE.sub(" ", self.text).split())

    @property
    def numbered(self) -> bool:
        """Whether the address has what numbers articles: five digits, a date, a UUID, a code."""
        last = self.path.rstrip("/").rpartition("/")[2]
        return bool(NUMBERED.search(self.path + "/") or CODE.fullmatch(last) or IN_QUERY.search(self.url))

    def merged(self, other: "Link") -> "Link":
        """Two links to one address as one: the longer text, the better place, any time."""
        longer = other if len(other.text) > len(self.text) else self
        menu, heading = self.menu and other.menu, self.heading or other.heading
        return Link(self.url, longer.text, menu, heading, self.time or other.time)


# libxml2 compares every attribute of a tag with every other, where no clock can stop it: a million took hours. Honest
# tags have below 100.
MANY_ATTRIBUTES = re.compile(
    rb"""<[a-zA-Z][^\s<>]*+(?>\s++[^\s=<>"'/][^\s=<>"']*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?){1000}"""
)


def parse(body: bytes) -> html.HtmlElement:
    """A page's tree, in the encoding that it states; UTF-8 when it states none.

    Raises
    ------
    NotAListing
        There is no element in it, or a tag that would take the parser hours.
    """
    if MANY_ATTRIBUTES.search(body):
        raise NotAListing("a tag has more than 1,000 attributes")
    marked = read_bom(body)[0]
    if marked:  # UTF-16 has names that libxml2 does not know
        body = body.decode(marked, "replace").encode("utf-8", "replace")
    encoding = "utf-8" if marked else html_body_declared_encoding(body) or "utf-8"
    try:
        tree = html.fromstring(body, parser=html.HTMLParser(encoding=encoding))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NotAListing(f"not HTML: {error}"[:200]) from error
    return tree


def site_of(host: str) -> str:
    """The registered domain of a host, so that `thethao.x.vn` is of the site `x.vn`; the host when it has none."""
    return _site(host.lower())


@lru_cache(maxsize=10_000)
def _site(host: str) -> str:
    from crawler.variants import registered, undressed_host

    return registered(host) or undressed_host(host)


def links_of(tree: html.HtmlElement, base: str) -> Iterator[Link]:
    """The links to the page's own site, in their order."""
    site, menus = site_of(host_of(base)), {}  # type: tuple[str, dict[html.HtmlElement, bool]]
    for anchor in islice(tree.iter("a"), MAX_ANCHORS):
        url = resolve(base, anchor.get("href") or "")
        if not fetchable(url) or site_of(host_of(url)) != site:
            continue
        above = [parent for parent, _ in zip(anchor.iterancestors(), range(CLIMB), strict=False)]
        heading = any(parent.tag in HEADINGS for parent in above[:NEAR]) or any(
            child.tag in HEADINGS for child in anchor.iterchildren()
        )
        yield Link(url, clean(anchor.text_content()), _in_menu(above, menus), heading, _time_beside(anchor, above))


def _time_beside(anchor: html.HtmlElement, above: list[html.HtmlElement]) -> datetime | None:
    """The moment that a `<time>` in the link, or in the smallest box around that link alone, states with its offset."""
    for box in (anchor, *above[:NEAR]):
        if any(link.get("href") != anchor.get("href") for link in box.iter("a")):
            return None
        for stated in box.iter("time"):
            try:
                moment = datetime.fromisoformat(stated.get("datetime") or "")
            except ValueError:
                continue
            return plausible(moment) if moment.tzinfo else None
    return None


def _in_menu(above: list[html.HtmlElement], known: dict[html.HtmlElement, bool]) -> bool:
    for parent in above:
        if parent not in known:
            names = f"{parent.get('class') or ''} {parent.get('id') or ''}"
            known[parent] = parent.tag in MENU_TAGS or bool(MENU_NAMES.search(names))
        if known[parent] and parent.tag not in ("body", "html"):
            return True
    return False
