"""The licences we live with: every runtime dependency is told of in docs/choices.md, and none binds us to the GPL."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def licences(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", root / "bench" / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def told(root: Path) -> dict[str, str]:
    """The table of docs/choices.md: package -> licence."""
    text = (root / "docs" / "choices.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| ([a-z0-9-]+) \| [\w.]+ \| ([^|]+) \|", text, re.MULTILINE))


def test_the_closure_is_a_real_one(licences: ModuleType) -> None:
    names = {row.name for row in licences.runtime_dependencies()}
    assert {"scrapy", "twisted", "lxml", "scikit-learn", "numpy"} <= names
    assert not names & {"pytest", "mypy", "ruff", "diembao"}


def test_every_runtime_dependency_is_told_of(licences: ModuleType, told: dict[str, str]) -> None:
    found = {row.name: row.licence for row in licences.runtime_dependencies()}
    missing = {name: licence for name, licence in found.items() if told.get(name) != licence}
    assert not missing, "put the table that `python bench/licences.py` prints into docs/choices.md"


def test_every_licence_is_known(licences: ModuleType) -> None:
    assert [row.name for row in licences.runtime_dependencies() if row.licence == "unknown"] == []


def test_none_is_under_the_gpl_or_agpl_alone(licences: ModuleType) -> None:
    assert [row for row in licences.runtime_dependencies() if licences.is_strong(row.licence)] == []


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "GPLv3"])
def test_a_strong_licence_is_known(licences: ModuleType, licence: str) -> None:
    assert licences.is_strong(licence)


@pytest.mark.parametrize("licence", ["LGPL-3.0-only", "MPL-1.1 OR GPL-2.0-only", "MIT", "Apache-2.0 AND MIT", "BSD"])
def test_a_licence_that_leaves_a_choice_is_not_strong(licences: ModuleType, licence: str) -> None:
    assert not licences.is_strong(licence)


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ("", True),
        ("extra == 'web'", True),
        ('extra == "dev"', False),
        ("python_version >= '3.9' and extra == 'web'", True),
        ("python_version < '3.10'", False),
        ("(sys_platform == 'win32' or extra == 'web') and os_name == 'posix'", True),
        ("sys_platform not in 'win32, cygwin'", True),
    ],
)
def test_a_marker_is_read(licences: ModuleType, marker: str, holds: bool) -> None:
    assert licences._holds(marker, "web") is holds
