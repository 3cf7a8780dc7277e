"""Flags in words: one entry a rule, saying how its values read. A rule that is not here is shown by its id."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from review.show import Show
from review.words import WORDS

Reader = Callable[[Show, Any], str]


def _text(show: Show, value: Any) -> str:
    return show.say("unknown") if value is None else str(value)


def _doubt(show: Show, value: Any) -> str:
    return show.say(f"date.{value}") if f"date.{value}" in WORDS else _text(show, value)


def _time(show: Show, value: Any) -> str:
    if not isinstance(value, str):
        return show.say("unknown")
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return value
    return show.moment(read) if read.tzinfo else value


def _change(show: Show, value: Any) -> str:
    """What an edit changed, as the end of a sentence; nothing for flags that were raised before this was kept."""
    if not isinstance(value, Mapping):
        return ""
    return "".join(f"; {part}" for part in show.change(value))


def _topic(show: Show, value: Any) -> str:
    return show.topic(value) if isinstance(value, str) else _text(show, None)


def _labels(show: Show, value: Any) -> str:
    return show.say("because_labels", count=_text(show, value)) if value else show.say("because_no_labels")


# Why an article teaches the machine something (the rule `learning`): what is said of each reason, and how it reads.
REASONS: dict[str, dict[str, Reader]] = {
    "relevance": {"value": lambda show, value: show.value("relevance", value), "score": Show.number},
    "tone": {"value": lambda show, value: show.value("tone", value), "score": Show.number},
    "topic": {"topic": _topic, "score": Show.number, "other": _topic, "other_score": Show.number},
    "near_topic": {"topic": _topic, "score": Show.number},
    "no_topic": {},
    "rare_topic": {"value": _topic, "labels": _labels, "enough": _text},
    "rare_tone": {"value": lambda show, value: show.value("tone", value), "labels": _labels, "enough": _text},
    "rare_language": {
        "value": lambda show, value: show.tongue(str(value)) if value else _text(show, None),
        "labels": _labels,
        "enough": _text,
    },
}


def _because(show: Show, value: Any) -> str:
    """Why the machine learns from this article: its doubt, or what there are few labels of."""
    found: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    kind = str(found.get("what"))
    if kind not in REASONS:
        return show.say("unknown")
    return show.say(f"because.{kind}", **{name: read(show, found.get(name)) for name, read in REASONS[kind].items()})


def _words(show: Show, value: Any) -> str:
    """Whether there is a lexicon, as part of a sentence. Flags from before this was kept were raised for that alone."""
    return "" if value else f"; {show.say('flag.no_lexicon')}"


def _unmeasured(show: Show, value: Any) -> str:
    """What was not measured in the language, as the end of a sentence."""
    tasks = [show.task(str(task)) for task in value] if isinstance(value, list) else []
    return f"; {show.say('flag.not_measured', tasks=', '.join(tasks))}" if tasks else ""


RULES: dict[str, dict[str, Reader]] = {
    "watch": {"query": _text},
    "low_confidence": {"score": Show.number, "threshold": Show.number},
    "date_anomaly": {"published_at": _time, "reason": _doubt},
    "unsupported_language": {
        "language": lambda show, value: show.tongue(str(value)) if value else _text(show, None),
        "words": _words,
        "unmeasured": _unmeasured,
    },
    "audit": {"share": Show.share},
    "learning": {"because": _because},
    "revised": {"revision": _text, "change": _change},
    "withdrawn": {"status": _text},
}


def describe(show: Show, rule: str, values: Mapping[str, Any]) -> str:
    """The stated reason: the rule in words, with its threshold and what was found."""
    readers = RULES.get(rule)
    if readers is None:
        return rule
    return show.say(f"flag.{rule}", **{name: read(show, values.get(name)) for name, read in readers.items()})


def rule_name(show: Show, rule: str) -> str:
    """The rule in a few words, for the filter."""
    return show.say(f"rule.{rule}") if f"rule.{rule}" in WORDS else rule
