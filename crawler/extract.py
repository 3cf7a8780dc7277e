"""A page's bytes -> an `Article`: trafilatura for the body, and around it what it loses on Vietnamese pages."""

import re
import unicodedata
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction, baseline
from trafilatura.utils import decode_file, load_html

from crawler.article import Article, Discard, NotAnArticle
from crawler.dates import find_date
from crawler.furniture import is_furniture
from crawler.metadata import CONTROL, Metadata, clean, read_metadata
from crawler.urls import canonical, fetchable, resolve

VERSION = "extract-1"  # kept with every article; raise it when the same page would give another text
MIN_BODY = 60  # characters; shorter "bodies" on real pages were captions and notices
MAX_TITLE = 500
# Share of the page's paragraph text that the fast way must give. On 297 pages with gold bodies 0.5 cost 20% less time
# than the slow way on all and was as right (mean F1 0.949 against 0.947); 0.3 lost whole articles, 0.7 gained nothing.
ENOUGH = 0.5
# Between a headline and the name of the outlet.
SUFFIX = re.compile(r"\s+[|\-–—·•»:]\s+|\s*\|\s*")
MIN_LEAD, MAX_LEAD = 40, 1200


def extract(
    body: bytes,
    url: str,
    *,
    zone: ZoneInfo | None = None,
    now: datetime | None = None,
    title: str | None = None,
    listed: datetime | None = None,
) -> Article:
    """Read an article.

    Parameters
    ----------
    body
        The page as it was sent, content coding undone. Bytes, because servers lie about charsets.
    url
        Where it was fetched from.
    zone, now
        The outlet's time zone (UTC if unknown) and the fetch time (default: now).
    title, listed
        What the feed said, used where the page itself is silent.

    Raises
    ------
    NotAnArticle
        The page is no article; the reason is one of `Discard`.
    """
    if not body.strip():
        raise NotAnArticle(Discard.EMPTY)
    now = now or datetime.now(UTC)
    text = unicodedata.normalize("NFC", decode_file(body))
    tree = load_html(text)
    if tree is None:
        raise NotAnArticle(Discard.UNREADABLE)
    metadata = read_metadata(tree)
    headings = [clean(element.text_content()) for element in tree.iter("h1")]
    headline = pick_title(metadata, headings, _document_title(tree), listed=title)
    published = find_date(tree, metadata, url=url, zone=zone or ZoneInfo("UTC"), now=now, listed=listed)
    paragraphs = _paragraphs(_body(tree, url), headline)
    lead, paragraphs = take_lead(paragraphs, metadata, tree)
    if sum(map(len, paragraphs)) + len(lead) < MIN_BODY:
        lead, paragraphs = _last_resort(tree, metadata)
    if sum(map(len, paragraphs)) + len(lead) < MIN_BODY:
        raise NotAnArticle(Discard.NO_BODY)
    if not headline:
        raise NotAnArticle(Discard.NO_TITLE)
    link = resolve(url, metadata.canonical) if metadata.canonical else url
    return Article(
        url=url,
        canonical_url=canonical(link) if fetchable(link) else url,
        title=headline[:MAX_TITLE],
        lead=lead,
        body="\n".join(paragraphs),
        authors=tuple(dict.fromkeys(name for name in metadata.authors if not name.startswith("http")))[:10],
        published=published,
        language=metadata.language[:2].lower() or None,
    )


def pick_title(metadata: Metadata, headings: list[str], document: str, listed: str | None = None) -> str:
    """The headline: what the page states, without the outlet's name, preferring the form readers see as heading."""
    stated = [title for title in metadata.titles if title] or ([document] if document else [])
    headings = [heading for heading in headings if 5 <= len(heading) <= MAX_TITLE]
    if not stated:
        return headings[0] if headings else clean(listed)
    best = strip_suffix(stated[0], metadata.site_names, document)
    for heading in headings:
        if heading == best or heading in stated:
            return heading
    for heading in headings:
        if (
            SequenceMatcher(None, heading.casefold(), best.casefold()).ratio() > 0.6
            or heading.casefold() in best.casefold()
        ):
            return heading
    return best


def strip_suffix(title: str, site_names: list[str], document: str) -> str:
    """`title` without a trailing outlet name: one that the page states, or a short last part after a separator."""
    for name in site_names:
        if name and title.casefold().endswith(name.casefold()) and len(title) > len(name) + 3:
            return title[: -len(name)].rstrip(" |-–—·•»:")
    parts = SUFFIX.split(title)
    if len(parts) > 1 and len(parts[-1]) <= 30 and len(parts[-1]) < len(title) / 3 and title == document:
        return title[: title.rindex(parts[-1])].rstrip(" |-–—·•»:")
    return title


def take_lead(paragraphs: list[str], metadata: Metadata, tree: HtmlElement) -> tuple[str, list[str]]:
    """The lead (sapo) and the paragraphs after it.

    Extractors lose the lead on many Vietnamese pages because it stands outside the article's own block: a description
    that the page states and also shows, but the body lacks, is put back.
    """
    stated = next((_key(text) for text in metadata.descriptions if len(text) >= MIN_LEAD), "")
    if not stated:
        return "", paragraphs
    head = stated[:60]
    for at, paragraph in enumerate(paragraphs[:4]):
        if head in _key(paragraph) or _key(paragraph)[:60] in stated:
            if at == 0 and len(paragraph) <= MAX_LEAD and len(paragraphs) > 1:
                return paragraph, paragraphs[1:]
            return "", paragraphs
    if any(head in _key(paragraph) for paragraph in paragraphs):
        return "", paragraphs
    for element in tree.iter("h2", "p", "div", "h3", "strong", "span"):
        own = (element.text or "").strip()
        if len(element) > 6 or (not own and len(element) != 1):
            continue  # a block that holds other blocks
        text = clean(element.text_content())
        if MIN_LEAD <= len(text) <= MAX_LEAD and _key(text).startswith(head):
            return text, paragraphs
    return "", paragraphs


def _body(tree: HtmlElement, url: str) -> str:
    """The engine's text: by its fast way; by the slow one, which compares two more extractors, where that lost much."""
    _lighten(tree)
    fast = _engine(tree, url, fast=True)
    shown = sum(len(" ".join(paragraph.text_content().split())) for paragraph in tree.iter("p"))
    return fast if len(fast) >= ENOUGH * shown else _engine(tree, url, fast=False)


def _lighten(tree: HtmlElement) -> None:
    # The engine copies the tree several times before it drops these itself; JSON-LD it reads.
    etree.strip_elements(tree, etree.Comment, "style", "svg", "link", "template", "iframe", with_tail=False)
    for script in list(tree.iter("script")):
        if "ld+json" not in (script.get("type") or ""):
            script.drop_tree()


def _engine(tree: HtmlElement, url: str, *, fast: bool) -> str:
    found: Any = bare_extraction(tree, url=url, include_comments=False, with_metadata=False, fast=fast)
    return (found.text if found else None) or ""


def _last_resort(tree: HtmlElement, metadata: Metadata) -> tuple[str, list[str]]:
    # Where the extractor finds no body: trafilatura's crude reader; then the publisher's own summary of the page.
    _, text, length = baseline(tree)
    if length >= MIN_BODY:
        return "", _paragraphs(text, "")
    return next((text for text in metadata.descriptions if len(text) >= MIN_LEAD), ""), []


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _paragraphs(text: str | None, title: str) -> list[str]:
    lines = [" ".join(CONTROL.sub("", line).split()) for line in (text or "").split("\n")]
    lines = [unicodedata.normalize("NFC", line) for line in lines if line and not is_furniture(line)]
    # The heading repeated above the text is not text of the article.
    return [line for at, line in enumerate(lines) if at > 4 or line != title] if len(lines) > 1 else lines


def _document_title(tree: HtmlElement) -> str:
    element = tree.find(".//title")
    return clean(element.text_content()) if element is not None else ""
