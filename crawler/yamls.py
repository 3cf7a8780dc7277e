"""YAML files that people write, read into pydantic models: what is wrong is told by file, line and remedy."""

from collections.abc import Callable
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
