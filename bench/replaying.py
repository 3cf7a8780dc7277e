"""The replay of real pages, for benches: the shared folder, the proxy, a registry of its outlets."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


def shared() -> Path:
    """The folder of real pages; ends the bench with a word when it is absent."""
    folder = Path(os.environ.get("DIEMBAO_SHARED") or ROOT.parent / "shared")
    if not (folder / "pages" / "index.jsonl").exists():
        sys.exit(f"the real pages are not at {folder}; set DIEMBAO_SHARED")
    return folder


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def replay(folder: Path, *options: str) -> Iterator[str]:
    """Serve the pages as the live web; gives the proxy's address."""
    port = free_port()
    command = [
        sys.executable,
        str(folder / "replay" / "replay.py"),
        "--pages",
        str(folder / "pages"),
        "--port",
        str(port),
    ]
    server = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
    try:
        if server.stderr is not None:
            server.stderr.readline()  # it says when it listens
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
        if server.stderr is not None:
            server.stderr.close()


def environment(folder: Path, var: Path, proxy: str, **settings: str) -> dict[str, str]:
    """Variables for `diembao` commands on the replay, its outlets imported as sources below `var`."""
    listing = var / "outlets.jsonl"
    command = [sys.executable, str(folder / "replay" / "replay.py"), "--pages", str(folder / "pages"), "--sources"]
    var.mkdir(parents=True, exist_ok=True)
    listing.write_text(subprocess.run(command, capture_output=True, text=True, check=True).stdout, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIEMBAO_")}
    found = kept | {"DIEMBAO_VAR_DIR": str(var), "DIEMBAO_SOURCES_DIR": str(var / "sources"), "DIEMBAO_PROXY": proxy}
    found |= {"DIEMBAO_DELAY": "0"} | settings
    diembao(found, "sources", "import", str(listing))
    return found


def diembao(variables: dict[str, str], *arguments: str) -> str:
    """Run a `diembao` command to its end; gives what it printed."""
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"diembao {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout
