"""An outlet as one YAML file: reading it, checking it, and saying what is wrong by file and line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from crawler.errors import SourceError
from crawler.extraction.hints import Hints, compiled
from crawler.urls import fetchable
from crawler.yamls import explain, read_yaml

Scope = Literal["national", "provincial", "ministry", "agency", "foreign"]
FeedKind = Literal["rss", "atom", "json_feed", "news_sitemap", "sitemap", "section"]
Confidence = Literal["high", "medium", "low"]


def _selector(text: str) -> str:
    compiled(text)
    return text


Selector = Annotated[str, AfterValidator(_selector)]


class Feed(BaseModel):
    """A URL that lists articles. A disabled one says why.

    `links`, for a section page, is a regular expression that article URLs match.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    kind: FeedKind
    enabled: bool = True
    reason: str = ""
    links: str = ""
    evidence: str = ""
    confidence: Confidence | None = None
    notes: str = ""

    @field_validator("url")
    @classmethod
    def _fetchable(cls, url: str) -> str:
        if not fetchable(url):
            raise ValueError("not an http(s) URL")
        return url

    @field_validator("links")
    @classmethod
    def _pattern(cls, links: str) -> str:
        try:
            re.compile(links)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return links

    @model_validator(mode="after")
    def _says_why(self) -> "Feed":
        if not self.enabled and not self.reason:
            raise ValueError("a disabled feed needs a reason")
        return self


class Extract(BaseModel):
    """Where an outlet's pages hold the text: CSS selectors of its container, and of what in it is no text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    body: Selector = ""
    remove: tuple[Selector, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "Extract":
        if not self.body and not self.remove:
            raise ValueError("needs a body, or something to remove")
        return self


class Source(BaseModel):
    """An outlet. `id` is the file's name; `country` is ISO 3166-1 (`XX` = unknown), `languages` are ISO 639-1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    name_vi: str = ""
    name_en: str = ""
    domain: str = Field(min_length=1)
    country: str = Field(pattern=r"^[A-Z]{2}$")
    languages: tuple[str, ...] = Field(min_length=1)
    scope: Scope
    group: str = ""
    timezone: str = "UTC"
    enabled: bool = True
    reason: str = ""
    tls: Literal["verified", "unverified"] = "verified"
    tls_reason: str = ""
    feeds: tuple[Feed, ...] = ()
    extract: Extract | None = None
    notes: str = ""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("not an IANA time zone, such as Asia/Ho_Chi_Minh") from error
        return name

    @model_validator(mode="after")
    def _says_why(self) -> "Source":
        if not self.enabled and not self.reason:
            raise ValueError("a disabled source needs a reason")
        if (self.tls == "unverified") != bool(self.tls_reason):
            raise ValueError("'tls: unverified' needs a tls_reason, and nothing else may have one")
        return self

    @property
    def hints(self) -> Hints | None:
        """What its pages' readers are told, if anything."""
        return Hints(self.extract.body, self.extract.remove) if self.extract else None


def load_source(path: Path) -> Source:
    """Read one outlet.

    Raises
    ------
    SourceError
        The file cannot be read, is not YAML, or does not describe an outlet; the message names file, line and remedy.
    """
    data, text = read_yaml(path, "data/sources/README.md")
    if not isinstance(data, dict):
        raise SourceError(
            f"{path}, line 1: expected an outlet (name:, domain:, country:, ...), got {type(data).__name__}"
        )
    try:
        return Source(id=path.stem, **{key: value for key, value in data.items() if key != "id"})
    except ValidationError as error:
        raise SourceError(explain(path, text, error, _model_of, "the outlet")) from error
    except TypeError as error:
        raise SourceError(f"{path}, line 1: keys must be words: {error}") from error


def load_sources(folder: Path) -> dict[str, Source]:
    """Every outlet below `folder`, by id, in the order of their ids.

    Raises
    ------
    SourceError
        There is no such folder, a file is wrong, or two files have one id.
    """
    if not folder.is_dir():
        raise SourceError(
            f"no folder of sources at {folder}; set DIEMBAO_SOURCES_DIR or run 'diembao sources import FILE'"
        )
    found: dict[str, Source] = {}
    where: dict[str, Path] = {}
    for path in source_files(folder):
        source = load_source(path)
        if source.id in found:
            raise SourceError(f"{path}: the id {source.id!r} is taken by {where[source.id]}; rename one of them")
        found[source.id], where[source.id] = source, path
    return dict(sorted(found.items()))


def source_files(folder: Path) -> Iterator[Path]:
    """The YAML files of a registry."""
    yield from sorted(folder.rglob("*.yaml"))


def dump_source(source: Source) -> str:
    """An outlet as the YAML we keep: only what differs from the default, in the order of the fields."""
    data = source.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


def _model_of(location: tuple[Any, ...]) -> type[BaseModel]:
    parts: dict[str, type[BaseModel]] = {"feeds": Feed, "extract": Extract}
    return parts.get(str(location[0]), Source)
