"""What outlets said is kept from run to run: robots.txt for a day, the wish for rest for as long as it lasts."""

import os
import subprocess
import sys
from pathlib import Path

import yaml
from tests_support.asking import Script, site_name
from tests_support.web import Answer, Site, serving


def crawl(folder: Path, feeds: list[str], opened: list[Site]) -> None:
    """`diembao crawl` of one outlet with these feeds, due or not."""
    (folder / "sources").mkdir(exist_ok=True)
    outlet = {"name": "Báo mẫu", "domain": "bao-mau.example", "country": "VN", "languages": ["vi"], "scope": "national"}
    outlet["feeds"] = [{"url": url, "kind": "rss"} for url in feeds]  # type: ignore[assignment]
    (folder / "sources" / "bao-mau.yaml").write_text(yaml.safe_dump(outlet), encoding="utf-8")
    settings = {
        "DIEMBAO_SOURCES_DIR": str(folder / "sources"),
        "DIEMBAO_VAR_DIR": str(folder / "var"),
        "DIEMBAO_OPENED": ";".join(site.address for site in opened),
        "DIEMBAO_DELAY": "0",
        "DIEMBAO_LINGER": "0",
    }
    command = [sys.executable, "-m", "pipelines.cli", "crawl"]
    done = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr


def rss(*links: str) -> Answer:
    items = "".join(f"<item><title>Tin</title><link>{link}</link></item>" for link in links)
    return 200, {"Content-Type": "application/rss+xml"}, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()


def test_the_next_run_knows_the_rules_and_lets_the_host_rest(tmp_path: Path) -> None:
    page: Answer = (200, {"Content-Type": "text/html"}, b"<html><title>Tin</title>")
    with serving({}) as calm, serving({}) as tired:
        here, there = site_name(calm, "a.localhost"), site_name(tired, "b.localhost")
        calm.answers = calm_log = Script({"/rss": rss(f"{here}/tin"), "/tin": page})
        links = [f"{there}/tin/{n}" for n in range(5)]
        tired.answers = tired_log = Script(
            {"/rss": rss(*links)} | dict.fromkeys([f"/tin/{n}" for n in range(5)], (503, {"Retry-After": "120"}, b""))
        )
        crawl(tmp_path, [f"{here}/rss", f"{there}/rss"], [calm, tired])
        assert calm_log.paths == ["/robots.txt", "/rss", "/tin"]
        assert tired_log.paths[:2] == ["/robots.txt", "/rss"]
        assert len(tired_log.paths) == 3
        crawl(tmp_path, [f"{here}/rss", f"{there}/rss"], [calm, tired])
        assert calm_log.paths == ["/robots.txt", "/rss", "/tin", "/rss"]
        assert len(tired_log.paths) == 3
