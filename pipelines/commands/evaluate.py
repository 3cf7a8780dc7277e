"""`diembao evaluate`."""

import json
from pathlib import Path

import click


@click.command()
@click.option(
    "--corpora", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder of labelled corpora."
)
@click.option(
    "--version",
    "versions",
    multiple=True,
    metavar="TASK=VERSION",
    help="Measure this version beside the one in service.",
)
@click.option("--baselines/--no-baselines", default=True, help="Majority, lexicons and plain TF-IDF in the same table.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(corpora: Path, versions: tuple[str, ...], baselines: bool, as_json: bool) -> None:
    """Measure the models in service on the frozen test.

    Nothing was learned from these articles. Printed: every figure with its 95% interval (resampled by story and outlet
    month), by language and topic, beside what costs nothing; confusion, calibration, and what is right when only the
    surest part is answered. With --version, the difference to the version in service.

    \b
    Example:
      diembao evaluate --corpora ../shared/corpora
      diembao evaluate --corpora ../shared/corpora --version topics=2026.11.3
    """
    from classify.evaluation.report import text
    from pipelines.commands.steps import steps
    from pipelines.errors import UsageError
    from pipelines.settings import load_settings
    from pipelines.training import candidate, examples_of, measure

    settings, _ = load_settings()
    if wrong := [pair for pair in versions if "=" not in pair]:
        raise UsageError(f"--version {wrong[0]!r} is not TASK=VERSION, as topics=2026.11.3")
    asked = dict(pair.split("=", 1) for pair in versions)
    examples = examples_of(corpora, settings, desk=False)
    with steps() as say:
        before = candidate(settings, {}) if asked else None
        found = measure(examples, candidate(settings, asked), before, baselines=baselines, progress=say)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1) if as_json else text(found))
