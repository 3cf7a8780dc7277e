import gzip
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.archive import WarcArchive, read_payload
from crawler.frontier import Refusal
from crawler.middlewares.directives import DirectivesMiddleware
from crawler.middlewares.guard import Refused
from crawler.middlewares.unpack import UnpackMiddleware

URL = "http://bao-mau.example/tin"
TO_US = b'<html><meta name="diembao" content="noindex">Tin'
NOINDEX = b'<html><meta name="robots" content="noindex">Tin'


def passing(
    request: Request, response: Response, archive: WarcArchive | None = None, refused: tuple[str, ...] = ()
) -> None:
    middleware = DirectivesMiddleware("DiemBao", frozenset(refused), archive)
    UnpackMiddleware(10_000).process_response(request, response)
    assert middleware.process_response(request, response) is response
    middleware.close()


def page() -> Request:
    return Request(URL, meta={"archive": True})


@pytest.mark.parametrize(
    "response",
    [
        Response(URL, body=TO_US),
        Response(URL, body=gzip.compress(TO_US), headers={"Content-Encoding": "gzip"}),
        Response(URL, body=b"<html>", headers={"X-Robots-Tag": "diembao: noindex"}),
        Response(URL, body=b"<html>", headers={"X-Robots-Tag": ["nofollow", "diembao: none"]}),
    ],
)
def test_a_page_that_asks_us_by_name_not_to_index_it_is_refused(response: Response, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        passing(page(), response, WarcArchive(tmp_path, software="test"))
    assert (refused.value.reason, refused.value.detail) == (Refusal.NOINDEX, "noindex")
    assert list(tmp_path.rglob("*.gz")) == []


def test_feeds_are_not_asked() -> None:
    passing(Request(URL), Response(URL, body=b"<rss>", headers={"X-Robots-Tag": "noindex, follow"}))


def test_a_page_that_is_gone_is_archived_whatever_it_says() -> None:
    request = page()
    passing(request, Response(URL, status=410, body=TO_US))
    assert request.meta["archive"] is True


def test_the_operator_may_refuse_what_is_said_to_all() -> None:
    with pytest.raises(Refused):
        passing(page(), Response(URL, body=NOINDEX), refused=("noindex",))
    passing(page(), Response(URL, body=b"<html>"), refused=("noindex",))


@pytest.mark.parametrize("word", ["noarchive", "nocache", "noindex", "none"])
def test_a_page_that_asks_not_to_be_archived_or_found_is_kept_apart(word: str, tmp_path: Path) -> None:
    request = page()
    body = f'<html><meta name="robots" content="{word}">Tin'.encode()
    passing(request, Response(URL, body=body), WarcArchive(tmp_path, software="test"))
    record = request.meta["record"]
    assert request.meta["archive"] is False
    assert record.file.startswith("noarchive/")
    assert read_payload(tmp_path / record.file, record.offset, limit=1000) == (URL, body)
    assert [path.parent.name for path in tmp_path.rglob("*.warc.gz")] == ["noarchive"]


def test_other_pages_go_to_the_archive(tmp_path: Path) -> None:
    request = page()
    passing(request, Response(URL, body=b"<html>Tin"), WarcArchive(tmp_path, software="test"))
    assert request.meta["archive"] is True
    assert "record" not in request.meta
