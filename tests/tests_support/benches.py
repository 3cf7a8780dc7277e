"""Benches as they are called: what a bad word is answered with, and corpora of made-up rows for them to read."""

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def refused(main: Callable[[], int], capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line that a bench ends with, code 2, beside its usage; nothing was measured before."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["bench", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    usage, line, rest = said.err.partition("bench: error: ")
    assert line, said.err
    assert usage.startswith("usage: ")
    assert all(more.startswith(" ") for more in usage.splitlines()[1:])
    assert rest.count("\n") == 1
    return rest.strip()


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    """A corpus file, as the real ones are packed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
