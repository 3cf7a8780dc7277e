"""Section pages: which of the links lead to articles.

Menus, tags and share buttons outnumber articles on such a page. An article link has a sentence for its text and a slug
or a number for its path; the two together separate them on the section pages we looked at.
"""

import re
from urllib.parse import urlsplit

from lxml import etree, html

from crawler.discovery.listing import Listing, NotAListing
from crawler.frontier import Discovery
from crawler.metadata import clean
from crawler.urls import canonical, fetchable, host_of, resolve

MAX_LINKS = 300
MIN_SCORE = 3
WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
NOT_ARTICLE = re.compile(
    r"/(tag|tags|tu-khoa|chu-de|topic|author|tac-gia|login|dang-nhap|search|tim-kiem|lien-he|contact|about|rss|video|podcast)s?(/|$)|"
    r"\.(pdf|jpe?g|png|gif|docx?|xlsx?|zip|mp[34])$",
    re.IGNORECASE,
)


def read_section(body: bytes, url: str, links: str = "") -> Listing:
    """The article links of a section page, in its order; `links` is the source's own pattern, which then decides alone.

    Raises
    ------
    NotAListing
        The answer is no HTML, or has no link that looks like an article's.
    """
    try:
        tree = html.fromstring(body)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise NotAListing(f"not HTML: {error}"[:200]) from error
    pattern = re.compile(links) if links else None
    found: dict[str, Discovery] = {}
    for anchor in tree.iter("a"):
        link = resolve(url, anchor.get("href") or "")
        if not fetchable(link) or host_of(link) != host_of(url):
            continue
        title = clean(anchor.text_content())
        if pattern.search(link) if pattern else article_score(link, title) >= MIN_SCORE:
            known = found.get(canonical(link))
            if known is None or len(title) > len(known.title or ""):
                found[canonical(link)] = Discovery(link, title[:1000] or None)
        if len(found) >= MAX_LINKS:
            break
    if not found:
        raise NotAListing("no link looks like an article's; give the feed a 'links' pattern")
    return Listing(tuple(found.values()))


def article_score(link: str, text: str) -> int:
    """How much a link looks like an article's, from 0 to 5: the path's slug and number, the text's length."""
    path = urlsplit(link).path
    if NOT_ARTICLE.search(path) or path.rstrip("/") == "":
        return 0
    last = path.rstrip("/").rpartition("/")[2]
    words = len(WIDE.findall(text)) / 2 + len(WIDE.sub("", text).split())
    score = 2 if words >= 5 else 0
    score += 2 if last.count("-") >= 3 else 0
    score += 1 if re.search(r"\d{5,}|/\d{4}/\d{1,2}/", path) else 0
    return score
