"""Training and measuring models: what is learned from, the gate before service, and what is written beside a model."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from classify.learning.corpora import Example
from classify.registry import TASKS, in_service, open_artifact, put_in_service, versions_of, write_json
from classify.types import Document
from pipelines.errors import UsageError
from pipelines.settings import Settings
from store.database import open_database
from store.training import TrainingLabel, training_labels

if TYPE_CHECKING:
    from classify.encoded import Encoder
    from classify.evaluation.evaluate import Evaluation
    from classify.predict import Classifier

Progress = Callable[[str, int], None]
# A new version goes into service when its figure on the frozen test is better, and in this share of the resamples. Less
# would let in what chance alone does now and then; the usual 95% would keep out every retraining with some dozen labels
# more, which moves a figure by a point or less.
BETTER_IN = 0.8
# What was measured of a version, in its folder; and of all that is in service together, beside them.
METRICS = "metrics.json"


@dataclass(frozen=True)
class Outcome:
    """What became of one task: `promoted`, or why not."""

    task: str
    version: str
    promoted: bool
    why: str


def examples_of(corpora: Path, settings: Settings, *, desk: bool, progress: Progress | None = None) -> list[Example]:
    """The articles read for the project, home and world news, and, with `desk`, what analysts labelled.

    Articles of the random audit are left to measuring, and so is what the frozen test holds a copy of: they are never
    learned from. `progress` is told how many pages of VNTC there are, how many labels of the desk, and how many of
    these are left out and why.
    """
    from classify.learning.apart import FrozenTest
    from classify.learning.corpora import VNTC_TRAIN, home_and_world
    from classify.learning.labels import CORPUS, labelled
    from classify.taxonomy import load_taxonomy
    from classify.text.lexicons import load_lexicons

    if not (corpora / CORPUS).exists():
        raise UsageError(f"no labelled corpus at {corpora / CORPUS}; give --corpora DIR, the folder that holds it")
    topics = frozenset(topic.id for topic in load_taxonomy(settings.data_dir))
    lexicon = load_lexicons(settings.data_dir, topics).get("vi")
    found = _readable(corpora / CORPUS, lambda: labelled(corpora, settings.data_dir))
    by_rule: list[Example] = []
    if (corpora / VNTC_TRAIN).exists():
        by_rule = _readable(corpora / VNTC_TRAIN, lambda: home_and_world(corpora, lexicon))
    if progress:
        progress("pages of VNTC, for relevance", len(by_rule))
    found += by_rule
    if desk:
        with closing(open_database(settings.database, create=False)) as database, database.reading() as session:
            labels = list(training_labels(session))
        offered = [_example(label) for label in labels if label.drawn != "audit"]
        frozen = FrozenTest(found)
        taught = [one for one in offered if not frozen.holds(one.document)]
        if progress:
            progress("articles labelled at the desk", len(labels))
            progress("  not learned from: of the random audit", len(labels) - len(offered))
            progress("  not learned from: copies of the frozen test", len(offered) - len(taught))
        found += taught
    return found


def _example(label: TrainingLabel) -> Example:
    """A label of the desk as an example; rows of one story, or of an outlet's month, belong together."""
    month = label.published_at.strftime("%Y-%m") if label.published_at else "undated"
    said = label.said
    return Example(
        id=f"desk-{label.article_id}",
        corpus="desk",
        source=label.outlet,
        group=f"story {label.story}" if label.story else f"{label.outlet} {month}",
        document=Document(label.title, label.text, label.language),
        topics=said.topics or (),
        relevance=said.relevance or "",
        tone=said.tone or "",
        valence=said.valence or "",
        voice=said.voice or "",
        found=label.drawn,
    )


def _readable(path: Path, read: Callable[[], Iterable[Example]]) -> list[Example]:
    """What `read` finds in the corpus at `path`; UsageError when it is cut short, no JSON or without a field."""
    try:
        return list(read())
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
        said = f"no field {error}" if isinstance(error, KeyError) else str(error)
        raise UsageError(
            f"{path} cannot be read ({said:.120}); it must be JSON lines, gzipped, as they came"
        ) from error


def train_and_judge(
    examples: Sequence[Example],
    settings: Settings,
    version: str,
    tasks: Sequence[str],
    progress: Progress | None = None,
    *,
    on_transformer: bool = False,
) -> tuple["Evaluation", list[Outcome]]:
    """Train `tasks` as `version`, measure them on the frozen test beside what is in service, and promote the better.

    With `on_transformer` heads on the encoder of the setting `transformer` are learned, instead of models on words.
    """
    from classify.learning.train import train

    # A folder without a manifest is what a stopped training left: it is written anew.
    if taken := [task for task in tasks if version in versions_of(settings.models_dir, task)]:
        raise UsageError(f"version {version} of {', '.join(taken)} exists; give another --version")
    encoder = _encoder(settings) if on_transformer else None
    # Before the work of hours: what is in service may need another encoder.
    before = _classifier(settings, {}) if set(in_service(settings.models_dir)) == set(TASKS) else None
    reports = train(examples, settings.models_dir, version, settings.data_dir, tasks, progress, encoder)
    candidate = _classifier(settings, dict.fromkeys(tasks, version))
    found = measure(examples, candidate, before, progress=progress)
    # First the card, then the service: a training that is stopped leaves no model in service without one.
    for report in reports:
        _describe(report.folder, report.task, found, examples, settings)
    outcomes = [promote(settings, task, version, found) for task in tasks]
    promoted = {one.task for one in outcomes if one.promoted}
    if not promoted:
        return found, outcomes
    serving = found
    if len(promoted) < len(tasks):
        # Tasks lean on each other: where only some are taken over, what is in service now was not measured yet.
        serving = measure(examples, _classifier(settings, {}), progress=progress)
        for report in reports:
            if report.task in promoted:
                _describe(report.folder, report.task, serving, examples, settings)
    note_service(settings, serving)
    return found, outcomes


def measure(
    examples: Sequence[Example],
    classifier: "Classifier",
    before: "Classifier | None" = None,
    *,
    baselines: bool = True,
    progress: Progress | None = None,
) -> "Evaluation":
    """Measure a classifier on the frozen test."""
    from classify.evaluation.evaluate import evaluate

    return evaluate(examples, classifier, before=before, baselines=baselines, progress=progress)


def promote(settings: Settings, task: str, version: str, found: "Evaluation") -> Outcome:
    """Put a version in service if the evaluation says that it is better, or if there is none yet."""
    from classify.evaluation.evaluate import MICRO, better

    history = in_service(settings.models_dir).get(task)
    if not history:
        put_in_service(settings.models_dir, task, version)
        return Outcome(task, version, True, "nothing was in service")
    if task not in found.compared:
        return Outcome(task, version, False, f"not compared with {history[0]}")
    one = found.compared[task]
    why = f"{one.a:.3f} -> {one.b:.3f}, better in {one.better:.0%} of resamples (needs {BETTER_IN:.0%})"
    if task == "topics" and (counted := found.compared.get(MICRO)):
        why += f"; micro-F1 {counted.a:.3f} -> {counted.b:.3f} (95%: {counted.difference.low:+.3f} or more)"
    if not better(found.compared, task, BETTER_IN):
        return Outcome(task, version, False, why)
    put_in_service(settings.models_dir, task, version)
    return Outcome(task, version, True, why)


def note_service(settings: Settings, found: "Evaluation") -> None:
    """Keep what was measured of the models in service, with their versions, as models/metrics.json."""
    versions = {task: history[0] for task, history in in_service(settings.models_dir).items()}
    write_json(settings.models_dir / METRICS, found.as_dict() | {"versions": versions})


def candidate(settings: Settings, versions: Mapping[str, str]) -> "Classifier":
    """The classifier with `versions` (task -> version) in place of those in service. UsageError when one is unknown."""
    for task, version in versions.items():
        if task not in TASKS:
            raise UsageError(f"no task {task!r}; there are {', '.join(TASKS)}")
        if version not in (known := versions_of(settings.models_dir, task)):
            raise UsageError(f"no version {version!r} of {task}; there are {', '.join(known) or 'none'}")
    return _classifier(settings, versions)


def _classifier(settings: Settings, versions: Mapping[str, str]) -> "Classifier":
    from classify.predict import Classifier

    return Classifier.load(settings.models_dir, settings.data_dir, versions, settings.transformer)


def _encoder(settings: Settings) -> "Encoder":
    from classify.transformer import load_encoder

    return load_encoder(settings.transformer)


def _describe(folder: Path, task: str, found: "Evaluation", examples: Sequence[Example], settings: Settings) -> None:
    """Write the card and the figures of a version beside its weights."""
    from classify.learning.cards import card

    encoder = open_artifact(settings.models_dir, task, folder.name).manifest.get("encoder")
    text = card(task, folder.name, found, examples, settings.data_dir, encoder)
    write_json(folder / METRICS, found.as_dict())
    (folder / "CARD.md").write_text(text, encoding="utf-8")
