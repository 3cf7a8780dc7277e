"""Which articles teach the machine most when a person labels them: a few each day, flagged as `learning`.

Three thoughts. Uncertain: the machine has little confidence in its answer. Rare: of what it says there are few labels
yet. Diverse: of two that are as doubtful, the one that is less like those picked already. What is picked so is no
sample of anything: no accuracy and no share may be estimated from it (see the rule `audit`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.flags import RELEVANT
from pipelines.settings import Settings
from store.database import Database
from store.picking import LEARNING, Candidate, Labelled, count_picked, read_candidates, read_labelled
from store.reviewing import FlagRow

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS = 7  # articles older than that are read no more; a weekend's wait for the analysts
# As many open picks as so many days bring: who is away for longer finds the newest, not a heap.
MOST_OPEN_DAYS = 5
# Of a confidence from 0 to 1, corrected for chance. Beyond the middle, to call the machine unsure would not be true.
MOST_MARGIN = 0.5
ANSWERS = 4  # of relevance, and of tone where the machine does not abstain: by chance each has 0.25, 0.62 is the middle
# Labels below which a value counts as rare. For topics the number the annotated set wants of each in Vietnamese; for
# tones what it wants of criticism, the rarest; a language needs several topics and tones to be measured at all.
ENOUGH = {"topic": 60, "tone": 150, "language": 150}
WORLD = "world"  # never said of an article about Vietnam, however it scores

Values = dict[str, Any]


@dataclass(frozen=True)
class Worth:
    """How much a label would teach, from 0 to 1, and why: `values` are shown to the analyst."""

    value: float
    values: Values


@dataclass(frozen=True)
class Context:
    """What a reason knows beside the article: the labels so far, and how often each value is met among candidates."""

    labelled: Labelled
    met: Mapping[str, Counter[str]]
    candidates: int


@dataclass(frozen=True)
class Pick:
    """An article to label, and why."""

    article_id: int
    values: Values


def unsure_relevance(article: Candidate, context: Context) -> Worth | None:
    """The machine has little confidence in the relevance it names."""
    return _unsure("relevance", article.relevance, article.scores)


def unsure_tone(article: Candidate, context: Context) -> Worth | None:
    """The machine has little confidence in the tone it names, or names none; asked of articles about Vietnam only."""
    return _unsure("tone", article.tone, article.scores) if article.relevance in RELEVANT else None


def unsure_topic(article: Candidate, context: Context) -> Worth | None:
    """The last topic that the machine names hardly beats the first that it does not: whatever its threshold is."""
    if article.relevance not in RELEVANT:
        return None
    scores = {key.partition(":")[2]: score for key, score in article.scores.items() if key.startswith("topic:")}
    others = {topic: score for topic, score in scores.items() if topic not in article.topics and topic != WORLD}
    next_best = max(others, key=lambda topic: others[topic], default=None)
    if not article.topics:
        if next_best is None:
            return Worth(1.0, {"what": "no_topic"})
        return Worth(1.0, {"what": "near_topic", "topic": next_best, "score": others[next_best]})
    last = min(article.topics, key=lambda topic: scores.get(topic, 0.0))
    margin = max(0.0, scores.get(last, 0.0) - (others[next_best] if next_best else 0.0))
    if margin > MOST_MARGIN or next_best is None:
        return None
    values = {"what": "topic", "topic": last, "score": scores.get(last, 0.0)}
    return Worth(1.0 - margin, values | {"other": next_best, "other_score": others[next_best]})


def rare(article: Candidate, context: Context) -> Worth | None:
    """Few labels so far of what the machine says it is: a topic, a tone or a language, in articles about Vietnam."""
    if article.relevance not in RELEVANT:
        return None
    found = [
        worth
        for kind, values in _keys(article).items()
        for value in values
        if (worth := _rarity(kind, value, context)) is not None
    ]
    return max(found, key=lambda worth: worth.value, default=None)


Reason = Callable[[Candidate, Context], Worth | None]
# One function and one line a reason. They take turns, so that no scale has to be comparable to another.
REASONS: dict[str, Reason] = {
    "topic": unsure_topic,
    "tone": unsure_tone,
    "relevance": unsure_relevance,
    "rare": rare,
}


def choose(candidates: Sequence[Candidate], labelled: Labelled, wanted: int) -> list[Pick]:
    """At most `wanted` articles, no two of one story: the reasons take turns, each takes what is worth most to it.

    Greedy: the worth of an article is less, down to half, the more it has in common with the most alike picked so far.
    """
    context = Context(labelled, _count_met(candidates), len(candidates))
    offers = {name: _offers(candidates, context, reason) for name, reason in REASONS.items()}
    alike = dict.fromkeys((article.id for article in candidates), 0.0)
    picked: dict[int, Pick] = {}
    stories: set[int] = set()
    while len(picked) < wanted:
        before = len(picked)
        for rows in offers.values():
            free = [(article, worth) for article, worth in rows if article.id not in picked]
            free = [(article, worth) for article, worth in free if article.story not in stories]
            if not free or len(picked) == wanted:
                continue
            article, worth = max(free, key=lambda row: row[1].value * (1 - alike[row[0].id] / 2))
            picked[article.id] = Pick(article.id, worth.values)
            stories |= {article.story} if article.story is not None else set()
            for other in candidates:
                alike[other.id] = max(alike[other.id], likeness(article, other))
        if len(picked) == before:
            break
    return list(picked.values())


def likeness(one: Candidate, other: Candidate) -> float:
    """The share of outlet, language and primary topic that two articles have in common."""
    same = (one.outlet == other.outlet, one.language == other.language, one.primary == other.primary)
    return sum(same) / len(same)


def pick_for_learning(database: Database, settings: Settings, moment: datetime) -> int:
    """Flag today's articles, as many as are still wanted. Returns how many; the caller holds the lock of processing."""
    return database.persistently(lambda: _pick(database, settings, moment))


def _pick(database: Database, settings: Settings, moment: datetime) -> int:
    midnight = moment.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    with database.reading() as session:
        today, waiting = count_picked(session, midnight)
        wanted = min(settings.learning_daily - today, MOST_OPEN_DAYS * settings.learning_daily - waiting)
        if wanted <= 0:
            return 0
        candidates = read_candidates(session, moment - timedelta(days=DAYS), moment)
        picks = choose(candidates, read_labelled(session), wanted) if candidates else []
    with database.writing() as session:
        for pick in picks:
            values = {"because": pick.values}
            session.add(FlagRow(article_id=pick.article_id, rule=LEARNING, values=values, raised_at=moment))
    return len(picks)


def _unsure(field: str, said: str | None, scores: Mapping[str, float]) -> Worth | None:
    """How little is left of certainty: from 1, each answer as likely, to 0. An abstention is always unsure."""
    if said is None or field not in scores:
        return None
    worth = min(1.0, (1.0 - scores[field]) / (1.0 - 1.0 / ANSWERS))
    if worth < 1.0 - MOST_MARGIN and said != "unclear":
        return None
    return Worth(worth, {"what": field, "value": said, "score": scores[field]})


def _rarity(kind: str, value: str, context: Context) -> Worth | None:
    """The share of labels that is missing; of two that lack as much, the one that is met less often is worth more."""
    labels = getattr(context.labelled, kind)[value]
    missing = 1.0 - labels / ENOUGH[kind]
    if missing <= 0:
        return None
    met = context.met[kind][value] / context.candidates
    return Worth(missing * (1.0 - met), {"what": f"rare_{kind}", "value": value, "labels": labels,
                                         "enough": ENOUGH[kind]})  # fmt: skip


def _keys(article: Candidate) -> dict[str, tuple[str, ...]]:
    tone = (article.tone,) if article.tone and article.tone != "unclear" else ()
    return {"topic": article.topics, "tone": tone, "language": (article.language,)}


def _count_met(candidates: Sequence[Candidate]) -> dict[str, Counter[str]]:
    met: dict[str, Counter[str]] = {kind: Counter() for kind in ENOUGH}
    for article in candidates:
        for kind, values in _keys(article).items():
            met[kind].update(values)
    return met


def _offers(candidates: Sequence[Candidate], context: Context, reason: Reason) -> list[tuple[Candidate, Worth]]:
    return [(article, worth) for article in candidates if (worth := reason(article, context)) is not None]
