"""The bench of the classifier's speed, on made-up articles by a clock of our own: what is timed, drawn and printed."""

import importlib
import itertools
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from tests_support.benches import refused, write_rows

from classify.features import extract
from classify.text import tokenise
from classify.types import Document

FERRY = "Bến phà Trà Khê chở khách qua sông. "


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """Imported with the environment and the path put back: it holds numpy to one thread, which is its own affair."""
    with mock.patch.dict(os.environ), mock.patch.object(sys, "path", [*sys.path]):
        return importlib.import_module("classification")


@pytest.fixture
def tick(bench: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by one second whenever it is looked at."""
    monkeypatch.setattr(bench, "time", SimpleNamespace(process_time=itertools.count(0.0).__next__))


class Fake:
    """Stands in for the classifier; remembers how many articles it was given at a time."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def predict_batch(self, documents: list[Document]) -> None:
        self.given.append(len(documents))
        for one in documents:
            extract.bag(one.title, one.text, "en")


def test_the_best_round_counts(bench: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([0.0, 5.0, 10.0, 12.0, 20.0, 24.0])
    monkeypatch.setattr(bench, "time", SimpleNamespace(process_time=looks.__next__))
    calls: list[int] = []
    assert bench.rate(lambda: calls.append(1), 100, 3) == 50.0
    assert len(calls) == 3


@pytest.mark.usefixtures("tick")
def test_parts_are_timed_while_it_lasts_and_as_before_afterwards(bench: ModuleType) -> None:
    before = [getattr(place, name) for place, name, _ in bench.PARTS]
    spent: dict[str, float] = defaultdict(float)
    with bench.timed(spent):
        assert all(getattr(place, name) is not one for (place, name, _), one in zip(bench.PARTS, before, strict=True))
        assert tokenise.TOKENISERS["vi"] is tokenise.vietnamese
        for _ in range(3):
            extract.bag("Ferry", "The ferry waits.", "en")
    assert spent == {"bag": 3.0}
    assert [getattr(place, name) for place, name, _ in bench.PARTS] == before
    assert tokenise.TOKENISERS["vi"] is tokenise.vietnamese


@pytest.mark.usefixtures("tick")
def test_a_part_that_fails_is_timed_and_put_back(bench: ModuleType) -> None:
    before, spent = extract.bag, defaultdict(float)  # type: Any, dict[str, float]
    with pytest.raises(AttributeError), bench.timed(spent):
        extract.bag(None, "", "en")
    assert spent["bag"] == 1.0
    assert extract.bag is before


def test_a_segmented_word_is_timed_within_the_bag(bench: ModuleType) -> None:
    spent: dict[str, float] = defaultdict(float)
    with bench.timed(spent):
        found = extract.bag("", FERRY * 5, "vi")
    assert found["w:khách"] == 5
    assert 0 < spent["  segmentation, in it"] <= spent["bag"]


def test_the_plain_model_answers_for_every_article(bench: ModuleType) -> None:
    learned = [Document(f"Tin {at % 3}", FERRY) for at in range(12)]
    given = bench.plain(learned, 3)(learned[:5])
    assert len(given) == 5
    assert {*given} <= {0, 1, 2}


def test_what_is_drawn(bench: ModuleType, tmp_path: Path) -> None:
    rows = [{"lang": ("vi", "en")[at % 2], "title": f"{at}", "text": FERRY * (20 if at % 3 == 0 else 2)}
            for at in range(16)]  # fmt: skip
    write_rows(tmp_path / bench.COVERAGE, rows)
    sets, others = bench.drawn(tmp_path, 3)
    long, mixed = sets.values()
    assert [len(part) for part in (long, mixed)] == [3, 3]
    assert {one.title for one in long} == {"0", "6", "12"}, "Vietnamese and long"
    asked = {one.title for one in [*long, *mixed]}
    assert sorted([*asked, *(one.title for one in others)]) == sorted(row["title"] for row in rows), (
        "others are learned"
    )
    assert [one.title for one in [*mixed, *others]] != [row["title"] for row in rows], "drawn, not in their order"
    assert bench.drawn(tmp_path, 3) == (sets, others), "the same articles again"


def test_load_times_are_the_median_of_fresh_processes(bench: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    said = iter(["0.5 2.0\n", "9.0 1.0\n", "0.4 8.0\n"])
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> SimpleNamespace:
        commands.append(command)
        return SimpleNamespace(stdout=next(said))

    monkeypatch.setattr(bench.subprocess, "run", run)
    assert bench.load_times(Path("some-models"), 3) == (0.5, 2.0)
    assert [command[:2] + command[3:4] for command in commands] == [[sys.executable, "-c", "some-models"]] * 3


@pytest.mark.usefixtures("tick")
def test_what_is_printed_of_a_set(bench: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    documents = [Document(f"{at}", "a" * (1_000 + at)) for at in range(61)]
    classifier = Fake()
    bench.measure("made up", documents, classifier, lambda asked: None, 2)
    first, *parts = capsys.readouterr().out.splitlines()
    assert first == "made up (61, median 1,030 characters): 61 a second, plain 61"
    assert classifier.given == [50, 61, 61, 61], "what is loaded at first use, two rounds, the parts"
    assert len(parts) == len(bench.PARTS)
    assert [line.split() for line in parts if line.startswith("  bag")] == [["bag", "1000.00", "ms", "an", "article"]]
    assert sum("  0.00 ms" in line for line in parts) == len(parts) - 1


def test_it_tells_how_it_is_called(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "bench" / "classification.py"), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(f"--{name}" in done.stdout for name in ("corpora", "models", "rows", "rounds"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rows", "many"], "argument --rows: invalid int value: 'many'"),
        (["--rows", "0"], "arguments --rows, --rounds: give 1 or more, and 2,000 rows at most"),
        (["--rounds", "-1"], "arguments --rows, --rounds: give 1 or more, and 2,000 rows at most"),
        (["twice"], "unrecognized arguments: twice"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    bench: ModuleType, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(bench.main, capsys, *words) == said


def test_what_is_not_there(bench: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / bench.COVERAGE
    said = refused(bench.main, capsys, "--corpora", str(tmp_path))
    assert said == f"argument --corpora: there is no {corpus}"
    write_rows(corpus, [])
    said = refused(bench.main, capsys, "--corpora", str(tmp_path), "--models", str(tmp_path / "none"))
    assert said == f"argument --models: there is no {tmp_path / 'none'}"
