"""The first stage: feeds -> pages -> archive. One Scrapy process, its memory in the database."""

import fcntl
import logging
import os
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.archive import WarcArchive
from crawler.errors import ArchiveError
from crawler.source import Source, load_sources
from pipelines.errors import UsageError
from pipelines.settings import Settings
from store.database import Database
from store.frontier import DatabaseFrontier
from store.sources import sync_sources


def crawl(
    database: Database, settings: Settings, *, only: Collection[str] = (), every_feed: bool = False
) -> Counter[str]:
    """Fetch what is due of the registry's sources, or of those named in `only`; count what happened.

    Must run in a process of its own: Twisted's reactor starts once.

    Raises
    ------
    UsageError
        A source id is unknown, the proxy address is wrong, or another crawl is running on this database.
    SourceError, ArchiveError
        A source file is wrong; the archive folder cannot be written.
    """
    sources = load_sources(settings.sources_dir)
    chosen = choose(sources, only)
    proxy_endpoint = proxy_to_open(settings.proxy)
    archive = WarcArchive(settings.archive, software="diembao 0.1")
    with only_one(settings.var_dir / "crawl.lock", "crawl"):
        with database.writing() as session:
            sync_sources(session, sources.values())
        frontier = DatabaseFrontier(database, sources=chosen, poll_minutes=settings.poll_minutes, every_feed=every_feed)
        _run(frontier, scrapy_settings(settings, archive, proxy_endpoint), settings.linger)
        archive.close()
    return frontier.counts


def choose(sources: dict[str, Source], only: Collection[str]) -> list[str] | None:
    """The ids to crawl; None = all. An unknown id is an error that names the nearest."""
    from difflib import get_close_matches

    for name in only:
        if name not in sources:
            near = get_close_matches(name, sources, n=3, cutoff=0.5)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise UsageError(f"unknown source {name!r}{hint} ('diembao sources list' lists all {len(sources)})")
    return list(only) or None


def scrapy_settings(settings: Settings, archive: WarcArchive, proxy_endpoint: str | None) -> dict[str, Any]:
    """What the operator's settings change in `crawler.settings`."""
    opened = [*settings.opened, *([proxy_endpoint] if proxy_endpoint else [])]
    return {
        "ARCHIVE": archive,
        "PROXY": settings.proxy,
        "GUARD_OPENED": opened,
        "USER_AGENT": settings.user_agent,
        "DOWNLOAD_DELAY": settings.delay,
        "CONCURRENT_REQUESTS": settings.connections,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.host_connections,
        "DOWNLOAD_TIMEOUT": settings.timeout,
        "DOWNLOAD_MAXSIZE": int(settings.max_page_mb * 1024 * 1024),
        "LOG_LEVEL": settings.log_level,
    }


def _run(frontier: DatabaseFrontier, overrides: dict[str, Any], linger: float) -> None:
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings as ScrapySettings

    from crawler.spiders.news import NO_ARCHIVE, NewsSpider

    # Each failed download is recorded with its reason, retried, and shown by `status`: a traceback adds nothing.
    logging.getLogger("scrapy.core.scraper").addFilter(lambda row: not row.getMessage().startswith("Error downloading"))
    values = ScrapySettings()
    values.setmodule("crawler.settings", priority="project")
    values.setdict(overrides, priority="cmdline")
    process = AsyncCrawlerProcess(values)
    crawler = process.create_crawler(NewsSpider)
    task = process.crawl(crawler, frontier=frontier, linger=linger)
    process.start()
    ended = str(crawler.stats.get_value("finish_reason") if crawler.stats else "")
    if ended.startswith(NO_ARCHIVE):
        raise ArchiveError(f"{ended}; pages not fetched yet keep waiting: free some room and run again")
    if not task.cancelled() and task.exception() is not None:
        raise task.exception()  # type: ignore[misc]


def proxy_to_open(address: str) -> str | None:
    """The `ip:port` of the proxy, which the guard must let through; None without a proxy.

    Raises
    ------
    UsageError
        The address is not one of a proxy.
    """
    if not address:
        return None
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme != "http" or not parts.hostname or not port:
        raise UsageError(f"proxy {address!r} is not an address like http://127.0.0.1:8899")
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
    return f"{host}:{port}"


@contextmanager
def only_one(path: Path, job: str) -> Iterator[None]:
    """Hold a lock while a job runs; a second one ends at once, saying who holds it. Dying lets go of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            holder = stream.read().strip() or "another process"
            raise UsageError(f"a {job} is already running ({holder}); wait for it or stop it") from None
        stream.truncate(0)
        stream.write(f"pid {os.getpid()}")
        stream.flush()
        yield
