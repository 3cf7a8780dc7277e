"""The topics: read from data/taxonomy.yaml, in the order it lists them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from classify.errors import LexiconError


@dataclass(frozen=True)
class Topic:
    """One topic; `names` maps an interface language to its name, `notes` holds what else the file says of it."""

    id: str
    names: dict[str, str]
    notes: dict[str, Any] = field(default_factory=dict)


def load_taxonomy(data_dir: Path) -> tuple[Topic, ...]:
    """Every topic of `data_dir`/taxonomy.yaml.

    Raises LexiconError when the file is missing, not YAML, or has a topic without an id or twice the same id.
    """
    rows = read_yaml(data_dir / "taxonomy.yaml")
    listed = rows.get("topics", rows) if isinstance(rows, dict) else rows
    if isinstance(listed, dict):
        listed = [{"id": key, **(value or {})} for key, value in listed.items()]
    topics = tuple(_topic(row) for row in listed)
    ids = [topic.id for topic in topics]
    if len(set(ids)) != len(ids):
        raise LexiconError(f"{data_dir / 'taxonomy.yaml'}: a topic id is given twice in {ids}")
    return topics


def read_yaml(path: Path) -> Any:
    """The content of a YAML file, or LexiconError saying which file is wrong and how."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LexiconError(f"{path}: cannot be read as YAML: {error}") from error


def _topic(row: Any) -> Topic:
    if not isinstance(row, dict) or not row.get("id"):
        raise LexiconError(f"taxonomy.yaml: every topic needs an `id`, got {row!r}")
    names = (
        row.get("names") or row.get("name") or {key: row[key] for key in ("vi", "en") if isinstance(row.get(key), str)}
    )
    if isinstance(names, str):
        names = {"vi": names}
    notes = {key: value for key, value in row.items() if key not in ("id", "names", "name", "vi", "en")}
    return Topic(str(row["id"]), {str(key): str(value) for key, value in names.items()}, notes)
