"""What happens to articles besides being published: copies elsewhere, an edit, a withdrawal, and hostile pages.

All of it is declared in ``extras.yaml``. Stage 1 is the newsroom before the edit and the withdrawal, stage 2 after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pipelines.newsroom.content import Article, Outlet, paragraphs
from pipelines.newsroom.entry import ContentError, Entry, read_yaml

TRAP_KINDS = ("nested", "giant", "redirect", "calendar", "future", "lying_charset")

# What a good crawler makes of a hostile page:
#   extracted    an article with clean text
#   date_doubted an article whose date is not the page's claim
#   survived     whatever comes out, the run goes on within its time and memory
#   refused      the redirect's target is never contacted
#   bounded      a handful of the endless pages at most is fetched
EXPECTATIONS = ("extracted", "date_doubted", "survived", "refused", "bounded")


@dataclass(frozen=True)
class Trap:
    """A hostile page: `kind` says how it is made, `expect` what a good crawler makes of it."""

    outlet: str
    section: str
    slug: str
    kind: str
    title: str
    body: tuple[str, ...]
    target: str
    expect: str
    note: str


@dataclass(frozen=True)
class Room:
    """A place robots.txt disallows, and the page in it that a section links to all the same."""

    outlet: str
    section: str
    folder: str
    slug: str
    title: str
    body: tuple[str, ...]


@dataclass(frozen=True)
class Quirks:
    """Which outlets differ from their template: RSS in CDATA, AMP twins, sections in pages, rel=canonical."""

    cdata: tuple[str, ...] = ()
    amp: tuple[str, ...] = ()
    paginated: tuple[str, ...] = ()
    canonical: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extras:
    """The whole of ``extras.yaml``; `edited` holds the articles as they stand in stage 2, by key."""

    copies: tuple[Article, ...] = ()
    edited: Mapping[str, Article] = field(default_factory=dict)
    withdrawn: tuple[str, ...] = ()
    traps: tuple[Trap, ...] = ()
    rooms: tuple[Room, ...] = ()
    quirks: Quirks = Quirks()


def load_extras(folder: Path, outlets: Mapping[str, Outlet], articles: Sequence[Article], anchor: date) -> Extras:
    """Return ``extras.yaml``, or nothing extra where the file is absent."""
    path = folder / "extras.yaml"
    if not path.exists():
        return Extras()
    top = Entry(str(path), read_yaml(path) or {})
    top.only("quirks copies edited withdrawn hostile private")
    by_key = {article.key: article for article in articles}
    copies = tuple(_copy(entry, outlets, by_key, anchor) for entry in top.parts("copies", "slug"))
    _refuse_taken(path, copies, by_key)
    edited = [_edited(entry, outlets, by_key, anchor) for entry in top.parts("edited", "article")]
    return Extras(
        copies=copies,
        edited={article.key: article for article in edited},
        withdrawn=tuple(_known(entry, by_key).key for entry in top.parts("withdrawn", "article")),
        traps=tuple(_trap(entry, outlets) for entry in top.parts("hostile", "slug")),
        rooms=tuple(_room(entry, outlets) for entry in top.parts("private", "slug")),
        quirks=_quirks(top.part("quirks"), outlets) if "quirks" in top.values else Quirks(),
    )


def at_stage(articles: Sequence[Article], extras: Extras, stage: int) -> list[Article]:
    """Return the live articles of a stage, newest first."""
    live = [*articles, *extras.copies]
    if stage >= 2:
        live = [extras.edited.get(article.key, article) for article in live if article.key not in extras.withdrawn]
    return sorted(live, key=lambda article: (article.published, article.key), reverse=True)


def _copy(entry: Entry, outlets: Mapping[str, Outlet], by_key: Mapping[str, Article], anchor: date) -> Article:
    entry.only("article outlet slug section days_ago time title title_suffix prefix byline edits")
    original = _known(entry, by_key)
    outlet = outlets[entry.choice("outlet", outlets)]
    if outlet.id == original.outlet or outlet.language != outlets[original.outlet].language:
        entry.fail(f"outlet is {outlet.id!r}", "another outlet of the same language")
    published = entry.moment(anchor, outlet.zone)
    if published <= original.published:
        entry.fail(f"published {published}, not after the original", f"a days_ago and time after {original.published}")
    lead, *body = _amend(entry, [original.lead, *original.body])
    return replace(
        original,
        outlet=outlet.id,
        slug=entry.slug(),
        section=entry.choice("section", outlet.sections),
        title=entry.text("title", original.title) + str(entry.values.get("title_suffix", "")),
        # Agencies sign at the head of the first sentence: "(TTBN) - Ngày 3/11, ...".
        lead=f"{entry.text('prefix', '')} {lead}".strip(),
        body=tuple(body),
        byline=entry.text("byline"),
        published=published,
        copy_of=original.key,
    )


def _edited(entry: Entry, outlets: Mapping[str, Outlet], by_key: Mapping[str, Article], anchor: date) -> Article:
    entry.only("article days_ago time title edits correction")
    article = _known(entry, by_key)
    updated = entry.moment(anchor, outlets[article.outlet].zone)
    if updated <= article.published:
        entry.fail(f"edited {updated}, not after publication", f"a days_ago and time after {article.published}")
    return replace(
        article,
        title=entry.text("title"),
        body=tuple(_amend(entry, article.body)),
        updated=updated,
        correction=entry.text("correction"),
    )


def _amend(entry: Entry, texts: Sequence[str]) -> list[str]:
    """Apply the entry's `edits`; an edit that finds nothing is an error, or the copy would silently be exact."""
    amended = list(texts)
    for edit in entry.rows("edits"):
        if len(edit) != 2:
            entry.fail(f"edit {list(edit)!r}", "[old, new]")
        if not any(edit[0] in text for text in amended):
            entry.fail(f"edit finds no {edit[0]!r}", "words that stand in one paragraph of the original")
        amended = [text.replace(*edit) for text in amended]
    return amended


def _known(entry: Entry, by_key: Mapping[str, Article]) -> Article:
    key = entry.text("article")
    if key not in by_key:
        outlet = key.partition("/")[0]
        near = [known for known in by_key if known.startswith(f"{outlet}/")]
        entry.fail(f"there is no article {key!r}", ", ".join(near) or "outlet/slug of an article in articles/*.yaml")
    return by_key[key]


def _trap(entry: Entry, outlets: Mapping[str, Outlet]) -> Trap:
    entry.only("outlet section slug kind title body target expect note")
    outlet = outlets[entry.choice("outlet", outlets)]
    kind = entry.choice("kind", TRAP_KINDS)
    if kind == "redirect" and "target" not in entry.values:
        entry.fail("target is missing", "the URL to redirect to")
    return Trap(
        outlet=outlet.id,
        section=entry.choice("section", outlet.sections),
        slug=entry.slug(),
        kind=kind,
        title=entry.text("title"),
        body=paragraphs(entry.text("body", "")),
        target=entry.text("target", ""),
        expect=entry.choice("expect", EXPECTATIONS),
        note=entry.text("note"),
    )


def _room(entry: Entry, outlets: Mapping[str, Outlet]) -> Room:
    entry.only("outlet section folder slug title body")
    outlet = outlets[entry.choice("outlet", outlets)]
    return Room(
        outlet=outlet.id,
        section=entry.choice("section", outlet.sections),
        folder=entry.slug("folder"),
        slug=entry.slug(),
        title=entry.text("title"),
        body=paragraphs(entry.text("body")),
    )


def _quirks(entry: Entry, outlets: Mapping[str, Outlet]) -> Quirks:
    entry.only("cdata amp paginated canonical")
    for name in entry.values:
        for outlet in entry.texts(name):
            if outlet not in outlets:
                entry.fail(f"{name} names the outlet {outlet!r}", ", ".join(outlets))
    return Quirks(**{name: entry.texts(name) for name in entry.values})


def _refuse_taken(path: Path, copies: Sequence[Article], by_key: Mapping[str, Article]) -> None:
    seen = set(by_key)
    for copy in copies:
        if copy.key in seen:
            msg = f"{path}: copies {copy.slug!r}: {copy.key} exists already; valid: a slug new to the outlet"
            raise ContentError(msg)
        seen.add(copy.key)
