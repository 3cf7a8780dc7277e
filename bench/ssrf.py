"""Whether anything outside can lead a crawl to an address inside: every vector, every route, and who was connected to.

    python bench/ssrf.py [--proxy] [--vectors FILE]

A site on loopback (opened by ip:port) tempts a real `diembao crawl` towards a canary, a server on another port of every
address of this machine that counts connections. With --proxy the crawl goes through a proxy on loopback that would
fetch anything; then it counts what the proxy was asked for. Ends with 1 when anything was reached.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from tempting import Canary, Proxy, Tempter, running

ROOT = Path(__file__).parent.parent
ROUTES = (
    "section link", "redirect", "meta refresh", "feed link", "sitemap loc", "sitemap index", "robots redirect",
    "feed redirect", "canonical", "source file",
)  # fmt: skip
# {P} is the canary's port. Forms of the same few addresses that parsers and resolvers have been known to disagree on.
WIDE = r"""
http://localhost:{P}/
http://LOCALHOST:{P}/
http://a.b.localhost:{P}/
http://localhost.localdomain:{P}/
http://127.1:{P}/
http://127.0.0.1.:{P}/
http://127.000.000.001:{P}/
http://0x7f000001:{P}/
http://0X7F.1:{P}/
http://2130706433:{P}/
http://0177.0.0.01:{P}/
http://0:{P}/
http://0.0.0.0:{P}/
http://127.127.127.127:{P}/
http://127。0。0。1:{P}/
http://127．0．0．1:{P}/
http://①②⑦.⓪.⓪.①:{P}/
http://%31%32%37.0.0.1:{P}/
http://127.0.0.1%00.bao-mau.example:{P}/
http://127.0.0.1%2f@bao-mau.example:{P}/
http://bao-mau.example:80@127.0.0.1:{P}/
http://bao-mau.example#@127.0.0.1:{P}/
http://bao-mau.example?@127.0.0.1:{P}/
http://127.0.0.1:{P}#@bao-mau.example/
http://127.0.0.1:{P}?@bao-mau.example/
http://bao-mau.example\@127.0.0.1:{P}/
http:\\\\127.0.0.1:{P}/
\\127.0.0.1:{P}\x
/\127.0.0.1:{P}/
http:///127.0.0.1:{P}/
http:127.0.0.1:{P}/
HTTP://127.0.0.1:{P}/
http://127.0.0.1:0{P}/
http://[::1]:{P}/
http://[0:0:0:0:0:0:0:1]:{P}/
http://[::127.0.0.1]:{P}/
http://[::ffff:127.0.0.1]:{P}/
http://[0:0:0:0:0:ffff:127.0.0.1]:{P}/
http://[::ffff:0:127.0.0.1]:{P}/
http://[64:ff9b::127.0.0.1]:{P}/
http://[64:ff9b:1::7f00:1]:{P}/
http://[2002:7f00:1::1]:{P}/
http://[2001:0:7f00:1::]:{P}/
http://[fe80::1%25lo]:{P}/
http://[::1%25lo]:{P}/
http://[fec0::1]:{P}/
http://[ff02::1]:{P}/
http://[fd00:ec2::254]/latest/meta-data/
http://168.63.129.16/metadata/
http://192.0.0.192/opc/v2/
http://metadata/computeMetadata/v1/
http://router.local/
http://gitlab/
ftp://127.0.0.1:{P}/
gopher://127.0.0.1:{P}/_x
dict://127.0.0.1:{P}/x
file:///etc/hostname
data:text/html,<a href=http://127.0.0.1:{P}/>x</a>
view-source:http://127.0.0.1:{P}/
feed:http://127.0.0.1:{P}/
blob:http://127.0.0.1:{P}/x
""".splitlines()


@dataclass
class Outcome:
    """What a crawl reached that it must not, and its own counts."""

    vectors: int
    canary: int = 0
    by_proxy: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)


def attempt(patterns: list[str], *, proxied: bool = False) -> Outcome:
    """One crawl of a site that tries every pattern on every route."""
    canary = Canary()
    vectors = [one.replace("{P}", str(canary.port)) for one in patterns]
    outcome = Outcome(len(vectors))
    with tempfile.TemporaryDirectory() as name, Tempter(vectors) as site:
        folder = Path(name)
        proxy = Proxy(site.server_port) if proxied else None
        with running(site):
            if proxy is None:
                outcome.counts = crawl(folder, site, "")
            else:
                with running(proxy):
                    outcome.counts = crawl(folder, site, f"http://127.0.0.1:{proxy.server_port}")
                outcome.by_proxy = proxy.noted
        outcome.asked = site.asked
    outcome.canary = canary.hits
    canary.close()
    return outcome


def crawl(folder: Path, site: Tempter, proxy: str) -> dict[str, int]:
    """`diembao crawl` of the tempting outlet, and of one outlet for each vector that a source file takes."""
    from crawler.urls import fetchable

    feeds = [{"url": f"{site.home}/{path}", "kind": kind} for path, kind in FEEDS]
    feeds += [{"url": f"{site.home}/f{n}", "kind": "rss"} for n in range(len(site.vectors))]
    feeds += [{"url": one, "kind": "rss"} for one in dict.fromkeys(site.vectors) if fetchable(one)]
    outlet = {"name": "Bẫy", "domain": "bay.example", "country": "VN", "languages": ["vi"], "scope": "national"}
    (folder / "sources").mkdir()
    (folder / "sources" / "bay.yaml").write_text(yaml.safe_dump(outlet | {"feeds": feeds}), encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIEMBAO_")}
    settings = {
        "DIEMBAO_SOURCES_DIR": str(folder / "sources"),
        "DIEMBAO_VAR_DIR": str(folder / "var"),
        "DIEMBAO_OPENED": f"127.0.0.1:{site.server_port}",
        "DIEMBAO_DELAY": "0",
        "DIEMBAO_HOST_CONNECTIONS": "8",
        "DIEMBAO_LINGER": "0",
        "DIEMBAO_TIMEOUT": "5",
        "DIEMBAO_PROXY": proxy,
        "DIEMBAO_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "pipelines.cli", "crawl", "--json"]
    done = subprocess.run(
        command, cwd=ROOT, env=kept | settings, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(done.stderr)
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


FEEDS = (("rss", "rss"), ("sitemap.xml", "sitemap"), ("index.xml", "sitemap"), ("section", "section"))


def known(path: Path | None) -> list[str]:
    """The vectors of a file, one a line; none without it."""
    lines = path.read_text(encoding="utf-8").splitlines() if path and path.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def main() -> int:
    """Run what was asked for and print what was reached."""
    shared = Path(os.environ.get("DIEMBAO_SHARED") or ROOT.parent / "shared")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--proxy", action="store_true", help="crawl through a proxy that would fetch anything")
    parser.add_argument("--vectors", type=Path, default=shared / "corpora" / "ssrf" / "ssrf_vectors.txt")
    options = parser.parse_args()
    theirs, ours = known(options.vectors), [one for one in WIDE if one]
    outcome = attempt([*theirs, *ours], proxied=options.proxy)
    print(f"{len(theirs)} vectors of the file and {len(ours)} of ours, on {len(ROUTES)} routes: {', '.join(ROUTES)}")
    print(f"connections to the canary: {outcome.canary}")
    if options.proxy:
        print(
            f"asked of the proxy beside the site itself: {len(outcome.by_proxy)}",
            *sorted(set(outcome.by_proxy)),
            sep="\n  ",
        )
    print(json.dumps(outcome.counts))
    return 1 if outcome.canary or outcome.by_proxy else 0


if __name__ == "__main__":
    sys.exit(main())
