"""Articles a second, the whole way (crawl, archive, process, store; delays off), beside plain trafilatura on one core.

    python bench/end_to_end.py [--rounds 3] [--workers 2]

Both read the same bytes, in turn, in one run; what counts is the ratio, which the machine's mood touches less than
either figure. Also the largest resident memory of each of our processes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from replaying import ROOT, diembao, environment, replay, shared

PLAIN = """
import gzip, json, sys
from pathlib import Path
from trafilatura import bare_extraction
folder = Path(sys.argv[1])
for row in map(json.loads, (folder / "index.jsonl").open(encoding="utf-8")):
    if row["url"] and row["kind"] == "article":
        bare_extraction(gzip.decompress((folder / row["file"]).read_bytes()), url=row["url"], with_metadata=True)
"""


def plain(folder: Path) -> float:
    """Seconds that trafilatura, with its defaults and metadata, takes for all articles on one core."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", PLAIN, str(folder / "pages")]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, {0}))
    return time.perf_counter() - begun


class Memory(threading.Thread):
    """Watches the processes below one; keeps the largest resident set (MiB) by role."""

    def __init__(self, parent: int) -> None:
        super().__init__(daemon=True)
        self.parent, self.peaks, self.on = parent, {}, True

    def run(self) -> None:
        """Look ten times a second."""
        while self.on:
            for pid in self.below(self.parent):
                try:
                    line = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                role = "crawl" if " crawl " in line else "parent" if " run " in line else "worker"
                peak = next((int(row.split()[1]) / 1024 for row in status.splitlines() if row.startswith("VmHWM")), 0)
                self.peaks[role] = max(self.peaks.get(role, 0), peak)
            time.sleep(0.1)

    def below(self, pid: int) -> list[int]:
        """A process and all its descendants."""
        found = [pid]
        for task in Path("/proc").glob(f"{pid}/task/*/children"):
            try:
                found += [other for child in task.read_text().split() for other in self.below(int(child))]
            except OSError:
                continue
        return found


def ours(folder: Path, workers: int) -> tuple[float, int, dict[str, float]]:
    """Seconds for the whole way, articles stored, and peak memory by process."""
    with tempfile.TemporaryDirectory() as var, replay(folder) as proxy:
        variables = environment(folder, Path(var), proxy, DIEMBAO_WORKERS=str(workers))
        begun = time.perf_counter()
        command = [sys.executable, "-m", "pipelines.cli", "run", "--now"]
        job = subprocess.Popen(command, env=variables, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        memory = Memory(job.pid)
        memory.start()
        job.wait()
        seconds = time.perf_counter() - begun
        memory.on = False
        memory.join()
        stored = json.loads(diembao(variables, "status", "--json"))["articles"]
    return seconds, stored, memory.peaks


def main() -> None:
    """Measure, in turn, and print each round and the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    folder = shared()
    rows = map(json.loads, (folder / "pages" / "index.jsonl").open(encoding="utf-8"))
    pages = sum(1 for row in rows if row["url"] and row["kind"] == "article")
    ratios = []
    for number in range(1, args.rounds + 1):
        alone = plain(folder)
        seconds, stored, peaks = ours(folder, args.workers)
        ratios.append((stored / seconds) / (pages / alone))
        memory = ", ".join(f"{role} {peak:.0f} MB" for role, peak in sorted(peaks.items()))
        print(
            f"round {number}: trafilatura alone {pages / alone:.1f} pages/s ({alone:.1f} s); "
            f"the whole way {stored / seconds:.1f} articles/s ({seconds:.1f} s, {stored} stored); "
            f"ratio {ratios[-1]:.2f}; peak memory: {memory}",
            flush=True,
        )
    print(f"median ratio {statistics.median(ratios):.2f} of {args.rounds} rounds, {args.workers} workers")


if __name__ == "__main__":
    main()
