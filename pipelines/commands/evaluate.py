"""`diembao evaluate`."""

import json
from pathlib import Path

import click


@click.command()
@click.option(
    "--corpora", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder of labelled corpora."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(corpora: Path, as_json: bool) -> None:
    """Measure the model in service.

    Only on data it was not trained on, split by source; beside a majority guess and the lexicons alone.

    \b
    Example:
      diembao evaluate --corpora ../shared/corpora
    """
    from classify.evaluate import evaluate
    from pipelines.errors import UsageError
    from pipelines.settings import load_settings

    settings, _ = load_settings()
    if not corpora.is_dir():
        raise UsageError(f"no folder of corpora at {corpora}; give --corpora DIR")
    evaluation = evaluate(corpora, settings.models_dir, settings.data_dir)
    click.echo(json.dumps(evaluation.as_dict(), ensure_ascii=False, indent=1) if as_json else evaluation.table())
