"""The watch on drift: how often it cries for nothing, and how small a change it sees. On streams made here.

    python bench/drift.py [--streams 10]

A stream is a registry's: outlets of their own country, language and favourite topics, stories that bring up to `heap`
articles of one topic, quieter Sundays, and a mix of topics that wanders a little from week to week, as news does. No
real stream of weeks with a machine's word on every article is at hand: the figures say how the rule behaves, not how
often real news will raise it.
"""

import argparse
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from pipelines.drift import WEEK, Check, compare
from store.drift import Seen

FIRST = datetime(2026, 1, 4, 17, tzinfo=UTC)
LENGTH = 20  # weeks of a quiet stream
SHARES = (0.05, 0.1, 0.2, 0.3)  # of a week's articles that are changed
TOPICS = [f"topic{n}" for n in range(19)]
COUNTRIES = ["VN"] * 6 + ["US", "GB", "CN", "JP", "TH", "SG", "AU", "FR", "DE", "RU", "KR", "IN", "ID", "MY"]
LANGUAGES = {"VN": "vi", "CN": "zh", "JP": "ja", "TH": "th", "FR": "fr", "DE": "de", "RU": "ru", "KR": "ko"}
SUPPORTED = frozenset({"vi", "en", "zh", "ja", "th", "fr", "de", "ru"})


class Stream:
    """Weeks on end. An outlet is its country; `wander` is how far the weights of topics go up and down by the week."""

    def __init__(self, seed: int, daily: int, heap: int, wander: float = 0.3) -> None:
        self.random, self.daily, self.heap, self.wander = Random(seed), daily, heap, wander
        self.base = [self.random.paretovariate(1.2) for _ in TOPICS]
        self.countries = self.random.choices(COUNTRIES, k=40)
        self.sizes = list(accumulate(self.random.paretovariate(1.0) for _ in self.countries))

    def week(self, first: datetime) -> list[Seen]:
        """The articles of a week, with its own mix of topics."""
        weights = [weight * self.random.lognormvariate(0, self.wander) for weight in self.base]
        found: list[Seen] = []
        for day in range(7):
            at = first + timedelta(days=day, hours=4)
            wanted = len(found) + self.daily * (0.6 if at.weekday() == 6 else 1.0)
            while len(found) < wanted:
                topic = self.random.choices(TOPICS, weights)[0]
                found += [self.article(at, topic) for _ in range(self.random.randint(1, self.heap))]
        return found

    def article(self, at: datetime, topic: str) -> Seen:
        """One article of a drawn outlet."""
        country = self.random.choices(self.countries, cum_weights=self.sizes)[0]
        relevance = self.random.choices(("central", "substantial", "passing", "none"), (55, 10, 10, 25))[0]
        length = 120 if self.random.random() < 0.03 else 2_500
        named = None if self.random.random() < 0.06 else topic
        score = self.random.betavariate(4, 2)
        tone = "unclear" if self.random.random() < 0.4 else "neutral"
        return Seen(at, LANGUAGES.get(country, "en"), country, length, "m", relevance, named, tone, score)

    def weeks(self, count: int) -> list[tuple[datetime, list[Seen]]]:
        """Weeks on end, each with its beginning."""
        return [(FIRST + n * WEEK, self.week(FIRST + n * WEEK)) for n in range(count)]


CHANGES: dict[str, Callable[[Seen], Seen]] = {
    "language": lambda seen: replace(seen, language="km"),
    "country": lambda seen: replace(seen, country="KH"),
    "short_text": lambda seen: replace(seen, length=90),
    "unsupported_language": lambda seen: replace(seen, language="km"),
    "relevance": lambda seen: replace(seen, relevance="none"),
    "topic": lambda seen: replace(seen, topic="topic0", relevance="central"),
    "no_topic": lambda seen: replace(seen, topic=None, relevance="central"),
    "unclear_tone": lambda seen: replace(seen, tone="unclear", relevance="central"),
    "topic_score": lambda seen: replace(seen, score=seen.score / 2),
}


def checks(start: datetime, recent: list[Seen], before: list[tuple[datetime, list[Seen]]]) -> dict[str, Check]:
    """The checks of a week against those before it."""
    reference = [seen for _, week in before for seen in week]
    return {check.name: check for check in compare(recent, reference, start, SUPPORTED)}


def quiet(streams: int, daily: int, heap: int) -> None:
    """How many weeks of streams in which nothing happens raise an alarm."""
    raised, beyond, alarms, looks = Counter[str](), Counter[str](), 0, 0
    for seed in range(streams):
        weeks = Stream(seed, daily, heap).weeks(LENGTH)
        for n in range(4, LENGTH):
            found = checks(*weeks[n], weeks[n - 4 : n])
            raised.update(name for name, check in found.items() if check.raised)
            beyond.update(name for name, check in found.items() if check.value and check.value >= check.threshold)
            alarms += any(check.raised for check in found.values())
            looks += 1
    print(f"| {daily} | {heap} | {looks} | {alarms / looks:.1%} | {dict(raised)} | {dict(beyond)} |", flush=True)


def changed(streams: int, daily: int, heap: int) -> None:
    """How often a change of a share of the articles is seen by the check it is meant for."""
    hits: Counter[tuple[str, float]] = Counter()
    for seed in range(streams):
        *before, (start, recent) = Stream(1_000 + seed, daily, heap).weeks(5)
        for share in SHARES:
            drawn = set(Random(seed).sample(range(len(recent)), round(share * len(recent))))
            for name, change in CHANGES.items():
                altered = [change(one) if n in drawn else one for n, one in enumerate(recent)]
                hits[name, share] += checks(start, altered, before)[name].raised
    for name in CHANGES:
        rates = " | ".join(f"{hits[name, share] / streams:.0%}" for share in SHARES)
        print(f"| {name} | {daily} | {rates} |", flush=True)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=10)
    streams = parser.parse_args().streams
    print("| articles a day | heap | quiet weeks | with an alarm | which | beyond the threshold alone |")
    print("|---|---|---|---|---|---|")
    for daily, heap in ((40, 5), (100, 5), (100, 20), (400, 20)):
        quiet(streams, daily, heap)
    print(
        "\n| check | articles a day |",
        " | ".join(f"seen at {share:.0%}" for share in SHARES),
        "|\n|---|---|---|---|---|---|",
    )
    for daily in (100, 400):
        changed(streams, daily, 5)


if __name__ == "__main__":
    main()
