from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from twisted.internet.address import IPv4Address, IPv6Address

from crawler import guard
from crawler.guard import GuardedResolver, allowed_endpoint, is_public, literal_address, refused_host, refused_names
from crawler.urls import fetchable, host_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fd00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "64:ff9b::808:808",
        "::ffff:0:7f00:1",
        "::ffff:0:808:808",
        "2001:470::5efe:7f00:1",
        "2001:470::200:5efe:a00:1",
        "3fff::1",
        "5f00::1",
        "4000::1",
        "100::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "localhost",
        "",
        "127.1",
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "2001:470::5efe:808:808"]
)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "spells"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0x7f.0.0.1", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("2852039166", "169.254.169.254"),
        ("[::1]", "::1"),
        ("fe80::1%25", "fe80::1"),
        ("bao-mau.example", None),
        ("1-tin.example", None),
        ("24h.example", None),
        ("１２７.0.0.1", "127.0.0.1"),
        ("127。0。0。1", "127.0.0.1"),
        ("%31%32%37.0.0.1", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("127.0.0.1 x", None),
        ("", None),
    ],
)
def test_the_address_that_a_host_spells(host: str, spells: str | None) -> None:
    assert literal_address(host) == spells


@given(st.integers(0, 2**32 - 1))
def test_every_form_of_an_ipv4_address_is_one_address(number: int) -> None:
    octets = number.to_bytes(4, "big")
    dotted = ".".join(map(str, octets))
    forms = [str(number), hex(number), f"0{number:o}", f"{octets[0]}.{number & 0xFFFFFF}", dotted + "."]
    assert {literal_address(form) for form in forms} == {dotted}
    assert is_public(f"::ffff:{dotted}") == is_public(dotted)


def test_an_opened_endpoint_is_one_address_and_one_port() -> None:
    assert allowed_endpoint("127.0.0.1", 8080, ["127.0.0.1:8080"])
    assert not allowed_endpoint("127.0.0.1", 8081, ["127.0.0.1:8080"])
    assert not allowed_endpoint("127.0.0.2", 8080, ["127.0.0.1:8080"])
    assert allowed_endpoint("::1", 8080, ["[::1]:8080"])
    assert not refused_host("http://127.0.0.1/", ["127.0.0.1:80"])
    assert refused_host("https://127.0.0.1/", ["127.0.0.1:80"])


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST.", "a.b.localhost", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "gitlab", "router.local", "metadata.google.internal",
        "nas.home.arpa",
        "127.0.0.1%09", "127.0.0.1%2f", "a b.example", "a%5cb.example", "[fe80::1%25lo]", "127.0.0.1:99999",
    ],
)  # fmt: skip
def test_names_and_no_names_that_are_not_even_looked_up(host: str) -> None:
    assert refused_host(f"http://{host}/", [])


@pytest.mark.parametrize(
    "host", ["bao-mau.example", "báo-mẫu.example", "tin_moi.example:8080", "xn--bo-mu-5qa.example."]
)
def test_names_that_are_looked_up(host: str) -> None:
    assert not refused_host(f"http://{host}/", [])


def test_names_below_localhost_are_opened_by_their_address() -> None:
    assert not refused_host("http://tin.localhost:8080/", ["127.0.0.1:8080"])
    assert refused_host("http://tin.localhost:8081/", ["127.0.0.1:8080"])


class Waiting:
    """A receiver of addresses, as Twisted's endpoints are."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's names
        resolution.cancel()

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


class Names:
    """A reactor whose names we choose; `asked` counts the look-ups."""

    def __init__(self, **addresses: list[str]) -> None:
        self.addresses, self.asked = addresses, 0
        self.nameResolver = self

    def installNameResolver(self, resolver: Any) -> None:  # noqa: N802
        self.nameResolver = resolver

    def resolveHostName(self, receiver: Any, host: str, port: int, *_rest: Any) -> Any:  # noqa: N802
        self.asked += 1
        receiver.resolutionBegan(self)
        for address in self.addresses.get(host.partition(".")[0], []):
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        receiver.resolutionComplete()
        return self

    def cancel(self) -> None:
        pass


def resolved(resolver: GuardedResolver, host: str, port: int = 80) -> list[str]:
    receiver = Waiting()
    resolver.resolveHostName(receiver, host, port)
    assert receiver.complete
    return receiver.addresses


def test_a_name_may_not_lead_to_a_private_address() -> None:
    names = Names(good=["8.8.8.8"], bad=["127.0.0.1"], mixed=["10.0.0.1", "1.1.1.1"], nat=["64:ff9b::a00:1"])
    resolver = GuardedResolver(names, [])
    assert resolved(resolver, "good.example") == ["8.8.8.8"]
    assert resolved(resolver, "mixed.example") == ["1.1.1.1"]
    assert resolved(resolver, "bad.example") == resolved(resolver, "nat.example") == []
    assert {"bad.example", "nat.example"} <= refused_names
    assert not {"good.example", "mixed.example"} & refused_names


def test_with_a_proxy_one_forbidden_address_is_enough() -> None:
    names = Names(good=["8.8.8.8", "2606:4700::1111"], mixed=["1.1.1.1", "10.0.0.1"], home=["127.0.0.1"])
    resolver = GuardedResolver(names, ["127.0.0.1:8080"])
    told = {host: resolver.forbids(f"{host}.example", 80).result for host in ("good", "mixed", "home", "unknown")}
    assert told == {"good": False, "mixed": True, "home": True, "unknown": False}
    assert resolver.forbids("home.example", 8080).result is False
    asked = names.asked
    assert resolver.forbids("Mixed.Example.", 80).result is True
    assert names.asked == asked


def test_a_proxy_may_be_opened_by_its_name() -> None:
    resolver = GuardedResolver(Names(proxy=["10.0.0.9"]), ["proxy.example:3128"])
    assert resolved(resolver, "proxy.example", 3128) == ["10.0.0.9"]
    assert resolved(resolver, "proxy.example", 22) == []


def test_a_name_that_was_forbidden_once_is_not_for_ever() -> None:
    names = Names(moved=["10.0.0.1"])
    resolver = GuardedResolver(names, [])
    assert resolved(resolver, "moved.example") == []
    assert "moved.example" in refused_names
    names.addresses["moved"] = ["8.8.8.8"]
    assert resolved(resolver, "moved.example") == ["8.8.8.8"]
    assert "moved.example" not in refused_names


def test_a_name_is_looked_up_once_and_judged_for_every_port() -> None:
    names = Names(newsroom=["127.0.0.1"])
    resolver = GuardedResolver(names, ["127.0.0.1:8080"])
    assert resolved(resolver, "newsroom.example", 8080) == ["127.0.0.1"]
    assert resolved(resolver, "newsroom.example", 8080) == ["127.0.0.1"]
    assert names.asked == 1
    assert resolved(resolver, "newsroom.example", 22) == []


def test_an_address_is_not_believed_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(guard.time, "monotonic", lambda: clock[0])
    names = Names(tin=["8.8.8.8"])
    resolver = GuardedResolver(names, [])
    for _ in range(3):  # uses do not make it any fresher
        resolved(resolver, "tin.example")
        clock[0] += guard.CACHE_SECONDS * 0.45
    names.addresses["tin"] = ["127.0.0.1"]
    assert resolved(resolver, "tin.example") == []
    assert names.asked == 2


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "tin.localhost", "a.b.localhost."])
def test_localhost_is_loopback_without_asking_anybody(host: str) -> None:
    names = Names(localhost=["8.8.8.8"], tin=["8.8.8.8"], a=["8.8.8.8"])
    assert resolved(GuardedResolver(names, []), host) == []
    assert resolved(GuardedResolver(names, ["127.0.0.1:80"]), host) == ["127.0.0.1"]
    assert names.asked == 0


def test_literal_addresses_go_past_the_guard_too() -> None:
    names = Names()
    resolver = GuardedResolver(names, [])
    for host in ("127.0.0.1", "127.1", "0x7f000001", "::1", "::ffff:127.0.0.1"):
        assert resolved(resolver, host) == []
    assert resolved(resolver, "8.8.8.8") == ["8.8.8.8"]
    assert names.asked == 0


def test_the_reactor_gets_the_guard() -> None:
    names = Names()
    resolver = GuardedResolver(names, [])
    resolver.install_on_reactor()
    assert names.nameResolver is resolver


@pytest.mark.shared
def test_every_known_vector_is_stopped(shared: Path) -> None:
    lines = (shared / "corpora" / "ssrf" / "ssrf_vectors.txt").read_text(encoding="utf-8").splitlines()
    vectors = [line.replace("{P}", "8099") for line in lines if line and not line.startswith("#")]
    assert len(vectors) == 37
    names = Names(metadata=["169.254.169.254"])
    resolver = GuardedResolver(names, [])
    for vector in vectors:
        link = urljoin("http://tin.example/a", vector)
        if not fetchable(link):
            continue
        url = Request(link).url  # what Scrapy makes of it
        host = host_of(url)
        at_home = host == "tin.example"  # some vectors are only paths of our own host
        assert not fetchable(url) or refused_host(url, []) or at_home or resolved(resolver, host) == [], vector
