"""A new outlet from its home page: find what lists its articles, read each once, write what works as a source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.countries import zone_of
from crawler.discovery import READERS, Listing, NotAListing
from crawler.discovery.finding import (
    COMMON_FEEDS,
    COMMON_SITEMAPS,
    Candidate,
    HomePage,
    common,
    named_in_robots,
    read_home,
)
from crawler.frontier import Child
from crawler.source import Feed, Scope, Source, load_sources
from crawler.spiders.probe import Answer, Ask, ProbeSpider
from crawler.urls import fetchable, host_of, resolve, url_key
from crawler.variants import undressed_host
from pipelines.errors import UsageError
from pipelines.scraping import network_settings, run_spider
from pipelines.settings import Settings
from pipelines.sources import slug

HOME, ROBOTS = "home", "robots"
# Endings of two letters that outlets of any country use.
ANYBODYS = frozenset(("ai", "co", "eu", "fm", "io", "me", "tv"))
ENDINGS = {"uk": "GB", "su": "RU"}
MIN_LINKS = 5  # a front page with fewer article links is more likely a portal's door than a list
MOST_ASKED = 30  # addresses of one outlet: an index may name an index without end
EVERYTHING = "lists all the outlet ever published, not only its news: for a backfill"


@dataclass(frozen=True)
class Found:
    """A candidate that was read."""

    candidate: Candidate
    url: str
    listing: Listing

    @property
    def kind(self) -> str:
        """What it is, now that it was read: a sitemap whose entries have titles and times is a news sitemap."""
        items = self.listing.items
        news = sum(bool(item.title and item.published_at) for item in items) * 2 > len(items)
        return "news_sitemap" if self.candidate.kind == "sitemap" and news else self.candidate.kind


@dataclass
class Search:
    """What is known so far of an outlet; each answer may lead to more questions."""

    url: str
    home: HomePage | None = None
    problem: str = ""
    final_url: str = ""
    found: list[Found] = field(default_factory=list)
    front: Listing | None = None
    asked: set[str] = field(default_factory=set)
    robots: tuple[Candidate, ...] | None = None

    def first(self) -> tuple[Ask, ...]:
        """The front page, and robots.txt for the sitemaps that it names."""
        return Ask(self.url, HOME), Ask(resolve(self.url, "/robots.txt"), ROBOTS)

    def heard(self, answer: Answer) -> Sequence[Ask]:
        """Take in an answer; name what to ask next."""
        if answer.ask.key == HOME:
            self._take_home(answer)
        elif answer.ask.key == ROBOTS:
            text = answer.body[:500_000].decode("utf-8", "replace") if answer.fine else ""
            self.robots = named_in_robots(text, answer.url)
        else:
            return tuple(self._ask(self._take(answer)))
        both = self.home is not None and self.robots is not None
        return tuple(self._ask(self._candidates())) if both else ()

    def _take_home(self, answer: Answer) -> None:
        self.problem, self.final_url = answer.problem, answer.url
        if not answer.fine:
            return
        try:
            self.home = read_home(answer.body, answer.url)
            self.front = READERS["section"](answer.body, answer.url, "")
        except NotAListing as reason:
            self.problem = "" if self.home else str(reason)

    def _candidates(self) -> Iterator[Candidate]:
        linked = self.home.feeds if self.home else ()
        yield from linked or common(self.final_url, COMMON_FEEDS, "rss")
        yield from self.robots or common(self.final_url, COMMON_SITEMAPS, "sitemap")

    def _take(self, answer: Answer) -> Iterator[Candidate]:
        candidate: Candidate = answer.ask.key
        if not answer.fine:
            return
        try:
            listing = READERS[candidate.kind](answer.body, answer.url, "")
        except NotAListing:
            return
        if all(url_key(answer.url) != url_key(one.url) for one in self.found):
            self.found.append(Found(candidate, answer.url, listing))
        for child in _of_news(listing.children):
            yield Candidate(child.url, "sitemap", f"named in {answer.url}")

    def _ask(self, candidates: Iterator[Candidate]) -> Iterator[Ask]:
        for candidate in candidates:
            key = url_key(candidate.url)
            if key not in self.asked and len(self.asked) < MOST_ASKED:
                self.asked.add(key)
                yield Ask(candidate.url, candidate)


def find_outlet(settings: Settings, url: str, country: str, scope: Scope | None) -> Source:
    """Fetch an outlet's front page and what it names; the source that comes of it, not yet written.

    Must run in a process of its own: Twisted's reactor starts once.

    Raises
    ------
    UsageError
        The address or the country is none, the outlet is known, it cannot be fetched, or nothing lists its articles.
    """
    url = home_address(url)
    country = country_of(url, country)
    _refuse_known(settings.sources_dir, url)
    search = Search(url)
    run_spider(ProbeSpider, network_settings(settings), asks=search.first(), heard=search.heard)
    if search.home is None:
        raise UsageError(f"{url} cannot be read: {search.problem or 'no answer'}")
    return source_of(search, country, scope)


def home_address(text: str) -> str:
    """The address of a front page as people write it: `baolamgiang.example` will do."""
    url = text.strip() if "://" in text else f"https://{text.strip()}"
    if not fetchable(url) or "." not in host_of(url):
        raise UsageError(f"{text!r} is not the address of an outlet; write it like https://baolamgiang.example/")
    return url if urlsplit(url).path else url + "/"


def country_of(url: str, given: str) -> str:
    """The ISO 3166-1 code that was given, or that the host's ending tells."""
    ending = host_of(url).rpartition(".")[2]
    code = (given or ENDINGS.get(ending) or (ending if len(ending) == 2 and ending not in ANYBODYS else "")).upper()
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    if given:
        raise UsageError(f"country {given!r} is not a code of two letters, such as VN")
    raise UsageError(f"the ending of {host_of(url)} tells no country; say it: --country VN")


def source_of(search: Search, country: str, scope: Scope | None) -> Source:
    """The source that an outlet's answers make.

    Raises
    ------
    UsageError
        Nothing that was found lists articles.
    """
    feeds = [_feed(one) for one in search.found if one.listing.items or one.listing.children]
    if not any(feed.enabled for feed in feeds) and search.front and len(search.front.items) >= MIN_LINKS:
        feeds.append(Feed(url=search.final_url, kind="section", evidence=_evidence("front page", search.front)))
    if not any(feed.enabled for feed in feeds):
        raise UsageError(
            f"{search.final_url}: no feed, news sitemap or list of articles found; look for one by hand and write the "
            "file as data/sources/README.md tells"
        )
    host = host_of(search.final_url)
    home = search.home or HomePage("", (), ())
    native = scope or ("national" if country == "VN" else "foreign")
    return Source(
        id=slug(undressed_host(host)),
        name=home.name or host,
        domain=host,
        country=country,
        languages=home.languages or ("und",),
        scope="ministry" if scope is None and host.endswith(".gov.vn") else native,
        timezone=zone_of(country),
        feeds=tuple(feeds),
    )


def write_source(folder: Path, source: Source, text: str) -> Path:
    """Write a new source file; one that is there is never overwritten.

    Raises
    ------
    UsageError
        The file is there, or cannot be written.
    """
    path = folder / source.country.lower() / f"{source.id}.yaml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already; nothing was written") from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; set DIEMBAO_SOURCES_DIR") from error
    return path


def _feed(found: Found) -> Feed:
    wide = found.kind == "sitemap"
    return Feed(
        url=found.url,
        kind=found.kind,  # type: ignore[arg-type]  # one of READERS, which the model checks
        enabled=not wide,
        reason=EVERYTHING if wide else "",
        evidence=_evidence(found.candidate.evidence, found.listing),
        confidence="high",
    )


def _evidence(where: str, listing: Listing) -> str:
    dated = sum(bool(item.published_at or item.modified_at) for item in listing.items)
    counted = f"{len(listing.items)} items, {dated} dated"
    if listing.children:
        counted = f"{len(listing.children)} sitemaps"
    return f"{where}; read on {datetime.now(UTC):%Y-%m-%d}: {counted}"


def _of_news(children: Sequence[Child]) -> list[Child]:
    return [child for child in children if "news" in child.url.lower()][:2]


def _refuse_known(folder: Path, url: str) -> None:
    host = undressed_host(host_of(url))
    for source in load_sources(folder).values() if folder.is_dir() else ():
        if undressed_host(source.domain.lower()) == host:
            raise UsageError(
                f"the registry has {host} as {source.id!r} already; see 'diembao sources show {source.id}'"
            )
