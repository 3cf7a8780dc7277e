"""`diembao classify`."""

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
    first), tone, valence, voice, scores, evidence, unmeasured, model. `unmeasured` names the tasks that were never
    measured in the language of the text: treat their answers as guesses. An empty text gets null for an answer. A line
    that cannot be read is told of and left out (exit code 1).

    \b
    Example:
      diembao classify --in articles.jsonl --out tagged.jsonl
    """
    from tqdm import tqdm

    from pipelines.classify import classify_rows, unusable
    from pipelines.jsonlines import read_lines, to_line, writing
    from pipelines.settings import load_settings

    settings, _ = load_settings()
    read, bad = read_lines(source, ("id",))
    bad += [f"{source}, id {row['id']!r}: {problem}" for row in read if (problem := unusable(row))]
    rows = [row for row in read if not unusable(row)]
    with writing(out) as stream, tqdm(total=len(rows), unit="text", disable=None, desc="classifying") as bar:
        for row in classify_rows(rows, settings):
            stream.write(to_line(row))
            bar.update()
    for problem in bad:
        click.echo(problem, err=True)
    return 1 if bad else 0
