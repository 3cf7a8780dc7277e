"""The units in docs/systemd start commands that are there, stop them gently, and are told of in docs/operate.md."""

import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from importlib import import_module
from pathlib import Path

import click
import pytest

from pipelines.cli import COMMANDS
from pipelines.schedule import GRACE_SECONDS

UNITS = sorted((Path(__file__).parents[2] / "docs" / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]


def read(path: Path) -> RawConfigParser:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_starts_a_command_with_options_that_it_has(path: Path) -> None:
    line = read(path)["Service"]["ExecStart"]
    words = shlex.split(line.partition("diembao ")[2].rstrip("'").replace("$(", "'$(").replace(") ", ")' "))
    command: click.Command = import_module(COMMANDS[words[0]][0]).command
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    service = read(path)["Service"]
    assert service["User"] == "diembao", "not root"
    assert service["ReadWritePaths"] == service["WorkingDirectory"]


@pytest.mark.parametrize("name", ["diembao-schedule.service", "diembao-run.service"])
def test_a_stop_reaches_the_job_once_and_leaves_it_time(name: str) -> None:
    (path,) = [path for path in SERVICES if path.name == name]
    service = read(path)["Service"]
    assert service["KillMode"] == "mixed", "else systemd and the parent each send the signal"
    assert int(service["TimeoutStopSec"]) > GRACE_SECONDS + 5


def test_every_timer_has_its_service() -> None:
    timers = [path for path in UNITS if path.suffix == ".timer"]
    assert timers
    assert all(path.with_suffix(".service") in SERVICES for path in timers)


def test_every_unit_is_told_of(root: Path) -> None:
    text = (root / "docs" / "operate.md").read_text(encoding="utf-8")
    assert [path.name for path in UNITS if f"systemd/{path.name}" not in text] == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_has_nothing_to_say_against_them(tmp_path: Path) -> None:
    for path in UNITS:
        text = re.sub(r"ExecStart=\S+diembao ", "ExecStart=/bin/true ", path.read_text(encoding="utf-8"))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    files = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "diembao" in line]
    assert ours == []
