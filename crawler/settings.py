"""Scrapy's project settings: the crawl policy that does not change from run to run.

What an operator may change (delay, contact, proxy, ...) comes on top, from `pipelines.scraping`.
"""

from typing import Any

BOT_NAME = "diembao"
PRODUCT = "DiemBao"  # the product token that robots.txt rules are matched against
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

USER_AGENT = f"{PRODUCT}/0.1 (news monitoring; contact not set)"
ROBOTS_PRODUCT = PRODUCT
ROBOTSTXT_OBEY = False  # by our own middleware, which follows RFC 9309 where Scrapy's does not
ARCHIVE: Any = None
GUARD_OPENED: list[str] = []
PROXY = ""

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.guard.GuardMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.redirect.SafeRedirectMiddleware": 600,
    "crawler.middlewares.unpack.UnpackedMiddleware": 610,
    "crawler.middlewares.proxy.ProxyMiddleware": 740,
    "crawler.middlewares.archive.ArchiveMiddleware": 950,
    # A response passes these before the archive: what is refused here is kept nowhere.
    "crawler.middlewares.directives.DirectivesMiddleware": 970,
    "crawler.middlewares.unpack.UnpackMiddleware": 975,
    "crawler.middlewares.rest.RestMiddleware": 990,
    # Replaced by ours.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    # Reads the environment at every request; ours names the proxy itself.
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    # Not used, and every middleware costs time at every request: offsite is the guard's and the frontier's business.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
# Must stand here: in a spider's custom_settings Scrapy ignores it, and every private address is open.
TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
DNS_TIMEOUT = 10
REACTOR_THREADPOOL_MAXSIZE = 20  # name look-ups run there; a slow server should not hold up the others

# Only the web, over TCP: file, ftp, data and s3 handlers are doors that a feed could name.
DOWNLOAD_HANDLERS = dict.fromkeys(("data", "file", "ftp", "s3")) | dict.fromkeys(
    ("http", "https"), "crawler.download.SafeDownloadHandler"
)
DOWNLOADER = "crawler.slots.PoliteDownloader"
TLS_UNVERIFIED_HOSTS: list[str] = []  # hosts of sources that say `tls: unverified`, and why
DIRECTIVES_REFUSED: list[str] = []  # what a page may say to all robots that makes us leave it (docs/safety.md)
TELNETCONSOLE_ENABLED = False
DOWNLOADER_STATS = False  # the frontier counts; what nobody reads costs time at every request
REMOTE_CONTROL_ENABLED = False  # on by default: a server on loopback that runs Python code for whoever has its token
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
REFERER_ENABLED = True
REDIRECT_MAX_TIMES = 5
RETRY_ENABLED = False  # retries live in the frontier, where a restart does not forget them
DOWNLOAD_VERIFY_CERTIFICATES = True
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # uniqueness is the frontier's

DOWNLOAD_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
URLLENGTH_LIMIT = 2000
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0.0  # by default Scrapy waits half to one and a half of it; we promise at least all of it
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Requests that wait for their host's delay count too, so this is the number of hosts served side by side.
CONCURRENT_REQUESTS = 200
# Scrapy starts this many tasks for the output of every callback; ours give none, and 100 took a third of the CPU.
CONCURRENT_ITEMS = 1

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml,*/*;q=0.5",
    "Accept-Language": "vi,en;q=0.8,*;q=0.5",
}
LOG_LEVEL = "WARNING"
