import json
import shutil
from pathlib import Path

import pytest

from classify.errors import ModelError
from classify.linear import load_linear
from classify.predict import Classifier
from classify.registry import (
    CURRENT,
    TASKS,
    current,
    in_service,
    open_artifact,
    put_in_service,
    roll_back,
    seal,
    versions_of,
    write_json,
)


def version(models: Path, name: str, content: str = "weights") -> None:
    folder = models / "topics" / name
    folder.mkdir(parents=True)
    (folder / "words.json").write_text(json.dumps({"words": content}), encoding="utf-8")
    seal(models, "topics", name, ["words.json"], {"rows": {"vi": 1}})


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in ("1", "2", "3"):
        version(tmp_path, name)
    return tmp_path


def test_nothing_in_service_is_none(tmp_path: Path) -> None:
    assert current(tmp_path, "topics") is None
    assert in_service(tmp_path) == {}
    assert versions_of(tmp_path, "topics") == ()


def test_what_is_put_in_service_is_what_answers(models: Path) -> None:
    put_in_service(models, "topics", "1")
    put_in_service(models, "topics", "2")
    artifact = current(models, "topics")
    assert artifact is not None
    assert (artifact.name, artifact.manifest["rows"]) == ("topics-2", {"vi": 1})
    assert artifact.json("words.json") == {"words": "weights"}
    assert in_service(models) == {"topics": ["2", "1"]}
    assert versions_of(models, "topics") == ("1", "2", "3")


def test_versions_are_in_the_order_of_their_numbers(models: Path) -> None:
    for name in ("2026.11.10", "2026.11.2", "2026.11.2-encoder"):
        version(models, name)
    assert versions_of(models, "topics") == ("1", "2", "3", "2026.11.2", "2026.11.2-encoder", "2026.11.10")


def test_a_version_may_be_asked_for_by_name(models: Path) -> None:
    put_in_service(models, "topics", "1")
    asked = current(models, "topics", {"topics": "3"})
    other = current(models, "topics", {"tone": "3"})
    assert asked is not None
    assert other is not None
    assert (asked.version, other.version) == ("3", "1")


def test_rolling_back_goes_one_version_at_a_time(models: Path) -> None:
    for name in ("1", "2", "3"):
        put_in_service(models, "topics", name)
    assert roll_back(models, "topics") == "2"
    assert roll_back(models, "topics") == "1"
    with pytest.raises(ModelError, match=r"no earlier version.*in service: 1"):
        roll_back(models, "topics")
    assert in_service(models) == {"topics": ["1"]}


def test_what_returns_to_service_is_listed_once(models: Path) -> None:
    for name in ("1", "2", "1"):
        put_in_service(models, "topics", name)
    assert in_service(models) == {"topics": ["1", "2"]}


def test_one_task_rolls_back_alone(models: Path) -> None:
    shutil.copytree(models / "topics", models / "tone")
    for name in ("1", "2"):
        put_in_service(models, "topics", name)
    put_in_service(models, "tone", "2")
    roll_back(models, "topics")
    assert in_service(models) == {"topics": ["1"], "tone": ["2"]}


def test_an_altered_version_is_neither_put_in_service_nor_rolled_back_to(models: Path) -> None:
    put_in_service(models, "topics", "1")
    put_in_service(models, "topics", "2")
    for name in ("1", "3"):
        (models / "topics" / name / "words.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="not what its manifest says"):
        put_in_service(models, "topics", "3")
    with pytest.raises(ModelError, match="not what its manifest says"):
        roll_back(models, "topics")
    assert in_service(models) == {"topics": ["2", "1"]}


def test_a_missing_version_or_file_is_named(models: Path) -> None:
    with pytest.raises(ModelError, match="no usable manifest"):
        put_in_service(models, "topics", "9")
    (models / "topics" / "1" / "words.json").unlink()
    with pytest.raises(ModelError, match=r"words\.json: missing"):
        open_artifact(models, "topics", "1")


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": 2}', '{"format": 2, "files": 3}', "\x00"])
def test_a_manifest_that_says_nothing_is_refused(models: Path, manifest: str) -> None:
    (models / "topics" / "1" / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(ModelError, match="no usable manifest"):
        open_artifact(models, "topics", "1")


def test_another_format_is_refused(models: Path) -> None:
    path = models / "topics" / "1" / "manifest.json"
    write_json(path, {**json.loads(path.read_text(encoding="utf-8")), "format": 99})
    with pytest.raises(ModelError, match="format 99"):
        open_artifact(models, "topics", "1")


@pytest.mark.parametrize("content", ["", "[]", "3", '{"topics": "2026.11.1"}', '{"topics": null}'])
def test_a_list_of_versions_in_another_form_is_refused(models: Path, content: str) -> None:
    (models / CURRENT).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="task -> list of versions"):
        current(models, "topics")


def test_any_altered_byte_is_refused(tmp_path: Path, trained: Path) -> None:
    """Every sealed file of every task: a byte altered at its ends and here and there between, one added, one gone."""
    models = tmp_path / "models"
    shutil.copytree(trained, models)
    for task in TASKS:
        artifact = open_artifact(models, task, "1")
        assert set(artifact.manifest["files"]) == {"weights.npz", "words.json"}
        for name in artifact.manifest["files"]:
            path = artifact.folder / name
            whole = path.read_bytes()
            places = {0, len(whole) - 1, *range(0, len(whole), max(1, len(whole) // 25))}
            flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in sorted(places)]
            altered = [whole + b"\n", whole[:-1], b"", *flipped]
            for content in altered:
                path.write_bytes(content)
                with pytest.raises(ModelError, match=f"{task}.*{name}: missing or not what its manifest says"):
                    open_artifact(models, task, "1")
            path.write_bytes(whole)
        open_artifact(models, task, "1")


def test_a_classifier_with_one_altered_byte_is_not_loaded(tmp_path: Path, models_dir: Path, data_dir: Path) -> None:
    models = tmp_path / "models"
    shutil.copytree(models_dir, models)
    for task, versions in in_service(models).items():
        path = models / task / versions[0] / "weights.npz"
        whole = path.read_bytes()
        at = len(whole) // 2
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x80]) + whole[at + 1 :])
        with pytest.raises(ModelError, match=r"weights\.npz: missing or not what its manifest says"):
            Classifier.load(models, data_dir)
        path.write_bytes(whole)


def test_weights_of_another_taxonomy_are_refused(models_dir: Path, trained: Path, data_dir: Path) -> None:
    with pytest.raises(ModelError, match="retrain with `diembao train`"):
        Classifier.load(trained, data_dir)


def test_every_version_in_service_opens_and_is_no_pickle(models_dir: Path) -> None:
    named = in_service(models_dir)
    assert set(named) == set(TASKS)
    for task in TASKS:
        artifact = current(models_dir, task)
        assert artifact is not None
        assert {Path(name).suffix for name in artifact.manifest["files"]} == {".npz", ".json"}
        numbers = load_numbers(artifact.folder)
        assert load_linear(artifact, numbers).task == task


def load_numbers(folder: Path) -> int:
    import numpy as np

    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        return len(arrays["mean"])


def test_what_is_shipped_is_under_twenty_megabytes(models_dir: Path) -> None:
    size = sum(path.stat().st_size for path in models_dir.rglob("*") if path.is_file())
    assert size < 20_000_000
