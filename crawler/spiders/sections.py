"""Section pages alone, for trying one by hand: `scrapy crawl sections -a url=...`."""

from crawler.spiders.news import NewsSpider


class SectionsSpider(NewsSpider):
    """The news spider, kept to section pages."""

    name = "sections"
    kinds = ("section",)
