"""The limits of a download, against a server that respects none of them."""

import gzip
import zlib
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from tests_support.fetching import fetch
from tests_support.raw import HEAD, RawSite, certificate, serving_tls
from tests_support.web import serving

from crawler.frontier import Refusal

MEBI = 1_048_576
LIMITS: dict[str, Any] = {"DOWNLOAD_TIMEOUT": 2.0, "DOWNLOAD_MAXSIZE": MEBI}


@pytest.fixture(scope="module")
def raw() -> Iterator[RawSite]:
    site = RawSite()
    yield site
    site.close()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def test_every_limit_holds_and_says_so(raw: RawSite) -> None:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    drip: list[bytes | None] = [b"x", None]
    answers: dict[str, tuple[Any, Refusal | str]] = {
        "/declared": ([HEAD + b"Content-Length: 2000000\r\n\r\n"], Refusal.TOO_LARGE),
        "/undeclared": (chain([HEAD + b"\r\n"], repeat(b"x" * 65_536, 500)), Refusal.TOO_LARGE),
        "/chunked": (chain([chunked], repeat(chunk(b"x" * 65_536), 500)), Refusal.TOO_LARGE),
        "/tiny-chunks": (chain([chunked], repeat((b"1;" + b"y" * 500 + b"\r\nx\r\n") * 100)), Refusal.TOO_LARGE),
        "/many-headers": (chain([HEAD], repeat(b"X-A: " + b"b" * 100 + b"\r\n")), Refusal.HEADERS_TOO_LARGE),
        "/long-header": (chain([HEAD + b"X-A: "], repeat(b"b" * 65_536)), Refusal.HEADERS_TOO_LARGE),
        "/interim": (repeat(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), Refusal.HEADERS_TOO_LARGE),
        "/folded": (chain([HEAD + b"X-A: b\r\n"], repeat(b" " + b"b" * 1000 + b"\r\n")), Refusal.HEADERS_TOO_LARGE),
        "/drip-body": (chain([HEAD + b"Content-Length: 900\r\n\r\n"], *repeat(drip, 900)), "DownloadTimeoutError"),
        "/drip-header": (chain([HEAD + b"X-A: "], *repeat(drip, 900)), "DownloadTimeoutError"),
        "/silence": (repeat(None, 900), "DownloadTimeoutError"),
        "/three": ([HEAD + b"Content-Encoding: gzip, gzip, gzip\r\nContent-Length: 1\r\n\r\nx"], Refusal.ENCODING),
        "/unknown": ([HEAD + b"Content-Encoding: rot13\r\nContent-Length: 1\r\n\r\nx"], Refusal.ENCODING),
        "/bomb": (
            [HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(50 * MEBI))],
            Refusal.BOMB,
        ),
        "/not-http": ([b"SSH-2.0-OpenSSH_9.9\r\n"], "DownloadFailedError"),
        "/not-http-long": (chain([b"\x00" * 100_000]), Refusal.HEADERS_TOO_LARGE),
    }
    raw.answers = {path: iter(answer) for path, (answer, _) in answers.items()}
    home = f"http://{raw.address}"
    # Reading what is not HTTP at all is left to the total time, so each has a connection of its own.
    found = fetch(
        [home + path for path in answers], GUARD_OPENED=raw.address, **LIMITS | {"CONCURRENT_REQUESTS_PER_DOMAIN": 20}
    )
    for path, (_, reason) in answers.items():
        told = found[home + path]
        assert reason in (told.get("reason"), told.get("error")), (path, told)
        assert told["seconds"] < 10, (path, told)  # a busy machine is slow, an endless answer is not over
    assert found[""]["more"] < 100


def test_what_is_within_the_limits_passes(raw: RawSite) -> None:
    body = b"<html>" + b"x" * (MEBI - 6)
    packed = zlib.compress(gzip.compress(body))
    long_header = b"X-A: " + b"b" * 60_000 + b"\r\n"
    raw.answers = {
        "/body": iter([HEAD + b"Content-Length: %d\r\n\r\n" % len(body), body]),
        "/header": iter([HEAD + long_header + b"Content-Length: 2\r\n\r\nhi"]),
        "/twice": iter([HEAD + b"Content-Encoding: gzip, deflate\r\nContent-Length: %d\r\n\r\n" % len(packed), packed]),
        "/not-packed": iter([HEAD + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n<html>hi!"]),
    }
    sizes = {"/body": MEBI, "/header": 2, "/twice": MEBI, "/not-packed": 9}
    home = f"http://{raw.address}"
    found = fetch([home + path for path in sizes], GUARD_OPENED=raw.address, **LIMITS)
    assert {path: found[home + path].get("size") for path in sizes} == sizes


def test_redirects() -> None:
    with serving({}) as site:
        home = f"http://{site.address}"
        site.answers |= {f"/{n}": (302, {"Location": f"/{n - 1}"}, b"") for n in range(1, 9)}
        site.answers |= {
            "/0": (200, {"Content-Type": "text/html"}, b"hi"),
            "/file": (302, {"Location": "file:/etc/hostname"}, b"<html>a page, perhaps"),
            "/script": (301, {"Location": "javascript:alert(1)"}, b"<html>"),
            "/broken": (301, {"Location": "http://[oops"}, b"<html>"),
            "/nowhere": (302, {}, b"<html>"),
            "/password": (302, {"Location": f"http://a:b@{site.address}/0"}, b""),
            "/ring": (302, {"Location": "/ring"}, b""),
        }
        paths = ["5", "6", "file", "script", "broken", "nowhere", "password", "ring"]
        found = fetch([f"{home}/{path}" for path in paths], GUARD_OPENED=site.address, **LIMITS)
    told = {path: found[f"{home}/{path}"].get("reason") or found[f"{home}/{path}"]["status"] for path in paths}
    many, bad = Refusal.TOO_MANY_REDIRECTS, Refusal.BAD_URL
    assert told == {
        "5": 200, "6": many, "file": bad, "script": bad, "broken": bad, "nowhere": bad, "password": bad, "ring": many,
    }  # fmt: skip


def test_a_chain_of_redirects_has_one_time_limit(raw: RawSite) -> None:
    home = f"http://{raw.address}"
    raw.answers = {
        f"/{n}": iter([*repeat(None, 5), b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /%d\r\n\r\n" % (n + 1)])
        for n in range(6)
    }
    told = fetch([f"{home}/0"], GUARD_OPENED=raw.address, **LIMITS)[f"{home}/0"]
    assert told["error"] == "DownloadTimeoutError"
    assert 1.8 < told["seconds"] < 6


def test_certificates(tmp_path: Path) -> None:
    page = {"/": (200, {"Content-Type": "text/html"}, b"hi")}
    good, old = certificate(tmp_path, "127.0.0.1", "tin.localhost"), certificate(tmp_path, "cu.localhost", days=-1)
    with serving_tls(page, good) as site, serving_tls(page, old) as second:
        opened = [site.address, second.address]
        urls = {
            "address": f"https://{site.address}/",
            "name": f"https://tin.localhost:{site.server_port}/",
            "old": f"https://cu.localhost:{second.server_port}/",
        }
        refused = fetch(list(urls.values()), GUARD_OPENED=opened, **LIMITS)
        asked = [*site.asked, *second.asked]
        excepted = fetch(list(urls.values()), GUARD_OPENED=opened, TLS_UNVERIFIED_HOSTS=["tin.localhost"], **LIMITS)
    told = {name: (refused[url]["error"], refused[url]["text"].rpartition(": ")[2]) for name, url in urls.items()}
    assert told == {
        "address": ("CertificateError", "self-signed"),
        "name": ("CertificateError", "self-signed"),
        "old": ("CertificateError", "self-signed"),
    }
    assert asked == []
    assert excepted[urls["name"]]["status"] == 200
    assert excepted[urls["address"]]["error"] == excepted[urls["old"]]["error"] == "CertificateError"
