"""What readers said of articles, and their agreement by field and language as a table."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from classify.evaluation.agreement import Distance, alpha_interval, jaccard, masi, nominal, raw
from classify.evaluation.intervals import Interval

ALL = "all"


@dataclass(frozen=True)
class Reading:
    """One reader's labels of one article, as data/guidelines says; "" where nothing was said.

    `group` is what the article belongs together with (a story, an outlet and month), for the interval; "" stands
    for the article alone.
    """

    article: str
    reader: str
    language: str
    relevance: str = ""
    topics: tuple[str, ...] = ()
    tone: str = ""
    valence: str = ""
    voice: str = ""
    group: str = ""


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha of one field in one language, over `articles` that at least two readers labelled.

    `equal` is the share of agreement with chance left in.
    """

    field: str
    language: str
    articles: int
    equal: float
    alpha: Interval


def _tone(reading: Reading) -> str | None:
    # "n/a" follows from relevance: kept as a value, it would count agreement on relevance a second time.
    return reading.tone if reading.tone not in ("", "n/a") else None


def _three(reading: Reading) -> str | None:
    return {"negative": "critical", "mixed": "critical"}.get(reading.tone, _tone(reading))


def _voice(reading: Reading) -> str | None:
    return reading.voice if reading.voice not in ("", "none") else None


# What is compared, under the name shown: where it stands in a reading, and how far two values are apart.
FIELDS: dict[str, tuple[Callable[[Reading], Hashable | None], Distance]] = {
    "relevance": (lambda reading: reading.relevance or None, nominal),
    "primary topic": (lambda reading: reading.topics[0] if reading.topics else None, nominal),
    "topics (MASI)": (lambda reading: frozenset(reading.topics) or None, masi),
    "topics (Jaccard)": (lambda reading: frozenset(reading.topics) or None, jaccard),
    "tone": (_tone, nominal),
    "tone of three": (_three, nominal),
    "valence": (lambda reading: reading.valence or None, nominal),
    "voice": (_voice, nominal),
}


def agreements(readings: Iterable[Reading]) -> tuple[Agreement, ...]:
    """Every field over all languages and in each; what no two readers said is left out.

    A reader's second reading of an article is passed over: it shows that reader's constancy, not agreement.
    """
    articles: dict[str, dict[str, Reading]] = defaultdict(dict)
    for reading in readings:
        articles[reading.article].setdefault(reading.reader, reading)
    twice = [list(articles[name].values()) for name in sorted(articles) if len(articles[name]) > 1]
    languages = sorted({unit[0].language for unit in twice})
    rows = []
    for field in FIELDS:
        for language in (ALL, *languages):
            kept = [unit for unit in twice if language in (ALL, unit[0].language)]
            found = _agreement(field, language, kept)
            rows += [found] if found.articles else []
    return tuple(rows)


def _agreement(field: str, language: str, articles: Sequence[Sequence[Reading]]) -> Agreement:
    pick, distance = FIELDS[field]
    said = [([pick(reading) for reading in unit], unit[0].group or unit[0].article) for unit in articles]
    said = [(unit, group) for unit, group in said if sum(value is not None for value in unit) > 1]
    if not said:
        nothing = float("nan")
        return Agreement(field, language, 0, nothing, Interval(nothing, nothing, nothing, 0, 0))
    units = [unit for unit, _ in said]
    found = alpha_interval(units, [group for _, group in said], distance)
    return Agreement(field, language, len(units), raw(units, distance), found)


def as_text(rows: Iterable[Agreement]) -> str:
    """The table: one line a field and language."""
    head = f"{'field':18} {'language':8} {'articles':>8} {'equal':>6}  alpha"
    lines = [f"{row.field:18} {row.language:8} {row.articles:8d} {row.equal:6.3f}  {row.alpha}" for row in rows]
    return "\n".join([head, *lines])
