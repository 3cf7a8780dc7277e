"""One entry of a newsroom YAML file, read key by key; every complaint says file, entry, fault and what is valid."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import yaml

try:  # libyaml reads the 200 articles in 0.1 s instead of 1.5 s; some builds of PyYAML come without it
    from yaml import CSafeLoader as Loader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

# Four weeks: what the weekly report needs for "this week against the weeks before".
MAX_DAYS_AGO = 28

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ContentError(ValueError):
    """A file of the sample newsroom is wrong. Raised while loading; the message is meant for whoever wrote the file."""


@dataclass(frozen=True)
class Entry:
    """A YAML mapping and where it stands, e.g. ``articles/song-hong.yaml: article 'mua-lu'``."""

    where: str
    values: Mapping[str, Any]

    def fail(self, fault: str, valid: str) -> NoReturn:
        """Refuse this entry."""
        msg = f"{self.where}: {fault}; valid: {valid}"
        raise ContentError(msg)

    def only(self, keys: str) -> None:
        """Refuse keys outside `keys` ("slug title ..."): a misspelt optional key would otherwise be ignored."""
        for key in self.values:
            if key not in keys.split():
                self.fail(f"unknown key {key!r}", ", ".join(keys.split()))

    def text(self, key: str, default: str | None = None) -> str:
        """Return a non-empty NFC string; `default` when the key is absent."""
        if key not in self.values and default is not None:
            return default
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fail(f"{key} is {value!r}", "a text that is not empty")
        return self.nfc(key, value.strip())

    def texts(self, key: str, default: Collection[str] = ()) -> tuple[str, ...]:
        """Return a list of strings."""
        value = self.values.get(key, list(default))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(f"{key} is {value!r}", "a list of texts")
        return tuple(self.nfc(key, item) for item in value)

    def rows(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Return a list of lists of texts (a table, or [old, new] pairs)."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
            self.fail(f"{key} is {value!r}", "a list of lists")
        return tuple(tuple(self.nfc(key, str(cell)) for cell in row) for row in value)

    def choice(self, key: str, valid: Collection[str]) -> str:
        """Return one of `valid`."""
        value = self.values.get(key)
        if not isinstance(value, str) or value not in valid:
            self.fail(f"{key} is {value!r}", ", ".join(valid))
        return value

    def slug(self, key: str = "slug") -> str:
        """Return an address part: ASCII lower case and hyphens."""
        value = self.values.get(key)
        if not isinstance(value, str) or not SLUG.fullmatch(value):
            self.fail(f"{key} is {value!r}", "a-z, 0-9 and single hyphens, e.g. mua-lu-lam-giang")
        return value

    def moment(self, anchor: date, zone: ZoneInfo) -> datetime:
        """Return `days_ago` and `time`, counted back from `anchor` on the outlet's own clock."""
        days = self.values.get("days_ago")
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= MAX_DAYS_AGO:
            self.fail(f"days_ago is {days!r}", f"a whole number from 1 to {MAX_DAYS_AGO}")
        clock = self.values.get("time")
        # Unquoted 13:51 is the number 831 in YAML 1.1.
        if not isinstance(clock, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock):
            self.fail(f"time is {clock!r}", 'hours and minutes in quotes, e.g. "13:51"')
        return datetime.combine(anchor - timedelta(days=days), time.fromisoformat(clock), tzinfo=zone)

    def part(self, key: str) -> "Entry":
        """Return a nested mapping."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            self.fail(f"{key} is {value!r}", "a mapping")
        return Entry(f"{self.where}, {key}", value)

    def parts(self, key: str, name_key: str) -> list["Entry"]:
        """Return a list of nested mappings, each known by its `name_key`."""
        return entries(f"{self.where}: {key}", self.values.get(key, []), name_key)

    def nfc(self, key: str, text: str) -> str:
        """Return `text`, refusing decomposed Unicode: it looks the same and compares different."""
        if not unicodedata.is_normalized("NFC", text):
            self.fail(f"{key} is not NFC Unicode ({text[:30]!r})", "what unicodedata.normalize('NFC', ...) returns")
        return text


def entries(where: str, rows: Any, name_key: str) -> list[Entry]:
    """Return the mappings of a YAML list, each named by its own `name_key`."""
    if not isinstance(rows, list):
        msg = f"{where}: the content is a {type(rows).__name__}; valid: a list of mappings"
        raise ContentError(msg)
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            msg = f"{where}: entry {number} is {row!r}; valid: a mapping with the key {name_key}"
            raise ContentError(msg)
    return [Entry(f"{where} {row.get(name_key, f'number {n}')!r}", row) for n, row in enumerate(rows, start=1)]


def read_yaml(path: Path) -> Any:
    """Return the parsed content of a YAML file."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=Loader)
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); valid: a UTF-8 YAML file at this place"
        raise ContentError(msg) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        msg = f"{path}: not YAML ({' '.join(str(error).split())}); valid: UTF-8 YAML, texts with ': ' in quotes"
        raise ContentError(msg) from error
