"""A database that goes away for a while, for good, or that has no room left."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from tests_support.disk import fill, small_disk
from tests_support.postgres import Cluster, postgres_programs
from tests_support.rows import add_feed, add_source

from crawler.errors import FrontierError
from crawler.frontier import ArchivedRecord, Discovery, FeedReading, FeedTask, PageReading
from store import database as module
from store.crawling import FeedRow, PageRow, RunRow
from store.database import Database, open_database
from store.errors import DatabaseLostError, StoreError
from store.frontier import DatabaseFrontier
from store.runs import recorded

FEED = FeedTask(1, "bao-mau", "http://bao-mau.example/rss", "rss")


class Restartable(Cluster):
    """A server of its own, so that the other tests keep theirs."""

    def stop(self, how: str) -> None:
        """`fast` breaks connections off, `immediate` is a crash."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", how, "-w", "stop")

    def start(self) -> None:
        """Start it again, with the same socket."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")


@pytest.fixture(scope="module")
def server() -> Iterator[Restartable]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("needs the PostgreSQL server programs (apt install postgresql)")
    with Restartable(programs) as cluster:
        yield cluster


def prepared(address: str) -> Database:
    database = open_database(address)
    with database.writing() as session:
        add_source(session)
        add_feed(session)
    return database


def stream(frontier: DatabaseFrontier, until: threading.Event) -> int:
    """Discover a page, take it, fetch it, one after the other; returns how many."""
    number = 0
    while not until.is_set():
        item = Discovery(f"http://bao-mau.example/{number}")
        frontier.feed_read(FEED, FeedReading(200, etag=str(number), items=[item]))
        (task,) = frontier.due_pages(9, 9, [])
        record = ArchivedRecord("a.warc.gz", number, 10, str(number))
        frontier.page_read(task, PageReading(200, task.url, "text/html", record))
        number += 1
    return number


@pytest.mark.postgres
def test_a_server_that_restarts_costs_nothing(server: Restartable) -> None:
    database = prepared(server.new_database())
    frontier, over = DatabaseFrontier(database), threading.Event()
    moments: list[float] = []

    def restarts() -> None:
        try:
            for how in ("fast", "immediate"):
                time.sleep(0.3)
                server.stop(how)
                server.start()
                moments.append(time.monotonic())
            time.sleep(0.3)
        finally:
            over.set()

    thread = threading.Thread(target=restarts)
    thread.start()
    done = stream(frontier, over)
    thread.join()
    assert len(moments) == 2
    assert done > 10
    with database.reading() as session:
        rows = session.execute(select(PageRow.state, func.count()).group_by(PageRow.state)).all()
        assert [tuple(row) for row in rows] == [("fetched", done)], "nothing lost, nothing twice"
        assert session.scalar(select(func.count(PageRow.warc_offset.distinct()))) == done
        assert session.get_one(FeedRow, 1).etag == str(done - 1)
    assert frontier.counts["pages fetched"] == frontier.counts["pages discovered"] == done
    database.close()


@pytest.mark.postgres
def test_a_server_that_stays_away_is_lost(server: Restartable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 1.0)
    database = prepared(server.new_database())
    frontier = DatabaseFrontier(database)
    server.stop("fast")
    begin = time.monotonic()
    try:
        with pytest.raises(DatabaseLostError, match="the database is lost: ") as error:
            frontier.feed_failed(FEED, "HTTP 503")
        assert 1.0 <= time.monotonic() - begin < 6.0
        assert "\n" not in str(error.value)
        assert isinstance(error.value, FrontierError), "the spider ends the crawl"
        assert isinstance(error.value, StoreError), "the command line says it in one line"
    finally:
        server.start()
    frontier.feed_failed(FEED, "HTTP 503")
    assert frontier.due_feeds() == []
    database.close()


def test_what_is_wrong_with_the_work_is_not_tried_again(database: Database) -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        with database.writing() as session:
            add_source(session)

    database.persistently(work)
    with pytest.raises(IntegrityError):
        database.persistently(work)
    assert len(tries) == 2


def add_many(frontier: DatabaseFrontier) -> None:
    for number in range(1000):
        item = Discovery(f"http://bao-mau.example/{number}", title="x" * 5000)
        frontier.feed_read(FEED, FeedReading(200, items=[item]))


def test_a_full_disk_is_told_at_once(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m") as folder:
        database = prepared(f"sqlite:///{folder / 'test.db'}")
        frontier = DatabaseFrontier(database)
        frontier.feed_read(FEED, FeedReading(200, items=[Discovery("http://bao-mau.example/first")]))
        filler = fill(folder)
        begin = time.monotonic()
        with pytest.raises(DatabaseLostError, match=r"the database is lost: .*full"):
            add_many(frontier)
        assert time.monotonic() - begin < 5.0, "waiting makes no room"
        known = len(frontier.due_pages(9999, 9999, []))
        assert known >= 1, "what is there can be read"
        filler.unlink()
        frontier.feed_read(FEED, FeedReading(200, items=[Discovery("http://bao-mau.example/last")]))
        assert len(frontier.due_pages(9999, 9999, [])) == known + 1
        with database.reading() as session:
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        database.close()


def test_a_run_that_cannot_be_recorded_still_says_why_it_ended(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m") as folder:
        database = prepared(f"sqlite:///{folder / 'test.db'}")
        with pytest.raises(KeyError, match="the reason"), recorded(database, "crawl", "test 1"):
            raise KeyError("the reason", filler := fill(folder))
        with pytest.raises(DatabaseLostError, match="full"), recorded(database, "crawl", "test 1"):
            pass
        filler.unlink()
        with recorded(database, "crawl", "test 1"):
            pass
        with database.reading() as session:
            assert [run.status for run in session.scalars(select(RunRow).order_by(RunRow.id))] == ["killed", "done"]
        database.close()
