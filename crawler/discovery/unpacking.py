"""Packed listings, a piece at a time: neither a bomb nor an honest 50 MiB sitemap is ever whole in memory."""

import zlib
from collections.abc import Iterator

from crawler.discovery.listing import NotAListing

MAX_UNZIPPED = 50 * 1024 * 1024  # sitemaps.org: 50 MB uncompressed
PIECE = 1024 * 1024
GZIP = b"\x1f\x8b"


def pieces(body: bytes) -> Iterator[bytes]:
    """The body in pieces, unpacked when it is gzip (also of several members, one after the other).

    Raises
    ------
    NotAListing
        The gzip is broken, or unpacks to more than the protocol allows.
    """
    if body[:2] != GZIP:
        yield from (body[at : at + PIECE] for at in range(0, len(body), PIECE))
        return
    total = 0
    while body[:2] == GZIP:
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        while body and not unpacker.eof:
            try:
                piece = unpacker.decompress(body, PIECE)
            except zlib.error as error:
                raise NotAListing(f"broken gzip: {error}") from error
            body = unpacker.unconsumed_tail
            if not total and piece.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"<", b""):
                raise NotAListing("what is packed is no XML")  # nor is the rest of it, be it gigabytes
            total += len(piece)
            if total > MAX_UNZIPPED:
                raise NotAListing(f"unpacks to more than {MAX_UNZIPPED // 2**20} MiB")
            yield piece
        body = unpacker.unused_data
