"""The classifier at work: a `Document` in, a `Prediction` with its reasons out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classify import evidence, judging
from classify.encoded import Encoder, encoded, encoder_for, load_model
from classify.features.extract import Features, extract
from classify.features.numbers import names
from classify.judging import Judgement
from classify.language import UNKNOWN, base, detect
from classify.linear import LinearModel, sharing
from classify.registry import TASKS, Artifact, current
from classify.taxonomy import Topic, load_taxonomy
from classify.text.lexicons import Lexicons, load_lexicons
from classify.text.reading import Reading
from classify.types import Document, Prediction

# Rows multiplied at once: enough for speed, little enough for memory.
BATCH = 256


@dataclass(frozen=True)
class Classifier:
    """Everything a prediction needs, loaded once; safe to share between threads, for nothing in it changes."""

    taxonomy: tuple[Topic, ...]
    lexicons: Lexicons
    models: Mapping[str, LinearModel]
    version: str
    encoder: Encoder | None = None

    @classmethod
    def load(
        cls, models_dir: Path, data_dir: Path, versions: Mapping[str, str] | None = None, transformer: str = ""
    ) -> "Classifier":
        """The classifier in service; a task without a trained model works from the lexicons: `version` says so.

        `versions` (task -> version) takes other versions than those in service. `transformer` (a folder or a name) is
        loaded only where a model was learned on it. Raises LexiconError or ModelError when a file is missing, malformed
        or not what its manifest says.
        """
        taxonomy = load_taxonomy(data_dir)
        topics = [topic.id for topic in taxonomy]
        counted = names(topics)
        found = [artifact for task in TASKS if (artifact := current(models_dir, task, versions))]
        encoder = encoder_for(found, transformer)
        return cls(
            taxonomy=taxonomy,
            lexicons=load_lexicons(data_dir, frozenset(topics)),
            models=sharing({one.task: load_model(one, counted, encoder) for one in found}),
            version=_name(found),
            encoder=encoder,
        )

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of the taxonomy, in its order."""
        return tuple(topic.id for topic in self.taxonomy)

    def predict(self, document: Document) -> Prediction:
        """What the document is about and how it speaks of Vietnam. Takes any string in any language."""
        return self.predict_batch([document])[0]

    def predict_batch(self, documents: Iterable[Document]) -> list[Prediction]:
        """One prediction a document, in order."""
        listed = list(documents)
        return [one for at in range(0, len(listed), BATCH) for one in self._predict(listed[at : at + BATCH])]

    def read(self, document: Document, code: str) -> tuple[Reading, Features]:
        """The reading and the features of a document in the base language `code`."""
        return extract(document, code, self.lexicons.get(code), self.topics)

    def _predict(self, documents: Sequence[Document]) -> Iterator[Prediction]:
        languages = [self._language(document) for document in documents]
        read = [self.read(d, base(code)) for d, (code, _) in zip(documents, languages, strict=True)]
        readings, rows = [one for one, _ in read], encoded(self.encoder, [two for _, two in read])
        found = judging.judge(self.models, self.topics, readings, rows)
        for (code, sure), reading, features, judgement in zip(languages, readings, rows, found, strict=True):
            yield self._prediction(code, sure, reading, features, judgement)

    def _prediction(self, code: str, sure: float, reading: Reading, features: Features, found: Judgement) -> Prediction:
        learned = judging.reasons(self.models, features, found)
        return Prediction(
            language=code,
            language_confidence=sure,
            relevance=found.relevance,
            topics=found.topics,
            tone=found.tone,
            scores=found.scores,
            evidence=evidence.collect(reading, found.topics, found.tone, learned) if found.relevance else (),
            model=self.version,
            valence=found.valence,
            voice=found.voice,
            unmeasured=tuple(task for task in TASKS if base(code) not in self._measured(task)),
        )

    def _measured(self, task: str) -> frozenset[str]:
        return self.models[task].measured if task in self.models else frozenset()

    def _language(self, document: Document) -> tuple[str, float]:
        # A language that is given is taken at its word; only its absence costs a detection.
        if document.language and base(document.language) != UNKNOWN:
            return document.language, 1.0
        return detect(f"{document.title}\n{document.text}")


def _name(found: Sequence[Artifact]) -> str:
    """What predictions carry: the version when all tasks share it, else each task's."""
    versions = {artifact.version for artifact in found}
    if not found:
        return "lexicon"
    if len(versions) == 1 and len(found) == len(TASKS):
        return versions.pop()
    return "+".join(f"{artifact.task[:3]}-{artifact.version}" for artifact in found)
