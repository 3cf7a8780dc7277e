"""A crawl killed with SIGKILL again and again over a made-up site: what is lost, doubled, fetched twice.

    python bench/kills.py [--kills 50] [--pages 2000] [--database sqlite|postgresql|both] [--seed 1]

Each kill comes at a random request (drawn from the seed), so that all of them together fall over the whole crawl. Then
one crawl runs to its end. Exit code 1 when a page is lost or doubled, a record cannot be read, or more than 8 pages a
kill were fetched again.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from madeup import Site, command, databases, served, settings
from replaying import ROOT
from tqdm import tqdm

sys.path.insert(0, str(ROOT))

HOSTS = 8
AGAIN = 8  # pages that one kill may make us fetch again


def kill_at(site: Site, number: int, variables: dict[str, str]) -> bool:
    """Start a crawl and kill it at its `number`-th request; False when it ended before."""
    reached = threading.Event()
    seen = [0]

    def watch(_host: str, _path: str) -> None:
        seen[0] += 1
        if seen[0] == number:
            reached.set()

    site.watch = watch
    crawl = subprocess.Popen(command("crawl"), env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while crawl.poll() is None and not reached.wait(0.01):
        pass
    killed = crawl.poll() is None
    if killed:
        os.kill(crawl.pid, signal.SIGKILL)
    crawl.wait()
    site.watch = lambda _host, _path: None
    return killed


def check(address: str, folder: Path, site: Site) -> tuple[int, int, int]:
    """Pages lost, rows too many, and records that cannot be read."""
    from sqlalchemy import select

    from crawler.archive import read_payload
    from crawler.urls import url_key
    from store.crawling import PageRow
    from store.database import open_database

    database = open_database(address)
    with database.reading() as session:
        rows = session.scalars(select(PageRow)).all()
    database.close()
    fetched = {row.url_key for row in rows if row.state == "fetched"}
    wanted = {url_key(url) for url in site.addresses()}
    broken = 0
    for row in rows:
        if row.warc_file is not None and row.warc_offset is not None:
            url, body = read_payload(folder / "warc" / row.warc_file, row.warc_offset, limit=10**7)
            broken += url != row.url or len(body) < site.size
    return len(wanted - fetched), len(rows) - len(wanted), broken


def trial(name: str, address: str, args: argparse.Namespace) -> bool:
    """All the kills on one database, and the verdict."""
    draw = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as var, served(Site(HOSTS, args.pages // HOSTS)) as site:
        folder = Path(var)
        address = address or f"sqlite:///{folder / 'diembao.db'}"
        variables = settings(site, folder, DIEMBAO_DATABASE_URL=address)
        mean = (args.pages + 2 * HOSTS) / args.kills
        kills = 0
        for _ in tqdm(range(args.kills), desc=f"kills on {name}", disable=None):
            kills += kill_at(site, max(1, round(draw.uniform(0, 2 * mean))), variables)
        subprocess.run(command("crawl"), env=variables, check=True, stdout=subprocess.DEVNULL)
        lost, doubled, broken = check(address, folder, site)
        again = site.fetched() - len(site.addresses())
    print(
        f"{name}: {kills} kills over {args.pages} pages: {lost} lost, {doubled} rows too many, "
        f"{broken} records unreadable, {again} pages fetched again ({again / max(kills, 1):.1f} a kill)",
        flush=True,
    )
    return not lost and not doubled and not broken and again <= AGAIN * kills


def main() -> int:
    """Kill, check, print; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with databases(args.database) as found:
        verdicts = [trial(name, address, args) for name, address in found]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
