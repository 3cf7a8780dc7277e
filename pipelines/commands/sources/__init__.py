"""`diembao sources`: the registry of outlets. One module a subcommand, one line here."""

import click

from pipelines.commands.sources import add, check, health, importing, learn, listing, show


@click.group()
def command() -> None:
    """List, check, add and import outlets.

    An outlet is one YAML file below sources_dir (data/sources/README.md tells its keys).
    """


for _subcommand in (
    listing.command,
    show.command,
    check.command,
    health.command,
    add.command,
    learn.command,
    importing.command,
):
    command.add_command(_subcommand)
