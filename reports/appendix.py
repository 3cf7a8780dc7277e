"""The appendix: every article of the week, numbered by topic and tone, and an index from each count to its numbers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from reports.anchors import anchor
from reports.quotes import Quote
from reports.words import TONES, Text, clean, country_name, language_name, moment_text
from store.figures import ArticleFact

# A tone-by-topic cell leads to one stretch of the list, so the list is in this order within a topic.
TONE_ORDER: tuple[str | None, ...] = (*TONES, None)
MARKS: dict[str, tuple[Text, Callable[[ArticleFact], bool]]] = {
    "copy": (Text("bản đăng lại", "copy"), lambda article: article.copy),
    "revised": (Text("đã sửa", "revised"), lambda article: article.revised),
    "undated": (Text("không ghi ngày, lấy lúc thấy lần đầu", "undated: first seen"), lambda article: not article.dated),
    "reviewed": (Text("người đã xem", "reviewed"), lambda article: article.verdict is not None),
}


@dataclass(frozen=True)
class Entry:
    """An article in the list. `href` is None when its address is not http or https; `number` is 0 when not listed."""

    number: int
    id: int
    title: str
    lang: str
    href: str | None
    outlet: Text
    country: Text
    language: Text
    when: str
    tone: str | None
    marks: tuple[Text, ...]
    quote: Quote | None


@dataclass(frozen=True)
class ToneGroup:
    """The articles of a topic with one tone; None = tone is not asked, Vietnam being at most mentioned."""

    anchor: str
    tone: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class TopicGroup:
    """The articles of a topic."""

    anchor: str
    name: Text
    tones: tuple[ToneGroup, ...]

    @property
    def count(self) -> int:
        """How many articles."""
        return sum(len(group.entries) for group in self.tones)


@dataclass(frozen=True)
class IndexLine:
    """A counted thing and its articles, as runs of numbers: (3, 3) is one article, (7, 9) are three."""

    anchor: str
    name: Text
    count: int
    runs: tuple[tuple[int, int], ...]


def list_articles(
    articles: Iterable[ArticleFact], topics: Mapping[str, Text], quotes: Mapping[int, Quote]
) -> tuple[TopicGroup, ...]:
    """Every article once, in the order of `topics`, then by tone, then by time."""
    grouped: dict[str, dict[str | None, list[ArticleFact]]] = defaultdict(lambda: defaultdict(list))
    for article in articles:
        grouped[article.topic][article.tone].append(article)
    groups = []
    number = 0
    for topic, name in topics.items():
        tones = []
        for tone in sorted(grouped.get(topic, {}), key=_tone_rank):
            found = grouped[topic][tone]
            entries = tuple(make_entry(article, number + at, quotes) for at, article in enumerate(found, 1))
            number += len(found)
            tones.append(ToneGroup(anchor("topic", topic, "tone", tone or "none"), tone, entries))
        if tones:
            groups.append(TopicGroup(anchor("topic", topic), name, tuple(tones)))
    return tuple(groups)


def make_entry(article: ArticleFact, number: int, quotes: Mapping[int, Quote]) -> Entry:
    """An article as it is shown."""
    return Entry(
        number=number,
        id=article.id,
        title=clean(article.title) or "—",
        lang=article.language if article.language.isalpha() and article.language != "und" else "",
        href=safe_url(article.url),
        outlet=Text(clean(article.outlet_vi, 80), clean(article.outlet_en, 80)),
        country=country_name(article.country),
        language=language_name(article.language),
        when=moment_text(article.at),
        tone=article.tone,
        marks=tuple(words for words, applies in MARKS.values() if applies(article)),
        quote=quotes.get(article.id),
    )


def safe_url(url: str) -> str | None:
    """The address, when a browser would open it as http or https and as nothing else."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def index_line(place: str, name: Text, articles: Iterable[ArticleFact], numbers: Mapping[int, int]) -> IndexLine:
    """The line of the index at `place`; `numbers` maps an article's id to its number in the list."""
    found = sorted(numbers[article.id] for article in articles)
    return IndexLine(place, name, len(found), _runs(found))


def _runs(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)


def _tone_rank(tone: str | None) -> int:
    return TONE_ORDER.index(tone) if tone in TONE_ORDER else len(TONE_ORDER)
