"""`diembao extract`."""

from pathlib import Path

import click


@click.command()
@click.option("--pages", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder with index.jsonl.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="JSON lines to write.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes to use.")
def command(pages: Path, out: Path, workers: int | None) -> int:
    """Extract articles from saved pages, without a database.

    DIR/index.jsonl has one object a page: id, url, file (HTML, may be gzipped). FILE gets one a page: id, title, text,
    published_at, language, authors; a page that is no article has null fields and a reason. Pages of an outlet in the
    registry are read with its hints, where its file gives some.

    \b
    Example:
      diembao extract --pages ../shared/pages --out articles.jsonl
    """
    from tqdm import tqdm

    from pipelines.extract import extract_pages, read_index
    from pipelines.settings import load_settings

    settings, _ = load_settings(workers=workers)
    rows = read_index(pages)
    with tqdm(total=len(rows), unit="page", disable=None, desc="extracting") as bar:
        failed = extract_pages(rows, pages, out, settings, bar.update)
    click.echo(f"{len(rows)} pages read, {len(failed)} without an article; {out} written", err=True)
    for page_id, problem in failed[:20]:
        click.echo(f"  {page_id}: {problem}", err=True)
    if len(failed) > 20:
        click.echo(f"  ... and {len(failed) - 20} more, in {out}", err=True)
    return 0
