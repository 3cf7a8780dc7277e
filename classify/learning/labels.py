"""The articles read for this project: who read what, which labels count, and to which part an article belongs.

`data/labels` holds facts only: ids of the corpus, labels, offsets, readers, days. The texts stay with the corpus.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classify.errors import LabelsError
from classify.learning.corpora import Example, rows
from classify.types import Document

ADJUDICATOR = "adjudicator"
TRAIN, TEST = "train", "test"
# Articles whose event, story or very text stands in the other part as well: neither learned from nor measured.
ASIDE = "aside"
READINGS, ARTICLES = Path("labels") / "readings.csv", Path("labels") / "articles.csv"
CORPUS = Path("vn_coverage") / "corpus.jsonl.gz"


@dataclass(frozen=True)
class Label:
    """One reading of one article: labels as the guidelines mean them, and the characters of `field` that show why."""

    article: str
    reader: str
    relevance: str
    topics: tuple[str, ...]
    tone: str
    valence: str
    voice: str
    unsure: bool
    field: str
    start: int
    end: int


def read_labels(data: Path) -> dict[str, list[Label]]:
    """Article id -> its readings, in the order of the file. LabelsError when a row lacks a column or has no number."""
    found: dict[str, list[Label]] = defaultdict(list)
    for row in _table(data / READINGS):
        try:
            found[row["id"]].append(_label(row))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise LabelsError(f"{data / READINGS}: row {row!r:.120}: {error}") from error
    return dict(found)


def read_parts(data: Path) -> dict[str, dict[str, str]]:
    """Article id -> its row of articles.csv: `part` (train, test, aside), `group`, `found` (which query found it)."""
    return {row["id"]: row for row in _table(data / ARTICLES)}


def final(readings: Iterable[Label]) -> Label:
    """The label that counts: the adjudicator's where two readers differed, else the first reader's."""
    listed = list(readings)
    return next((label for label in listed if label.reader == ADJUDICATOR), listed[0])


def labelled(corpora: Path, data: Path) -> Iterator[Example]:
    """The articles that were read, with the label that counts, `held_out` where they belong to the frozen test.

    Raises FileNotFoundError when the corpus is absent.
    """
    labels, parts = read_labels(data), read_parts(data)
    for row in rows(corpora / CORPUS):
        if row["id"] in labels and parts[row["id"]]["part"] != ASIDE:
            yield example(row, final(labels[row["id"]]), parts[row["id"]])


def example(row: Mapping[str, Any], label: Label, part: Mapping[str, str]) -> Example:
    """A row of the corpus joined with its label and its part."""
    return Example(
        id=row["id"],
        corpus="vn_coverage",
        source=row["outlet"],
        group=part["group"],
        document=Document(row["title"], row["text"], row["lang"]),
        topics=label.topics,
        relevance=label.relevance,
        tone=label.tone if label.tone != "n/a" else "",
        valence=label.valence,
        voice=label.voice if label.voice != "none" else "",
        held_out=part["part"] == TEST,
        found=part["found"],
    )


def _label(row: Mapping[str, str]) -> Label:
    return Label(
        article=row["id"],
        reader=row["reader"],
        relevance=row["relevance"],
        topics=tuple(row["topics"].split()),
        tone=row["tone"],
        valence=row["valence"],
        voice=row["voice"],
        unsure=row["unsure"] == "yes",
        field=row["field"],
        start=int(row["start"]),
        end=int(row["end"]),
    )


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
