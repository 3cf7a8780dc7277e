"""One outlet for a person: what its file says, its groups, and what the database has learned of its feeds."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.errors import SourceError
from crawler.groups import Group, groups_of
from crawler.source import Source, load_source, load_sources, source_files
from pipelines.checking import age
from pipelines.errors import UsageError
from pipelines.settings import Settings
from store.crawling import FeedRow, PageRow
from store.database import open_database
from store.errors import StoreError

Known = dict[str, Any]
KEPT = ("kind", "enabled", "reason", "links", "confidence", "evidence", "notes")


def choose_sources(sources: Mapping[str, Source], ids: Collection[str]) -> list[Source]:
    """The outlets of these ids, all when there is none.

    Raises
    ------
    UsageError
        An id is unknown; the message names the nearest.
    """
    for name in ids:
        if name not in sources:
            near = get_close_matches(name, sources, n=3, cutoff=0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UsageError(f"unknown source {name!r}{hint} ('diembao sources list --all' lists all {len(sources)})")
    return [sources[name] for name in dict.fromkeys(ids)] or list(sources.values())


def faulty_files(settings: Settings) -> tuple[list[str], dict[str, Source]]:
    """What is wrong with the registry's files, one line each; and the outlets, when nothing is."""
    problems = []
    for path in source_files(settings.sources_dir):
        try:
            load_source(path)
        except SourceError as error:
            problems.append(str(error))
    if problems:
        return problems, {}
    try:
        return [], load_sources(settings.sources_dir)
    except SourceError as error:
        if not settings.sources_dir.is_dir():
            raise
        return [str(error)], {}


def what_is_known(settings: Settings, source_id: str) -> Known | None:
    """What the database knows of an outlet: its feeds by URL, its pages by state. None without a database."""
    try:
        database = open_database(settings.database, create=False)
    except StoreError:
        return None
    try:
        with database.reading() as session:
            return {"feeds": _feeds(session, source_id), "pages": _pages(session, source_id)}
    finally:
        database.close()


def describe(source: Source, groups: Sequence[Group], known: Known | None) -> dict[str, Any]:
    """Everything about an outlet, as `sources show --json` prints it."""
    rows = known["feeds"] if known else {}
    feeds = [
        {"url": feed.url} | {name: getattr(feed, name) for name in KEPT} | {"known": rows.get(feed.url)}
        for feed in source.feeds
    ]
    whole = source.model_dump(mode="json", exclude={"feeds"})
    return whole | {
        "groups": list(groups_of(source, groups)),
        "pages": known["pages"] if known else None,
        "feeds": feeds,
    }


def as_text(shown: Mapping[str, Any]) -> str:
    """The same for a person."""
    names = [shown[key] for key in ("name", "name_vi", "name_en") if shown[key]]
    lines = [
        f"{shown['id']}: {' / '.join(dict.fromkeys(names))}",
        f"  {shown['domain']}, {shown['country']}, {shown['scope']}, {', '.join(shown['languages'])}, "
        f"{shown['timezone']}",
        f"  groups: {', '.join(shown['groups']) or 'none'}",
    ]
    if not shown["enabled"]:
        lines.append(f"  off: {shown['reason']}")
    if shown["notes"]:
        lines.append(f"  {shown['notes']}")
    if shown["extract"]:
        lines.append(f"  body: {shown['extract']['body'] or 'anywhere'}")
        lines += [f"  without {selector}" for selector in shown["extract"]["remove"]]
    if shown["pages"] is not None:
        counted = ", ".join(f"{count} {state}" for state, count in sorted(shown["pages"].items()))
        lines.append(f"  pages: {counted or 'none yet'}")
    for feed in shown["feeds"]:
        lines.extend(_feed_lines(feed))
    return "\n".join(lines)


def _feed_lines(feed: Mapping[str, Any]) -> list[str]:
    sure = f", {feed['confidence']} confidence" if feed["confidence"] else ""
    lines = [f"  {'on ' if feed['enabled'] else 'off'} {feed['kind']:12} {feed['url']}{sure}"]
    said = ("reason", "links", "evidence", "notes")
    lines += [f"      {'pattern ' if key == 'links' else ''}{feed[key]}" for key in said if feed[key]]
    return lines + ([f"      {line}" for line in _known_lines(feed["known"])] if feed["known"] else [])


def _known_lines(row: Mapping[str, Any]) -> list[str]:
    now = datetime.now(UTC)
    if row["checked_at"] is None:
        return ["never checked"]
    every = f", every {row['poll_seconds'] / 60:.0f} min" if row["poll_seconds"] else ""
    rate = f", {row['rate'] * 24:.1f} new a day" if row["rate"] is not None else ""
    line = f"checked {age(row['checked_at'], now)} ago (HTTP {row['status'] or '-'}){every}: {row['items']} items{rate}"
    newest = [f"newest item {age(row['newest_item_at'], now)} old"] if row["newest_item_at"] else []
    failures = f"{row['failures']} failures: " if row["failures"] else ""
    trouble = [f"{failures}{row['problem']}"] if row["problem"] else []
    trouble += [row["alert"]] if row["alert"] else []
    trouble += [f"moved for good to {row['moved_to']}"] if row["moved_to"] else []
    return [line, *newest, *trouble]


def _feeds(session: Session, source_id: str) -> dict[str, Known]:
    rows = session.scalars(select(FeedRow).where(FeedRow.source_id == source_id, FeedRow.parent_id.is_(None)))
    names = (
        "checked_at",
        "next_check_at",
        "status",
        "items",
        "newest_item_at",
        "failures",
        "problem",
        "poll_seconds",
        "rate",
        "alert",
        "moved_to",
    )
    return {row.url: {name: getattr(row, name) for name in names} for row in rows}


def _pages(session: Session, source_id: str) -> dict[str, int]:
    query = select(PageRow.state, func.count()).where(PageRow.source_id == source_id).group_by(PageRow.state)
    return {row[0]: row[1] for row in session.execute(query)}
