"""The encoder on its way through the pipelines: the setting, training, workers; with the small one of the tests."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests_support.articles import examples, write_data
from tests_support.encoders import WordEncoder

from classify import transformer
from classify.errors import ModelError
from classify.learning.corpora import Example
from classify.registry import in_service, open_artifact
from pipelines.classify import classify_rows
from pipelines.commands.train import command
from pipelines.errors import UsageError
from pipelines.process import check_models
from pipelines.settings import Settings
from pipelines.training import train_and_judge

TASKS = ("relevance", "topics", "tone", "valence", "voice")


@dataclass(frozen=True)
class Sized(WordEncoder):
    size: int = 500 * 2**20


def articles() -> Iterator[Example]:
    for example in examples():
        yield example
        yield replace(example, id=f"test-{example.id}", held_out=True)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    data = write_data(tmp_path / "data")
    (data / "labels").mkdir()
    head = "id,reader,relevance,topics,tone,valence,voice,unsure,field,start,end\n"
    (data / "labels" / "readings.csv").write_text(head, encoding="utf-8")
    (data / "labels" / "articles.csv").write_text("id,part,group,found\n", encoding="utf-8")
    found = Sized()
    monkeypatch.setattr(transformer, "stored", lambda name: found)
    monkeypatch.setattr(transformer, "load_encoder", lambda name: found)
    return Settings(data_dir=data, models_dir=tmp_path / "models", transformer="small")


@pytest.fixture
def heads(settings: Settings) -> Settings:
    """The settings of a folder where heads are in service, trained as `diembao train --transformer` does."""
    train_and_judge(list(articles()), settings, "1", TASKS, on_transformer=True)
    return settings


def test_heads_are_trained_measured_and_put_in_service(heads: Settings) -> None:
    assert in_service(heads.models_dir) == {task: ["1"] for task in TASKS}
    for task in TASKS:
        assert open_artifact(heads.models_dir, task, "1").manifest["encoder"]["name"] == "words"
    card = (heads.models_dir / "tone" / "1" / "CARD.md").read_text(encoding="utf-8")
    assert "Linear weights on the vectors of the transformer `words`" in card
    assert Sized().digest in card
    (found,) = classify_rows([{"id": 1, "title": "Flood reaches Hanoi", "text": "Roads are covered."}], heads)
    assert found["topics"][0] == "environment"
    # A later version on words is measured beside them.
    _, (one,) = train_and_judge(list(articles()), heads, "2", ("tone",))
    assert "encoder" not in open_artifact(heads.models_dir, "tone", "2").manifest
    assert "transformer" not in (heads.models_dir / "tone" / "2" / "CARD.md").read_text(encoding="utf-8")
    assert "resamples" in one.why


def test_workers_are_not_started_without_the_encoder(heads: Settings) -> None:
    with pytest.raises(ModelError, match="relevance-1 was learned on the transformer 'words': set `transformer`"):
        check_models(heads.model_copy(update={"transformer": ""}))


def test_workers_are_not_started_with_too_little_memory(heads: Settings) -> None:
    with pytest.raises(UsageError, match="worker_memory_mb is 700: workers that read with a transformer need 2200"):
        check_models(heads)
    check_models(heads.model_copy(update={"worker_memory_mb": 2200}))


def test_models_on_words_need_neither(settings: Settings) -> None:
    train_and_judge(list(articles()), settings, "1", ("topics",))
    check_models(settings)
    check_models(settings.model_copy(update={"transformer": ""}))


def test_an_altered_model_is_told_of_before_any_worker_starts(settings: Settings) -> None:
    train_and_judge(list(articles()), settings, "1", ("topics",))
    path = settings.models_dir / "topics" / "1" / "weights.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match=r"weights\.npz: missing or not what its manifest says"):
        check_models(settings)


def test_the_option_must_name_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--corpora", str(tmp_path), "--version", "1", "--transformer", ""])
    assert isinstance(result.exception, UsageError)
    assert "--transformer is empty" in str(result.exception)
