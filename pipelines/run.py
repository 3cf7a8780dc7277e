"""The main job: crawl and process side by side."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Collection
from types import FrameType
from typing import IO

from tqdm import tqdm

from pipelines.errors import UsageError
from pipelines.process import Processor
from pipelines.saving import ProcessReport
from pipelines.settings import Settings, as_environment
from store.database import Database

PATIENCE_SECONDS = 26.0  # after which a crawl that was asked to stop is killed: it gives itself 22
LOOK_SECONDS = 0.5  # how often processing looks for pages that the crawl has fetched


def run(
    database: Database,
    settings: Settings,
    *,
    sources: Collection[str] = (),
    every_feed: bool = False,
    recheck_days: float | None = None,
) -> ProcessReport:
    """Crawl what is due in a process of its own and process what it fetches, until both have nothing left.

    Raises
    ------
    UsageError
        The crawl could not begin; the message is its own.
    """
    command = [sys.executable, "-m", "pipelines.cli", "crawl", "--json"]
    command += [] if every_feed else ["--due"]
    command += [word for name in sources for word in ("--source", name)]
    command += [] if recheck_days is None else ["--recheck", str(recheck_days)]
    environment = os.environ | as_environment(settings)
    # Files, not pipes: nobody reads while the crawl runs, and a full pipe would stop it.
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        child = subprocess.Popen(command, env=environment, stdout=said, stderr=complained)  # noqa: S603 - our own
        report = _beside(child, database, settings)
        output, errors = _contents(said), _contents(complained)
    if child.returncode not in (0, 1) or not output.strip():  # without counts it died of a fault of ours
        raise UsageError(errors.strip().removeprefix("diembao: ") or f"the crawl ended with code {child.returncode}")
    if errors.strip():
        tqdm.write(errors.strip(), file=sys.stderr)
    report.counts = Counter(json.loads(output)) + report.counts
    return report


def _beside(child: "subprocess.Popen[bytes]", database: Database, settings: Settings) -> ProcessReport:
    """Process what a crawl fetches until both have nothing left; a stop is passed on to the crawl."""

    told = []

    def stop(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)
        told.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        with (
            Processor(database, settings) as processor,
            tqdm(unit="page", disable=None, desc="crawling and processing") as bar,
        ):
            while child.poll() is None:
                processor.drain(bar.update)
                _wait(child)
            processor.drain(bar.update)
            return processor.report
    finally:
        signal.signal(signal.SIGTERM, before)
        _end(child, told=bool(told))


def _end(child: "subprocess.Popen[bytes]", *, told: bool) -> None:
    """See the crawl out: it may finish what is under way, then it is ended. `told`: it was asked to stop already."""
    if child.poll() is None:
        if not told:  # a second request would end it at once
            child.terminate()
        try:
            child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _contents(stream: IO[str]) -> str:
    stream.seek(0)
    return stream.read()


def _wait(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(LOOK_SECONDS)
    except subprocess.TimeoutExpired:
        return
