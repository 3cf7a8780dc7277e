from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import read_payload
from crawler.source import Source
from pipelines import ingest as module
from pipelines.ingest import IngestReport, ingest
from store.crawling import PageRow, SourceRow
from store.database import Database
from store.sources import sync_sources

DATE = "2026-11-01T05:00:00Z"
OUTLET = Source(
    id="bao-mau", name="Báo Mẫu", domain="www.bao-mau.vn", country="VN", languages=("vi",), scope="national"
)


def record(
    url: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8", date: str | None = DATE
) -> tuple[str, ...]:
    return url, status, kind, date or ""


def warc(path: Path, *records: tuple[str, ...], packed: bool = True) -> list[int]:
    """A WARC file as other tools write it; the offset of each record, and the end."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version="WARC/1.0")
    writer.write_record(writer.create_warcinfo_record(path.name, {"software": "other"}))
    offsets = []
    for url, status, kind, date in records:
        offsets.append(out.tell())
        http = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        body = f"<html><body>{url}".encode() * 40
        made = writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": date},
        )
        writer.write_record(made)
    path.write_bytes(out.getvalue())
    return [*offsets, out.tell()]


def take_in(database: Database, *files: Path) -> IngestReport:
    return ingest(database, files, [OUTLET], lambda _: None)


def pages(database: Database) -> dict[str, PageRow]:
    with database.reading() as session:
        return {row.url: row for row in session.scalars(select(PageRow))}


@pytest.mark.parametrize("packed", [True, False])
def test_pages_of_other_tools(database: Database, tmp_path: Path, packed: bool) -> None:
    with database.writing() as session:
        sync_sources(session, [OUTLET])
    path = tmp_path / ("other.warc.gz" if packed else "other.warc")
    known, other = "http://bao-mau.vn/tin-1", "https://news.bao-khac.vn/tin-2"
    offsets = warc(
        path,
        record(known),
        record(other),
        record("http://bao-mau.vn/anh.jpg", kind="image/jpeg"),
        record("http://bao-mau.vn/moved", "301 Moved"),
        record("dns:bao-mau.vn"),
        record("http://bao-mau.vn/undated", date="hôm qua"),
        packed=packed,
    )
    report = take_in(database, path)
    assert report.problems == []
    assert report.counts == {
        "pages taken in": 2,
        "left: not HTML": 1,
        "left: not a 200 answer": 1,
        "left: not an http(s) address": 1,
        "left: no valid WARC-Date": 1,
    }
    found = pages(database)
    row = found[known]
    assert (row.source_id, row.state, row.status, row.host) == ("bao-mau", "fetched", 200, "bao-mau.vn")
    assert (row.warc_file, row.warc_offset) == (str(path), offsets[0])
    assert row.fetched_at == row.discovered_at == datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert row.outcome is None
    assert read_payload(Path(row.warc_file), row.warc_offset, limit=10_000)[1].startswith(
        b"<html><body>http://bao-mau.vn/tin-1"
    )
    with database.reading() as session:
        stranger = session.get_one(SourceRow, found[other].source_id)
    assert (stranger.id, stranger.enabled, stranger.country) == ("bao-khac-vn", False, "VN")


def test_taking_a_file_in_twice_adds_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    warc(path, record("http://bao-mau.vn/1"), record("http://bao-mau.vn/2"))
    take_in(sqlite_database, path)
    with sqlite_database.writing() as session:
        for row in session.scalars(select(PageRow)):
            row.outcome = "article"
    report = take_in(sqlite_database, path)
    assert report.counts == {"files gone on with": 1, "left: a record as new is known": 1}
    assert {row.outcome for row in pages(sqlite_database).values()} == {"article"}


def test_a_file_is_gone_on_with_where_it_stood(sqlite_database: Database, tmp_path: Path) -> None:
    """Killed, or fetched only in part: what was taken in is not read again."""
    records = [record(f"http://bao-mau.vn/{n}") for n in range(30)]
    path = tmp_path / "a.warc.gz"
    offsets = warc(path, *records)
    whole = path.read_bytes()
    path.write_bytes(whole[: offsets[20]])
    take_in(sqlite_database, path)
    path.write_bytes(whole)
    moved: list[int] = []
    report = ingest(sqlite_database, [path], [OUTLET], moved.append)
    assert report.counts == {
        "files gone on with": 1,
        "left: a record as new is known": 1,
        "pages taken in": 10,
    }
    assert moved[0] == offsets[19], "the bar starts where the file is gone on with"
    assert sum(moved) == len(whole)
    assert len(pages(sqlite_database)) == 30


def test_another_file_of_the_same_name_is_read_whole(sqlite_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    for outlet in ("bao-mau", "bao-khac"):
        warc(path, *(record(f"http://{outlet}.vn/{n}") for n in range(5)))
        assert take_in(sqlite_database, path).counts == {"pages taken in": 5}
    warc(path, record("http://bao-ba.vn/1"))
    assert take_in(sqlite_database, path).counts == {"pages taken in": 1}, "shorter than where it would go on"


def test_a_newer_record_replaces_an_older_one_and_not_the_other_way_round(
    sqlite_database: Database, tmp_path: Path
) -> None:
    for name, day in [("b", "02"), ("a", "01"), ("c", "03")]:
        warc(tmp_path / name, record("http://bao-mau.vn/1", date=f"2026-11-{day}T05:00:00Z"))
    counts = [take_in(sqlite_database, tmp_path / name).counts for name in ("b", "a", "c")]
    assert counts == [{"pages taken in": 1}, {"left: a record as new is known": 1}, {"pages taken in": 1}]
    (row,) = pages(sqlite_database).values()
    assert (row.warc_file, row.outcome) == (str(tmp_path / "c"), None)


def test_a_record_from_the_future_is_of_now(sqlite_database: Database, tmp_path: Path) -> None:
    warc(
        tmp_path / "a",
        record("http://bao-mau.vn/1", date="2099-01-01T00:00:00Z"),
        record("http://bao-mau.vn/2", date="2026-11-01T05:00:00"),
    )
    take_in(sqlite_database, tmp_path / "a")
    found = pages(sqlite_database)
    assert found["http://bao-mau.vn/1"].fetched_at <= datetime.now(UTC)
    assert found["http://bao-mau.vn/2"].fetched_at == datetime(2026, 11, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_ends_early_gives_what_it_has_and_is_told_of(
    sqlite_database: Database, tmp_path: Path, packed: bool
) -> None:
    """Wherever it is cut: every page taken in can be read back whole."""
    offsets = warc(tmp_path / "whole", *(record(f"http://bao-mau.vn/{n}") for n in range(3)), packed=packed)
    data = (tmp_path / "whole").read_bytes()
    path = tmp_path / "cut"
    step = max(1, (offsets[3] - offsets[2]) // 40)
    for end in range(offsets[2] + 1, offsets[3] - 4, step):
        path.write_bytes(data[:end])
        with sqlite_database.writing() as session:
            session.connection().exec_driver_sql("DELETE FROM pages")
        report = take_in(sqlite_database, path)
        assert set(pages(sqlite_database)) == {"http://bao-mau.vn/0", "http://bao-mau.vn/1"}, end
        assert len(report.problems) == 1, end
        assert str(path) in report.problems[0]
        assert report.counts["pages taken in"] == 2


def test_one_bad_file_does_not_stop_the_others(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(b"not a warc")
    warc(tmp_path / "good", record("http://bao-mau.vn/1"))
    report = take_in(sqlite_database, tmp_path / "junk", tmp_path / "nowhere", tmp_path / "good")
    assert len(report.problems) == 2
    assert "not a readable WARC file" in report.problems[0]
    assert "No such file" in report.problems[1]
    assert list(pages(sqlite_database)) == ["http://bao-mau.vn/1"]


def test_a_long_file_is_taken_in_by_batches(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    path = tmp_path / "long"
    warc(path, *(record(f"http://bao-mau.vn/{n}") for n in range(20)), record("http://bao-mau.vn/19?utm_source=x"))
    moved: list[int] = []
    report = ingest(sqlite_database, [path], [OUTLET], moved.append)
    assert report.counts["pages taken in"] == len(pages(sqlite_database)) == 20
    assert sum(report.counts.values()) == 21
    assert sum(moved) == path.stat().st_size
