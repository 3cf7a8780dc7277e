"""Bad input gets one clear line on stderr and exit code 2 (or 1 with the rest done); never a traceback."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from classify.registry import TASKS
from classify.types import RELEVANCE, TONES
from store.database import open_database

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def diembao(root: Path, tmp_path: Path) -> Run:
    """Run a command in an empty folder, with the settings given as variables."""

    def run(*arguments: str | Path, **settings: str | Path) -> subprocess.CompletedProcess[str]:
        variables = {name: value for name, value in os.environ.items() if not name.startswith("DIEMBAO_")}
        variables |= {"DIEMBAO_VAR_DIR": str(tmp_path / "var"), "PYTHONPATH": str(root)}
        variables |= {f"DIEMBAO_{name.upper()}": str(value) for name, value in settings.items()}
        command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments)]
        return subprocess.run(
            command, env=variables, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
        )

    return run


def one_line(done: subprocess.CompletedProcess[str], says: str, code: int = 2) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert says in done.stderr


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "bao-thu.yaml").write_text(
        "name: Báo Thử\ndomain: baothu.example\ncountry: VN\nlanguages: [vi]\nscope: national\nfeeds: []\n",
        encoding="utf-8",
    )
    return folder


def test_an_unknown_source_id_names_the_nearest(diembao: Run, sources: Path) -> None:
    done = diembao("crawl", "--source", "bao-thuu", sources_dir=sources)
    one_line(done, "unknown source 'bao-thuu'; did you mean bao-thu?")


@pytest.mark.parametrize("command", ["crawl", "run"])
def test_an_unreadable_source_names_file_line_and_what_is_valid(diembao: Run, sources: Path, command: str) -> None:
    (sources / "sai.yaml").write_text("name: Sai\ndomain: sai.example\ncountry: VN\nlangs: [vi]\nscope: national\n")
    done = diembao(command, sources_dir=sources)
    one_line(done, "sai.yaml, line ")


def test_broken_yaml_names_the_line(diembao: Run, sources: Path) -> None:
    (sources / "hong.yaml").write_text("name: Hỏng\ndomain: [\n", encoding="utf-8")
    one_line(diembao("crawl", sources_dir=sources), "hong.yaml, line 3: not valid YAML")


def test_no_sources_folder(diembao: Run, tmp_path: Path) -> None:
    one_line(diembao("crawl", sources_dir=tmp_path / "none"), "no folder of sources at")


@pytest.mark.parametrize("arguments", [("review", "--port"), ("newsroom", "--port")])
def test_a_port_in_use(diembao: Run, tmp_path: Path, arguments: tuple[str, str]) -> None:
    open_database(f"sqlite:///{tmp_path / 'var' / 'diembao.db'}").close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one_line(diembao(*arguments, str(port)), str(port))


@pytest.mark.parametrize("command", [("status",), ("process",), ("search", "x"), ("report", "--out", "out")])
def test_a_database_of_a_newer_schema(diembao: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'var' / 'diembao.db'}")
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    one_line(diembao(*command), "has schema 9999")


@pytest.mark.parametrize("command", [("status",), ("search", "x"), ("report", "--out", "out")])
def test_no_database_yet_says_how_to_make_one(diembao: Run, command: tuple[str, ...]) -> None:
    one_line(diembao(*command), "no database at")


def test_a_var_dir_that_cannot_be_written(diembao: Run, sources: Path) -> None:
    one_line(diembao("crawl", sources_dir=sources, var_dir="/proc/nowhere"), "cannot write /proc/nowhere")


def test_a_warc_dir_that_cannot_be_written(diembao: Run, sources: Path) -> None:
    one_line(diembao("crawl", "--warc-dir", "/proc/nowhere", sources_dir=sources), "cannot write the archive folder")


def test_a_report_folder_that_cannot_be_written(diembao: Run, tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'var' / 'diembao.db'}").close()
    one_line(diembao("report", "--out", "/proc/nowhere"), "/proc/nowhere")


def test_a_file_that_is_no_warc(diembao: Run, sources: Path, tmp_path: Path) -> None:
    (tmp_path / "x.warc.gz").write_bytes(b"not a warc")
    one_line(diembao("ingest", "x.warc.gz", sources_dir=sources), "x.warc.gz", code=1)
    one_line(diembao("ingest", "none.warc.gz", sources_dir=sources), "no file none.warc.gz")


def test_a_bad_week_says_what_is_valid(diembao: Run, tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'var' / 'diembao.db'}").close()
    one_line(diembao("report", "--week", "2026-46", "--out", "out"), "2026-W")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"dely": "2"}, "unknown setting 'dely'; did you mean 'delay'?"),
        ({"delay": "fast"}, "setting delay (DIEMBAO_DELAY) is 'fast'"),
        ({"database_url": "mysql://x/y"}, "sqlite"),
        ({"log_level": "LOUD"}, "valid are DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_a_bad_setting_names_its_place(diembao: Run, settings: dict[str, str], says: str) -> None:
    one_line(diembao("run", **settings), says)


def test_a_bad_settings_file(diembao: Run, tmp_path: Path) -> None:
    (tmp_path / "diembao.toml").write_text("delay = \n")
    one_line(diembao("config"), "diembao.toml cannot be read")


def test_a_bad_proxy(diembao: Run, sources: Path) -> None:
    one_line(diembao("crawl", "--proxy", "localhost", sources_dir=sources), "is not an address like")


def test_a_bad_option_is_one_line(diembao: Run) -> None:
    one_line(diembao("crawl", "--fast"), "--fast")
    one_line(diembao("krawl"), "krawl")


def test_bad_lines_are_told_of_and_the_rest_is_done(diembao: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "title": "Hà Nội", "text": "Tin vắn."}\nnonsense\n', encoding="utf-8")
    done = diembao("classify", "--in", "in.jsonl", "--out", "out.jsonl")
    one_line(done, "in.jsonl, line 2: not JSON", code=1)
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    one_line(diembao("classify", "--in", "none.jsonl", "--out", "out.jsonl"), "none.jsonl cannot be read")
    one_line(diembao("extract", "--pages", "none", "--out", "out.jsonl"), "index.jsonl cannot be read")


STRANGE: list[dict[str, object]] = [
    {"id": "empty", "title": "", "text": ""},
    {"id": "null", "title": None, "text": None, "language": None},
    {"id": "bare"},
    {"id": "blank", "title": " \u200b\n", "text": "\n\t "},
    {"id": "10 MB", "title": "Việt Nam", "text": "Chính phủ họp tại Hà Nội, bàn về xuất khẩu gạo. " * 220_000},
    {"id": "one line", "title": "x", "text": "a" * 10_000_000},
    {"id": "half \ud800", "title": "Vi\udc00ệt Nam \ud83d", "text": "\ud800" * 50 + " Hà Nội\udfff"},
    {
        "id": "mixed",
        "title": "Việt Nam 越南 Вьетнам เวียดนาม",
        "text": "Hà Nội 河内 Ханой ฮานอย فيتنام ベトナム 베트남. " * 20,
    },
    {"id": "unseen", "title": "ቬትናም", "text": "ቬትናም በኢኮኖሚ እድገት ላይ ናት። " * 10},
    {"id": "named", "title": "Vietnam", "text": "Vietnam exports grew.", "language": "tlh-Latn"},
    {"id": "no name", "title": "Vietnam", "text": "Vietnam exports grew.", "language": "\ud800\x00"},
    {"id": "control", "title": "\x00\x01", "text": "\x00" * 1000 + "\u202e" * 1000},
    {"id": "marks", "title": "a" + "\u0301" * 5000, "text": "e" + "\u0323" * 50_000},
    {"id": None, "text": "x"},
]


def test_any_text_gets_an_answer_or_a_stated_abstention(diembao: Run, tmp_path: Path) -> None:
    lines = [json.dumps(row) for row in STRANGE]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = diembao("classify", "--in", "in.jsonl", "--out", "out.jsonl")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in found] == [row["id"] for row in STRANGE]
    known = {row["id"]: row for row in found}
    for row, given in zip(found, STRANGE, strict=True):
        assert row["relevance"] in (*RELEVANCE, None)
        assert row["tone"] in (*TONES, None)
        assert set(row["unmeasured"]) <= set(TASKS)
        for span in row["evidence"]:
            assert 0 <= span["start"] < span["end"] <= len(str(given.get(span["field"]) or "")), (
                "an offset into the text"
            )
    for name in ("empty", "null", "bare"):
        answers = [known[name][field] for field in ("relevance", "tone", "valence", "voice")]
        assert (answers, known[name]["topics"]) == ([None] * 4, []), "nothing is said of no text"
    for name in ("unseen", "named", "mixed"):
        assert known[name]["unmeasured"] == list(TASKS), "what was never measured says so"
    assert known["10 MB"]["relevance"] == "central"


def test_a_row_of_something_else_is_told_of(diembao: Run, tmp_path: Path) -> None:
    rows = ['{"id": 1, "text": "Hà Nội"}', '{"id": 2, "text": ["Hà", "Nội"]}', '{"id": 3, "language": 5}', "[" * 99_999]
    (tmp_path / "in.jsonl").write_text("\n".join(rows), encoding="utf-8")
    done = diembao("classify", "--in", "in.jsonl", "--out", "out.jsonl")
    assert (done.returncode, len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())) == (1, 1)
    assert done.stderr.strip().splitlines() == [
        "in.jsonl, line 4: not JSON that can be read: nested too deeply",
        "in.jsonl, id 2: text is list, not a string",
        "in.jsonl, id 3: language is int, not a string",
    ]


def test_two_crawls_at_once_are_impossible(diembao: Run, sources: Path, tmp_path: Path) -> None:
    from pipelines.locks import only_one
    from store.database import open_database

    database = open_database(f"sqlite:///{tmp_path / 'var' / 'diembao.db'}")
    with only_one(database, "crawling"):
        one_line(diembao("crawl", sources_dir=sources), f"crawling is under way already (pid {os.getpid()} on ")
    database.close()


def test_a_run_that_reads_no_feed_at_all_says_so(diembao: Run, sources: Path) -> None:
    feeds = "feeds:\n- {url: 'http://127.0.0.1:1/rss', kind: rss}\n"
    text_before = (sources / "bao-thu.yaml").read_text(encoding="utf-8")
    (sources / "bao-thu.yaml").write_text(text_before.replace("feeds: []\n", feeds), encoding="utf-8")
    done = diembao("run", sources_dir=sources, delay="0")
    assert done.returncode == 1
    assert "no feed could be read; 'diembao sources health' says why" in done.stderr
    assert "Traceback" not in done.stderr
    health = diembao("sources", "health", sources_dir=sources)
    assert "private or forbidden address" in health.stdout
