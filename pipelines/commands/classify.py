"""`diembao classify`."""

import json
from pathlib import Path

import click


@click.command()
@click.option(
    "--in", "source", type=click.Path(path_type=Path), required=True, metavar="FILE", help="JSON lines to read."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="JSON lines to write.")
def command(source: Path, out: Path) -> int:
    """Tag texts, without a database.

    Each line read: id, title, text, and language if known. Each line written: id, language, relevance, topics (primary
    first), tone, scores, evidence, model. A line that cannot be read is told of and left out (exit code 1).

    \b
    Example:
      diembao classify --in articles.jsonl --out tagged.jsonl
    """
    from tqdm import tqdm

    from pipelines.classify import classify_rows
    from pipelines.jsonlines import read_lines, writing
    from pipelines.settings import load_settings

    settings, _ = load_settings()
    rows, bad = read_lines(source, ("id",))
    with writing(out) as stream, tqdm(total=len(rows), unit="text", disable=None, desc="classifying") as bar:
        for row in classify_rows(rows, settings):
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            bar.update()
    for problem in bad:
        click.echo(problem, err=True)
    return 1 if bad else 0
