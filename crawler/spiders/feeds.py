"""RSS and Atom feeds alone, for trying one by hand: `scrapy crawl feeds -a url=...`."""

from crawler.spiders.news import NewsSpider


class FeedsSpider(NewsSpider):
    """The news spider, kept to RSS and Atom feeds."""

    name = "feeds"
    kinds = (
        "rss",
        "atom",
    )
