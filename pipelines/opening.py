"""What every command that works on the database begins with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pipelines.logs import configure_logs
from pipelines.settings import Settings, load_settings
from store.database import Database, open_database


@contextmanager
def opened(*, create: bool = True, **given: Any) -> Iterator[tuple[Database, Settings]]:
    """The database and the settings, with what the command line gave on top."""
    settings, _ = load_settings(**given)
    configure_logs(settings)
    database = open_database(settings.database, create=create)
    try:
        yield database, settings
    finally:
        database.close()


def program() -> str:
    """The program and its version, as kept with every run."""
    from importlib.metadata import version

    return f"diembao {version('diembao')}"
