"""What can be wrong with a database; every message says what was found and what to do."""


class StoreError(Exception):
    """The database cannot be used as asked. Raised by `store.database`; the command line ends with exit code 2."""
