"""`diembao sources show`."""

import json

import click


@click.command("show")
@click.argument("source_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(source_id: str, as_json: bool) -> None:
    """Say everything about one outlet: its file, and what the database knows of its feeds.

    \b
    Example:
      diembao sources show vnexpress
    """
    from crawler.groups import load_groups
    from crawler.source import load_sources
    from pipelines.settings import load_settings
    from pipelines.showing import as_text, choose_sources, describe, what_is_known

    settings, _ = load_settings()
    (source,) = choose_sources(load_sources(settings.sources_dir), [source_id])
    shown = describe(source, load_groups(settings.data_dir), what_is_known(settings, source.id))
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False, default=str))
    else:
        click.echo(as_text(shown))
