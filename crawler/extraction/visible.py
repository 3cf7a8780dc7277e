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

from crawler.extraction.boxes import BOXES, FRAME, names_of, stands_elsewhere
from crawler.extraction.datelines import LIKELY, LIKELY_SHORT, MAX_LINE, Reading, read_line
from crawler.text import clean

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
    r"date|ngay|publi|posted|time(?!line)|thoi-?gian|byline|author|autor|meta|dateline|datum|fecha|data\b",
    re.IGNORECASE,
)
SURE = re.compile(r"date-?publi|publi\w*-?(?:date|time|on)|post(?:ed)?-?(?:date|on)|entry-?date|ngay-?dang|"
                  r"article-?date|detail-?(?:time|date)|date-?(?:time|post|line)|time-?detail",
                  re.IGNORECASE)  # fmt: skip
PARAGRAPHS = ("p", "li", "td", "dd", "blockquote", "figcaption", "h2", "h3", "h4", "h5", "h6")
# In this form libxml2 finds the texts in order; with conditions on what they stand in it sorts them, which takes long.
TEXTS = etree.XPath("/html/body/descendant::text()")
UNSEEN = ("script", "style", "noscript", "template", "textarea", "option")
LETTERS_LABELLED = 60  # "This page was last edited on 29 July 2024, at 13:51" with a name
STARTS = re.compile(r"\W*(?:\w+\s+){0,3}\w*(?:\s?[:|–-]?\s*)$")  # a few words: "Zuletzt geändert am:"
HEADLINE = 15  # letters; shorter headings are names of sections
LABEL = 40  # characters of a text that is nothing but the label of the date in the next
# Asian outlets write 24/07/29 and 24.07.29 with the year first.
YEAR_FIRST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A paragraph that begins with its date: "Hà Nội, 29.7.2024 – ", "(29 July 2024) ". No number after it: that is a span.
OPENING = re.compile(
    r"\W{0,2}?(?:[^\W\d][\w .'’/-]{1,30}[,:]?\s+)?"
    r"(?:\((?P<inner>[^–—|():]{6,30})\)[.:]?|(?P<bare>[^–—|():]{6,30}?)(?:\s?[–—|]|\s-))\s+[^\W\d]"
)
HEAD = 90  # characters of a paragraph in which its date must stand to open it
OPENS = 0.6  # less than what is named near the headline: all openings of a page must tell one day


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
    if published is None and updated is not None:  # the one date that the page tells of itself
        return updated, None
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
    short = not month_first and not YEAR_FIRST.search(title)
    place, spots = _walk(tree, title, short=short)
    for spot in spots:
        opening = _opening(spot, zone, place)
        if opening is not None:
            yield Line(opening, OPENS, near=False)
            continue
        line, readings = _widest(spot, zone, place, month_first=month_first, short=short)
        for reading in readings:
            score = _score(spot.element, line, reading, spot.offset, place)
            if score > 0:
                yield Line(reading, score, near=score >= NEAR)


def _opening(spot: "Spot", zone: tzinfo, place: "Place") -> Reading | None:
    """The date that a paragraph begins with, as newsrooms and press offices put it before the first sentence."""
    match = OPENING.match(spot.text.strip()) if place.begin >= 0 and spot.offset >= place.end else None
    if match is None or stands_elsewhere(spot.element, place.around):
        return None
    readings = read_line(match["inner"] or match["bare"], zone)
    return readings[0] if len(readings) == 1 and readings[0].rest == 0 else None


@dataclass(frozen=True)
class Place:
    """Where the headline begins and ends in characters of the page's text (-1 = not found), and what contains it."""

    begin: int = -1
    end: int = -1
    around: frozenset[HtmlElement] = frozenset()


@dataclass(frozen=True)
class Spot:
    """A text that may hold a date, what it stands in, how many characters stand before it, and the text before it."""

    element: HtmlElement
    text: str
    offset: int
    before: str


def _walk(tree: HtmlElement, title: str, *, short: bool) -> tuple[Place, list[Spot]]:
    """The place of the headline, and every text that may hold a date."""
    key, low, high = _key(title), 0.8 * len(title), len(title) + 120
    heading = _heading(tree, key)
    first = next((part for part in heading.itertext() if part.strip()), None) if heading is not None else None
    offset, place, before = 0, Place(), ""
    spots: list[Spot] = []
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
        looked = part if len(part) <= 4 * MAX_LINE else stripped[:HEAD]
        if LIKELY.search(looked) or (short and LIKELY_SHORT.search(looked)):
            spots.append(Spot(_owner(part), part, offset, before))
        offset += len(stripped)
        before = stripped
    return place, spots


def _heading(tree: HtmlElement, key: str) -> HtmlElement | None:
    """The h1 that is the headline; the one h1 of a page is, though machines were told another."""
    found = [element for element in tree.iter("h1") if element.text_content().strip()]
    same = [element for element in found if key and key in _key(element.text_content())]
    if not same:  # set in a lower heading; what the title has more is the outlet's name
        lower = [(element, _key(element.text_content())) for element in tree.iter("h2", "h3")]
        same = [element for element, words in lower if len(words) >= HEADLINE and key.startswith(words)]
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
    spot: Spot, zone: tzinfo, place: Place, *, month_first: bool, short: bool
) -> tuple[HtmlElement, list[Reading]]:
    """The date in a text, read with what stands around it: its label and its time are often elements of their own."""
    element, text = spot.element, clean(spot.text)
    own = read_line(text, zone, month_first=month_first, short=short)
    if not own:
        return element, []
    if any(reading.published or reading.updated for reading in own):
        return element, own
    if len(spot.before) <= LABEL and text[:1].isdigit() and STARTS.match(spot.before):
        with_label = read_line(f"{clean(spot.before)} {text}", zone, month_first=month_first, short=short)
        if not with_label:  # what stands before it says that it is another date
            return element, []
        if len(with_label) == len(own) and (with_label[0].published or with_label[0].updated):
            return element, with_label
    days = {reading.moment.date() for reading in own}
    best, readings, node = element, own, element
    for _ in range(3):
        if node is None or node.tag in ("body", "article", "main") or node in place.around:
            break
        around = clean(node.text_content())
        if len(around) > MAX_LINE:
            break
        wider = read_line(around, zone, month_first=month_first, short=short)
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
        names_of(node) for node in (element, line, element.getparent(), line.getparent()) if node is not None
    )
    labelled = reading.published or reading.updated
    sure = bool(SURE.search(names)) or reading.published
    named = sure or reading.updated or "time" in (line.tag, element.tag) or bool(NAMED.search(names))
    after, before = offset - place.end, place.begin - offset
    if place.begin < 0:  # no headline: only a line that says what it is
        limit, score = (LETTERS_FAR, 0.5) if sure else (0, 0.0)
    elif before > 0:
        listed = any(node.tag == "li" for node in line.iterancestors() if node not in place.around)
        near = before <= BEFORE and not listed
        limit = LETTERS_NAMED if named else LETTERS_FAR
        score = NEAR - (0.0 if named else 0.5) if near else 0.0
    elif after < 0:  # within the heading
        limit, score = 0, NEAR if named else 0.0
    elif after <= (AFTER_NAMED if named else AFTER):
        limit = LETTERS_NAMED if named else LETTERS_BARE
        score = NEAR + (4.0 if after <= NEXT else 2.0 - 2.0 * after / AFTER_NAMED)
    else:
        limit, score = (LETTERS_LABELLED, 0.5) if labelled else (0, 0.0)
    if place.begin < 0 and labelled:
        limit, score = LETTERS_LABELLED, 0.5
    if reading.short and not labelled and not (named and score >= NEAR):
        return 0.0
    beside = 0 <= after <= BESIDE or (0 < before <= BESIDE and line.tag != "li")
    if not score or reading.rest > limit or _is_fragment(line, place.around) or _links(line, limit):
        return 0.0
    frame = BOXES if reading.published else FRAME if reading.updated else None
    if stands_elsewhere(line, place.around, beside=beside and place.begin >= 0, frame=frame):
        return 0.0
    return score + (1.0 if sure else 0.5 if named else 0.0) + (0.5 if reading.exact else 0.0)


def _is_fragment(line: HtmlElement, around: frozenset[HtmlElement]) -> bool:
    """Whether a line is part of a paragraph: a sentence that begins with a date, bold words in it.

    What holds the headline (`around`) is no paragraph, whatever its tag.
    """
    for node in (line, *line.iterancestors()):
        if node in around:
            return False
        if node.tag in PARAGRAPHS and not (node.tag == "td" and node.find(".//table") is not None):
            return len(clean(node.text_content())) > MAX_LINE
    return False


def _links(line: HtmlElement, limit: int) -> bool:
    """Whether a line names another article: its link is longer than the names of authors and sections are."""
    return any(len(clean(link.text_content())) > min(limit, LETTERS_LINK) for link in line.iter("a"))
