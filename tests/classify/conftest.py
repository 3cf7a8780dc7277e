"""The classifier as shipped, loaded once; small word lists; and small models trained on made-up articles."""

from pathlib import Path

import pytest
from tests_support.articles import TOPICS, examples, write_data

from classify.learning.train import train
from classify.predict import Classifier
from classify.registry import TASKS, put_in_service
from classify.text.lexicons import Lexicons, load_lexicons

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def data_dir() -> Path:
    return ROOT / "data"


@pytest.fixture(scope="session")
def models_dir() -> Path:
    return ROOT / "models"


@pytest.fixture(scope="session")
def classifier(models_dir: Path, data_dir: Path) -> Classifier:
    return Classifier.load(models_dir, data_dir)


@pytest.fixture
def small_data(tmp_path: Path) -> Path:
    """A data folder with four topics and an English, a Vietnamese and a Chinese lexicon."""
    return write_data(tmp_path / "data")


@pytest.fixture(scope="session")
def shared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, made once; not to be written to."""
    return write_data(tmp_path_factory.mktemp("small") / "data")


@pytest.fixture(scope="session")
def lexicons(shared_data: Path) -> Lexicons:
    return load_lexicons(shared_data, frozenset(TOPICS))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """A models folder with every task trained on the made-up articles and in service; not to be written to."""
    models = tmp_path_factory.mktemp("models")
    train(examples(), models, "1", shared_data)
    for task in TASKS:
        put_in_service(models, task, "1")
    return models
