"""Certificates: checked for every host, but for those a source file excepts with its reason."""

from collections.abc import Collection, Iterable
from typing import Any

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.internet._sslverify import _verifyCB
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.source import Source
from crawler.urls import host_of

# OpenSSL's verdicts (x509_vfy.h) that outlets in fact cause, in plain words.
VERDICTS = {
    9: "not valid yet",
    10: "expired",
    18: "self-signed",
    19: "signed by an authority that made itself",
    20: "its issuer is not known (perhaps the server does not send the whole chain)",
    21: "its issuer is not known (perhaps the server does not send the whole chain)",
    23: "revoked",
    26: "not made for web servers",
    62: "made for another host",
}


class CertificateError(Exception):
    """A host's certificate cannot be trusted. Passing: an expired one is usually renewed within days."""


def excepted(host: str, hosts: Collection[str]) -> bool:
    """Whether a host is one of `hosts`; one that begins with a dot means every host below it."""
    host = host.lower().rstrip(".")
    return any(host == one or (one[:1] == "." and host.endswith(one)) for one in hosts)


def unverified_hosts(sources: Iterable[Source]) -> list[str]:
    """The hosts whose certificates are not checked: domain, hosts below it and feeds of sources that say so."""
    found: set[str] = set()
    for source in sources:
        if source.tls == "unverified":
            found |= {source.domain.lower(), f".{source.domain.lower()}", *(host_of(feed.url) for feed in source.feeds)}
    return sorted(found)


@implementer(IPolicyForHTTPS)
class TlsPolicy:
    """Says for each connection whether its certificate is checked, and remembers why a check failed, by host."""

    def __init__(self, unverified: Collection[str]) -> None:
        self.unverified = frozenset(host.lower() for host in unverified)
        self.strict = _ScrapyClientContextFactory(verify_certificates=True)
        self.lax = _ScrapyClientContextFactory(verify_certificates=False)
        self.problems: dict[str, str] = {}

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - Twisted's name
        """What makes a TLS connection to a host (see `IPolicyForHTTPS`)."""
        host = hostname.decode("ascii")
        if excepted(host, self.unverified):
            return self.lax.creatorForNetloc(hostname, port)
        return _Noting(self.strict.creatorForNetloc(hostname, port), host, self.problems)


@implementer(IOpenSSLClientConnectionCreator)
class _Noting:
    """A connection creator that notes what OpenSSL finds wrong; the error that comes out later does not tell."""

    def __init__(self, creator: Any, host: str, problems: dict[str, str]) -> None:
        self.creator, self.host, self.problems = creator, host, problems

    def clientConnectionForTLS(self, protocol: Any) -> Any:  # noqa: N802 - Twisted's name
        connection = self.creator.clientConnectionForTLS(protocol)
        judge = _verifyCB(protocol, self.creator._hostnameIsDnsName, self.creator._hostnameASCII)

        def noting(one: Any, certificate: Any, error: int, depth: int, good: int) -> bool:
            verdict = bool(judge(one, certificate, error, depth, bool(good)))
            if not good:
                self.problems[self.host] = VERDICTS.get(error, f"not accepted (OpenSSL verdict {error})")
            elif not verdict:
                self.problems[self.host] = VERDICTS[62]
            return verdict

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, noting)
        return connection
