"""`diembao requeue` and `diembao sources health`, as an operator calls them."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests_support.rows import NOON, add_feed, add_page, add_source

from pipelines.cli import main
from pipelines.health import KINDS
from store.base import now
from store.crawling import FeedRow, PageRow, SourceRow
from store.database import Database
from store.health import FEED_TROUBLES, SOURCE_TROUBLES

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def diembao(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on `database`, or the SQLite one; gives the exit code, standard output and standard error."""
    monkeypatch.setenv("DIEMBAO_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setenv("DIEMBAO_VAR_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def database(diembao: Run, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An empty database, of each kind in turn, which the commands use."""
    monkeypatch.setenv("DIEMBAO_DATABASE_URL", database_url)
    return database


@pytest.fixture
def filled(database: Database) -> Database:
    with database.writing() as session:
        add_source(session)
        add_source(session, "bao-khac")
        add_page(session, "q1", state="quarantined", reason="HTTP 503", warc_file=None)
        add_page(session, "q2", "bao-khac", state="quarantined", reason="HTTP 500", warc_file=None)
        add_page(session, "r", state="refused", reason="robots.txt forbids it", warc_file=None)
        add_page(session, "a", outcome="article")
        add_page(session, "b", outcome="article", discovered_at=NOON + timedelta(days=30))
    return database


def waiting(database: Database) -> str:
    with database.reading() as session:
        rows = session.scalars(select(PageRow).order_by(PageRow.id)).all()
    return " ".join(row.url.rpartition("/")[2] for row in rows if row.state == "waiting" or row.outcome is None)


def test_requeue(diembao: Run, filled: Database) -> None:
    before = waiting(filled)
    assert diembao("requeue", "--dry-run") == (0, "2 to be fetched again, 0 to be processed again\n", "")
    assert waiting(filled) == before
    code, out, _ = diembao("requeue", "--source", "bao-khac", "--json")
    assert (code, json.loads(out)) == (0, {"to be fetched again": 1, "to be processed again": 0})
    with filled.reading() as session:
        states = {row.url: row.state for row in session.scalars(select(PageRow))}
    assert [states[f"http://{name}"] for name in ("bao-mau.example/q1", "bao-khac.example/q2")] == [
        "quarantined",
        "waiting",
    ]
    day = (NOON + timedelta(days=30)).strftime("%Y-%m-%d")
    assert diembao("requeue", "--articles", "--since", day)[1].startswith("0 to be fetched again, 1 to be processed")
    assert diembao("requeue", "--refused", "--reason", "robots")[1].startswith("1 to be fetched again")
    assert diembao("requeue", "--reason", "HTTP 503")[1].startswith("1 to be fetched again")
    assert diembao("requeue") == (0, "0 to be fetched again, 0 to be processed again\n", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--refused", "--articles"], "--refused and --articles: give one of them"),
        (["--source", "bao-mauu"], "unknown source 'bao-mauu'"),
        (["--since", "01/11/2026"], "'01/11/2026' does not match the format '%Y-%m-%d'"),
    ],
)
def test_what_cannot_be_requeued(diembao: Run, sqlite_database: Database, arguments: list[str], says: str) -> None:
    code, out, complaint = diembao("requeue", *arguments)
    assert (code, out, len(complaint.splitlines())) == (2, "", 1)
    assert says in complaint


def test_health_tells_what_may_cost_news(diembao: Run, database: Database) -> None:
    assert diembao("sources", "health") == (0, "nothing that could cost news\n", "")
    with database.writing() as session:
        add_source(session)
        feed = add_feed(session, checked_at=now(), next_check_at=now(), problem="not well-formed")
        session.get_one(SourceRow, "bao-mau").tls_reason = "expired"
    code, out, _ = diembao("sources", "health")
    assert code == 0, "blemishes cost nothing"
    assert [line.strip().split("  ")[0] for line in out.splitlines()] == [
        "are read with trouble: 1",
        "bao-mau",
        feed.url,
        "certificates are not verified: 1",
        "bao-mau",
        "nothing that could cost news",
    ]
    with database.writing() as session:
        row = session.get_one(FeedRow, feed.id)
        row.failures, row.problem = 3, "HTTP 503"
    code, out, _ = diembao("sources", "health")
    assert code == 1
    assert out.splitlines()[0] == "cannot be read: 1"
    assert "HTTP 503, 3 times, since " in out
    assert out.splitlines()[-1] == "1 outlets need a look"
    code, out, _ = diembao("sources", "health", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [(row["kind"], row["serious"], row["failures"]) for row in rows] == [("failing", True, 3), ("tls", False, 0)]


def test_health_without_a_database(diembao: Run, tmp_path: Path) -> None:
    code, out, complaint = diembao("sources", "health")
    assert (code, out) == (2, "")
    assert "no database at" in complaint
    (tmp_path / "test.db").write_bytes(b"not a database" * 999)
    code, out, complaint = diembao("sources", "health")
    assert (code, out, len(complaint.splitlines())) == (2, "", 1)
    assert "file is not a database" in complaint


def test_a_database_that_is_damaged_later(diembao: Run, sqlite_database: Database, tmp_path: Path) -> None:
    sqlite_database.close()
    with (tmp_path / "test.db").open("r+b") as stream:
        stream.seek(4096)
        stream.write(bytes(range(256)) * 2000)
    code, out, complaint = diembao("requeue")
    assert (code, out, len(complaint.splitlines())) == (2, "", 1)
    assert "malformed" in complaint


def test_every_trouble_has_its_words() -> None:
    assert {*FEED_TROUBLES, *SOURCE_TROUBLES, "flood"} == set(KINDS)
