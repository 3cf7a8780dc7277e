"""Model files on disk: models/<task>/<version>/ with a manifest of SHA-256 sums, checked before anything is loaded."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classify.errors import ModelError

FORMAT = 1
CURRENT = "current.json"


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


def current(models_dir: Path, task: str) -> Artifact | None:
    """The version of `task` in service, verified; None when models/current.json names none.

    Raises ModelError when the version it names is absent or altered.
    """
    path = models_dir / CURRENT
    if not path.exists():
        return None
    try:
        version = json.loads(path.read_text(encoding="utf-8")).get(task)
    except (ValueError, AttributeError) as error:
        raise ModelError(f"{path}: expected a JSON object of task -> version: {error}") from error
    return open_artifact(models_dir, task, str(version)) if version else None


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
    """Make `version` the one that `current` answers for `task`; checks it first."""
    open_artifact(models_dir, task, version)
    path = models_dir / CURRENT
    named = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    write_json(path, {**named, task: version})


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path: Path, content: Any) -> None:
    """Write JSON for people and diffs to read, replacing the file in one step."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    temporary.replace(path)
