"""What a page is, when it is no article: a list of articles, a live blog, a film, photos, the free beginning of one.

What is unsure is an article: a page refused is lost, a page kept is seen. A photo story whose captions make a text is
an article.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.article import Discard
from crawler.extraction.dates import first_time
from crawler.extraction.metadata import ARTICLE_TYPES, Metadata
from crawler.text import clean

# Of 14 real section and front pages all are told; of 833 real articles 2 are taken for a list (and 1 live blog and
# 2 films are refused).
MIN_TEASERS = 9  # headings that are links
# Characters in one container that make it an article's text; teasers have one or two sentences each. Below a headline
# of its own less is enough, and more teasers are needed to make a list of it.
BLOCK, BLOCK_HEADED = 600, 200
MIN_TEASERS_HEADED = 15
HEADLINE = 25  # characters; names of sections are shorter
LINKED = 0.8  # share of a page's text that stands in links, from which on it is a list
MIN_LINKS = 10
ALL_LINKED = 0.95  # nothing but links: a list, however short
SENTENCE = 40  # characters of a text node that count as text of a block
SHORT = 500  # characters of extracted text; captions and film notes are shorter
STUB = 160  # of a page for subscribers: a sentence or two. A whole paragraph that is free to read is worth keeping.
LISTS = {"CollectionPage", "ItemList", "SearchResultsPage"}
# What has one thing of its own to show is no list, however many others it links.
THINGS = {"Recipe", "Product", "QAPage", "SoftwareApplication", "Event", "Book", "Movie"}
GALLERIES = {"ImageGallery", "MediaGallery", "gallery"}
INLINE = {"a", "b", "i", "em", "strong", "span", "font", "u", "mark", "small", "sub", "sup", "p", "br"}
TEXTS = etree.XPath("/html/body/descendant::text()")
LINKED_HEADINGS = etree.XPath(
    "count(//body//*[self::h2 or self::h3 or self::h4 or self::h5][ancestor::a[@href] or .//a[@href]])"
)
LINKS = etree.XPath("ancestor::a[@href] | .//a[@href]")
FOOT = re.compile(r"foot(?!ball)|copyright|ban-?quyen|cookie|consent|popup|modal", re.IGNORECASE)
UNSEEN = {"script", "style", "noscript", "template", "textarea", "option"}


@dataclass(frozen=True)
class Shape:
    """How the text of a page is spread."""

    block: int  # characters of the fullest container
    linked: float  # share of the text that is in links
    links: int
    teasers: int


def refusal(tree: HtmlElement, metadata: Metadata, now: datetime | None = None) -> Discard | None:
    """Why a page is no article, as far as its build tells; None = it may be one. Looks at the tree as it came.

    `now` = when it was fetched.
    """
    types = set(metadata.types)
    if "LiveBlogPosting" in types and not _is_over(metadata, now or datetime.now(UTC)):
        return Discard.LIVE
    if states_article(metadata) or types & THINGS:
        return None
    return Discard.LISTING if _is_list(shape_of(tree), types, headed=_has_headline(tree)) else None


def refusal_of_text(metadata: Metadata, length: int) -> Discard | None:
    """Why a page with so many characters of extracted text is no article."""
    if length >= SHORT:
        return None
    types = set(metadata.types)
    if not metadata.free and length < STUB:
        return Discard.PAYWALL
    if types & GALLERIES:
        return Discard.PHOTOS
    if any(name == "VideoObject" or name.startswith("video") for name in types) and not states_article(metadata):
        return Discard.VIDEO
    return None


def _is_over(metadata: Metadata, now: datetime) -> bool:
    """Whether a live blog's coverage has ended: from then on its text is as final as an article's."""
    zone = ZoneInfo("UTC")
    ends = [end for text in metadata.live_until if (end := first_time([text], zone, now))]
    return bool(ends) and len(ends) == len(metadata.live_until) and max(ends) < now


def states_article(metadata: Metadata) -> bool:
    """Whether the publisher tells machines that the page is an article: its type and when it was published."""
    return any(ARTICLE_TYPES.search(name) for name in metadata.types if name != "article") or (
        "article" in metadata.types and bool(metadata.published)
    )


def _is_list(shape: Shape, types: set[str], *, headed: bool) -> bool:
    enough = MIN_TEASERS_HEADED if headed else MIN_TEASERS
    if shape.teasers >= enough or (LISTS & types and shape.teasers > 2):
        return shape.block < (BLOCK_HEADED if headed else BLOCK)
    linked = shape.links >= MIN_LINKS and shape.linked >= LINKED
    return (linked or (shape.links > 0 and shape.linked >= ALL_LINKED)) and shape.block < SENTENCE


def _has_headline(tree: HtmlElement) -> bool:
    """Whether the page has one heading, long enough for a headline and no link: lists are headed by a section."""
    found = [element for element in tree.iter("h1") if element.text_content().strip()]
    return len(found) == 1 and len(clean(found[0].text_content())) >= HEADLINE and not LINKS(found[0])


def shape_of(tree: HtmlElement) -> Shape:
    """Measure a page."""
    blocks: Counter[HtmlElement] = Counter()
    total = linked = links = 0
    for part in TEXTS(tree):
        length = len(part.strip())
        if length < 2:
            continue
        owner = part.getparent()
        if part.is_tail:
            owner = owner.getparent()
        if owner is None or owner.tag in UNSEEN:
            continue
        total += length
        link = owner.tag == "a" or any(node.tag == "a" for node in owner.iterancestors("a"))
        linked += length if link else 0
        links += link
        if length >= SENTENCE and not link:
            blocks[_container(owner)] += length
    return Shape(
        block=next((length for node, length in blocks.most_common(5) if not _in_foot(node)), 0),
        linked=linked / total if total else 0.0,
        links=links,
        teasers=int(LINKED_HEADINGS(tree)),
    )


def _in_foot(node: HtmlElement) -> bool:
    return any(
        part.tag == "footer" or FOOT.search(f"{part.get('class') or ''} {part.get('id') or ''}")
        for part in (node, *node.iterancestors())
        if part.tag not in ("body", "html")
    )


def _container(owner: HtmlElement) -> HtmlElement:
    """The element that holds a text together with the paragraphs beside it."""
    node = owner
    while node.tag in INLINE and node.getparent() is not None:
        node = node.getparent()
    return node
