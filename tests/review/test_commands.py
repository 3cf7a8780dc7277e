"""`diembao review` and `diembao user` on the command line."""

import io
import socket
from pathlib import Path

import pytest
from sqlalchemy import select

from pipelines import cli
from pipelines.commands import user
from store.accounts import ROLES
from store.database import open_database
from store.tables import AuditRow


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    return int(ended.value.code or 0)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_users_are_added_listed_and_disabled(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    typed(monkeypatch, "mot-mat-khau-dai\n")
    assert run("user", "add", "lan", "--role", "admin", "--password-stdin") == 0
    assert run("user", "list") == 0
    assert "lan\tadmin" in capsys.readouterr().out
    assert run("user", "disable", "lan") == 0
    assert run("user", "list") == 0
    assert "disabled" in capsys.readouterr().out
    database = open_database(f"sqlite:///{tmp_path / 'var' / 'diembao.db'}")
    with database.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    database.close()
    assert [row.action for row in rows] == ["user_add", "user_disable"]
    assert "mat-khau" not in str([row.detail for row in rows])


@pytest.mark.parametrize(
    ("arguments", "password", "says"),
    [
        (["add", "lan", "--password-stdin"], "ngan\n", "give at least 8"),
        (["add", "", "--password-stdin"], "mot-mat-khau-dai\n", "is not usable"),
        (["add", "lan"], "", "--password-stdin"),
        (["add", "lan", "--role", "king"], "", "king"),
        (["disable", "nobody"], "", "no user 'nobody'"),
    ],
)
def test_bad_usage_ends_in_one_line(
    arguments: list[str], password: str, says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, password)
    assert run("user", *arguments) == 2
    error = capsys.readouterr().err
    assert says in error
    assert len(error.strip().splitlines()) == 1


def test_a_name_is_taken_once(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for expected in (0, 2):
        typed(monkeypatch, "mot-mat-khau-dai\n")
        assert run("user", "add", "lan", "--password-stdin") == expected
    assert "is there already" in capsys.readouterr().err


def test_a_port_in_use_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run("review", "--port", port) == 2
    error = capsys.readouterr().err
    assert f"port {port}" in error
    assert len(error.strip().splitlines()) == 1


def test_without_the_extra_web_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "uvicorn", None)
    assert run("review") == 2
    assert "pip install 'diembao[web]'" in capsys.readouterr().err


def test_a_desk_without_users_says_how_to_make_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: served.append(sockets))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    assert run("review", "--port", port) == 0
    assert served
    written = capsys.readouterr()
    assert f"http://127.0.0.1:{port}/" in written.out
    assert "diembao user add NAME" in written.err


def test_the_roles_offered_are_those_there_are() -> None:
    assert user.ROLES == ROLES
