"""The headline of a page: as readers see it, without the outlet's name, its section or a line above it."""

import html
import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from lxml.html import HtmlElement

from crawler.extraction.metadata import Metadata
from crawler.text import clean
from crawler.urls import host_of

MAX_HEADING = 500
MIN_HEADING = 5
# Between a headline and the name of the outlet. The bars of all widths stand there without spaces, too.
SUFFIX = re.compile(r"\s+[\-–—·•»›«:]\s+|\s*[|｜ㅣ]\s*")
OVERLINE = re.compile(r":\s+|\s+[\-–—|]\s+")  # between a line above a headline and the headline
EDGES = " |｜ㅣ-–—·•»›«:"
# A heading this like the stated title is the same headline in another form; below it were links to other articles.
SAME = 0.6
SHORTER = 0.5  # share of a headline that the shorter form must have: less of it is a teaser's
SPLIT_WORDS = re.compile(r"[\W_]+")
BLOCKS = ("br", "div", "p", "span", "small", "strong", "em", "h2", "h3")


def find_title(tree: HtmlElement, metadata: Metadata, *, url: str = "", listed: str | None = None) -> str:
    """The headline of a page; `listed` (the feed's) where the page has none; empty when nobody tells."""
    headings = [_heading(element) for element in tree.iter("h1")]
    element = tree.find(".//title")
    document = clean(element.text_content()) if element is not None else ""
    found = pick_title(metadata, headings, document, listed, url=url)
    if not any(heading == found for heading in headings):
        # Some outlets set headlines in h2: one that the stated title begins with shows where its suffix starts.
        lower = (_heading(element) for element in tree.iter("h2", "h3"))
        found = max((text for text in lower if len(text) > len(found) / 2 and found.startswith(text)), default=found)
    return found


def pick_title(
    metadata: Metadata, headings: list[str], document: str, listed: str | None = None, *, url: str = ""
) -> str:
    """The headline out of what the page states to machines, its h1 headings and its document title."""
    names = [*metadata.site_names, *_host_names(url)]
    headings = [heading for heading in headings if MIN_HEADING <= len(heading) <= MAX_HEADING]
    # A short last part is the outlet's name, unless the page repeats it in a heading or tells machines so.
    suffixed = "" if document in headings or document in metadata.headlines else document
    headlines = _stripped(metadata.headlines, names, "")
    titles = _stripped(metadata.titles or [document], names, suffixed)
    stated = [*headlines, *titles]
    if not stated:
        return headings[0] if headings else clean(listed)
    best = stated[0]
    heading = next((text for text in headings if _key(text) == _key(best)), None)
    if heading is not None:
        # The same words: the machine's form has the spaces that markup between the words took away.
        same = heading if heading.casefold() == best.casefold() else best
        return _shortest(same, titles)
    heading = next((text for text in headings if _alike(text, best)), None)
    if heading is None:
        return _unlike(best, headings, names, document)
    return _choose(best, heading, headlines, titles)


def strip_suffix(title: str, site_names: Iterable[str], document: str) -> str:
    """`title` without the outlet's name at its end or start.

    An outlet's name is one that the page states, its domain, or a short last part after a separator when `title` is
    the document title.
    """
    keys = {key for key in map(_key, site_names) if key}
    for _ in range(3):
        parts = SUFFIX.split(title)
        last, first = _key(parts[-1]), _key(parts[0])
        if len(parts) > 1 and (last in keys or first in keys):
            kept = (
                title[: title.rindex(parts[-1])].rstrip(EDGES) if last in keys else title[len(parts[0]) :].lstrip(EDGES)
            )
            title = kept or title
    for name in site_names:
        if (
            name
            and title.casefold().endswith(name.casefold())
            and title[: -len(name)].rstrip().endswith(tuple(EDGES[1:]))
        ):
            return title[: -len(name)].rstrip(EDGES) or title
    parts = SUFFIX.split(title)
    if len(parts) > 1 and len(parts[-1]) <= 30 and len(parts[-1]) < len(title) / 3 and title == document:
        return title[: title.rindex(parts[-1])].rstrip(EDGES)
    return title


def _choose(best: str, heading: str, headlines: list[str], titles: list[str]) -> str:
    """Between the stated title and a heading that is alike but not the same."""
    if _key(heading).endswith(_key(best)) or _key(heading).startswith(_key(best)):
        # More words in the heading are a line above or below it, unless other statements repeat them.
        return next((title for title in titles if _key(heading) == _key(title)), best)
    agreed = any(_key(heading) == _key(title) for title in titles)
    if headlines and not agreed and _key(heading) in _key(best):
        return best
    return _same_end(best, heading) or heading


def _same_end(best: str, heading: str) -> str:
    """The headline under two different lines above it: "East: What now?" and "Summit – What now?"; empty if none."""
    one, other = (OVERLINE.split(text, maxsplit=1) for text in (best, heading))
    return one[1] if len(one) == len(other) == 2 and _key(one[1]) == _key(other[1]) else ""


def _shortest(title: str, titles: list[str]) -> str:
    """The form for sharing where it is the headline without the line above or below it."""
    return next((text for text in titles[:1] if SHORTER < len(text) / len(title) < 1 and text in title), title)


def _unlike(best: str, headings: list[str], names: list[str], document: str) -> str:
    """The page's one heading where what it states is the outlet's or a section's name."""
    if len(headings) == 1 and (_key(best) in {_key(name) for name in names} or headings[0] in document):
        return headings[0]
    return best


def _stripped(titles: list[str], names: list[str], document: str) -> list[str]:
    # Some systems escape twice: &amp;#8211; arrives here as &#8211;
    plain = (clean(html.unescape(title)) if "&" in title else title for title in titles)
    return [text for text in (strip_suffix(title, names, document) for title in plain if title) if text]


def _alike(heading: str, best: str) -> bool:
    one, other = heading.casefold(), best.casefold()
    if one in other or other in one:
        return True
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() > SAME and matcher.quick_ratio() > SAME and matcher.ratio() > SAME


def _heading(element: HtmlElement) -> str:
    # Words on both sides of <br> or in two blocks are two words, though nothing stands between them.
    if len(element) and any(child.tag in BLOCKS for child in element):
        return clean(" ".join(_texts(element)))
    return clean(element.text_content())


def _texts(element: HtmlElement) -> Iterable[str]:
    for node in element.iter():
        if not isinstance(node.tag, str) or node.tag in ("style", "script", "svg"):
            if node.tail and node is not element:
                yield node.tail
            continue
        if node.text:
            yield node.text
        if node.tail and node is not element:
            yield node.tail


def _key(text: str) -> str:
    return SPLIT_WORDS.sub("", text).casefold()


def _host_names(url: str) -> list[str]:
    host = host_of(url) if url else ""
    host = host.removeprefix("www.")
    return [host, host.rsplit(".", 1)[0]] if "." in host else []
