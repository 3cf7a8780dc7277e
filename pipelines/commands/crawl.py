"""`diembao crawl`: the first stage alone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from crawler.discovery.span import Span


@click.command()
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this outlet; may be given several times.")
@click.option("--warc-dir", type=click.Path(path_type=Path), help="Where to archive what is fetched.")
@click.option("--proxy", metavar="URL", help="Fetch through this HTTP proxy, http://host:port.")
@click.option(
    "--due", is_flag=True, help="Only feeds whose time has come, as 'diembao run' does; else all are checked."
)
@click.option("--recheck", type=float, metavar="DAYS", help="Fetch again the articles of the last DAYS days.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Backfill from sitemaps: the first day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Backfill: the last day; today if not given.")
@click.option("--stay", type=float, default=0.0, metavar="MINUTES", help="Go on for so long with what falls due.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(
    sources: tuple[str, ...],
    warc_dir: Path | None,
    proxy: str | None,
    due: bool,
    recheck: float | None,
    since: datetime | None,
    until: datetime | None,
    stay: float,
    as_json: bool,
) -> int:
    """Fetch feeds and the articles they list into the archive.

    Robots rules, delays and paywalls are obeyed. What is fetched waits for 'diembao process'. A crawl that was killed
    goes on where it stopped. With --since it reads the sitemaps of the outlets in full, and fetches what they list of
    those days.

    \b
    Examples:
      diembao crawl
      diembao crawl --source vnexpress --source tuoitre
      diembao crawl --source nhandan --since 2026-01-01 --until 2026-03-31
      diembao crawl --proxy http://127.0.0.1:8899
    """
    from pipelines.crawl import crawl
    from pipelines.locks import only_one
    from pipelines.opening import opened, program
    from store.base import now
    from store.frontier import recheck as make_due
    from store.runs import recorded

    span = _span(since, until)
    with opened(warc_dir=warc_dir, proxy=proxy) as (database, settings), only_one(database, "crawling"):
        if recheck is not None:
            make_due(database, now() - timedelta(days=recheck))
        with recorded(database, "crawl", program()) as counts:
            counts |= crawl(database, settings, only=sources, every_feed=not due, span=span, stay_minutes=stay)
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo(", ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "nothing was due")
    return 1 if counts.get("pages quarantined") else 0


def _span(since: datetime | None, until: datetime | None) -> "Span | None":
    from crawler.discovery.span import Span
    from pipelines.errors import UsageError

    if since is None and until is None:
        return None
    last = (until or datetime.now(UTC)).date()
    if since is None or since.date() > last:
        raise UsageError(
            f"--since {since and since.date()} --until {last}: give a first day that is not after the last"
        )
    return Span(since.date(), last)
