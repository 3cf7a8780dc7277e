"""Every record, whoever makes it, is one line that says when, how grave, what, in which job and in which run."""

import json
import logging
import subprocess
import sys
import threading
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import UsageError
from pipelines.logs import configure_logs, get_log
from pipelines.settings import load_settings
from store.database import Database
from store.runs import recorded, under_way

pytestmark = pytest.mark.usefixtures("_logs_as_before")


def configure(folder: Path, own_level: str | None = None, **settings: Any) -> None:
    configure_logs(load_settings(folder, **settings)[0], own_level=own_level)


def test_json_has_one_object_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(tmp_path, "INFO", log_format="json")
    get_log("schedule").info("job ended", exit=0, outlet="Báo Lam Giang")
    logging.getLogger("scrapy.core").warning("two\nlines of %s", "text", extra={"spider": object(), "depth": 2})
    logging.getLogger("scrapy.core").info("kept back by log_level")
    try:
        raise ValueError("x")
    except ValueError:
        logging.getLogger("any").exception("it broke")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", UserWarning, stacklevel=1)
    rows = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(row["level"], row["event"].split(":")[0], row["logger"]) for row in rows[:3]] == [
        ("info", "job ended", "diembao.schedule"),
        ("warning", "two\nlines of text", "scrapy.core"),
        ("error", "it broke", "any"),
    ]
    assert len(rows) == 4
    assert rows[3]["logger"] == "py.warnings"
    assert list(rows[0]) == ["time", "level", "event", "job", "run", "logger", "exit", "outlet"]
    assert rows[0]["outlet"] == "Báo Lam Giang"
    assert rows[1]["depth"] == 2
    assert "spider" not in rows[1]
    assert "ValueError: x" in rows[2]["exception"]
    for row in rows:
        at = datetime.fromisoformat(row["time"])
        assert at.utcoffset() == timedelta(0)
        assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)


def test_console_is_a_line_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(tmp_path, "INFO")
    get_log("schedule").info("job ended", job="run", exit=0)
    logging.getLogger("scrapy").warning("slow")
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("[info] job ended [diembao.schedule] job=run exit=0")
    assert second.endswith("[warning] slow [scrapy]")
    assert datetime.fromisoformat(first.split()[0]).utcoffset() == timedelta(0)
    assert "\x1b" not in first


def test_a_record_knows_its_run_also_in_a_thread(
    tmp_path: Path, sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(tmp_path, log_format="json")
    with recorded(sqlite_database, "crawl", "test"):
        known = under_way()
        assert known is not None
        other = threading.Thread(target=lambda: logging.getLogger("library").error("here"))
        other.start()
        other.join()
        get_log("crawl").error("there", job="named")
    logging.error("after")
    rows = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(row["job"], row["run"]) for row in rows] == [("crawl", known[1]), ("named", known[1]), (None, None)]


def test_setting_it_up_again_says_nothing_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(tmp_path, log_format="json")
    configure(tmp_path, log_format="json")
    logging.error("once")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_format_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"setting log_format .* is 'xml': valid are console, json"):
        load_settings(tmp_path, log_format="xml")


CRAWL = """
import sys
from pathlib import Path
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from pipelines.logs import configure_logs
from pipelines.settings import load_settings
from store.database import open_database
from store.runs import recorded

class Small(scrapy.Spider):
    name = "small"
    async def start(self):
        self.logger.warning("the spider says %s", "đây")
        yield scrapy.Request("http://127.0.0.1:1/")

settings, _ = load_settings()
configure_logs(settings)
database = open_database(settings.database)
with recorded(database, "crawl", "test"):
    process = AsyncCrawlerProcess({"LOG_INSTALL_ROOT_HANDLER": False, "RETRY_ENABLED": False})
    process.crawl(Small)
    process.start()
database.close()
"""


def test_a_real_crawl_speaks_json_throughout(tmp_path: Path, root: Path) -> None:
    (tmp_path / "crawl.py").write_text(CRAWL, encoding="utf-8")
    environment = {"PYTHONPATH": str(root), "DIEMBAO_VAR_DIR": str(tmp_path), "DIEMBAO_LOG_FORMAT": "json"}
    done = subprocess.run(
        [sys.executable, "crawl.py"],
        env=environment | {"DIEMBAO_LOG_LEVEL": "INFO"}, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stderr.splitlines()]
    loggers = {row["logger"] for row in rows}
    assert {"small", "scrapy.core.engine", "scrapy.core.scraper"} <= loggers
    assert {"job": "crawl", "run": 1}.items() <= rows[-1].items()
    assert any(row["event"] == "the spider says đây" for row in rows)
    assert any(row["level"] == "error" and "exception" in row for row in rows), "the refused connection"
