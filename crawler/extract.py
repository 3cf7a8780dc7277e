"""A page's bytes -> an `Article`: trafilatura for the body, and around it what it loses on Vietnamese pages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from crawler.article import Article, Discard, NotAnArticle
from crawler.body import Hints, read_body
from crawler.bylines import bylines
from crawler.dates import find_dates
from crawler.decoding import decode
from crawler.furniture import paragraphs_of
from crawler.kinds import refusal, refusal_of_text
from crawler.lead import MIN_LEAD, find_lead, put_lead
from crawler.metadata import Metadata, read_metadata
from crawler.parsing import parse
from crawler.titles import find_title
from crawler.urls import canonical, fetchable, resolve

VERSION = "extract-2"  # kept with every article; raise it when the same page would give another text
MIN_BODY = 60  # characters; shorter "bodies" on real pages were captions and notices
MAX_TITLE = 500


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
    tree = parse(decode(body))
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
    length = sum(map(len, paragraphs)) + len(lead)
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


def _read_text(tree: HtmlElement, metadata: Metadata, headline: str, hints: Hints | None) -> tuple[str, list[str]]:
    """The lead and the paragraphs; uses the tree up."""
    lead = find_lead(tree, metadata)
    body = read_body(tree, headline, hints)
    lead, paragraphs = put_lead(lead or body.above, paragraphs_of(body.text, headline), metadata)
    if sum(map(len, paragraphs)) + len(lead) >= MIN_BODY:
        return lead, paragraphs
    # Where no text is found, the publisher's own summary of the page is better than nothing: films, pictures.
    return next((text for text in metadata.descriptions if len(text) >= MIN_LEAD), ""), []
