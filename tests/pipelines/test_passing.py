"""Copies of pages whose outlets ask for no archive go once they were read, and not before."""

import os
import time
from pathlib import Path

import pytest
from tests_support.rows import add_page, add_source

from crawler.directives import PASSING
from pipelines.passing import QUIET_SECONDS, forget_passed
from store.database import Database


def kept(folder: Path) -> set[str]:
    return {path.name for path in (folder / PASSING).iterdir()}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "warc"
    (folder / PASSING).mkdir(parents=True)
    for name in ("read", "unread", "failed", "written"):
        path = folder / PASSING / f"{name}.warc.gz"
        path.write_bytes(b"x")
        if name != "written":
            past = time.time() - QUIET_SECONDS - 1
            os.utime(path, (past, past))
    return folder


def test_what_was_read_is_forgotten_and_nothing_else(database: Database, archive: Path) -> None:
    with database.writing() as session:
        add_source(session)
        for name, outcome in (("read", "article"), ("unread", None), ("failed", "quarantined"), ("written", "article")):
            add_page(session, name, warc_file=f"{PASSING}/{name}.warc.gz", outcome=outcome)
    assert forget_passed(database, archive) == 1
    assert kept(archive) == {"unread.warc.gz", "failed.warc.gz", "written.warc.gz"}
    assert forget_passed(database, archive) == 0


def test_an_archive_without_such_pages(database: Database, tmp_path: Path) -> None:
    assert forget_passed(database, tmp_path / "none") == 0
