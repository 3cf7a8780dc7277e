"""`diembao newsroom` on the command line."""

import json
import socket
from datetime import date

import pytest
from click.testing import CliRunner

from pipelines.commands.newsroom import FOLDER
from pipelines.commands.newsroom import newsroom as command
from pipelines.newsroom import Newsroom

ANCHOR = date(2026, 11, 20)


def test_command_prints_sources() -> None:
    result = CliRunner().invoke(command, ["--sources", "--port", "9000", "--anchor", "2026-11-20"])
    sources = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert sources == Newsroom(FOLDER, ANCHOR).sources(9000)
    assert sources[0]["host"] == "songhong.localhost:9000"


def test_command_says_in_one_line_that_the_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(command, ["--port", str(port)])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert f"port {port}" in result.stderr


@pytest.mark.parametrize("arguments", [["--stage", "3"], ["--anchor", "yesterday"], ["--sources", "--port", "0"]])
def test_command_refuses_bad_usage(arguments: list[str]) -> None:
    assert CliRunner().invoke(command, arguments).exit_code == 2
