"""Values in the reader's words: times, countries, languages, shares, topics, tags. Templates escape them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal, format_percent

from classify.taxonomy import Topic
from review.words import WORDS, Language, say

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
TIME = {"vi": "HH:mm, dd/MM/yyyy", "en": "d MMM yyyy, HH:mm"}
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True)
class Show:
    """How values read in one language; `topics` by id, in the order of the taxonomy."""

    language: Language
    topics: Mapping[str, Topic]

    def say(self, key: str, /, **values: object) -> str:
        """See `review.words.say`."""
        return say(self.language, key, **values)

    def moment(self, value: datetime | None) -> str:
        """A time as it is in Vietnam, whoever published and wherever the reader sits."""
        if value is None:
            return self.say("unknown")
        local = value.astimezone(VIETNAM)
        return str(format_datetime(local, TIME[self.language], tzinfo=VIETNAM, locale=self.language))

    def iso(self, value: datetime) -> str:
        """A time for `<time datetime>`."""
        return value.astimezone(VIETNAM).isoformat(timespec="minutes")

    def country(self, code: str) -> str:
        """The name of a country; a code that is none stays as it is."""
        return str(Locale(self.language).territories.get(code.upper(), code))

    def tongue(self, code: str) -> str:
        """The name of a language; a code that is none stays as it is."""
        name = str(Locale(self.language).languages.get(code.replace("-", "_"), code))
        if code == "und":  # the name says that it is unknown, and is that of no language
            return name.lower()
        return f"tiếng {name.removeprefix('Tiếng ')}" if self.language == "vi" and name != code else name

    def share(self, value: Any) -> str:
        """A number from 0 to 1 as a percentage; under 10% with one decimal where it has one."""
        if not _is_number(value):
            return self.say("unknown")
        pattern = "#,##0.#%" if abs(value) < 0.1 else "#,##0%"
        return str(format_percent(value, pattern, locale=self.language))

    def number(self, value: Any) -> str:
        """A confidence, with two decimals."""
        return str(format_decimal(value, "0.00", locale=self.language)) if _is_number(value) else self.say("unknown")

    def topic(self, key: str) -> str:
        """The name of a topic; an id that left the taxonomy stays as it is."""
        topic = self.topics.get(key)
        return topic.names.get(self.language, key) if topic else key

    def topic_notes(self, key: str) -> str:
        """What a topic covers and what it does not, with ids turned into names."""
        notes = self.topics[key].notes
        lines = [(f"topic_{name}", notes.get(name) or {}) for name in ("covers", "not")]
        return "\n".join(self.say(word, text=self._named(text[self.language])) for word, text in lines if text)

    def value(self, field: str, value: Any) -> str:
        """A label's or prediction's value: relevance, topics, tone, valence, voice, unsure or verdict."""
        if field == "topics":
            return " · ".join(self.topic(key) for key in value or ()) or self.say("none_yet")
        if value is None:
            return self.say("not_asked") if field in ("tone", "voice") else self.say("none_yet")
        return self.say(f"{field}.{value}") if f"{field}.{value}" in WORDS else str(value)

    def tag(self, tag: str) -> str:
        """A tag of the machine, `topic:economy`, `tone:negative` or `relevance`, in words."""
        head, _, rest = tag.partition(":")
        if head == "topic":
            return self.topic(rest)
        if head == "tone" and rest:
            return f"{self.say('tone')}: {self.value('tone', rest).lower()}"
        return self.say("relevance_short" if head == "relevance" else head) if head in WORDS else tag

    def tags(self, shares: Iterable[tuple[str, Any]]) -> str:
        """Several tags in words, each with its share."""
        return ", ".join(f"{self.tag(tag)} {self.share(share)}" for tag, share in shares)

    def task(self, task: str) -> str:
        """What the machine is asked, in a word, within a sentence."""
        key = {"relevance": "relevance_short", "topics": "topic"}.get(task, task)
        return self.say(key).lower() if key in WORDS else task

    def change(self, found: Mapping[str, Any]) -> list[str]:
        """What an edit changed, part by part: words added and removed, the title, the first change in short."""
        counts = [(kind, found.get(kind)) for kind in ("added", "removed")]
        parts = [self.say(f"change.{kind}", count=count) for kind, count in counts if count]
        parts += [self.say("change.title")] if found.get("title") else []
        was, now = str(found.get("was") or ""), str(found.get("now") or "")
        if was or now:
            key = "change.both" if was and now else "change.was" if was else "change.now"
            parts.append(self.say(key, **{name: text for name, text in (("was", was), ("now", now)) if text}))
        return parts

    def _named(self, text: str) -> str:
        for key in self.topics:
            text = text.replace(f"-> {key}", f"→ {self.topic(key)}")
        return text


def direction(language: str) -> str:
    """`rtl` or `ltr`, for a text in that language."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def web_link(url: str) -> str | None:
    """The address, when it is one of the web: a page may name any, `javascript:` among them."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
