"""What the tests share: the real pages, fresh databases of both kinds, no network but loopback."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests_support.postgres import Cluster, postgres_programs

from store.database import Database, open_database

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real pages and corpora, which cannot be in the project."""
    folder = Path(os.environ.get("DIEMBAO_SHARED") or ROOT.parent / "shared")
    if not (folder / "pages" / "index.jsonl").exists():
        pytest.skip(f"needs the real pages and corpora at {folder} (or DIEMBAO_SHARED)")
    return folder


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond this machine fails at once, saying where it wanted to go."""
    connect: Callable[..., Any] = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(
            ("127.", "::1", "localhost")
        ):
            raise AssertionError(f"a test tried to connect to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests are not the tests' settings."""
    for name in list(os.environ):
        if name.startswith("DIEMBAO_") and name != "DIEMBAO_SHARED":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A throwaway PostgreSQL server, which refuses to run as root and so does not."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("needs the PostgreSQL server programs (apt install postgresql)")
    with Cluster(programs) as cluster:
        yield cluster


# With today's schema and nothing in it, made once and copied: making it for each test takes a hundred times as long.


@pytest.fixture(scope="session")
def _empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def _empty_template(postgres: Cluster) -> str:
    address = postgres.new_database()
    open_database(address).close()
    return address.partition("?")[0].rpartition("/")[2]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database with today's schema, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('_empty_file'), tmp_path / 'test.db')}"
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.new_database(request.getfixturevalue("_empty_template"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with today's schema, of each kind in turn."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(tmp_path: Path, _empty_file: Path) -> Iterator[Database]:
    """For what does not depend on the kind of database."""
    opened = open_database(f"sqlite:///{shutil.copy(_empty_file, tmp_path / 'test.db')}")
    yield opened
    opened.close()
