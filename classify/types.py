"""The words of classification: a `Document` goes in, a `Prediction` with its reasons comes out."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Relevance = Literal["central", "substantial", "passing", "none"]
Tone = Literal["positive", "neutral", "negative", "mixed", "unclear"]
Valence = Literal["good", "neutral", "bad"]
Voice = Literal["own", "quoted", "both"]
SpanField = Literal["title", "text"]

RELEVANCE: tuple[Relevance, ...] = ("central", "substantial", "passing", "none")
TONES: tuple[Tone, ...] = ("positive", "neutral", "negative", "mixed", "unclear")
VALENCES: tuple[Valence, ...] = ("good", "neutral", "bad")
VOICES: tuple[Voice, ...] = ("own", "quoted", "both")
# Where Vietnam is at least one of the main subjects: only there is tone asked.
ABOUT: tuple[Relevance, ...] = ("central", "substantial")


@dataclass(frozen=True)
class Document:
    """A text to classify.

    `text` is the lead and the body, paragraphs separated by newlines, without the title. `language` is an
    ISO 639-1 code, or None to have it detected.
    """

    title: str
    text: str
    language: str | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of the document that carried a tag: characters `start` to `end` (exclusive) of `field`.

    `tag` is what it speaks for, as `topic:diplomacy`, `tone:negative` or `relevance`; `weight` is its share of
    that tag's score, from 0 to 1. A tag that begins with `sentence:` marks the sentence that carried most of it.
    """

    field: SpanField
    start: int
    end: int
    tag: str
    weight: float


@dataclass(frozen=True)
class Prediction:
    """What the machine says of a document, how sure it is, and why.

    `relevance` is None only when the text is empty. `topics` holds at most three topic ids, the primary first;
    empty means the machine abstains. `tone` is None unless relevance is central or substantial, `unclear` where the
    machine abstains; `voice` is None where the tone is neither praise nor blame. `scores` maps `relevance`, `tone`,
    `valence`, `voice` and `topic:<id>` to calibrated confidences from 0 to 1. `unmeasured` names the tasks that were
    not measured in this language: their answers are carried over from other languages. `model` names the versions.
    """

    language: str
    language_confidence: float
    relevance: Relevance | None
    topics: tuple[str, ...]
    tone: Tone | None
    scores: dict[str, float] = field(default_factory=dict)
    evidence: tuple[Span, ...] = ()
    model: str = ""
    valence: Valence | None = None
    voice: Voice | None = None
    unmeasured: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The prediction as plain JSON types, the way `diembao classify` writes it."""
        row = asdict(self)
        row["topics"], row["unmeasured"] = list(self.topics), list(self.unmeasured)
        row["evidence"] = [asdict(span) for span in self.evidence]
        return row
