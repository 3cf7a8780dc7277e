"""The classifier at work: a `Document` in, a `Prediction` with its reasons out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from classify import evidence, relevance, tone, topics
from classify.features import token_counts, topic_strengths
from classify.language import UNKNOWN, base, detect
from classify.lexicons import Lexicons, load_lexicons
from classify.linear import LinearModel, load_linear
from classify.reading import MAX_TEXT, MAX_TITLE, read
from classify.registry import current
from classify.relevance import RelevanceModel, load_relevance
from classify.taxonomy import Topic, load_taxonomy
from classify.types import Document, Prediction

LEARNED_WORDS = 8


@dataclass(frozen=True)
class Classifier:
    """Everything a prediction needs, loaded once; safe to share between threads, for nothing in it changes."""

    taxonomy: tuple[Topic, ...]
    lexicons: Lexicons
    linear: dict[str, LinearModel]
    about: RelevanceModel | None
    version: str

    @classmethod
    def load(cls, models_dir: Path, data_dir: Path) -> "Classifier":
        """The classifier in service; without a trained model it works from the lexicons alone: `version` says so.

        Raises LexiconError or ModelError when a file is missing, malformed or not what its manifest says.
        """
        taxonomy = load_taxonomy(data_dir)
        lexicons = load_lexicons(data_dir, frozenset(topic.id for topic in taxonomy))
        trained, about = current(models_dir, "topics"), current(models_dir, "relevance")
        return cls(
            taxonomy=taxonomy,
            lexicons=lexicons,
            linear=load_linear(trained) if trained else {},
            about=load_relevance(about) if about else None,
            version="+".join([artifact.name for artifact in (trained, about) if artifact] + ["lexicon"]),
        )

    def predict(self, document: Document) -> Prediction:
        """What the document is about and how it speaks of Vietnam. Takes any string in any language."""
        language, confidence = self._language(document)
        code = base(language)
        reading = read(document, code, self.lexicons.get(code))
        counts = self._counts(document, code)
        log_odds = self.linear[code].log_odds(counts) if counts else {}
        found = topics.scores(topic_strengths(reading), log_odds)
        relevant, sure = relevance.judge(reading, found.get(topics.WORLD, 0.0), self.about)
        chosen = topics.choose(found, relevant) if relevant else ()
        tonal = tone.judge(reading, relevant)
        return Prediction(
            language=language,
            language_confidence=confidence,
            relevance=relevant,
            topics=chosen,
            tone=tonal.tone,
            scores=_scores(found, sure, tonal),
            evidence=evidence.collect(reading, chosen, tonal.evidence, self._learned(counts, code, chosen)),
            model=self.version,
        )

    def predict_batch(self, documents: Iterable[Document]) -> list[Prediction]:
        """One prediction a document, in order."""
        return [self.predict(document) for document in documents]

    def _language(self, document: Document) -> tuple[str, float]:
        # A language that is given is taken at its word; only its absence costs a detection.
        if document.language and base(document.language) != UNKNOWN:
            return document.language, 1.0
        return detect(f"{document.title}\n{document.text}")

    def _counts(self, document: Document, code: str) -> Counter[str]:
        if code not in self.linear:
            return Counter()
        return token_counts(document.title[:MAX_TITLE], document.text[:MAX_TEXT], code)

    def _learned(self, counts: Counter[str], code: str, chosen: tuple[str, ...]) -> dict[str, list[tuple[str, float]]]:
        if not counts:
            return {}
        return {topic: self.linear[code].reasons(counts, topic, LEARNED_WORDS) for topic in chosen}


def _scores(found: dict[str, float], sure: float, tonal: tone.ToneJudgement) -> dict[str, float]:
    scores = {"relevance": round(sure, 4)} | {f"topic:{topic}": score for topic, score in found.items()}
    return scores | ({"tone": tonal.confidence} if tonal.tone else {})
