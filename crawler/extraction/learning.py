"""Hints for one outlet, learned from several of its pages: where its text stands, and what repeats in it.

The engine reads each page alone. Pages of one outlet are made by one template, so what most of them agree on mends the
page on which it errs; and what they all say word for word, or where they all have links, is no text of an article.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import fmean

from lxml.html import HtmlElement

from crawler.extraction.article import Article, NotAnArticle
from crawler.extraction.decoding import decode
from crawler.extraction.extract import extract
from crawler.extraction.hints import Hints, selected
from crawler.extraction.lead import letters
from crawler.extraction.naming import selectors_of
from crawler.extraction.parsing import parse
from crawler.extraction.parts import Page, page_of
from crawler.extraction.pruning import clean
from crawler.extraction.repeats import Removal, find_repeats

LEAST = 2  # different articles without which nothing can repeat
PIECE = 40  # letters of a text that are looked for in one piece, so that a word left out in a line costs one of them
COVERED = 0.95  # share of an article's pieces that its container must hold
MOST = 0.9  # share of the pages with such a container on which it must; the engine errs on the others
PRESENT = 0.6  # share of all pages that must have it; the others, of another layout, are left to the engine
SAME = 0.8  # share of pieces in common from which on two pages are one article
KEPT = 0.98  # share of the text that must still be read when the container is named


@dataclass(frozen=True)
class Proposal:
    """Hints and what speaks for them.

    `pages` were read as articles; on `fitting` of them the container holds the text, on average the share `covered` of
    it; `beside` is the share of the container's letters that were not read. `before` and `after`: characters read on
    all pages without and with the hints.
    """

    hints: Hints
    pages: int
    fitting: int = 0
    covered: float = 0.0
    beside: float = 0.0
    removals: tuple[Removal, ...] = ()
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Sample:
    """A page as the engine reads it alone: its text with the lead, and the pieces of its body."""

    body: bytes
    url: str
    tree: HtmlElement
    text: str
    pieces: frozenset[str]


@dataclass(frozen=True)
class Fit:
    """How a selector does as the container: on how many pages it finds something, and holds the article's text."""

    present: int
    fitting: int
    covered: float
    beside: float


def learn(pages: Iterable[tuple[bytes, str]]) -> Proposal:
    """What the pages (bytes and address) of one outlet say together; empty hints where they agree on nothing."""
    samples = read_samples(pages)
    if len(samples) < LEAST:
        return Proposal(Hints(), len(samples))
    found = _find_body(samples)
    body, fit = found or ("", Fit(0, 0, 0.0, 0.0))
    repeats = find_repeats([_page(sample, Hints(body)) for sample in samples])
    removals = [removal for removal in repeats if _works(samples, body, removal)]
    hints = Hints(body, tuple(removal.selector for removal in removals))
    before = sum(len(sample.text) for sample in samples)
    after = sum(len(_read(sample, hints)) for sample in samples)
    return Proposal(hints, len(samples), fit.fitting, fit.covered, fit.beside, tuple(removals), before, after)


def read_samples(pages: Iterable[tuple[bytes, str]]) -> list[Sample]:
    """The pages that are articles, each article once."""
    samples: list[Sample] = []
    for body, url in pages:
        try:
            article = extract(body, url)
        except NotAnArticle:
            continue
        tree = parse(decode(body))
        pieces = _pieces(article.body)
        if tree is None or not pieces or any(_is_same(pieces, other.pieces) for other in samples):
            continue
        clean(tree)
        samples.append(Sample(body, url, tree, _text(article), pieces))
    return samples


def _find_body(samples: Sequence[Sample]) -> tuple[str, Fit] | None:
    """The selector of the smallest element that holds the text on nearly all pages, if one keeps all that was read."""
    asked = Counter(selector for sample in samples for selector in _containers(sample))
    least = max(LEAST, ceil(PRESENT * len(samples)))
    fits = {selector: _fit(samples, selector) for selector, count in asked.items() if count >= least}
    order = list(fits)  # by the page, from the outermost element on; of one element the surest name first
    fitting = [name for name in order if fits[name].fitting >= max(least, MOST * fits[name].present)]
    # Less of other text wins; names of one element are equal then, and so are those of elements with the same text.
    for selector in sorted(fitting, key=lambda name: (round(fits[name].beside, 2), order.index(name))):
        if sum(_agrees(sample, Hints(selector)) for sample in samples) >= MOST * len(samples):
            return selector, fits[selector]
    return None


def _containers(sample: Sample) -> dict[str, None]:
    """The selectors of the elements that hold the text of a page, from the outermost in."""
    found: dict[str, None] = {}
    element = sample.tree.find("body")
    while element is not None:
        inner = [child for child in element if isinstance(child.tag, str) and _covers(sample, child) >= COVERED]
        element = inner[0] if inner else None
        if element is not None:
            found |= dict.fromkeys(selectors_of(element))
    return found


def _fit(samples: Sequence[Sample], selector: str) -> Fit:
    shares, present = [], 0
    for sample in samples:
        parts = selected(sample.tree, selector)
        present += bool(parts)
        if len(parts) == 1:  # a name that several parts have does not say which one
            shares.append((_covers(sample, parts[0]), 1 - len(letters(sample.text)) / max(1, len(_letters(parts[0])))))
    good = [(covered, max(0.0, beside)) for covered, beside in shares if covered >= COVERED]
    if not good:
        return Fit(present, 0, 0.0, 0.0)
    return Fit(present, len(good), fmean(covered for covered, _ in good), fmean(beside for _, beside in good))


def _covers(sample: Sample, element: HtmlElement) -> float:
    own = _letters(element)
    return sum(piece in own for piece in sample.pieces) / len(sample.pieces)


def _letters(element: HtmlElement) -> str:
    return letters("".join(element.itertext()))


def _pieces(text: str) -> frozenset[str]:
    keys = [letters(line) for line in text.split("\n")]
    return frozenset(key[at : at + PIECE] for key in keys for at in range(0, len(key), PIECE))


def _is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SAME * min(len(one), len(other))


def _text(article: Article) -> str:
    return f"{article.lead}\n{article.body}".strip()


def _read(sample: Sample, hints: Hints) -> str:
    try:
        return _text(extract(sample.body, sample.url, hints=hints))
    except NotAnArticle:
        return ""


def _agrees(sample: Sample, hints: Hints) -> bool:
    """Whether with hints the same is read as without: hardly less, and nothing more.

    The engine may err on one page, but what a container adds on most of them repeats, as the word above an advert does.
    """
    found = _read(sample, hints)
    return _share(sample.text, found) >= KEPT and _share(found, sample.text) == 1.0


def _share(text: str, other: str) -> float:
    """How much of a text stands in another, too."""
    pieces, own = _pieces(text), letters(other)
    return sum(piece in own for piece in pieces) / max(1, len(pieces))


def _works(samples: Sequence[Sample], body: str, removal: Removal) -> bool:
    """Whether less is read by it: words may stand in the text and, taken out in vain, elsewhere on the page."""
    found = [sample for sample in samples if selected(sample.tree, removal.selector)]
    hints = Hints(body, (removal.selector,))
    return sum(len(_read(sample, hints)) < len(_read(sample, Hints(body))) for sample in found) >= LEAST


def _page(sample: Sample, hints: Hints) -> Page:
    containers = selected(sample.tree, hints.body)
    return page_of(containers[0] if containers else sample.tree, _read(sample, hints))
