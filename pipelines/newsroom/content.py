"""The sample newsroom's content: fictional outlets and their articles, read from YAML, checked and frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.newsroom.entry import Entry, entries, read_yaml

FEED_KINDS = ("rss", "atom", "news_sitemap", "sitemap", "section")
TEMPLATES = ("national", "portal", "foreign")
LANGUAGES = ("vi", "en", "zh", "fr", "ja", "ru")
SCOPES = ("national", "provincial", "ministry", "agency", "foreign")
RELEVANCE = ("central", "substantial", "passing", "none")
TONES = ("positive", "neutral", "negative", "mixed", "unclear")

_OUTLET_KEYS = "id name name_vi name_en host country language timezone scope template date_line sections feeds"
_ARTICLE_KEYS = "slug days_ago time section title lead body byline labels quote caption list table"


@dataclass(frozen=True)
class Outlet:
    """A fictional news site, served under ``<host>.localhost``."""

    id: str
    name: str
    name_vi: str
    name_en: str
    host: str
    country: str
    language: str
    zone: ZoneInfo
    scope: str
    template: str
    date_line: str
    sections: Mapping[str, str]
    feeds: tuple[str, ...]


@dataclass(frozen=True)
class Labels:
    """What a careful human would say of an article; tone is None where Vietnam is not the subject."""

    relevance: str
    topics: tuple[str, ...]
    tone: str | None


@dataclass(frozen=True)
class Article:
    """One published article. `published` and `updated` carry the outlet's own time zone."""

    outlet: str
    slug: str
    section: str
    title: str
    lead: str
    body: tuple[str, ...]
    byline: str
    published: datetime
    labels: Labels
    quote: str = ""
    caption: str = ""
    bullets: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    updated: datetime | None = None
    correction: str = ""
    copy_of: str = ""

    @property
    def key(self) -> str:
        """The article's name in the whole newsroom: ``outlet/slug``."""
        return f"{self.outlet}/{self.slug}"

    @property
    def modified(self) -> datetime:
        """When the text last changed."""
        return self.updated or self.published


def load_outlets(folder: Path) -> dict[str, Outlet]:
    """Return the outlets of ``outlets.yaml`` by id, in the order of the file."""
    path = folder / "outlets.yaml"
    top = Entry(str(path), read_yaml(path) or {})
    found: dict[str, Outlet] = {}
    for entry in top.parts("outlets", "id"):
        outlet = _outlet(entry)
        if outlet.id in found or outlet.host in {other.host for other in found.values()}:
            entry.fail(f"id {outlet.id!r} or host {outlet.host!r} is taken", "an id and a host no other outlet has")
        found[outlet.id] = outlet
    return found


def load_articles(folder: Path, outlets: Mapping[str, Outlet], anchor: date) -> list[Article]:
    """Return every article of ``articles/*.yaml``, dated back from `anchor`; each file is named after its outlet."""
    found: list[Article] = []
    for path in sorted((folder / "articles").glob("*.yaml")):
        if path.stem not in outlets:
            Entry(str(path), {}).fail(f"no outlet is called {path.stem!r}", ", ".join(outlets))
        outlet = outlets[path.stem]
        seen: set[str] = set()
        for entry in entries(f"{path}: article", read_yaml(path) or [], "slug"):
            article = read_article(entry, outlet, anchor)
            if article.slug in seen:
                entry.fail("this slug is used twice", "a slug no other article of the outlet has")
            seen.add(article.slug)
            found.append(article)
    return found


def read_article(entry: Entry, outlet: Outlet, anchor: date) -> Article:
    """Return one article from its YAML entry."""
    entry.only(_ARTICLE_KEYS)
    return Article(
        outlet=outlet.id,
        slug=entry.slug(),
        section=entry.choice("section", outlet.sections),
        title=entry.text("title"),
        lead=entry.text("lead"),
        body=paragraphs(entry.text("body")),
        byline=entry.text("byline"),
        published=entry.moment(anchor, outlet.zone),
        labels=_labels(entry.part("labels")),
        quote=entry.text("quote", ""),
        caption=entry.text("caption", ""),
        bullets=entry.texts("list"),
        table=entry.rows("table"),
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a body: blocks between blank lines, each on one line."""
    return tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())


def safe_anchor(outlets: Iterable[Outlet], now: datetime | None = None) -> date:
    """Return the latest anchor that puts no article in the future: the earliest "today" among the outlets' clocks."""
    moment = now or datetime.now(UTC)
    return min((moment.astimezone(outlet.zone).date() for outlet in outlets), default=moment.date())


def _outlet(entry: Entry) -> Outlet:
    entry.only(_OUTLET_KEYS)
    feeds = entry.texts("feeds")
    if not feeds or not set(feeds) <= set(FEED_KINDS):
        entry.fail(f"feeds is {list(feeds)!r}", "one or more of " + ", ".join(FEED_KINDS))
    sections = entry.part("sections")
    if not sections.values:
        entry.fail("sections is empty", "address part: shown name, e.g. {kinh-te: Kinh tế}")
    return Outlet(
        id=entry.slug("id"),
        name=entry.text("name"),
        name_vi=entry.text("name_vi", entry.text("name")),
        name_en=entry.text("name_en"),
        host=entry.slug("host"),
        country=entry.text("country"),
        language=entry.choice("language", LANGUAGES),
        zone=_zone(entry),
        scope=entry.choice("scope", SCOPES),
        template=entry.choice("template", TEMPLATES),
        date_line=entry.text("date_line"),
        sections={key: sections.text(key) for key in sections.values},
        feeds=feeds,
    )


def _zone(entry: Entry) -> ZoneInfo:
    name = entry.text("timezone")
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        entry.fail(f"timezone is {name!r}", "an IANA name, e.g. Asia/Ho_Chi_Minh")


def _labels(entry: Entry) -> Labels:
    entry.only("relevance topics tone")
    relevance = entry.choice("relevance", RELEVANCE)
    topics = entry.texts("topics")
    if not 1 <= len(topics) <= 3:
        entry.fail(f"topics is {list(topics)!r}", "one to three topic ids, the primary first")
    asked = relevance in ("central", "substantial")
    tone = entry.values.get("tone")
    if not asked and tone is not None:
        entry.fail(f"tone is {tone!r} though relevance is {relevance}", "null (asked of central and substantial only)")
    return Labels(relevance, topics, entry.choice("tone", TONES) if asked else None)
