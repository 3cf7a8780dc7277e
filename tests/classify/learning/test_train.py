from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests_support.articles import TOPICS, examples

from classify.errors import LexiconError
from classify.learning import train as training
from classify.learning.corpora import Example
from classify.learning.train import prepare, train
from classify.linear import load_linear
from classify.predict import Classifier
from classify.registry import TASKS, current, in_service, open_artifact
from classify.text.lexicons import Lexicons
from classify.types import Document

POISON = "zyxwquorum"


def held_out() -> Iterator[Example]:
    """Articles of the frozen test, each with a word that no other has; as many as make a language measured."""
    for example in examples():
        document = replace(example.document, text=f"{POISON} {POISON} {example.document.text}", title=POISON)
        yield replace(example, id=f"test-{example.id}", document=document, held_out=True, topics=("sport",))


def files(models: Path) -> dict[str, bytes]:
    return {str(path.relative_to(models)): path.read_bytes() for path in models.rglob("*") if path.is_file()}


def test_training_twice_gives_the_same_bytes(tmp_path: Path, trained: Path, shared_data: Path) -> None:
    train(examples(), tmp_path, "1", shared_data)
    again = files(tmp_path)
    assert len(again) == 3 * len(TASKS)
    first = files(trained)
    assert {name: first[name] == content for name, content in again.items()} == dict.fromkeys(again, True)


def test_held_out_articles_are_never_learned_from(tmp_path: Path, trained: Path, shared_data: Path) -> None:
    """Poisoned test articles leave no trace: not in the words, not in one weight."""
    train([*held_out(), *examples()], tmp_path, "1", shared_data)
    for task in TASKS:
        poisoned, clean = open_artifact(tmp_path, task, "1"), open_artifact(trained, task, "1")
        assert POISON not in (poisoned.folder / "words.json").read_text(encoding="utf-8")
        assert poisoned.manifest["files"]["weights.npz"] == clean.manifest["files"]["weights.npz"]
        assert poisoned.manifest["rows"] == clean.manifest["rows"]


def test_the_same_word_is_learned_when_it_is_not_held_out(tmp_path: Path, shared_data: Path) -> None:
    given = [replace(example, held_out=False) for example in held_out()]
    (report,) = train([*given, *examples()], tmp_path, "1", shared_data, ("topics",))
    model = load_linear(open_artifact(tmp_path, "topics", "1"), numbers=_numbers(report.folder))
    assert f"w:{POISON}" in model.words


def _numbers(folder: Path) -> int:
    import numpy as np

    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        return len(arrays["mean"])


def test_a_language_is_measured_by_its_rows_in_the_frozen_test(
    tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MEASURED_ROWS", 20)
    test = [one for one in held_out() if one.document.language == "en" or one.id.endswith("0-0")]
    (report,) = train([*test, *examples()], tmp_path, "1", shared_data, ("relevance",))
    assert report.measured == ("en",)
    assert open_artifact(tmp_path, "relevance", "1").json("words.json")["measured"] == ["en"]


def test_the_report_says_what_was_made(tmp_path: Path, shared_data: Path) -> None:
    steps: list[tuple[str, int]] = []
    reports = train(examples(), tmp_path, "7", shared_data, ("topics", "tone"), lambda *step: steps.append(step))
    assert [(one.task, one.version, one.rows) for one in reports] == [
        ("topics", "7", {"en": 24, "vi": 24}),
        ("tone", "7", {"en": 18, "vi": 18}),
    ]
    for report in reports:
        artifact = open_artifact(tmp_path, report.task, report.version)
        assert report.folder == artifact.folder == tmp_path / report.task / "7"
        assert artifact.manifest["sources"] == {"made": sum(report.rows.values())}
        assert report.words > 10
        assert report.bytes == sum((report.folder / name).stat().st_size for name in artifact.manifest["files"])
    assert ("reading", 48) in steps
    assert ("tone", 0) in steps


def test_training_puts_nothing_in_service(tmp_path: Path, shared_data: Path) -> None:
    train(examples(), tmp_path, "1", shared_data, ("valence",))
    assert in_service(tmp_path) == {}
    assert current(tmp_path, "valence") is None


def test_what_was_trained_answers(trained: Path, shared_data: Path) -> None:
    classifier = Classifier.load(trained, shared_data)
    found = classifier.predict(Document("Football side wins", "The players of Vietnam scored two goals.", "en"))
    assert (found.relevance, found.topics) == ("central", ("sport",))
    found = classifier.predict(Document("Lũ lụt ở Hà Nội", "Nước lũ ngập nhiều tuyến đường sau mưa lớn.", "vi"))
    assert (found.topics, found.valence) == (("environment",), "bad")
    right = sum(classifier.predict(one.document).topics[:1] == one.topics for one in examples())
    assert right / len(examples()) > 0.9


def test_examples_are_read_in_their_language(lexicons: Lexicons) -> None:
    found = prepare(examples()[:2] + examples()[-2:], TOPICS, lexicons)
    assert [features.language for features in found.features] == ["en", "en", "vi", "vi"]
    assert len(found.examples) == 4


def test_without_a_taxonomy_nothing_is_trained(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="taxonomy"):
        train(examples(), tmp_path, "1", tmp_path)
    assert files(tmp_path) == {}
