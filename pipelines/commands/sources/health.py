"""`diembao sources health`."""

import json

import click


@click.command("health")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(as_json: bool) -> int:
    """Say what is wrong with which outlet; exit code 1 when news may be missing because of it.

    Feeds that fail, fall silent, moved for good or changed their shape; outlets whose last day brought far less than
    any usual one; hosts that asked for rest; certificates that are not verified.

    \b
    Example:
      diembao sources health
    """
    from dataclasses import asdict

    from pipelines.health import write_troubles
    from pipelines.opening import opened
    from store.health import troubles

    with opened(create=False) as (database, _), database.reading() as session:
        found = troubles(session)
    if as_json:
        for trouble in found:
            click.echo(json.dumps(asdict(trouble), ensure_ascii=False, default=str))
    else:
        click.echo(write_troubles(found))
    return 1 if any(trouble.serious for trouble in found) else 0
