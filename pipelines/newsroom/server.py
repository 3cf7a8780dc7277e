"""Serves a newsroom on 127.0.0.1 from a thread: HTTP/1.1 with keep-alive, quiet, and gone when the block ends."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple

from pipelines.newsroom.newsroom import Newsroom


class Request(NamedTuple):
    """One line of the request log."""

    host: str
    path: str
    status: int
    user_agent: str


class Server(ThreadingHTTPServer):
    """The HTTP server; it knows its open connections, so that none outlives it with answers of an old stage."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, newsroom: Newsroom, log: list[Request] | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.newsroom = newsroom
        self.log = log
        self._open: set[socket.socket] = set()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet about clients that hang up; anything else is a defect and is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close_connections(self) -> None:
        """End the connections kept alive by clients."""
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "SampleNewsroom"
    sys_version = ""
    # Head and body leave in two writes; with Nagle's algorithm the second waits 40 ms for an acknowledgement.
    disable_nagle_algorithm = True
    # An idle connection may hold its thread this many seconds.
    timeout = 60

    def do_GET(self) -> None:
        """Answer with the page."""
        host = self.headers.get("Host", "")
        response = self.server.newsroom.respond(host, self.path, dict(self.headers.items()))
        if self.server.log is not None:
            self.server.log.append(Request(host, self.path, response.status, self.headers.get("User-Agent", "")))
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 304:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_HEAD = do_GET  # noqa: N815 (as above)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Print nothing: requests go to the server's `log`."""


@contextmanager
def serve(newsroom: Newsroom, port: int = 0, log: list[Request] | None = None) -> Iterator[Server]:
    """Serve `newsroom` while the block runs; port 0 takes a free one, told by ``.port``.

    Requests are appended to `log` as (host, path, status, user-agent). Raises OSError when the port is in use.
    """
    server = Server(port, newsroom, log)
    # The poll interval bounds how long leaving the block takes.
    thread = Thread(target=server.serve_forever, args=(0.05,), name="newsroom", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.close_connections()
        server.server_close()
