"""From an answer of a feed, sitemap or section page to the articles it lists: one module a form, one entry here.

A reader takes `(body, url, links)`, `links` being the source's own pattern, and gives a `Listing`; it raises
`NotAListing` with the reason when the answer is something else.
"""

from collections.abc import Callable

from crawler.discovery.feeds import read_feed
from crawler.discovery.jsonfeed import read_json_feed
from crawler.discovery.listing import Listing, NotAListing
from crawler.discovery.sections import read_section
from crawler.discovery.sitemaps import read_sitemap

Reader = Callable[[bytes, str, str], Listing]

READERS: dict[str, Reader] = {
    "rss": read_feed,
    "atom": read_feed,
    "json_feed": read_json_feed,
    "news_sitemap": read_sitemap,
    "sitemap": read_sitemap,
    "section": read_section,
}

__all__ = ["READERS", "Listing", "NotAListing", "Reader"]
