"""Texts of a file -> predictions, without a database."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from classify.types import Document
from pipelines.settings import Settings

# Texts classified together: the models multiply them as one matrix, and a file of long ones still fits in memory.
BATCH = 64


def classify_rows(rows: Iterable[dict[str, Any]], settings: Settings) -> Iterator[dict[str, Any]]:
    """`{id, language?, title, text}` -> the same id with the fields of its `Prediction`, in order."""
    from classify.predict import Classifier

    classifier = Classifier.load(settings.models_dir, settings.data_dir, transformer=settings.transformer)
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        predictions = classifier.predict_batch(map(_document, batch))
        for row, prediction in zip(batch, predictions, strict=True):
            yield {"id": row["id"]} | prediction.as_dict()


def unusable(row: dict[str, Any]) -> str | None:
    """What keeps a row from being classified, in words; None when nothing does. An empty text is no such thing."""
    for name in ("title", "text", "language"):
        if not isinstance(row.get(name, ""), str | None):
            return f"{name} is {type(row[name]).__name__}, not a string"
    return None


def _document(row: dict[str, Any]) -> Document:
    return Document(row.get("title") or "", row.get("text") or "", (row.get("language") or "").strip() or None)
