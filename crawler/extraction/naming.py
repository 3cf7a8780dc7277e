"""CSS selectors for an element that will still mean it tomorrow: by names that people gave, not by made ones."""

import re
from collections.abc import Iterator
from itertools import combinations

from lxml.html import HtmlElement

# Names with digits are numbers of articles, sizes or hashes ("post-81234", "col-md-8", "css-1x2yz"): none of them
# lasts.
NAME = re.compile(r"[A-Za-z](?:[A-Za-z]|[_-]{1,2}(?=[A-Za-z])){2,39}")
# What tools generate: a prefix of theirs, or a last part without a sense ("Body_wrap__dXkQw", "sc-bdVaJa").
MADE = re.compile(r"^(?:css|sc|jsx|svelte|emotion|styled|chakra|ember|react|ng|vue)-|__?(?=\w*[a-z][A-Z])\w{4,7}$")
# What a script sets, and what only says how a part looks: neither tells what it is.
LOOKS = re.compile(
    r"(?:is|has|no|js|wow)-.*|active|open|shown?|hidden|visible|load(?:ed|ing)|lazy\w*|first|last|even|odd|left|right"
    r"|clearfix|row|container|wrapper|(?:inline-)?(?:flex|grid|block)(?:-[a-z-]+)?|relative|absolute|animated?"
    r"|(?:d|text|float|justify|items|self|mx|my|font|leading|bg|border|overflow|rounded|max-w|min-w|w|h)-[a-z-]+"
)
PLAIN = frozenset(("article", "main"))  # tags that say enough without a name
PAIRED = 4  # classes of an element that are tried two by two


def selectors_of(element: HtmlElement) -> Iterator[str]:
    """The selectors that an element's own tag and names give, from the surest to the most particular."""
    tag, ident, role = element.tag, element.get("id") or "", element.get("itemprop") or ""
    if _lasts(ident):
        yield f"{tag}#{ident}"
    if _lasts(role):
        yield f'{tag}[itemprop="{role}"]'
    classes = [name for name in dict.fromkeys((element.get("class") or "").split()) if _lasts(name)]
    yield from (f"{tag}.{name}" for name in classes)
    yield from (f"{tag}.{first}.{second}" for first, second in combinations(classes[:PAIRED], 2))
    if tag in PLAIN:
        yield tag


def _lasts(name: str) -> bool:
    return NAME.fullmatch(name) is not None and not MADE.search(name) and not LOOKS.fullmatch(name)
