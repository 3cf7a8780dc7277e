"""A page's bytes -> an `Article`: trafilatura for the body, and around it what it loses on Vietnamese pages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from crawler.extraction.article import Article, Discard, NotAnArticle
from crawler.extraction.body import read_body
from crawler.extraction.bylines import bylines
from crawler.extraction.dates import find_dates
from crawler.extraction.decoding import decode
from crawler.extraction.furniture import paragraphs_of
from crawler.extraction.hints import Hints
from crawler.extraction.kinds import refusal, refusal_of_text
from crawler.extraction.lead import MIN_LEAD, find_lead, put_lead
from crawler.extraction.metadata import Metadata, read_metadata
from crawler.extraction.parsing import parse
from crawler.extraction.titles import find_title
from crawler.urls import canonical, fetchable, resolve

VERSION = "extract-2"  # kept with every article; raise it when the same page would give another text
MIN_BODY = 60  # characters; shorter "bodies" on real pages were captions and notices
MAX_TITLE = 500


def version(hints: Hints | None) -> str:
    """What is kept with an article: other hints may read another text from the same page, and it is no edit then."""
    return f"{VERSION}+{hints.digest}" if hints is not None else VERSION


def extract(
    body: bytes,
    url: str,
    *,
    zone: ZoneInfo | None = None,
    now: datetime | None = None,
    title: str | None = None,
    listed: datetime | None = None,
    hints: Hints | None = None,
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
    hints
        Where the outlet keeps its text, when its entry says so.

    Raises
    ------
    NotAnArticle
        The page is no article; the reason is one of `Discard`.
    """
    if not body.strip():
        raise NotAnArticle(Discard.EMPTY)
    now = now or datetime.now(UTC)
    page = decode(body)
    tree = parse(page)
    if tree is None:
        raise NotAnArticle(Discard.UNREADABLE)
    metadata = read_metadata(tree)
    kind = refusal(tree, metadata, now)
    if kind is not None:
        raise NotAnArticle(kind)
    headline = find_title(tree, metadata, url=url, listed=title)
    published, modified = find_dates(
        tree, metadata, url=url, zone=zone or ZoneInfo("UTC"), now=now, listed=listed, title=headline
    )
    lead, paragraphs = _read_text(tree, metadata, headline, hints)
    if hints is not None and not lead and not paragraphs:
        # They fit other pages of the outlet, not this one; the tree is used up.
        lead, paragraphs = _read_text(parse(page), metadata, headline, None)
    if not lead and not paragraphs:
        # Where no text is found, the publisher's own summary of the page is better than nothing: films, pictures.
        lead = next((text for text in metadata.descriptions if len(text) >= MIN_LEAD), "")
    length = _length(lead, paragraphs)
    if length < MIN_BODY:
        raise NotAnArticle(Discard.NO_BODY)
    kind = refusal_of_text(metadata, length)
    if kind is not None:
        raise NotAnArticle(kind)
    if not headline:
        raise NotAnArticle(Discard.NO_TITLE)
    link = resolve(url, metadata.canonical) if metadata.canonical else url
    return Article(
        url=url,
        canonical_url=canonical(link) if fetchable(link) else url,
        title=headline[:MAX_TITLE],
        lead=lead,
        body="\n".join(paragraphs),
        authors=bylines(metadata.authors, metadata.site_names),
        published=published,
        modified=modified,
        language=metadata.language[:2].lower() or None,
    )


def _read_text(
    tree: HtmlElement | None, metadata: Metadata, headline: str, hints: Hints | None
) -> tuple[str, list[str]]:
    """The lead and the paragraphs, empty where there is too little; uses the tree up."""
    if tree is None:
        return "", []
    lead = find_lead(tree, metadata)
    body = read_body(tree, headline, hints)
    lead, paragraphs = put_lead(lead or body.above, paragraphs_of(body.text, headline), metadata)
    return (lead, paragraphs) if _length(lead, paragraphs) >= MIN_BODY else ("", [])


def _length(lead: str, paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs)) + len(lead)
