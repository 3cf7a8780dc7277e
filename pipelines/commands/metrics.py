"""`diembao metrics`."""

import click


@click.command()
@click.option("--listen", metavar="HOST:PORT", help="Serve them over HTTP, at /metrics, until stopped.")
@click.option("--write", is_flag=True, help="Write them to metrics_file instead, as a run does at its end.")
def command(listen: str | None, write: bool) -> None:
    """Print what a monitoring system watches, in Prometheus' text format.

    \b
    Examples:
      diembao metrics
      diembao metrics --listen 127.0.0.1:9464

    No label holds an address, a headline or a person's name. It speaks plain HTTP and asks for no password: keep it on
    this machine, or behind a proxy.
    """
    from pipelines.errors import UsageError
    from pipelines.metrics import metrics_text, serve_metrics, write_metrics
    from pipelines.opening import opened
    from pipelines.signals import Ending

    if listen and write:
        raise UsageError("--listen and --write exclude each other; give one of them")
    with opened(create=False) as (database, settings):
        if write:
            if settings.metrics_file is None:
                raise UsageError("--write needs the setting metrics_file, such as /var/lib/node_exporter/diembao.prom")
            write_metrics(database, settings)
        elif listen:
            with Ending() as ending, serve_metrics(database, settings, listen):
                click.echo(f"The metrics are at http://{listen}/metrics (Ctrl+C ends it)", err=True)
                ending.wait()
        else:
            click.echo(metrics_text(database, settings), nl=False)
