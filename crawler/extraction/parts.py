"""The container of an article as blocks with their own text: what of it is read, what is linked."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.blocks import BLOCKS
from crawler.extraction.lead import letters

# Letters of a text that is known again wherever it stands; shorter ones are headings and places ("Kết luận", "Hà Nội").
TELLING = 12


@dataclass(frozen=True, eq=False)
class Part:
    """A block's own text, without that of blocks in it.

    `around`: the block and those it is in, up to the container, which is not among them. `key`: its letters; `label`:
    those outside of links. `linked`: share of the text in links. `read`: whether the engine takes it for text of the
    article.
    """

    element: HtmlElement
    around: tuple[HtmlElement, ...]
    text: str
    key: str
    label: str
    linked: float
    read: bool


@dataclass(frozen=True)
class Page:
    """The container of one page's article, and its parts."""

    scope: HtmlElement
    parts: tuple[Part, ...]

    @property
    def read(self) -> int:
        """Characters that are read."""
        return sum(len(part.text) for part in self.parts if part.read)


def page_of(scope: HtmlElement, text: str) -> Page:
    """The parts of a container; `text` is what the engine reads in it."""
    lines, whole = {letters(line) for line in text.split("\n")}, letters(text)
    texts: dict[HtmlElement, list[tuple[str, bool]]] = defaultdict(list)
    for block, piece, linked in _pieces(scope):
        texts[block].append((piece, linked))
    parts = []
    for block, pieces in texts.items():
        own = " ".join("".join(piece for piece, _ in pieces).split())
        key = letters(own)
        if key:
            around = takewhile(lambda outer: outer is not scope, (block, *block.iterancestors()))
            read = key in lines or (len(key) >= TELLING and key in whole)
            label = letters("".join(piece for piece, linked in pieces if not linked))
            parts.append(Part(block, tuple(around), own, key, label, 1 - len(label) / len(key), read))
    return Page(scope, tuple(parts))


def _pieces(scope: HtmlElement) -> Iterator[tuple[HtmlElement, str, bool]]:
    """Every piece of text, in order, with the block it stands in, and whether in a link."""
    places: list[tuple[HtmlElement, bool]] = []
    for event, element in etree.iterwalk(scope, events=("start", "end")):
        if event == "start":
            block, linked = places[-1] if places else (scope, False)
            places.append((element if element.tag in BLOCKS else block, linked or element.tag == "a"))
            if element.text:
                yield places[-1][0], element.text, places[-1][1]
            continue
        places.pop()
        if element.tail and places:
            yield places[-1][0], element.tail, places[-1][1]
