"""Bombs, hostile pages and hostile feeds through the real thing: `diembao crawl` and `process` of a site on loopback.

    python bench/hostile.py [--limit-seconds 12] [--limit-mb 600] [--limit-bomb-mb 200]

Every file must end stored, refused or quarantined, with a reason, and cost no more than the limits. One crawl meets all
of them, so that its peak memory is more than that of any file alone. Pages that reach processing are then measured one
by one, each in a fork of a worker; the limit on seconds is on processor time, which other work on the machine does not
change. Prints a table; ends with 1 when a limit is broken.
"""

import argparse
import gzip
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import yaml
from replaying import ROOT, shared

ENCODINGS = {".gz": "gzip", ".br": "br", ".zst": "zstd"}


class Row(NamedTuple):
    """What became of one file on one way in."""

    way: str
    file: str
    outcome: str
    seconds: float | None = None
    processor: float | None = None
    megabytes: float | None = None


class Site(ThreadingHTTPServer):
    """Serves `path -> (headers, body)`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, tuple[dict[str, str], bytes]] = {}
        self.home = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        found = self.server.answers.get(self.path)
        self.send_response(200 if found else 404)
        headers, body = found or ({}, b"")
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return  # refused: hung up on

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def fill(site: Site, corpora: Path) -> list[dict[str, str]]:
    """Put every file on the site; the feeds to check."""
    feeds = []
    pages = []
    for path in sorted((corpora / "hostile_html").glob("*.gz")):
        site.answers[f"/page/{path.name}"] = {"Content-Type": "text/html"}, gzip.decompress(path.read_bytes())
        pages.append(f"/page/{path.name}")
    for path in sorted((corpora / "hostile_feeds").glob("*.gz")):
        site.answers[f"/feed/{path.name}"] = {"Content-Type": "text/xml"}, gzip.decompress(path.read_bytes())
        feeds.append({"url": f"{site.home}/feed/{path.name}", "kind": "rss"})
    for path in sorted(one for one in (corpora / "bombs").iterdir() if one.suffix in ENCODINGS):
        body = path.read_bytes()
        encoding = ", ".join(ENCODINGS[suffix] for suffix in path.suffixes)
        many = {"Content-Encoding": ", ".join(["gzip"] * 1000)} if path.name.startswith("layers") else None
        site.answers[f"/bomb/{path.name}"] = {"Content-Type": "text/html", "Content-Encoding": encoding}, body
        site.answers[f"/named/{path.name}/sitemap.xml.gz"] = {"Content-Type": "application/gzip"}, body
        site.answers[f"/encoded/{path.name}/sitemap.xml"] = {"Content-Encoding": encoding, **(many or {})}, body
        pages.append(f"/bomb/{path.name}")
        feeds += [{"url": f"{site.home}/named/{path.name}/sitemap.xml.gz", "kind": "sitemap"}]
        feeds += [{"url": f"{site.home}/encoded/{path.name}/sitemap.xml", "kind": "sitemap"}]
    items = "".join(f"<item><title>Tin</title><link>{escape(site.home + one)}</link></item>" for one in pages)
    site.answers["/rss"] = {}, f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    return [{"url": f"{site.home}/rss", "kind": "rss"}, *feeds]


def run(name: str, variables: dict[str, str]) -> tuple[float, float, int]:
    """Run a command of ours: seconds, peak MiB of its largest process, exit code."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", name], cwd=ROOT, env=variables, stdout=sys.stderr.fileno()
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - begun, usage.ru_maxrss / 1024, process.returncode


def measured(folder: Path, variables: dict[str, str]) -> dict[str, tuple[float, float, float]]:
    """Seconds, processor seconds and peak MiB of processing each page alone, by its URL; a worker forked for each."""
    sys.path.insert(0, str(ROOT))
    os.environ.update(variables)
    from datetime import UTC, datetime

    from pipelines.settings import load_settings
    from pipelines.worker import PageJob, process_page, start_worker

    settings, _ = load_settings()
    start_worker(settings.worker_memory_mb, str(settings.models_dir), str(settings.data_dir))
    found = {}
    rows = asked(folder, "select id, url, warc_file, warc_offset from pages where warc_file is not null")
    for page_id, url, file, offset in rows:
        job = PageJob(
            page_id,
            url,
            str(settings.archive),
            (file, offset),
            "UTC",
            ("vi",),
            datetime.now(UTC),
            seconds=settings.page_seconds,
        )
        begun = time.perf_counter()
        child = os.fork()
        if child == 0:
            process_page(job)
            os._exit(0)
        _, _, usage = os.wait4(child, 0)
        found[url] = (time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    return found


def asked(folder: Path, query: str) -> list[tuple[str, ...]]:
    """Rows of the database."""
    with sqlite3.connect(folder / "var" / "diembao.db") as database:
        return database.execute(query).fetchall()


def outcomes(folder: Path, costs: dict[str, tuple[float, float, float]]) -> list[Row]:
    """What became of every file."""
    rows = []
    query = "select url, state, reason, outcome, outcome_reason from pages order by url"
    for url, state, reason, outcome, why in asked(folder, query):
        way, file = re.findall(r"/(page|bomb)/([^/]+)", url)[0] if "/page/" in url or "/bomb/" in url else ("", url)
        if not way:
            continue  # what a hostile feed listed
        told = f"{outcome}: {why}" if outcome and why else outcome or f"{state}: {reason}"
        rows.append(Row(way, file, told, *costs.get(url, (None, None, None))))
    for url, problem, items, failures in asked(folder, "select url, problem, items, failures from feeds order by url"):
        match = re.search(r"/(feed|named|encoded)/([^/]+)", url)
        if match:
            told = f"refused: {problem}" if failures else f"read, {items} items" + (f"; {problem}" if problem else "")
            rows.append(Row(match.group(1), match.group(2), told))
    return rows


def main() -> int:
    """Serve, crawl, process, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--limit-seconds", type=float, default=12.0)
    parser.add_argument("--limit-mb", type=float, default=600.0)
    parser.add_argument("--limit-bomb-mb", type=float, default=200.0)
    limits = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Site() as site:
        folder = Path(name)
        feeds = fill(site, shared() / "corpora")
        threading.Thread(target=site.serve_forever, daemon=True).start()
        base = crawled(folder / "base", site, [])
        crawl = crawled(folder, site, feeds)
        variables = environment(folder, site)
        process = run("process", variables)
        rows = outcomes(folder, {})
        with_costs = measured_apart(folder, variables)
        rows = outcomes(folder, with_costs)
        run("status", variables)
        site.shutdown()
    return verdict(rows, base, crawl, process, limits)


def measured_apart(folder: Path, variables: dict[str, str]) -> dict[str, tuple[float, float, float]]:
    """`measured`, in a process of its own, which the limit on memory is for."""
    import json

    command = [sys.executable, __file__, "--measure", str(folder)]
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=True)
    return {url: tuple(cost) for url, cost in json.loads(done.stdout.splitlines()[-1]).items()}


def environment(folder: Path, site: Site) -> dict[str, str]:
    """The settings of the crawl, as variables."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIEMBAO_")}
    return kept | {
        "DIEMBAO_SOURCES_DIR": str(folder / "sources"),
        "DIEMBAO_VAR_DIR": str(folder / "var"),
        "DIEMBAO_OPENED": f"127.0.0.1:{site.server_port}",
        "DIEMBAO_DELAY": "0",
        "DIEMBAO_LINGER": "0",
        "DIEMBAO_LOG_LEVEL": "ERROR",
    }


def crawled(folder: Path, site: Site, feeds: list[dict[str, str]]) -> tuple[float, float, int]:
    """One crawl of an outlet with these feeds."""
    (folder / "sources").mkdir(parents=True)
    outlet = {"name": "Bẫy", "domain": "bay.example", "country": "VN", "languages": ["vi"], "scope": "national"}
    feeds = feeds or [{"url": f"{site.home}/none", "kind": "rss"}]
    (folder / "sources" / "bay.yaml").write_text(yaml.safe_dump(outlet | {"feeds": feeds}), encoding="utf-8")
    return run("crawl", environment(folder, site))


def verdict(
    rows: list[Row],
    base: tuple[float, float, int],
    crawl: tuple[float, float, int],
    process: tuple[float, float, int],
    limits: argparse.Namespace,
) -> int:
    """Print the table; 1 when a limit is broken."""
    broken = []
    print(f"{'way':8} {'file':28} {'s':>6} {'cpu s':>6} {'MiB':>5}  outcome")
    for row in rows:
        seconds = "" if row.seconds is None else f"{row.seconds:.1f}"
        megabytes = "" if row.megabytes is None else f"{row.megabytes:.0f}"
        processor = "" if row.processor is None else f"{row.processor:.1f}"
        print(f"{row.way:8} {row.file:28} {seconds:>6} {processor:>6} {megabytes:>5}  {row.outcome[:110]}")
        if (row.processor or 0) > limits.limit_seconds or (row.megabytes or 0) > limits.limit_mb:
            broken.append(f"{row.file}: {processor} s of processor time, {megabytes} MiB")
        if row.outcome.startswith(("waiting", "fetched", "None")):
            broken.append(f"{row.file}: no end: {row.outcome}")
        if row.way in ("bomb", "encoded") and not row.outcome.startswith("refused"):
            broken.append(f"{row.file}: a bomb that was not refused")
    print(
        f"crawl of all: {crawl[0]:.1f} s, peak {crawl[1]:.0f} MiB ({base[1]:.0f} with nothing to do), exit {crawl[2]}"
    )
    print(f"process of all: {process[0]:.1f} s, largest process {process[1]:.0f} MiB, exit {process[2]}")
    if crawl[1] - base[1] > limits.limit_bomb_mb:
        broken.append(f"the crawl needed {crawl[1] - base[1]:.0f} MiB more than one of nothing")
    if crawl[2] not in (0, 1) or process[2] not in (0, 1):
        broken.append("a command ended otherwise than with 0 or 1")
    print(f"{len(rows)} files and ways; limits broken: {len(broken)}", *broken, sep="\n  ")
    return 1 if broken else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        import json

        found = measured(Path(sys.argv[2]), {key: os.environ[key] for key in os.environ if key.startswith("DIEMBAO_")})
        print(json.dumps(found))
        sys.exit(0)
    sys.exit(main())
