"""JSON lines in and out: bad lines are told of by number, outputs appear whole or not at all."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pipelines.errors import UsageError


def read_lines(path: Path, needed: Iterable[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The objects of a file that have the `needed` keys, and one line about each that cannot be used.

    Raises
    ------
    UsageError
        The file cannot be read, or none of its lines can be used.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="strict")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start})") from error
    rows, bad = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            bad.append(f"{path}, line {number}: not JSON: {error}")
            continue
        except RecursionError:
            bad.append(f"{path}, line {number}: not JSON that can be read: nested too deeply")
            continue
        missing = [key for key in needed if not isinstance(row, dict) or key not in row]
        if missing:
            bad.append(f"{path}, line {number}: no {', '.join(missing)}")
        else:
            rows.append(row)
    if not rows and bad:
        raise UsageError(bad[0] + (f" (and {len(bad) - 1} more lines)" if len(bad) > 1 else ""))
    return rows, bad


def to_line(row: Any) -> str:
    """A row as a line of JSON: letters as they are, but for half characters, which no UTF-8 file can hold."""
    line = json.dumps(row, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(row)
    return line + "\n"


@contextmanager
def writing(path: Path) -> Iterator[IO[str]]:
    """A file to write that takes its place only when the block ends well.

    Raises
    ------
    UsageError
        The folder cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        stream = partial.open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    try:
        with stream:
            yield stream
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
