"""`diembao demo`: the whole way once, on the sample newsroom."""

import secrets
import webbrowser
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from store.database import Database

USER = "demo"
# The week shown is that of the day before yesterday: on a Monday or Tuesday the new week is still almost empty.
SHOWN_BEFORE = timedelta(days=2)


@click.command()
@click.option("--open", "open_page", is_flag=True, help="Open the summary in the web browser.")
def command(open_page: bool) -> int:
    """Crawl the sample newsroom and show what comes of it.

    Ten fictional outlets are served on this machine, crawled by the same spiders as the live web, processed, edited,
    crawled again, and summed up. No network is needed. A database that already holds other articles is left alone.

    \b
    Example:
      diembao demo
    """
    from pipelines.demo import crawl_newsroom
    from pipelines.opening import opened
    from pipelines.settings import load_settings
    from pipelines.summary import summarise, write_summary
    from store.base import now

    plain, _ = load_settings()
    begun = now()
    with opened() as (database, _):
        report = crawl_newsroom(database, plain, lambda text: click.secho(text, fg="cyan", err=True))
        with database.reading() as session:
            summary = summarise(session, begun)
        click.echo("\n" + write_summary(summary, report.counts))
        html = _weekly(database, plain)
        password = _desk_user(database)
    click.echo(f"weekly     {html}")
    for url, problem in report.problems:
        click.echo(f"quarantined: {url}: {problem}", err=True)
    if open_page:
        webbrowser.open(html.resolve().as_uri())
    click.echo(_next_things(html, password))
    return 0


def _weekly(database: "Database", settings: "Settings") -> Path:
    from pipelines.commands.report import assemble_week
    from reports.files import choose_formats, prepare_folder, write_reports
    from reports.week import week_of
    from store.base import now

    out = settings.var_dir / "reports"
    prepare_folder(out)
    summary = assemble_week(database, settings, week_of(now() - SHOWN_BEFORE), now())
    return write_reports(summary, out, choose_formats(("html",))).files[0]


def _desk_user(database: "Database") -> str | None:
    from store.accounts import add_user, find_user

    with database.writing() as session:
        if find_user(session, USER) is not None:
            return None
        password = secrets.token_urlsafe(9)
        add_user(session, USER, password)
        return password


def _next_things(html: Path, password: str | None) -> str:
    key = f"log in as {USER} / {password}" if password else f"log in as {USER}, with the password of the first demo"
    return f"""
Next:
  1. open {html} in a browser
  2. diembao review                             the desk; {key}
  3. diembao search "thong tin doi ngoai"       finds "thông tin đối ngoại"
('diembao newsroom' serves the sample outlets, so that their links work; 'diembao run' crawls the real ones;
 remove the folder {html.parent.parent} to begin anew)"""
