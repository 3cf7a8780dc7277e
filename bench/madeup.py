"""A made-up site on loopback, for benches: many hosts, a feed each, pages that all differ; counts what it is asked.

It answers from one thread of the bench's own process, fast enough not to be what is measured.
"""

import asyncio
import os
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from replaying import ROOT

# Any words do, as long as no two pages are alike.
TEXT = """cảng hàng hoá thành phố tỉnh dự án đường sắt nông nghiệp xuất khẩu giáo dục bệnh viện du lịch biển rừng sông
hội nghị kế hoạch người dân doanh nghiệp công nghệ mùa vụ thị trường học khí hậu văn hoá thể thao"""
WORDS = tuple(TEXT.split())


class Site:
    """`hosts` loopback addresses, each with a feed of its `pages`; `asked` counts requests by host and path.

    `watch` hears of every request; what `stalls` is never answered.
    """

    def __init__(self, hosts: int, pages: int, *, size: int = 8_000) -> None:
        self.hosts = [f"127.0.0.{number}" for number in range(2, hosts + 2)]
        self.pages, self.size = pages, size
        self.asked: Counter[tuple[str, str]] = Counter()
        self.watch: Callable[[str, str], None] = lambda host, path: None
        self.stalls: Callable[[str, str], bool] = lambda host, path: False
        self.port = 0
        self._bodies: dict[str, bytes] = {}

    def page_paths(self) -> list[str]:
        """The paths of a host's pages."""
        return [f"/tin-{number}.html" for number in range(self.pages)]

    def addresses(self) -> list[str]:
        """The URLs of all pages."""
        return [f"http://{host}:{self.port}{path}" for host in self.hosts for path in self.page_paths()]

    def fetched(self) -> int:
        """How many requests for pages were answered."""
        return sum(count for (_, path), count in self.asked.items() if path.startswith("/tin-"))

    def registry(self) -> dict[str, str]:
        """The hosts as source files: name and YAML."""
        return {
            f"vn/{host.replace('.', '-')}.yaml": yaml.safe_dump(
                {
                    "name": host,
                    "domain": host,
                    "country": "VN",
                    "languages": ["vi"],
                    "scope": "national",
                    "feeds": [{"url": f"http://{host}:{self.port}/feed.xml", "kind": "rss"}],
                }
            )
            for host in self.hosts
        }

    def answer(self, host: str, path: str) -> tuple[str, bytes]:
        """The content type and body of a path; an empty type where there is none."""
        if path == "/robots.txt":
            return "text/plain", b"User-agent: *\nAllow: /\n"
        if path == "/feed.xml":
            return "application/rss+xml", self._feed(host)
        if path.startswith("/tin-"):
            return "text/html; charset=utf-8", self._page(host, path)
        return "", b""

    def _feed(self, host: str) -> bytes:
        items = "".join(
            f"<item><title>Tin {path}</title><link>http://{host}:{self.port}{path}</link></item>"
            for path in self.page_paths()
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()

    def _page(self, host: str, path: str) -> bytes:
        key = host + path
        if key not in self._bodies:
            draw = random.Random(key)
            paragraphs, length = [], 0
            while length < self.size:
                paragraphs.append(" ".join(draw.choices(WORDS, k=60)) + ".")
                length += len(paragraphs[-1].encode()) + 8
            body = "".join(f"<p>{text}</p>" for text in paragraphs)
            title = f"Tin {path} của {host}"
            self._bodies[key] = (
                f"<!doctype html><html lang=vi><head><title>{title}</title></head>"
                f"<body><article><h1>{title}</h1>{body}</article></body></html>"
            ).encode()
        return self._bodies[key]


class _Connection(asyncio.Protocol):
    def __init__(self, site: Site) -> None:
        self.site, self.data = site, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data
        while b"\r\n\r\n" in self.data:
            head, self.data = self.data.split(b"\r\n\r\n", 1)
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            host = next((line[5:].strip() for line in lines if line.lower().startswith("host:")), "").partition(":")[0]
            self.site.asked[host, path] += 1
            self.site.watch(host, path)
            if self.site.stalls(host, path):
                continue
            kind, body = self.site.answer(host, path)
            status = "200 OK" if kind else "404 Not Found"
            answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            self.transport.write(answer.encode() + body)  # type: ignore[attr-defined]


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """Serve a site from a thread while the block runs; its `port` is set."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: _Connection(site), "127.0.0.1", 0))
    site.port = server.sockets[0].getsockname()[1]
    others = loop.run_until_complete(loop.create_server(lambda: _Connection(site), site.hosts, site.port))
    for host in site.hosts:
        for path in site.page_paths():
            site.answer(host, path)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        others.close()
        loop.close()


def command(*words: str) -> list[str]:
    """A `diembao` command in a process of its own."""
    return [sys.executable, "-m", "pipelines.cli", *words]


def settings(site: Site, folder: Path, **more: str) -> dict[str, str]:
    """Variables for `diembao` commands on a site: no delay, runtime files and registry in `folder`."""
    for name, text in site.registry().items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIEMBAO_")}
    ours = {
        "DIEMBAO_VAR_DIR": str(folder),
        "DIEMBAO_SOURCES_DIR": str(folder / "sources"),
        "DIEMBAO_OPENED": ";".join(f"{host}:{site.port}" for host in site.hosts),
        "DIEMBAO_DELAY": "0",
        "PYTHONPATH": str(ROOT),
    }
    return kept | ours | more


@contextmanager
def databases(which: str) -> Iterator[list[tuple[str, str]]]:
    """The databases to try, as name and address; an empty address = a new SQLite file."""
    sys.path.insert(0, str(ROOT / "tests"))
    from tests_support.postgres import Cluster, postgres_programs

    found = [("sqlite", "")] if which in ("sqlite", "both") else []
    programs = postgres_programs()
    if which == "sqlite" or programs is None:
        yield found
        return
    with Cluster(programs) as cluster:
        yield [*found, ("postgresql", cluster.new_database())]
