"""The whole way on the sample newsroom, as `make demo` goes it, with edited, withdrawn, hostile and private pages."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pipelines.demo import crawl_newsroom
from pipelines.newsroom import Newsroom, Request, serve
from pipelines.run import run
from pipelines.settings import load_settings
from pipelines.sources import import_sources
from store.database import Database, open_database
from store.search import search
from store.tables import ArticleRow, CopyRow, FlagRow, PageRow, PredictionRow, RevisionRow


@dataclass
class Done:
    """A newsroom crawled in both its stages."""

    database: Database
    newsroom: Newsroom
    port: int
    log: list[Request]
    second: list[Request]


@pytest.fixture(scope="module")
def done(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    folder = tmp_path_factory.mktemp("newsroom")
    first = Newsroom(root / "data" / "newsroom", date(2026, 11, 20))
    log: list[Request] = []
    with serve(first, 0, log) as server:
        listing = folder / "outlets.jsonl"
        listing.write_text("\n".join(json.dumps(row) for row in first.sources(server.port)), encoding="utf-8")
        import_sources(listing, folder / "sources")
        settings, _ = load_settings(
            folder,
            var_dir=folder,
            sources_dir=folder / "sources",
            delay=0.0,
            linger=5.0,
            opened=(f"127.0.0.1:{server.port}",),
            watch=("thông tin đối ngoại",),
            audit_share=0.2,  # drawn by address, of which the port is another each time: of 2% there may be none
            contact="https://newsdesk.example/bot",
        )
        database = open_database(settings.database)
        run(database, settings, every_feed=True)
        seen = len(log)
        server.newsroom = Newsroom(root / "data" / "newsroom", first.anchor, stage=2)
        server.close_connections()
        run(database, settings, every_feed=True, recheck_days=60)
        yield Done(database, first, server.port, log[:seen], log[seen:])
        database.close()


def count(done: Done, table: type, *conditions: object) -> int:
    with done.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def test_every_article_is_stored_once_as_it_was_written(done: Done) -> None:
    with done.database.reading() as session:
        rows = session.execute(select(PageRow.url, ArticleRow).join(ArticleRow)).all()
    by_url: dict[str, ArticleRow] = dict(map(tuple, rows))
    expected = done.newsroom.article_urls(done.port)
    assert set(expected) <= set(by_url)
    assert len(rows) == len(by_url)
    changed = {"kinh-te-phuong-nam/cang-can-vam-thoi-un-u-container"}
    for url, key in expected.items():
        article, written = by_url[url], done.newsroom.articles[key]
        if key in changed:
            continue
        # A few outlets write their own name behind the headline, even in the heading: it is no part of it.
        outlet = done.newsroom.outlets[written.outlet].name
        assert article.title == written.title.removesuffix(f" - {outlet}").removesuffix(f" | {outlet}")
        assert article.published_at == written.published, url
        assert article.language == done.newsroom.outlets[written.outlet].language


def test_robots_rules_are_obeyed_and_the_contact_is_told(done: Done) -> None:
    private = {url.split("/", 3)[3] for url in done.newsroom.private_urls(done.port)}
    asked = {request.path.lstrip("/") for request in done.log + done.second}
    assert private
    assert not private & asked
    assert {request.user_agent for request in done.log} == {
        "DiemBao/0.1 (news monitoring; +https://newsdesk.example/bot)"
    }


def test_private_addresses_are_refused_with_the_reason(done: Done) -> None:
    assert count(done, PageRow, PageRow.state == "refused", PageRow.reason.like("private or forbidden address%")) == 2
    assert count(done, PageRow, PageRow.reason.like("robots.txt forbids it%")) >= 1


def test_an_edit_is_kept_as_a_revision_with_both_records(done: Done) -> None:
    with done.database.reading() as session:
        article = session.scalars(select(ArticleRow).where(ArticleRow.revision == 2)).one()
        before = session.scalars(select(RevisionRow)).one()
    assert before.article_id == article.id
    assert before.title != article.title
    assert (before.warc_file, before.warc_offset) != (article.warc_file, article.warc_offset)
    assert before.warc_file
    assert count(done, FlagRow, FlagRow.rule == "revised", FlagRow.article_id == article.id) == 1


def test_a_withdrawn_article_keeps_its_text_and_is_flagged(done: Done) -> None:
    with done.database.reading() as session:
        article = session.scalars(select(ArticleRow).where(ArticleRow.withdrawn_at.is_not(None))).one()
    assert "vietnam-social-media-identity-rules" in article.url
    assert len(article.body) > 300
    assert count(done, FlagRow, FlagRow.rule == "withdrawn", FlagRow.article_id == article.id) == 1


def test_unchanged_feeds_answer_304_the_second_time(done: Done) -> None:
    assert sum(request.status == 304 for request in done.second) >= 10


def test_copies_watch_query_and_audit(done: Done) -> None:
    assert count(done, CopyRow) >= 1
    assert count(done, FlagRow, FlagRow.rule == "watch") >= 5
    assert count(done, FlagRow, FlagRow.rule == "audit") >= 1


def test_every_article_has_one_current_prediction_with_valid_evidence(done: Done) -> None:
    from store.content import full_text

    assert count(done, PredictionRow, PredictionRow.current) == count(done, ArticleRow)
    with done.database.reading() as session:
        rows = session.execute(select(PredictionRow, ArticleRow).join(ArticleRow).where(PredictionRow.current))
        spans = 0
        for prediction, article in rows:
            texts = {"title": article.title, "text": full_text(article.lead, article.body)}
            for span in prediction.evidence:
                assert 0 <= span["start"] < span["end"] <= len(texts[span["field"]])
                spans += 1
    assert spans > 500


def test_nothing_is_dated_in_the_future(done: Done) -> None:
    with done.database.reading() as session:
        fetched = session.execute(select(ArticleRow.published_at, PageRow.fetched_at).join(PageRow)).all()
    assert all(published <= at for published, at in fetched if published and at)


def test_search_finds_without_marks(done: Done) -> None:
    with done.database.reading() as session:
        hits = search(session, "thong tin doi ngoai")
    assert hits
    assert any("thông tin đối ngoại" in hit.title.lower() for hit in hits)


def test_the_demo_leaves_a_database_with_other_articles_alone(done: Done, tmp_path: Path) -> None:
    from pipelines.errors import UsageError

    with done.database.writing() as session:
        page = session.scalars(select(PageRow).limit(1)).one()
        host, page.host = page.host, "baothat.vn"
    settings, _ = load_settings(tmp_path, var_dir=tmp_path)
    with pytest.raises(UsageError, match="not the sample newsroom's"):
        crawl_newsroom(done.database, settings, lambda _text: None)
    with done.database.writing() as session:
        session.scalars(select(PageRow).where(PageRow.host == "baothat.vn")).one().host = host


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    code = "import sys; from pipelines.cli import diembao; print([m for m in sys.modules if m in HEAVY])"
    heavy = "HEAVY = {'scrapy', 'sklearn', 'pandas', 'underthesea', 'sqlalchemy', 'trafilatura', 'numpy', 'pydantic'};"
    out = subprocess.run([sys.executable, "-c", heavy + code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
