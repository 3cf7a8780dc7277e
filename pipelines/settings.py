"""The settings: one list with defaults, from `diembao.toml` or DIEMBAO_* variables. An unknown one is an error."""

import os
import re
import socket
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pipelines.errors import UsageError

PREFIX = "DIEMBAO_"
FILE = "diembao.toml"
NOT_SETTINGS = ("DIEMBAO_SHARED", "DIEMBAO_SCREENSHOTS")  # read by the tests and benches only
WEEKLY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):([0-5]\d)")
ROOT = Path(__file__).parent.parent  # where data/ and models/ lie, in a checkout and in an installed wheel alike


class Settings(BaseSettings):
    """Every setting. Paths are relative to the folder the command is started in, but for the shipped ones."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database_url: str = Field("", description="SQLAlchemy address of the database; empty: diembao.db in var_dir")
    var_dir: Path = Field(Path("var"), description="where runtime files live: database, archives, exports")
    sources_dir: Path = Field(ROOT / "data" / "sources", description="the registry of outlets, one YAML each")
    data_dir: Path = Field(ROOT / "data", description="taxonomy and lexicons")
    models_dir: Path = Field(ROOT / "models", description="trained models; current.json names those in service")
    warc_dir: Path | None = Field(None, description="where fetched pages are archived; unset: warc/ in var_dir")

    contact: str = Field(
        "", description="URL or mail address that outlets see in the User-Agent; set it before crawling"
    )
    proxy: str = Field("", description="HTTP proxy for all fetching, http://host:port")
    delay: float = Field(2.0, ge=0, description="seconds between two requests to one host")
    host_connections: int = Field(1, ge=1, le=8, description="connections to one host at a time")
    connections: int = Field(200, ge=1, le=1000, description="requests under way in all")
    timeout: float = Field(20.0, gt=0, description="seconds a request may take in all")
    max_page_mb: float = Field(10.0, gt=0, le=100, description="largest body fetched, in MiB")
    poll_minutes: float = Field(10.0, gt=0, description="shortest time between two checks of a feed")
    poll_max_hours: float = Field(48.0, gt=0, description="longest time between two checks of a feed")
    recheck_hours: tuple[float, ...] = Field(
        (1.0, 24.0, 168.0), description="hours after which a recent article is fetched again, for edits and withdrawals"
    )
    daily_pages: int = Field(10_000, ge=1, description="new pages a day that one outlet may make us fetch")
    sitemap_days: float = Field(30.0, gt=0, description="older entries of long sitemaps are left to a backfill")
    linger: float = Field(30.0, ge=0, description="seconds a crawl stays for a retry that falls due")
    opened: tuple[str, ...] = Field((), description="private ip:port that may be fetched, for the sample newsroom only")

    workers: int = Field(2, ge=1, le=64, description="processes that extract and classify")
    worker_memory_mb: int = Field(700, ge=600, description="address space a worker may use, in MiB")
    page_seconds: float = Field(5.0, gt=0, description="seconds of processor time a page may take to process")

    watch: tuple[str, ...] = Field((), description="queries whose new matches are flagged")
    transformer: str = Field(
        "", description="encoder of models learned on one: a folder, or a name in the local cache; empty: none"
    )
    audit_share: float = Field(
        0.02, ge=0, le=1, description="share of articles flagged at random, for unbiased figures"
    )
    low_confidence: float = Field(
        0.5, ge=0, le=1, description="a relevant article's surest topic below this is flagged"
    )
    learning_daily: int = Field(
        20, ge=0, le=1000, description="articles flagged a day because labels of them teach the machine most; 0: none"
    )

    review_host: str = Field("127.0.0.1", description="address the desk listens on")
    review_port: int = Field(8700, ge=1, le=65535, description="port the desk listens on")

    schedule_run_minutes: float = Field(10.0, gt=0, description="minutes between two runs of 'diembao schedule'")
    schedule_report: str = Field("mon 07:00", description="when it writes the weekly summary, in Vietnam; empty: never")
    metrics_file: Path | None = Field(None, description="where the metrics are written after a run, for node_exporter")
    log_format: str = Field("console", description="how log records look on stderr: console or json")
    log_level: str = Field("WARNING", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("opened", "watch", "recheck_hours", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """In a variable, several values are separated by semicolons."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(";") if part.strip())
        return value

    @field_validator("recheck_hours")
    @classmethod
    def _growing(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if list(value) != sorted(set(value)) or any(hours <= 0 for hours in value):
            raise ValueError("valid are hours above 0, each more than the one before, such as 1;24;168")
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("valid are DEBUG, INFO, WARNING, ERROR")
        return value.upper()

    @field_validator("log_format")
    @classmethod
    def _known_format(cls, value: str) -> str:
        if value not in ("console", "json"):
            raise ValueError("valid are console, json")
        return value

    @field_validator("schedule_report")
    @classmethod
    def _known_moment(cls, value: str) -> str:
        if value.strip() and not WEEKLY.fullmatch(value.strip().lower()):
            raise ValueError("give a day and a time in Vietnam, such as 'mon 07:00', or nothing")
        return value.strip().lower()

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.var_dir / 'diembao.db'}"

    @property
    def archive(self) -> Path:
        """The folder of the WARC files."""
        return self.warc_dir or self.var_dir / "warc"

    @property
    def supported_languages(self) -> frozenset[str]:
        """The languages that the machine has words for; `other` is no language but what the rest call Vietnam."""
        return frozenset(path.stem for path in (self.data_dir / "lexicons").glob("*.yaml")) - {"other"}

    @property
    def user_agent(self) -> str:
        """Who we say we are, with a way to reach the operator."""
        contact = self.contact or f"postmaster@{socket.getfqdn()}"
        return f"DiemBao/0.1 (news monitoring; +{contact})"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` collected: it knows where each value came from."""
        return (init_settings,)


def load_settings(folder: Path | None = None, **given: Any) -> tuple[Settings, dict[str, str]]:
    """The settings, and for each where its value came from: default, diembao.toml, a variable, or the command line.

    Raises
    ------
    UsageError
        A setting is unknown or its value is not valid; the message names the place and what is valid.
    """
    values: dict[str, Any] = {}
    origin = dict.fromkeys(Settings.model_fields, "default")
    path = (folder or Path.cwd()) / FILE
    for name, value in _from_file(path).items():
        values[name], origin[name] = value, str(path)
    for variable, value in sorted(os.environ.items()):
        if variable.startswith(PREFIX) and variable not in NOT_SETTINGS:
            name = _known(variable.removeprefix(PREFIX).lower(), f"environment variable {variable}")
            values[name], origin[name] = value, variable
    for name, value in given.items():
        if value is not None:
            values[name], origin[name] = value, "command line"
    try:
        return Settings(**values), origin
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        message = first["msg"].removeprefix("Value error, ")
        raise UsageError(f"setting {name} ({origin[name]}) is {first['input']!r}: {message}") from error


def as_environment(settings: Settings) -> dict[str, str]:
    """The settings as the variables that give a child process the same ones."""
    found = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is not None:
            found[PREFIX + name.upper()] = ";".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return found


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    return {_known(name, str(path)): value for name, value in data.items()}


def _known(name: str, where: str) -> str:
    if name not in Settings.model_fields:
        raise UsageError(f"{where}: unknown setting {name!r}; {_nearest(name)}'diembao config' lists them all")
    return name


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    found = get_close_matches(name, Settings.model_fields, n=1)
    return f"did you mean {found[0]!r}? " if found else ""
