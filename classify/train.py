"""Training: corpora in, sealed versions under models/ out. The same input gives the same weights."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from classify import corpora as sets
from classify.corpora import Example
from classify.features import token_counts, topic_strengths
from classify.fitting import IGNORED, Counts, fit, fit_multinomial
from classify.lexicons import Lexicons, load_lexicons
from classify.linear import LinearModel, save_linear
from classify.reading import read
from classify.registry import put_in_service, seal, write_json
from classify.relevance import FEATURES, features
from classify.taxonomy import load_taxonomy
from classify.topics import lexicon_confidence
from classify.types import RELEVANCE, Relevance

Progress = Callable[[str, int], None]

# What one row of each kind counts for. A label read for this project says exactly what we ask; a section stands for it;
# a lexicon's own opinion only spreads it to the words around.
WEIGHT_READ = 10.0
WEIGHT_SECTION = 1.0
WEIGHT_LEXICON = 0.5
# The lexicon's opinion is taken as a label from this confidence, and as a doubt (row passed over) from that one.
LEXICON_SURE = 0.5
LEXICON_DOUBT = 0.12
# A language needs this many rows for weights of its own; below it the lexicon speaks alone. With 149 rows Thai already
# gained from them on held-out news.
MIN_ROWS = 100


@dataclass(frozen=True)
class TrainReport:
    """What a training run made: `rows` counts rows per language, `folder` holds the sealed version."""

    version: str
    folder: Path
    rows: dict[str, int]
    tokens: dict[str, int]
    bytes: int
    sources: dict[str, int] = field(default_factory=dict)


@dataclass
class _Table:
    """Rows of one language on their way to the fit."""

    counts: Counts = field(default_factory=Counts)
    targets: list[NDArray[np.int8]] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


def train(
    corpora: Path, models: Path, version: str, progress: Progress | None = None, data: Path = Path("data")
) -> TrainReport:
    """Train every topic model on `corpora`, seal it as models/topics/`version` and put it in service.

    `progress` is called with a corpus name and the number of rows read so far. Raises FileNotFoundError when the VNTC
    training set is absent, LexiconError when `data` is unusable.
    """
    topics = tuple(topic.id for topic in load_taxonomy(data))
    lexicons = load_lexicons(data, frozenset(topics))
    fitted, report = fit_all(training_examples(corpora, data), topics, lexicons, progress)
    folder = models / "topics" / version
    folder.mkdir(parents=True, exist_ok=True)
    names = [name for model in fitted.values() for name in save_linear(model, folder)]
    facts = {"languages": sorted(fitted), "rows": report["rows"], "sources": report["sources"]}
    seal(models, "topics", version, names, facts)
    put_in_service(models, "topics", version)
    train_relevance(corpora, models, data, version, lexicons)
    size = sum((folder / name).stat().st_size for name in names)
    tokens = {language: len(model.vocabulary) for language, model in fitted.items()}
    return TrainReport(version, folder, report["rows"], tokens, size, report["sources"])


def train_relevance(corpora: Path, models: Path, data: Path, version: str, lexicons: Lexicons) -> int:
    """Fit, seal and put in service the relevance model of foreign-language texts; the number of rows it learned from.

    Does nothing (0) when too few labels were read. Vietnamese texts are judged by rule: nearly all are about Vietnam.
    """
    rows = [row for row in sets.coverage(corpora, data) if row.relevance and not row.held_out]
    rows = [row for row in rows if row.document.language != "vi"]
    if len(rows) < MIN_ROWS:
        return 0
    numbers, answers = [], []
    for row in rows:
        language = str(row.document.language)
        numbers.append(features(read(row.document, language, lexicons.get(language))))
        answers.append(RELEVANCE.index(cast("Relevance", row.relevance)))
    weights, bias = fit_multinomial(np.array(numbers), np.array(answers), len(RELEVANCE))
    folder = models / "relevance" / version
    folder.mkdir(parents=True, exist_ok=True)
    content = {"features": FEATURES, "classes": RELEVANCE, "weights": weights.tolist(), "bias": bias.tolist()}
    write_json(folder / "weights.json", content)
    seal(models, "relevance", version, ["weights.json"], {"rows": len(rows)})
    put_in_service(models, "relevance", version)
    return len(rows)


def training_examples(corpora: Path, data: Path, without_source: str = "") -> Iterator[Example]:
    """Every example that may be learned from: nothing held out, no copy of a test row, nothing of `without_source`."""
    tested = {sets.text_key(example.document) for example in sets.vntc_test(corpora)}
    every = chain(sets.vntc_train(corpora), sets.vntc27(corpora), sets.danes(corpora), sets.coverage(corpora, data))
    for example in every:
        # vntc27 does not say which paper a row is from, so it goes too when a paper is to be unseen.
        unseen = without_source and (example.source == without_source or example.corpus == "vntc27")
        if not (example.held_out or unseen or sets.text_key(example.document) in tested):
            yield example


def fit_all(
    examples: Iterable[Example], topics: Sequence[str], lexicons: Lexicons, progress: Progress | None = None
) -> tuple[dict[str, LinearModel], dict[str, Any]]:
    """One model for each language with enough rows, and how many rows came from where."""
    tables: dict[str, _Table] = defaultdict(_Table)
    sources: dict[str, int] = defaultdict(int)
    for example in examples:
        if _add(tables, example, topics, lexicons):
            sources[example.corpus] += 1
            if progress:
                progress(example.corpus, sources[example.corpus])
    rows = {language: len(table.counts) for language, table in sorted(tables.items())}
    fitted = {}
    for language, table in sorted(tables.items()):
        if rows[language] >= MIN_ROWS:
            weights = np.array(table.weights, dtype=np.float32)
            fitted[language] = fit(language, table.counts, np.stack(table.targets), weights, topics)
    return fitted, {"rows": rows, "sources": dict(sources)}


def targets(
    example: Example, topics: Sequence[str], lexicon: dict[str, float]
) -> tuple[NDArray[np.int8], float] | None:
    """What a row teaches for each topic (1, 0, or -1 for nothing) and its weight; None when it teaches nothing.

    `lexicon` is the lexicon's confidence in each topic. Labels with several topics a row are complete: what they do
    not name is 0. A section names one of several possible topics: what the lexicon finds besides is left open.
    """
    row = np.zeros(len(topics), dtype=np.int8)
    named = set(example.topics)
    if example.corpus in ("danes", "vn_coverage") and named:
        row[[topic in named for topic in topics]] = 1
        return row, WEIGHT_READ if example.corpus == "vn_coverage" else WEIGHT_SECTION
    if not named:
        named = {topic for topic, confidence in lexicon.items() if confidence >= LEXICON_SURE}
        if not named and example.corpus == "vn_coverage":
            return None
    for at, topic in enumerate(topics):
        row[at] = 1 if topic in named else IGNORED if lexicon.get(topic, 0.0) >= LEXICON_DOUBT else 0
    return row, WEIGHT_SECTION if example.topics else WEIGHT_LEXICON


def _add(tables: dict[str, _Table], example: Example, topics: Sequence[str], lexicons: Lexicons) -> bool:
    document, language = example.document, str(example.document.language)
    reading = read(document, language, lexicons.get(language))
    taught = targets(example, topics, lexicon_confidence(topic_strengths(reading)))
    if taught is None:
        return False
    table = tables[language]
    table.counts.add(token_counts(document.title, document.text, language))
    table.targets.append(taught[0])
    table.weights.append(taught[1])
    return True
