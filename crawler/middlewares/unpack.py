"""Content encodings undone once, within bounds, before anything is archived; the archive gets the body as it was sent.

Scrapy's own middleware has no bound on the number of encodings or on a zstd window, and works after the archive.
"""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from crawler.encodings import ACCEPTED, EncodingError, TooLongError, layers, unpack
from crawler.frontier import Refusal
from crawler.middlewares.guard import Refused

UNPACKED = "unpacked"


class UnpackMiddleware:
    """Next to the network: unpacks a body into `request.meta["unpacked"]`, or refuses it. The response stays."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "UnpackMiddleware":
        """Scrapy's way of making one."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:
        """Unpack a body.

        Raises
        ------
        Refused
            A third encoding, one we do not know, or more bytes than the limit.
        """
        request.meta.pop(UNPACKED, None)  # of the response that redirected here
        names = encodings(response)
        if not names or not response.body:
            return response
        try:
            request.meta[UNPACKED] = unpack(response.body, names, self.limit)
        except TooLongError as error:
            raise Refused(Refusal.BOMB, str(error)) from error
        except EncodingError as error:
            raise Refused(Refusal.ENCODING, str(error)) from error
        return response


class UnpackedMiddleware:
    """On the spider's side of the archive: puts the unpacked body in the place of the one that was sent."""

    def process_request(self, request: Request) -> None:
        """Say which encodings we undo."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """Give the response its unpacked body."""
        body = request.meta.pop(UNPACKED, None)
        if body is None:
            return response
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, headers=headers, body=body)


def encodings(response: Response) -> tuple[str, ...]:
    """The encodings of a response's body, in the order they were applied."""
    return layers(value.decode("latin-1") for value in response.headers.getlist("Content-Encoding"))


def unpacked(request: Request, response: Response) -> bytes:
    """The body as a reader would see it, also before it is put in its place."""
    body: bytes = request.meta.get(UNPACKED, response.body)
    return body
