"""The text of an article: the engine, given only the part of the page where the article stands.

The engine (trafilatura) copies and searches the whole tree several times, and a page is ten times its article. So the
part is found first (`scope.py`), what is not text is cut out of it (`pruning.py`), and the engine reads a small tree.
Where no part is clearly the article, the engine reads the page as a whole.
"""

from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from crawler.extraction.blocks import BESIDE, Weights, weigh
from crawler.extraction.hints import Hints, selected
from crawler.extraction.parsing import PARSER
from crawler.extraction.pruning import clean, drop, lines_of, outermost, prune, text_of
from crawler.extraction.scope import MIN_MASS, above_scope, find_headline, find_scope
from crawler.extraction.structured import stated_body

# Share of the pruned scope's text that the engine must give back, else all of it is taken: then the engine took a text
# in an odd markup for links and lists.
ENOUGH = 0.5
# Share of the text stated to machines that must be shown, else the page is one that scripts fill. No page with gold had
# less than half.
SHOWN = 0.4
# Share of the running text that hints may take out, else they are not followed on this page: its outlet has changed it.
MAX_REMOVED = 0.5
# Elements above which the engine is not asked: its time grows with their square. The largest scope of 898 real pages
# has 9,442, the median 65.
VAST = 20_000
# By these the engine picks a part of what it gets, or drops some; here both were done before.
NAMING = ("class", "id", "style", "role", "itemprop", "hidden", "aria-hidden")


@dataclass(frozen=True)
class Body:
    """The article's text, a line a paragraph; and the text that stands between its headline and it, if there is one."""

    text: str
    above: str = ""


def read_body(tree: HtmlElement, title: str = "", hints: Hints | None = None) -> Body:
    """The text of an article; the tree is used up.

    Parameters
    ----------
    title
        The headline: the article is under the element that shows it.
    hints
        What the outlet's entry says.
    """
    stated = stated_body(tree)
    shown = _read_shown(tree, title, hints)
    return Body(stated) if len(shown.text) < SHOWN * len(stated) else shown


def _read_shown(tree: HtmlElement, title: str, hints: Hints | None) -> Body:
    clean(tree)
    weights, scope = weigh(tree), None
    if hints is not None:
        scope = _hinted(tree, hints.body)
        unwanted = _unwanted(scope if scope is not None else tree, weights, hints)
        drop(unwanted)
        weights = weigh(tree) if unwanted else weights
    headline = find_headline(tree, title)
    if scope is None:
        scope = find_scope(tree, weights, headline)
    if scope is None:
        return Body("" if _is_vast(tree) else engine(tree))
    if _is_vast(scope):
        return Body(lines_of(scope))
    above = above_scope(scope, weights, headline) if headline is not None else ""
    page = _page_of(scope, weights, headline)
    text = engine(page)
    if len(text) < ENOUGH * len(text_of(page)):
        text = lines_of(page)
    return Body(text, above)


def _hinted(tree: HtmlElement, selector: str) -> HtmlElement | None:
    """The part that a hint speaks of, the fullest of several; None where it holds no article."""
    fullest = max(selected(tree, selector), key=lambda part: len(text_of(part)), default=None)
    return fullest if fullest is not None and len(text_of(fullest)) >= MIN_MASS else None


def _unwanted(scope: HtmlElement, weights: Weights, hints: Hints) -> list[HtmlElement]:
    """What hints take out of the page; nothing where that would take the article with it."""
    parts = outermost(part for selector in hints.remove for part in selected(scope.getroottree().getroot(), selector))
    if not {scope, *scope.iterancestors()}.isdisjoint(parts):
        return []
    taken = sum(weights.of(part) for part in parts if scope in set(part.iterancestors()))
    return parts if taken <= MAX_REMOVED * weights.of(scope) else []


@cache
def _options() -> Extractor:
    """Made once: reading the engine's configuration took 1 ms a page."""
    return Extractor(output_format="python", fast=True, comments=False, with_metadata=False)


def engine(tree: HtmlElement) -> str:
    """What trafilatura reads in a tree, by its fast way: the slow one, with two more extractors, gained nothing."""
    found: Any = bare_extraction(tree, options=_options())
    return (found.text if found else None) or ""


def _page_of(scope: HtmlElement, weights: Weights, headline: HtmlElement | None) -> HtmlElement:
    """A page that holds the scope only, without what is not text."""
    if weights.beside:
        _admit(scope)
    else:
        drop([part for part in scope.iter(*BESIDE) if part is not scope])
    prune(scope, weights, headline)
    return _alone(scope)


def _is_vast(tree: HtmlElement) -> bool:
    return next(islice(tree.iter(), VAST, None), None) is not None


def _admit(scope: HtmlElement) -> None:
    """Captions and asides of a page that has little else become paragraphs: the engine drops them by their tags."""
    for part in scope.iter(*BESIDE, "figcaption"):
        part.tag = "p" if part.tag == "figcaption" else "div"


def _alone(scope: HtmlElement) -> HtmlElement:
    """A page of the scope only, without the names that the engine would judge again."""
    for element in scope.iter(etree.Element):
        for name in NAMING:
            if name in element.attrib:
                del element.attrib[name]
    page = document_fromstring("<html><body><article></article></body></html>", parser=PARSER)
    scope.tail = None
    if scope.tag != "table":
        scope.tag = "div"
    page[0][0].append(scope)
    return page
