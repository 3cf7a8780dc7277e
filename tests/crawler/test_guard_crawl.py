"""The SSRF guard end to end: a real crawl of a site that tries to lead it to a canary."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin
from xml.sax.saxutils import escape

import pytest
import yaml
from ssrf import attempt
from tempting import Canary
from tests_support.fetching import fetch
from tests_support.web import Answer, Site, serving

from crawler.frontier import Refusal

TEMPTING = (
    "http://127.0.0.1:{P}/",
    "http://localhost:{P}/",
    "http://localhost.:{P}/",
    "http://canary.localhost:{P}/",
    "http://127.1:{P}/",
    "http://0x7f000001:{P}/",
    "http://[::1]:{P}/",
    "http://[::ffff:127.0.0.1]:{P}/",
    "http://0.0.0.0:{P}/",
    "http://lan@127.0.0.1:{P}/",
)


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird = Canary()
    yield bird
    bird.close()


def vectors(root: Path, port: int) -> list[str]:
    shared = Path(os.environ.get("DIEMBAO_SHARED") or root.parent / "shared")
    known = shared / "corpora" / "ssrf" / "ssrf_vectors.txt"
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    found = [*TEMPTING, *(line for line in lines if line and not line.startswith("#"))]
    return [vector.replace("{P}", str(port)) for vector in found]


def crawl(folder: Path, feeds: list[dict[str, str]], opened: list[str]) -> dict[str, int]:
    """`diembao crawl` of one outlet with these feeds; its counts."""
    (folder / "sources").mkdir(exist_ok=True)
    outlet = {
        "name": "Bẫy",
        "domain": "bay.example",
        "country": "VN",
        "languages": ["vi"],
        "scope": "national",
        "feeds": feeds,
    }
    (folder / "sources" / "bay.yaml").write_text(yaml.safe_dump(outlet), encoding="utf-8")
    settings = {
        "DIEMBAO_SOURCES_DIR": str(folder / "sources"),
        "DIEMBAO_VAR_DIR": str(folder / "var"),
        "DIEMBAO_OPENED": ";".join(opened),
        "DIEMBAO_DELAY": "0",
        "DIEMBAO_HOST_CONNECTIONS": "8",
        "DIEMBAO_LINGER": "0",
        "DIEMBAO_TIMEOUT": "5",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "crawl", "--json"],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def rss(links: list[str]) -> Answer:
    items = "".join(f"<item><title>Tin</title><link>{escape(link)}</link></item>" for link in links)
    return 200, {"Content-Type": "application/rss+xml"}, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


def bait(site: Site, tempting: list[str]) -> list[dict[str, str]]:
    """Fill a site with links, redirects, feeds and sitemaps that lead to the canary; the feeds to check."""
    home = f"http://{site.address}"
    page = (200, {"Content-Type": "text/html"}, f"<html><meta http-equiv=refresh content='0;{tempting[0]}'>hi".encode())
    site.answers |= {"/good": page}
    site.answers |= {f"/r{n}": (302, {"Location": link}, b"") for n, link in enumerate(tempting)}
    redirects = [f"{home}/r{n}" for n in range(len(tempting))]
    site.answers["/rss"] = rss([f"{home}/good", *(urljoin(home, link) for link in tempting), *redirects])
    site.answers["/rss-moved"] = (301, {"Location": tempting[0]}, b"")
    entries = "".join(f"<sitemap><loc>{escape(link)}</loc></sitemap>" for link in tempting)
    site.answers["/index.xml"] = (200, {}, f"<sitemapindex>{entries}</sitemapindex>".encode())
    return [
        {"url": f"{home}/rss", "kind": "rss"},
        {"url": f"{home}/rss-moved", "kind": "rss"},
        {"url": f"{home}/index.xml", "kind": "sitemap"},
    ]


def test_no_link_redirect_feed_or_robots_leads_to_a_closed_port(tmp_path: Path, root: Path, canary: Canary) -> None:
    tempting = vectors(root, canary.port)
    moved_robots: dict[str, Answer] = {
        "/robots.txt": (302, {"Location": f"http://127.0.0.1:{canary.port}/robots.txt"}, b"")
    }
    with serving({}) as site, serving(moved_robots) as second:
        feeds = [*bait(site, tempting), {"url": f"http://{second.address}/rss", "kind": "rss"}]
        counts = crawl(tmp_path, feeds, [site.address, second.address])
        assert canary.hits == 0
        assert counts["pages fetched"] >= 1
        assert counts["pages refused"] >= len(TEMPTING)
        assert {"/rss", "/index.xml", "/good", "/rss-moved", *(f"/r{n}" for n in range(len(tempting)))} <= {*site.asked}
        assert second.asked == ["/robots.txt"]


def test_the_canary_does_sing_when_it_is_opened(tmp_path: Path, canary: Canary) -> None:
    with serving({}) as site:
        feeds = bait(site, [f"http://127.0.0.1:{canary.port}/"])
        counts = crawl(tmp_path, feeds, [site.address, f"127.0.0.1:{canary.port}"])
    assert canary.hits >= 3  # the link's robots.txt, the link itself, the redirected feed
    assert counts["pages fetched"] >= 2


def test_a_bare_scrapy_crawl_is_guarded_too(root: Path, canary: Canary) -> None:
    with serving({}) as site:
        bait(site, [f"http://127.0.0.1:{canary.port}/"])
        command = [sys.executable, "-m", "scrapy", "crawl", "feeds", "-s", f"GUARD_OPENED={site.address}"]
        command += ["-s", "DOWNLOAD_DELAY=0", "-a"]
        listed = subprocess.run(
            [*command, f"url=http://{site.address}/rss"],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        moved = subprocess.run(
            [*command, f"url=http://{site.address}/rss-moved"],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    assert f"http://{site.address}/good" in listed.stdout
    assert "private or forbidden address" in moved.stdout
    assert canary.hits == 0


# Names that lead inside, among them one that also has an address outside.
INSIDE = """lambda host, port, *rest: [
    (family, 1, 6, "", (address, port, *more))
    for family, address, *more in {
        "trong.example": [(2, "127.0.0.1")],
        "sau.example": [(10, "::1", 0, 0), (2, "127.0.0.1")],
        "lan.example": [(2, "10.0.0.1")],
        "nat.example": [(10, "64:ff9b::7f00:1", 0, 0)],
    }.get(host, ())
]"""


def test_a_name_that_leads_inside_is_refused_when_it_is_connected_to(canary: Canary) -> None:
    urls = [f"http://{host}.example:{canary.port}/" for host in ("trong", "sau", "lan", "nat")]
    found = fetch(urls, resolver=INSIDE)
    assert {found[url].get("reason") for url in urls} == {Refusal.PRIVATE_ADDRESS}
    assert canary.hits == 0


def test_a_name_that_leads_inside_is_refused_before_the_proxy_hears_of_it(canary: Canary) -> None:
    with serving({}) as proxy:
        urls = [f"http://{host}.example:{canary.port}/" for host in ("trong", "sau", "lan", "nat")]
        other = "http://ngoai.example/"  # unknown here: the proxy's to judge
        itself = f"http://{proxy.address}/admin"
        settings = {"PROXY": f"http://{proxy.address}", "GUARD_OPENED": [proxy.address]}
        found = fetch([*urls, itself, other], resolver=INSIDE, **settings)
    assert {found[url].get("reason") for url in (*urls, itself)} == {Refusal.PRIVATE_ADDRESS}
    assert (proxy.asked, canary.hits) == ([other], 0)


@pytest.mark.parametrize("proxied", [False, True])
def test_ten_routes(proxied: bool) -> None:
    """All vectors on all routes: `python bench/ssrf.py`."""
    outcome = attempt([*TEMPTING[:4], "http://127.0.0.1%09:{P}/", "http://metadata.google.internal/x"], proxied=proxied)
    assert (outcome.canary, outcome.by_proxy) == (0, [])
    asked = outcome.asked
    assert {"/rss", "/section", "/sitemap.xml", "/index.xml", "/r0", "/m0", "/c0", "/f0", "/robots.txt"} <= {*asked}
