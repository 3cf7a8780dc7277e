"""The replay of real pages with faults: every article must be stored in the end, every outlet left in peace.

    python bench/faults.py [--faults 0.2] [--seed 1] [--latency 0.15]

A share of the page requests is answered with 429 and Retry-After, 503, a cut connection or a stalled body. Runs
follow each other until nothing waits. The replay's own log is the proof: no request to a host before its Retry-After
was over, and never two at once (with a latency of L seconds, two requests at once would lie less than L apart). Exit
code 1 when an article is missing or a promise is broken.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from madeup import command
from replaying import ROOT, diembao, environment, replay, shared

RUNS = 12
RETRY_AFTER = 1.0  # what the replay asks for with a 429


def promises(log: Path, latency: float) -> tuple[int, dict[str, int], int, int]:
    """Requests, faults by kind, requests that came before Retry-After was over, and requests at once to a host."""
    hosts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    faults: dict[str, int] = defaultdict(int)
    early = together = count = 0
    for row in map(json.loads, log.open(encoding="utf-8")):
        count += 1
        hosts[row["host"]].append(row)
        fault = row.get("fault") or (str(row["status"]) if row["status"] in (429, 503) else "")
        if fault:
            faults[fault] += 1
    for rows in hosts.values():
        rows.sort(key=lambda row: float(row["time"]))
        for before, after in pairwise(rows):
            gap = after["time"] - before["time"]
            early += before["status"] == 429 and gap < RETRY_AFTER
            together += gap < latency * 0.9
    return count, dict(faults), early, together


def main() -> int:
    """Run, check, print; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=float, default=0.2)
    parser.add_argument("--latency", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    folder = shared()
    with tempfile.TemporaryDirectory() as var:
        log = Path(var) / "requests.jsonl"
        options = ("--faults", str(args.faults), "--latency", str(args.latency), "--seed", str(args.seed))
        with replay(folder, *options, "--log", str(log)) as proxy:
            variables = environment(folder, Path(var), proxy, DIEMBAO_TIMEOUT="3")
            runs = 0
            while runs < RUNS:
                runs += 1
                subprocess.run(command("crawl"), env=variables, cwd=ROOT, stdout=subprocess.DEVNULL)
                standing = json.loads(diembao(variables, "status", "--json"))
                if not standing["states"].get("waiting") and not standing["states"].get("retrying"):
                    break
        count, faults, early, together = promises(log, args.latency)
    states = standing["states"]
    print(f"{runs} runs, {count} requests, faults {faults}")
    print(f"pages {standing['pages']}: {states}; reasons {standing['reasons']}")
    print(f"requests before Retry-After was over: {early}; at once to a host: {together}")
    lost = standing["pages"] - states.get("fetched", 0) - states.get("refused", 0)
    return 1 if early or together or lost or states.get("quarantined") else 0


if __name__ == "__main__":
    sys.exit(main())
