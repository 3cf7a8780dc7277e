"""`diembao sources import`."""

from pathlib import Path

import click


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Overwrite files that are there.")
def command(file: Path, replace: bool) -> int:
    """Write source YAML for the outlets that FILE lists.

    FILE is JSON lines (host, outlet, country, languages, feed, news_sitemap, front; or feeds) or a CSV (outlet_id,
    outlet_name, domain, country, language, scope, feed_type, url, evidence, confidence, notes). Low-confidence feeds
    start disabled.

    \b
    Examples:
      diembao newsroom --sources > newsroom.jsonl && diembao sources import newsroom.jsonl
      diembao sources import outlets.csv
    """
    from pipelines.settings import load_settings
    from pipelines.sources import import_sources

    settings, _ = load_settings()
    report = import_sources(file, settings.sources_dir, replace=replace)
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(
        f"{len(report.written)} outlets written to {settings.sources_dir}, {len(report.kept)} were there, "
        f"{len(report.problems)} rows could not be used"
    )
    return 1 if report.problems else 0
