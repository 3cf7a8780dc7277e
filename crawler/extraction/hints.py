"""What is known of one outlet's pages before they are read: where its text stands, and what in it is none."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from lxml.html import HtmlElement


@dataclass(frozen=True)
class Hints:
    """CSS selectors of the article's container, and of parts to take out of the page."""

    body: str = ""
    remove: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What tells these hints from others."""
        return hashlib.sha256("\n".join((self.body, *self.remove)).encode()).hexdigest()[:8]


@cache
def compiled(selector: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """What finds the elements that a CSS selector means; translated once a process, which takes as long as a search.

    Raises
    ------
    ValueError
        It is not a CSS selector, or one that only a browser can answer.
    """
    from cssselect import HTMLTranslator, SelectorError
    from lxml.etree import XPath, XPathError

    # Not by lxml's own CSSSelector: its `:contains` calls Python for every element, and failed on a real page.
    try:
        find: Callable[[HtmlElement], list[HtmlElement]] = XPath(HTMLTranslator().css_to_xpath(selector))
        find(HtmlElement())  # some faults show at the first search only
    except (SelectorError, XPathError) as error:
        raise ValueError(f"not a CSS selector: {str(error).rstrip('.')}") from error
    return find


def selected(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements that a selector means, in the order of the page; none for an empty one."""
    return compiled(selector)(tree) if selector else []
