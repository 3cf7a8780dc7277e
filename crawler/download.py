"""The last step to the network: Scrapy's HTTP client with the limits it lacks, and its failures told as reasons.

Scrapy bounds a body and the time of one request. Not bounded are the headers, what a chunked body costs beside its
bytes, and the time of a chain of redirects.
"""

from time import monotonic
from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed
from twisted.web.iweb import IPolicyForHTTPS

from crawler.frontier import Refusal
from crawler.guard import plain_host, refused_names
from crawler.middlewares.guard import Refused
from crawler.tls import CertificateError, TlsPolicy
from crawler.urls import host_of

MAX_HEADERS = 64 * 1024  # bytes of status line and headers in all; browsers and servers take 8 to 256 KiB
TOLD = (DownloadCancelledError, DownloadFailedError, ResponseDataLossError, CannotResolveHostError)
WIRE_FACTOR = 4  # bytes on the wire for one of the body: chunks of a single byte take six


class HeadersError(Exception):
    """More bytes of headers than we read."""


class WireError(Exception):
    """Far more bytes came than a body of the largest size takes."""


class _Parser(_LenientHTTPClientParser):
    MAX_LENGTH = MAX_HEADERS  # of one line; Twisted's 16 KiB is less than some cookies and policies take
    header_bytes = 0  # over interim (1xx) answers, too: there may be any number of them

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's names
        self.header_bytes += len(line) + 1
        if self.header_bytes > MAX_HEADERS:
            raise HeadersError
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise HeadersError


class _Protocol(_LenientHTTP11ClientProtocol):
    wire_limit = 0
    wire_bytes = 0

    def request(self, request: Any) -> Any:
        answer = super().request(request)
        self.wire_bytes = 0
        self._parser.__class__ = _Parser  # as Scrapy's own protocol does: Twisted names the class in the method
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self.wire_bytes += len(data)
        if self._parser is not None and self.wire_limit and self.wire_bytes > self.wire_limit:
            self._giveUp(Failure(WireError()))  # type: ignore[no-untyped-call]
            return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class SafeDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 client within our limits."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self.max_size = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.tls = TlsPolicy(crawler.settings.getlist("TLS_UNVERIFIED_HOSTS"))
        self._contextFactory = cast("IPolicyForHTTPS", self.tls)
        wire_limit = self.max_size * WIRE_FACTOR + MAX_HEADERS

        class Factory(_LenientHTTP11ClientFactory):
            def buildProtocol(self, addr: Any) -> _Protocol:  # noqa: N802
                protocol = _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
                protocol.wire_limit = wire_limit
                return protocol

        self._pool._factory = Factory

    async def download_request(self, request: Request) -> Response:
        """Fetch, within the time that the redirects before have left.

        Raises
        ------
        Refused
            A limit was exceeded, or every address of the host is forbidden.
        CertificateError
            The host's certificate cannot be trusted.
        """
        spent = float(request.meta.get("spent", 0.0))
        left = self.seconds - spent
        if left <= 0:
            raise DownloadTimeoutError(f"{request.url[:200]}: its redirects took more than {self.seconds:g} s")
        request.meta["download_timeout"] = left
        begun = monotonic()
        try:
            response: Response = await super().download_request(request)
        except TOLD as error:
            raise self._told(error, request.url) from error
        finally:
            request.meta["spent"] = spent + monotonic() - begun
        return response

    def _told(self, error: Exception, url: str) -> Exception:
        """The exception that says what happened, where Scrapy's does not."""
        host = host_of(url)
        if isinstance(error, CannotResolveHostError):
            return Refused(Refusal.PRIVATE_ADDRESS, host) if plain_host(host) in refused_names else error
        if isinstance(error, DownloadCancelledError):  # Scrapy cancels for nothing else; the time limit has its own
            return Refused(Refusal.TOO_LARGE, f"more than {self.max_size:,} bytes")
        reasons = _reasons(error)
        if any(isinstance(reason, HeadersError) for reason in reasons):
            return Refused(Refusal.HEADERS_TOO_LARGE, f"more than {MAX_HEADERS:,} bytes")
        if any(isinstance(reason, WireError) for reason in reasons):
            return Refused(Refusal.TOO_LARGE, "more bytes on the wire than any page takes")
        if host in self.tls.problems and any("certificate" in repr(reason).lower() for reason in reasons):
            return CertificateError(f"the certificate of {host} is not trusted: {self.tls.problems[host]}")
        return error


def _reasons(error: Exception) -> list[BaseException]:
    cause = error.__cause__
    found = [failure.value for failure in cause.reasons] if isinstance(cause, ResponseFailed) else []
    return [error, *found]
