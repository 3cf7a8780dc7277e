"""Parts of an article's container that are not its text: known by the names of their classes, by links, as hidden.

Each rule was kept for what it did on pages of many outlets: see docs/performance.md.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.xpaths import OVERALL_DISCARD_XPATH

from crawler.extraction.blocks import BLOCKS, Weights

# Never text, wherever they stand. Dropped first, so that nothing later walks over them.
TEXTLESS = (
    "script", "style", "svg", "iframe", "template", "button", "select", "textarea", "input", "video", "audio", "canvas",
    "link", "map", "option", "embed", "source", "meta",
)  # fmt: skip
NAMES = re.compile(
    r"related|newsletter|breadcrumb|recommend|outbrain|taboola|advert|sponsor|comments?[-_]|[-_]comment|caption"
    r"|tin-?lien-?quan|lien-?quan|cung-?chuyen-?muc|tin-?khac|read-?more|more-?(?:news|stories|articles|on)|fact-?box"
    r"|info-?box|share|social|author[-_]|[-_]author|byline|tag-?(?:list|box)|[-_]tags|tags[-_]|most-?(?:read|popular)"
    r"|trending|subscri|sign-?up|donat|promo(?!t)|teaser|no-?print|hide-?print|rating|copyright|disclaimer|trc_"
    r"|ad-?(?:slot|unit|wrap|container|block|label)|google-?ad|(?:^|[ _-])ads?(?:$|[ _-])|next-?(?:article|post|story)"
    r"|prev-?(?:article|post|story)|modal|popup|cookie|disqus|livefyre|toolbar|timestamp|sr-?only|visually-?hidden"
    r"|screen-?reader|(?:^|[ _-])(?:date|gallery|meta)(?:$|[ _-])",
    re.IGNORECASE,
)
# The engine's own names: judged here, by the text outside of links.
ENGINES = OVERALL_DISCARD_XPATH
# Readers' comments, by the engine's names for them. Long threads outweigh the article.
COMMENTS_ID = re.compile(r"[Cc]omment(?!ary)|comol|disqus_thread|dsq-comments")
COMMENTS = re.compile(r"^[Cc]omment(?!ary)|(?:article|post)-comments")
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)
TRANSPARENT = frozenset(("body", "main", "a", "b", "i", "strong", "em"))  # their names say nothing of their text
# A part with more than this share of the container's text is the text, whatever its name.
MAX_PART = 0.3
MAX_PARTS = 6 / 7  # the same of all such parts together, as in the engine
# "Read more: <a>": a label before links that make most of the line. Without a label a linked line may be a subheading.
MAX_POINTER, POINTER_SHARE = 260, 0.6
LABEL = re.compile(r"[^:]{2,30}:\s*$|[(\[>»►|]\s*$")
SHOUTED = re.compile(r"[^:a-zà-ỹа-я]{3,30}:\s")
LIST_SHARE = 0.7  # of a list's text in links: a list of other articles; 0.5 lost lists of sources
MAX_ABOVE = 60  # characters of running text before a headline; longer ones were leads set above it
MAX_CAPTION = 400  # characters of a table that holds an image and its caption; larger ones are layout
NO_TEXT = frozenset(("img", "picture"))


def clean(tree: HtmlElement) -> None:
    """Drop what never holds text of an article, in place."""
    etree.strip_elements(tree, etree.Comment, etree.ProcessingInstruction, *TEXTLESS, with_tail=False)
    drop([part for part in tree.iter("div", "section", "ol", "ul", "details") if _is_of_readers(part)])


def name_of(element: HtmlElement) -> str:
    """Class and id."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def is_hidden(element: HtmlElement) -> bool:
    """Whether readers do not see an element, as far as its own markup says."""
    marks = element.attrib
    return "hidden" in marks or marks.get("aria-hidden") == "true" or bool(HIDDEN.search(marks.get("style", "")))


def is_apart(element: HtmlElement) -> bool:
    """Whether an element is named or marked as something beside the article."""
    return len(element.attrib) > 0 and (NAMES.search(name_of(element)) is not None or is_hidden(element))


def prune(scope: HtmlElement, weights: Weights, headline: HtmlElement | None) -> None:
    """Drop the parts of the scope that are apart from the text, in place."""
    hidden = _hidden_parts(scope)
    drop(hidden)
    drop(_named_parts(scope, weights, weights.of(scope) - sum(map(weights.of, hidden))))
    if headline is not None and scope in set(headline.iterancestors()):
        drop([*_above(headline, scope, weights), headline])
    drop([part for part in scope.iter("ul", "ol", "p", "div", "table") if part is not scope and _points_away(part)])


def drop(elements: Iterable[HtmlElement]) -> None:
    """Take elements out of the tree; text after them stays."""
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _is_of_readers(part: HtmlElement) -> bool:
    return bool(COMMENTS_ID.match(part.get("id", "")) or COMMENTS.search(part.get("class", "")))


def _hidden_parts(scope: HtmlElement) -> list[HtmlElement]:
    """What readers do not see; nothing where that is nearly all: scripts show it then."""
    parts = outermost([part for part in scope.iter(etree.Element) if len(part.attrib) and is_hidden(part)])
    hidden = sum(len(part.text_content()) for part in parts if part is not scope)
    return [part for part in parts if part is not scope] if hidden <= MAX_PARTS * len(scope.text_content()) else []


def _named_parts(scope: HtmlElement, weights: Weights, whole: float) -> list[HtmlElement]:
    """Outermost parts with telling names. Where they hold most of the text, as slides do, only those without any."""
    named = [part for part in scope.iter(etree.Element) if part is not scope and _has_name(part)]
    named += [part for expression in ENGINES for part in expression(scope)]
    parts = outermost([part for part in named if weights.of(part) < MAX_PART * whole])
    most = sum(map(weights.of, parts)) > MAX_PARTS * whole
    return [part for part in parts if not (most and weights.of(part))]


def outermost(parts: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Those that stand in no other one."""
    known = dict.fromkeys(parts)
    return [part for part in known if known.keys().isdisjoint(part.iterancestors())]


def _has_name(part: HtmlElement) -> bool:
    if part.tag in TRANSPARENT:
        return False
    return part.tag in ("article", "form") or (len(part.attrib) > 0 and NAMES.search(name_of(part)) is not None)


def _above(headline: HtmlElement, scope: HtmlElement, weights: Weights) -> Iterator[HtmlElement]:
    """What stands before the headline: sections, dates, crumbs; no paragraphs."""
    element = headline
    while element is not scope:
        yield from (other for other in element.itersiblings(preceding=True) if weights.of(other) < MAX_ABOVE)
        element = element.getparent()


def _points_away(part: HtmlElement) -> bool:
    """Whether a list, line or table only leads to other articles, or describes an image."""
    if part.tag == "table":
        return part.find(".//img") is not None and 0 < len(text_of(part)) <= MAX_CAPTION
    if next(part.iter("a"), None) is None or (part.tag == "div" and any(child.tag in BLOCKS for child in part)):
        return False
    text = text_of(part)
    if part.tag in ("ul", "ol"):
        return _linked(part) >= LIST_SHARE * len(text)
    if not 12 <= len(text) <= MAX_POINTER or _linked(part) < POINTER_SHARE * len(text):
        return False
    link = next(part.iter("a"))
    before = text[: text.find(text_of(link))] if text_of(link) else ""
    return LABEL.search(before) is not None or SHOUTED.match(text) is not None


def text_of(element: HtmlElement) -> str:
    """All text in an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def lines_of(element: HtmlElement) -> str:
    """All text in an element, a line a block; the element is used up."""
    for part in element.iter(*BLOCKS, "br"):
        part.text = "\n" + (part.text or "")
        part.tail = "\n" + (part.tail or "")
    return "\n".join(line for line in (" ".join(line.split()) for line in element.text_content().split("\n")) if line)


def _linked(element: HtmlElement) -> int:
    return sum(len(text_of(link)) for link in element.iter("a"))
