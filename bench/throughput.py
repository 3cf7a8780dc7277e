"""Pages a second of one crawl process with its delays off, beside plain Scrapy that fetches them and keeps nothing.

    python bench/throughput.py [--pages 4000] [--hosts 16] [--rounds 3]

Both ask the same made-up site on loopback, one connection a host, in turn, in one run. Ours also reads robots.txt and
feeds, archives every page and remembers it in the database; the seconds are from the first request to the last.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from madeup import Site, command, served, settings

PLAIN = """
import sys
from scrapy import Spider
from scrapy.crawler import CrawlerProcess

class Plain(Spider):
    name = "plain"
    start_urls = open(sys.argv[1]).read().split()

    def parse(self, response):
        return None

process = CrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS": 200,
                          "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0})
process.crawl(Plain)
process.start()
"""


class Clock:
    """The times of the first and the last request for a page."""

    def __init__(self, site: Site) -> None:
        self.first = self.last = 0.0
        site.watch = self.look

    def look(self, _host: str, path: str) -> None:
        """Note a request."""
        self.last = time.perf_counter()
        self.first = self.first or self.last

    @property
    def seconds(self) -> float:
        """From the first to the last."""
        return self.last - self.first


def plain(site: Site, folder: Path) -> float:
    """Pages a second of plain Scrapy."""
    listing = folder / "urls.txt"
    # Host by host in turn, as a scheduler would: otherwise the first host's queue holds up the rest.
    pages = site.page_paths()
    listing.write_text("\n".join(f"http://{host}:{site.port}{path}" for path in pages for host in site.hosts))
    clock = Clock(site)
    subprocess.run([sys.executable, "-c", PLAIN, str(listing)], check=True)
    return len(site.addresses()) / clock.seconds


def ours(site: Site, folder: Path) -> float:
    """Pages a second of `diembao crawl`."""
    clock = Clock(site)
    subprocess.run(command("crawl"), env=settings(site, folder), check=True, stdout=subprocess.DEVNULL)
    return len(site.addresses()) / clock.seconds


def main() -> None:
    """Measure in turn, print each round and the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=4000)
    parser.add_argument("--hosts", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    rounds = []
    for number in range(1, args.rounds + 1):
        with tempfile.TemporaryDirectory() as var, served(Site(args.hosts, args.pages // args.hosts)) as site:
            alone, whole = plain(site, Path(var)), ours(site, Path(var))
        rounds.append(whole / alone)
        print(f"round {number}: plain Scrapy {alone:.0f} pages/s, ours {whole:.0f}, ratio {rounds[-1]:.2f}", flush=True)
    print(f"median ratio {statistics.median(rounds):.2f} of {args.rounds} rounds, {args.pages} pages")


if __name__ == "__main__":
    main()
