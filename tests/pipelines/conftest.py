"""What the tests of the jobs share."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def _logs_as_before() -> Iterator[None]:
    """Logging belongs to the process: what a test sets up is taken down again."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.captureWarnings(False)
    logging.root.handlers, logging.root.level = handlers, level
    logging.getLogger("diembao").setLevel(logging.NOTSET)
