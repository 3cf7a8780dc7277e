"""`diembao run`: the main job."""

import json

import click


@click.command()
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this outlet; may be given several times.")
@click.option("--proxy", metavar="URL", help="Fetch through this HTTP proxy, http://host:port.")
@click.option("--now", "every_feed", is_flag=True, help="Check every feed, whether its time has come or not.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(sources: tuple[str, ...], proxy: str | None, every_feed: bool, as_json: bool) -> int:
    """Crawl what is due, process it, print what came in.

    Crawling and processing go side by side; either may be stopped at any moment and goes on with the next run.

    \b
    Examples:
      diembao run
      diembao run --source nhandan
    """
    from pipelines.locks import only_one
    from pipelines.metrics import write_metrics
    from pipelines.opening import opened, program
    from pipelines.picking import pick_for_learning
    from pipelines.run import run
    from pipelines.summary import summarise, write_summary
    from store.base import now
    from store.runs import recorded

    with opened(proxy=proxy) as (database, settings), only_one(database, "processing"):
        begun = now()
        with recorded(database, "run", program()) as counts:
            report = run(database, settings, sources=sources, every_feed=every_feed)
            if picked := pick_for_learning(database, settings, now()):
                report.counts["picked for learning"] = picked
            counts |= report.counts
        with database.reading() as session:
            summary = summarise(session, begun)
        write_metrics(database, settings)
    if as_json:
        click.echo(json.dumps(counts | {"summary": summary.as_dict()}, ensure_ascii=False))
    else:
        click.echo(write_summary(summary, report.counts))
    for url, problem in report.problems:
        click.echo(f"quarantined: {url}: {problem}", err=True)
    # A few failing feeds are every day's news (`sources health` lists them); all of them failing is not.
    nothing_read = report.counts["feeds failed"] and not report.counts["feeds read"] + report.counts["feeds unchanged"]
    if nothing_read:
        click.echo("no feed could be read; 'diembao sources health' says why", err=True)
    return 1 if report.problems or report.counts["pages quarantined"] or nothing_read else 0
