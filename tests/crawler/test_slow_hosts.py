"""One host's slowness is no other's: sixteen hosts that never answer, and one that does."""

import subprocess
import time
from pathlib import Path

from madeup import Site, command, served, settings

STALLED = 16


def test_an_unrelated_host_waits_less_than_two_seconds(tmp_path: Path) -> None:
    with served(Site(STALLED + 1, 1)) as site:
        fine = site.hosts[-1]
        site.stalls = lambda host, path: host != fine and path.startswith("/tin-")
        times: dict[tuple[str, str], float] = {}

        def watch(host: str, path: str) -> None:
            times.setdefault((host, path), time.monotonic())

        site.watch = watch
        begin = time.monotonic()
        done = subprocess.run(
            command("crawl"),
            env=settings(site, tmp_path, DIEMBAO_TIMEOUT="6", DIEMBAO_LINGER="0"),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        assert time.monotonic() - begin > 6, "the others did stall"
    stalled = [moment for (host, path), moment in times.items() if path.startswith("/tin-") and host != fine]
    assert len(stalled) == STALLED
    assert times[fine, "/tin-0.html"] - times[fine, "/feed.xml"] < 2.0
