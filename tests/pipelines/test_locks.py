"""Two jobs at once on one database are impossible, whoever starts them and however the first one ends."""

import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from tests_support.postgres import Cluster

from pipelines.errors import UsageError
from pipelines.locks import only_one
from store.database import Database, make_engine, open_database
from store.errors import DatabaseLostError

STARTS = 20
FORK = multiprocessing.get_context("fork")  # quick; the children open the database themselves


def opened(address: str) -> Database:
    return Database(make_engine(make_url(address)))


def _hold(address: str, stages: tuple[str, ...], said: Any) -> None:
    with only_one(opened(address), stages[0]), only_one(opened(address), stages[-1] + "!"):
        if len(stages) == 1:
            said.send(os.getpid())
            signal.pause()
        with only_one(opened(address), stages[1]):
            said.send(os.getpid())
            signal.pause()


@contextmanager
def held(address: str, *stages: str) -> Iterator[BaseProcess]:
    """Another process that holds locks until it is killed."""
    said, tell = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_hold, args=(address, stages, tell))
    child.start()
    try:
        assert said.poll(20), "it did not get the locks"
        yield child
    finally:
        child.kill()
        child.join()
        said.close()
        tell.close()


def _start(address: str, begin: Barrier, over: Barrier, said: Any) -> None:
    database = opened(address)
    begin.wait()
    try:
        with only_one(database, "crawling"):
            said.send((os.getpid(), None))
            over.wait()
    except UsageError as error:
        said.send((os.getpid(), str(error)))
        over.wait()


def test_of_two_that_start_together_one_works(database: Database, database_url: str) -> None:
    for _ in range(STARTS):
        begin, over = FORK.Barrier(2), FORK.Barrier(3)
        said, tell = FORK.Pipe(duplex=False)
        pair = [FORK.Process(target=_start, args=(database_url, begin, over, tell)) for _ in range(2)]
        for child in pair:
            child.start()
        told = dict(said.recv() for _ in pair)
        over.wait()
        for child in pair:
            child.join()
        (holder,) = [pid for pid, problem in told.items() if problem is None]
        (problem,) = [problem for problem in told.values() if problem is not None]
        assert f"crawling is under way already (pid {holder} on {socket.gethostname()[:20]} since " in problem
        said.close()
        tell.close()


def test_the_lock_ends_with_its_holder(database: Database, database_url: str) -> None:
    with held(database_url, "crawling") as child:
        with (
            pytest.raises(UsageError, match=rf"pid {child.pid} on .*; wait for it, or end that process"),
            only_one(database, "crawling"),
        ):
            pytest.fail("two at once")
        with only_one(database, "processing"):
            pass  # another stage is another lock
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        for _ in range(50):  # PostgreSQL sees the closed connection a moment later
            with suppress(UsageError), only_one(database, "crawling"):
                break
        else:
            pytest.fail("still held")
    with (
        only_one(database, "crawling"),
        pytest.raises(UsageError, match=f"pid {os.getpid()} "),
        only_one(database, "crawling"),
    ):
        pytest.fail("two at once, in one process")


@pytest.mark.postgres
def test_each_database_has_its_own_locks(postgres: Cluster) -> None:
    first, second = (open_database(postgres.new_database()) for _ in range(2))
    address = second.engine.url.render_as_string(hide_password=False)
    with (
        only_one(first, "crawling"),
        held(address, "crawling") as child,
        pytest.raises(UsageError, match=rf"\(pid {child.pid} "),
        only_one(second, "crawling"),
    ):
        pytest.fail("two at once")
    first.close()
    second.close()


@pytest.mark.postgres
def test_a_server_that_forgot_the_lock_is_told_again(postgres: Cluster) -> None:
    """Ending all connections is what a restart does to locks."""
    database = open_database(address := postgres.new_database())
    other = opened(address)

    def forget() -> None:
        with other.writing() as session:
            end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            session.execute(text(f"{end} AND datname = current_database() AND backend_type = 'client backend'"))

    def ask() -> int:
        with database.reading() as session:
            return int(session.scalar(text("SELECT 1")) or 0)

    with only_one(database, "crawling"):
        forget()
        assert database.persistently(ask) == 1
        with pytest.raises(UsageError, match=f"pid {os.getpid()} "), only_one(other, "crawling"):
            pytest.fail("it was taken again")
        forget()
        with (
            held(address, "crawling") as child,
            pytest.raises(
                DatabaseLostError, match=rf"restarted, and since then crawling is under way already \(pid {child.pid} "
            ),
        ):
            database.persistently(ask)
    assert database.persistently(ask) == 1, "without a lock there is nothing to keep"
    database.close()
    other.close()


def test_a_link_to_a_database_is_that_database(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "test.db")
    with (
        only_one(sqlite_database, "crawling"),
        pytest.raises(UsageError, match="under way already"),
        only_one(opened(f"sqlite:///{tmp_path / 'link.db'}"), "crawling"),
    ):
        pytest.fail("two at once")


def test_a_lock_that_cannot_be_written(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'gone' / 'test.db'}")
    database.close()
    shutil.rmtree(tmp_path / "gone")
    with pytest.raises(UsageError, match=r"cannot write the lock .*; choose another var_dir"), only_one(database, "x"):
        pytest.fail("not locked")


Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("command", "stage"), [("crawl", "crawling"), ("process", "processing"), ("run", "processing")]
)
def test_a_second_command_says_who_is_at_work(
    sqlite_database: Database, root: Path, tmp_path: Path, command: str, stage: str
) -> None:
    address = f"sqlite:///{tmp_path / 'test.db'}"
    variables = os.environ | {
        "DIEMBAO_DATABASE_URL": address,
        "DIEMBAO_VAR_DIR": str(tmp_path),
        "PYTHONPATH": str(root),
    }
    with held(address, stage) as child:
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", command],
            env=variables,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"diembao: {stage} is under way already (pid {child.pid} on {done.stderr.split(' on ')[1].split(')')[0]}); "
        "wait for it, or end that process"
    ]
    with sqlite_database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM runs")).scalar() == 0, "nothing was begun"
