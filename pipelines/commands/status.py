"""`diembao status`."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print everything that is known, as JSON; times are UTC.")
def command(as_json: bool) -> int:
    """Say where every page stands.

    Every discovered page is waiting, retrying, fetched, refused or quarantined, and every fetched one is an article,
    withdrawn, refused, quarantined or still to be processed: the sums match, or it is said and the exit code is 1.
    Then: feeds, hosts at rest, whether the last week is unlike those before (drift), the last run of each job, the
    disk. Times are those of Vietnam.

    \b
    Example:
      diembao status --json
    """
    from pipelines.disk import measure_disk
    from pipelines.drift import measure_drift
    from pipelines.opening import opened
    from pipelines.standing import as_json as plain
    from pipelines.standing import write_standing
    from store.runs import standing

    with opened(create=False) as (database, settings):
        with database.reading() as session:
            found = standing(session)
            drift = measure_drift(session, found.at, settings.supported_languages)
        disk = measure_disk(settings)
    if as_json:
        click.echo(json.dumps(plain(found, disk, drift=drift), ensure_ascii=False))
    else:
        click.echo(write_standing(found, disk, drift=drift))
    return 1 if found.mismatches else 0
