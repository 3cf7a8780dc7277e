"""Which real articles are read for the story figures: whole dense days, so that a story is not cut by the drawing.

The measured days and the days that thresholds are fitted on are of different months.
"""

import csv
import gzip
import json
import random
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SEED = 20
DENSE = 100  # articles a day
DAYS = 2  # consecutive ones
AROUND = 2  # days before and after, from which the articles in other languages are taken
MEASURED, FITTED = "2026-08", "2026-07"
COVERAGE = "corpora/vn_coverage/corpus.jsonl.gz"

TAG = re.compile(r"<[^>]*>?")

Row = dict[str, Any]


def coverage(shared: Path) -> list[Row]:
    """All articles of the corpus."""
    with gzip.open(shared / COVERAGE, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def drawn(rows: list[Row], month: str) -> list[Row]:
    """The articles of `DAYS` dense days of `month`, and those around them that are not Vietnamese."""
    days = Counter(row["date"][:10] for row in rows if row["date"].startswith(month))
    starts = [day for day in sorted(days) if all(days[_after(day, step)] >= DENSE for step in range(DAYS))]
    start = random.Random(SEED).choice(starts)
    chosen = {_after(start, step) for step in range(DAYS)}
    around = {_after(start, step) for step in range(-AROUND, DAYS + AROUND)}
    return [
        row
        for row in sorted(rows, key=lambda row: (row["date"], row["id"]))
        if row["date"][:10] in chosen or (row["lang"] != "vi" and row["date"][:10] in around)
    ]


def labels(path: Path) -> dict[str, str]:
    """Corpus id -> story id, as read."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row["story"] for row in csv.DictReader(lines)}


def _after(day: str, step: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=step)).isoformat()


def clean(text: str) -> str:
    """The text without the tags that some rows still carry."""
    return TAG.sub(" ", text)
