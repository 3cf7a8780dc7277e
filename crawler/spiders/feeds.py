"""RSS, Atom and JSON feeds alone, for trying one by hand: `scrapy crawl feeds -a url=...`."""

from crawler.spiders.news import NewsSpider


class FeedsSpider(NewsSpider):
    """The news spider, kept to RSS, Atom and JSON feeds."""

    name = "feeds"
    kinds = (
        "rss",
        "atom",
        "json_feed",
    )
