"""Where on the page the article stands: the element that holds its paragraphs and little else.

The engine looks for that element, too, by names of classes; it takes the first of several parts, or the whole page when
no name is known. Here the names only advise: what counts is where the running text is, seen from the headline.
"""

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.blocks import BLOCKS, HEADINGS, Weights
from crawler.extraction.pruning import is_apart, name_of, text_of

# Names of containers, from the most telling on. The first three are the engine's (trafilatura.xpaths.BODY_XPATH), one
# expression each; asked only where there is running text they took a twentieth of its time.
ARTICLE_BODY = re.compile(
    r"(?:entry|article|art|page|text)[-_]?content|article__content|article(?:-|__)?body|articleBody|body-text"
    r"|post[-_]text|post-body|post-?entry|post[-_]?content|postContent|article-?text|articleText|ArticleContent"
    r"|article__container|^(?:post|entry)$"
)
STORY = re.compile(
    r"^primary|story-body|^article |post-bodycopy|story-?content|(?:theme|blog|section|single)-content|single-post"
    r"|main-column|wpb_text_column|field-body|(?i:fulltext)|^(?:article|story|text|postarea)$"
)
CONTENT = re.compile(
    r"^content$|content[-_]main|content(?:-|__)?body|[cC]ontent-main|[mM]ain-[cC]ontent|[pP]age-[cC]ontent"
)
SEMANTIC = re.compile(
    r"(?:entry|article|art|post|story|detail|news|page)[-_]*(?:content|body|text|detail)|content[-_]?(?:detail|body)"
    r"|fck_detail|singular-content|noi-?dung",
    re.IGNORECASE,
)
# Parts that can hold more text than the article.
OTHER = re.compile(
    r"comment(?!ary)|footer|related|cookie|consent|privacy|dsgvo|gdpr|modal|popup|overlay|dialog|login|regist(?:er|ration)"
    r"|sidebar",
    re.IGNORECASE,
)
CANDIDATES = 12  # elements looked at, from the one with the most text near
NAMED = 1.15  # what a telling name is worth: it decides between near equals only
ELSEWHERE = 0.05  # such parts are taken where the page has hardly anything else
MISPLACED = 0.3  # a part before the headline, or under a headline of its own, is another article's
SENTENCE_END = re.compile(r"[.!?…。！？।][\"'”’»」)]*$")
MIN_ABOVE = 80  # characters of a block that may be a lead; shorter ones were bylines and notices
MAX_BETWEEN = 500  # elements between headline and text; leads stand close to both
MIN_MASS = 150  # characters; less running text than this is no article's


def find_headline(tree: HtmlElement, title: str) -> HtmlElement | None:
    """The heading that shows the title; else the first h1."""
    key = _letters(title)
    headings = list(tree.iter("h1", "h2"))
    shown = (element for element in headings if key and _letters(element.text_content()) == key)
    found = next(shown, None)
    return found if found is not None else next((element for element in headings if element.tag == "h1"), None)


def find_scope(tree: HtmlElement, weights: Weights, headline: HtmlElement | None) -> HtmlElement | None:
    """The element that holds the article; None where no part of the page is clearly it."""
    dense = densest(weights, headline)
    if dense is None:
        return None
    dense = climb(dense, weights)
    named, strong = named_scope(tree, weights)
    if named is None or named is dense:
        return dense
    if _is_elsewhere(dense):
        return named
    if named in set(dense.iterancestors()):
        share = 0.85 if strong else 0.4
        return named if weights.of(dense) < share * weights.of(named) else dense
    # Elsewhere on the page the more the name tells, the less text it needs: dialogs on cookies hold more than articles.
    holds = headline is not None and headline in set(named.iter(*HEADINGS))
    apart = dense not in set(named.iterancestors())
    return named if weights.of(named) >= (0.25 if holds or (apart and strong) else 0.6) * weights.of(dense) else dense


def densest(weights: Weights, headline: HtmlElement | None) -> HtmlElement | None:
    """The element that the most running text is near to, and not in a part known to be something else."""
    first = sorted(weights.near, key=weights.near.__getitem__, reverse=True)[:CANDIDATES]
    if not first:
        return None
    place = place_of(headline) if headline is not None else []
    best = max(first, key=lambda element: _score(element, weights, place))
    if best.tag == "p":
        best = best.getparent()
    return best if weights.of(best) >= MIN_MASS else None


def named_scope(tree: HtmlElement, weights: Weights) -> tuple[HtmlElement | None, bool]:
    """The first element with a name that containers of articles have; and whether only articles have such a name."""
    found: dict[int, HtmlElement] = {}
    for element in tree.iter("article", "div", "main", "section"):
        if weights.of(element) < MIN_MASS:
            continue
        stage = _stage(element)
        if stage is not None:
            found.setdefault(stage, element)
    first = min(found, default=None)
    return (found[first], first < 2) if first is not None else (None, False)


def _stage(element: HtmlElement) -> int | None:
    classes, ident = element.get("class") or "", element.get("id") or ""
    if element.get("itemprop") == "articleBody" or ARTICLE_BODY.search(ident) or ARTICLE_BODY.search(classes):
        return 0
    if element.tag == "article" or element.get("role") == "article":
        return 1
    if STORY.search(ident) or STORY.search(classes):
        return 2
    if CONTENT.search(ident) or CONTENT.search(classes):
        return 3
    return 4 if element.tag == "main" or classes.startswith("main") or ident.startswith("main") else None


def climb(element: HtmlElement, weights: Weights) -> HtmlElement:
    """Upwards while the neighbours are more of the same article: parts with the same name, or bare paragraphs.

    Never past the element that holds an h1: above it is the page.
    """
    for _ in range(4):
        parent = element.getparent()
        if parent is None or element.tag in ("body", "html") or element.find(".//h1") is not None:
            return element
        if _kin(element, weights) >= 0.1 * weights.of(element):
            element = parent
            continue
        above = parent.getparent()
        if above is None or parent.tag in ("body", "article") or weights.of(parent) > 1.3 * weights.of(element):
            return element
        if _kin(parent, weights, bare=False) < 0.1 * weights.of(element):
            return element
        element = above
    return element


def _kin(element: HtmlElement, weights: Weights, *, bare: bool = True) -> float:
    """Running text of the siblings that continue an element."""
    kind, total = _kind(element), 0.0
    for other in element.getparent():
        mass = weights.of(other)
        if not mass or other is element or other.tag == "article" or is_apart(other):
            continue
        same = _kind(other) == kind or (bare and other.tag in ("p", "ul", "ol", "blockquote", "table"))
        if same and other.find(".//h1") is None:
            total += mass
    return total


def _kind(element: HtmlElement) -> tuple[str, list[str]]:
    return element.tag, (element.get("class") or "").split()[:2]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def above_scope(scope: HtmlElement, weights: Weights, headline: HtmlElement) -> str:
    """The running text between the headline and the scope, when it is one block: a lead set apart from the text."""
    leads: list[str] = []
    for block in _between(headline, scope):
        if (block not in weights.runs and block.tag not in ("h2", "h3")) or is_apart(block):
            continue
        if any(child.tag in BLOCKS for child in block.iterdescendants()):
            continue
        text = text_of(block)
        if len(text) >= MIN_ABOVE and SENTENCE_END.search(text):
            leads.append(text)
        if len(leads) > 1:
            return ""
    return leads[0] if leads else ""


def _between(first: HtmlElement, last: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that begin after `first` and before `last`; none where `last` begins first or there are too many."""
    elements = iter(first.getroottree().iter(etree.Element))
    for element in elements:
        if element is last:
            return
        if element is first:
            break
    yield from takewhile(lambda element: element is not last, islice(elements, MAX_BETWEEN))


def _score(element: HtmlElement, weights: Weights, headline: list[int]) -> float:
    score = weights.near[element]
    if element.tag in ("body", "html"):
        return score * MISPLACED
    if element.tag == "article" or element.get("itemprop") == "articleBody" or SEMANTIC.search(name_of(element)):
        score *= NAMED
    place = place_of(element)
    if headline and place < headline and headline[: len(place)] != place:
        score *= MISPLACED
    return score * ELSEWHERE if _is_elsewhere(element) else score


def _is_elsewhere(element: HtmlElement) -> bool:
    around = (element, *element.iterancestors())
    return any(OTHER.search(name_of(outer)) for outer in around if outer.tag not in ("body", "html"))


def place_of(element: HtmlElement) -> list[int]:
    """Where an element stands: from the root down, its place among the children of each. Compares as document order."""
    places = []
    parent = element.getparent()
    while parent is not None:
        places.append(parent.index(element))
        element, parent = parent, parent.getparent()
    return places[::-1]
