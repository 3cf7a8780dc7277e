"""`diembao status` reads well, its sums match or it says so, and --json holds all of it."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests_support.rows import add_feed, add_page, add_source

from pipelines.disk import Disk, measure_disk
from pipelines.settings import load_settings
from pipelines.standing import alive, duration, size, write_standing
from store.base import now
from store.crawling import HostRow, RunRow
from store.database import Database
from store.runs import Run, Standing, recorded, standing

AT = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
DISK = Disk(Path("var/warc"), 3, 5 * 1024**3, 2_000_000, 40 * 1024**3, 100 * 1024**3)
WELL = Standing(
    at=AT, pages=845, states={"fetched": 838, "refused": 7}, outcomes={"article": 830, "refused": 8},
    reasons={}, reasons_of={"refused": {f"reason {n}": 1 for n in range(5)} | {"robots.txt forbids it": 2}},
    sources=3, feeds=10, failing_feeds=2, feed_states={"ok": 7, "failing": 2, "alert": 1, "disabled": 4},
    next_feed_at=AT + timedelta(minutes=5), oldest_due_at=AT - timedelta(hours=2, minutes=5),
    resting=[(f"h{n}.example", AT + timedelta(hours=1), "HTTP 429") for n in range(11)],
    articles=830, copies=9, withdrawn=1, revisions=4, open_flags=12, labels=3,
    last_runs=[
        Run(9, "run", "running", AT - timedelta(minutes=4), None, "may", 4711, {}),
        Run(8, "crawl", "killed", AT - timedelta(hours=2), AT - timedelta(hours=1), "may", 4242, {}),
        Run(1, "ingest", "done", AT - timedelta(days=2), AT - timedelta(days=2, seconds=-90), "", 0, {}),
    ],
    last_done={"crawl": AT - timedelta(hours=5), "ingest": AT - timedelta(days=2)},
)  # fmt: skip


def test_it_reads_well() -> None:
    text = write_standing(WELL, DISK, lambda run: True)
    for line in (
        "Điểm Báo, 2026-11-20 10:05 (times are Vietnam's)",
        "pages      845 = 838 fetched + 7 refused",
        "fetched    838 = 830 article + 8 refused",
        "  refused: 7",
        "         2  robots.txt forbids it",
        "waiting    the longest-waiting page could have been fetched 2 h 5 min ago",
        "feeds      10 = 7 ok + 2 failing + 1 alert; 4 more are disabled",
        "next feed  due in 5 min (2026-11-20 10:10)",
        "resting    h0.example until 2026-11-20 11:05: HTTP 429",
        "resting    and 3 other hosts",
        "articles   830 kept; 9 are copies, 4 were edited, 1 withdrawn",
        "desk       12 open flags, 3 labels",
        "last run   run: running for 4 min, begun 2026-11-20 10:01 (pid 4711 on may)",
        "last run   crawl: killed after 1 h, begun 2026-11-20 08:05 (pid 4242 on may)",
        "           it last ended well 2026-11-20 05:05",
        "last run   ingest: done after 1 min 30 s, begun 2026-11-18 10:05 (process not recorded)",
        "archive    5.0 GiB in 3 files; database 1.9 MiB",
        "free       40 GiB (40%)",
    ):
        assert line in text.splitlines(), line
    assert "ERROR" not in text
    gone = write_standing(WELL, DISK, lambda run: False)
    assert "run: its process is gone: it was killed; the next run goes on where it stopped" in gone


def test_a_sum_that_does_not_match_is_not_hidden() -> None:
    text = write_standing(replace(WELL, pages=846), DISK)
    assert "pages      846 ≠ 838 fetched + 7 refused" in text
    assert "ERROR      846 pages, but their parts sum to 845: a fault of the program, please report it" in text


def test_many_reasons_are_summed_up() -> None:
    many = {f"reason {n}": 2 for n in range(20)}
    text = write_standing(
        replace(WELL, states={"fetched": 838, "refused": 40}, pages=878, reasons_of={"refused": many}), DISK
    )
    assert "        24  for 12 other reasons (--json lists all)" in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.6, "1 min"), (90, "1 min 30 s"), (3_600, "1 h"), (3_661, "1 h 1 min"), (200_000, "2 days 7 h")],
)
def test_a_span_of_time(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (20 * 1024**2, "20 MiB"), (3 * 1024**4, "3.0 TiB")],
)
def test_a_size(count: float, text: str) -> None:
    assert size(count) == text


def test_whether_a_process_is_there() -> None:
    own = Run(1, "run", "running", AT, None, socket.gethostname(), os.getpid(), {})
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    assert alive(own) is True
    assert alive(replace(own, pid=ended.pid)) is False
    assert alive(replace(own, pid=1)) is True, "another user's process is there, too"
    assert alive(replace(own, host="elsewhere")) is None
    assert alive(replace(own, pid=0)) is None


def test_the_disk(tmp_path: Path) -> None:
    settings, _ = load_settings(tmp_path, var_dir=tmp_path / "var")
    nothing = measure_disk(settings)
    assert (nothing.archive_files, nothing.archive_bytes, nothing.database_bytes) == (0, 0, 0)
    assert nothing.free_bytes
    settings.archive.mkdir(parents=True)
    (settings.archive / "a.warc.gz").write_bytes(b"0" * 10)
    (settings.var_dir / "diembao.db").write_bytes(b"0" * 7)
    (settings.var_dir / "diembao.db-wal").write_bytes(b"0" * 5)
    found = measure_disk(settings)
    assert (found.archive_files, found.archive_bytes, found.database_bytes) == (1, 10, 12)
    elsewhere, _ = load_settings(tmp_path, database_url="postgresql+psycopg://a@b/c", var_dir=tmp_path / "var")
    assert measure_disk(elsewhere).database_bytes is None


def test_the_command_says_it_and_json_holds_all(database: Database, tmp_path: Path, root: Path) -> None:
    with database.writing() as session:
        add_source(session)
        add_feed(session)
        add_page(session, "1", state="quarantined", reason="HTTP 503")
        add_page(session, "2", outcome="article")
        session.add(HostRow(host="bao-mau.example", busy_until=now() + timedelta(hours=1), reason="HTTP 429"))
        session.add(RunRow(job="process", program="t", host=socket.gethostname(), pid=os.getpid()))
    with recorded(database, "crawl", "test"):
        pass
    url = database.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": str(root), "DIEMBAO_DATABASE_URL": url, "DIEMBAO_VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "pipelines.cli", "status"]
    told = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "pages      2 = 1 fetched + 1 quarantined" in told
    assert "process: running for" in told
    plain = subprocess.run([*command, "--json"], env=environment, cwd=tmp_path, capture_output=True, text=True)
    found = json.loads(plain.stdout)
    assert found["states"] == {"fetched": 1, "quarantined": 1}
    assert sum(found["states"].values()) == found["pages"]
    assert found["running"] == ["process"]
    assert {run["job"]: run["alive"] for run in found["last_runs"]} == {"process": True, "crawl": None}
    assert found["resting"][0]["host"] == "bao-mau.example"
    assert found["disk"]["free_bytes"] > 0
    assert found["drift"]["raised"] == []
    with database.reading() as session:
        assert set(found) >= set(standing(session).__dataclass_fields__)
    with database.writing() as session:
        add_page(session, "3", state="lost")
    wrong = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert wrong.returncode == 1
    assert "ERROR      1 pages in the unknown state 'lost'" in wrong.stdout
