"""`diembao ingest`."""

from pathlib import Path

import click


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--no-process", is_flag=True, help="Only take the pages in; 'diembao process' does the rest.")
def command(files: tuple[Path, ...], no_process: bool) -> int:
    """Take in the pages of WARC files.

    Any tool's WARC will do (.warc, .warc.gz). The files stay where they are and must stay there: they are the evidence.
    A file that ends early gives what it has, is told of, and makes the exit code 1. One that was begun before, and
    stopped or killed, is gone on with where it stood.

    \b
    Examples:
      diembao ingest CC-NEWS-20261101000000-00001.warc.gz
      wget --warc-file=site -r -l1 https://example.org/ ; diembao ingest site.warc.gz
    """
    from tqdm import tqdm

    from crawler.source import load_sources
    from pipelines.errors import UsageError
    from pipelines.ingest import ingest
    from pipelines.locks import only_one
    from pipelines.opening import opened, program
    from pipelines.process import process, waiting_pages
    from store.runs import recorded
    from store.sources import sync_sources

    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise UsageError(f"no file {', '.join(missing)}")
    with opened() as (database, settings), only_one(database, "ingesting"):
        sources = load_sources(settings.sources_dir).values()
        with database.writing() as session:
            sync_sources(session, sources)
        total = sum(path.stat().st_size for path in files)
        with (
            recorded(database, "ingest", program()) as counts,
            tqdm(total=total, unit="B", unit_scale=True, disable=None, desc="reading") as bar,
        ):
            report = ingest(database, files, sources, bar.update)
            counts |= report.counts
        problems = list(report.problems)
        if not no_process:
            waiting = waiting_pages(database)
            with (
                only_one(database, "processing"),
                tqdm(total=waiting, unit="page", disable=None, desc="processing") as bar,
            ):
                done = process(database, settings, bar.update)
            report.counts += done.counts
            problems += [f"quarantined: {url}: {problem}" for url, problem in done.problems]
    click.echo(", ".join(f"{name}: {count}" for name, count in sorted(report.counts.items())) or "nothing to take in")
    for problem in problems:
        click.echo(problem, err=True)
    return 1 if problems else 0
