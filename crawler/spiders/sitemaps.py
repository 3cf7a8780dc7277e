"""News sitemaps, sitemaps and sitemap indexes alone, for trying one by hand: `scrapy crawl sitemaps -a url=...`."""

from crawler.spiders.news import NewsSpider


class SitemapsSpider(NewsSpider):
    """The news spider, kept to news sitemaps, sitemaps and sitemap indexes."""

    name = "sitemaps"
    kinds = (
        "news_sitemap",
        "sitemap",
    )
