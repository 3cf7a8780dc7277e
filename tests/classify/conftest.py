"""The classifier as shipped, loaded once, and a small one made of known words."""

from pathlib import Path

import pytest

from classify.predict import Classifier

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
    """A data folder with four topics and an English and a Chinese lexicon."""
    data = tmp_path / "data"
    (data / "lexicons").mkdir(parents=True)
    ids = ["economy", "sport", "environment", "world"]
    topics = "\n".join(f"  - {{id: {name}, vi: {name}, en: {name}}}" for name in ids)
    (data / "taxonomy.yaml").write_text(f"topics:\n{topics}\n", encoding="utf-8")
    (data / "lexicons" / "en.yaml").write_text(
        "language: en\nvietnam: [vietnam*, hanoi]\nvietnam_war: [vietnam war]\n"
        "topics: {economy: [trade, gdp growth], sport: [football*], environment: [flood*], world: [kremlin]}\n"
        "tone: {positive: [praised, success], negative: [criticised, failure]}\n",
        encoding="utf-8",
    )
    (data / "lexicons" / "zh.yaml").write_text(
        "language: zh\nvietnam: [越南]\ntopics: {economy: [贸易, gdp]}\ntone: {positive: [成功], negative: [失败]}\n",
        encoding="utf-8",
    )
    return data
