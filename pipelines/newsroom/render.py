"""Jinja2 templates -> the bytes of an HTML page, dressed with the page furniture of the outlet's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.newsroom.content import Article, Outlet
from pipelines.newsroom.entry import ContentError, Entry, read_yaml

_WEEKDAYS_VI = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
# Not %B of strftime: that one follows the machine's locale.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class Item:
    """A line of a listing or of a "related" box."""

    path: str
    title: str
    lead: str = ""
    published: datetime | None = None


@dataclass(frozen=True)
class Group:
    """A block of a listing page: a section's name and its items."""

    path: str
    title: str
    items: tuple[Item, ...]


def date_line(pattern: str, moment: datetime) -> str:
    """Return `moment` as the page prints it: %d %m %Y %H %M %B and %{weekday_vi}."""
    values = {
        "d": f"{moment.day:02}",
        "m": f"{moment.month:02}",
        "Y": f"{moment.year}",
        "H": f"{moment.hour:02}",
        "M": f"{moment.minute:02}",
        "B": _MONTHS[moment.month - 1],
        "{weekday_vi}": _WEEKDAYS_VI[moment.weekday()],
    }
    return re.sub(r"%(\{weekday_vi\}|[dmYHMB])", lambda match: values[match[1]], pattern)


def load_words(folder: Path) -> Mapping[str, Mapping[str, str]]:
    """Return the furniture words by language; every language must have the same keys."""
    path = folder / "words.yaml"
    top = Entry(str(path), read_yaml(path) or {})
    words = {language: top.part(language) for language in top.values}
    keys = {key for entry in words.values() for key in entry.values}
    for entry in words.values():
        if missing := keys - set(entry.values):
            entry.fail(f"no word for {', '.join(sorted(missing))}", "the keys the other languages have")
    return {language: {key: entry.text(key) for key in entry.values} for language, entry in words.items()}


class Renderer:
    """Holds the templates and the words."""

    def __init__(self, folder: Path) -> None:
        self._words = load_words(folder)
        self._environment = Environment(
            loader=FileSystemLoader(folder / "templates"),
            autoescape=True,
            undefined=StrictUndefined,  # a misspelt name fails a test instead of printing nothing
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def check(self, outlet: Outlet) -> None:
        """Refuse an outlet whose language has no words."""
        if outlet.language not in self._words:
            msg = f"words.yaml: no words for {outlet.language!r} ({outlet.id}); valid: {', '.join(self._words)}"
            raise ContentError(msg)

    def article(self, outlet: Outlet, origin: str, article: Article, **context: Any) -> bytes:
        """Return an article page in the outlet's template."""
        return self._render(f"{outlet.template}.html", outlet, origin, article=article, **context)

    def listing(
        self,
        outlet: Outlet,
        origin: str,
        title: str,
        groups: tuple[Group, ...] = (),
        pages: Mapping[str, str] | None = None,
        message: str = "",
    ) -> bytes:
        """Return a front page, a section page, or (with `message`) a page that says why there is nothing."""
        context = {"title": title, "groups": groups, "pages": pages or {}, "message": message}
        return self._render("listing.html", outlet, origin, **context)

    def _render(self, template: str, outlet: Outlet, origin: str, **context: Any) -> bytes:
        def shown(moment: datetime) -> str:
            return date_line(outlet.date_line, moment)

        page = self._environment.get_template(template)
        words = self._words[outlet.language]
        return page.render(outlet=outlet, origin=origin, words=words, shown=shown, **context).encode()
