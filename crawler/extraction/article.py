"""What a page turned out to say."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class DateSource(StrEnum):
    """Where the belief about the publication time comes from, most trusted first."""

    STRUCTURED = "structured"  # JSON-LD, microdata, meta tags: the publisher's own statement to machines
    VISIBLE = "visible"  # the date line that readers see
    FEED = "feed"  # the feed or sitemap that listed the article
    URL = "url"  # a date in the address
    GUESSED = "guessed"  # found somewhere in the page; no longer given, but articles read before keep it
    NONE = "none"


# How far each source is believed; shown to people, not computed with. On 767 dated pages the structured ones were
# right in 94%, the guessed ones in 87% (docs/performance.md); many of the misses are the gold's own.
CONFIDENCE = {
    DateSource.STRUCTURED: 0.98,
    DateSource.VISIBLE: 0.95,
    DateSource.FEED: 0.9,
    DateSource.URL: 0.85,
    DateSource.GUESSED: 0.5,
    DateSource.NONE: 0.0,
}


class Discard(StrEnum):
    """Why a fetched page became no article. A closed list, counted."""

    EMPTY = "no text"
    NO_BODY = "no article text found"
    NO_TITLE = "no title found"
    UNREADABLE = "not readable as HTML"
    LISTING = "a list of articles"
    LIVE = "a live blog"
    VIDEO = "a video without an article"
    PHOTOS = "photos without an article"
    PAYWALL = "only the beginning is free to read"


@dataclass(frozen=True)
class Dated:
    """A time (of publication, of the last change) with its source. `moment` is aware; None = the page does not tell."""

    moment: datetime | None = None
    source: DateSource = DateSource.NONE

    @property
    def confidence(self) -> float:
        """How far to believe it, from 0 to 1."""
        return CONFIDENCE[self.source]


@dataclass(frozen=True)
class Article:
    """An article as extracted. All text is NFC; paragraphs of `body` are separated by newlines.

    `authors` are bylines, kept as bibliographic data only. `language` is what the page declares, if anything.
    """

    url: str
    canonical_url: str
    title: str
    lead: str
    body: str
    authors: tuple[str, ...]
    published: Dated
    language: str | None = None
    modified: Dated = field(default_factory=Dated)


class NotAnArticle(Exception):  # noqa: N818 - an outcome, counted, not a failure of ours
    """The page is no article; `reason` says why. Raised by `crawler.extraction.extract`."""

    def __init__(self, reason: Discard) -> None:
        super().__init__(reason.value)
        self.reason = reason
