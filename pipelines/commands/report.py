"""`diembao report`: the weekly summary, as documents."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from reports.doubts import Knowledge
    from reports.files import Written
    from reports.summary import WeeklySummary
    from store.database import Database


@click.command("report")
@click.option("--week", help="An ISO week, such as 2026-W46.  [default: the current one]")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The folder to write to; made when missing."
)
@click.option("--format", "formats", multiple=True, help="html or pdf; may be given again.  [default: html]")
@click.option("--json", "as_json", is_flag=True, help="Print the figures and the files written as JSON.")
def command(week: str | None, out: Path, formats: tuple[str, ...], as_json: bool) -> int:
    """Write the weekly summary. A week is Monday to Sunday in Vietnam.

    \b
    Examples:
      diembao report --out var/reports                          this week so far
      diembao report --week 2026-W46 --out var/reports
      diembao report --week 2026-W46 --out . --format html --json

    Exit code 1: some formats could not be written, and why is said; the others were.
    """
    from pipelines.opening import opened
    from reports.errors import ReportError
    from reports.files import choose_formats, prepare_folder, write_reports
    from reports.week import parse_week, week_of
    from store.base import now

    moment = now()
    chosen = parse_week(week, moment) if week is not None else week_of(moment)
    wanted = choose_formats(formats or ("html",))
    prepare_folder(out)
    with opened(create=False) as (database, settings):
        summary = assemble_week(database, settings, chosen, moment)
    written = write_reports(summary, out, wanted)
    if not written.files:
        raise ReportError("; ".join(dict.fromkeys(written.failures.values())))
    if as_json:
        click.echo(json.dumps(_plain(summary, written), ensure_ascii=False, indent=2))
    else:
        _tell(summary, written)
    for name, reason in written.failures.items():
        click.echo(f"diembao: {name} not written: {reason}", err=True)
    return 1 if written.failures else 0


def assemble_week(database: "Database", settings: "Settings", week: Any, moment: Any) -> "WeeklySummary":
    """The figures of `week`, as of `moment`, with what this installation knows of topics and languages."""
    from classify.taxonomy import load_taxonomy
    from pipelines.opening import program
    from reports.summary import assemble
    from reports.words import Text

    topics = {
        topic.id: Text(topic.names.get("vi", topic.id), topic.names.get("en", topic.id))
        for topic in load_taxonomy(settings.data_dir)
    }
    with database.reading() as session:
        return assemble(session, week, moment, topics, _knowledge(settings), program())


def _knowledge(settings: "Settings") -> "Knowledge":
    """Languages are supported by having a lexicon."""
    from reports.doubts import Knowledge

    return Knowledge(settings.low_confidence, settings.supported_languages)


def _tell(summary: "WeeklySummary", written: "Written") -> None:
    totals = summary.figures.totals
    so_far = " so far" if summary.partial else ""
    click.echo(
        f"{summary.week}{so_far}: {totals.articles} articles, {totals.about} about Vietnam, {totals.outlets} outlets"
    )
    for path in written.files:
        click.echo(f"  {path}")


def _plain(summary: "WeeklySummary", written: "Written") -> dict[str, Any]:
    from dataclasses import asdict

    figures = summary.figures
    return {
        "week": str(summary.week),
        "since": summary.week.since.isoformat(),
        "until": summary.week.until.isoformat(),
        "partial": summary.partial,
        "totals": asdict(figures.totals),
        "previous": asdict(figures.previous),
        "counts": figures.counts,
        "topic_tones": figures.topic_tones,
        "files": [str(path) for path in written.files],
        "failures": written.failures,
    }
