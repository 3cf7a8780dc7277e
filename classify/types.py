"""The words of classification: a `Document` goes in, a `Prediction` with its reasons comes out."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Relevance = Literal["central", "substantial", "passing", "none"]
Tone = Literal["positive", "neutral", "negative", "mixed", "unclear"]
SpanField = Literal["title", "text"]

RELEVANCE: tuple[Relevance, ...] = ("central", "substantial", "passing", "none")
TONES: tuple[Tone, ...] = ("positive", "neutral", "negative", "mixed", "unclear")


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
    that tag's score, from 0 to 1.
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
    empty means the machine abstains. `tone` is None unless relevance is central or substantial. `scores` maps
    `relevance`, `tone` and `topic:<id>` to a confidence from 0 to 1. `model` is the version that spoke.
    """

    language: str
    language_confidence: float
    relevance: Relevance | None
    topics: tuple[str, ...]
    tone: Tone | None
    scores: dict[str, float] = field(default_factory=dict)
    evidence: tuple[Span, ...] = ()
    model: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The prediction as plain JSON types, the way `diembao classify` writes it."""
        row = asdict(self)
        row["topics"] = list(self.topics)
        row["evidence"] = [asdict(span) for span in self.evidence]
        return row
