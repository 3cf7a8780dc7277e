"""What every job that runs Scrapy begins with: the operator's settings as Scrapy's, the proxy that is let through."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.source import Source
from pipelines.errors import UsageError
from pipelines.settings import Settings

if TYPE_CHECKING:
    from scrapy import Spider


def network_settings(settings: Settings, sources: Iterable[Source] = ()) -> dict[str, Any]:
    """What the operator's settings change in `crawler.settings`, as far as fetching goes; `sources` may be asked.

    Raises
    ------
    UsageError
        The proxy's address is none.
    """
    from crawler.tls import unverified_hosts

    endpoint = proxy_to_open(settings.proxy)
    return {
        "PROXY": settings.proxy,
        "GUARD_OPENED": [*settings.opened, *([endpoint] if endpoint else [])],
        "USER_AGENT": settings.user_agent,
        "DOWNLOAD_DELAY": settings.delay,
        "CONCURRENT_REQUESTS": settings.connections,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.host_connections,
        "DOWNLOAD_TIMEOUT": settings.timeout,
        "DOWNLOAD_MAXSIZE": int(settings.max_page_mb * 1024 * 1024),
        "TLS_UNVERIFIED_HOSTS": unverified_hosts(sources),
        "LOG_LEVEL": settings.log_level,
        "LOG_INSTALL_ROOT_HANDLER": False,  # records go where `pipelines.logs` sends them
    }


def run_spider(spider: "type[Spider]", overrides: dict[str, Any], **arguments: Any) -> str:
    """Run a spider to its end; returns why it ended. Once in a process: Twisted's reactor does not start again.

    Raises
    ------
    KeyboardInterrupt
        It was asked to stop, and did.
    """
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings as ScrapySettings

    from pipelines.stopping import Stop

    # Each failed download is recorded with its reason, retried, and shown by `status`: a traceback adds nothing.
    logging.getLogger("scrapy.core.scraper").addFilter(lambda row: not row.getMessage().startswith("Error downloading"))
    values = ScrapySettings()
    values.setmodule("crawler.settings", priority="project")
    values.setdict(overrides, priority="cmdline")
    process = AsyncCrawlerProcess(values)
    crawler = process.create_crawler(spider)
    task = process.crawl(crawler, **arguments)
    stop = Stop(process)
    stop.listen()
    process.start(install_signal_handlers=False)
    if stop.asked:
        raise KeyboardInterrupt
    if not task.cancelled() and task.exception() is not None:
        raise task.exception()  # type: ignore[misc]
    return str(crawler.stats.get_value("finish_reason") if crawler.stats else "")


def proxy_to_open(address: str) -> str | None:
    """The `ip:port` of the proxy, which the guard must let through; None without a proxy.

    Raises
    ------
    UsageError
        The address is not one of a proxy.
    """
    if not address:
        return None
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme != "http" or not parts.hostname or not port:
        raise UsageError(f"proxy {address!r} is not an address like http://127.0.0.1:8899")
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
    return f"{host}:{port}"
