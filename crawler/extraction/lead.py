"""The lead (sapo): the paragraph in bold between the headline and the text.

Extractors lose it on many Vietnamese pages, because it stands outside the article's own block. It is known by what the
page tells machines as its description and also shows, or by the name that outlets give it.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extraction.blocks import BESIDE
from crawler.extraction.metadata import Metadata
from crawler.text import clean

MIN_LEAD, MAX_LEAD = 40, 1200
HEAD = 40  # letters of a description that must be the same: outlets cut descriptions at any length
# Letters before the description's begin: "(Chinhphu.vn) - ", "TTO - ", "HÀ NỘI (TTXVN) "
MAX_PREFIX = 40
NEAR_TOP = 4  # paragraphs among which the lead may stand in another form
NAMES = re.compile(r"sapo|(?:^|[ _-])lead(?:$|[ _-])|standfirst|chapeau|tom-?tat", re.IGNORECASE)
TAGS = ("h2", "p", "div", "h3", "strong", "span")
LOOKED_AT = 3_000  # elements searched for it


def find_lead(tree: HtmlElement, metadata: Metadata) -> str:
    """The lead as the page shows it; empty where none is seen."""
    stated = [key for key in map(letters, metadata.descriptions) if len(key) >= MIN_LEAD / 2]
    named = ""
    for element in _plain(tree):
        head = letters((element.text or "")[:200]) if not len(element) else letters(element.text_content()[:400])
        if any(key[:HEAD] in head[: HEAD + MAX_PREFIX] for key in stated):
            text = clean(element.text_content())
            if MIN_LEAD <= len(text) <= MAX_LEAD and not _is_beside(element):
                return text
        elif not named and NAMES.search(element.get("class") or ""):
            text = clean(element.text_content())
            named = text if MIN_LEAD <= len(text) <= MAX_LEAD else ""
    return named


def put_lead(lead: str, paragraphs: list[str], metadata: Metadata) -> tuple[str, list[str]]:
    """The lead and the paragraphs after it: put back where the body lacks it, set apart where it begins with it."""
    stated = lead or next((text for text in metadata.descriptions if len(text) >= MIN_LEAD), "")
    key = letters(stated)
    if not key:
        return "", paragraphs
    for at, paragraph in enumerate(paragraphs):
        own = letters(paragraph)
        begins = at < NEAR_TOP and (key[:HEAD] in own or (len(own) >= HEAD / 2 and own[:HEAD] in key))
        if begins or key[: 2 * HEAD] in own:
            if at == 0 and len(paragraph) <= MAX_LEAD and len(paragraphs) > 1:
                return paragraph, paragraphs[1:]
            return "", paragraphs
    return lead, paragraphs


def letters(text: str) -> str:
    """Letters and digits only, in lower case: what two forms of one text share."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _is_beside(element: HtmlElement) -> bool:
    """A caption, or what the outlet says of itself at the foot of the page."""
    around = (element, *element.iterancestors())
    return any(outer.tag in BESIDE or "footer" in (outer.get("class") or "") for outer in around)


def _plain(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Elements that hold text and no other blocks."""
    for seen, element in enumerate(tree.iter(*TAGS)):
        if seen > LOOKED_AT:
            return
        own = element.text is not None and not element.text.isspace()
        if len(element) <= 6 and (own or len(element) == 1):
            yield element
