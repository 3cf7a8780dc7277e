"""The scoring script that is kept with the real pages."""

import importlib.util
from pathlib import Path
from typing import Any


def scorer(shared: Path) -> Any:
    """The shared scoring script as a module."""
    spec = importlib.util.spec_from_file_location("score_extraction", shared / "checks" / "score_extraction.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
