"""What a crawl learns: hosts that want rest, robots answers, how often feeds yield, when pages are looked at again."""

from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

from crawler.urls import rekeyed
from store.base import Json, Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hosts",
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("busy_until", Utc(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )
    op.create_index(op.f("ix_hosts_busy_until"), "hosts", ["busy_until"])
    op.create_table(
        "robots",
        sa.Column("site", sa.String(length=300), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("fetched_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_robots")),
    )
    _add("sources", ("group", sa.String(length=200), "''"), ("tls_reason", sa.String(), "''"))
    _add("runs", ("host", sa.String(length=200), "''"), ("pid", sa.Integer(), "0"))
    _add(
        "feeds",
        ("host", sa.String(length=200), "''"),
        ("ttl_seconds", sa.Double(), None),
        ("moved_to", sa.String(), None),
        ("poll_seconds", sa.Double(), None),
        ("rate", sa.Double(), None),
        ("last_new_at", Utc(), None),
        ("gap_seconds", sa.Double(), None),
        ("shape", Json, "'{}'"),
        ("alert", sa.String(), None),
    )
    _add(
        "pages",
        ("etag", sa.String(), None),
        ("last_modified", sa.String(), None),
        ("recheck_at", Utc(), None),
        ("rechecks", sa.Integer(), "0"),
    )
    _name_the_feeds_hosts()
    _fold_variants()
    wanted = sa.text("recheck_at IS NOT NULL")
    op.create_index("ix_pages_recheck", "pages", ["recheck_at"], sqlite_where=wanted, postgresql_where=wanted)
    op.create_index("ix_pages_host_digest", "pages", ["host", "digest"])
    op.create_index("ix_pages_source_discovered", "pages", ["source_id", "discovered_at"])
    op.drop_index("ix_pages_source_id", "pages")  # the new one begins with the same column


def _add(table: str, *columns: tuple[str, Any, str | None]) -> None:
    """Columns are added where they can be NULL or have a default for the rows that are there."""
    for name, kind, default in columns:
        server = None if default is None else sa.text(default)
        op.add_column(table, sa.Column(name, kind, nullable=default is None, server_default=server))


def _fold_variants() -> None:
    """Since this version www, mobile, AMP and print forms of an address share a key: without it they are found anew."""
    pages = sa.table("pages", sa.column("id", sa.Integer), sa.column("url", sa.String), sa.column("url_key", sa.String))
    connection = op.get_bind()
    rows = [tuple(row) for row in connection.execute(sa.select(pages.c.id, pages.c.url, pages.c.url_key))]
    changed = rekeyed(rows)
    for page_id in changed:  # first out of the way, as one row's new key may be another's old one
        connection.execute(pages.update().where(pages.c.id == page_id).values(url_key=f"~{page_id}"))
    for page_id, key in changed.items():
        connection.execute(pages.update().where(pages.c.id == page_id).values(url_key=key))


def _name_the_feeds_hosts() -> None:
    feeds = sa.table("feeds", sa.column("id", sa.Integer), sa.column("url", sa.String), sa.column("host", sa.String))
    connection = op.get_bind()
    for row in connection.execute(sa.select(feeds.c.id, feeds.c.url)).all():
        host = (urlsplit(row.url).hostname or "").lower()
        connection.execute(feeds.update().where(feeds.c.id == row.id).values(host=host))
