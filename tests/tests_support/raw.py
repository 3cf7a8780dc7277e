"""A server on loopback that sends what no honest server sends: raw bytes, slowly, without end; and one with TLS."""

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tempting import arrivals
from tests_support.web import Answer, Site

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


class RawSite:
    """Sends, for a path, the pieces of an iterable one after the other; `None` among them is a pause of 0.2 s."""

    def __init__(self) -> None:
        self.answers: dict[str, Iterator[bytes | None]] = {}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        """`127.0.0.1:port`."""
        return f"127.0.0.1:{self.port}"

    def _listen(self) -> None:
        for connection in arrivals(self.listener):
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                path = connection.recv(65_536).split(b" ")[1].decode()
                for piece in self.answers.get(path, iter([b"HTTP/1.1 404 Not\r\nContent-Length: 0\r\n\r\n"])):
                    if piece is None:
                        time.sleep(0.2)
                    else:
                        connection.sendall(piece)
            except (OSError, IndexError):
                return

    def close(self) -> None:
        """Stop listening."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


def certificate(folder: Path, *names: str, days: int = 30) -> Path:
    """A self-signed certificate with its key, as one PEM file; expired when `days` is negative."""
    key = ec.generate_private_key(ec.SECP256R1())
    today = datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    others = [x509.IPAddress(ipaddress.ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in names]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=90))
        .not_valid_after(today + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(others), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{names[0]}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@contextmanager
def serving_tls(answers: Mapping[str, Answer], pem: Path) -> Iterator[Site]:
    """A running site behind TLS with this certificate."""
    with Site(answers) as site:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        site.socket = context.wrap_socket(site.socket, server_side=True)
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()
