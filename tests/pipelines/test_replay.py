"""The main job over hundreds of real outlets, replayed on loopback: nothing lost, nothing twice, whatever is killed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from replaying import ROOT, diembao, environment, replay
from sqlalchemy import select

from crawler.archive import read_payload
from crawler.extraction.article import Discard
from crawler.urls import url_key
from store.database import Database, open_database
from store.tables import ArticleRow, PageRow

KILLS = 10
MADE = ("/robots.txt", "/replay-feed.xml", "/replay-news-sitemap.xml", "/")  # what the replay makes itself
pytestmark = pytest.mark.shared


@dataclass
class Crawl:
    """A replay that runs, the settings for it, and its request log."""

    variables: dict[str, str]
    log: Path
    var: Path

    def requests(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def open(self) -> Database:
        return open_database(f"sqlite:///{self.var / 'diembao.db'}", create=False)


@pytest.fixture(scope="module")
def crawl(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    """Crawled and processed once."""
    folder = tmp_path_factory.mktemp("replay")
    with replay(shared, "--log", str(folder / "log.jsonl")) as proxy:
        variables = environment(shared, folder / "var", proxy)
        diembao(variables, "run", "--now")
        yield Crawl(variables, folder / "log.jsonl", folder / "var")


def served(crawl: Crawl, shared: Path) -> set[str]:
    """The keys of the index's articles that the replay can serve at all.

    Four addresses have a space that no client can send as the index has it (404), three are a bare host, where the
    replay answers with a front page of its own.
    """
    index = (shared / "pages" / "index.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in index.split("\n") if line]
    urls = {row["url"] for row in rows if row["url"] and row["kind"] == "article"}
    return {url_key(url.strip()) for url in urls if " " not in url and urlsplit(url).path not in ("", "/")}


def stored_keys(crawl: Crawl) -> Counter[str]:
    database = crawl.open()
    with database.reading() as session:
        keys = Counter(session.scalars(select(PageRow.url_key).join(ArticleRow, ArticleRow.page_id == PageRow.id)))
    database.close()
    return keys


def told_apart(crawl: Crawl, keys: set[str]) -> set[str]:
    """Those of the keys whose pages were fetched, and refused as a live blog, a film, a list, ..."""
    kinds = (Discard.LISTING, Discard.LIVE, Discard.VIDEO, Discard.PHOTOS, Discard.PAYWALL)
    database = crawl.open()
    with database.reading() as session:
        apart = select(PageRow.url_key).where(PageRow.outcome == "refused", PageRow.outcome_reason.in_(kinds))
        found = set(session.scalars(apart)) & keys
    database.close()
    return found


def test_every_article_url_is_stored_exactly_once(crawl: Crawl, shared: Path) -> None:
    keys = stored_keys(crawl)
    expected = served(crawl, shared)
    assert len(expected) >= 830
    missing = expected - set(keys)
    assert missing == told_apart(crawl, missing), "what is no article says what it is instead"
    assert len(missing) <= 0.01 * len(expected)
    assert set(keys.values()) == {1}


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


def test_killed_at_random_moments_it_ends_the_same(shared: Path, crawl: Crawl, tmp_path: Path) -> None:
    dice = random.Random(57)
    with replay(shared, "--log", str(tmp_path / "log.jsonl")) as proxy:
        killed = Crawl(environment(shared, tmp_path / "var", proxy), tmp_path / "log.jsonl", tmp_path / "var")
        for _ in range(KILLS):
            command = [sys.executable, "-m", "pipelines.cli", "run", "--now"]
            job = subprocess.Popen(
                command,
                env=killed.variables,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            time.sleep(dice.uniform(1.0, 8.0))
            os.killpg(job.pid, signal.SIGKILL)
            job.wait()
        diembao(killed.variables, "run", "--now")
        assert stored_keys(killed) == stored_keys(crawl)
        status = json.loads(diembao(killed.variables, "status", "--json"))
        assert status["states"] == {"fetched": status["pages"]}
        fetched = Counter((row["host"], row["path"]) for row in killed.requests() if row["path"] not in MADE)
        assert sum(fetched.values()) - len(fetched) <= 8 * KILLS, "pages fetched more than once"
