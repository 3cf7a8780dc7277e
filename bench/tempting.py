"""Servers on loopback for benches, to tempt a crawl inside: the site, the canary, a proxy that would fetch anything."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin, urlsplit

OUTSIDE = "bao-mau.example"  # where some vectors lead when they are read as the standards say


def arrivals(listener: socket.socket) -> Iterator[socket.socket]:
    """Each connection that comes, until the listener is closed."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        yield connection


class Canary:
    """Listens on one port of every address of this machine; `hits` counts connections."""

    def __init__(self) -> None:
        self.hits = 0
        self.listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.port: int = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        """Answer with a page, so that whoever came would stay."""
        for connection in arrivals(self.listener):
            self.hits += 1
            with connection:
                connection.settimeout(2)
                try:
                    connection.recv(65_536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi")
                except OSError:
                    continue

    def close(self) -> None:
        """Stop listening."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


class Tempter(ThreadingHTTPServer):
    """The site: whatever is asked of it leads to a vector. Hosts `v7.localhost` redirect robots.txt to the 7th."""

    daemon_threads = True

    def __init__(self, vectors: list[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Tempting)
        self.vectors = vectors
        self.asked: Counter[str] = Counter()
        self.home = f"http://127.0.0.1:{self.server_port}"

    def answer(self, host: str, path: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and body for a path: `/r7` redirects to the 7th vector, and so on."""
        name = host.partition(".")[0]
        if path == "/robots.txt":
            wicked = name[:1] == "v" and name[1:].isdecimal()
            return (302, {"Location": self.vectors[int(name[1:])]}, "") if wicked else (404, {}, "")
        kind, number = path[1:2], path[2:]
        vector = self.vectors[int(number)] if number.isdecimal() else ""
        if kind in ("r", "f") and vector:
            return 302, {"Location": vector}, ""
        if kind == "m" and vector:
            return (
                200,
                {"Refresh": f"0;url={vector}"},
                f'<html><meta http-equiv=refresh content="0;url={escape(vector)}">',
            )
        if kind == "c" and vector:
            link = escape(vector)
            return 200, {"Link": f"<{vector}>; rel=canonical"}, (
                f'<html><link rel=canonical href="{link}"><link rel=amphtml href="{link}"><base href="{link}">'
                f'<meta property="og:url" content="{link}"><img src="{link}"><p>Tin'
            )  # fmt: skip
        return 200, {}, self.listing(path)

    def listing(self, path: str) -> str:
        """The feeds, sitemaps and section pages."""
        every = range(len(self.vectors))
        port = self.server_port
        if path == "/rss":
            links = [*self.vectors, *(f"/{kind}{n}" for kind in "rmc" for n in every)]
            links += [f"http://v{n}.localhost:{port}/x" for n in every]
            items = "".join(
                f"<item><title>T</title><link>{escape(urljoined(self.home, link))}</link><guid>{escape(link)}</guid>"
                f'<enclosure url="{escape(link)}" type="audio/mpeg"/><comments>{escape(link)}</comments></item>'
                for link in links
            )
            return f"<rss version='2.0'><channel>{items}</channel></rss>"
        if path == "/sitemap.xml":
            return f"<urlset>{''.join(f'<url><loc>{escape(one)}</loc></url>' for one in self.vectors)}</urlset>"
        if path == "/index.xml":
            entries = "".join(f"<sitemap><loc>{escape(one)}</loc></sitemap>" for one in self.vectors)
            return f"<sitemapindex>{entries}</sitemapindex>"
        anchors = (f'<a href="{escape(one)}">mot hai ba bon nam sau bay</a>' for one in self.vectors)
        return f"<html><body>{''.join(anchors)}</body></html>"


class _Tempting(BaseHTTPRequestHandler):
    server: Tempter

    def do_GET(self) -> None:
        self.server.asked[self.path] += 1
        status, headers, text = self.server.answer(self.headers.get("Host") or "", self.path)
        self.send_response(status)
        body = text.encode()
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value.encode().decode("latin-1"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Proxy(ThreadingHTTPServer):
    """Fetches for anybody from `site`; whatever else it is asked for it notes and answers with a page."""

    daemon_threads = True

    def __init__(self, site: int) -> None:
        super().__init__(("127.0.0.1", 0), _Proxying)
        self.site, self.noted = site, []  # type: tuple[int, list[str]]


class _Proxying(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        inside = parts.port == self.server.site
        body, status, headers = b"<html>hi", 200, [("Content-Type", "text/html")]
        if inside:
            upstream = HTTPConnection("127.0.0.1", self.server.site, timeout=10)
            upstream.request(
                "GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers={"Host": parts.netloc}
            )
            answer = upstream.getresponse()
            body, status, headers = answer.read(), answer.status, answer.getheaders()
            upstream.close()
        elif parts.hostname != OUTSIDE:
            self.server.noted.append(self.path)
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "date", "server", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self) -> None:
        self.server.noted.append(f"CONNECT {self.path}")
        self.send_error(502)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def urljoined(home: str, link: str) -> str:
    """A path of ours made whole; a vector as it is."""
    return urljoin(home, link) if link[:1] == "/" and link[1:2] not in ("/", "\\") else link


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """Serve while inside."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
