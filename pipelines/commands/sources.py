"""`diembao sources`: the registry of outlets."""

import json
from pathlib import Path

import click


@click.group()
def command() -> None:
    """List, check and import outlets.

    An outlet is one YAML file below sources_dir (data/sources/README.md tells its keys).
    """


@command.command("list")
@click.option("--country", help="Only outlets of this country, such as VN.")
@click.option("--all", "show_all", is_flag=True, help="Disabled outlets, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_sources(country: str | None, show_all: bool, as_json: bool) -> None:
    """List the outlets of the registry.

    \b
    Example:
      diembao sources list --country VN
    """
    from crawler.source import load_sources
    from pipelines.settings import load_settings

    settings, _ = load_settings()
    sources = load_sources(settings.sources_dir).values()
    chosen = [s for s in sources if (show_all or s.enabled) and (not country or s.country == country.upper())]
    for source in chosen:
        feeds = sum(feed.enabled for feed in source.feeds)
        if as_json:
            click.echo(json.dumps(source.model_dump(mode="json"), ensure_ascii=False))
        else:
            off = "" if source.enabled else f"  off: {source.reason}"
            click.echo(f"{source.id:32} {source.country}  {feeds:3} feeds  {source.name}{off}")
    click.echo(f"{len(chosen)} of {len(sources)} outlets", err=True)


@command.command()
def check() -> int:
    """Read every source file and say what is wrong, by file and line.

    \b
    Example:
      diembao sources check
    """
    from crawler.errors import SourceError
    from crawler.source import load_source, load_sources, source_files
    from pipelines.settings import load_settings

    settings, _ = load_settings()
    problems = []
    for path in source_files(settings.sources_dir):
        try:
            load_source(path)
        except SourceError as error:
            problems.append(str(error))
    if not problems:
        found = load_sources(settings.sources_dir)
        click.echo(f"{len(found)} source files, all valid")
        return 0
    for problem in problems:
        click.echo(problem, err=True)
    return 1


@command.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def health(as_json: bool) -> int:
    """List the feeds that fail or have never been checked, with the reason; exit code 1 when any fails.

    \b
    Example:
      diembao sources health
    """
    from pipelines.opening import opened
    from store.sources import unhealthy_feeds

    with opened(create=False) as (database, _), database.reading() as session:
        rows = unhealthy_feeds(session)
    for row in rows:
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False, default=str))
        else:
            click.echo(f"{row['source']:28} {row['failures']:3} failures  {row['url']}\n{'':28} {row['problem']}")
    click.echo(f"{len(rows)} feeds need a look", err=True)
    return 1 if any(row["failures"] for row in rows) else 0


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Overwrite files that are there.")
def import_file(file: Path, replace: bool) -> int:
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
