"""The body of a WARC record, with its transfer and content encodings undone within bounds.

warcio's own `content_stream` unpacks without a limit (16 KiB of brotli may be gigabytes), knows no zstd, and hands on a
body with two encodings as if it had none.
"""

from collections.abc import Callable
from typing import Any

from warcio.bufferedreaders import ChunkedDataReader

from crawler.encodings import layers, unpack

PIECE = 65_536


def decoded(record: Any, limit: int) -> bytes:
    """The body of a response record as a reader would see it; at most `limit` bytes are read.

    Raises
    ------
    EncodingError
        It unpacks to more than `limit` bytes, has more than two encodings or one that we do not know.
    """
    head = record.http_headers
    if head is None:
        return _read(record.raw_stream.read, limit)
    chunked = str(head.get_header("Transfer-Encoding") or "").strip().lower() == "chunked"
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    body = _read(stream.read, limit)
    return unpack(body, layers([str(head.get_header("Content-Encoding") or "")]), limit)


def _read(read: Callable[[int], bytes], limit: int) -> bytes:
    pieces: list[bytes] = []
    left = limit
    while left > 0 and (piece := read(min(PIECE, left))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
