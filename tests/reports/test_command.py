import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli import main
from reports import formats
from reports.errors import ReportError
from reports.files import write_reports
from reports.summary import WeeklySummary
from store.database import Database

Summarise = Callable[..., WeeklySummary]
Run = Callable[..., int]


@pytest.fixture
def run(sqlite_sample: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`diembao report` in a folder of its own, over the sample; gives the exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIEMBAO_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")

    def call(*arguments: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["report", *arguments])
        return int(ended.value.code or 0)

    return call


def no_pango(_summary: WeeklySummary) -> bytes:
    raise ReportError("PDF needs Pango: apt install libpango-1.0-0 libpangoft2-1.0-0")


def test_it_writes_the_file_and_says_where(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--week", "2026-W46", "--out", "new/folder", "--format", "html") == 0
    out, err = capsys.readouterr()
    assert out == "2026-W46: 11 articles, 7 about Vietnam, 7 outlets\n  new/folder/diembao-2026-W46.html\n"
    assert err == ""
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["diembao-2026-W46.html"]
    assert "Công tác thông tin đối ngoại" not in (tmp_path / "new/folder/diembao-2026-W46.html").read_text()


def test_json_has_the_figures(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--week", "2026-W46", "--out", ".", "--format", "html", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["articles"] == 11
    assert told["counts"]["topic"]["diplomacy"] == 4
    assert told["files"] == ["diembao-2026-W46.html"]
    assert told["failures"] == {}


def test_the_current_week_is_the_default(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--out", ".", "--format", "html") == 0
    assert " so far: " in capsys.readouterr().out


def test_one_format_that_fails_does_not_stop_the_other(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(formats.FORMATS, "pdf", no_pango)
    assert run("--week", "2026-W46", "--out", "out", "--format", "html", "--format", "pdf") == 1
    out, err = capsys.readouterr()
    assert "out/diembao-2026-W46.html" in out
    assert err == "diembao: pdf not written: PDF needs Pango: apt install libpango-1.0-0 libpangoft2-1.0-0\n"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["diembao-2026-W46.html"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--week", "46", "--out", "."], "--week is '46'; give a year and an ISO week, such as "),
        (["--week", "2099-W01", "--out", "."], "--week is '2099-W01'; years from 1990 to "),
        (["--week", "2026-W46", "--out", "taken"], "cannot write to taken: File exists; choose another folder"),
        (["--week", "2026-W46", "--out", "taken/in"], "cannot write to taken/in: Not a directory; choose another"),
        (["--week", "2026-W46", "--out", ".", "--format", "docx"], "--format is 'docx'; valid are html, pdf"),
        (["--week", "2026-W46"], "Missing option '--out'"),
    ],
)
def test_bad_input_is_one_clear_line(
    run: Run, tmp_path: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file")
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert message in err


def test_when_nothing_can_be_written_the_reason_is_the_error(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(formats.FORMATS, "pdf", no_pango)
    assert run("--week", "2026-W46", "--out", ".", "--format", "pdf") == 2
    assert capsys.readouterr().err.startswith("diembao: PDF needs Pango")


def test_a_report_is_replaced_whole_or_not_at_all(
    sqlite_sample: Database, summarise: Summarise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary, folder = summarise(sqlite_sample), tmp_path / "out"
    folder.mkdir()
    old = folder / "diembao-2026-W46.html"
    old.write_bytes(b"old")

    def full(_self: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(formats.FORMATS, "html", lambda _summary: b"new")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(ReportError, match="No space left on device"):
            write_reports(summary, folder, ["html"])
    assert old.read_bytes() == b"old"
    write_reports(summary, folder, ["html"])
    assert old.read_bytes() == b"new"
    assert [path.name for path in folder.iterdir()] == [old.name]
