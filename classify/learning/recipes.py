"""How each task is learned: its classes, the features it looks at, and how strongly it is held back.

The values were chosen by cross-validation over groups of the training part (docs/accuracy.md has the table of what was
tried); the frozen test was not looked at.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from classify.learning.corpora import Example
from classify.linear import Kind
from classify.types import ABOUT, RELEVANCE, VALENCES, VOICES

# Words kept per block, commonest first: more than these are too rare to learn from, and size is what they cost.
CAPS = {"t": 12_000, "w": 30_000, "b": 40_000, "v": 15_000, "x": 20_000}
Learner = Literal["ridge", "logistic"]
# The classes of the tone that are told apart. "unclear" is what the machine says when it abstains, not a class.
TONE_CLASSES = ("positive", "neutral", "negative", "mixed")


@dataclass(frozen=True)
class Recipe:
    """How one task is learned.

    `blocks` and `numbers` are the lengths of the parts of a row (`features.vectoriser`); `strength` is how strongly
    weights are held back by `ridge`, and how little by `logistic`. `landmarks` is how many articles' numbers the others
    are held against, where numbers tell more together than each alone. `answer` gives the classes of an example, empty
    where the example says nothing of the task.
    """

    task: str
    kind: Kind
    classes: tuple[str, ...]
    answer: Callable[[Example], Sequence[str]]
    blocks: Mapping[str, float]
    numbers: Mapping[str, float]
    learner: Learner
    strength: float
    least: float = 0.0
    landmarks: int = 0


def _tone(example: Example) -> Sequence[str]:
    return (example.tone,) if example.relevance in ABOUT and example.tone in TONE_CLASSES else ()


def _voice(example: Example) -> Sequence[str]:
    return (example.voice,) if example.voice and example.tone in ("positive", "negative", "mixed") else ()


def recipes(topics: Sequence[str]) -> dict[str, Recipe]:
    """Task -> recipe. `topics` are the ids of the taxonomy, in its order."""
    listed = (
        Recipe(
            task="relevance",
            kind="one",
            classes=RELEVANCE,
            answer=lambda example: (example.relevance,) if example.relevance else (),
            blocks={"t": 0.7, "w": 0.7, "v": 1.0, "x": 1.0},
            numbers={"mention": 1.0, "spelling": 1.0},
            learner="ridge",
            strength=1.0,
            landmarks=200,
        ),
        Recipe(
            task="topics",
            kind="many",
            classes=tuple(topics),
            answer=lambda example: example.topics,
            blocks={"t": 0.7, "w": 1.0, "b": 1.0},
            numbers={"*": 1.0},
            learner="ridge",
            strength=0.7,
            least=0.15,
        ),
        Recipe(
            task="tone",
            kind="one",
            classes=TONE_CLASSES,
            answer=_tone,
            blocks={"t": 0.7, "w": 1.0, "b": 1.0, "v": 0.8, "x": 0.8},
            numbers={"*": 0.6, "praise": 0.9, "form": 0.5},
            learner="logistic",
            strength=3.0,
            least=0.4,
        ),
        Recipe(
            task="valence",
            kind="one",
            classes=VALENCES,
            answer=lambda example: (example.valence,) if example.valence else (),
            blocks={"t": 0.7, "w": 1.0, "b": 1.0},
            numbers={"*": 1.0},
            learner="ridge",
            strength=1.0,
        ),
        Recipe(
            task="voice",
            kind="one",
            classes=VOICES,
            answer=_voice,
            blocks={"t": 0.7, "w": 1.0, "b": 1.0, "v": 0.8, "x": 0.8},
            numbers={"*": 0.6, "praise": 0.9, "form": 0.5},
            learner="ridge",
            strength=1.0,
        ),
    )
    return {recipe.task: recipe for recipe in listed}
