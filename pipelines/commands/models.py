"""`diembao models`: which versions there are, which are in service, and the way back."""

import click


@click.group()
def command() -> None:
    """List the models, put a better one in service, go back to the one before."""


@command.command("list")
def listed() -> None:
    """Every version of every task; * marks the one in service.

    \b
    Example:
      diembao models list
    """
    from classify.registry import TASKS, in_service, versions_of
    from pipelines.settings import load_settings

    settings, _ = load_settings()
    named = in_service(settings.models_dir)
    for task in TASKS:
        history = named.get(task, [])
        for version in versions_of(settings.models_dir, task):
            click.echo(f"{'*' if history[:1] == [version] else ' '} {task:10} {version}")


@command.command()
@click.argument("task")
@click.argument("version")
@click.option("--corpora", required=True, metavar="DIR", help="Folder of labelled corpora, for the frozen test.")
def promote(task: str, version: str, corpora: str) -> int:
    """Put VERSION of TASK in service, if it is better on the frozen test than the one in service.

    Exit code 1: it is not, and nothing was changed.

    \b
    Example:
      diembao models promote topics 2026.11.3 --corpora ../shared/corpora
    """
    from pathlib import Path

    from pipelines.commands.steps import steps
    from pipelines.settings import load_settings
    from pipelines.training import candidate, examples_of, measure, note_service
    from pipelines.training import promote as put

    settings, _ = load_settings()
    new = candidate(settings, {task: version})
    examples = examples_of(Path(corpora), settings, desk=False)
    with steps() as say:
        found = measure(examples, new, candidate(settings, {}), baselines=False, progress=say)
    one = put(settings, task, version, found)
    if one.promoted:
        note_service(settings, found)
    click.echo(f"{task} {version}: {'in service' if one.promoted else 'not put in service'}: {one.why}")
    return 0 if one.promoted else 1


@command.command()
@click.argument("task")
def rollback(task: str) -> None:
    """Put the version of TASK that was in service before back.

    models/metrics.json stays as it is, with the versions it was measured of: `diembao evaluate` measures anew.

    \b
    Example:
      diembao models rollback topics
    """
    from classify.registry import TASKS, roll_back
    from pipelines.errors import UsageError
    from pipelines.settings import load_settings
    from pipelines.training import METRICS

    settings, _ = load_settings()
    if task not in TASKS:
        raise UsageError(f"no task {task!r}; there are {', '.join(TASKS)}")
    click.echo(f"{task} {roll_back(settings.models_dir, task)}: in service again")
    click.echo(f"{settings.models_dir / METRICS} tells of those before; `diembao evaluate` measures what serves now")
