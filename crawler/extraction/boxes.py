"""Whether a part of a page is of the article, or of other articles, comments, the site: told by what contains it."""

import re

from lxml.html import HtmlElement

from crawler.extraction.datelabels import SITE
from crawler.text import clean

FOREIGN = re.compile(
    # "has-sidebar" is a name of what stands beside one.
    r"relat|(?<!has-)(?<!with-)(?<!no-)(?<!double-)(?<!content-)side-?bar|comment|footer|widget|recommend|popular|"
    r"latest|most-?(?:read|viewed)|newest|teaser|"
    r"lien-?quan|tin-?(?:khac|moi|cung|lien)|xem-?nhieu|doc-?nhieu|binh-?luan|next-?(?:post|article)|prev|carousel|"
    r"slider|ticker|top-?bar|(?:site|page)-?header|header-?top|clock|today|(?<!has-)profile|event|calendar|weather|copyright|swiper|see-?also",
    re.IGNORECASE,
)
APART = ("aside", "footer", "nav", "header", "form")
FEET = ("footer", "header")
NEVER = ("figure", "figcaption", "blockquote")
OTHERS = re.compile(r"comment(?!ary)|relat|binh-?luan|lien-?quan|tin-?khac|recommend|tweet", re.IGNORECASE)
# Where a labelled date may stand: the foot of an article. Beside it stand weather and rates, with updates of their own.
FRAME = re.compile(r"footer|copyright|(?:site|page)-?header|header-?top|top-?bar|profile|event", re.IGNORECASE)
BOXES = re.compile(FRAME.pattern + "|side-?bar", re.IGNORECASE)


def stands_elsewhere(
    element: HtmlElement,
    around: frozenset[HtmlElement] = frozenset(),
    *,
    linked: bool = False,
    beside: bool = False,
    frame: re.Pattern[str] | None = None,
) -> bool:
    """Whether an element stands in what is not the article: other articles, comments, a footer, a link.

    `around` = what contains the headline and so is the article's; `linked` = a link is no reason; `beside` = it stands
    directly at the headline, where boxes have all kinds of names; `frame` = names of boxes where a
    date that says what it is may stand.
    """
    for node in (element, *element.iterancestors()):
        if node in around or node.tag in ("body", "html", "article", "main"):
            return False
        if node.tag == "header" and (node.find(".//h1") is not None or _inside_article(node)):
            continue
        if node.tag in NEVER or OTHERS.search(names_of(node)):
            return True
        if frame and not beside and (node.tag in FEET or frame.search(names_of(node))):
            if SITE.search(clean(element.text_content()).lower()):
                return True
            continue
        if not beside and (node.tag in APART or FOREIGN.search(names_of(node))):
            return True
        if not linked and not beside and node.tag == "a" and (node.get("href") or "").strip("#"):
            return True
    return False


def _inside_article(element: HtmlElement) -> bool:
    return any(node.tag in ("article", "main") for node in element.iterancestors())


def names_of(element: HtmlElement) -> str:
    """The names that outlets give an element: class, id, itemprop."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
