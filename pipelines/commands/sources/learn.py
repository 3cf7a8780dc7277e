"""`diembao sources learn`."""

import json

import click


@click.command("learn")
@click.argument("source_id", metavar="ID")
@click.option("--pages", type=click.IntRange(5, 200), default=30, show_default=True, help="Stored pages to read.")
@click.option("--apply", is_flag=True, help="Write the proposal into the outlet's file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(source_id: str, pages: int, apply: bool, as_json: bool) -> None:
    """Propose where an outlet's pages hold the article and what to leave out, from what its stored pages share.

    body: the smallest element with a lasting name that holds the text on nearly all pages. remove: what is read as
    text, but is the same on several pages, or links in the same place. Nothing is fetched; without --apply nothing is
    changed. --apply sets 'extract:' in the file and leaves everything else in it as it is.

    \b
    Examples:
      diembao sources learn bao-lam-giang
      diembao sources learn bao-lam-giang --pages 60 --apply
    """
    from dataclasses import asdict

    import yaml

    from crawler.source import load_sources
    from pipelines.learning import as_text, entry_of, propose, write_hints
    from pipelines.opening import opened
    from pipelines.showing import choose_sources

    with opened(create=False) as (database, settings):
        (source,) = choose_sources(load_sources(settings.sources_dir), [source_id])
        proposal = propose(database, settings, source, pages)
    entry = entry_of(proposal)
    if as_json:
        click.echo(json.dumps({"id": source.id, "extract": entry} | asdict(proposal), ensure_ascii=False))
    else:
        click.echo(as_text(source, proposal))
        if entry:
            click.echo(yaml.safe_dump({"extract": entry}, allow_unicode=True, sort_keys=False, width=1000), nl=False)
    if not entry:
        click.echo("nothing to propose: the file stays as it is", err=True)
    elif apply:
        path = write_hints(settings.sources_dir, source, proposal)
        click.echo(f"{path} written. For the stored pages: diembao requeue --articles --source {source.id}", err=True)
    else:
        click.echo("nothing is written; --apply does it", err=True)
