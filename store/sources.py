"""The registry's copy in the database: rows that other rows point at, kept in step with the YAML files."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.source import Source
from crawler.urls import host_of
from store.base import now
from store.crawling import LONGEST_HOST, FeedRow, SourceRow


def sync_sources(session: Session, sources: Iterable[Source]) -> None:
    """Make the rows say what the files say. A source or feed that left the files is switched off, never removed."""
    rows = {row.id: row for row in session.scalars(select(SourceRow))}
    feeds = {row.url: row for row in session.scalars(select(FeedRow))}
    named: set[str] = set()
    kept: set[str] = set()
    sources = list(sources)
    for source in sources:
        kept.add(source.id)
        row = rows.get(source.id) or SourceRow(id=source.id)
        _fill(row, source)
        session.add(row)
    session.flush()
    for source in sources:
        for feed in source.feeds:
            named.add(feed.url)
            feed_row = feeds.get(feed.url)
            if feed_row is None:
                feed_row = FeedRow(source_id=source.id, url=feed.url, next_check_at=now())
                feeds[feed.url] = feed_row
                session.add(feed_row)
            feed_row.source_id, feed_row.kind, feed_row.links = source.id, feed.kind, feed.links
            feed_row.enabled, feed_row.host = source.enabled and feed.enabled, host_of(feed.url)[:LONGEST_HOST]
    _switch_off(rows.values(), feeds.values(), kept, named)


def _fill(row: SourceRow, source: Source) -> None:
    row.name, row.domain, row.country = source.name, source.domain, source.country
    row.name_vi, row.name_en = source.name_vi or source.name, source.name_en or source.name
    row.languages, row.scope, row.timezone = list(source.languages), source.scope, source.timezone
    row.group, row.tls_reason = source.group, source.tls_reason
    row.enabled, row.updated_at = source.enabled, now()


def _switch_off(
    rows: Iterable[SourceRow], feeds: Iterable[FeedRow], kept: Collection[str], named: Collection[str]
) -> None:
    for row in rows:
        if row.id not in kept:
            row.enabled = False
    for feed in feeds:
        if feed.parent_id is None and feed.url not in named:
            feed.enabled = False
