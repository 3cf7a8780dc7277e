"""The Scrapy end of the archive."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.frontier import Archive


class ArchiveMiddleware:
    """Keeps responses, closest to the network, where a body is still as it was sent.

    Requests with `meta["archive"]` true are kept; the place is left in `request.meta["record"]`.
    """

    def __init__(self, archive: Archive | None) -> None:
        self.archive = archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ArchiveMiddleware":
        """Take the archive that the job put into the settings; without one (a bare `scrapy crawl`) keep nothing."""
        return cls(crawler.settings.get("ARCHIVE"))

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the response before anyone reads it. "Not modified" says nothing that is not kept already."""
        if self.archive is not None and request.meta.get("archive") and response.status != 304:
            request.meta["record"] = self.archive.write(
                url=response.url,
                status=response.status,
                request_headers=request.headers.to_string(),
                response_headers=response.headers.to_string(),
                body=response.body,
            )
        return response
