import json
from pathlib import Path

import pytest
from tests_support.rows import add_page, add_source

from crawler.extraction.hints import Hints
from pipelines.extract import extract_pages, read_index
from pipelines.hints import load_hints
from pipelines.process import Processor
from pipelines.settings import load_settings
from store.database import Database

OUTLET = "name: Báo Mẫu\ndomain: {}\ncountry: VN\nlanguages: [vi]\nscope: national\n"
HINTS = "extract:\n  body: div.noi-dung\n  remove:\n  - div.khac\n"
BODY = [
    "Theo thông cáo, cuộc gặp diễn ra trong không khí cởi mở, thẳng thắn và kéo dài hơn hai giờ đồng hồ ở thủ đô.",
    "Hai bên nhất trí tăng số học bổng dành cho sinh viên và mở thêm các khoá học tiếng Việt ở nước ngoài vào năm sau.",
]
OTHER = "Ở một làng khác, con đường lát đá dẫn xuống bến đò cũ, nơi chợ phiên họp vào sáng sớm ngày rằm và mồng một."


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "bao-mau.yaml").write_text(OUTLET.format("www.bao-mau.example:8080") + HINTS, encoding="utf-8")
    (folder / "bao-khac.yaml").write_text(OUTLET.format("khac.example"), encoding="utf-8")
    return folder


def test_hints_by_outlet_and_by_address(registry: Path) -> None:
    known, hints = load_hints(registry), Hints("div.noi-dung", ("div.khac",))
    assert known.by_id == {"bao-mau": hints}
    for url in ("http://bao-mau.example/tin", "https://en.bao-mau.example:81/", "https://www.Bao-Mau.example/a"):
        assert known.of_url(url) == hints
    for url in ("http://khac.example/tin", "http://rbao-mau.example/", "http://example/", "khong phai", "http://[/"):
        assert known.of_url(url) is None


def test_a_file_that_cannot_be_used_stops_no_reading(registry: Path, caplog: pytest.LogCaptureFixture) -> None:
    (registry / "hong.yaml").write_text(OUTLET.format("hong.example") + "extract:\n  body: 'div['\n", encoding="utf-8")
    assert set(load_hints(registry).by_id) == {"bao-mau"}
    assert "not a CSS selector" in caplog.text
    assert load_hints(registry / "none").by_id == {}


def test_saved_pages_of_a_known_outlet_are_read_with_its_hints(registry: Path, tmp_path: Path) -> None:
    text = "".join(f"<p>{line}</p>" for line in BODY)
    inside = f"<h1>Hai nước bàn về giáo dục</h1><div class=noi-dung>{text}<div class=khac><p>{OTHER}</p></div></div>"
    page = f"<html><body>{inside}</body></html>"
    (tmp_path / "tin.html").write_text(page, encoding="utf-8")
    rows = [{"id": host, "url": f"http://{host}.example/tin", "file": "tin.html"} for host in ("bao-mau", "khac")]
    (tmp_path / "index.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    settings, _ = load_settings(tmp_path, sources_dir=registry, workers=1)
    assert extract_pages(read_index(tmp_path), tmp_path, tmp_path / "out.jsonl", settings, lambda _: None) == []
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    found = {row["id"]: row["text"] for row in rows}
    assert found == {"bao-mau": "\n".join(BODY), "khac": "\n".join([*BODY, OTHER])}


def test_processing_follows_the_hints_as_the_files_are_now(
    sqlite_database: Database, registry: Path, tmp_path: Path
) -> None:
    settings, _ = load_settings(tmp_path, sources_dir=registry, var_dir=tmp_path)
    processor = Processor(sqlite_database, settings)
    with sqlite_database.writing() as session:
        add_source(session, "bao-mau")
        add_source(session, "bao-khac")
        add_page(session, "a", "bao-mau")
        add_page(session, "b", "bao-khac")
    jobs, _ = processor._next_jobs(0, 10, None)
    assert {job.url: job.hints for job in jobs} == {
        "http://bao-mau.example/a": Hints("div.noi-dung", ("div.khac",)),
        "http://bao-khac.example/b": None,
    }
    assert [(job.folder, job.seconds) for job in jobs] == [(str(settings.archive), settings.page_seconds)] * 2
