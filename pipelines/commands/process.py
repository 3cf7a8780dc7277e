"""`diembao process`: the second stage alone."""

import json
from pathlib import Path

import click


@click.command()
@click.option("--warc-dir", type=click.Path(path_type=Path), help="Where the fetched pages are archived.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that extract and classify.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(warc_dir: Path | None, workers: int | None, as_json: bool) -> int:
    """Extract, classify and flag what was fetched.

    A page that takes too long or too much memory is quarantined with the reason; the rest goes on (exit code 1).

    \b
    Examples:
      diembao process
      diembao process --workers 4 --json
    """
    from tqdm import tqdm

    from pipelines.locks import only_one
    from pipelines.opening import opened, program
    from pipelines.picking import pick_for_learning
    from pipelines.process import process, waiting_pages
    from store.base import now
    from store.runs import recorded

    with opened(warc_dir=warc_dir, workers=workers) as (database, settings), only_one(database, "processing"):
        waiting = waiting_pages(database)
        with (
            recorded(database, "process", program()) as counts,
            tqdm(total=waiting, unit="page", disable=None, desc="processing") as bar,
        ):
            report = process(database, settings, bar.update)
            if picked := pick_for_learning(database, settings, now()):
                report.counts["picked for learning"] = picked
            counts |= report.counts
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo(", ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "nothing was waiting")
    for url, problem in report.problems:
        click.echo(f"quarantined: {url}: {problem}", err=True)
    return 1 if report.problems else 0
