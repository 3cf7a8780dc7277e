"""The crawl's memory: outlets, what lists their articles, every page ever seen, and the runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Key, Short, now

LONGEST_HOST = 200  # what `Short` takes; a name may have 253 characters, and only PostgreSQL minds


class SourceRow(Base):
    """An outlet, as its YAML said at the last crawl. The YAML is the truth; this is what other rows point at."""

    __tablename__ = "sources"

    id: Mapped[Short] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_vi: Mapped[str]
    name_en: Mapped[str]
    domain: Mapped[str]
    country: Mapped[Short]
    languages: Mapped[list[str]]
    scope: Mapped[Short]
    timezone: Mapped[Short]
    group: Mapped[Short] = mapped_column(default="")
    enabled: Mapped[bool]
    tls_reason: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime] = mapped_column(default=now)


class FeedRow(Base):
    """A URL that lists articles, with its HTTP validators and its record.

    `next_check_at` is None when nothing is to be done: a child of a sitemap index waits for its parent to name it.
    What is learned of it (`store.polling`): `rate`, new articles an hour; `poll_seconds`, the time between two checks
    that follows; `gap_seconds`, the longest usual time without a new article; `shape`, what its answers look like;
    `alert`, how the last one differs from that.
    """

    __tablename__ = "feeds"

    id: Mapped[Key]
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id"))
    url: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Short]
    enabled: Mapped[bool] = mapped_column(default=True)
    links: Mapped[str] = mapped_column(default="")
    depth: Mapped[int] = mapped_column(default=0)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    digest: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None] = mapped_column(index=True)
    status: Mapped[int | None]
    problem: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    items: Mapped[int] = mapped_column(default=0)
    newest_item_at: Mapped[datetime | None]
    host: Mapped[Short] = mapped_column(default="")
    ttl_seconds: Mapped[float | None]
    moved_to: Mapped[str | None]
    poll_seconds: Mapped[float | None]
    rate: Mapped[float | None]
    last_new_at: Mapped[datetime | None]
    gap_seconds: Mapped[float | None]
    shape: Mapped[dict[str, Any]] = mapped_column(default=dict)
    alert: Mapped[str | None]


class PageRow(Base):
    """A URL of an article, from the moment it was discovered; unique by `url_key`.

    `state` is where the crawl stands (`crawler.frontier.PageState`), `outcome` where processing stands
    (`store.content.Outcome`; None = not processed since the last fetch). `digest` is the payload's SHA-256.
    `recheck_at`: when to look whether a fetched page was edited or withdrawn; `rechecks` counts the looks.
    """

    __tablename__ = "pages"
    __table_args__ = (
        Index(
            "ix_pages_due",
            "due_at",
            sqlite_where=text("state IN ('waiting', 'retrying')"),
            postgresql_where=text("state IN ('waiting', 'retrying')"),
        ),
        Index(
            "ix_pages_unprocessed",
            "id",
            sqlite_where=text("state = 'fetched' AND outcome IS NULL"),
            postgresql_where=text("state = 'fetched' AND outcome IS NULL"),
        ),
        Index(
            "ix_pages_recheck",
            "recheck_at",
            sqlite_where=text("recheck_at IS NOT NULL"),
            postgresql_where=text("recheck_at IS NOT NULL"),
        ),
        Index("ix_pages_host_digest", "host", "digest"),
        Index("ix_pages_source_discovered", "source_id", "discovered_at"),
    )

    id: Mapped[Key]
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"))
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id"))
    url: Mapped[str]
    url_key: Mapped[str] = mapped_column(unique=True)
    host: Mapped[str]
    title: Mapped[str | None]
    published_at: Mapped[datetime | None]
    modified_at: Mapped[datetime | None]
    discovered_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[Short] = mapped_column(default="waiting", index=True)
    reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=now)
    fetched_at: Mapped[datetime | None]
    status: Mapped[int | None]
    content_type: Mapped[str | None]
    final_url: Mapped[str | None]
    warc_file: Mapped[str | None]
    warc_offset: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    recheck_at: Mapped[datetime | None]
    rechecks: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None]
    outcome_reason: Mapped[str | None]


class HostRow(Base):
    """A host that asked to be left alone until a time (`Retry-After`), across runs and restarts."""

    __tablename__ = "hosts"

    host: Mapped[Short] = mapped_column(primary_key=True)
    busy_until: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str]


class RobotsRow(Base):
    """What a site's robots.txt said when it was last asked; `status` None = it could not be reached."""

    __tablename__ = "robots"

    site: Mapped[str] = mapped_column(String(300), primary_key=True)
    status: Mapped[int | None]
    body: Mapped[str]
    fetched_at: Mapped[datetime]


class RunRow(Base):
    """One execution of a job: when, how it ended, and what it counted."""

    __tablename__ = "runs"

    id: Mapped[Key]
    job: Mapped[Short] = mapped_column(index=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    status: Mapped[Short] = mapped_column(default="running")
    program: Mapped[str]
    host: Mapped[Short] = mapped_column(default="")
    pid: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
