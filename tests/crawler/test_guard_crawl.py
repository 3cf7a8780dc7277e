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
from tests_support.web import Answer, Canary, Site, serving

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
