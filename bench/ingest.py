"""Memory of `diembao ingest` over a WARC file of the size of a CC-News file (1 GB packed), and what a kill costs.

    bench/ingest.py [--megabytes 1000]

The file is made up (random text, so that it does not pack well), written to a temporary folder and deleted. It is taken
in twice: once killed (SIGKILL) at half of its pages and then gone on with, and the counts are held against the file's.
"""

import argparse
import base64
import gzip
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE_BYTES = 40_000  # packed, as news pages of CC-News are
RECORD = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2026-11-01T05:00:00Z\r\nWARC-Target-URI: {url}\r\n"
    "Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n"
)


def write_warc(path: Path, size: int) -> int:
    """Write pages until the file has `size` bytes; returns how many."""
    draw = random.Random(0)
    count = 0
    with path.open("wb") as stream:
        while stream.tell() < size:
            text = base64.b64encode(draw.randbytes(PAGE_BYTES))
            page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>x</title><p>" + text + b"</p>\n"
            head = RECORD.format(url=f"https://bao{count % 50}.example/tin-{count}.html", length=len(page)).encode()
            stream.write(gzip.compress(head + page + b"\r\n\r\n", compresslevel=1))
            count += 1
    return count


def pages(database: Path) -> int:
    """How many pages the database knows; 0 while there is none."""
    if not database.exists():
        return 0
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30) as connection:
        try:
            return int(connection.execute("select count(*) from pages").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def resident(pid: int) -> int:
    """Resident memory in MB; 0 when the process is gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024
    except OSError:
        pass
    return 0


def ingest(folder: Path, path: Path, kill_at: int = 0) -> tuple[float, list[int]]:
    """Run the command; give its seconds and its memory every half second. With `kill_at`, kill it at so many pages."""
    database = folder / "var" / "diembao.db"
    variables = {name: value for name, value in os.environ.items() if not name.startswith("DIEMBAO_")}
    variables |= {"DIEMBAO_VAR_DIR": str(folder / "var"), "DIEMBAO_SOURCES_DIR": str(folder / "sources")}
    command = [sys.executable, "-m", "pipelines.cli", "ingest", "--no-process", str(path)]
    begin, memory = time.monotonic(), []
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        memory.append(resident(process.pid))
        if kill_at and pages(database) >= kill_at:
            process.send_signal(signal.SIGKILL)
        time.sleep(0.5)
    return time.monotonic() - begin, [one for one in memory if one]


def main() -> None:
    """Make the file, take it in, kill it, go on, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="diembao-ingest-") as name:
        folder = Path(name)
        (folder / "sources").mkdir()
        path = folder / "CC-NEWS-made-up.warc.gz"
        count = write_warc(path, wanted.megabytes * 1_000_000)
        print(f"{path.stat().st_size / 1e6:.0f} MB, {count} pages")
        seconds, memory = ingest(folder, path, kill_at=count // 2)
        half = pages(folder / "var" / "diembao.db")
        print(f"killed after {seconds:.0f} s with {half} pages")
        again, more = ingest(folder, path)
        print(f"gone on with in {again:.0f} s: {pages(folder / 'var' / 'diembao.db')} of {count} pages, each once")
        tenth = len(memory) // 10
        print(
            f"resident memory: at most {max(memory[: 2 * tenth])} MB in the first fifth, {max(memory + more)} MB in all"
        )
        third, _ = ingest(folder, path)
        print(f"a third time: {third:.0f} s, {pages(folder / 'var' / 'diembao.db')} pages")


if __name__ == "__main__":
    main()
