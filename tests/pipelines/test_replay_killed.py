"""The main job over hundreds of real outlets, killed again and again: nothing lost, nothing twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from replaying import ROOT, diembao, environment, replay
from tests_support.replayed import MADE, Crawl, assert_all_stored_once

KILLS = 10
pytestmark = pytest.mark.shared


def test_killed_at_random_moments_it_ends_the_same(shared: Path, tmp_path: Path) -> None:
    dice = random.Random(57)
    with replay(shared, "--log", str(tmp_path / "log.jsonl")) as proxy:
        killed = Crawl(environment(shared, tmp_path / "var", proxy), tmp_path / "log.jsonl", tmp_path / "var")
        for _ in range(KILLS):
            command = [sys.executable, "-m", "pipelines.cli", "run", "--now"]
            job = subprocess.Popen(
                command,
                env=killed.variables,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            time.sleep(dice.uniform(1.0, 8.0))
            os.killpg(job.pid, signal.SIGKILL)
            job.wait()
        diembao(killed.variables, "run", "--now")
        assert_all_stored_once(killed, shared)
        status = json.loads(diembao(killed.variables, "status", "--json"))
        assert status["states"] == {"fetched": status["pages"]}
        fetched = Counter((row["host"], row["path"]) for row in killed.requests() if row["path"] not in MADE)
        assert sum(fetched.values()) - len(fetched) <= 8 * KILLS, "pages fetched more than once"
