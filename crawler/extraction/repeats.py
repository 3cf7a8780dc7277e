"""What repeats inside the articles of one outlet: the same words, or links in the same place. Neither is their text."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.blocks import BLOCKS
from crawler.extraction.hints import selected
from crawler.extraction.lead import letters
from crawler.extraction.naming import selectors_of
from crawler.extraction.parts import TELLING, Page, Part

LINKED = 0.7  # share of a block's text in links from which on it points elsewhere, as in pruning's lists
LABELLED = 0.3  # the same, where the rest is a label that other pages have, too: "In the news: <a>"
FEW_PAGES = 5  # below that many pages two must agree, else three: two of thirty may tell of one event
MAX_UNIQUE = 0.1  # of what a selector takes out may be said nowhere else; it is the names and dates in a box
MAX_SHARE = 0.5  # of a page's text; the reader of hints would not follow more
MIN_GAIN = 12  # characters a page, on average of the pages concerned: less is not worth a line in a file
MAX_REMOVALS = 8
MAX_CANDIDATES = 300  # selectors judged, from the one that most pages ask for; real outlets had up to 60
SHOWN = 70  # characters of an example
MIN_QUOTE, MAX_QUOTE = 6, 60  # letters, characters of a text that may stand in a selector; how it does is then judged
UNQUOTABLE = frozenset('"\\')

Matches = Sequence[AbstractSet[HtmlElement]]  # the elements that a selector means, page by page


@dataclass(frozen=True)
class Removal:
    """A selector of what should be left out: on how many pages it takes how many characters that are read now."""

    selector: str
    pages: int
    characters: int
    example: str


def find_repeats(pages: Sequence[Page]) -> list[Removal]:
    """The selectors that together take out the most of what repeats, and hardly anything else."""
    search, gone = _Search.on(pages), set[Part]()
    found: list[Removal] = []
    candidates = search.candidates()
    while len(found) < MAX_REMOVALS:
        judged = [search.judge(selector, matches, gone) for selector, matches in candidates.items()]
        best = max((removal for removal in judged if removal), key=lambda removal: removal.characters, default=None)
        if best is None:
            break
        found.append(best)
        gone |= {part for taken in search.taken(candidates[best.selector], gone) for part in taken}
    return found


@dataclass(frozen=True)
class _Search:
    """The pages; the texts, and the words beside links, that repeat on them; on how many pages a thing must be."""

    pages: Sequence[Page]
    repeated: AbstractSet[str]
    labels: AbstractSet[str]
    least: int

    @staticmethod
    def on(pages: Sequence[Page]) -> "_Search":
        least = 2 if len(pages) < FEW_PAGES else 3
        keys = [{part.key for part in page.parts if len(part.key) >= TELLING} for page in pages]
        labels = [{part.label for part in page.parts if part.linked >= LABELLED} for page in pages]
        return _Search(pages, _common(keys, least), _common(labels, least), least)

    def is_other(self, part: Part) -> bool:
        """Whether a part is no text of its article."""
        points = part.linked >= LINKED or (part.linked >= LABELLED and part.label in self.labels)
        return points or part.key in self.repeated

    def candidates(self) -> Mapping[str, Matches]:
        """Selectors of the blocks that hold what repeats, with what each means on every page."""
        said = _common([set(_sayings(page.scope)) for page in self.pages], self.least)
        asked: Counter[str] = Counter()
        for page in self.pages:
            suspects = [part for part in page.parts if part.read and self.is_other(part)]
            # In their order, not that of a set: of two that ask for the same the first is kept, on every run alike.
            asked.update(dict.fromkeys(selector for part in suspects for selector in _names(part, said)).keys())
        likely = [selector for selector, count in asked.most_common(MAX_CANDIDATES) if count >= self.least]
        return {selector: [set(selected(page.scope, selector)) for page in self.pages] for selector in likely}

    def taken(self, matches: Matches, gone: AbstractSet[Part]) -> Iterator[list[Part]]:
        """What a selector takes out of the text of each page, beyond what is gone."""
        for page, elements in zip(self.pages, matches, strict=True):
            yield [
                part
                for part in page.parts
                if part.read and part not in gone and not elements.isdisjoint((page.scope, *part.around))
            ]

    def judge(self, selector: str, matches: Matches, gone: AbstractSet[Part]) -> Removal | None:
        """What a selector gains; None where that is too little, or text."""
        taken = list(self.taken(matches, gone))
        other = [[part for part in parts if self.is_other(part)] for parts in taken]
        gain, good = _length(taken), _length(other)
        concerned = sum(map(bool, other))
        if concerned < self.least or gain - good > MAX_UNIQUE * gain or gain < MIN_GAIN * concerned:
            return None
        if any(_length([parts]) > MAX_SHARE * page.read for page, parts in zip(self.pages, taken, strict=True)):
            return None
        example = Counter(part.text for parts in other for part in parts).most_common(1)[0][0]
        return Removal(selector, concerned, gain, _cut(example, SHOWN))


def _common(found: Sequence[set[str]], least: int) -> set[str]:
    """What is on so many pages."""
    return {text for text, count in Counter(text for texts in found for text in texts).items() if count >= least}


def _length(parts: Sequence[Sequence[Part]]) -> int:
    return sum(len(part.text) for some in parts for part in some)


def _names(part: Part, said: AbstractSet[str]) -> Iterator[str]:
    """Selectors of a block and of those around it, the outermost first: of several that take out the same it is kept.

    A block without a name is known by words in it that are said on other pages, too; else by such words before it.
    """
    outermost_first = part.around[::-1]
    for element in outermost_first:
        yield from selectors_of(element)
    if part.around:
        yield from _quotes(part.element, said)
    for element in outermost_first:
        before = element.getprevious()
        if before is not None and before.tag in BLOCKS:
            yield from (f"{quote} + {element.tag}" for quote in _quotes(before, said))


def _quotes(element: HtmlElement, said: AbstractSet[str]) -> Iterator[str]:
    """The selector of an element by its first words that other pages say, too."""
    quote = next((saying for saying in _sayings(element) if saying in said), "")
    if quote.isprintable() and quote and not set(quote) & UNQUOTABLE:
        yield f'{element.tag}:contains("{quote}")'


def _sayings(element: HtmlElement) -> Iterator[str]:
    """The beginnings of an element's pieces of text, long enough to be told from others."""
    pieces = (piece.strip() for piece in element.itertext())
    return (_cut(piece, MAX_QUOTE, "") for piece in pieces if len(letters(piece)) >= MIN_QUOTE)


def _cut(text: str, most: int, sign: str = "…") -> str:
    """A text shortened at a word."""
    return text if len(text) <= most else (text[:most].rpartition(" ")[0] or text[:most]) + sign
