import gzip
import os
import resource
import time
import zlib
from pathlib import Path

import brotli
import pytest

from crawler.encodings import EncodingError, TooLongError, TooManyLayersError, layers, unpack, zstd

LIMIT = 10 * 1_048_576
TEXT = os.urandom(400_000) + b"<html>" * 50_000
PACK = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("name", PACK)
def test_what_was_packed_is_unpacked(name: str) -> None:
    packed = PACK[name](TEXT)
    assert unpack(packed, (name,), LIMIT) == TEXT
    assert unpack(PACK[name](packed), (name, name), LIMIT) == TEXT
    assert unpack(PACK[name](b""), (name,), LIMIT) == b""


@pytest.mark.parametrize("name", PACK)
def test_what_is_cut_off_gives_what_is_there(name: str) -> None:
    start = unpack(PACK[name](TEXT)[:300_000], (name,), LIMIT)
    assert len(start) > 10_000
    assert TEXT.startswith(start)


@pytest.mark.parametrize("name", PACK)
def test_what_was_never_packed_stays(name: str) -> None:
    assert unpack(b"<!doctype html><title>Tin</title>", (name,), LIMIT) == b"<!doctype html><title>Tin</title>"


def test_forms_that_servers_send() -> None:
    bare = zlib.compress(TEXT)[2:-4]
    assert unpack(bare, ("deflate",), LIMIT) == TEXT
    assert unpack(gzip.compress(b"a") + gzip.compress(b"b") + b"\0" * 9, ("gzip",), LIMIT) == b"ab"
    assert unpack(zstd.compress(b"a") + zstd.compress(b"b"), ("zstd",), LIMIT) == b"ab"
    assert layers(["gzip, identity", " BR "]) == ("gzip", "br")
    assert layers(["UTF-8", ""]) == ()


@pytest.mark.parametrize("name", PACK)
def test_more_than_the_limit_is_given_up_at_once(name: str) -> None:
    packed = PACK[name](bytes(3_000_000))
    assert len(unpack(packed, (name,), 3_000_000)) == 3_000_000
    with pytest.raises(TooLongError, match="2,999,999"):
        unpack(packed, (name,), 2_999_999)


def test_two_layers_are_enough() -> None:
    with pytest.raises(TooManyLayersError, match="3 content encodings"):
        unpack(b"", ("gzip", "gzip", "gzip"), LIMIT)
    with pytest.raises(EncodingError, match="'rot13'"):
        unpack(b"x", ("rot13",), LIMIT)


def test_a_window_of_128_megabytes_is_not_given() -> None:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    with pytest.raises(EncodingError, match="cannot be decoded"):
        unpack(packer.compress(b"x" * 100) + packer.flush(), ("zstd",), LIMIT)


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_empty_members_without_end(name: str) -> None:
    begun = time.process_time()
    with pytest.raises(EncodingError, match="members"):
        unpack(PACK[name](b"") * 200_000, (name,), LIMIT)
    assert time.process_time() - begun < 2


@pytest.mark.shared
def test_real_bombs_cost_next_to_nothing(shared: Path) -> None:
    """Each expands to 0.9 or 2 GiB."""
    bombs = {"b2g.gz": "gzip", "b2g.br": "br", "b2g.zst": "zstd", "b2g.gz.gz": "gzip, gzip", "b900.gz": "gzip"}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for file, names in bombs.items():
        body = (shared / "corpora" / "bombs" / file).read_bytes()
        begun = time.process_time()
        with pytest.raises(TooLongError):
            unpack(body, layers([names]), LIMIT)
        assert time.process_time() - begun < 2
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 60
