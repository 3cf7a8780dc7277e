"""`diembao search`."""

import dataclasses
import json
from zoneinfo import ZoneInfo

import click


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(query: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find articles; marks and case do not matter.

    Every word must occur. "Quotes" make a phrase. Words typed with their marks rank exact hits first.

    \b
    Examples:
      diembao search "thong tin doi ngoai"
      diembao search --json '"biển đông" ASEAN'
    """
    from pipelines.opening import opened
    from store.search import search

    with opened(create=False) as (database, _), database.reading() as session:
        hits = search(session, " ".join(query), limit)
    for hit in hits:
        when = hit.published_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")) if hit.published_at else None
        if as_json:
            row = dataclasses.asdict(hit) | {"published_at": hit.published_at and hit.published_at.isoformat()}
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            day = f"{when:%d/%m/%Y %H:%M}" if when else "không rõ ngày"
            click.echo(f"{day:16}  {click.style(hit.title, bold=True)}  ({hit.source}, {hit.country})")
            click.echo(f"{'':16}  {hit.snippet}\n{'':16}  {hit.url}")
    if not hits:
        click.echo("no article matches", err=True)
