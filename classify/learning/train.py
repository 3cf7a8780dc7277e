"""Training: labelled articles in, sealed versions under models/ out. The same input gives the same weights."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from classify.encoded import LENGTHS, NUMBER, Encoder, encoded, joined, stated
from classify.features.extract import Features, extract
from classify.features.numbers import names
from classify.language import base
from classify.learning.corpora import Example
from classify.learning.fitting import Fitted, fit
from classify.learning.recipes import Recipe, recipes
from classify.linear import save_linear
from classify.registry import TASKS, seal
from classify.taxonomy import load_taxonomy
from classify.text.lexicons import Lexicons, load_lexicons

Progress = Callable[[str, int], None]
# A figure from fewer test rows than this is not a measure: the language is said to be unmeasured for the task.
MEASURED_ROWS = 30


@dataclass(frozen=True)
class TrainReport:
    """What training a task made: `rows` by language, `bytes` on disk, `folder` the sealed version."""

    task: str
    version: str
    folder: Path
    rows: dict[str, int]
    words: int
    bytes: int
    measured: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Prepared:
    """Examples with their features, read once for all tasks; `names` are those of the numbers."""

    examples: tuple[Example, ...]
    features: tuple[Features, ...]
    names: tuple[str, ...] = ()

    def of(self, recipe: Recipe) -> Iterator[tuple[Example, Features]]:
        """Those that say something of a task."""
        return (pair for pair in zip(self.examples, self.features, strict=True) if recipe.answer(pair[0]))


def train(
    examples: Iterable[Example],
    models: Path,
    version: str,
    data: Path,
    tasks: Sequence[str] = TASKS,
    progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> list[TrainReport]:
    """Learn `tasks` from `examples` and seal each as models/<task>/`version`. Nothing is put in service here.

    Rows that are `held_out` are never learned from; they only say in which languages the model will be measured.
    `progress` is called with a step's name and a count. With an `encoder` heads on its vectors are learned instead of
    models on words. Raises LexiconError when `data` is unusable.
    """
    topics = [topic.id for topic in load_taxonomy(data)]
    lexicons = load_lexicons(data, frozenset(topics))
    listed = list(examples)
    learned = prepare((one for one in listed if not one.held_out), topics, lexicons, progress)
    chosen = recipes(topics)
    if encoder:
        vectors = tuple(joined(encoded(encoder, learned.features)))
        learned = Prepared(learned.examples, vectors, (NUMBER,) * len(learned.names))
        chosen = {
            task: replace(recipe, blocks={}, numbers=LENGTHS, learner="ridge", strength=1.0)
            for task, recipe in chosen.items()
        }
    return [_train(chosen[task], learned, listed, models, version, encoder, progress) for task in tasks]


def prepare(
    examples: Iterable[Example], topics: Sequence[str], lexicons: Lexicons, progress: Progress | None = None
) -> Prepared:
    """Read every example once."""
    kept, found = [], []
    for one in examples:
        code = base(str(one.document.language))
        kept.append(one)
        found.append(extract(one.document, code, lexicons.get(code), topics)[1])
        if progress:
            progress("reading", len(found))
    return Prepared(tuple(kept), tuple(found), names(topics))


def fit_task(recipe: Recipe, learned: Prepared) -> Fitted:
    """Learn one task from the examples that say something of it."""
    pairs = list(learned.of(recipe))
    answers = np.array([[name in recipe.answer(one) for name in recipe.classes] for one, _ in pairs], dtype=np.float64)
    rows, groups = [features for _, features in pairs], [one.group for one, _ in pairs]
    return fit(recipe, rows, answers, groups, learned.names, np.array([not one.unread for one, _ in pairs]))


def _train(
    recipe: Recipe, learned: Prepared, listed: Sequence[Example], models: Path, version: str,
    encoder: Encoder | None, progress: Progress | None,
) -> TrainReport:  # fmt: skip
    if progress:
        progress(recipe.task, 0)
    tested = Counter(base(str(one.document.language)) for one in listed if one.held_out and recipe.answer(one))
    measured = frozenset(language for language, rows in tested.items() if rows >= MEASURED_ROWS)
    model = replace(fit_task(recipe, learned).model, measured=measured)
    folder = models / recipe.task / version
    folder.mkdir(parents=True, exist_ok=True)
    names = save_linear(model, folder)
    rows = Counter(features.language for _, features in learned.of(recipe))
    sources = Counter(one.corpus for one, _ in learned.of(recipe))
    facts = {
        **stated(encoder),
        "rows": dict(sorted(rows.items())),
        "sources": dict(sorted(sources.items())),
        "classes": len(recipe.classes),
    }
    seal(models, recipe.task, version, names, facts)
    size = sum((folder / name).stat().st_size for name in names)
    return TrainReport(recipe.task, version, folder, dict(rows), len(model.words), size, tuple(sorted(measured)))
