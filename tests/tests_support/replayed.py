"""What came of crawling the replay of real outlets: the settings, the request log, which articles are stored."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from crawler.extraction.article import Discard
from crawler.urls import url_key
from store.database import Database, open_database
from store.tables import ArticleRow, PageRow

MADE = ("/robots.txt", "/replay-feed.xml", "/replay-news-sitemap.xml", "/")  # what the replay makes itself


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


def served(shared: Path) -> set[str]:
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


def assert_all_stored_once(crawl: Crawl, shared: Path) -> None:
    """Each article that the replay can serve is stored once, but for a few that say what they are instead."""
    keys = stored_keys(crawl)
    expected = served(shared)
    assert len(expected) >= 830
    missing = expected - set(keys)
    assert missing == told_apart(crawl, missing), "what is no article says what it is instead"
    assert len(missing) <= 0.01 * len(expected)
    assert set(keys.values()) == {1}
