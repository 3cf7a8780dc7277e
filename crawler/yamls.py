"""YAML files that people write, read into pydantic models: what is wrong is told by file, line and remedy."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from crawler.errors import SourceError


def read_yaml(path: Path, help_at: str) -> tuple[Any, str]:
    """What a file says, and its text.

    Raises
    ------
    SourceError
        The file cannot be read or is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=yaml.CSafeLoader), text
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 text (byte {error.start}); save the file as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise SourceError(f"{path}, line {line}: not valid YAML: {error.problem}; see {help_at}") from error
    except yaml.YAMLError as error:
        raise SourceError(f"{path}: not valid YAML: {error}; see {help_at}") from error


def explain(
    path: Path,
    text: str,
    error: ValidationError,
    model_of: Callable[[tuple[Any, ...]], type[BaseModel]],
    what: str,
) -> str:
    """The first thing that is wrong, as one line; `model_of` tells which model a location is of."""
    # A misspelt key tells more than the one that is missing because of it.
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    where = ".".join(str(part) for part in first["loc"]) or what
    line = line_of(yaml.compose(text, Loader=yaml.CSafeLoader), first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        names = ", ".join(name for name in model_of(first["loc"]).model_fields if name != "id" or what != "the outlet")
        message = f"unknown key; valid are {names}"
    elif first["type"] != "missing":
        message += f"; got {first['input']!r}"[:200] if not isinstance(first["input"], dict) else ""
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{path}, line {line}: {where}: {message}{more}"


def line_of(node: yaml.Node | None, location: tuple[Any, ...]) -> int:
    """The line of a place in the file, or of the nearest place above it that is there."""
    line = node.start_mark.line + 1 if node is not None else 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == part:
                    node, line = value, key.start_mark.line + 1
                    break
            else:
                break
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def with_key(text: str, key: str, value: Any) -> str:
    """A YAML mapping with one key set, everything else as it was written: comments, order, quotes.

    Raises
    ------
    SourceError
        The text is written in a form that lines cannot be put into, as `{name: x}` is.
    """
    block = yaml.safe_dump({key: value}, allow_unicode=True, sort_keys=False, width=1000)
    lines = text.splitlines(keepends=True)
    first, last = _lines_of(text, key, len(lines))
    while last > first and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1  # a comment before the next key is of that key
    before = "".join(lines[:first])
    changed = before + ("" if before.endswith("\n") or not before else "\n") + block + "".join(lines[last:])
    try:
        intact = yaml.load(changed, Loader=yaml.CSafeLoader) == yaml.load(text, Loader=yaml.CSafeLoader) | {key: value}
    except yaml.YAMLError:
        intact = False
    if not intact:
        by_hand = yaml.safe_dump({key: value}, allow_unicode=True, default_flow_style=True, width=10_000).strip()
        raise SourceError(f"is written in a form that only a person can change; put in {by_hand}")
    return changed


def _lines_of(text: str, key: str, end: int) -> tuple[int, int]:
    """The lines that a key of the outermost mapping takes, from and to; those behind the last one for a new key."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    names = root.value if isinstance(root, yaml.MappingNode) else []
    starts = [(name.value, name.start_mark.line) for name, _ in names] + [("", end)]
    for (name, first), (_, after) in pairwise(starts):
        if name == key:
            return first, after
    return end, end
