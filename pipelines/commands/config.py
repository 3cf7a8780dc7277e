"""`diembao config`."""

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipelines.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(as_json: bool) -> None:
    """List every setting, its value and where it came from.

    Settings come from diembao.toml in the current folder, then from DIEMBAO_* variables, then from a command's options;
    the last one wins. In a variable, several values are separated by semicolons.

    \b
    Examples:
      diembao config
      DIEMBAO_DELAY=5 diembao config --json
    """
    from pipelines.settings import Settings, load_settings

    settings, origin = load_settings()
    rows = {
        name: {"value": _value(settings, name), "from": origin[name], "about": field.description}
        for name, field in Settings.model_fields.items()
    }
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for name, row in rows.items():
        value = row["value"] if row["value"] not in (None, "", []) else "-"
        click.echo(f"{name:18} {value!s:32} [{row['from']}]\n{'':18} {row['about']}")
    click.echo(
        f"\nin use: database {_shown(settings.database)}, archive {settings.archive}, agent {settings.user_agent}"
    )


def _value(settings: "Settings", name: str) -> Any:
    from pydantic_core import to_jsonable_python

    value = to_jsonable_python(getattr(settings, name))
    return _shown(value) if name == "database_url" and value else value


def _shown(address: str) -> str:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(address).render_as_string(hide_password=True)
    except ArgumentError:
        return address
