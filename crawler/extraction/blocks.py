"""How much running text each part of a page holds, measured in one walk over the tree.

Everything that decides where the article is needs the same figures, so they are taken once.
"""

from collections import defaultdict
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

BLOCKS = frozenset((
    "html", "body", "article", "aside", "section", "main", "div", "p", "blockquote", "pre", "ul", "ol", "li", "dl",
    "dt", "dd", "table", "tbody", "thead", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "header", "footer",
    "form", "center", "figure", "figcaption", "address", "details", "summary", "hgroup",
))  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LISTED = frozenset(("li", "dd", "dt", "td", "th"))
# Parts that stand beside an article. Some pages hold the article in one, though (tags left open), and photo stories are
# all captions.
BESIDE = frozenset(("aside", "footer", "figure", "dialog", "noscript", "nav", "menu", "fieldset", "object"))
FEW = 200  # characters of running text elsewhere, below which the article may stand in one of them
# A block whose text outside links is shorter than this is a label more often than a paragraph.
MIN_RUN = 30
# What a paragraph lends to the block it is, its parent, grandparent and so on: the article's own container is near its
# paragraphs, the page's is far. Shares of readability's kind; steeper ones lost articles made of sections.
NEARNESS = (1.0, 0.8, 0.6, 0.4)


@dataclass(frozen=True)
class Weights:
    """Characters of running text below each element, and the same weighted by nearness to the element.

    `runs` has the blocks that hold it themselves. `beside` says whether the parts named in `BESIDE` were counted: only
    where little stands elsewhere.
    """

    runs: dict[HtmlElement, float]
    mass: dict[HtmlElement, float]
    near: dict[HtmlElement, float]
    beside: bool

    def of(self, element: HtmlElement) -> float:
        """Characters of running text below an element."""
        return self.mass.get(element, 0.0)


def weigh(tree: HtmlElement) -> Weights:
    """Weigh every block: characters minus twice those in links, list items and cells at half."""
    runs, aside = _runs(tree)
    main, more = sum(runs.values()), sum(aside.values())
    beside = main < FEW and more > 2 * main
    if beside:
        runs |= aside
    mass: dict[HtmlElement, float] = defaultdict(float)
    near: dict[HtmlElement, float] = defaultdict(float)
    for block, weight in runs.items():
        mass[block] += weight
        if block.tag != "p":  # text straight in a <div>, broken by <br>: the block is its own container
            near[block] += 0.9 * weight
        for depth, parent in enumerate(block.iterancestors()):
            mass[parent] += weight
            if depth < len(NEARNESS):
                near[parent] += NEARNESS[depth] * weight
    return Weights(runs, dict(mass), dict(near), beside)


def _runs(tree: HtmlElement) -> tuple[dict[HtmlElement, float], dict[HtmlElement, float]]:
    """The weight of the text that stands in each block and in no smaller one: in the main parts, and beside them."""
    lengths: dict[HtmlElement, list[int]] = defaultdict(lambda: [0, 0])
    places: dict[HtmlElement | None, tuple[HtmlElement, bool]] = {None: (tree, False)}
    apart: set[HtmlElement] = set()
    for element in tree.iter(etree.Element):
        above = element.getparent()
        parent = places[above]
        own = places[element] = (element if element.tag in BLOCKS else parent[0], parent[1] or element.tag == "a")
        if element.tag in BESIDE or above in apart:
            apart.add(element)
        for text, (block, linked) in ((element.text, own), (element.tail, parent)):
            if text and not text.isspace():
                lengths[block][linked] += len(text)
    main: dict[HtmlElement, float] = {}
    aside: dict[HtmlElement, float] = {}
    for block, (plain, linked) in lengths.items():
        weight = float(plain - linked)
        if weight >= MIN_RUN and block.tag not in HEADINGS:
            (aside if block in apart else main)[block] = weight / 2 if block.tag in LISTED else weight
    return main, aside
