"""`diembao newsroom`: serve the sample newsroom until interrupted."""

import errno
import json
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipelines.newsroom import Newsroom

# Beside the packages both in a checkout and in an installed wheel.
FOLDER = Path(__file__).resolve().parents[2] / "data" / "newsroom"


class _BadInput(click.ClickException):
    """One line on stderr, exit code 2."""

    exit_code = 2


@click.command("newsroom")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes any free port.")
@click.option("--sources", is_flag=True, help="Print the outlets as JSON lines (id, host, feeds, ...) and exit.")
@click.option(
    "--anchor", type=click.DateTime(["%Y-%m-%d"]), help="The day the articles count back from.  [default: today]"
)
@click.option(
    "--stage",
    type=click.IntRange(1, 2),
    default=1,
    show_default=True,
    help="2: one article has been edited, one withdrawn.",
)
def newsroom(port: int, sources: bool, anchor: datetime | None, stage: int) -> None:
    """Serve the sample newsroom on this machine.

    Ten fictional outlets on 127.0.0.1, as if they were live. Ctrl+C ends it.

    \b
    Examples:
      diembao newsroom                                  then open http://localhost:8765/
      diembao newsroom --stage 2                        the same, after an edit and a withdrawal
      diembao newsroom --anchor 2026-11-20 --port 9000  the same dates every time
      diembao newsroom --sources > sources.jsonl        what a crawler needs to know
    """
    # Imported here: Jinja2 and 200 articles are not the business of the other commands.
    from pipelines.newsroom import ContentError, Newsroom, safe_anchor
    from pipelines.newsroom.content import load_outlets

    try:
        day = anchor.date() if anchor else safe_anchor(load_outlets(FOLDER).values())
        room = Newsroom(FOLDER, day, stage)
    except ContentError as error:
        raise _BadInput(str(error)) from error
    if not sources:
        _serve(room, port)
        return
    if port == 0:
        msg = "--sources needs the port they will be served on: --port 1 to 65535, not 0"
        raise _BadInput(msg)
    for source in room.sources(port):
        click.echo(json.dumps(source, ensure_ascii=False))


def _serve(room: "Newsroom", port: int) -> None:
    from pipelines.newsroom import serve

    try:
        with serve(room, port) as server:
            click.echo(f"Sample newsroom, stage {room.stage}, anchor {room.anchor}: http://localhost:{server.port}/")
            for source in room.sources(server.port):
                click.echo(f"  http://{source['host']}/  {source['outlet']}")
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Stopped.")
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        msg = f"port {port} on 127.0.0.1 cannot be used ({error.strerror}); take another with --port (0: any free one)"
        raise _BadInput(msg) from error


command = newsroom
