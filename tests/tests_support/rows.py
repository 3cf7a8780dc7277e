"""Rows of a fictional outlet, for tests of the store and of the jobs on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from classify.copies import marks
from classify.stories import CommonWords, traits
from crawler.extraction.article import Article, Dated, DateSource
from store.articles import Extracted, save_article
from store.content import ArticleRow
from store.crawling import FeedRow, PageRow, RunRow, SourceRow
from store.database import Database
from store.search import index_article, searchable

NOON = datetime(2026, 11, 9, 5, tzinfo=UTC)  # in Hanoi


def add_source(session: Session, source_id: str = "bao-mau", **changes: Any) -> SourceRow:
    """An enabled Vietnamese outlet."""
    values: dict[str, Any] = {
        "name": "Báo Mẫu",
        "name_vi": "Báo Mẫu",
        "name_en": "The Sample",
        "domain": f"{source_id}.example",
        "country": "VN",
        "languages": ["vi"],
        "scope": "national",
        "timezone": "Asia/Ho_Chi_Minh",
        "enabled": True,
    }
    row = SourceRow(id=source_id, **values | changes)
    session.add(row)
    session.flush()
    return row


def add_feed(session: Session, url: str = "http://bao-mau.example/rss", **changes: Any) -> FeedRow:
    """A feed that is due."""
    values: dict[str, Any] = {"source_id": "bao-mau", "kind": "rss", "next_check_at": NOON}
    row = FeedRow(url=url, **values | changes)
    session.add(row)
    session.flush()
    return row


def add_page(session: Session, name: str, source_id: str = "bao-mau", **changes: Any) -> PageRow:
    """A page `http://<source>.example/<name>`, fetched."""
    values: dict[str, Any] = {
        "state": "fetched",
        "fetched_at": NOON + timedelta(minutes=5),
        "discovered_at": NOON,
        "status": 200,
        "warc_file": f"{name}.warc.gz",
        "warc_offset": 7,
    }
    host = f"{source_id}.example"
    row = PageRow(
        source_id=source_id, url=f"http://{host}/{name}", url_key=f"{host}/{name}", host=host, **values | changes
    )
    session.add(row)
    session.flush()
    return row


def extracted(title: str, body: str, **changes: Any) -> Extracted:
    """What a worker would make of a page; `moment`, `source`, `lead`, `language`, `digest`, `extractor` may be set."""
    moment = changes.get("moment", NOON)
    article = Article(
        url="http://bao-mau.example/x",
        canonical_url="http://bao-mau.example/x",
        title=title,
        lead=changes.get("lead", ""),
        body=body,
        authors=("Lan Anh",),
        published=Dated(moment, changes.get("source", DateSource.STRUCTURED)) if moment else Dated(),
    )
    folded, exact = searchable(title, body)
    return Extracted(
        article,
        changes.get("language", "vi"),
        changes.get("digest"),
        folded,
        exact,
        changes.get("extractor", "test-1"),
        marks(body),
        traits(title, body, changes.get("language", "vi"), CommonWords({})),
        changes.get("agency"),
    )


def add_article(
    session: Session, name: str, title: str, body: str, source_id: str = "bao-mau", **changes: Any
) -> ArticleRow:
    """A page with its article, findable by search."""
    found = extracted(title, body, **changes)
    row, _ = save_article(session, add_page(session, name, source_id), found)
    index_article(session, row.id, found.folded, found.exact)
    session.flush()
    return row


def add_run(database: Database, job: str, begun: datetime) -> None:
    """A run of a job that began and ended well at a moment."""
    with database.writing() as session:
        session.add(RunRow(job=job, program="t", status="done", started_at=begun, ended_at=begun))
