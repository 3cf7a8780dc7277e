import gzip
from collections import Counter
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import WarcArchive, cut_off, left_over, open_records, read_payload
from crawler.errors import ArchiveError
from crawler.frontier import ArchivedRecord

BODY = "<html><title>Tin</title><p>Nội dung</p></html>".encode() * 30


def keep(folder: Path, *bodies: bytes, **options: int) -> list[ArchivedRecord]:
    archive = WarcArchive(folder, software="test", **options)
    records = [
        archive.write(
            url=f"http://a.example/tin-{n}?x=1",
            status=200,
            request_headers=b"User-Agent: DiemBao\r\nX-Mark: \xe1",
            response_headers=b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
            b"Set-Cookie: a=1\r\nSet-Cookie: b=2",
            body=body,
        )
        for n, body in enumerate(bodies)
    ]
    archive.close()
    return records


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_what_is_kept_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("warc")
    for n, (record, body) in enumerate(zip(keep(folder, *bodies), bodies, strict=True)):
        url, found = read_payload(folder / record.file, record.offset, limit=10_000)
        assert (url, found) == (f"http://a.example/tin-{n}?x=1", body)


def test_other_tools_find_nothing_to_complain_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = keep(tmp_path, BODY, b"", b"\x00\xff")
    checker = Checker(type("Args", (), {"inputs": [str(tmp_path / records[0].file)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0
    assert capsys.readouterr().out == ""


def test_a_record_says_what_happened(tmp_path: Path) -> None:
    record = keep(tmp_path, BODY)[0]
    with (tmp_path / record.file).open("rb") as stream:
        info, response, request = [(r.rec_type, r.rec_headers, r.http_headers) for r in ArchiveIterator(stream)]
    assert [info[0], response[0], request[0]] == ["warcinfo", "response", "request"]
    assert request[1].get_header("WARC-Concurrent-To") == response[1].get_header("WARC-Record-ID")
    assert response[2].get_header("Content-Type") == "text/html"
    assert [value for name, value in response[2].headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    # Scrapy has undone the chunks; a reader that believed the header would look for them.
    assert response[2].get_header("Transfer-Encoding") is None
    assert request[2].statusline == "/tin-0?x=1 HTTP/1.1"
    assert request[2].get_header("User-Agent") == "DiemBao"


def test_a_place_is_readable_before_the_file_is_closed(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, software="test")
    for n in range(3):
        record = archive.write(
            url=f"http://a.example/{n}", status=200, request_headers=b"", response_headers=b"", body=BODY
        )
        assert read_payload(tmp_path / record.file, record.offset, limit=10_000)[1] == BODY
    archive.close()


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    records = keep(tmp_path, BODY, BODY, BODY, rotate_bytes=1)
    assert len({record.file for record in records}) == 3
    assert all(read_payload(tmp_path / r.file, r.offset, limit=10_000)[1] == BODY for r in records)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ArchiveError, match=r"cannot write the archive folder .*; choose another warc_dir"):
        WarcArchive(tmp_path / "taken" / "warc", software="test")


def test_a_file_that_ends_early(tmp_path: Path) -> None:
    """Wherever a kill cuts the file: the records before stay readable, the last one is known to be cut off."""
    first, last = keep(tmp_path, b"one" * 50, b"two" * 50)
    data = (tmp_path / first.file).read_bytes()
    path = tmp_path / "cut.warc.gz"
    seen = Counter[bool]()
    for end in range(last.offset, last.offset + last.length):
        path.write_bytes(data[:end])
        assert read_payload(path, first.offset, limit=10_000)[1] == b"one" * 50
        assert not cut_off(path, first.offset)
        seen[cut_off(path, last.offset)] += 1
        try:
            _, body = read_payload(path, last.offset, limit=10_000)
        except ArchiveError:
            continue
        assert (b"two" * 50).startswith(body)
    assert seen == {True: last.length - 1, False: 1}  # at its first byte there is no such record


@pytest.mark.parametrize("packed", [True, False])
def test_what_follows_a_record_is_seen(tmp_path: Path, packed: bool) -> None:
    data = by_hand("http://a.example/", BODY, packed=packed)
    path = tmp_path / "x.warc"
    for tail, expected in [(b"", False), (b"\r\n", False), (b"W", True), (b"WARC/1.0\r\nWARC-Ty", True), (data, True)]:
        path.write_bytes(data + tail)
        assert left_over(path, 0) is expected, tail
    path.write_bytes(data[:40])
    assert left_over(path, 0) is not packed, "a plain header without an end; a packed one is cut off"


def test_a_plain_file_that_ends_early(tmp_path: Path) -> None:
    data = by_hand("http://a.example/", BODY, packed=False)
    path = tmp_path / "cut.warc"
    for end, expected in [(len(data), False), (len(data) - 4, False), (len(data) - 5, True), (len(data) // 2, True)]:
        path.write_bytes(data[:end])
        assert cut_off(path, 0) is expected, end


@pytest.mark.parametrize(
    "data",
    [b"", b"not a warc", b"\x1f\x8b" + b"x" * 50, gzip.compress(b"hello", mtime=0), b"\x00" * 100, b"WARC/1.0\r\n\r\n"],
)
def test_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "junk").write_bytes(data)
    with pytest.raises(ArchiveError, match="junk"):
        read_payload(tmp_path / "junk", 0, limit=100)


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda tail: b"WARC/1.1\r\nWARC-Type: response\r\n" + tail))
def test_no_bytes_give_another_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz"
    path.write_bytes(data)
    with suppress(ArchiveError), open_records(path) as records:
        assert sum(1 for _ in records) <= 1


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"cannot read the archive .*gone: No such file"):
        read_payload(tmp_path / "gone", 0, limit=100)


def test_another_kind_of_record(tmp_path: Path) -> None:
    record = keep(tmp_path, BODY)[0]
    with pytest.raises(ArchiveError, match="no response record at byte 0"):
        read_payload(tmp_path / record.file, 0, limit=100)


def by_hand(url: str, body: bytes, *, packed: bool, **headers: str) -> bytes:
    """One response as other tools write it."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version="1.0")
    pairs = [("Content-Type", "text/html"), *((name.replace("_", "-"), value) for name, value in headers.items())]
    http = StatusAndHeaders("200 OK", pairs, protocol="HTTP/1.0")
    writer.write_record(
        writer.create_warc_record(url, "response", payload=BytesIO(body), length=len(body), http_headers=http)
    )
    return out.getvalue()


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("coding", ["gzip", "chunked"])
def test_records_of_other_tools_are_decoded(tmp_path: Path, packed: bool, coding: str) -> None:
    path = tmp_path / "other.warc"
    if coding == "gzip":
        data = by_hand("http://a.example/x", gzip.compress(BODY), packed=packed, Content_Encoding="gzip")
    else:
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
        data = by_hand("http://a.example/x", chunked, packed=packed, Transfer_Encoding="chunked")
    path.write_bytes(data)
    assert read_payload(path, 0, limit=100_000) == ("http://a.example/x", BODY)
    assert len(read_payload(path, 0, limit=10)[1]) <= 10
