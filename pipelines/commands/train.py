"""`diembao train`."""

from pathlib import Path

import click


@click.command()
@click.option(
    "--corpora", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder of labelled corpora."
)
@click.option("--version", required=True, help="Name of the new version, such as 2026.11.3.")
@click.option(
    "--task", "tasks", multiple=True, help="Only this task (relevance, topics, tone, valence, voice); repeat."
)
@click.option("--desk/--no-desk", default=False, help="Learn from the labels of the desk's database as well.")
@click.option(
    "--transformer",
    metavar="DIR_OR_NAME",
    help="Learn on the vectors of this encoder (extra `transformer`) instead of words.",
)
def command(corpora: Path, version: str, tasks: tuple[str, ...], desk: bool, transformer: str | None) -> int:
    """Train models and put the better ones in service.

    Learns from the articles read for the project (data/labels, texts in DIR), for relevance also from home and world
    pages of VNTC where DIR has it, and, with --desk, from what analysts labelled; never from the frozen test or the
    random audit. Deterministic: the same labels give the same weights. Then measures on the frozen test, and puts a
    task's new version in service only where it is better there than the one in service; `diembao models rollback TASK`
    goes back. Exit code 1: trained, but nothing was better.

    \b
    Example:
      diembao train --corpora ../shared/corpora --version 2026.11.3
      diembao train --corpora ../shared/corpora --version 2026.11.3-encoder --transformer ./encoder
    """
    import re

    from classify.registry import TASKS
    from pipelines.commands.steps import steps
    from pipelines.errors import UsageError
    from pipelines.settings import load_settings
    from pipelines.training import examples_of, train_and_judge

    configured, settings = load_settings()[0], load_settings(transformer=transformer)[0]
    if transformer == "":
        raise UsageError("--transformer is empty; give the folder or the name of an encoder")
    if unknown := [task for task in tasks if task not in TASKS]:
        raise UsageError(f"no task {unknown[0]!r}; there are {', '.join(TASKS)}")
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}", version):
        raise UsageError(f"--version {version!r} cannot name a folder; use letters, digits, dots, as 2026.11.3")
    with steps() as say:
        examples = examples_of(corpora, settings, desk=desk, progress=say)
        found, outcomes = train_and_judge(
            examples, settings, version, tasks or TASKS, say, on_transformer=transformer is not None
        )
    from classify.evaluation.report import text

    click.echo(text(found))
    click.echo()
    for one in outcomes:
        click.echo(f"{one.task} {one.version}: {'in service' if one.promoted else 'not put in service'}: {one.why}")
    promoted = any(one.promoted for one in outcomes)
    if promoted and settings.transformer != configured.transformer:
        click.echo(f"now needed wherever texts are classified: transformer = {settings.transformer!r} in diembao.toml")
    return 0 if promoted else 1
