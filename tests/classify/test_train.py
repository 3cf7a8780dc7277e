from pathlib import Path

import pytest

from classify import train as training
from classify.corpora import Example
from classify.fitting import IGNORED
from classify.lexicons import load_lexicons
from classify.linear import LinearModel
from classify.train import fit_all, targets
from classify.types import Document

TOPICS = ("economy", "sport", "environment", "world")


def example(corpus: str, title: str, *topics: str) -> Example:
    return Example(title, corpus, "paper", title, Document(title, "", "en"), topics)


def taught(row: Example, lexicon: dict[str, float]) -> list[int] | None:
    found = targets(row, TOPICS, lexicon)
    return None if found is None else found[0].tolist()


def test_a_section_leaves_open_what_the_lexicon_finds_besides() -> None:
    assert taught(example("vntc", "x", "economy"), {"sport": 0.3, "world": 0.01}) == [1, IGNORED, 0, 0]


def test_a_complete_label_leaves_nothing_open() -> None:
    assert taught(example("vn_coverage", "x", "economy"), {"sport": 0.9}) == [1, 0, 0, 0]


def test_an_unlabelled_row_learns_from_a_sure_lexicon_only() -> None:
    assert taught(example("vn_coverage", "x"), {"sport": 0.7}) == [0, 1, 0, 0]
    assert taught(example("vn_coverage", "x"), {"sport": 0.3}) is None


def test_home_news_teaches_what_it_is_not() -> None:
    assert taught(example("vntc", "x"), {}) == [0, 0, 0, 0]


def fitted(data: Path) -> LinearModel:
    rows = [example("vn_coverage", f"bank profit {at}", "economy") for at in range(20)]
    rows += [example("vn_coverage", f"goal match {at}", "sport") for at in range(20)]
    models, report = fit_all(rows, TOPICS, load_lexicons(data, frozenset(TOPICS)))
    assert report == {"rows": {"en": 40}, "sources": {"vn_coverage": 40}}
    return models["en"]


def test_training_learns_and_repeats_itself(small_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MIN_ROWS", 10)
    first, second = fitted(small_data), fitted(small_data)
    odds = first.log_odds({"profit": 1})
    assert odds["economy"] > 0 > odds["sport"]
    assert odds["world"] < -20
    assert first.log_odds({"match": 1}) == second.log_odds({"match": 1})
