import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import UsageError
from pipelines.jsonlines import read_lines, writing


def written(folder: Path, data: str | bytes) -> Path:
    path = folder / "in.jsonl"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_bad_lines_are_told_of_by_number(tmp_path: Path) -> None:
    path = written(tmp_path, '\ufeff{"id": 1, "text": "a"}\n\n{"id": 2}\nkhông\n[1]\n{"id": "5", "text": "\u2028"}')
    rows, bad = read_lines(path, ("id", "text"))
    assert rows == [{"id": 1, "text": "a"}, {"id": "5", "text": "\u2028"}]
    assert [line.removeprefix(f"{path}, ") for line in bad] == [
        "line 3: no text",
        "line 4: not JSON: Expecting value: line 1 column 1 (char 0)",
        "line 5: no id, text",
    ]


def test_no_usable_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"line 1: no id \(and 1 more lines\)"):
        read_lines(written(tmp_path, "{}\n{}"), ("id",))
    assert read_lines(written(tmp_path, "\n\n"), ("id",)) == ([], [])


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere.jsonl cannot be read: No such file"):
        read_lines(tmp_path / "nowhere.jsonl", ())
    with pytest.raises(UsageError, match=r"is not UTF-8 text \(byte 1\)"):
        read_lines(written(tmp_path, b"{\xff}"), ())


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.integers(), max_size=3), max_size=5))
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.jsonl"
    with writing(path) as stream:
        for row in rows:
            stream.write(json.dumps(row) + "\n")
    assert read_lines(path, ()) == (rows, [])


def test_an_output_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("before")

    def fail() -> None:
        with writing(path) as stream:
            stream.write("half")
            assert path.read_text() == "before"
            raise KeyError("x")

    with pytest.raises(KeyError):
        fail()
    assert path.read_text() == "before"
    with writing(path) as stream:
        stream.write("after")
    assert path.read_text() == "after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"cannot write .*out.jsonl: No such file"),
        writing(tmp_path / "no" / "out.jsonl"),
    ):
        pass
