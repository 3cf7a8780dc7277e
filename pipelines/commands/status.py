"""`diembao status`."""

import dataclasses
import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(as_json: bool) -> None:
    """Say where every page stands.

    Every discovered page is waiting, retrying, fetched, refused or quarantined, and every fetched one is an article,
    withdrawn, refused, quarantined or still to be processed: the sums match.

    \b
    Example:
      diembao status --json
    """
    from pipelines.opening import opened
    from pipelines.summary import write_standing
    from store.runs import standing

    with opened(create=False) as (database, _), database.reading() as session:
        now_standing = standing(session)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(now_standing), ensure_ascii=False, default=str))
    else:
        click.echo(write_standing(now_standing))
