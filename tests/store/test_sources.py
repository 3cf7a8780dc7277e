from sqlalchemy import select
from tests_support.rows import NOON

from crawler.source import Feed, Source
from store.crawling import FeedRow, SourceRow
from store.database import Database
from store.sources import sync_sources

RSS = Feed(url="http://bao-mau.example/rss", kind="rss")
MAP = Feed(url="http://bao-mau.example/map.xml", kind="news_sitemap", links="/tin")


def outlet(*feeds: Feed, source_id: str = "bao-mau", **changes: object) -> Source:
    values = {
        "name": "Báo Mẫu",
        "domain": "bao-mau.example",
        "country": "VN",
        "languages": ("vi",),
        "scope": "national",
    }
    return Source.model_validate({"id": source_id, "feeds": feeds, **values, **changes})


def enabled(database: Database) -> tuple[set[str], set[str]]:
    with database.reading() as session:
        sources = session.scalars(select(SourceRow.id).where(SourceRow.enabled))
        return set(sources), set(session.scalars(select(FeedRow.url).where(FeedRow.enabled)))


def sync(database: Database, *sources: Source) -> None:
    with database.writing() as session:
        sync_sources(session, sources)


def test_the_rows_say_what_the_files_say(database: Database) -> None:
    sync(database, outlet(RSS, MAP, name_en="The Sample"))
    sync(database, outlet(RSS, MAP, name_en="The Sample"))
    with database.reading() as session:
        row = session.scalars(select(SourceRow)).one()
        assert (row.name, row.name_vi, row.name_en, row.languages) == ("Báo Mẫu", "Báo Mẫu", "The Sample", ["vi"])
        assert [(feed.kind, feed.links) for feed in session.scalars(select(FeedRow).order_by(FeedRow.id))] == [
            ("rss", ""),
            ("news_sitemap", "/tin"),
        ]


def test_what_left_the_files_is_switched_off_and_kept(database: Database) -> None:
    sync(database, outlet(RSS, MAP), outlet(source_id="bao-khac"))
    with database.writing() as session:
        child = FeedRow(source_id="bao-mau", parent_id=1, url="http://bao-mau.example/c.xml", kind="sitemap")
        session.add(child)
    sync(database, outlet(MAP))
    assert enabled(database) == ({"bao-mau"}, {MAP.url, "http://bao-mau.example/c.xml"})
    sync(database, outlet(RSS, MAP), outlet(source_id="bao-khac"))
    assert enabled(database)[0] == {"bao-mau", "bao-khac"}
    with database.reading() as session:
        assert len(session.scalars(select(FeedRow)).all()) == 3


def test_a_disabled_outlet_has_no_enabled_feed(database: Database) -> None:
    sync(database, outlet(RSS, MAP.model_copy(update={"enabled": False, "reason": "x"})))
    assert enabled(database) == ({"bao-mau"}, {RSS.url})
    sync(database, outlet(RSS, enabled=False, reason="closed"))
    assert enabled(database) == (set(), set())


def test_a_feed_that_moves_to_another_outlet(database: Database) -> None:
    sync(database, outlet(RSS))
    sync(database, outlet(), outlet(RSS, source_id="bao-khac"))
    with database.reading() as session:
        assert session.scalars(select(FeedRow.source_id)).all() == ["bao-khac"]


def test_what_the_crawl_must_know_of_an_outlet(database: Database) -> None:
    why = {"tls": "unverified", "tls_reason": "expired in May", "group": "tinh"}
    sync(database, outlet(RSS, Feed(url="http://CDN.Example:8080/rss", kind="rss"), **why))
    with database.reading() as session:
        row = session.scalars(select(SourceRow)).one()
        assert (row.tls_reason, row.group) == ("expired in May", "tinh")
        assert session.scalars(select(FeedRow.host).order_by(FeedRow.id)).all() == ["bao-mau.example", "cdn.example"]
    sync(database, outlet(RSS))
    with database.reading() as session:
        row = session.scalars(select(SourceRow)).one()
        assert (row.tls_reason, row.group) == ("", ""), "an exception that left the file is over"


def test_what_was_learned_of_a_feed_outlives_its_file(database: Database) -> None:
    sync(database, outlet(RSS))
    with database.writing() as session:
        feed = session.scalars(select(FeedRow)).one()
        feed.etag, feed.rate, feed.next_check_at = '"1"', 2.0, NOON
    sync(database, outlet())
    sync(database, outlet(RSS))
    with database.reading() as session:
        feed = session.scalars(select(FeedRow)).one()
        assert (feed.enabled, feed.etag, feed.rate, feed.next_check_at) == (True, '"1"', 2.0, NOON)
