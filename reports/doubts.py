"""What the summary is not sure of: whose tags are weak or missing, and how often people agreed with the machine."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.interval import Share, share
from reports.words import Text
from store.figures import UNCLEAR, UNJUDGED, UNSORTED, ArticleFact, Totals

# With 30 audited articles a 95% interval is up to ±17 points: with fewer it says next to nothing.
ENOUGH_AUDITED = 30
FIGURED = {"relevance", "topics"}  # what most figures hang on


@dataclass(frozen=True)
class Knowledge:
    """What the machine can be trusted with: the languages it has words for."""

    low_confidence: float
    supported: frozenset[str]


@dataclass(frozen=True)
class Doubt:
    """A kind of uncertainty and the test that says whether an article has it."""

    id: str
    name: Text
    applies: Callable[[ArticleFact], bool]


@dataclass(frozen=True)
class Checks:
    """What people found. `audit` is None until enough of the random sample has verdicts; `missing` = how many lack."""

    reviewed: Share
    agreed: Share
    audit: Share | None
    audit_reviewed: int
    missing: int


def list_doubts(knowledge: Knowledge) -> tuple[Doubt, ...]:
    """Every kind of doubt, in the order shown."""
    low, supported = knowledge.low_confidence, knowledge.supported
    return (
        Doubt("unsorted", Text("Máy không xếp được chủ đề", "No topic named by the machine"),
              lambda a: a.topic == UNSORTED),
        Doubt("unjudged", Text("Máy chưa đánh giá", "Not judged by the machine"), lambda a: a.relevance == UNJUDGED),
        Doubt(
            "low", Text("Về Việt Nam nhưng máy ít chắc chắn về chủ đề", "About Vietnam, low confidence in the topic"),
            lambda a: a.about and a.topic != UNSORTED and a.confidence is not None and a.confidence < low,
        ),
        Doubt("unclear", Text("Sắc thái không rõ", "Tone unclear"), lambda a: a.tone == UNCLEAR),
        Doubt("undated", Text("Không ghi ngày đăng (xếp theo lúc thấy lần đầu)", "Undated (sorted by first sight)"),
              lambda a: not a.dated),
        Doubt("unsupported", Text("Ngôn ngữ máy chưa hỗ trợ", "Language not supported"),
              lambda a: a.language not in supported),
        Doubt(
            "unmeasured", Text("Ngôn ngữ có hỗ trợ nhưng chưa đo độ chính xác", "Supported, accuracy not measured"),
            lambda a: a.language in supported and bool(a.unmeasured & FIGURED),
        ),
    )  # fmt: skip


def make_checks(totals: Totals) -> Checks:
    """How many articles people looked at and how often they agreed, in all and in the random sample."""
    enough = totals.audit_reviewed >= ENOUGH_AUDITED
    return Checks(
        reviewed=share(totals.reviewed, totals.articles),
        agreed=share(totals.confirmed, totals.reviewed),
        audit=share(totals.audit_confirmed, totals.audit_reviewed) if enough else None,
        audit_reviewed=totals.audit_reviewed,
        missing=max(0, ENOUGH_AUDITED - totals.audit_reviewed),
    )
