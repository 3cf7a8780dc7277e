import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.commands.sources import command
from pipelines.errors import UsageError

OUTLET = "name: {0}\ndomain: {1}.example\ncountry: {2}\nlanguages: [{3}]\nscope: {4}\n"


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "bao-lao.yaml").write_text(OUTLET.format("Báo Lào", "lao", "LA", "lo", "foreign"), encoding="utf-8")
    (folder / "bao-tinh.yaml").write_text(OUTLET.format("Báo Tỉnh", "tinh", "VN", "vi", "provincial"), encoding="utf-8")
    monkeypatch.setenv("DIEMBAO_SOURCES_DIR", str(folder))
    monkeypatch.setenv("DIEMBAO_VAR_DIR", str(tmp_path / "var"))
    return folder


def run(*arguments: str) -> str:
    return CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False).output


@pytest.mark.usefixtures("sources")
def test_outlets_by_group_and_country() -> None:
    assert "Báo Lào" in run("list", "--group", "asean")
    assert "Báo Tỉnh" not in run("list", "--group", "asean")
    assert "Báo Tỉnh" in run("list", "--group", "provinces", "--country", "vn")
    row = json.loads(run("list", "--group", "neighbours", "--json").splitlines()[0])
    assert (row["id"], row["groups"]) == ("bao-lao", ["neighbours", "asean"])
    with pytest.raises(UsageError, match="unknown group 'x'; valid are central"):
        run("list", "--group", "x")


def test_check_offline_only_reads_the_files(sources: Path) -> None:
    assert "2 source files, all valid" in run("check", "--offline")
    (sources / "hong.yaml").write_text("name: x", encoding="utf-8")
    assert "hong.yaml, line 1: " in run("check", "--offline")


@pytest.mark.usefixtures("sources")
def test_show_prints_one_outlet() -> None:
    assert "bao-lao: Báo Lào" in run("show", "bao-lao")
    assert json.loads(run("show", "bao-tinh", "--json"))["groups"] == ["provinces"]
    with pytest.raises(UsageError, match="did you mean bao-lao"):
        run("show", "bao-la")
