"""The sample newsroom on loopback, in both its stages; started once for a file's tests."""

from collections.abc import Iterator

import pytest
from tests_support.newsroom import Live, run


@pytest.fixture(scope="module")
def first() -> Iterator[Live]:
    yield from run(1)


@pytest.fixture(scope="module")
def second() -> Iterator[Live]:
    yield from run(2)
