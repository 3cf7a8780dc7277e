"""HTML text -> tree, parsed once a page; metadata, dates, title and body all read the same tree."""

import re

import lxml.html
from lxml import etree
from lxml.html import HtmlComment, HtmlElement
from trafilatura.utils import is_dubious_html, repair_faulty_html


def _parser() -> lxml.html.HTMLParser:
    """The engine's parser, but every element of one class.

    lxml.html asks a Python function for the class of each element it hands out: inputs, forms and labels have their
    own. Nothing here needs those.
    """
    parser = lxml.html.HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))
    return parser


PARSER = _parser()
REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));?")


def parse(text: str) -> HtmlElement | None:
    """The tree of a page; None when it is not HTML."""
    beginning = text[:50].lower()
    data = REFERENCE.sub(_known, repair_faulty_html(text, beginning)).encode("utf-8", "surrogatepass")
    try:
        tree = lxml.html.document_fromstring(data, parser=PARSER)
    except (etree.ParserError, ValueError):
        return None
    body = tree.find("body")
    return None if is_dubious_html(beginning) and len(body if body is not None else tree) < 2 else tree


def _known(reference: re.Match[str]) -> str:
    """A character reference, if XML knows the character: libxml2 takes others in and then refuses to move them."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    control = code < 0x20 and code not in (0x9, 0xA, 0xD)
    return "" if control or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF) or code > 0x10FFFF else reference[0]
