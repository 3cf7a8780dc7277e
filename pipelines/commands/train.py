"""`diembao train`."""

from pathlib import Path

import click


@click.command()
@click.option(
    "--corpora", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder of labelled corpora."
)
@click.option("--version", required=True, help="Name of the new version, such as 2026.11.1.")
def command(corpora: Path, version: str) -> None:
    """Train the topic model from labelled corpora.

    Deterministic: the same corpora give the same weights. Only corpora whose licence allows shipped weights are read;
    the model card in the version's folder names them.

    \b
    Example:
      diembao train --corpora ../shared/corpora --version 2026.11.2
    """
    from classify.train import train
    from pipelines.errors import UsageError
    from pipelines.settings import load_settings

    settings, _ = load_settings()
    if not corpora.is_dir():
        raise UsageError(f"no folder of corpora at {corpora}; give --corpora DIR")
    report = train(corpora, settings.models_dir, version, _say, settings.data_dir)
    click.echo(str(report))


def _say(step: str, count: int) -> None:
    click.echo(f"{step}: {count}", err=True)
