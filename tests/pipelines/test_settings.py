from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import UsageError
from pipelines.settings import FILE, Settings, as_environment, load_settings


def test_the_defaults(tmp_path: Path, root: Path) -> None:
    settings, origin = load_settings(tmp_path)
    assert settings.database == "sqlite:///var/diembao.db"
    assert settings.archive == Path("var/warc")
    assert settings.sources_dir == root / "data" / "sources"
    assert (settings.audit_share, settings.delay, settings.opened) == (0.02, 2.0, ())
    assert {"vi", "nl", "lo"} <= settings.supported_languages
    assert all(len(code) == 2 for code in settings.supported_languages)
    assert set(origin.values()) == {"default"}
    assert set(origin) == set(Settings.model_fields)


def test_the_command_line_then_the_environment_then_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_text(
        'delay = 3\ntimeout = 30\nworkers = 3\nwatch = ["đối ngoại", "biển đảo"]\n', encoding="utf-8"
    )
    monkeypatch.setenv("DIEMBAO_TIMEOUT", "31")
    monkeypatch.setenv("DIEMBAO_WORKERS", "4")
    settings, origin = load_settings(tmp_path, workers=5, proxy=None)
    assert (settings.delay, settings.timeout, settings.workers) == (3.0, 31.0, 5)
    assert settings.watch == ("đối ngoại", "biển đảo")
    assert (origin["timeout"], origin["workers"], origin["proxy"]) == ("DIEMBAO_TIMEOUT", "command line", "default")
    assert origin["delay"] == str(tmp_path / FILE)


def test_several_values_in_one_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIEMBAO_OPENED", " 127.0.0.1:8080; ;[::1]:8080 ")
    assert load_settings(tmp_path)[0].opened == ("127.0.0.1:8080", "[::1]:8080")


def test_an_unknown_setting_is_named_with_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIEMBAO_DATABSE_URL", "x")
    with pytest.raises(
        UsageError, match=r"variable DIEMBAO_DATABSE_URL: .*did you mean 'database_url'\? 'diembao config'"
    ):
        load_settings(tmp_path)
    monkeypatch.delenv("DIEMBAO_DATABSE_URL")
    (tmp_path / FILE).write_text("poll_minuets = 5\n")
    with pytest.raises(UsageError, match=rf"{FILE}: unknown setting 'poll_minuets'; did you mean 'poll_minutes'\?"):
        load_settings(tmp_path)
    (tmp_path / FILE).write_text("qwzx = 5\n")
    with pytest.raises(UsageError, match="unknown setting 'qwzx'; 'diembao config' lists them all"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("workers", "many", "valid integer"),
        ("workers", "0", "greater than or equal to 1"),
        ("delay", "-1", "greater than or equal to 0"),
        ("audit_share", "2", "less than or equal to 1"),
        ("review_port", "70000", "less than or equal to 65535"),
        ("log_level", "loud", "valid are DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_a_bad_value_names_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    variable = f"DIEMBAO_{name.upper()}"
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError, match=rf"setting {name} \({variable}\) is '{value}': .*{says}"):
        load_settings(tmp_path)
    monkeypatch.delenv(variable)
    (tmp_path / FILE).write_text(f"{name} = '{value}'\n")
    with pytest.raises(UsageError, match=FILE):
        load_settings(tmp_path)


@pytest.mark.parametrize("data", [b"delay = ", b"\xff\xfe", b"[", b"delay = 1\ndelay = 2"])
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(UsageError, match=rf"{FILE} cannot be read"):
        load_settings(tmp_path)


def test_a_child_process_gets_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {"watch": ("a b", "c"), "delay": 0.5, "warc_dir": tmp_path, "contact": "https://a.example/"}
    settings, _ = load_settings(tmp_path, **given)
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings(tmp_path)[0] == settings


def test_settings_do_not_change_and_outlets_see_the_contact(tmp_path: Path) -> None:
    settings, _ = load_settings(tmp_path, contact="https://a.example/bot")
    assert settings.user_agent == "DiemBao/0.1 (news monitoring; +https://a.example/bot)"
    with pytest.raises(ValueError, match="frozen"):
        settings.delay = 0.0
