"""The scheduler with real child processes: one at a time, failures survived, an end within 30 s."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests_support.rows import add_run

from pipelines import schedule as scheduling
from pipelines.logs import configure_logs
from pipelines.schedule import Schedule
from pipelines.settings import Settings, load_settings
from pipelines.signals import Ending
from store.base import now
from store.crawling import RunRow
from store.database import Database

# A job that says when it began and ended, and does what the file beside it tells.
JOB = """
import json, os, signal, sys, time
order = json.load(open("order.json"))
if order.get("deaf"):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
with open("said.txt", "a") as said:
    print("begin", sys.argv[1], os.getpid(), file=said, flush=True)
    time.sleep(order.get("seconds", 0))
    print("end", sys.argv[1], os.getpid(), file=said, flush=True)
sys.exit(order.get("exit", 0))
"""

pytestmark = pytest.mark.usefixtures("_logs_as_before")


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, ...]]:
    """Makes the program that the scheduler starts instead of diembao; `job(exit=3)` orders what it does."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "job.py").write_text(JOB, encoding="utf-8")

    def order(**orders: Any) -> tuple[str, ...]:
        (tmp_path / "order.json").write_text(json.dumps(orders), encoding="utf-8")
        return (sys.executable, str(tmp_path / "job.py"))

    return order


def said(folder: Path) -> list[list[str]]:
    path = folder / "said.txt"
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_once_runs_what_is_due_one_after_the_other(
    sqlite_database: Database, settings: Settings, job: Callable[..., tuple[str, ...]], tmp_path: Path
) -> None:
    add_run(sqlite_database, "crawl", now() - timedelta(days=8))
    with Ending() as ending:
        assert Schedule(sqlite_database, settings, job(seconds=0.2)).once(ending) == [0, 0]
    assert [line[:2] for line in said(tmp_path)] == [
        ["begin", "run"], ["end", "run"], ["begin", "report"], ["end", "report"]
    ]  # fmt: skip
    with sqlite_database.reading() as session:
        report = session.scalars(select(RunRow).where(RunRow.job == "report")).one()
    assert (report.status, report.counts) == ("done", {"exit": 0})
    add_run(sqlite_database, "run", now())
    with Ending() as ending:
        assert Schedule(sqlite_database, settings, job()).once(ending) == [], "nothing is due any more"


def test_once_does_not_skip_a_turn_because_the_last_run_began_a_little_late(
    sqlite_database: Database, settings: Settings, job: Callable[..., tuple[str, ...]]
) -> None:
    for minutes, codes in ((5.0, []), (9.9, [0])):
        add_run(sqlite_database, "run", now() - timedelta(minutes=minutes))
        with Ending() as ending:
            assert Schedule(sqlite_database, settings, job()).once(ending) == codes
        with sqlite_database.writing() as session:
            session.query(RunRow).delete()


def test_a_job_that_fails_is_logged_and_recorded_and_the_rest_goes_on(
    sqlite_database: Database,
    job: Callable[..., tuple[str, ...]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    metrics = tmp_path / "d.prom"
    settings, _ = load_settings(tmp_path, var_dir=tmp_path, log_format="json", metrics_file=metrics)
    configure_logs(settings, own_level="INFO")
    add_run(sqlite_database, "crawl", now() - timedelta(days=8))
    with Ending() as ending:
        assert Schedule(sqlite_database, settings, job(exit=3)).once(ending) == [3, 3]
    ended = [row for row in records(capsys.readouterr().err) if row["event"] == "job ended"]
    assert [(row["job"], row["exit"], row["level"]) for row in ended] == [("run", 3, "error"), ("report", 3, "error")]
    assert all(row["seconds"] >= 0 and row["time"].endswith("Z") for row in ended)
    with sqlite_database.reading() as session:
        assert session.scalars(select(RunRow.status).where(RunRow.job == "report")).one() == "failed"
    assert 'diembao_last_run{ended="failed",job="report"} 1.0' in metrics.read_text(encoding="utf-8")


def test_a_program_that_is_not_there_and_a_database_that_is_away_end_nothing(
    sqlite_database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.database.PATIENCE_SECONDS", 1.0)  # it would wait a minute for the database
    with Ending() as ending:
        assert Schedule(sqlite_database, settings, [str(tmp_path / "none")]).once(ending) == []
    schedule = Schedule(sqlite_database, settings, ["true"])
    sqlite_database.close()
    (tmp_path / "test.db").unlink()
    assert schedule.run_job("report") is None


def serve(schedule: Schedule, while_it_runs: Callable[[], None], number: signal.Signals) -> tuple[int, float]:
    """Run a schedule in this thread; another waits for something and sends the signal. Returns its seconds to end."""
    asked = 0.0

    def ask() -> None:
        nonlocal asked
        while_it_runs()
        asked = time.monotonic()
        os.kill(os.getpid(), number)

    with Ending() as ending:
        asker = threading.Thread(target=ask)
        asker.start()
        got = schedule.serve(ending)
        asker.join()
    return got, time.monotonic() - asked


def test_it_repeats_and_never_runs_two_at_once(
    sqlite_database: Database, job: Callable[..., tuple[str, ...]], tmp_path: Path
) -> None:
    # Due every 0.3 s, and each takes 0.8 s: the next waits.
    settings, _ = load_settings(tmp_path, var_dir=tmp_path, schedule_run_minutes=0.005)
    schedule = Schedule(sqlite_database, settings, job(seconds=0.8))
    got, _ = serve(schedule, lambda: wait_until(lambda: len(said(tmp_path)) >= 5), signal.SIGTERM)
    assert got == signal.SIGTERM
    words = [line[0] for line in said(tmp_path)]
    assert words[:4] == ["begin", "end", "begin", "end"]
    assert all(one != other for one, other in pairwise(words)), words


def test_a_stop_is_passed_on_and_ends_quickly(
    sqlite_database: Database, settings: Settings, job: Callable[..., tuple[str, ...]], tmp_path: Path
) -> None:
    schedule = Schedule(sqlite_database, settings, job(seconds=60))
    got, seconds = serve(schedule, lambda: wait_until(lambda: bool(said(tmp_path))), signal.SIGINT)
    assert got == signal.SIGINT
    assert seconds < 5
    assert schedule.child is not None
    assert schedule.child.returncode == -signal.SIGTERM
    assert [line[0] for line in said(tmp_path)] == ["begin"]


def test_a_job_that_does_not_listen_is_killed_after_the_grace(
    sqlite_database: Database,
    settings: Settings,
    job: Callable[..., tuple[str, ...]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert scheduling.GRACE_SECONDS < 30
    monkeypatch.setattr(scheduling, "GRACE_SECONDS", 1.0)
    schedule = Schedule(sqlite_database, settings, job(seconds=60, deaf=True))
    _, seconds = serve(schedule, lambda: wait_until(lambda: bool(said(tmp_path))), signal.SIGTERM)
    assert 1.0 <= seconds < 6
    assert schedule.child is not None
    assert schedule.child.returncode == -signal.SIGKILL


@pytest.fixture
def diembao(root: Path, tmp_path: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """Starts the real command in an empty folder, with a registry of no outlets."""
    (tmp_path / "sources").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(root), "DIEMBAO_VAR_DIR": "var", "DIEMBAO_SOURCES_DIR": "sources"}
    environment["DIEMBAO_LOG_FORMAT"] = "json"

    def start(*words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", "schedule", *words],
            env=environment, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    return start


def test_the_command_from_start_to_sigterm(diembao: Callable[..., "subprocess.Popen[str]"], tmp_path: Path) -> None:
    with diembao() as first:
        assert first.stderr is not None
        begun = [json.loads(first.stderr.readline()) for _ in range(3)]
        assert [(row["event"], row["job"]) for row in begun] == [
            ("job planned", "run"), ("job planned", "report"), ("job started", "run")
        ]  # fmt: skip
        with diembao() as second:
            _, complained = second.communicate(timeout=60)
        assert second.returncode == 2
        assert f"scheduling is under way already (pid {first.pid}" in complained
        first.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        _, rest = first.communicate(timeout=40)
        assert first.returncode == 0
        assert time.monotonic() - asked < 30
    assert "Traceback" not in rest


def test_the_command_once_and_the_list(diembao: Callable[..., "subprocess.Popen[str]"]) -> None:
    with diembao("--list") as nothing:
        _, complained = nothing.communicate(timeout=60)
    assert (nothing.returncode, "no database at" in complained) == (2, True)
    with diembao("--once") as once:
        _, log = once.communicate(timeout=120)
    assert once.returncode == 0, log
    assert any(row["event"] == "job ended" and row["exit"] == 0 for row in records(log))
    with diembao("--list") as listed:
        told, _ = listed.communicate(timeout=60)
    assert listed.returncode == 0
    rows = told.splitlines()
    assert rows[0].startswith("run ")
    assert "every 10 min" in rows[0]
    assert " (in " in rows[0]
    assert rows[1].startswith("report ")
    assert " 07:00 (in " in rows[1]
    assert "diembao report --week 20" in rows[1]
    with diembao("--list", "--once") as both:
        _, complained = both.communicate(timeout=60)
    assert (both.returncode, "exclude each other" in complained) == (2, True)
