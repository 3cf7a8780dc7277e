"""The main job over hundreds of real outlets, replayed on loopback: nothing lost, nothing twice."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from replaying import diembao, environment, replay
from sqlalchemy import select
from tests_support.replayed import MADE, Crawl, assert_all_stored_once, stored_keys

from crawler.archive import read_payload
from crawler.urls import url_key
from store.tables import PageRow

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def crawl(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    """Crawled and processed once."""
    folder = tmp_path_factory.mktemp("replay")
    with replay(shared, "--log", str(folder / "log.jsonl")) as proxy:
        variables = environment(shared, folder / "var", proxy)
        diembao(variables, "run", "--now")
        yield Crawl(variables, folder / "log.jsonl", folder / "var")


def test_every_article_url_is_stored_exactly_once(crawl: Crawl, shared: Path) -> None:
    assert_all_stored_once(crawl, shared)


def test_every_page_has_a_place_and_the_sums_match(crawl: Crawl) -> None:
    status = json.loads(diembao(crawl.variables, "status", "--json"))
    assert sum(status["states"].values()) == status["pages"]
    assert sum(status["outcomes"].values()) == status["states"]["fetched"]
    assert status["outcomes"].get("quarantined", 0) == 0
    assert status["outcomes"]["article"] == status["articles"]


def test_what_is_stored_can_be_read_back_from_the_archive(crawl: Crawl) -> None:
    database = crawl.open()
    with database.reading() as session:
        pages = session.scalars(select(PageRow).order_by(PageRow.id)).all()
    database.close()
    for page in pages[::25]:
        url, body = read_payload(crawl.var / "warc" / str(page.warc_file), page.warc_offset or 0, limit=10_000_000)
        assert url_key(url) == page.url_key
        assert body


def test_outlets_are_asked_politely(crawl: Crawl) -> None:
    requests = crawl.requests()
    assert all("DiemBao/" in str(row["user_agent"]) and "+" in str(row["user_agent"]) for row in requests)
    first = {}
    for row in requests:
        first.setdefault(row["host"], row["path"])
    assert set(first.values()) == {"/robots.txt"}


def test_a_second_run_fetches_no_article_and_gets_304(crawl: Crawl) -> None:
    before = len(crawl.requests())
    keys = stored_keys(crawl)
    diembao(crawl.variables, "run", "--now")
    later = [row for row in crawl.requests()[before:] if row["path"] != "/robots.txt"]
    assert len(later) > 1000
    assert {row["path"] for row in later} <= set(MADE)
    assert {row["status"] for row in later} == {304}
    assert stored_keys(crawl) == keys
