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


RULES: dict[str, dict[str, Reader]] = {
    "watch": {"query": _text},
    "low_confidence": {"score": Show.number, "threshold": Show.number},
    "date_anomaly": {"published_at": _time, "reason": _doubt},
    "unsupported_language": {"language": lambda show, value: show.tongue(str(value)) if value else _text(show, None)},
    "audit": {"share": Show.share},
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
