"""`diembao sources check`."""

import json

import click


@click.command("check")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--offline", is_flag=True, help="Only read the files; fetch nothing.")
@click.option("--all", "show_all", is_flag=True, help="Disabled outlets and feeds, too; they are when an ID is given.")
@click.option("--proxy", metavar="URL", help="Fetch through this HTTP proxy, http://host:port.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed.")
def command(ids: tuple[str, ...], offline: bool, show_all: bool, proxy: str | None, as_json: bool) -> int:
    """Read every source file, then fetch the feeds and say what works.

    A wrong file is told of by file and line, and nothing is fetched. Each feed is fetched once, with the robots rules
    and delays of a crawl; nothing of it is kept. HTTP: the answer's status; items, dated: what it lists; match: what
    the feed's pattern lets through. Exit code 1 when a file is wrong or an enabled feed does not work.

    \b
    Examples:
      diembao sources check --offline
      diembao sources check vnexpress tuoi-tre
    """
    from dataclasses import asdict

    from pipelines.settings import load_settings
    from pipelines.showing import choose_sources, faulty_files

    settings, _ = load_settings(proxy=proxy)
    problems, sources = faulty_files(settings)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        return 1
    chosen = choose_sources(sources, ids)
    if offline:
        click.echo(f"{len(sources)} source files, all valid")
        return 0
    from pipelines.checking import as_table, check_feeds

    enabled = chosen if ids or show_all else [source for source in chosen if source.enabled]
    checks = check_feeds(settings, enabled, disabled=bool(ids) or show_all)
    if as_json:
        for check in checks:
            click.echo(json.dumps(asdict(check) | {"works": check.works}, ensure_ascii=False, default=str))
    else:
        click.echo(as_table(checks))
    failed = [check for check in checks if not check.works and check.enabled]
    works = sum(check.works for check in checks)
    click.echo(f"{len(sources)} source files, all valid; {works} of {len(checks)} feeds work", err=True)
    return 1 if failed else 0
