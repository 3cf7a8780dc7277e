"""Log records on stderr: lines to read, or one JSON object a line; ours, Scrapy's and every other library's alike.

Every record says when (UTC), how grave, what happened, in which job, and in which of its runs. What a command tells a
person (its result, its errors) is no record and stays as it is.
"""

import json
import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from pipelines.settings import Settings

if TYPE_CHECKING:  # structlog imports Twisted, a quarter of a second here: only a process that has a record pays for it
    from structlog.stdlib import BoundLogger, ProcessorFormatter
    from structlog.types import Processor

OURS = "diembao"  # the parent of our own loggers
FIRST = ("time", "level", "event", "job", "run", "logger")  # the order of the keys; the rest follows as it came
DROPPED = ("spider", "crawler")  # objects that Scrapy hangs on its records; their names say nothing here
FULL_LEVELS = {"warn": "warning", "exception": "error"}


def get_log(name: str) -> "BoundLogger":
    """A logger of ours: `get_log("schedule").info("job started", pid=7)`."""
    import structlog

    logger: BoundLogger = structlog.wrap_logger(
        logging.getLogger(f"{OURS}.{name}"),
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return logger


def configure_logs(settings: Settings, *, own_level: str | None = None) -> None:
    """Send every record of this process to stderr in the form that `log_format` names. Calling it again replaces it.

    `own_level` lets our own records through that `log_level` would keep back: a job whose output is its log needs it.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_LateFormatter(settings.log_format == "json"))
    # On the handler: Scrapy sets its own loggers to DEBUG, and the root's level does not hold back another logger's.
    lowest = logging.getLevelName(settings.log_level)
    handler.addFilter(lambda row: row.levelno >= lowest or row.name.partition(".")[0] == OURS)
    logging.root.handlers = [handler]
    logging.root.setLevel(settings.log_level)
    logging.getLogger(OURS).setLevel(own_level or logging.NOTSET)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # seven lines at every migration
    # Python's warnings are records, too; as lines of their own they would break a stream of JSON.
    logging.captureWarnings(settings.log_format == "json")


class _LateFormatter(logging.Formatter):
    """structlog's formatter, made at the first record."""

    def __init__(self, as_json: bool) -> None:
        super().__init__()
        self.as_json = as_json
        self.made: ProcessorFormatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self.made is None:
            from structlog.stdlib import ProcessorFormatter

            last = _json() if self.as_json else _console()
            processors = [ProcessorFormatter.remove_processors_meta, _in_order, *last]
            self.made = ProcessorFormatter(foreign_pre_chain=_shared(), processors=processors)
        return self.made.format(record)


def _shared() -> "list[Processor]":
    """What every record gets, ours and others'."""
    import structlog

    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _add_job,
    ]


def _json() -> "list[Processor]":
    import structlog

    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_dumps)]


def _dumps(record: Mapping[str, Any], default: Any, **_options: Any) -> str:
    return json.dumps(record, default=default, ensure_ascii=False)


def _console() -> "list[Processor]":
    import structlog

    return [
        _without_none,
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=0,
            pad_level=False,
            sort_keys=False,
            timestamp_key="time",
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]


def _add_job(_logger: Any, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The job and the id of its run: facts of the process, so that records of threads and callbacks have them, too."""
    runs = sys.modules.get("store.runs")  # not imported, nothing is recorded
    job, run = (runs.under_way() if runs else None) or (_command(), None)
    record.setdefault("job", job)
    record.setdefault("run", run)
    return record


def _command() -> str | None:
    import click

    context = click.get_current_context(silent=True)
    return context.command_path.partition(" ")[2] or None if context else None


def _in_order(_logger: Any, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record["level"] = FULL_LEVELS.get(record.get("level", ""), record.get("level"))
    first = {name: record.get(name) for name in FIRST}
    return first | {name: value for name, value in record.items() if name not in first and name not in DROPPED}


def _without_none(_logger: Any, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in record.items() if value is not None}
