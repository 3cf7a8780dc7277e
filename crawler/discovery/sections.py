"""Section and front pages: which of the links lead to articles.

Menus, tags and advertisements outnumber articles on such a page. Each link gets a score from its words, its address and
its place; then the page as a whole is looked at: where the likely articles are numbered (most outlets' are), a link
without a number is none. How well this works on real pages: bench/sections.py.
"""

import re
from collections.abc import Iterable, Sequence

from crawler.discovery.links import Link, links_of, parse
from crawler.discovery.listing import Listing, NotAListing
from crawler.discovery.patience import patience
from crawler.frontier import Discovery
from crawler.urls import canonical, host_of

MAX_LINKS = 300
# Of 12. On the labelled links 5 was right in 0.96, not 0.92, of what it took, and missed 14 articles instead of 10.
MIN_SCORE = 4
MIN_NUMBERED = 3  # where numbers tell articles apart, fewer words will do
STRONG = 5
FEW = 5  # strong candidates below this say nothing about the page's habits
MOSTLY = 0.7  # share of numbered ones among the strong that makes a number the rule
NOT_ARTICLE = re.compile(
    r"/(tags?|tu-khoa|chu-de|topics?|themen|thema|su-kien|authors?|autore?s?|tac-gia|contributors|personalities|"
    r"log-?in|signup|register|dang-nhap|dang-ky|search|tim-kiem|lien-he|contacts?|contact-us|about|about-us|gioi-thieu|"
    r"rss|feed|videos?|podcasts?|categor(y|ies)|kategorie|comment-page-\d+|newsletters?|impressum|datenschutz|privacy|"
    r"privacy-policy|cookie-policy|terms|shop|advert|coupons?|page|wp-content|cdn-cgi)(/|$)|"
    r"\.(pdf|jpe?g|png|gif|webp|docx?|xlsx?|pptx?|zip|mp[34]|json|xml|rss)$",
    re.IGNORECASE,
)
NOT_NEWS = re.compile(
    r"^(raovat|rao-vat|shop|store|jobs?|forum|video|tv|sso|id|account|dat-?bao|order|pay|epaper|ads?)\.", re.IGNORECASE
)
DATED = re.compile(r"/(19|20)\d\d[/-]?[01]\d[/-]?[0-3]\d/|/(19|20)\d\d/([a-z]{3}|\d{1,2})/\d{1,2}/", re.IGNORECASE)
TAIL = re.compile(r"[/_-]?[a-z]{0,5}\d+(\.\w+)?/?$", re.IGNORECASE)


def read_section(body: bytes, url: str, links: str = "") -> Listing:
    """The article links of a section page, in its order; `links` is the source's own pattern, which then decides alone.

    Raises
    ------
    NotAListing
        The answer is no HTML, or has no link that looks like an article's.
    """
    with patience():
        found = _merged(links_of(parse(body), url))
    if links:
        pattern = re.compile(links)
        chosen = [link for link in found if pattern.search(link.url) and host_of(link.url) == host_of(url)]
    else:
        chosen = article_links(found, host_of(url))
    if not chosen:
        raise NotAListing("no link looks like an article's; give the feed a 'links' pattern")
    problem = f"more than {MAX_LINKS} article links; the rest was left" if len(chosen) > MAX_LINKS else None
    items = tuple(Discovery(link.url, link.text[:1000] or None, link.time) for link in chosen[:MAX_LINKS])
    return Listing(items, problem=problem)


def article_links(links: Sequence[Link], host: str) -> list[Link]:
    """Those links of a page on `host` that look like articles', in their order.

    A link to a sister host (`thethao.` of the same domain) must end as the page's own articles do.
    """
    scores = {link.url: article_score(link) for link in links}
    own = [link for link in links if host_of(link.url) == host]
    strong = [link for link in own if scores[link.url] >= STRONG]
    numbered = len(strong) >= FEW and sum(link.numbered for link in strong) >= MOSTLY * len(strong)
    if not numbered:
        return [link for link in own if scores[link.url] >= MIN_SCORE]
    tails = {_tail(link) for link in strong if link.numbered}
    return [
        link
        for link in links
        if link.numbered
        and scores[link.url] >= MIN_NUMBERED
        and (host_of(link.url) == host or (_tail(link) in tails and not NOT_NEWS.match(host_of(link.url))))
    ]


def article_score(link: Link) -> int:
    """How much a link looks like an article's, from 0 to 12."""
    if NOT_ARTICLE.search(link.path) or not link.path.strip("/") or "replytocom" in link.url:
        return 0
    words, hyphens = link.words, len(re.findall(r"[-_+ ]", link.slug))
    score = 4 if words >= 8 else 3 if words >= 6 else 2 if words >= 4 else 1 if words >= 3 else 0
    score += 3 if hyphens >= 4 else 2 if hyphens >= 3 else 1 if hyphens >= 2 else 0
    score += 4 if DATED.search(link.path) else 2 if link.numbered else 0
    score += 1 if link.heading else 0
    if hyphens < 2 and not link.numbered and link.path.strip("/").count("/") == 0:
        return min(score, MIN_SCORE - 1)  # one or two words below the root name a section, whatever the link's text
    return max(0, score - 2 if link.menu else score)


def _merged(links: Iterable[Link]) -> list[Link]:
    # A picture, a headline and a teaser of one article are three links: the longest text is its title, and one of them
    # outside the menu is enough.
    found: dict[str, Link] = {}
    for link in links:
        key = canonical(link.url)
        known = found.get(key)
        found[key] = link if known is None else known.merged(link)
    return list(found.values())


def _tail(link: Link) -> str:
    match = TAIL.search(link.path)
    return re.sub(r"\d+", "0", match[0]) if match else ""
