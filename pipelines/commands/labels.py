"""`diembao labels`: what analysts said, as facts."""

import json
from pathlib import Path

import click


@click.group("labels")
def command() -> None:
    """Write out the labels that analysts gave.

    \b
    Example:
      diembao labels export --out labels.jsonl
    """


@command.command("export")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="FILE.jsonl", help="Where to write them."
)
def export(out: Path) -> int:
    """Write the labels, one article a line: what was said, when, by whom (no names), and why the article was read.

    The newest verdict counts, and how many agreed and who did not is told. `drawn` says how the article came before the
    reader; only those with `audit` are a random sample. Facts only: the text of an article is not in it.

    \b
    Example:
      diembao labels export --out labels.jsonl
    """
    from pipelines.jsonlines import writing
    from pipelines.opening import opened
    from store.training import training_labels

    count = 0
    with opened(create=False) as (database, _), database.reading() as session, writing(out) as stream:
        for label in training_labels(session):
            stream.write(json.dumps(label.as_facts(), ensure_ascii=False) + "\n")
            count += 1
    click.echo(f"{count} labelled articles in {out}")
    return 0
