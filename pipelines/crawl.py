"""The first stage: feeds -> pages -> archive. One Scrapy process, its memory in the database."""

import contextlib
from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from crawler.archive import WarcArchive
from crawler.discovery.span import Span
from crawler.errors import ArchiveError, FrontierError
from crawler.source import Source, load_sources
from pipelines.errors import UsageError
from pipelines.scraping import network_settings, run_spider
from pipelines.settings import Settings
from store.base import now
from store.database import Database
from store.discoveries import Budget
from store.frontier import DatabaseFrontier, Policy
from store.polling import Pace
from store.sources import sync_sources


def crawl(
    database: Database,
    settings: Settings,
    *,
    only: Collection[str] = (),
    every_feed: bool = False,
    span: Span | None = None,
    stay_minutes: float = 0.0,
) -> Counter[str]:
    """Fetch what is due of the registry's sources, or of those named in `only`; count what happened.

    With a `span` of days, read their sitemaps in full and fetch the articles of those days instead: a backfill. With
    `stay_minutes`, go on for so long with what falls due. The caller holds the lock of "crawling". Must run in a
    process of its own: Twisted's reactor starts once.

    Raises
    ------
    UsageError
        A source id is unknown, or the proxy address is wrong.
    SourceError, ArchiveError, FrontierError
        A source file is wrong; the archive or the database cannot be written.
    KeyboardInterrupt
        It was asked to stop, and did.
    """
    sources = load_sources(settings.sources_dir)
    chosen = choose(sources, only)
    overrides = network_settings(settings, sources.values())
    archive = WarcArchive(settings.archive, software="diembao 0.1")
    database.persistently(lambda: _sync(database, sources))
    until = now() + timedelta(minutes=stay_minutes) if stay_minutes else None
    frontier = DatabaseFrontier(
        database, sources=chosen, policy=policy_of(settings), every_feed=every_feed, span=span, until=until
    )
    try:
        _run(frontier, overrides | {"ARCHIVE": archive}, settings.linger, stay_minutes * 60)
    finally:
        with contextlib.suppress(OSError):  # of a full disk, which was told already
            archive.close()
    return frontier.counts


def _sync(database: Database, sources: dict[str, Source]) -> None:
    with database.writing() as session:
        sync_sources(session, sources.values())


def policy_of(settings: Settings) -> Policy:
    """What the operator's settings say of polling, budgets and second looks."""
    return Policy(
        pace=Pace(settings.poll_minutes * 60, settings.poll_max_hours * 3600),
        budget=Budget(settings.daily_pages, settings.sitemap_days),
        again=settings.recheck_hours,
    )


def choose(sources: dict[str, Source], only: Collection[str]) -> list[str] | None:
    """The ids to crawl; None = all. An unknown id is an error that names the nearest."""
    from difflib import get_close_matches

    for name in only:
        if name not in sources:
            near = get_close_matches(name, sources, n=3, cutoff=0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UsageError(f"unknown source {name!r}{hint} ('diembao sources list' lists all {len(sources)})")
    return list(only) or None


def _run(frontier: DatabaseFrontier, overrides: dict[str, Any], linger: float, stay: float) -> None:
    from crawler.spiders.failures import NO_ARCHIVE, NO_MEMORY
    from crawler.spiders.news import NewsSpider

    ended = run_spider(NewsSpider, overrides, frontier=frontier, linger=linger, stay=stay)
    if ended.startswith(NO_ARCHIVE):
        raise ArchiveError(f"{ended}; pages not fetched yet keep waiting: free some room and run again")
    if ended.startswith(NO_MEMORY):
        raise FrontierError(f"{ended}; pages not remembered yet keep waiting: mend it and run again")
