"""Opening a database: one schema on SQLite and PostgreSQL, transactions that do not lose updates.

SQLite runs in WAL mode and every writing transaction begins with BEGIN IMMEDIATE: with SQLAlchemy's default, two
processes that read and then wrote lost each other's updates (713 of 1,200 in a test of ours), and this loses none.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from store.errors import DatabaseLostError, StoreError
from store.persistence import first_line, is_about_the_database, may_pass

Result = TypeVar("Result")

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0004"  # the newest migration; a test holds it against the folder
BUSY_SECONDS = 30  # how long a writer waits for another: far longer than any transaction of ours
PATIENCE_SECONDS = 60.0  # a server's restart takes a few; after a minute somebody should hear of it
READ_ONLY = {"diembao_read_only": True}


class Database:
    """An open database. `reading()` and `writing()` give sessions; the caller's `with` is the transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed together when the block ends, or not at all."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and never waits for a writer."""
        engine = self.engine.execution_options(**READ_ONLY)
        if self.dialect == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, expire_on_commit=False) as session:
            yield session

    def persistently(self, work: Callable[[], Result]) -> Result:
        """Do a transaction's work; when the database is away, again until it is back. `work` may run several times.

        Raises
        ------
        DatabaseLostError
            It did not come back within `PATIENCE_SECONDS`, or cannot be written (a full disk).
        """
        until, pause = time.monotonic() + PATIENCE_SECONDS, 0.1
        while True:
            try:
                return work()
            except DBAPIError as error:
                if not is_about_the_database(error):
                    raise
                if not may_pass(error) or time.monotonic() > until:
                    raise DatabaseLostError(f"the database is lost: {first_line(error)}") from error
            time.sleep(pause)
            pause = min(2 * pause, 2.0)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(address: str, *, create: bool = True) -> Database:
    """Open a database and bring its schema up to date.

    Parameters
    ----------
    address
        An SQLAlchemy URL, `sqlite:///var/diembao.db` or `postgresql+psycopg://user@host/name`.
    create
        Make an SQLite file that is not there yet.

    Raises
    ------
    StoreError
        The address is malformed, the server is away, the folder cannot be written, or the schema is too new.
    """
    url = _parse(address)
    if url.get_backend_name() == "sqlite":
        _prepare_file(url, create=create)
    engine = make_engine(url)
    database = Database(engine)
    try:
        _migrate(engine, url)
    except DatabaseError as error:
        engine.dispose()
        raise StoreError(f"cannot open the database {_shown(url)}: {first_line(error)}") from error
    except BaseException:
        engine.dispose()
        raise
    return database


def make_engine(url: URL) -> Engine:
    """An engine with our transaction rules on it, whatever the state of the schema."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
        if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        url.get_dialect()
        if url.get_backend_name() == "postgresql":
            url.get_dialect().import_dbapi()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(
            f"database_url {address!r} is not a database address; "
            "give sqlite:///path/to/file.db or postgresql+psycopg://user@host/name"
        ) from error
    except ImportError as error:
        raise StoreError("PostgreSQL needs its driver: pip install 'diembao[postgres]'") from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"database_url names {url.get_backend_name()!r}; valid are sqlite and postgresql")
    return url


def _prepare_file(url: URL, *, create: bool) -> None:
    if not url.database or url.database == ":memory:":
        raise StoreError(
            "database_url names no file; give sqlite:///path/to/file.db (memory is lost between processes)"
        )
    path = Path(url.database)
    if path.is_dir():
        raise StoreError(f"database {path} is a folder; give the path of a file")
    if path.exists():
        return
    if not create:
        raise StoreError(f"no database at {path}; make one with 'diembao run' or 'make demo'")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}; choose another var_dir or database_url") from error


def _on_connect(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN is deferred and implicit; ours is explicit (see _on_begin).
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # NORMAL never corrupts; a power cut may undo the last commits, and those pages are then fetched again.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN" if options.get("diembao_read_only") else "BEGIN IMMEDIATE")


def _migrate(engine: Engine, url: URL) -> None:
    if schema_version(engine) == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    with engine.begin() as connection:
        _only_one_migrates(connection)
        found = _version(connection)
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise StoreError(
                f"the database {_shown(url)} has schema {found}, newer than this program's {HEAD}; upgrade diembao"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _only_one_migrates(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(5737)"))


def schema_version(engine: Engine) -> str | None:
    """The migration the database is at; None for an empty one."""
    with engine.execution_options(**READ_ONLY).connect() as connection:
        return _version(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
