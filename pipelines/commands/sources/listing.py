"""`diembao sources list`."""

import json

import click


@click.command("list")
@click.option("--country", help="Only outlets of this country, such as VN.")
@click.option("--group", "group_id", metavar="ID", help="Only outlets of this group; data/groups.yaml lists them.")
@click.option("--all", "show_all", is_flag=True, help="Disabled outlets, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(country: str | None, group_id: str | None, show_all: bool, as_json: bool) -> None:
    """List the outlets of the registry.

    \b
    Examples:
      diembao sources list --country VN
      diembao sources list --group asean --all
    """
    from crawler.groups import groups_of, load_groups
    from crawler.source import load_sources
    from pipelines.errors import UsageError
    from pipelines.settings import load_settings

    settings, _ = load_settings()
    sources = load_sources(settings.sources_dir).values()
    groups = load_groups(settings.data_dir)
    known = [group.id for group in groups]
    if group_id and group_id not in known:
        raise UsageError(f"unknown group {group_id!r}; valid are {', '.join(known)}")
    chosen = [s for s in sources if (show_all or s.enabled) and (not country or s.country == country.upper())]
    chosen = [s for s in chosen if not group_id or group_id in groups_of(s, groups)]
    for source in chosen:
        feeds = sum(feed.enabled for feed in source.feeds)
        if as_json:
            row = source.model_dump(mode="json") | {"groups": groups_of(source, groups)}
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            off = "" if source.enabled else f"  off: {source.reason}"
            click.echo(f"{source.id:32} {source.country}  {feeds:3} feeds  {source.name}{off}")
    click.echo(f"{len(chosen)} of {len(sources)} outlets", err=True)
