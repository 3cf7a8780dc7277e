"""`diembao requeue`."""

import json
from datetime import UTC, datetime

import click


@click.command()
@click.option("--refused", is_flag=True, help="Pages that were refused, instead of the quarantined ones.")
@click.option("--articles", is_flag=True, help="Articles, to be read by the present extractor and models.")
@click.option("--source", metavar="ID", help="Only pages of this outlet.")
@click.option("--reason", metavar="TEXT", help="Only pages whose reason contains TEXT ('diembao status' shows them).")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only pages discovered on this day (UTC) or later.")
@click.option("--dry-run", is_flag=True, help="Only say how many.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(
    refused: bool,
    articles: bool,
    source: str | None,
    reason: str | None,
    since: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Put quarantined pages back on their way.

    Pages that could not be fetched wait for the next 'diembao crawl'; those that could not be processed, for the next
    'diembao process'. Nothing is fetched or processed now.

    \b
    Examples:
      diembao requeue
      diembao requeue --source nhandan --reason "HTTP 503"
      diembao requeue --refused --reason "robots.txt"
      diembao requeue --articles --since 2026-11-01
    """
    from pipelines.errors import UsageError
    from pipelines.opening import opened
    from store.crawling import SourceRow
    from store.requeue import Choice, count, requeue

    if refused and articles:
        raise UsageError("--refused and --articles: give one of them")
    choice = Choice(refused, articles, source, reason, since.replace(tzinfo=UTC) if since else None)
    with opened(create=False) as (database, _):
        with database.reading() as session:
            if source is not None and session.get(SourceRow, source) is None:
                raise UsageError(f"unknown source {source!r} ('diembao sources list' lists those of the registry)")
            found = count(session, choice)
        if not dry_run:
            with database.writing() as session:
                found = requeue(session, choice)
    if as_json:
        click.echo(json.dumps(found))
    else:
        click.echo(", ".join(f"{number} {what}" for what, number in found.items()))
