import json
from pathlib import Path

import pytest

from classify.corpora import Example
from classify.evaluate import evaluate, macro_f1, measure, newsroom, score
from classify.types import Document, Prediction


def test_a_label_with_several_topics_accepts_each() -> None:
    found = score("set", "me", "topic", [("a", "b"), ("c",)], ["b", ""])
    assert (found.rows, found.value, found.abstained) == (2, 0.5, 0.5)


def test_macro_f1_gives_each_class_the_same_say() -> None:
    assert macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == pytest.approx((6 / 7) / 2)


def test_a_majority_guess_stands_beside_every_system() -> None:
    rows = [Example("1", "c", "s", "g", Document("x", ""), ("a",), "central", "neutral")]
    answer = Prediction("en", 1.0, "central", ("a",), None)
    found = list(measure("set", rows, {"me": lambda _: answer}))
    assert [(s.task, s.system, s.value) for s in found] == [
        ("topic", "majority", 1.0), ("topic", "me", 1.0), ("relevance", "majority", 1.0), ("relevance", "me", 1.0),
        ("tone", "majority", 1.0), ("tone", "me", 0.0),
    ]  # fmt: skip


def test_absent_sets_are_named_and_a_given_file_is_measured(tmp_path: Path, data_dir: Path) -> None:
    row = {
        "title": "Vietnam GDP growth",
        "text": "Hanoi",
        "language": "en",
        "relevance": "central",
        "topics": ["economy"],
        "tone": "n/a",
    }
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    found = evaluate(tmp_path, tmp_path, data_dir, path)
    assert any(note.startswith("vntc: skipped") for note in found.notes)
    mine = [s for s in found.scores if s.dataset == "mine.jsonl" and s.system == "full"]
    assert {s.task: s.value for s in mine} == {"topic": 1.0, "relevance": 1.0}
    assert "mine.jsonl" in found.table()
    json.dumps(found.as_dict())


def test_the_sample_newsroom_is_read(data_dir: Path) -> None:
    rows = list(newsroom(data_dir))
    if not rows:
        pytest.skip("the sample newsroom has no labels yet")
    assert all(row.document.title and row.relevance for row in rows)
