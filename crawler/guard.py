"""The SSRF guard: where a crawl may connect to, decided at connect time by a resolver.

A link, redirect, feed or sitemap may name any host, and a name may resolve to anything, differently each time. So the
rule sits where Twisted turns a host into addresses: every connection passes it, and the address it judged is the one
connected to. It must be set in project settings (`crawler/settings.py`): Scrapy ignores TWISTED_DNS_RESOLVER in
`custom_settings`.
"""

import ipaddress
import re
import socket
import time
import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy.crawler import Crawler
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

# `is_global` alone passes these: 6to4 and Teredo carry an IPv4 address inside, the others are not hosts.
WRAPPED = tuple(map(ipaddress.ip_network, ("2002::/16", "2001::/32")))
NEVER = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "3fff::/20")))
# All of the IPv6 web is in here. Outside lie NAT64, IPv4-mapped, -translated and -compatible forms, and nobody else.
WEB6 = ipaddress.IPv6Network("2000::/3")
ISATAP = 0x5EFE  # the bits before an embedded IPv4 address (RFC 5214), but for one flag
# Names that only a private network knows (RFC 6761, 6762, 8375; `.internal` by ICANN). A proxy might well resolve them.
PRIVATE_NAMES = frozenset(("local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private"))
NO_HOST = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|\"'`{}]")  # no name has these (the URL standard's list)
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
    if isinstance(parsed, ipaddress.IPv6Address) and (parsed not in WEB6 or not _isatap_is_public(parsed)):
        return False
    return parsed.is_global and not parsed.is_multicast


def _isatap_is_public(address: ipaddress.IPv6Address) -> bool:
    inside = int(address) & 0xFFFF_FFFF
    marked = (int(address) >> 32) & 0xFDFF_FFFF == ISATAP
    return not marked or is_public(str(ipaddress.IPv4Address(inside)))


def plain_host(host: str) -> str:
    """A host as a resolver would read it: compatibility forms (`１２７`, `ⓛⓞⓒⓐⓛ`), other full stops, case, last dot."""
    folded = unicodedata.normalize("NFKC", unquote(host)).replace("\u3002", ".").lower()
    return folded.strip("[]").rstrip(".")


def literal_address(host: str) -> str | None:
    """The IP address that `host` spells, in any form a resolver accepts (127.1, 0x7f000001, [::1]); None for a name."""
    bare = plain_host(host)
    try:
        return str(ipaddress.ip_address(bare.partition("%")[0]))
    except ValueError:
        pass
    if bare.isascii() and bare.replace(".", "").isalnum() and bare[0].isdigit():
        try:
            return socket.inet_ntoa(socket.inet_aton(bare))
        except OSError:
            return None
    return None


def known_address(host: str) -> str | None:
    """The address of a host that needs no asking: a literal one, or loopback for `localhost` and below (RFC 6761)."""
    bare = plain_host(host)
    return "127.0.0.1" if bare == "localhost" or bare.endswith(".localhost") else literal_address(host)


def allowed_endpoint(address: str, port: int, opened: Sequence[str]) -> bool:
    """Whether we may connect: a public address, or one opened by an explicit `ip:port` in `opened`."""
    return is_public(address) or f"{address}:{port}" in opened or f"[{address}]:{port}" in opened


def refused_host(url: str, opened: Sequence[str]) -> bool:
    """Whether a URL names a forbidden address or private name outright, so that no connection need be tried."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return True
    host = plain_host(parts.hostname or "")
    address = known_address(host)
    if address is not None:
        return not allowed_endpoint(address, port, opened)
    return (
        bool(NO_HOST.search(host))
        or "." not in host
        or host.rpartition(".")[2] in PRIVATE_NAMES
        or host.endswith(".home.arpa")
    )


refused_names: set[str] = set()  # names that last resolved to forbidden addresses only; the spiders give it as reason


class _Receiver:
    """Passes on the addresses that are allowed; remembers the hosts that had none."""

    def __init__(self, receiver: Any, resolver: "GuardedResolver", host: str, port: int) -> None:
        self.receiver, self.resolver, self.host, self.port = receiver, resolver, host, port
        self.addresses: list[str] = []
        self.refused = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's names
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self.resolver.allows(self.host, address.host, self.port):
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
            refused_names.discard(self.host)
        elif self.refused:
            refused_names.add(self.host)
        self.receiver.resolutionComplete()


class _Verdict:
    """Says whether any address of a name is forbidden: with a proxy it is not we who choose among them."""

    def __init__(self, resolver: "GuardedResolver", host: str, port: int) -> None:
        self.resolver, self.host, self.port = resolver, host, port
        self.forbidden = False
        self.known: Deferred[bool] = Deferred()

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        """Nothing to do yet."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.resolver.sighted = True
        if not self.resolver.allows("", address.host, self.port):
            self.forbidden = True

    def resolutionComplete(self) -> None:  # noqa: N802
        self.resolver.verdicts[self.host, self.port] = (time.monotonic() + CACHE_SECONDS, self.forbidden)
        if not self.known.called:
            self.known.callback(self.forbidden)


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted's own resolver behind the guard. Names below `.localhost` are loopback (RFC 6761) and need no DNS."""

    def __init__(self, reactor: Any, opened: Sequence[str]) -> None:
        self.reactor, self.original, self.opened = reactor, reactor.nameResolver, tuple(opened)
        self.cache: dict[str, tuple[float, tuple[str, ...]]] = {}
        self.verdicts: dict[tuple[str, int], tuple[float, bool]] = {}
        self.sighted = False  # whether any name was ever resolved here; behind a proxy there may be no DNS

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> "GuardedResolver":
        """Scrapy's way of making one; `GUARD_OPENED` lists the `ip:port` that are opened."""
        return cls(reactor, crawler.settings.getlist("GUARD_OPENED"))

    def install_on_reactor(self) -> None:
        """Put the guard between Twisted and every connection."""
        self.reactor.installNameResolver(self)

    def allows(self, host: str, address: str, port: int) -> bool:
        """Whether a connection to an address may be made; `opened` may also name a proxy by its `host:port`."""
        return allowed_endpoint(address, port, self.opened) or f"{host}:{port}" in self.opened

    def forbids(self, host: str, port: int) -> "Deferred[bool]":
        """Whether a name has any forbidden address, as seen from here; a name unknown here has none."""
        host = plain_host(host)
        until, forbidden = self.verdicts.get((host, port), (0.0, False))
        verdict = _Verdict(self, host, port)
        if time.monotonic() < until:
            verdict.known.callback(forbidden)
        else:
            self.original.resolveHostName(verdict, host, port)
        return verdict.known

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve a host, leaving out every address we must not connect to (see `IHostnameResolver`)."""
        host = plain_host(hostName)
        known = self._known(host)
        receiver = _Receiver(resolutionReceiver, self, host, portNumber)
        if known is None:
            return self.original.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
        receiver.resolutionBegan(_Done(hostName))
        for address in known:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, portNumber))
        receiver.resolutionComplete()
        return _Done(hostName)

    def _known(self, host: str) -> tuple[str, ...] | None:
        address = known_address(host)
        if address:
            return (address,)
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
