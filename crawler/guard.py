"""The SSRF guard: where a crawl may connect to, decided at connect time by a resolver.

A link, redirect, feed or sitemap may name any host, and a name may resolve to anything, differently each time. So the
rule sits where Twisted turns a host into addresses: every connection passes it, and the address it judged is the one
connected to. It must be set in project settings (`crawler/settings.py`): Scrapy ignores TWISTED_DNS_RESOLVER in
`custom_settings`.
"""

import ipaddress
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

# `is_global` alone passes these: NAT64, 6to4 and Teredo carry an IPv4 address inside, the others are not hosts.
WRAPPED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
NEVER = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "fec0::/10")))
CACHE_SECONDS = 300.0

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address (as text) is one that a stranger's link may make us connect to."""
    try:
        parsed: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if any(parsed.version == net.version and parsed in net for net in WRAPPED + NEVER):
        return False
    return parsed.is_global and not parsed.is_multicast


def literal_address(host: str) -> str | None:
    """The IP address that `host` spells, in any form a resolver accepts (127.1, 0x7f000001, [::1]); None for a name."""
    import socket

    bare = host.strip("[]").rstrip(".")
    try:
        return str(ipaddress.ip_address(bare.partition("%")[0]))
    except ValueError:
        pass
    if bare and bare.replace(".", "").replace("x", "").isalnum() and bare[0].isdigit():
        try:
            return socket.inet_ntoa(socket.inet_aton(bare))
        except OSError:
            return None
    return None


def allowed_endpoint(address: str, port: int, opened: Sequence[str]) -> bool:
    """Whether we may connect: a public address, or one opened by an explicit `ip:port` in `opened`."""
    return is_public(address) or f"{address}:{port}" in opened or f"[{address}]:{port}" in opened


def refused_host(url: str, opened: Sequence[str]) -> bool:
    """Whether a URL names a forbidden address outright, so that no connection need be tried."""
    parts = urlsplit(url)
    address = literal_address(parts.hostname or "")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return address is not None and not allowed_endpoint(address, port, opened)


class _Receiver:
    """Passes on the addresses that are allowed; remembers the hosts that had none."""

    def __init__(self, receiver: Any, resolver: "GuardedResolver", host: str, port: int) -> None:
        self.receiver, self.resolver, self.host, self.port = receiver, resolver, host, port
        self.addresses: list[str] = []
        self.refused = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's names
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if allowed_endpoint(address.host, self.port, self.resolver.opened):
            self.addresses.append(address.host)
            self.receiver.addressResolved(address)
        else:
            self.refused = True

    def resolutionComplete(self) -> None:  # noqa: N802
        if self.addresses:
            # A use does not make a known address any fresher.
            self.resolver.cache[self.host] = self.resolver.fresh(self.host) or (
                time.monotonic() + CACHE_SECONDS,
                tuple(self.addresses),
            )
        elif self.refused:
            refused_names.add(self.host)
        self.receiver.resolutionComplete()


refused_names: set[str] = (
    set()
)  # names that resolved to forbidden addresses only; read by the spiders to give the reason


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted's own resolver behind the guard. Names below `.localhost` are loopback (RFC 6761) and need no DNS."""

    def __init__(self, reactor: Any, opened: Sequence[str]) -> None:
        self.reactor, self.original, self.opened = reactor, reactor.nameResolver, tuple(opened)
        self.cache: dict[str, tuple[float, tuple[str, ...]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> "GuardedResolver":
        """Scrapy's way of making one; `GUARD_OPENED` lists the `ip:port` that are opened."""
        return cls(reactor, crawler.settings.getlist("GUARD_OPENED"))

    def install_on_reactor(self) -> None:
        """Put the guard between Twisted and every connection."""
        self.reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve a host, leaving out every address we must not connect to (see `IHostnameResolver`)."""
        known = self._known(hostName.rstrip(".").lower())
        receiver = _Receiver(resolutionReceiver, self, hostName, portNumber)
        if known is None:
            return self.original.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
        receiver.resolutionBegan(_Done(hostName))
        for address in known:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, portNumber))
        receiver.resolutionComplete()
        return _Done(hostName)

    def _known(self, host: str) -> tuple[str, ...] | None:
        if host == "localhost" or host.endswith(".localhost"):
            return ("127.0.0.1",)
        literal = literal_address(host)
        if literal:
            return (literal,)
        found = self.fresh(host)
        return found[1] if found else None

    def fresh(self, host: str) -> tuple[float, tuple[str, ...]] | None:
        """What the cache knows of a host (good until, addresses); None when nothing that is still good."""
        found = self.cache.get(host)
        return found if found and time.monotonic() < found[0] else None


class _Done:
    """A resolution that needs no waiting."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""
