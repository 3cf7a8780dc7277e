"""What a crawl needs to remember, said as a Protocol: the spiders know this, `store.frontier` makes it durable.

Rules that every frontier keeps: a URL is known once, by its key; the items of a feed and the feed's new validators are
remembered together or not at all; a page is `fetched` only when its archived record can be read back. A method that
cannot read or write the memory, after waiting for it to come back, raises `crawler.errors.FrontierError`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class PageState(StrEnum):
    """Where the crawl of a URL stands. Every discovered URL is in one of these at any moment."""

    WAITING = "waiting"
    RETRYING = "retrying"
    FETCHED = "fetched"
    REFUSED = "refused"
    QUARANTINED = "quarantined"


class Refusal(StrEnum):
    """Why a URL will not be fetched again by itself. A closed list, counted."""

    ROBOTS = "robots.txt forbids it"
    PRIVATE_ADDRESS = "private or forbidden address"
    BAD_URL = "not an http(s) URL we can fetch"
    TOO_LARGE = "larger than the size limit"
    TOO_MANY_REDIRECTS = "too many redirects"
    NOT_HTML = "not an HTML page"
    HTTP_ERROR = "client error"
    TRAP = "looks like one of an endless set of pages"
    SOFT_404 = "the same bytes as other pages of this host"
    HEADERS_TOO_LARGE = "headers larger than the limit"
    ENCODING = "a content encoding we do not undo"
    BOMB = "unpacks to more than the size limit"
    NOINDEX = "the page asks not to be indexed"


@dataclass(frozen=True)
class FeedTask:
    """A feed to check now, with the validators of its last answer; `links` is the source's pattern for article URLs.

    `days`, of a backfill, are the first and the last that are wanted of a sitemap.
    """

    id: int
    source_id: str
    url: str
    kind: str
    depth: int = 0
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    links: str = ""
    days: tuple[date, date] | None = None


@dataclass(frozen=True)
class PageTask:
    """A page to fetch now; `attempts` counts earlier failures, the validators are of its last answer."""

    id: int
    source_id: str
    url: str
    host: str
    attempts: int = 0
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Discovery:
    """An article that a feed listed. Times are aware; None where the feed does not tell."""

    url: str
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True)
class Child:
    """A sitemap that a sitemap index named, or the next page of a section."""

    url: str
    kind: str
    modified_at: datetime | None = None


@dataclass(frozen=True)
class FeedReading:
    """What an answer of a feed said. `unchanged` = 304, or the same bytes as last time.

    `ttl`: seconds that the feed asks us to wait between two checks; `moved_to`: where it says it moved for good.
    """

    status: int
    unchanged: bool = False
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    ttl: float | None = None
    moved_to: str | None = None
    items: Sequence[Discovery] = ()
    children: Sequence[Child] = ()
    problem: str | None = None


@dataclass(frozen=True)
class ArchivedRecord:
    """Where a response is kept: WARC file name, byte offset, length, and SHA-256 of the payload as received."""

    file: str
    offset: int
    length: int
    digest: str


@dataclass(frozen=True)
class PageReading:
    """A page's final answer, archived. 404 and 410 are answers too: the article is gone."""

    status: int
    final_url: str
    content_type: str
    record: ArchivedRecord
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class RobotsAnswer:
    """What a site (`scheme://host:port`) answered for its robots.txt; `status` None = it could not be reached."""

    site: str
    status: int | None
    body: str
    fetched_at: datetime


class Frontier(Protocol):
    """The crawl's memory. Each method is one transaction."""

    def due_feeds(self) -> Sequence[FeedTask]:
        """The feeds to check now; asked again until none is left."""

    def feed_read(self, task: FeedTask, reading: FeedReading) -> int:
        """Remember the answer and its items together; return how many pages were new or newly due."""

    def feed_failed(self, task: FeedTask, problem: str, retry_after: float | None = None) -> None:
        """Remember that a feed gave no usable answer; `retry_after` in seconds."""

    def due_pages(self, limit: int, per_host: int, in_flight: Collection[PageTask]) -> Sequence[PageTask]:
        """Up to `limit` pages due now, so that no host has more than `per_host` of them and `in_flight` together."""

    def next_due_in(self) -> float | None:
        """Seconds until the next waiting or retrying page is due; None when there is none."""

    def page_read(self, task: PageTask, reading: PageReading) -> None:
        """Remember that a page was fetched and where its record is."""

    def page_unchanged(self, task: PageTask) -> None:
        """Remember that a page was asked for again and is as it was (304)."""

    def page_failed(self, task: PageTask, problem: str, retry_after: float | None = None) -> None:
        """Remember a passing failure: retry later, or quarantine when the attempts are used up."""

    def page_refused(self, task: PageTask, reason: Refusal, detail: str = "") -> None:
        """Remember that a page will not be fetched, and why."""

    def host_busy(self, host: str, seconds: float, reason: str) -> None:
        """Remember that a host asked to be left alone for a while; nothing of it is due until then."""

    def busy_hosts(self) -> Mapping[str, float]:
        """The hosts to be left alone, with the seconds left."""

    def robots_known(self, site: str) -> RobotsAnswer | None:
        """What a site's robots.txt last said, however old; None when it was never asked."""

    def robots_read(self, answer: RobotsAnswer) -> None:
        """Remember a site's robots.txt, replacing what was known."""


class Archive(Protocol):
    """Where responses are kept as they were received."""

    def write(
        self, *, url: str, status: int, request_headers: bytes, response_headers: bytes, body: bytes
    ) -> ArchivedRecord:
        """Keep a request and its response; return only when a reader of the file can see them."""

    def close(self) -> None:
        """Finish the file."""
