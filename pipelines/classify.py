"""Texts of a file -> predictions, without a database."""

from collections.abc import Iterable, Iterator
from typing import Any

from classify.types import Document
from pipelines.settings import Settings


def classify_rows(rows: Iterable[dict[str, Any]], settings: Settings) -> Iterator[dict[str, Any]]:
    """`{id, language?, title, text}` -> the same id with the fields of its `Prediction`, in order."""
    from classify.predict import Classifier

    classifier = Classifier.load(settings.models_dir, settings.data_dir)
    for row in rows:
        document = Document(str(row.get("title") or ""), str(row.get("text") or ""), row.get("language") or None)
        yield {"id": row["id"]} | classifier.predict(document).as_dict()
