"""The evaluation as a whole, on made-up articles: who is asked what, and that figures follow from answers."""

from dataclasses import replace

import numpy as np
import pytest
from tests_support.articles import examples, write_data

from classify.evaluation.evaluate import MICRO, Evaluation, better, evaluate, frozen_rows
from classify.evaluation.intervals import Comparison, Interval
from classify.evaluation.report import table, text
from classify.evaluation.systems import SINGLE, TONES, lexicon, majority, trained, truth
from classify.learning.corpora import Example
from classify.learning.train import train
from classify.predict import Classifier
from classify.registry import TASKS


@pytest.fixture(scope="module")
def made() -> list[Example]:
    return [replace(one, held_out=one.group.endswith("-2"), found="random") for one in examples()]


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory, made: list[Example]) -> Classifier:
    folder = tmp_path_factory.mktemp("evaluate")
    data = write_data(folder / "data")
    train(made, folder / "models", "1", data)
    return Classifier.load(folder / "models", data, dict.fromkeys(TASKS, "1"))


@pytest.fixture(scope="module")
def found(classifier: Classifier, made: list[Example]) -> Evaluation:
    return evaluate(made, classifier, before=classifier)


def test_only_the_frozen_part_is_asked(classifier: Classifier, made: list[Example], found: Evaluation) -> None:
    rows = frozen_rows(made, classifier)
    assert {one.id for one in rows.examples} == {one.id for one in made if one.held_out}
    assert found.rows == len(rows.examples) == 16


def test_larger_outlets_have_figures_of_their_own(
    classifier: Classifier, made: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [one for one in made if one.held_out]
    named = [replace(one, source="bao-mau.example" if at < 9 else "khac.example") for at, one in enumerate(held)]
    monkeypatch.setattr("classify.evaluation.evaluate.LEAST_OUTLET", 9)
    again = evaluate([*named, *(one for one in made if not one.held_out)], classifier)
    parts = {(one.system, one.part) for one in again.figures if one.part.startswith("outlet ")}
    assert parts == {("ours", "outlet bao-mau.example")}
    one = again.of("ours", "outlet bao-mau.example", "topics", "micro-F1")
    assert one is not None
    assert one.rows == 9
    assert "\n| bao-mau.example | 9 " in text(again).partition("## By outlet")[2].partition("##")[0]


def test_truth_asks_tone_only_where_vietnam_is_a_subject(classifier: Classifier, made: list[Example]) -> None:
    known = truth(made, classifier.topics)
    for at, one in enumerate(made):
        assert (known.codes["tone"][at] >= 0) == bool(one.tone and one.relevance in ("central", "substantial"))
        assert (known.codes["voice"][at] >= 0) == bool(one.voice)
        if one.tone == "mixed":
            assert TONES[known.codes["tone"][at]] == "critical"


def test_the_truth_itself_would_score_one_and_majority_its_share(classifier: Classifier, made: list[Example]) -> None:
    rows = frozen_rows(made, classifier)
    known = truth(rows.examples, classifier.topics)
    given = majority([one for one in made if not one.held_out], classifier.topics)(rows)
    assert all(len(set(given.codes[task])) == 1 for task in SINGLE)
    assert (given.chosen.sum(axis=1) == 1).all()
    assert np.array_equal(known.chosen.argmax(axis=1), known.codes["primary"])


def test_the_systems_answer_every_row(classifier: Classifier, made: list[Example]) -> None:
    rows = frozen_rows(made, classifier)
    for system in (lexicon(classifier.topics), trained(classifier.models, classifier.topics)):
        said = system(rows)
        assert said.chosen.shape == (16, len(classifier.topics))
        for task in ("relevance", "tone"):
            assert (said.codes[task] >= 0).all()
            assert ((said.sure[task] >= 0) & (said.sure[task] <= 1)).all()


def test_every_system_and_part_has_its_figures(found: Evaluation) -> None:
    assert {figure.system for figure in found.figures} == {"majority", "lexicon", "plain", "ours"}
    assert {"all", "other", "random"} <= {figure.part for figure in found.figures}
    for figure in found.figures:
        assert 0.0 <= figure.low <= figure.high <= 1.0
        assert figure.rows > 0
    ours, lone = (found.of(name, "all", "topics", "macro-F1") for name in ("ours", "majority"))
    assert ours
    assert lone
    assert ours.value > lone.value


def test_confusion_counts_every_label(found: Evaluation, made: list[Example]) -> None:
    held = [one for one in made if one.held_out]
    assert sum(map(sum, found.confusions["relevance"])) == len(held)
    assert sum(map(sum, found.confusions["voice"])) == sum(bool(one.voice) for one in held)


def test_a_version_is_no_better_than_itself(found: Evaluation) -> None:
    for task in TASKS:
        assert found.compared[task].difference.value == 0.0
        assert not better(found.compared, task, 0.0)


def test_better_needs_both_the_figure_and_the_resamples() -> None:
    def compared(difference: float, share: float) -> dict[str, Comparison]:
        return {"tone": Comparison(0.5, 0.5 + difference, Interval(difference, 0, 0, 9, 9), share)}

    assert better(compared(0.01, 0.8), "tone", 0.8)
    assert not better(compared(0.01, 0.79), "tone", 0.8)
    assert not better(compared(-0.01, 0.9), "tone", 0.8)


@pytest.mark.parametrize(
    ("macro", "share", "low", "task", "passes"),
    [
        (0.01, 0.79, 0.002, "topics", True),
        (0.01, 0.79, 0.0, "topics", False),
        (0.01, 0.81, -0.01, "topics", True),
        (-0.001, 0.45, 0.02, "topics", False),
        (0.01, 0.79, 0.002, "tone", False),
    ],
)
def test_topics_may_pass_by_all_they_name(macro: float, share: float, low: float, task: str, passes: bool) -> None:
    """Where the mean over topics is not worse, and what is named in all is better beyond chance."""
    micro = Comparison(0.7, 0.71, Interval(0.01, low, 0.02, 9, 100), 0.97)
    found = {task: Comparison(0.5, 0.5 + macro, Interval(macro, -0.1, 0.1, 9, 100), share), MICRO: micro}
    assert better(found, task, 0.8) is passes


def test_the_report_shows_what_was_found(found: Evaluation) -> None:
    said = text(found)
    for figure in (found.of("ours", "all", "topics", "macro-F1"), found.of("plain", "all", "tone", "macro-F1")):
        assert figure
        assert f"{figure.value:.3f}" in said
    assert "in service" in said


def test_a_table_has_its_columns_under_each_other() -> None:
    lines = table(("a", "long head"), [("longer", "1"), ("b", "2")]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[2] == "| longer | 1         |"
