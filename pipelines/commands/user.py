"""`diembao user`: who may open the desk."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pipelines.errors import UsageError

if TYPE_CHECKING:
    from types import ModuleType

    from sqlalchemy.orm import Session

ROLES = ("analyst", "admin")  # as store.accounts.ROLES, which is not imported for --help; a test holds them equal


@click.group("user")
def command() -> None:
    """Manage who may open the desk.

    \b
    Examples:
      diembao user add lan                                  asks for the password
      diembao user add minh --role admin
      pass show desk/lan | diembao user add lan --password-stdin
      diembao user list
      diembao user disable lan
    """


@command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="analyst", show_default=True, help="What the user may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")
def add(name: str, role: str, password_stdin: bool) -> None:
    """Make a user, who can then log in."""
    accounts = _accounts()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = click.prompt(f"Password for {name}", hide_input=True, confirmation_prompt=True)
    else:
        raise UsageError("no terminal to ask for the password; give it with --password-stdin")
    with _writing() as session:
        user = accounts.add_user(session, name, password, role)
    click.echo(f"added {user.name} ({user.role}); 'diembao review' opens the desk")


@command.command("list")
def list_() -> None:
    """List the users: name, role, since when, and whether disabled."""
    accounts = _accounts()
    with _writing() as session:
        users = accounts.list_users(session)
    for user in users:
        state = f"disabled {user.disabled_at:%Y-%m-%d}" if user.disabled_at else "active"
        click.echo(f"{user.name}\t{user.role}\tsince {user.created_at:%Y-%m-%d}\t{state}")
    if not users:
        click.echo("no users yet; make one with: diembao user add NAME", err=True)


@command.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Shut a user out at once. What they labelled stays."""
    accounts = _accounts()
    with _writing() as session:
        user = accounts.disable_user(session, name)
    click.echo(f"disabled {user.name}")


def _accounts() -> "ModuleType":
    try:
        import store.accounts
    except ImportError as error:
        raise UsageError(f"users need the package {error.name}: pip install 'diembao[web]'") from error
    return store.accounts


@contextmanager
def _writing() -> "Iterator[Session]":
    from pipelines.settings import load_settings
    from store.database import open_database

    settings, _ = load_settings()
    database = open_database(settings.database)
    try:
        with database.writing() as session:
            yield session
    finally:
        database.close()
