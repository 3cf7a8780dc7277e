"""One job at a time: a lock that ends with the process that holds it, however it ends.

On SQLite a lock on a file beside the database; on PostgreSQL an advisory lock, which other machines see, too.
"""

import fcntl
import os
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy import URL, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from pipelines.errors import UsageError
from store.base import now
from store.database import Database
from store.errors import DatabaseLostError

# Advisory locks are numbers: ours, and one a stage.
OURS = 57_470
HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.classid = :ours AND l.objid = :stage AND l.granted "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
ME = text("SELECT set_config('application_name', :me, false)")
TAKE = text("SELECT pg_try_advisory_lock(:ours, :stage)")
SIGN_SECONDS = 1.0  # how long to wait for a holder that has the lock and has not written yet who it is


@contextmanager
def only_one(database: Database, stage: str) -> Iterator[None]:
    """Hold the lock of a stage ("crawling", "processing", ...) on a database while the block runs.

    Raises
    ------
    UsageError
        Another process holds it; the message says which.
    """
    holding = _in_postgresql(database, stage) if database.dialect == "postgresql" else _beside_sqlite(database, stage)
    with holding:
        yield


@contextmanager
def _beside_sqlite(database: Database, stage: str) -> Iterator[None]:
    # Resolved: a database that is reached by a link is the same one.
    path = Path(f"{Path(database.engine.url.database or '').resolve()}.{stage}.lock")
    with _lock_file(path) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken(stage, _signed(stream)) from None
        stream.truncate(0)
        stream.write(_me())
        stream.flush()
        yield


def _signed(stream: TextIO) -> str:
    until = time.monotonic() + SIGN_SECONDS
    while True:
        stream.seek(0)
        holder = stream.read()
        if holder or time.monotonic() > until:
            return holder
        time.sleep(0.01)


def _lock_file(path: Path) -> TextIO:
    try:
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write the lock {path}: {error.strerror}; choose another var_dir") from error


@contextmanager
def _in_postgresql(database: Database, stage: str) -> Iterator[None]:
    lock = _Advisory(database.engine.url, stage)
    lock.take()
    event.listen(database.engine, "connect", lock.keep)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", lock.keep)
        lock.let_go()


class _Advisory:
    """An advisory lock on a connection of its own."""

    def __init__(self, url: URL, stage: str) -> None:
        self.stage = stage
        self.keys = {"ours": OURS, "stage": zlib.crc32(stage.encode()) & 0x7FFF_FFFF}
        self.engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def take(self) -> None:
        """Take it, or raise."""
        self.connection = self.engine.connect()
        try:
            self.connection.execute(ME, {"me": f"diembao {_me()}"[:63]})
            if not self.connection.scalar(TAKE, self.keys):
                raise _taken(self.stage, self.connection.scalar(HOLDER, self.keys) or "")
        except BaseException:
            self.let_go()
            raise

    def keep(self, *_: object) -> None:
        """Take it again at a new connection to a server that restarted meanwhile: it forgot all locks."""
        try:
            self.connection.exec_driver_sql("SELECT 1")
        except DBAPIError:
            self.let_go()
            try:
                self.take()
            except UsageError as error:
                raise DatabaseLostError(f"the database restarted, and since then {error}") from error

    def let_go(self) -> None:
        """The lock lives as long as its connection: closing it is enough, also when the server went away."""
        if not self.connection.closed:
            self.connection.invalidate()
            self.connection.close()


def _me() -> str:
    return f"pid {os.getpid()} on {socket.gethostname()[:20]} since {now():%Y-%m-%dT%H:%MZ}"


def _taken(stage: str, holder: str) -> UsageError:
    who = holder.strip().removeprefix("diembao ") or "another process"
    return UsageError(f"{stage} is under way already ({who}); wait for it, or end that process")
