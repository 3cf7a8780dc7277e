"""The metrics are what Prometheus reads, their labels are few, and their file is never half written."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests_support.rows import add_article, add_feed, add_page, add_source

from crawler.frontier import Refusal
from pipelines.errors import UsageError
from pipelines.metrics import metrics_text, serve_metrics, write_metrics
from pipelines.settings import Settings, load_settings
from store.base import now
from store.content import Outcome
from store.crawling import HostRow, RunRow
from store.database import Database
from store.reviewing import FlagRow
from store.runs import recorded


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, var_dir=tmp_path, metrics_file=tmp_path / "out" / "diembao.prom")[0]


def values(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Every sample by name and label values, as Prometheus' own parser reads them."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


@pytest.fixture
def filled(database: Database) -> Database:
    with database.writing() as session:
        add_source(session)
        add_feed(session, failures=2)
        add_feed(session, "http://bao-mau.example/2", alert="half of its usual items")
        add_feed(session, "http://bao-mau.example/3")
        add_feed(session, "http://bao-mau.example/4", enabled=False, failures=9)
        add_page(session, "w", state="waiting", due_at=now() - timedelta(minutes=10))
        add_page(session, "later", state="retrying", reason="HTTP 503", due_at=now() + timedelta(hours=2))
        add_page(session, "r1", state="refused", reason=f"{Refusal.HTTP_ERROR.value} (HTTP 403)")
        add_page(session, "r2", state="refused", reason=Refusal.ROBOTS.value)
        add_page(session, "r3", state="refused", reason="http://secret.example/said-so")
        add_page(session, "no", outcome=Outcome.REFUSED, outcome_reason="no title found")
        article = add_article(session, "a", "Tin", "Thân bài")
        session.add(FlagRow(article_id=article.id, rule="audit", values={}))
        session.add(HostRow(host="bao-mau.example", busy_until=now() + timedelta(hours=1), reason="HTTP 429"))
        session.add(HostRow(host="cu.example", busy_until=now() - timedelta(hours=1), reason="HTTP 429"))
        hour = timedelta(hours=1)
        session.add(RunRow(job="crawl", program="t", status="done", started_at=now() - 3 * hour, ended_at=now() - hour))
        session.add(RunRow(job="crawl", program="t", status="failed", started_at=now() - hour, ended_at=now()))
    return database


def test_the_numbers(filled: Database, settings: Settings) -> None:
    (settings.archive / "x").mkdir(parents=True)
    (settings.archive / "x" / "a.warc.gz").write_bytes(b"0" * 700)
    (settings.archive / "notes.txt").write_bytes(b"0" * 99)
    found = values(metrics_text(filled, settings))
    assert found["diembao_pages"] == {
        ("waiting",): 1, ("retrying",): 1, ("fetched",): 2, ("refused",): 3, ("quarantined",): 0
    }  # fmt: skip
    assert sum(found["diembao_outcomes"].values()) == found["diembao_pages"][("fetched",)]
    refusals = {key: count for key, count in found["diembao_refusals"].items() if count}
    assert refusals == {("http_error",): 1, ("robots",): 1, ("other",): 1}
    assert found["diembao_discards"][("no_title",)] == 1
    assert found["diembao_feeds"] == {("ok",): 1, ("failing",): 1, ("alert",): 1, ("disabled",): 1}
    assert found["diembao_articles_total"] == {(): 1}
    assert found["diembao_flags_open"] == {(): 1}
    assert found["diembao_hosts_busy"] == {(): 1}
    assert found["diembao_oldest_waiting_seconds"][()] == pytest.approx(600, abs=30)
    assert found["diembao_last_run_seconds"] == {("crawl",): pytest.approx(3600, abs=30)}
    done = found["diembao_last_run_success_timestamp"]
    assert done[("crawl",)] == pytest.approx(time.time() - 3600, abs=30)
    assert done[("report",)] == 0
    assert found["diembao_last_run"] == {("crawl", "failed"): 1} or found["diembao_last_run"] == {
        ("failed", "crawl"): 1
    }
    assert found["diembao_sums_wrong"] == {(): 0}
    assert found["diembao_archive_bytes"] == {(): 700}
    assert found["diembao_disk_free_bytes"][()] > 0


def test_no_label_holds_an_address(filled: Database, settings: Settings) -> None:
    text = metrics_text(filled, settings)
    assert "example" not in text
    assert "://" not in text
    labels = {label for row in values(text).values() for key in row for label in key}
    assert len(labels) < 80, "labels without bound fill a monitoring system"


def test_an_empty_database_has_them_all(sqlite_database: Database, settings: Settings) -> None:
    found = values(metrics_text(sqlite_database, settings))
    assert {"diembao_pages", "diembao_outcomes", "diembao_refusals", "diembao_articles_total"} <= set(found)
    assert all(count == 0 for count in found["diembao_pages"].values())
    assert found["diembao_oldest_waiting_seconds"] == {(): 0}


def test_the_file_is_whole_and_replaced(sqlite_database: Database, settings: Settings) -> None:
    assert settings.metrics_file is not None
    write_metrics(sqlite_database, settings)
    before = values(settings.metrics_file.read_text(encoding="utf-8"))
    with recorded(sqlite_database, "run", "test"):
        pass
    write_metrics(sqlite_database, settings)
    after = values(settings.metrics_file.read_text(encoding="utf-8"))
    assert before["diembao_last_run_success_timestamp"][("run",)] == 0
    assert after["diembao_last_run_success_timestamp"][("run",)] > 0
    assert [path.name for path in settings.metrics_file.parent.iterdir()] == ["diembao.prom"]


def test_a_file_that_cannot_be_written_is_told(sqlite_database: Database, tmp_path: Path) -> None:
    settings, _ = load_settings(tmp_path, var_dir=tmp_path, metrics_file=Path("/proc/nowhere/diembao.prom"))
    with pytest.raises(UsageError, match=r"cannot write metrics_file /proc/nowhere/diembao\.prom"):
        write_metrics(sqlite_database, settings)
    unset, _ = load_settings(tmp_path, var_dir=tmp_path)
    write_metrics(sqlite_database, unset)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def test_they_are_served_and_fresh_at_every_look(filled: Database, settings: Settings) -> None:
    port = free_port()
    with serve_metrics(filled, settings, f"127.0.0.1:{port}"):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert answer.headers["content-type"].startswith("text/plain")
            assert values(answer.read().decode())["diembao_flags_open"] == {(): 1}
        with filled.writing() as session:
            session.query(FlagRow).delete()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert values(answer.read().decode())["diembao_flags_open"] == {(): 0}
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2)


@pytest.mark.parametrize("address", ["9464", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:70000", ":9464"])
def test_an_address_that_is_none(address: str, sqlite_database: Database, settings: Settings) -> None:
    with (
        pytest.raises(UsageError, match=r"is not an address like 127\.0\.0\.1:9464"),
        serve_metrics(sqlite_database, settings, address),
    ):
        pass


def test_a_taken_port(sqlite_database: Database, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UsageError, match="cannot listen on"), serve_metrics(sqlite_database, settings, address):
            pass


def test_the_command(sqlite_database: Database, tmp_path: Path, root: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(root), "DIEMBAO_VAR_DIR": str(tmp_path)}
    environment["DIEMBAO_DATABASE_URL"] = sqlite_database.engine.url.render_as_string()
    command = [sys.executable, "-m", "pipelines.cli", "metrics"]
    printed = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "diembao_pages" in values(printed.stdout)
    both = subprocess.run([*command, "--write"], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert both.returncode == 2
    assert "--write needs the setting metrics_file" in both.stderr
    port = free_port()
    with subprocess.Popen(
        [*command, "--listen", f"127.0.0.1:{port}"], env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as served:
        assert served.stderr is not None
        assert f"http://127.0.0.1:{port}/metrics" in served.stderr.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert "diembao_pages" in values(answer.read().decode())
        served.send_signal(signal.SIGTERM)
        assert served.wait(10) == 0
