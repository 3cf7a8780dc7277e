"""Crawls that are ended: by a signal while outlets stall, and by a disk without room. The next one goes on."""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests_support.disk import fill, small_disk
from tests_support.raw import RawSite
from tests_support.web import serving

from store.crawling import PageRow, RunRow
from store.database import Database, open_database
from store.runs import standing

PAGES = 60
SOURCE = """name: Báo Mẫu
domain: bao-mau.example
country: VN
languages: [vi]
scope: national
feeds:
- url: http://{address}/rss
  kind: rss
"""
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n"


def rss(address: str, count: int) -> bytes:
    links = "".join(f"<item><title>Tin {n}</title><link>http://{address}/{n}</link></item>" for n in range(count))
    return f'<rss version="2.0"><channel><title>x</title>{links}</channel></rss>'.encode()


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(root: Path, tmp_path: Path) -> Iterator[Start]:
    """Start a command on an outlet at an address, with all runtime files in a folder."""
    begun: list[subprocess.Popen[str]] = []

    def run(command: str, address: str, folder: Path, **more: object) -> "subprocess.Popen[str]":
        sources = tmp_path / "sources" / address.replace(":", "-")
        sources.mkdir(parents=True, exist_ok=True)
        (sources / "bao-mau.yaml").write_text(SOURCE.format(address=address), encoding="utf-8")
        settings: dict[str, object] = {
            "VAR_DIR": folder,
            "SOURCES_DIR": sources,
            "OPENED": address,
            "DELAY": 0,
            "LINGER": 0,
            "TIMEOUT": 120,
            "HOST_CONNECTIONS": 8,
            "WORKERS": 1,
            "CONTACT": "test@bao-mau.example",
        } | more
        job = subprocess.Popen(
            # A shell's background jobs, this one perhaps, ignore Ctrl+C, and so would what they begin.
            ["/usr/bin/env", "--default-signal=INT", sys.executable, "-m", "pipelines.cli", command],
            env=os.environ
            | {"PYTHONPATH": str(root)}
            | {f"DIEMBAO_{name}": str(value) for name, value in settings.items()},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a terminal's Ctrl+C goes to all of a group
        )
        begun.append(job)
        return job

    yield run
    for job in begun:
        if job.poll() is None:
            job.kill()
        job.communicate()


def runs(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {run.job: run.status for run in session.scalars(select(RunRow).order_by(RunRow.id))}


def states(database: Database) -> dict[str, int]:
    with database.reading() as session:
        now = standing(session)
    assert now.mismatches == []
    return now.states


class Stalling(RawSite):
    """Lists its pages, and never says a word when asked for one; `asked` counts those."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.answers |= {"/robots.txt": iter([b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"])}
        self.answers |= {"/rss": iter([HTML + rss(self.address, PAGES)])}
        self.answers |= {f"/{number}": self._silence() for number in range(PAGES)}

    def _silence(self) -> Iterator[None]:
        self.asked += 1
        yield from itertools.repeat(None)


def test_a_signal_ends_a_crawl_of_outlets_that_stall(start: Start, tmp_path: Path) -> None:
    """Both commands side by side, for the time that it takes."""
    sites = {command: Stalling() for command in ("crawl", "run")}
    jobs = {command: start(command, site.address, tmp_path / command) for command, site in sites.items()}
    try:
        until = time.monotonic() + 60
        while not all(site.asked for site in sites.values()) and time.monotonic() < until:
            assert all(job.poll() is None for job in jobs.values()), [job.communicate() for job in jobs.values()]
            time.sleep(0.1)
        asked = time.monotonic()
        for job in jobs.values():
            job.send_signal(signal.SIGTERM)
        for command, job in jobs.items():
            _, said = job.communicate(timeout=32)
            assert time.monotonic() - asked <= 30.0
            assert job.returncode == 130, said
            assert said.strip().splitlines()[-1] == "diembao: stopped"
            assert "Traceback" not in said
            database = open_database(f"sqlite:///{tmp_path / command / 'diembao.db'}")
            assert states(database) == {"waiting": PAGES}, "a stop is not the pages' failure"
            assert set(runs(database).values()) == {"stopped"}
            assert set(runs(database)) == {"crawl", *([command] if command == "run" else [])}
            database.close()
    finally:
        for site in sites.values():
            site.close()


def test_ctrl_c_while_the_workers_begin(start: Start, tmp_path: Path) -> None:
    with serving({}) as site:
        site.answers["/rss"] = (200, {"Content-Type": "application/rss+xml"}, rss(site.address, PAGES))
        for number in range(PAGES):
            site.answers[f"/{number}"] = (200, {"Content-Type": "text/html"}, b"<html><p>Tin %d.</p></html>" % number)
        start("crawl", site.address, tmp_path).communicate(timeout=60)
        database = open_database(f"sqlite:///{tmp_path / 'diembao.db'}")
        assert states(database) == {"fetched": PAGES}
        job = start("process", site.address, tmp_path)
        until = time.monotonic() + 60
        while not forks(job.pid) and time.monotonic() < until:
            assert job.poll() is None, job.communicate()
            time.sleep(0.01)
        time.sleep(0.5)  # it is importing now
        os.killpg(job.pid, signal.SIGINT)
        _, said = job.communicate(timeout=60)
    assert job.returncode == 130
    assert said.strip() == "diembao: stopped"
    assert states(database) == {"fetched": PAGES}
    assert runs(database) == {"crawl": "done", "process": "stopped"}
    database.close()


def forks(parent: int) -> bool:
    """Whether a process has begun the one that its workers are forked from."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return any(b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes() for child in children)


@pytest.mark.parametrize(("what", "room"), [("the archive", 700_000), ("the database", 250_000)])
def test_a_full_disk_ends_a_crawl_and_nothing_is_lost(start: Start, tmp_path: Path, what: str, room: int) -> None:
    dice = random.Random(57)
    settings = {} if what == "the archive" else {"WARC_DIR": tmp_path / "warc"}
    with serving({}) as site, small_disk(tmp_path / "disk", "4m") as folder:
        site.answers["/rss"] = (200, {"Content-Type": "application/rss+xml"}, rss(site.address, PAGES))
        for number in range(PAGES):
            body = f"<html><body><h1>Tin {number}</h1><p>{dice.randbytes(20_000).hex()}</p></body></html>".encode()
            site.answers[f"/{number}"] = (200, {"Content-Type": "text/html"}, body)
        database = open_database(f"sqlite:///{folder / 'diembao.db'}")
        filler = fill(folder)
        os.truncate(filler, filler.stat().st_size - room)
        begin = time.monotonic()
        _, said = (job := start("crawl", site.address, folder, **settings)).communicate(timeout=60)
        assert time.monotonic() - begin < 30.0
        assert job.returncode == 2, said
        assert len(said.splitlines()) == 1, said
        line = said.strip()
        assert line.startswith("diembao: ")
        assert "full" in line or "No space left" in line
        assert "keep waiting" in line
        filler.unlink()
        found = states(database)
        assert set(found) == {"fetched", "waiting"}, "nothing is held against a page"
        assert 0 < found["fetched"] < PAGES
        assert sum(found.values()) == PAGES
        _, said = (job := start("crawl", site.address, folder, **settings)).communicate(timeout=60)
        assert (job.returncode, said) == (0, "")
        assert states(database) == {"fetched": PAGES}
        assert runs(database) == {"crawl": "done"}
        with database.reading() as session:
            places = session.execute(select(PageRow.warc_file, PageRow.warc_offset).distinct()).all()
        assert len(places) == PAGES
        database.close()
