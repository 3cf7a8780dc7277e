"""`diembao sources add`."""

import click

SCOPES = ("national", "provincial", "ministry", "agency", "foreign")


@click.command("add")
@click.argument("url")
@click.option("--country", default="", help="Its country, such as VN; else the host's ending tells.")
@click.option("--scope", type=click.Choice(SCOPES), help="What it is; else guessed from the country and the host.")
@click.option("--proxy", metavar="URL", help="Fetch through this HTTP proxy, http://host:port.")
@click.option("--dry-run", is_flag=True, help="Print the file; write nothing.")
def command(url: str, country: str, scope: str | None, proxy: str | None, dry_run: bool) -> None:
    """Find the feeds of an outlet from its front page and write its source file.

    Looked at: the feeds that the page's head names, the sitemaps that robots.txt names, else a few common addresses;
    where none works, the page itself if it links to articles. Each is fetched and read before it is believed, with the
    robots rules and delays of a crawl. A file that is there is never overwritten.

    \b
    Examples:
      diembao sources add https://baolamgiang.example/
      diembao sources add --dry-run --country VN https://lamgiang.example/
    """
    from crawler.source import dump_source
    from pipelines.adding import find_outlet, write_source
    from pipelines.settings import load_settings

    settings, _ = load_settings(proxy=proxy)
    source = find_outlet(settings, url, country, scope)  # type: ignore[arg-type]  # one of SCOPES
    text = dump_source(source)
    if dry_run:
        click.echo(text, nl=False)
        return
    path = write_source(settings.sources_dir, source, text)
    click.echo(f"{path} written: {source.name}, {source.country}, {', '.join(source.languages)}, {source.timezone}")
    for feed in source.feeds:
        click.echo(f"  {'on ' if feed.enabled else 'off'} {feed.kind:12} {feed.url}\n      {feed.evidence}")
    click.echo(f"Look through the file, then: diembao crawl --source {source.id}")
