"""Obeys what a page says to robots, before anything of it is kept (docs/safety.md says what each word means to us)."""

from dataclasses import replace

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.archive import WarcArchive
from crawler.directives import PASSING, addressed
from crawler.frontier import Archive, ArchivedRecord, Refusal
from crawler.middlewares.guard import Refused
from crawler.middlewares.unpack import unpacked

REFUSED_BY_NAME = frozenset(("noindex",))  # said to us by name, it is meant for us whatever we are
APART = frozenset(("noindex", "noarchive"))


class DirectivesMiddleware:
    """Stands between the network and the archive. Only pages are asked: feeds are often marked noindex for search."""

    def __init__(self, product: str, refused: frozenset[str], archive: Archive | None) -> None:
        self.product, self.refused = product, refused
        self.folder = archive.folder / PASSING if isinstance(archive, WarcArchive) else None
        self.software = archive.software if isinstance(archive, WarcArchive) else ""
        self.passing: WarcArchive | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "DirectivesMiddleware":
        """Scrapy's way of making one."""
        settings = crawler.settings
        refused = frozenset(settings.getlist("DIRECTIVES_REFUSED"))
        made = cls(settings["ROBOTS_PRODUCT"], refused, settings.get("ARCHIVE"))
        crawler.signals.connect(made.close, signals.spider_closed)
        return made

    def process_response(self, request: Request, response: Response) -> Response:
        """Refuse a page that does not want us; keep one apart that does not want to be archived or found.

        Raises
        ------
        Refused
            The page says `noindex` to us by name, or one of `DIRECTIVES_REFUSED` to all.
        """
        if not request.meta.get("archive") or response.status != 200:
            return response
        headers = [value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")]
        to_all, to_us = addressed(unpacked(request, response), headers, self.product)
        refused = (to_us & REFUSED_BY_NAME) | (to_all & self.refused)
        if refused:
            raise Refused(Refusal.NOINDEX, ", ".join(sorted(refused)))
        if (to_all | to_us) & APART and self.folder is not None:
            request.meta["archive"] = False  # the archive proper never sees it
            request.meta["record"] = self._keep_for_now(request, response)
        return response

    def _keep_for_now(self, request: Request, response: Response) -> ArchivedRecord:
        if self.passing is None:
            assert self.folder is not None  # noqa: S101 - asked by the caller
            self.passing = WarcArchive(self.folder, software=self.software)
        record = self.passing.write(
            url=response.url,
            status=response.status,
            request_headers=request.headers.to_string(),
            response_headers=response.headers.to_string(),
            body=response.body,
        )
        return replace(record, file=f"{PASSING}/{record.file}")

    def close(self) -> None:
        """Finish the file, if one was begun."""
        if self.passing is not None:
            self.passing.close()
