"""Model files on disk: models/<task>/<version>/ with a manifest of SHA-256 sums, checked before anything is loaded."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classify.errors import ModelError

FORMAT = 2
CURRENT = "current.json"
# What is asked of a text, in the order in which it is asked.
TASKS = ("relevance", "topics", "tone", "valence", "voice")


@dataclass(frozen=True)
class Artifact:
    """A verified model directory and its manifest."""

    task: str
    version: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        """The name predictions carry, as `topics-2026.11.1`."""
        return f"{self.task}-{self.version}"

    def json(self, name: str) -> Any:
        """The content of one of its JSON files."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


def current(models_dir: Path, task: str, versions: Mapping[str, str] | None = None) -> Artifact | None:
    """The version of `task` in service, verified; None when models/current.json names none.

    `versions` (task -> version) goes before what is in service. Raises ModelError when one is absent or altered.
    """
    if versions and task in versions:
        return open_artifact(models_dir, task, versions[task])
    history = in_service(models_dir).get(task)
    return open_artifact(models_dir, task, history[0]) if history else None


def in_service(models_dir: Path) -> dict[str, list[str]]:
    """Task -> its versions, the one in service first, then those it replaced, latest first."""
    path = models_dir / CURRENT
    if not path.exists():
        return {}
    try:
        named = json.loads(path.read_text(encoding="utf-8")).items()
    except (ValueError, AttributeError) as error:
        raise ModelError(f"{path}: expected a JSON object of task -> list of versions: {error}") from error
    # A bare string would be taken for a list of its letters.
    if not all(isinstance(found, list) for _, found in named):
        raise ModelError(f"{path}: expected a JSON object of task -> list of versions, got {dict(named)!r:.80}")
    return {str(task): [str(version) for version in found] for task, found in named}


def open_artifact(models_dir: Path, task: str, version: str) -> Artifact:
    """The artifact of one version, every file of it checked against the manifest.

    Raises ModelError naming the file that is missing or whose SHA-256 differs.
    """
    folder = models_dir / task / version
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        files, written = dict(manifest["files"]), manifest["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: no usable manifest ({error}); retrain with `diembao train`") from error
    if written != FORMAT:
        raise ModelError(f"{path}: format {written}, this program reads {FORMAT}; retrain with `diembao train`")
    for name, expected in files.items():
        if not (folder / name).is_file() or sha256(folder / name) != expected:
            raise ModelError(f"{folder / name}: missing or not what its manifest says; restore it or retrain")
    return Artifact(task, version, folder, manifest)


def seal(models_dir: Path, task: str, version: str, names: Iterable[str], facts: dict[str, Any]) -> Artifact:
    """Write the manifest of the files `names` in models/<task>/<version>/; `facts` are kept in it as they are.

    The card and the metrics are not sealed: words about a model may be mended without retraining it.
    """
    folder = models_dir / task / version
    files = {name: sha256(folder / name) for name in sorted(names)}
    manifest = {"format": FORMAT, "task": task, "version": version, "files": files, **facts}
    write_json(folder / "manifest.json", manifest)
    return Artifact(task, version, folder, manifest)


def put_in_service(models_dir: Path, task: str, version: str) -> None:
    """Make `version` the one that `current` answers for `task`; checks it first. The one before stays in history."""
    open_artifact(models_dir, task, version)
    named = in_service(models_dir)
    before = [old for old in named.get(task, []) if old != version]
    write_json(models_dir / CURRENT, {**named, task: [version, *before]})


def roll_back(models_dir: Path, task: str) -> str:
    """Put the version before back in service; its name. ModelError when there is none, or it is absent or altered."""
    named = in_service(models_dir)
    history = named.get(task, [])
    if len(history) < 2:
        raise ModelError(f"{task}: no earlier version to go back to; in service: {history[0] if history else 'none'}")
    open_artifact(models_dir, task, history[1])
    write_json(models_dir / CURRENT, {**named, task: history[1:]})
    return history[1]


def versions_of(models_dir: Path, task: str) -> tuple[str, ...]:
    """Every version of `task` on disk, by name, numbers in it by their value."""
    found = (path.parent.name for path in (models_dir / task).glob("*/manifest.json"))
    return tuple(sorted(found, key=lambda name: [(len(part), part) for part in re.findall(r"\d+|\D+", name)]))


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path: Path, content: Any) -> None:
    """Write JSON for people and diffs to read, replacing the file in one step."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    temporary.replace(path)
