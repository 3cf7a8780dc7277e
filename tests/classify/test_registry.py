import json
from pathlib import Path

import numpy as np
import pytest

from classify.errors import ModelError
from classify.linear import LinearModel, load_linear, save_linear
from classify.registry import current, open_artifact, put_in_service, seal


@pytest.fixture
def model() -> LinearModel:
    weights = np.array([[4, 0], [0, 4], [1, 1]], dtype=np.float32)
    idf, bias = np.ones(3, dtype=np.float32), np.array([-1, -1], dtype=np.float32)
    return LinearModel("en", ("economy", "sport"), {"trade": 0, "goal": 1, "the": 2}, idf, weights, bias)


@pytest.fixture
def models(tmp_path: Path, model: LinearModel) -> Path:
    folder = tmp_path / "topics" / "1"
    folder.mkdir(parents=True)
    seal(tmp_path, "topics", "1", save_linear(model, folder), {"languages": ["en"]})
    put_in_service(tmp_path, "topics", "1")
    return tmp_path


def test_what_is_saved_is_what_is_loaded(models: Path, model: LinearModel) -> None:
    artifact = current(models, "topics")
    assert artifact is not None
    loaded = load_linear(artifact)["en"]
    assert artifact.name == "topics-1"
    assert loaded.vocabulary == model.vocabulary
    assert loaded.log_odds({"trade": 1}) == pytest.approx({"economy": 3.0, "sport": -1.0}, abs=1e-3)


def test_reasons_are_the_words_that_weighed(model: LinearModel) -> None:
    assert [token for token, _ in model.reasons({"trade": 1, "goal": 2, "unseen": 3}, "economy", 5)] == ["trade"]
    assert model.log_odds({"unseen": 1}) == {}
    assert model.reasons({"trade": 1}, "culture", 5) == []


@pytest.mark.parametrize("name", ["weights-en.npz", "vocab-en.json"])
def test_an_altered_file_is_refused(models: Path, name: str) -> None:
    path = models / "topics" / "1" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelError, match=name):
        open_artifact(models, "topics", "1")


def test_a_missing_version_is_named(models: Path) -> None:
    with pytest.raises(ModelError, match="no usable manifest"):
        put_in_service(models, "topics", "2")


def test_another_format_is_refused(models: Path) -> None:
    path = models / "topics" / "1" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "format": 99}), encoding="utf-8")
    with pytest.raises(ModelError, match="format 99"):
        open_artifact(models, "topics", "1")


def test_nothing_in_service_is_none(tmp_path: Path) -> None:
    assert current(tmp_path, "topics") is None
