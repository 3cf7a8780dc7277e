"""The watch sees what changed, stays silent when little is known, and is not taken in by busy weeks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from pipelines.drift import (
    LEAST_AUDITED,
    LEAST_RECENT,
    LEAST_WEEK,
    WEEK,
    Check,
    compare,
    compare_accuracy,
    measure_accuracy,
)
from store.drift import Judged, Seen

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
START = NOW - WEEK
LANGUAGES = frozenset({"vi", "en"})
TOPICS = ("economy", "diplomacy", "culture", "sport", "society", "environment", "tourism", "health")
Change = Callable[[Seen], Seen]


def article(random: Random, at: datetime) -> Seen:
    """One of an ordinary stream: one in five in English, two short ones and five without a topic in a hundred."""
    language = random.choices(("vi", "en", "km"), (79, 20, 1))[0]
    return Seen(
        at=at,
        language=language,
        country="VN" if language == "vi" else random.choice(("US", "GB", "SG")),
        length=150 if random.random() < 0.02 else 3_000,
        model="m2",
        relevance=random.choices(("central", "substantial", "passing", "none"), (60, 10, 10, 20))[0],
        topic=None if random.random() < 0.05 else random.choice(TOPICS),
        tone="unclear" if random.random() < 0.3 else "neutral",
        score=random.betavariate(5, 2),
    )


def stream(random: Random, first: datetime, days: int, daily: int, heap: int = 1) -> list[Seen]:
    """Articles by day; each story brings up to `heap` of them, of one topic."""
    found: list[Seen] = []
    for day in range(days):
        at = first + timedelta(days=day, hours=5)
        while len(found) < (day + 1) * daily:
            story = article(random, at)
            found += [replace(article(random, at), topic=story.topic, relevance=story.relevance)
                      for _ in range(random.randint(1, heap))]  # fmt: skip
    return found


def checked(recent: list[Seen], reference: list[Seen]) -> dict[str, Check]:
    return {check.name: check for check in compare(recent, reference, START, LANGUAGES)}


def weeks(seed: int, daily: int = 60, heap: int = 1) -> tuple[list[Seen], list[Seen]]:
    random = Random(seed)
    return stream(random, START, 7, daily, heap), stream(random, START - 4 * WEEK, 28, daily, heap)


def test_a_quiet_week_raises_nothing() -> None:
    found = checked(*weeks(1))
    assert {name for name, check in found.items() if check.raised} == set()
    assert all(check.value is not None and check.usual is not None for check in found.values())
    assert len(found) == 9


def changed(share: float, change: Change) -> list[Seen]:
    recent, _ = weeks(2)
    return [change(seen) if n < share * len(recent) else seen for n, seen in enumerate(recent)]


@pytest.mark.parametrize(
    ("name", "share", "change"),
    [
        ("language", 0.15, lambda seen: replace(seen, language="th")),
        ("country", 0.15, lambda seen: replace(seen, country="TH")),
        ("short_text", 0.15, lambda seen: replace(seen, length=90)),
        ("unsupported_language", 0.10, lambda seen: replace(seen, language="km")),
        ("relevance", 0.25, lambda seen: replace(seen, relevance="none")),
        ("topic", 0.35, lambda seen: replace(seen, topic="sport", relevance="central")),
        ("no_topic", 0.15, lambda seen: replace(seen, topic=None, relevance="central")),
        ("unclear_tone", 0.35, lambda seen: replace(seen, tone="unclear", relevance="central")),
        ("topic_score", 0.35, lambda seen: replace(seen, score=seen.score / 3)),
    ],
)
def test_a_change_is_seen(name: str, share: float, change: Change) -> None:
    _, reference = weeks(2)
    found = checked(changed(share, change), reference)
    assert found[name].raised, found[name]
    assert (found[name].value or 0) >= found[name].threshold
    assert found[name].told


def test_what_moved_is_named() -> None:
    _, reference = weeks(2)
    found = checked(changed(0.15, lambda seen: replace(seen, language="th")), reference)
    assert found["language"].told.startswith("th 0% -> 15%")


def test_a_change_that_other_weeks_show_too_is_none() -> None:
    """A week of much sport a month ago: another one is nothing new."""
    recent, reference = weeks(3)
    sport: Change = lambda seen: replace(seen, topic="sport", relevance="central")  # noqa: E731
    recent = [sport(seen) if n % 3 == 0 else seen for n, seen in enumerate(recent)]
    assert checked(recent, reference)["topic"].raised
    oldest = START - 3 * WEEK
    before = [sport(seen) if seen.at < oldest and n % 2 == 0 else seen for n, seen in enumerate(reference)]
    again = checked(recent, before)["topic"]
    assert not again.raised
    assert again.value is not None
    assert again.usual is not None
    assert again.usual > again.value


def test_few_articles_say_nothing() -> None:
    recent, reference = weeks(4)
    strange = [replace(seen, language="th") for seen in recent]
    assert checked(strange, reference)["language"].raised
    few = checked(strange[: LEAST_RECENT - 1], reference)
    assert {check.value for check in few.values()} == {None}
    assert not any(check.raised for check in few.values())
    thin = [seen for seen in reference if seen.at >= START - 2 * WEEK]
    assert not any(check.raised for check in checked(strange, thin).values()), "two weeks say not what is usual"
    sparse = [*thin, *[seen for seen in reference if seen.at < START - 2 * WEEK][: LEAST_WEEK - 1]]
    assert not any(check.raised for check in checked(strange, sparse).values())
    assert checked([], [])["language"].recent == 0


def test_a_new_model_is_no_drift() -> None:
    recent, reference = weeks(5)
    other = [replace(seen, model="m3", score=seen.score / 4, topic="sport") for seen in recent]
    found = checked(other, reference)
    for name in ("relevance", "topic", "no_topic", "unclear_tone", "topic_score"):
        assert found[name].reference == 0
        assert not found[name].raised
    assert found["language"].reference == len(reference), "what comes in does not depend on the model"


def test_stories_in_heaps_do_not_cry_wolf() -> None:
    """Quiet streams whose stories bring up to ten articles each; bench/drift.py runs more of them, and longer."""
    alarms = []
    for seed in range(10):
        found = checked(*weeks(100 + seed, daily=80, heap=10))
        alarms += [name for name, check in found.items() if check.raised]
    assert len(alarms) <= 1, alarms  # of 90 checks


def judged(kept: int, of: int) -> list[Judged]:
    return [Judged(relevance=n < kept, topic=None, tone=n < kept if n % 2 else None) for n in range(of)]


def test_a_fall_of_accuracy_is_told_when_the_intervals_do_not_meet() -> None:
    def look(now: tuple[int, int], then: tuple[int, int]) -> dict[str, Check]:
        audit = measure_accuracy("recent", judged(*now)) + measure_accuracy("before", judged(*then))
        return {check.name: check for check in compare_accuracy(audit)}

    fallen = look((60, 100), (90, 100))["audit_relevance"]
    assert fallen.raised
    assert fallen.told == "90% -> 60% kept by people"
    assert not look((80, 100), (90, 100))["audit_relevance"].raised
    assert not look((100, 100), (60, 100))["audit_relevance"].raised, "to be right more often is no alarm"
    few = look((0, LEAST_AUDITED - 1), (100, 100))["audit_relevance"]
    assert not few.raised
    assert few.value is None
    assert look((60, 100), (90, 100))["audit_topic"].recent == 0, "nobody was asked"


def test_the_interval_is_wilsons() -> None:
    (relevance, tone) = measure_accuracy("recent", judged(8, 10))
    assert (relevance.name, relevance.kept, relevance.of) == ("relevance", 8, 10)
    assert relevance.low == pytest.approx(0.490, abs=0.001)
    assert relevance.high == pytest.approx(0.943, abs=0.001)
    assert (tone.name, tone.of) == ("tone", 5)
    assert measure_accuracy("recent", []) == []
