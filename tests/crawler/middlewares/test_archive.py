from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.frontier import ArchivedRecord
from crawler.middlewares.archive import ArchiveMiddleware


class Kept:
    """An archive that remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    def write(self, **values: Any) -> ArchivedRecord:
        self.given.append(values)
        return ArchivedRecord("x.warc.gz", 0, 1, "digest")

    def close(self) -> None:
        pass


def test_a_page_is_kept_as_it_came() -> None:
    archive, request = Kept(), Request("http://a.example/tin", meta={"archive": True}, headers={"Accept": "text/html"})
    response = Response("http://a.example/tin", status=410, headers={"Content-Encoding": "gzip"}, body=b"\x1f\x8braw")
    assert ArchiveMiddleware(archive).process_response(request, response) is response
    assert request.meta["record"].file == "x.warc.gz"
    assert archive.given[0]["body"] == b"\x1f\x8braw"
    assert archive.given[0]["status"] == 410
    assert b"Content-Encoding: gzip" in archive.given[0]["response_headers"]
    assert b"Accept: text/html" in archive.given[0]["request_headers"]


def test_feeds_and_robots_are_not_kept() -> None:
    archive, request = Kept(), Request("http://a.example/rss")
    ArchiveMiddleware(archive).process_response(request, Response("http://a.example/rss"))
    assert archive.given == []
    assert "record" not in request.meta


def test_a_crawl_without_an_archive_goes_on() -> None:
    request, response = Request("http://a.example/", meta={"archive": True}), Response("http://a.example/")
    assert ArchiveMiddleware(None).process_response(request, response) is response
