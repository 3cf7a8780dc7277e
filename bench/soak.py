"""One crawl process that polls the replay of real pages for an hour, with faults: it must not grow or get stuck.

    python bench/soak.py [--minutes 60] [--faults 0.2]

Every feed is checked again and again, every page looked at twice more. Prints the resident memory over time. Exit code
1 when it grew by 10% or more (the last sixth of the time against the second), when a host was not asked any more in the
last quarter, or when the sums of `diembao status` do not match.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from madeup import command
from replaying import ROOT, diembao, environment, replay, shared
from tqdm import tqdm

LOOK_SECONDS = 5.0
GROWTH = 0.10


def resident(pid: int) -> float:
    """Resident memory of a process, MiB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return next((int(row.split()[1]) / 1024 for row in status.splitlines() if row.startswith("VmRSS")), 0.0)


def watched(variables: dict[str, str], minutes: float) -> tuple[int, list[float]]:
    """Run the crawl; its exit code, and its memory every few seconds."""
    words = ("crawl", "--stay", str(minutes))
    crawl = subprocess.Popen(command(*words), env=variables, cwd=ROOT, stdout=subprocess.DEVNULL)
    samples = []
    with tqdm(total=round(minutes * 60), unit="s", desc="soaking", disable=None) as bar:
        while crawl.poll() is None:
            time.sleep(LOOK_SECONDS)
            samples.append(resident(crawl.pid))
            bar.update(round(LOOK_SECONDS))
    return crawl.returncode, [sample for sample in samples if sample]


def unasked(log: Path, begun: float, ended: float) -> tuple[int, set[str]]:
    """How many requests there were, and the hosts that were asked, but not in the last quarter of the time."""
    rows = [json.loads(line) for line in log.open(encoding="utf-8")]
    late = begun + 0.75 * (ended - begun)
    return len(rows), {row["host"] for row in rows} - {row["host"] for row in rows if row["time"] > late}


def main() -> int:
    """Soak, check, print; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--faults", type=float, default=0.2)
    args = parser.parse_args()
    folder = shared()
    share = args.minutes / 60
    wishes = {
        "DIEMBAO_TIMEOUT": "5",
        "DIEMBAO_POLL_MINUTES": str(2 * share),
        "DIEMBAO_POLL_MAX_HOURS": str(0.07 * share),
        "DIEMBAO_RECHECK_HOURS": f"{0.2 * share};{0.5 * share}",
    }
    with tempfile.TemporaryDirectory() as var:
        log = Path(var) / "requests.jsonl"
        with replay(folder, "--faults", str(args.faults), "--log", str(log)) as proxy:
            variables = environment(folder, Path(var), proxy, **wishes)
            begun = time.time()
            code, samples = watched(variables, args.minutes)
            ended = time.time()
            standing = json.loads(diembao(variables, "status", "--json"))
        count, stuck = unasked(log, begun, ended)
    sixth = max(1, len(samples) // 6)
    early, late = statistics.median(samples[sixth : 2 * sixth]), statistics.median(samples[-sixth:])
    shown = ", ".join(f"{sample:.0f}" for sample in samples[:: max(1, len(samples) // 12)])
    print(f"{(ended - begun) / 60:.1f} min, exit code {code}, {count} requests; resident MiB over time: {shown}")
    print(f"growth {late / early - 1:+.1%} ({early:.0f} -> {late:.0f} MiB); hosts not asked at the end: {len(stuck)}")
    print(
        f"pages {standing['pages']}: {standing['states']}; sums that do not match: {standing['mismatches'] or 'none'}"
    )
    return 1 if late / early - 1 >= GROWTH or stuck or standing["mismatches"] or code not in (0, 1) else 0


if __name__ == "__main__":
    sys.exit(main())
