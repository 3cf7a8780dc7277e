"""`diembao review`: the analysts' desk, a web page of this machine."""

import os
import socket
import webbrowser
from threading import Timer

import click

from pipelines.errors import UsageError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OPEN_AFTER = 1.0  # seconds: the desk answers by then


@click.command("review")
@click.option("--host", help="Address to listen on.  [default: review_host, 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: review_port, 8700]")
@click.option("--open", "opens", is_flag=True, help="Open the desk in the web browser.")
def command(host: str | None, port: int | None, opens: bool) -> None:
    """Open the analysts' desk, a web page.

    \b
    Examples:
      diembao user add lan           who may log in
      diembao review --open          then, on this machine
      diembao review --port 9000

    It speaks plain HTTP: to be reached from other machines it needs a proxy with TLS before it. Ctrl+C ends it.
    """
    from pipelines.settings import load_settings

    settings, _ = load_settings(review_host=host, review_port=port)
    try:
        # Imported here: the web server is not the business of the other commands.
        import uvicorn

        from review.app import create_app
        from store.accounts import count_users
    except ImportError as error:
        raise UsageError(f"the desk needs the package {error.name}: pip install 'diembao[web]'") from error
    from store.database import open_database
    from store.guidelines import guideline_version, note_guidelines

    with _listen(settings.review_host, settings.review_port) as listening:
        database = open_database(settings.database)
        try:
            app = create_app(database, settings.data_dir)
            with database.writing() as session:
                note_guidelines(session, guideline_version(settings.data_dir / "guidelines"))
            with database.reading() as session:
                users = count_users(session)
            address = _address(settings.review_host, settings.review_port)
            click.echo(f"The desk is at {address} (Ctrl+C ends it)")
            if not users:
                click.echo("Nobody can log in yet; make a user with: diembao user add NAME", err=True)
            if settings.review_host not in LOOPBACK:
                click.echo("Others can reach it: passwords travel unprotected without a TLS proxy before it", err=True)
            if opens:
                _open_soon(address)
            config = uvicorn.Config(app, log_config=None, server_header=False, access_log=False)
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:
            click.echo("Stopped.")
        finally:
            database.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error
        raise UsageError(
            f"cannot listen on {host} port {port} ({reason}); take another with --host or --port"
        ) from error


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _open_soon(address: str) -> None:
    timer = Timer(OPEN_AFTER, webbrowser.open, [address])
    timer.daemon = True
    timer.start()
