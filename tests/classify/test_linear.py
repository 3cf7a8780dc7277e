from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.errors import ModelError
from classify.features.extract import Features
from classify.features.vectoriser import Vectoriser
from classify.linear import LinearModel, choose, load_linear, probabilities, save_linear, sharing
from classify.registry import Artifact, open_artifact, seal


def row(words: str, *numbers: float) -> Features:
    return Features("en", Counter(words.split()), np.array(numbers or (0.0,), dtype=np.float32))


def made(kind: str = "many") -> LinearModel:
    vocabulary = {"w:trade": 0, "w:goal": 1, "t:thương_mại": 2}
    vectoriser = Vectoriser(
        blocks={"t": 0.5, "w": 1.0},
        vocabulary=vocabulary,
        idf=np.array([1.1, 1.7, 2.3], dtype=np.float32),
        mean=np.array([0.123456789], dtype=np.float32),
        scale=np.array([0.987654321], dtype=np.float32),
    )
    return LinearModel(
        task="topics",
        kind="one" if kind == "one" else "many",
        classes=("economy", "sport"),
        vectoriser=vectoriser,
        weights=np.array([[4.0001, -1], [0, 4], [1, 0.3333], [0.2, -0.2]], dtype=np.float32),
        bias=np.array([-1.23456789, -1], dtype=np.float32),
        cuts=np.array([0.31, 0.47], dtype=np.float32),
        least=0.15,
        measured=frozenset({"vi", "en"}),
    )


def sealed(models: Path, model: LinearModel) -> Artifact:
    folder = models / "topics" / "1"
    folder.mkdir(parents=True)
    return seal(models, "topics", "1", save_linear(model, folder), {"rows": {"en": 3}})


@pytest.fixture
def model() -> LinearModel:
    return made()


def test_what_is_saved_is_what_is_loaded_to_half_precision(tmp_path: Path, model: LinearModel) -> None:
    loaded = load_linear(sealed(tmp_path, model), numbers=1)
    for name in ("task", "kind", "classes", "least", "measured", "words"):
        assert getattr(loaded, name) == getattr(model, name)
    assert loaded.vectoriser.vocabulary == model.vectoriser.vocabulary
    assert dict(loaded.vectoriser.blocks) == dict(model.vectoriser.blocks)
    np.testing.assert_array_equal(loaded.weights, model.weights.astype(np.float16).astype(np.float32))
    np.testing.assert_array_equal(loaded.vectoriser.idf, model.vectoriser.idf.astype(np.float16).astype(np.float32))
    for name in ("bias", "cuts"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(model, name))
    for name in ("mean", "scale"):
        np.testing.assert_array_equal(getattr(loaded.vectoriser, name), getattr(model.vectoriser, name))


def test_saving_what_was_loaded_changes_no_byte(tmp_path: Path, model: LinearModel) -> None:
    first = sealed(tmp_path / "a", model)
    second = sealed(tmp_path / "b", load_linear(first, numbers=1))
    for name in first.manifest["files"]:
        assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes()


def test_scores_are_weights_times_row(model: LinearModel) -> None:
    found = model.log_odds([row("w:trade", 0.123456789), row("w:unseen", 0.123456789)])
    np.testing.assert_allclose(found, [[4.0001 - 1.23456789, -2], [-1.23456789, -1]], rtol=1e-5)
    assert model.probabilities([]).shape == (0, 2)


def test_of_one_class_the_probabilities_sum_to_one() -> None:
    found = made("one").probabilities([row("w:trade"), row("w:goal w:trade"), row("")])
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)
    assert found[0].argmax() == 0


def test_reasons_are_the_words_that_weighed(model: LinearModel) -> None:
    features = row("w:trade w:goal t:thương_mại w:unseen", 5.0)
    found = model.reasons(features, "economy", 5)
    assert [word for word, _ in found] == ["w:trade", "t:thương_mại"]
    assert [share for _, share in found] == sorted((share for _, share in found), reverse=True)
    assert all(share > 0 for _, share in found)
    assert len(model.reasons(features, "economy", 1)) == 1
    assert model.reasons(row("w:unseen"), "economy", 5) == []


def test_models_that_share_their_words_answer_the_same() -> None:
    two, one = np.array([1.2, 1.9], np.float32), np.ones(1, np.float32)
    goals = Vectoriser({"w": 1.0}, {"w:win": 0, "w:goal": 1}, two, one, one)
    alone = {"topics": made(), "tone": replace(made("one"), vectoriser=goals, weights=made().weights[1:])}
    document = row("w:goal w:trade w:unseen w:goal w:win", 0.5)
    for task, model in sharing(alone).items():
        np.testing.assert_array_equal(model.log_odds([document]), alone[task].log_odds([document]))
        assert model.reasons(document, "sport", 5) == alone[task].reasons(document, "sport", 5) != []
        assert model.words == alone[task].words


def test_reasons_for_one_class_are_against_the_others() -> None:
    assert [word for word, _ in made("one").reasons(row("w:trade w:goal t:thương_mại"), "sport", 5)] == ["w:goal"]


@pytest.mark.parametrize("numbers", [0, 2, 90])
def test_weights_for_other_numbers_are_refused(tmp_path: Path, model: LinearModel, numbers: int) -> None:
    with pytest.raises(ModelError, match=r"`\w+` has shape .*retrain"):
        load_linear(sealed(tmp_path, model), numbers)


def named(model: LinearModel, *names: str) -> LinearModel:
    return replace(model, vectoriser=replace(model.vectoriser, names=names))


def test_a_model_learned_before_a_kind_of_numbers_reads_those_it_knows(tmp_path: Path, model: LinearModel) -> None:
    artifact = sealed(tmp_path, named(model, "form digits"))
    loaded = load_linear(artifact, 3, ("lexicon rice", "form digits", "spelling foreign"))
    alone = load_linear(artifact, 1)
    found = loaded.probabilities([row("w:goal", 7.0, 0.5, 9.0)])
    np.testing.assert_array_equal(found, alone.probabilities([row("w:goal", 0.5)]))


@pytest.mark.parametrize(
    "names", [("form digits", "form sentences"), ("form sentences",), ("lexicon rice",), ("lexicon rice", "form other")]
)
def test_a_model_of_other_numbers_of_a_kind_is_refused(
    tmp_path: Path, model: LinearModel, names: tuple[str, ...]
) -> None:
    with pytest.raises(ModelError, match=r"learned from other numbers .*form .*retrain with `diembao train`"):
        load_linear(sealed(tmp_path, named(model, "form digits")), len(names), names)


def test_landmarks_are_saved_and_bend_the_scores(tmp_path: Path, model: LinearModel) -> None:
    bent = replace(
        model,
        weights=np.vstack([np.zeros((4, 2)), [[2.0, -2.0]]]).astype(np.float32),
        vectoriser=replace(
            model.vectoriser,
            landmarks=np.zeros((1, 1), np.float32),
            mixing=np.full((1, 1), 1.5, np.float32),
            gamma=0.7,
        ),
    )
    loaded = load_linear(sealed(tmp_path, bent), numbers=1)
    at, off = (loaded.log_odds([row("", number)])[0, 0] for number in (0.123456789, 2.123456789))
    assert at == pytest.approx(-1.23456789 + 2 * 1.5, abs=1e-5)
    away = (2 * 0.987654321) ** 2
    assert off == pytest.approx(-1.23456789 + 2 * 1.5 * np.exp(-0.7 * away), abs=1e-5)


@pytest.mark.parametrize(
    "changes",
    [
        {"weights": np.zeros((4, 3), dtype=np.float32)},
        {"weights": np.zeros((5, 2), dtype=np.float32)},
        {"bias": np.zeros(3, dtype=np.float32)},
        {"cuts": np.zeros(1, dtype=np.float32)},
        {"classes": ("economy",)},
        {"vectoriser": replace(made().vectoriser, landmarks=np.zeros((1, 1), dtype=np.float32))},
        {"vectoriser": replace(made().vectoriser, mixing=np.zeros((1, 1), dtype=np.float32))},
    ],
)
def test_parts_that_do_not_fit_each_other_are_refused(
    tmp_path: Path, model: LinearModel, changes: dict[str, object]
) -> None:
    with pytest.raises(ModelError, match="this program needs"):
        load_linear(sealed(tmp_path, replace(model, **changes)), numbers=1)  # type: ignore[arg-type]


def test_weights_that_no_seal_covers_are_not_loaded(tmp_path: Path, model: LinearModel) -> None:
    sealed(tmp_path, model)
    seal(tmp_path, "topics", "1", ("words.json",), {})
    with pytest.raises(ModelError, match=r"weights\.npz"):
        load_linear(open_artifact(tmp_path, "topics", "1"), numbers=1)


def test_a_choice_moves_by_its_cuts() -> None:
    found = np.array([[0.6, 0.4], [0.9, 0.1]])
    assert choose(found, np.zeros(2)).tolist() == [0, 0]
    assert choose(found, np.array([0.0, 0.5])).tolist() == [1, 0]
    assert choose(np.array([[0.0, 1.0]]), np.zeros(2)).tolist() == [1]


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=4))
def test_extreme_log_odds_are_probabilities(odds: list[float]) -> None:
    each = probabilities(np.array([odds]), "many")
    one = probabilities(np.array([odds]), "one")
    assert ((each >= 0) & (each <= 1)).all()
    assert one.sum() == pytest.approx(1, rel=1e-5)
    assert one.argmax() == int(np.argmax(odds)) or one.max() == one[0, int(np.argmax(odds))]
