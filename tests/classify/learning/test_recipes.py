from dataclasses import replace

import pytest
from tests_support.articles import TOPICS, examples

from classify.features.bag import BLOCKS
from classify.features.numbers import names
from classify.learning.corpora import Example
from classify.learning.learners import LEARNERS
from classify.learning.recipes import CAPS, recipes
from classify.registry import TASKS
from classify.types import RELEVANCE, VALENCES, VOICES, Document

RECIPES = recipes(TOPICS)
BARE = Example("1", "made", "paper.example", "g", Document("x", "", "en"))


def test_every_task_has_one_recipe_whose_features_exist() -> None:
    assert tuple(RECIPES) == TASKS
    for task, recipe in RECIPES.items():
        assert recipe.task == task
        assert set(recipe.blocks) <= {block[0] for block in BLOCKS}
        assert set(recipe.blocks) <= set(CAPS)
        assert recipe.strength > 0
        assert recipe.learner in LEARNERS
        assert {kind for kind in recipe.numbers if kind != "*"} <= {name.split(" ")[0] for name in names(TOPICS)}


def test_classes_are_the_words_of_classification() -> None:
    assert RECIPES["relevance"].classes == RELEVANCE
    assert RECIPES["valence"].classes == VALENCES
    assert RECIPES["voice"].classes == VOICES
    assert RECIPES["topics"].classes == TOPICS
    assert "unclear" not in RECIPES["tone"].classes


@pytest.mark.parametrize("task", TASKS)
def test_an_example_that_says_nothing_teaches_nothing(task: str) -> None:
    assert tuple(RECIPES[task].answer(BARE)) == ()


def test_answers_are_classes() -> None:
    for recipe in RECIPES.values():
        for example in examples():
            assert set(recipe.answer(example)) <= set(recipe.classes)
        assert {name for example in examples() for name in recipe.answer(example)} == set(recipe.classes)


@pytest.mark.parametrize(
    ("relevance", "tone", "taught"),
    [
        ("central", "positive", ("positive",)),
        ("substantial", "mixed", ("mixed",)),
        ("passing", "positive", ()),
        ("none", "", ()),
        ("central", "unclear", ()),
    ],
)
def test_tone_is_taught_where_it_was_asked(relevance: str, tone: str, taught: tuple[str, ...]) -> None:
    assert tuple(RECIPES["tone"].answer(replace(BARE, relevance=relevance, tone=tone))) == taught


@pytest.mark.parametrize(("tone", "taught"), [("negative", ("quoted",)), ("neutral", ()), ("", ())])
def test_voice_is_taught_where_there_is_praise_or_blame(tone: str, taught: tuple[str, ...]) -> None:
    assert tuple(RECIPES["voice"].answer(replace(BARE, tone=tone, voice="quoted"))) == taught
