"""Telling a database that will come back from one that needs a person."""

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, InternalError, OperationalError

# SQLite's and PostgreSQL's words for a place that cannot be written; waiting makes none of them better.
NEEDS_A_PERSON = ("disk is full", "disk i/o error", "readonly database", "malformed", "no space left", "not a database")


def first_line(error: DBAPIError) -> str:
    """What the driver said, in one line."""
    return (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]


def is_about_the_database(error: DBAPIError) -> bool:
    """Whether an error is of the database's condition, not of what was asked of it."""
    # A damaged SQLite file is a plain DatabaseError, the parent of the other kinds.
    told = isinstance(error, OperationalError | InterfaceError | InternalError) or type(error) is DatabaseError
    return error.connection_invalidated or told


def may_pass(error: DBAPIError) -> bool:
    """Whether waiting may help: a server that restarts, a lock that is held."""
    return not any(words in str(error.orig).lower() for words in NEEDS_A_PERSON)
