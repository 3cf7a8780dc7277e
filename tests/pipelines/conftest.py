"""What the tests of the jobs share."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Nothing set but where the runtime files go: a folder of the test's own."""
    return load_settings(tmp_path, var_dir=tmp_path)[0]


@pytest.fixture
def _logs_as_before() -> Iterator[None]:
    """Logging belongs to the process: what a test sets up is taken down again."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.captureWarnings(False)
    logging.root.handlers, logging.root.level = handlers, level
    logging.getLogger("diembao").setLevel(logging.NOTSET)
