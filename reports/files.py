"""Writing a report: whole or not at all, into a folder that is known to take it before anything is rendered."""

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reports.errors import ReportError
from reports.formats import FORMATS
from reports.summary import WeeklySummary


@dataclass(frozen=True)
class Written:
    """What came of a report: the files written, and for each format that failed, why."""

    files: tuple[Path, ...]
    failures: dict[str, str]


def choose_formats(names: Iterable[str]) -> tuple[str, ...]:
    """The formats named, each once; all of them when none is.

    Raises
    ------
    ReportError
        There is no such format.
    """
    chosen = tuple(dict.fromkeys(names))
    for name in chosen:
        if name not in FORMATS:
            raise ReportError(f"--format is {name!r}; valid are {', '.join(FORMATS)}")
    return chosen or tuple(FORMATS)


def prepare_folder(folder: Path) -> None:
    """Make the folder and see that a file can be made in it.

    Raises
    ------
    ReportError
        It cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".diembao-", dir=folder)
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        raise ReportError(_unwritable(folder, error)) from error


def write_reports(summary: WeeklySummary, folder: Path, formats: Iterable[str]) -> Written:
    """Write the summary in each format; one that fails does not keep the others from being written.

    Raises
    ------
    ReportError
        The folder cannot be written, which no format would survive.
    """
    files: list[Path] = []
    failures: dict[str, str] = {}
    for name in formats:
        render: Callable[[WeeklySummary], bytes] = FORMATS[name]
        try:
            content = render(summary)
        except ReportError as error:
            failures[name] = str(error)
            continue
        files.append(write_atomically(folder / f"diembao-{summary.week}.{name}", content))
    return Written(tuple(files), failures)


def write_atomically(path: Path, content: bytes) -> Path:
    """Write beside the file, then put it in its place: nobody ever opens half a report."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise ReportError(_unwritable(path.parent, error)) from error
    return path


def _unwritable(folder: Path, error: OSError) -> str:
    return f"cannot write to {folder}: {error.strerror}; choose another folder with --out"
