"""`diembao crawl`: the first stage alone."""

import json
from datetime import timedelta
from pathlib import Path

import click


@click.command()
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this outlet; may be given several times.")
@click.option("--warc-dir", type=click.Path(path_type=Path), help="Where to archive what is fetched.")
@click.option("--proxy", metavar="URL", help="Fetch through this HTTP proxy, http://host:port.")
@click.option(
    "--due", is_flag=True, help="Only feeds whose time has come, as 'diembao run' does; else all are checked."
)
@click.option("--recheck", type=float, metavar="DAYS", help="Fetch again the articles of the last DAYS days.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(
    sources: tuple[str, ...], warc_dir: Path | None, proxy: str | None, due: bool, recheck: float | None, as_json: bool
) -> int:
    """Fetch feeds and the articles they list into the archive.

    Robots rules, delays and paywalls are obeyed. What is fetched waits for 'diembao process'. A crawl that was killed
    goes on where it stopped.

    \b
    Examples:
      diembao crawl
      diembao crawl --source vnexpress --source tuoitre
      diembao crawl --proxy http://127.0.0.1:8899
    """
    from pipelines.crawl import crawl
    from pipelines.opening import opened, program
    from store.base import now
    from store.frontier import recheck as make_due
    from store.runs import recorded

    with opened(warc_dir=warc_dir, proxy=proxy) as (database, settings):
        if recheck is not None:
            make_due(database, now() - timedelta(days=recheck))
        with recorded(database, "crawl", program()) as counts:
            counts |= crawl(database, settings, only=sources, every_feed=not due)
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo(", ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "nothing was due")
    return 1 if counts.get("pages quarantined") else 0
