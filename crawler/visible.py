"""The date line of an article among the dates of a page: the one that stands with its headline.

Pages are full of other dates: of linked articles, comments, events, today's. A line is believed for where it stands
and how it is named; what cannot be tied to the article is left alone, because no date is better than a wrong one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from crawler.datelines import LIKELY, MAX_LINE, Reading, read_line
from crawler.metadata import clean

LOOKED_AT = 20_000  # elements; pages of the press have at most a quarter of that
# Characters of text between headline and date line. On real pages the line stood within 250 after the headline unless
# a lead came between, or within 120 before it; farther off were the dates of other things.
AFTER, AFTER_NAMED, BEFORE = 700, 1000, 160
BESIDE = 60  # so near that only the article's own can stand there, whatever its box is called
NEXT = 3  # nothing between headline and line: it outweighs any name another line has
NEAR = 2.0  # the least score of a line within those limits
LETTERS_FAR = 30  # letters of a line that stands elsewhere
LETTERS_LINK = 40  # characters of a link in a date line: longer ones are headlines
LETTERS_BARE = 32  # other letters in a line that nothing names: weekday, place, author
LETTERS_NAMED = 110
NAMED = re.compile(
    r"date|ngay|publi|posted|time(?!line)|thoi-?gian|byline|meta|dateline|datum|fecha|data\b", re.IGNORECASE
)
SURE = re.compile(r"date-?publi|publi\w*-?(?:date|time|on)|post(?:ed)?-?(?:date|on)|entry-?date|ngay-?dang|"
                  r"article-?date|detail-?(?:time|date)|date-?(?:time|post|line)|time-?detail",
                  re.IGNORECASE)  # fmt: skip
FOREIGN = re.compile(
    r"relat|sidebar|side-bar|comment|footer|widget|recommend|popular|latest|most-?(?:read|viewed)|newest|teaser|"
    r"lien-?quan|tin-?(?:khac|moi|cung|lien)|xem-?nhieu|doc-?nhieu|binh-?luan|next-?(?:post|article)|prev|carousel|"
    r"slider|ticker|top-?bar|(?:site|page)-?header|header-?top|clock|today|profile|event|calendar|weather|copyright|swiper|see-?also",
    re.IGNORECASE,
)
PARAGRAPHS = ("p", "li", "td", "dd", "blockquote", "figcaption", "h2", "h3", "h4", "h5", "h6")
APART = ("aside", "footer", "nav", "header", "form")
NEVER = ("figure", "figcaption", "blockquote")
OTHERS = re.compile(r"comment(?!ary)|relat|binh-?luan|lien-?quan|tin-?khac|recommend|tweet", re.IGNORECASE)
# In this form libxml2 finds the texts in order; with conditions on what they stand in it sorts them, which takes long.
TEXTS = etree.XPath("/html/body/descendant::text()")
UNSEEN = ("script", "style", "noscript", "template", "textarea", "option")
PARAGRAPHS = ("p", "li", "td", "dd", "blockquote", "figcaption", "h2", "h3", "h4", "h5", "h6")
APART = ("aside", "footer", "nav", "header", "form")
NEVER = ("figure", "figcaption", "blockquote")
OTHERS = re.compile(r"comment(?!ary)|relat|binh-?luan|lien-?quan|tin-?khac|recommend|tweet", re.IGNORECASE)
# Texts that readers see and that are not empty, in order.
TEXTS = etree.XPath(
    "/html/body/descendant-or-self::*[not(self::script or self::style or self::noscript or self::template or"
    " self::textarea or self::option)]/text()[normalize-space()]"
)
PARAGRAPHS = ("p", "li", "td", "dd", "blockquote", "figcaption", "h2", "h3", "h4", "h5", "h6")
APART = ("aside", "footer", "nav", "header", "form")
NEVER = ("figure", "figcaption", "blockquote")
OTHERS = re.compile(r"comment(?!ary)|relat|binh-?luan|lien-?quan|tin-?khac|recommend|tweet", re.IGNORECASE)
TEXTS = etree.XPath(
    "//body//text()[not(parent::script or parent::style or parent::noscript or parent::template or parent::textarea"
    " or parent::option)]"
)


@dataclass(frozen=True)
class Line:
    """A reading, where it stands, and how sure we are that it is the article's."""

    reading: Reading
    score: float
    near: bool


def find_line(
    tree: HtmlElement, title: str, zone: tzinfo, *, lowest: datetime, highest: datetime, month_first: bool = False
) -> tuple[Reading | None, Reading | None]:
    """The readings that tell when the article was published and when it was changed; None where no line tells.

    Parameters
    ----------
    title
        The headline, to find where the article begins.
    lowest, highest
        Times outside are not dates of articles.
    """
    lines = [
        line for line in _lines(tree, title, zone, month_first=month_first) if lowest < line.reading.moment <= highest
    ]
    labelled = [line for line in lines if line.reading.updated]
    others = [line for line in lines if not line.reading.updated]
    # Vietnamese outlets call the one date under the headline "updated"; far from it the word means what it says.
    published, updated = _best(others), _best(labelled)
    near = _best([line for line in labelled if line.near])
    if near is not None and (published is None or near.moment < published.moment):
        published = near
    if updated is not None and published is not None and updated.moment <= published.moment:
        updated = None
    return published, updated


def _best(lines: list[Line]) -> Reading | None:
    """The surest line; none when others, as sure, tell another day."""
    if not lines:
        return None
    top = max(line.score for line in lines)
    # Far from the headline, every line that speaks must say the same.
    first = [line.reading for line in lines if line.score > top - 0.01 or (not line.near and top < NEAR)]
    if len({reading.moment.date() for reading in first}) > 1:
        return None
    return next((reading for reading in first if reading.exact), first[0])


def _lines(tree: HtmlElement, title: str, zone: tzinfo, *, month_first: bool) -> Iterator[Line]:
    """The date lines that may be the article's, scored."""
    place, spots = _walk(tree, title)
    for element, text, offset in spots:
        line, readings = _widest(element, text, zone, place, month_first=month_first)
        for reading in readings:
            score = _score(element, line, reading, offset, place)
            if score > 0:
                yield Line(reading, score, near=score >= NEAR)


@dataclass(frozen=True)
class Place:
    """Where the headline begins and ends in characters of the page's text (-1 = not found), and what contains it."""

    begin: int = -1
    end: int = -1
    around: frozenset[HtmlElement] = frozenset()


def _walk(tree: HtmlElement, title: str) -> tuple[Place, list[tuple[HtmlElement, str, int]]]:
    """The place of the headline, and every text that may hold a date with its offset."""
    key, low, high = _key(title), 0.8 * len(title), len(title) + 120
    heading = _heading(tree, key)
    first = next((part for part in heading.itertext() if part.strip()), None) if heading is not None else None
    offset, place = 0, Place()
    spots: list[tuple[HtmlElement, str, int]] = []
    # Texts by XPath: walking the elements in Python took five times as long.
    unseen = {element.text for element in tree.iter(*UNSEEN)}
    for part in TEXTS(tree)[: 2 * LOOKED_AT]:
        stripped = part.strip()
        if not stripped or part in unseen:
            continue
        if place.begin < 0 and heading is not None and part == first and _owner(part) in set(heading.iter()):
            place = _place(heading, offset)
        elif place.begin < 0 and heading is None and key and low <= len(stripped) <= high and key in _key(stripped):
            place = _place(_owner(part), offset)
        if len(part) <= 4 * MAX_LINE and LIKELY.search(part):
            spots.append((_owner(part), part, offset))
        offset += len(stripped)
    return place, spots


def _heading(tree: HtmlElement, key: str) -> HtmlElement | None:
    """The h1 that is the headline; the one h1 of a page is, though machines were told another."""
    found = [element for element in tree.iter("h1") if element.text_content().strip()]
    same = [element for element in found if key and key in _key(element.text_content())]
    return (same or (found if len(found) == 1 else [None]))[0]


def _owner(part: Any) -> HtmlElement:
    """The element that a text stands in directly."""
    parent = part.getparent()
    return parent.getparent() if part.is_tail else parent


def _place(element: HtmlElement, offset: int) -> Place:
    end = offset + sum(len(part.strip()) for part in element.itertext())
    return Place(offset, end, frozenset((element, *element.iterancestors())))


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _widest(
    element: HtmlElement, text: str, zone: tzinfo, place: Place, *, month_first: bool
) -> tuple[HtmlElement, list[Reading]]:
    """The date in a text, read with what stands around it: its label and its time are often elements of their own."""
    own = read_line(clean(text), zone, month_first=month_first)
    if not own:
        return element, []
    days = {reading.moment.date() for reading in own}
    best, readings, node = element, own, element
    for _ in range(3):
        if node is None or node.tag in ("body", "article", "main") or node in place.around:
            break
        around = clean(node.text_content())
        if len(around) > MAX_LINE:
            break
        wider = read_line(around, zone, month_first=month_first)
        kept = [reading for reading in wider if reading.moment.date() in days]
        if not wider:  # what stands before it says that it is another date
            return element, []
        if len(kept) < len(wider) and not any(reading.updated or reading.published for reading in wider):
            break  # dates of several things
        if kept:
            best, readings = node, kept
        node = node.getparent()
    return best, readings


def _score(element: HtmlElement, line: HtmlElement, reading: Reading, offset: int, place: Place) -> float:
    """How sure a line is the article's own; 0 = it is not.

    Nearness to the headline counts most, then a telling name or label, then a time of day.
    """
    names = " ".join(
        _names(node) for node in (element, line, element.getparent(), line.getparent()) if node is not None
    )
    sure = bool(SURE.search(names)) or reading.published
    named = sure or reading.updated or "time" in (line.tag, element.tag) or bool(NAMED.search(names))
    after, before = offset - place.end, place.begin - offset
    if place.begin < 0:  # no headline: only a line that says what it is
        limit, score = (LETTERS_FAR, 0.5) if sure else (0, 0.0)
    elif before > 0:
        listed = any(node.tag == "li" for node in line.iterancestors() if node not in place.around)
        near = before <= BEFORE and not listed
        limit, score = (LETTERS_FAR, NEAR - (0.0 if named else 0.5)) if near else (0, 0.0)
    elif after < 0:  # within the heading
        limit, score = 0, NEAR if named else 0.0
    elif after <= (AFTER_NAMED if named else AFTER):
        limit = LETTERS_NAMED if named else LETTERS_BARE
        score = NEAR + (4.0 if after <= NEXT else 2.0 - 2.0 * after / AFTER_NAMED)
    else:
        limit, score = (LETTERS_FAR, 0.5) if reading.published or reading.updated else (0, 0.0)
    beside = 0 <= after <= BESIDE or (0 < before <= BESIDE and line.tag != "li")
    if not score or reading.rest > limit or _is_fragment(line) or _links(line, limit):
        return 0.0
    if stands_elsewhere(line, place.around, beside=beside and place.begin >= 0):
        return 0.0
    return score + (1.0 if sure else 0.5 if named else 0.0) + (0.5 if reading.exact else 0.0)


def _is_fragment(line: HtmlElement) -> bool:
    """Whether a line is part of a paragraph: a sentence that begins with a date, bold words in it."""
    for node in (line, *line.iterancestors()):
        if node.tag in PARAGRAPHS:
            return len(clean(node.text_content())) > MAX_LINE
    return False


def _links(line: HtmlElement, limit: int) -> bool:
    """Whether a line names another article: its link is longer than the names of authors and sections are."""
    return any(len(clean(link.text_content())) > min(limit, LETTERS_LINK) for link in line.iter("a"))


def stands_elsewhere(
    element: HtmlElement, around: frozenset[HtmlElement] = frozenset(), *, linked: bool = False, beside: bool = False
) -> bool:
    """Whether an element stands in what is not the article: other articles, comments, a footer, a link.

    `around` = what contains the headline and so is the article's; `linked` = a link is no reason; `beside` = it stands
    directly at the headline, where boxes have all kinds of names.
    """
    for node in (element, *element.iterancestors()):
        if node in around or node.tag in ("body", "html", "article", "main"):
            return False
        if node.tag == "header" and (node.find(".//h1") is not None or _inside_article(node)):
            continue
        if node.tag in NEVER or OTHERS.search(_names(node)):
            return True
        if not beside and (node.tag in APART or FOREIGN.search(_names(node))):
            return True
        if not linked and not beside and node.tag == "a" and (node.get("href") or "").strip("#"):
            return True
    return False


def _inside_article(element: HtmlElement) -> bool:
    return any(node.tag in ("article", "main") for node in element.iterancestors())


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
