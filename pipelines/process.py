"""The second stage: fetched pages -> articles, predictions, flags. It may be killed and run again at any time."""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from sqlalchemy import Row, func, select

from crawler.extraction.hints import Hints
from crawler.frontier import PageState
from pipelines.errors import UsageError
from pipelines.hints import load_hints
from pipelines.passing import forget_passed
from pipelines.saving import ProcessReport, Saver
from pipelines.settings import Settings
from pipelines.signals import deferred
from pipelines.worker import PageJob, PageResult, process_pages, start_worker, too_long
from store.base import now
from store.crawling import PageRow, SourceRow
from store.database import Database

GONE = (404, 410)
CHUNK = 4  # pages handed to a worker at once: the pool's cost a hand-over is about that of a small page
AHEAD = 4  # chunks waiting for each worker
BATCH = 32  # results a transaction; a kill repeats at most that many and those under way
WALL = 6  # times the processor time that a page may take by the clock: workers share the machine
START_SECONDS = 20.0  # at most, for workers to begin; 2 to 7 on a slow machine
WITH_ENCODER_MB = 1_700  # address space of a worker with torch loaded and room for a page, beside the encoder's weights
MAX_TASKS = 250  # chunks after which a worker is replaced, so that a leak in a library cannot grow for ever

Progress = Callable[[int], object]


def waiting_pages(database: Database) -> int:
    """How many fetched pages are not processed yet."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(PageRow).where(*UNPROCESSED)) or 0


UNPROCESSED = (PageRow.state == PageState.FETCHED, PageRow.outcome.is_(None))


def process(database: Database, settings: Settings, progress: Progress | None = None) -> ProcessReport:
    """Process every fetched page that is waiting; pages fetched meanwhile are taken too."""
    with Processor(database, settings) as processor:
        processor.drain(progress)
        return processor.report


class Processor:
    """A pool of workers and the writer of their results. A page that kills its worker is tried once more, alone."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.saver = Saver(database, settings)
        self.hints = load_hints(settings.sources_dir)

    @property
    def report(self) -> ProcessReport:
        """What was done so far."""
        return self.saver.report

    def __enter__(self) -> "Processor":
        import multiprocessing

        from pebble import ProcessPool

        check_models(self.settings)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipelines.preload"])
        given = self.settings
        arguments = (given.worker_memory_mb, str(given.models_dir), str(given.data_dir), given.transformer)
        self.pool = ProcessPool(
            self.settings.workers, max_tasks=MAX_TASKS, initializer=start_worker, initargs=arguments, context=context
        )
        self.started = False
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.pool.stop()  # type: ignore[no-untyped-call]
        self.pool.join()
        if kind is None:
            forget_passed(self.database, self.settings.archive)

    def drain(self, progress: Progress | None = None) -> None:
        """Process until no page is waiting."""
        last = 0
        pending: dict[Any, list[PageJob]] = {}
        results: list[PageResult] = []
        while True:
            if len(pending) < self.settings.workers * AHEAD:
                room = (self.settings.workers * AHEAD - len(pending)) * CHUNK
                jobs, last = self._next_jobs(last, room, progress)
                for at in range(0, len(jobs), CHUNK):
                    chunk = jobs[at : at + CHUNK]
                    pending[self._schedule(chunk)] = chunk
            if not pending:
                self.saver.save(results)
                results = []
                if not last:
                    return
                last = 0  # a page fetched again meanwhile has an id that was passed; look once more
                continue
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            before = len(results)
            for future in done:
                chunk = pending.pop(future)
                problem = _problem(future, self.settings.page_seconds)
                if problem is None:
                    results += future.result()
                elif len(chunk) > 1:
                    # One of them killed its worker: each again, alone, so that only the guilty one is quarantined.
                    pending.update((self._schedule([job]), [job]) for job in chunk)
                else:
                    results.append(PageResult(chunk[0].page_id, chunk[0].record, problem=problem))
            if progress and len(results) > before:
                progress(len(results) - before)
            if len(results) >= BATCH:
                self.saver.save(results)
                results = []

    def _schedule(self, chunk: list[PageJob]) -> Any:
        if not self.started:
            # Seconds long. Left in the middle, workers would come to life without us, and die with a traceback.
            with deferred():
                _begin_forking()
                wait([self.pool.schedule(os.getpid)], START_SECONDS)
            self.started = True
        return self.pool.schedule(process_pages, args=(chunk,), timeout=WALL * self.settings.page_seconds * len(chunk))

    def _next_jobs(self, after: int, limit: int, progress: Progress | None) -> tuple[list[PageJob], int]:
        query = (
            select(PageRow, SourceRow)
            .join(SourceRow, SourceRow.id == PageRow.source_id)
            .where(*UNPROCESSED, PageRow.id > after)
            .order_by(PageRow.id)
            .limit(limit)
        )

        def look() -> Sequence[Row[PageRow, SourceRow]]:
            with self.database.reading() as session:
                return session.execute(query).all()

        rows = self.database.persistently(look)
        gone = [page.id for page, _ in rows if page.status in GONE]
        self.saver.withdraw(gone)
        if progress and gone:
            progress(len(gone))
        jobs = [
            _job(page, source, self.hints.by_id.get(source.id), self.settings)
            for page, source in rows
            if page.status not in GONE
        ]
        return jobs, rows[-1][0].id if rows else after


def check_models(settings: Settings) -> None:
    """Refuse, before any worker starts, models that no worker could load: missing, altered, or without their encoder.

    Raises
    ------
    ModelError, UsageError
        What is wrong with them, or how much memory the workers need.
    """
    from classify.encoded import find_encoder
    from classify.registry import TASKS, current

    found = [artifact for task in TASKS if (artifact := current(settings.models_dir, task))]
    encoder = find_encoder(found, settings.transformer)
    least = WITH_ENCODER_MB + encoder.size // 2**20 if encoder else 0
    if settings.worker_memory_mb < least:
        raise UsageError(
            f"setting worker_memory_mb is {settings.worker_memory_mb}: workers that read with a transformer "
            f"need {least}; set that, and fewer workers if the machine has less"
        )


def _begin_forking() -> None:
    """Begin the process that workers are forked from, deaf to Ctrl+C: a terminal sends it to all, but we end them."""
    from multiprocessing import forkserver, resource_tracker

    resource_tracker.ensure_running()  # else begun on the way, and that lifts the block
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _job(page: PageRow, source: SourceRow, hints: Hints | None, settings: Settings) -> PageJob:
    return PageJob(
        page_id=page.id,
        url=page.final_url or page.url,
        folder=str(settings.archive),
        record=(page.warc_file or "", page.warc_offset or 0),
        timezone=source.timezone,
        languages=tuple(source.languages),
        fetched_at=page.fetched_at or now(),
        title=page.title,
        listed=page.published_at,
        hints=hints,
        seconds=settings.page_seconds,
    )


def _problem(future: Any, seconds: float) -> str | None:
    from pebble import ProcessExpired

    error = future.exception()
    if error is None:
        return None
    if isinstance(error, FutureTimeout) or getattr(error, "exitcode", 0) == -signal.SIGXCPU:
        return too_long(seconds)
    if isinstance(error, ProcessExpired):
        return f"the worker died on it (exit code {error.exitcode})"
    return f"{type(error).__name__}: {error}"[:300]
