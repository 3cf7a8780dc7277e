"""What can be wrong with a database; every message says what was found and what to do."""

from crawler.errors import FrontierError


class StoreError(Exception):
    """The database cannot be used as asked. Raised by `store.database`; the command line ends with exit code 2."""


class DatabaseLostError(StoreError, FrontierError):
    """The database went away or cannot be written, and waiting did not help. Raised by `Database.persistently`."""
