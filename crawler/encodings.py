"""Content encodings undone within bounds: how many layers, how many bytes, how much memory for a window.

A few kilobytes may say that they are gigabytes. So nothing here asks a library for more than a piece at a time, and
what exceeds the limit is given up at once: a bomb costs the limit, not what it promises.
"""

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_LAYERS = 2  # honest servers use one, a proxy in front may add another; more is built to expand
PIECE = 65_536
MAX_MEMBERS = 1000  # block gzip makes one of 64 KiB: 160 in 10 MiB; a body of empty ones would keep us busy for hours
ZSTD_WINDOW_LOG = 23  # RFC 9659: zstd on the web needs 8 MiB at most; unsaid, a frame may demand 128
MAGIC = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")  # gzip, zstd
NOTHING = ("", "identity", "none", "utf-8", "binary")  # what servers write when they did not encode


class EncodingError(ValueError):
    """A body that we do not unpack; the message says why."""


class TooManyLayersError(EncodingError):
    """More encodings on top of each other than an honest server uses."""


class TooLongError(EncodingError):
    """The body unpacks to more than the limit."""


def layers(values: Iterable[str]) -> tuple[str, ...]:
    """The encodings that `Content-Encoding` headers name, in the order they were applied."""
    names = (part.strip().lower() for value in values for part in value.split(","))
    return tuple(name for name in names if name not in NOTHING)


def unpack(body: bytes, names: tuple[str, ...], limit: int) -> bytes:
    """`body` without its encodings, at most `limit` bytes at any layer; a truncated body gives what is there.

    A body that is not encoded at all, whatever its header says, is given back as it is: some servers and many
    WARC writers have undone the encoding and left the header.

    Raises
    ------
    EncodingError
        Too many layers, too many bytes, or an encoding that we do not know.
    """
    if len(names) > MAX_LAYERS:
        raise TooManyLayersError(f"{len(names)} content encodings; at most {MAX_LAYERS}")
    for name in reversed(names):
        if name not in UNPACKERS:
            raise EncodingError(f"content encoding {name[:40]!r}; known are {', '.join(UNPACKERS)}")
        body = _bounded(UNPACKERS[name], body, limit)
    return body


def _bounded(unpacker: Callable[[bytes], Iterator[bytes]], body: bytes, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in unpacker(body):
            size += len(piece)
            if size > limit:
                raise TooLongError(f"unpacks to more than {limit:,} bytes ({len(body):,} were sent)")
            pieces.append(piece)
    except (zlib.error, brotli.error, zstd.ZstdError):
        if not pieces and body.startswith(MAGIC):
            raise EncodingError("what is encoded cannot be decoded") from None
        if not pieces:
            return body
    return b"".join(pieces)


def _gzip(body: bytes) -> Iterator[bytes]:
    return _members(lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), _inflated, body)


def _deflate(body: bytes) -> Iterator[bytes]:
    # Some servers send the bare stream, without the two bytes that zlib puts before it.
    wrapped = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _members(lambda: zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS), _inflated, body)


def _zstd(body: bytes) -> Iterator[bytes]:
    options = {int(zstd.DecompressionParameter.window_log_max): ZSTD_WINDOW_LOG}
    return _members(lambda: zstd.ZstdDecompressor(options=options), _zstd_drained, body)


def _members(make: Callable[[], Any], drain: Callable[[Any, bytes], Iterator[bytes]], body: bytes) -> Iterator[bytes]:
    """A file may be several compressed ones in a row. Fed in pieces: what is left over is copied at every member."""
    at = 0
    for _ in range(MAX_MEMBERS):
        unpacker = make()
        while at < len(body) and not unpacker.eof:
            piece = body[at : at + PIECE]
            at += len(piece)
            yield from drain(unpacker, piece)
        if unpacker.eof:
            at -= len(unpacker.unused_data)
        if at >= len(body):
            return
    raise EncodingError(f"more than {MAX_MEMBERS} compressed members in a row")


def _inflated(unpacker: Any, piece: bytes) -> Iterator[bytes]:
    while piece and not unpacker.eof:
        yield unpacker.decompress(piece, PIECE)
        piece = unpacker.unconsumed_tail


def _zstd_drained(unpacker: Any, piece: bytes) -> Iterator[bytes]:
    yield unpacker.decompress(piece, PIECE)
    while not unpacker.eof and not unpacker.needs_input:
        yield unpacker.decompress(b"", PIECE)


def _brotli(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    piece = unpacker.process(body, output_buffer_limit=PIECE)
    while piece:
        yield piece
        piece = b"" if unpacker.is_finished() else unpacker.process(b"", output_buffer_limit=PIECE)


UNPACKERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
ACCEPTED = "gzip, deflate, br, zstd"
