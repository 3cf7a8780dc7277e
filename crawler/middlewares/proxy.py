"""Sends every request through the operator's proxy, robots.txt included."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured


class ProxyMiddleware:
    """Names the proxy on the request itself: one left in the environment is never used by surprise."""

    def __init__(self, address: str) -> None:
        self.address = address

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ProxyMiddleware":
        """Scrapy's way of making one; without `PROXY` there is nothing to do."""
        address = crawler.settings.get("PROXY")
        if not address:
            raise NotConfigured
        return cls(address)

    def process_request(self, request: Request) -> None:
        """Name the proxy."""
        request.meta["proxy"] = self.address
