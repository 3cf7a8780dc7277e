"""`diembao review` remembers from when on labels are given by which text of the guidelines."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from store.database import open_database
from store.guidelines import guideline_version, guideline_versions


def serve_once(root: Path, folder: Path) -> None:
    """Start the desk, wait until it says where it is, end it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(root), "DIEMBAO_VAR_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "pipelines.cli", "review", "--port", str(port)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, env=environment, cwd=folder, **pipes) as desk:
        assert desk.stdout is not None
        assert "The desk is at" in desk.stdout.readline()
        desk.send_signal(signal.SIGTERM)
        desk.wait(30)


def test_the_desk_notes_the_guidelines_once(root: Path, tmp_path: Path) -> None:
    serve_once(root, tmp_path)
    serve_once(root, tmp_path)
    database = open_database(f"sqlite:///{tmp_path / 'diembao.db'}")
    with database.reading() as session:
        versions = guideline_versions(session)
    database.close()
    assert [version for _, version in versions] == [guideline_version(root / "data" / "guidelines")]
