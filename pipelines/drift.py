"""Whether the last days are unlike the weeks before: in what comes in, in how sure the machine is, in how often it is
right. A raised check says where to look; that the news changed is a good reason, too.

A check is raised when the recent week is farther from the reference than its threshold, and clearly farther than any
week of the reference is from the others: news has busy weeks, and stories bring articles in heaps, so that the usual
formulas for independent draws would cry every other week. What creeps slower than a month is not seen so; the audit
sees it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pipelines.distances import Distance, Values, gap, points, spread, what_moved
from store.drift import Judged, Seen, read_audited, read_seen
from store.figures import ABOUT

WEEK = timedelta(days=7)  # whole weeks: a Sunday is unlike a Monday
WEEKS = 4  # of the reference
AUDIT_WEEKS = (4, 12)  # recent and before; 2% of some hundred articles a day give 30 in about that time
# With 200 articles a share of 5% is known to about 3 points; fewer say nothing of languages or topics.
LEAST_RECENT = 200
LEAST_WEEK = 100  # of a week of the reference; three such weeks are needed to know what is usual
LEAST_WEEKS = 3
LEAST_AUDITED = 30  # as in the weekly summary: with fewer a 95% interval is wider than any change worth telling
SHORT = 200  # characters: of such a text mostly the extraction failed, or the outlet has put up a wall
# Jensen-Shannon distance, from 0 to 1. Its square is about a PSI / 5.5, so 0.15 is a PSI of 0.12: by custom 0.1 to 0.25
# is a change to look at. One article in four about elsewhere, then two in five: 0.15.
MOST_DISTANCE = 0.15
# Largest gap of two cumulative distributions (Kolmogorov-Smirnov): 15 of 100 articles have another confidence.
MOST_GAP = 0.15
MOST_UNCLEAR = 0.1  # the machine abstains from the tone of many articles: of 40%, 200 articles tell it to 7 points
# Times as far as the farthest of the weeks before. On made streams whose topics wander and whose stories bring heaps
# of articles (bench/drift.py) 1 gave an alarm in one quiet week of six, 1.5 in none of 256.
MOST_UNUSUAL = 1.5
MOST_POINTS = 0.05  # a share of 0 to 10% is usual for these: five points are a new kind of article, or a fault


@dataclass(frozen=True)
class Check:
    """One comparison. `value` is the distance, None when there were too few articles; `usual` that of other weeks.

    `told` names what moved most, such as `km 2% -> 14%`. `recent` and `reference` count what was compared.
    """

    name: str
    recent: int
    reference: int
    value: float | None
    threshold: float
    usual: float | None
    raised: bool
    told: str = ""


@dataclass(frozen=True)
class Accuracy:
    """How often people kept the machine's word on the random sample, with the 95% Wilson interval."""

    name: str
    period: str  # recent or before
    kept: int
    of: int
    low: float
    high: float


@dataclass(frozen=True)
class Drift:
    """What was compared: the week before `at` and the four before that, and audits of longer times."""

    at: datetime
    articles: int
    before: int
    model: str | None
    checks: tuple[Check, ...]
    audit: tuple[Accuracy, ...]

    @property
    def raised(self) -> tuple[Check, ...]:
        """The checks that say: look."""
        return tuple(check for check in self.checks if check.raised)


@dataclass(frozen=True)
class Kind:
    """A check: the value of an article (None: not asked), the distance of two lists of them, and what is too far."""

    value: Callable[[Seen], str | float | None]
    distance: Distance
    threshold: float


def kinds(languages: frozenset[str]) -> dict[str, Kind]:
    """Every check of articles; `languages` are those that the machine has words for."""
    return {
        "language": Kind(lambda seen: seen.language, spread, MOST_DISTANCE),
        "country": Kind(lambda seen: seen.country, spread, MOST_DISTANCE),
        "short_text": Kind(lambda seen: float(seen.length < SHORT), points, MOST_POINTS),
        "unsupported_language": Kind(lambda seen: float(seen.language not in languages), points, MOST_POINTS),
        "relevance": Kind(lambda seen: seen.relevance, spread, MOST_DISTANCE),
        "topic": Kind(lambda seen: seen.topic if seen.relevance in ABOUT else None, spread, MOST_DISTANCE),
        "no_topic": Kind(_no_topic, points, MOST_POINTS),
        "unclear_tone": Kind(_unclear_tone, points, MOST_UNCLEAR),
        "topic_score": Kind(lambda seen: seen.score if seen.relevance in ABOUT else None, gap, MOST_GAP),
    }  # fmt: skip


def _no_topic(seen: Seen) -> float | None:
    return float(seen.topic is None) if seen.relevance in ABOUT else None


def _unclear_tone(seen: Seen) -> float | None:
    return float(seen.tone == "unclear") if seen.relevance in ABOUT else None


OF_THE_MODEL = ("relevance", "topic", "no_topic", "unclear_tone", "topic_score")


def measure_drift(session: Session, moment: datetime, languages: frozenset[str]) -> Drift:
    """Compare the week before `moment` with the four before it, and the audits of four weeks with twelve before."""
    start = moment - WEEK
    articles, recent = read_seen(session, start, moment)
    before, reference = read_seen(session, start - WEEKS * WEEK, start)
    some, others = AUDIT_WEEKS
    audited = read_audited(session, moment - some * WEEK, moment)
    earlier = read_audited(session, moment - (some + others) * WEEK, moment - some * WEEK)
    model = _main_model(recent)
    accuracy = tuple(measure_accuracy("recent", audited) + measure_accuracy("before", earlier))
    checks = compare(recent, reference, start, languages) + compare_accuracy(accuracy)
    return Drift(moment, articles, before, model, checks, accuracy)


def compare(
    recent: Sequence[Seen], reference: Sequence[Seen], start: datetime, languages: frozenset[str]
) -> tuple[Check, ...]:
    """Every check of articles; `start` is where the recent ones begin.

    What the machine says is compared where one version of it spoke: a new model is a change, and no drift.
    """
    model = _main_model(recent)
    begins = [start - (n + 1) * WEEK for n in range(WEEKS)]
    weeks = [[seen for seen in reference if begin <= seen.at < begin + WEEK] for begin in begins]
    checks = []
    for name, kind in kinds(languages).items():
        own = name in OF_THE_MODEL
        now, *before = (_values(kind, seen, model, own) for seen in (recent, *weeks))
        checks.append(_check(name, kind, now, before))
    return tuple(checks)


def measure_accuracy(period: str, audited: Sequence[Judged]) -> list[Accuracy]:
    """How often relevance, primary topic and tone were kept; nothing of what nobody was asked."""
    found = []
    for name in ("relevance", "topic", "tone"):
        asked = [answer for one in audited if (answer := getattr(one, name)) is not None]
        if asked:
            from scipy.stats import binomtest

            interval = binomtest(sum(asked), len(asked)).proportion_ci(0.95, method="wilson")
            found.append(Accuracy(name, period, sum(asked), len(asked), float(interval.low), float(interval.high)))
    return found


def compare_accuracy(audit: Sequence[Accuracy]) -> tuple[Check, ...]:
    """Raised when the machine is less often right than before: when the two 95% intervals do not meet."""
    checks = []
    for name in ("relevance", "topic", "tone"):
        periods = {one.period: one for one in audit if one.name == name}
        now, then = periods.get("recent"), periods.get("before")
        counts = (now.of if now else 0, then.of if then else 0)
        if now is None or then is None or min(counts) < LEAST_AUDITED:
            checks.append(Check(f"audit_{name}", *counts, None, 0.0, None, False))
            continue
        fallen = then.low - now.high
        told = f"{then.kept / then.of:.0%} -> {now.kept / now.of:.0%} kept by people"
        checks.append(Check(f"audit_{name}", *counts, fallen, 0.0, None, fallen > 0, told))
    return tuple(checks)


def _check(name: str, kind: Kind, now: Values, weeks: Sequence[Values]) -> Check:
    usable = [week for week in weeks if len(week) >= LEAST_WEEK]
    before = [value for week in usable for value in week]
    counts = (len(now), len(before))
    if len(now) < LEAST_RECENT or len(usable) < LEAST_WEEKS:
        return Check(name, *counts, None, kind.threshold, None, False)
    rest = [[value for other in usable if other is not week for value in other] for week in usable]
    usual = max(kind.distance(week, others) for week, others in zip(usable, rest, strict=True))
    value = kind.distance(now, before)
    raised = value >= max(kind.threshold, MOST_UNUSUAL * usual)
    return Check(name, *counts, value, kind.threshold, usual, raised, what_moved(kind.distance, now, before))


def _values(kind: Kind, seen: Sequence[Seen], model: str | None, own: bool) -> list[str | float]:
    asked = [kind.value(one) for one in seen if not own or (one.model is not None and one.model == model)]
    return [value for value in asked if value is not None]


def _main_model(seen: Sequence[Seen]) -> str | None:
    """The version that judged most of the articles."""
    counted = Counter(one.model for one in seen if one.model is not None)
    return counted.most_common(1)[0][0] if counted else None
