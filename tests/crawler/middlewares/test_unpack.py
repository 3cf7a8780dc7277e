import gzip

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.frontier import Refusal
from crawler.middlewares.guard import Refused
from crawler.middlewares.unpack import UnpackedMiddleware, UnpackMiddleware, unpacked

URL = "http://bao-mau.example/tin"


def answer(body: bytes, encoding: str = "gzip") -> Response:
    return Response(URL, body=body, headers={"Content-Type": "text/html", "Content-Encoding": encoding})


def test_the_archive_sees_what_was_sent_and_the_spider_what_it_means() -> None:
    request, sent = Request(URL), answer(gzip.compress(b"<html>Tin", mtime=0))
    between = UnpackMiddleware(100).process_response(request, sent)
    assert between is sent
    assert unpacked(request, between) == b"<html>Tin"
    after = UnpackedMiddleware().process_response(request, between)
    assert isinstance(after, HtmlResponse)
    assert (after.body, after.headers.get("Content-Encoding")) == (b"<html>Tin", None)
    assert "unpacked" not in request.meta
    assert sent.headers["Content-Encoding"] == b"gzip"


def test_what_is_not_packed_is_left_alone() -> None:
    request, sent = Request(URL), Response(URL, body=b"<html>")
    assert UnpackMiddleware(100).process_response(request, sent) is sent
    assert UnpackedMiddleware().process_response(request, sent) is sent
    assert unpacked(request, sent) == b"<html>"


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(bytes(101), mtime=0), "gzip", Refusal.BOMB),
        (gzip.compress(b"x", mtime=0), "gzip, gzip, gzip", Refusal.ENCODING),
        (b"x", "rot13", Refusal.ENCODING),
    ],
)
def test_what_is_refused(body: bytes, encoding: str, reason: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        UnpackMiddleware(100).process_response(Request(URL), answer(body, encoding))
    assert refused.value.reason == reason


def test_we_say_what_we_undo() -> None:
    request = Request(URL)
    UnpackedMiddleware().process_request(request)
    assert request.headers["Accept-Encoding"] == b"gzip, deflate, br, zstd"
