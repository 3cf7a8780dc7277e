import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_support.rows import NOON

from crawler.frontier import Discovery
from store.polling import (
    FORGET_GAP,
    MEMORY_HOURS,
    SECOND_LOOK,
    SHAPES_SEEN,
    WANTED,
    Habits,
    Pace,
    learn,
    silent_since,
)

PACE = Pace(600.0, 172_800.0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = NOON - timedelta(hours=12)  # in Hanoi


def item(moment: datetime | None, **changes: Any) -> Discovery:
    values: dict[str, Any] = {"title": "Tin", "published_at": moment} | changes
    return Discovery(f"http://bao-mau.example/{moment}", **values)


def undated(count: int) -> list[Discovery]:
    return [Discovery(f"http://bao-mau.example/{number}", "Tin") for number in range(count)]


class Feed:
    """A feed that lists the newest of the articles published so far, and what was learned of it."""

    def __init__(self, published: Sequence[datetime], *, listed: int = 20, pace: Pace = PACE) -> None:
        self.published, self.listed, self.pace = published, listed, pace
        self.known = Habits()
        self.named: set[str] = set()
        self.alert: str | None = None

    def check(self, moment: datetime, ttl: float | None = None) -> float:
        """Check it now; returns the seconds until the next check."""
        at = bisect_right(self.published, moment)
        items = [item(time) for time in self.published[max(0, at - self.listed) : at]]
        return self.answer(items, moment, ttl)

    def answer(self, items: Sequence[Discovery] | None, moment: datetime, ttl: float | None = None) -> float:
        urls = {found.url for found in items or ()}
        values = learn(self.known, items, len(urls - self.named), ttl, moment, self.pace)
        self.named |= urls
        self.alert = values.pop("alert", self.alert)
        dates = [found.published_at for found in items or () if found.published_at]
        newest = max([*dates, *([self.known.newest_item_at] if self.known.newest_item_at else [])], default=None)
        count = self.known.items if items is None else len(items)
        self.known = replace(self.known, **values, newest_item_at=newest, checked_at=moment, items=count)
        seconds = self.known.poll_seconds
        assert seconds is not None
        return seconds

    def follow(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Check it from `since` on, each time when it is due; yields the moment after every check."""
        moment = since
        while moment <= until:
            moment += timedelta(seconds=self.check(moment))
            yield moment


def by_day(days: int, every: timedelta = HOUR, first: int = 6, last: int = 22) -> list[datetime]:
    """Publications on so many days, between two hours of the day."""
    found, moment = [], MIDNIGHT
    while moment < MIDNIGHT + days * DAY:
        if first <= (moment - MIDNIGHT) % DAY / HOUR <= last:
            found.append(moment)
        moment += every
    return found


def settled(every: timedelta, *, days: int = 8, listed: int = 20) -> float:
    """The interval that a feed is checked at after a while of one article `every` so often."""
    feed = Feed([MIDNIGHT + number * every for number in range(int(days * DAY / every))], listed=listed)
    for _ in feed.follow(MIDNIGHT + HOUR, MIDNIGHT + days * DAY - every):
        pass
    assert feed.known.poll_seconds is not None
    return feed.known.poll_seconds


def test_the_interval_follows_the_yield() -> None:
    assert settled(timedelta(minutes=2)) == pytest.approx(600, rel=0.1), "30 an hour: the shortest, nearly"
    assert settled(HOUR) == pytest.approx(WANTED * 3600, rel=0.2)
    assert settled(timedelta(hours=8)) == pytest.approx(24 * 3600, rel=0.3)
    assert settled(timedelta(days=5), days=60) == PACE.longest
    assert settled(HOUR, listed=3) == pytest.approx(1.5 * 3600, rel=0.2), "half of a short list, else some scroll off"


def test_the_dates_of_the_first_answer_set_the_rate() -> None:
    busy = Feed([NOON - timedelta(minutes=6 * n) for n in range(20, 0, -1)])
    assert busy.check(NOON) == pytest.approx(WANTED / 10 * 3600, rel=0.15)
    slow = Feed([NOON - n * DAY for n in range(20, 0, -1)])
    assert slow.check(NOON) == SECOND_LOOK, "one answer teaches little"
    assert slow.check(NOON + timedelta(seconds=SECOND_LOOK)) == pytest.approx(WANTED * 24 * 3600, rel=0.35)
    blank = Feed([])
    assert blank.answer(undated(30), NOON) == pytest.approx(WANTED / (30 / MEMORY_HOURS) * 3600)


def test_one_old_item_at_the_foot_of_a_list_is_not_its_rhythm() -> None:
    fresh = [NOON - timedelta(minutes=30 * n) for n in range(19, 0, -1)]
    clean, pinned = Feed(fresh), Feed([NOON - 3000 * DAY, *fresh])
    assert pinned.check(NOON) == pytest.approx(clean.check(NOON), rel=0.15)
    assert silent_since(pinned.known, NOON + DAY), "2 x 3,000 days would be a long time to wait"


def test_a_first_check_that_failed_is_no_first_answer() -> None:
    feed = Feed([])
    feed.known = Habits(checked_at=NOON - HOUR)
    assert feed.answer([], NOON) <= SECOND_LOOK


def test_a_list_without_items_is_looked_at_now_and_then() -> None:
    index = Feed([])
    for moment in index.follow(NOON, NOON + 8 * DAY):
        assert silent_since(index.known, moment) is None, "an index of sitemaps names no article itself, ever"
        assert index.known.poll_seconds <= SECOND_LOOK  # type: ignore[operator]


def test_a_burst_shortens_the_interval() -> None:
    feed = Feed([NOON - n * DAY for n in range(20, 0, -1)])
    calm = [feed.check(NOON + n * DAY) for n in range(3)][-1]
    assert calm > DAY.total_seconds()
    moment = NOON + 4 * DAY
    feed.published = [*feed.published, *(moment - timedelta(minutes=n) for n in range(15, 0, -1))]
    assert feed.check(moment) <= DAY.total_seconds(), "15 of 20 are new: the others may have been pushed out"


def test_a_ttl_is_obeyed_up_to_our_longest() -> None:
    for ttl, seconds in ((3600.0, 3600.0), (60.0, 600.0), (1e9, PACE.longest), (None, 600.0)):
        feed = Feed([NOON - timedelta(minutes=n) for n in range(20, 0, -1)])
        assert feed.check(NOON, ttl) == seconds
        assert feed.answer(None, NOON + DAY, ttl) >= seconds, "also after a 304"


ANSWERS = st.none() | st.lists(
    st.none() | st.integers(-1_000_000, 1_000_000).map(lambda hours: NOON + hours * HOUR), max_size=40
)
STEPS = st.lists(st.tuples(ANSWERS, st.floats(0, 1e7), st.none() | st.floats(0, 1e9)), min_size=1, max_size=8)
PACES = st.builds(Pace, st.floats(1, 1e6), st.floats(1, 1e6))


@settings(max_examples=60, deadline=None)
@given(STEPS, PACES)
def test_no_answers_lead_out_of_the_bounds(
    steps: list[tuple[list[datetime | None] | None, float, float | None]], pace: Pace
) -> None:
    feed, moment = Feed([], pace=pace), NOON
    for dates, seconds, ttl in steps:
        moment += timedelta(seconds=seconds)
        items = None if dates is None else [item(date) for date in dates]
        wait = feed.answer(items, moment, ttl)
        assert pace.shortest <= wait <= max(pace.longest, pace.shortest)
        assert ttl is None or wait >= min(ttl, pace.longest)
        for value in (feed.known.rate, feed.known.gap_seconds or 0.0):
            assert value is not None
            assert value >= 0
            assert math.isfinite(value)
        assert feed.known.last_new_at is None or feed.known.last_new_at <= moment
        silent_since(feed.known, moment + DAY)


Series = Callable[[], list[datetime]]
SERIES: dict[str, tuple[Series, timedelta]] = {
    "hourly by day": (lambda: by_day(10), DAY),
    "every 10 minutes by day": (lambda: by_day(10, timedelta(minutes=10)), DAY),
    "every 5 hours": (lambda: [MIDNIGHT + n * timedelta(hours=5) for n in range(48)], DAY),
    "on working days": (lambda: [time for time in by_day(28) if (time - MIDNIGHT).days % 7 < 5], 7 * DAY),
}


@pytest.mark.parametrize("name", SERIES)
def test_normal_pauses_are_no_silence_and_a_real_one_is(name: str) -> None:
    """Judged at every quarter of an hour, from when one such pause (a night, a weekend) was seen."""
    make, seen = SERIES[name]
    published = make()
    feed, stop = Feed(published), published[-1]
    due = begin = MIDNIGHT + 9 * HOUR
    moment, found, usual = begin, None, 0.0
    while moment < stop + 30 * DAY and found is None:
        if moment >= due:
            due = moment + timedelta(seconds=feed.check(moment))
        silent = silent_since(feed.known, moment)
        if moment <= stop:
            assert silent is None or moment < begin + seen, f"{name}: at {moment - MIDNIGHT}"
            usual = 2 * (feed.known.gap_seconds or 0)
        elif silent:
            found = moment
        moment += timedelta(minutes=15)
    assert found is not None
    # Its last article was seen up to one interval (half of `usual`) after it came; from there on, two of them.
    assert found - stop <= timedelta(seconds=1.5 * usual) + timedelta(minutes=15)
    assert silent_since(feed.known, found) is not None


def test_a_dead_feed_is_silent_at_its_first_answer() -> None:
    last = NOON - 400 * DAY
    feed = Feed([last - n * DAY for n in range(20, -1, -1)])
    feed.check(NOON)
    assert silent_since(feed.known, NOON) == last
    feed.check(NOON + DAY)
    assert silent_since(feed.known, NOON + DAY) == last
    feed.published = [*feed.published, NOON + DAY + HOUR]
    feed.check(NOON + 2 * DAY)
    assert silent_since(feed.known, NOON + 2 * DAY) is None, "it lives again"


def test_what_another_feed_named_first_is_no_silence() -> None:
    feed = Feed(by_day(6))
    feed.named = {item(time).url for time in feed.published}  # the front page's feed is always quicker
    for moment in feed.follow(MIDNIGHT + DAY, MIDNIGHT + 5 * DAY):
        assert moment < MIDNIGHT + 2 * DAY or silent_since(feed.known, moment) is None


def test_one_holiday_is_forgotten() -> None:
    published = [time for time in by_day(45) if not 3 <= (time - MIDNIGHT).days < 12]
    feed = Feed(published)
    gaps = [feed.known.gap_seconds or 0.0 for _ in feed.follow(MIDNIGHT + DAY, MIDNIGHT + 45 * DAY)]
    assert max(gaps) > (9 * DAY).total_seconds()
    assert gaps[-1] < 0.3 * max(gaps), f"{FORGET_GAP} at every answer with something new"


def shaped(count: int, *, dated: bool = True, titled: bool = True) -> list[Discovery]:
    return [
        Discovery(f"http://bao-mau.example/{n}", "Tin" if titled else None, NOON if dated else None)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (shaped(3), "3 items, usually 30"),
        ([], "0 items, usually 30"),
        (shaped(30, dated=False), "0% of the items with a date, usually 100%"),
        (shaped(30, titled=False), "0% of the items with a title, usually 100%"),
        (shaped(12), None),
        (shaped(300), None),
    ],
)
def test_another_shape_is_told_at_once_and_forgotten_when_it_is_over(answer: list[Discovery], says: str | None) -> None:
    feed = Feed([])
    for number in range(SHAPES_SEEN):
        feed.answer(shaped(30), NOON + number * HOUR)
        assert feed.alert is None
    feed.answer(answer, NOON + 5 * HOUR)
    assert feed.alert == says
    feed.answer(None, NOON + 6 * HOUR)
    assert feed.alert == says, "unchanged is still unusual"
    feed.answer(shaped(30), NOON + 7 * HOUR)
    assert feed.alert is None


def test_another_shape_that_stays_becomes_the_usual_one_slowly() -> None:
    feed = Feed([])
    for number in range(10):
        feed.answer(shaped(30), NOON + number * HOUR)
    alerts = []
    for number in range(200):
        feed.answer(shaped(4), NOON + (10 + number) * HOUR)
        alerts.append(feed.alert)
    assert all(alerts[:10]), "days, not hours: somebody should have looked"
    assert alerts[-1] is None


def test_few_answers_are_no_habit() -> None:
    feed = Feed([])
    for number, count in enumerate((30, 0, 30, 2)):
        feed.answer(shaped(count), NOON + number * HOUR)
        assert feed.alert is None or number >= SHAPES_SEEN
