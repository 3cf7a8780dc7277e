"""What a page says to robots: `<meta name="robots">`, the same under our own name, and the `X-Robots-Tag` header."""

import re
from collections.abc import Iterable
from html import unescape

PASSING = "noarchive"  # the folder, below the archive's, of pages that are not kept for good
LIMIT = 1_048_576  # bytes of a page looked at; of 898 real pages one had its tag beyond 512 KiB, none beyond this
WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
# What stands for others: `none` by its definition, `nocache` is what one large engine calls noarchive.
MEANS = {"none": ("noindex", "nofollow"), "nocache": ("noarchive",)}
PLACE = re.compile(
    rb"<(?:!--|meta[\s/]|(script|style|title|textarea|noscript|template|iframe|xmp)[\s/>])", re.IGNORECASE
)
ENDS = {
    name: re.compile(rb"</" + name + rb"[\s/>]", re.IGNORECASE)
    for name in (b"script", b"style", b"title", b"textarea", b"noscript", b"template", b"iframe", b"xmp")
}
TAG = 4096  # bytes of one meta tag looked at
ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?|(>)""")


def directives(page: bytes, headers: Iterable[str], product: str) -> frozenset[str]:
    """Everything that page and headers ask of all robots, or of `product`; lower case, shorthands spelt out.

    Parameters
    ----------
    page : bytes
        The page, unpacked.
    headers : iterable of str
        The values of its `X-Robots-Tag` headers.
    product : str
        Our product token, in any case.
    """
    to_all, to_us = addressed(page, headers, product)
    return to_all | to_us


def addressed(page: bytes, headers: Iterable[str], product: str) -> tuple[frozenset[str], frozenset[str]]:
    """The same in two: what is asked of all robots, and what of `product` by its name."""
    found: dict[str, set[str]] = {"robots": set(), product.lower(): set()}
    for value in headers:
        for name, words in header_directives(value):
            found.get(name, set()).update(words)
    for name, content in metas(page[:LIMIT]):
        found.get(name, set()).update(_words(content))
    return frozenset(found["robots"]), frozenset(found[product.lower()])


def header_directives(value: str) -> Iterable[tuple[str, set[str]]]:
    """Whom one `X-Robots-Tag` addresses, with what: `noindex, nofollow`, or `otherbot: noindex, diembao: noarchive`.

    A name before a colon holds for what follows it, up to the next name.
    """
    whom = "robots"
    for part in value.split(","):
        name, colon, rest = part.partition(":")
        if colon and name.strip().lower() not in WITH_VALUE:
            whom = "robots" if name.strip() == "*" else name.strip().lower()
            part = rest
        yield whom, _words(part)


def metas(page: bytes) -> Iterable[tuple[str, str]]:
    """Name and content of each meta element, in lower case; what stands in comments and scripts is none."""
    at = 0
    if page.startswith((b"\xff\xfe", b"\xfe\xff")):
        page = page.decode("utf-16", errors="replace").encode()
    while place := PLACE.search(page, at):
        if place.group().startswith(b"<!"):
            end = page.find(b"-->", place.end() - 2)  # `<!-->` is a whole comment
            at = end + 3
        elif place.group(1):
            closing = ENDS[place.group(1).lower()].search(page, place.end() - 1)
            end = at = closing.end() if closing else -1
        else:
            values, end = _attributes(page[place.end() - 1 : place.end() + TAG])
            at = end = place.end() + (end if end >= 0 else TAG)  # an endless tag swallows what follows
            if "name" in values:
                yield values["name"].strip(), values.get("content", "")
        if end < 0:  # no end: the rest is inside, as a browser has it
            return


def _attributes(tag: bytes) -> tuple[dict[str, str], int]:
    values: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(tag.decode("latin-1")):
        name, *value, closing = match.groups()
        if closing:
            return values, match.end() - 1
        values.setdefault(name.lower(), unescape(next((one for one in value if one is not None), "")).lower())
    return values, -1


def _words(text: str) -> set[str]:
    found: set[str] = set()
    for word in re.split(r"[,;\s]+", text.strip().lower()):
        if word and not word.endswith(":"):
            found.update(MEANS.get(word, (word,)))
    return found
