import gzip
import resource
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from crawler.archive import WarcArchive, open_records
from crawler.encodings import TooLongError, zstd
from crawler.payload import decoded

PAGE = "<html><p>Tin tức</p>".encode() * 5000


def kept(folder: Path, body: bytes, headers: bytes) -> tuple[Path, int]:
    archive = WarcArchive(folder, software="test")
    record = archive.write(
        url="http://bao-mau.example/", status=200, request_headers=b"", response_headers=headers, body=body
    )
    archive.close()
    return folder / record.file, record.offset


def read(place: tuple[Path, int], limit: int = 1_000_000) -> bytes:
    with open_records(*place) as records:
        return decoded(next(iter(records)), limit)


@pytest.mark.parametrize(
    ("pack", "encoding"),
    [
        (bytes, ""),
        (gzip.compress, "gzip"),
        (brotli.compress, "br"),
        (zstd.compress, "zstd"),
        (lambda page: brotli.compress(gzip.compress(page)), "gzip, br"),
        (bytes, "gzip"),
    ],
)
def test_a_record_is_read_whatever_its_encoding(pack: Callable[[bytes], bytes], encoding: str, tmp_path: Path) -> None:
    headers = f"Content-Type: text/html\r\nContent-Encoding: {encoding}\r\n".encode() if encoding else b""
    assert read(kept(tmp_path, pack(PAGE), headers)) == PAGE


def test_chunks_as_other_tools_keep_them(tmp_path: Path) -> None:
    packed = gzip.compress(PAGE)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:100], packed[100:])) + b"0\r\n\r\n"
    # Our archive drops the header, because Scrapy has undone the chunks; other tools keep both.
    path, _ = kept(tmp_path, chunks, b"X-Replaced-Coding: chunked\r\nContent-Encoding: gzip\r\n")
    other = tmp_path / "other.warc"
    plain = b"".join(gzip.decompress(path.read_bytes()).partition(b"X-Replaced-Coding"))
    other.write_bytes(plain.replace(b"X-Replaced-Coding", b"Transfer-Encoding"))
    with open_records(other) as records:
        found = [decoded(record, 1_000_000) for record in records if record.rec_type == "response"]
    assert found == [PAGE]


def test_a_long_body_is_cut(tmp_path: Path) -> None:
    assert read(kept(tmp_path, PAGE, b""), 1000) == PAGE[:1000]


@pytest.mark.shared
def test_a_bomb_in_an_archive(tmp_path: Path, shared: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for file, encoding in {"b2g.br": "br", "b2g.gz": "gzip", "b2g.zst": "zstd", "b2g.gz.gz": "gzip, gzip"}.items():
        body = (shared / "corpora" / "bombs" / file).read_bytes()
        place = kept(tmp_path, body, f"Content-Encoding: {encoding}\r\n".encode())
        with pytest.raises(TooLongError):
            read(place, 20 * 1_048_576)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 150
