"""The scheduler: starts each job when its time has come, as a process of its own, one at a time.

It remembers nothing itself: when a job ran last stands in the table of runs, so that a restart neither repeats nor
forgets one.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Any

from pipelines.errors import UsageError
from pipelines.logs import get_log
from pipelines.metrics import write_metrics
from pipelines.settings import WEEKLY, Settings, as_environment
from pipelines.signals import Ending
from pipelines.standing import VIETNAM
from store.base import now
from store.database import Database
from store.runs import first_run_at, last_runs, recorded

# A run gives its crawl 26 seconds to end; service managers are told to wait longer than this (docs/operate.md).
GRACE_SECONDS = 28.0
LOOK_SECONDS = 0.2
DIEMBAO = (sys.executable, "-m", "pipelines.cli")
log = get_log("schedule")


@dataclass(frozen=True)
class Planned:
    """A job of the schedule: when it is wanted in words, and when it is due next. In the past = now."""

    name: str
    when: str
    trigger: Any
    next_at: datetime

    def due(self, moment: datetime) -> bool:
        """Whether its time has come."""
        return self.next_at <= moment


class JobFailed(Exception):  # noqa: N818
    """A child ended badly: only to have its run recorded as failed."""


def plan(database: Database, settings: Settings, moment: datetime) -> list[Planned]:
    """The jobs in the order they are started in, with what the record of runs says of when each is due.

    A summary whose hour passed while nothing ran is made up for, unless this database is younger than that hour.
    """
    from apscheduler.triggers.interval import IntervalTrigger

    with database.reading() as session:
        begun = {run.job: run.started_at for run in last_runs(session)}
        first = first_run_at(session)
    every = timedelta(minutes=settings.schedule_run_minutes)
    next_run = begun["run"] + every if "run" in begun else moment
    jobs = [
        Planned(
            "run",
            f"every {settings.schedule_run_minutes:g} min",
            IntervalTrigger(minutes=every.total_seconds() / 60, timezone=VIETNAM),
            next_run,
        )
    ]
    if settings.schedule_report:
        trigger = _weekly(settings.schedule_report)
        since = begun.get("report") or first or moment
        next_report = trigger.get_next_fire_time(None, since.astimezone(VIETNAM) + timedelta(seconds=1))
        jobs.append(Planned("report", settings.schedule_report, trigger, next_report))
    return jobs


def arguments(name: str, settings: Settings, moment: datetime) -> list[str]:
    """The command of a job. The summary is of the last week that is over, also when it is late."""
    if name == "run":
        return ["run"]
    year, week, _ = (moment.astimezone(VIETNAM) - timedelta(days=7)).isocalendar()
    return ["report", "--week", f"{year}-W{week:02}", "--out", str(settings.var_dir / "reports")]


class Schedule:
    """Starts jobs until it is asked to stop. `program` is what a job's arguments are given to."""

    def __init__(self, database: Database, settings: Settings, program: Sequence[str] = DIEMBAO) -> None:
        self.database, self.settings, self.program = database, settings, program
        self.starting = Lock()
        self.stopped = Event()
        self.child: subprocess.Popen[bytes] | None = None

    def serve(self, ending: Ending) -> int:
        """Run jobs as their times come, until a signal; returns its number."""
        from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},  # one: two jobs never run side by side
            # However late, a job is run, and once for all the times that were missed.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=VIETNAM,
        )
        moment = now()
        for job in plan(self.database, self.settings, moment):
            scheduler.add_job(
                self.run_job, job.trigger, [job.name], id=job.name, next_run_time=max(job.next_at, moment)
            )
            log.info("job planned", job=job.name, when=job.when, next=max(job.next_at, moment).isoformat())
        scheduler.add_listener(_skipped, EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED)
        scheduler.start()
        number = ending.wait()
        scheduler.remove_all_jobs()
        self.stop(ending)
        scheduler.shutdown()
        return number or 0

    def once(self, ending: Ending) -> list[int]:
        """Run every job that is due, one after the other; returns their exit codes. A signal ends it early."""
        codes: list[int] = []
        moment = now()
        # Cron starts us at full minutes, and the run before began seconds after one: it counts as due a little early.
        early = timedelta(seconds=min(60.0, self.settings.schedule_run_minutes * 6))
        jobs = plan(self.database, self.settings, moment)
        due = [job.name for job in jobs if job.due(moment + early if job.name == "run" else moment)]
        worker = Thread(target=lambda: codes.extend(code for name in due if (code := self.run_job(name)) is not None))
        worker.start()
        while worker.is_alive():
            if ending.wait(LOOK_SECONDS) is not None:
                self.stop(ending)
            worker.join(0)
        return codes

    def run_job(self, name: str) -> int | None:
        """Run a job to its end and return its exit code; None when it was not started. Nothing escapes."""
        try:
            code = None if self.stopped.is_set() else self._recorded(name)
        except Exception as error:
            log.error("job not run, or its run not recorded", job=name, problem=_first_line(error))
            return None
        try:
            write_metrics(self.database, self.settings)
        except Exception as error:
            log.error("metrics not written", job=name, problem=_first_line(error))
        return code

    def stop(self, ending: Ending) -> None:
        """End the child: asked first, killed with all its processes after the grace, or at a second signal."""
        self.stopped.set()
        with self.starting:
            child = self.child
        if child is None or child.poll() is not None:
            return
        log.info("stopping", pid=child.pid)
        child.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while child.poll() is None and time.monotonic() < deadline:
            if ending.wait(LOOK_SECONDS) is not None:
                break
        if child.poll() is None:
            log.warning("killed, because it did not end", pid=child.pid)
            _kill_group(child)

    def _recorded(self, name: str) -> int | None:
        from pipelines.opening import program

        if name == "run":  # it records itself
            return self._child(name)
        code: int | None = None
        try:
            with recorded(self.database, name, program()) as counts:
                code = counts["exit"] = self._child(name)
                if code not in (0, 1):
                    raise JobFailed
        except JobFailed:
            return code
        return code

    def _child(self, name: str) -> int | None:
        command = [*self.program, *arguments(name, self.settings, now())]
        begun = time.monotonic()
        with self.starting:
            if self.stopped.is_set():
                return None
            # A session of its own: a terminal's Ctrl+C reaches us only, and it can be killed with all it started.
            self.child = subprocess.Popen(  # noqa: S603 - our own
                command, env=os.environ | as_environment(self.settings), start_new_session=True
            )
        log.info("job started", job=name, pid=self.child.pid)
        code = self.child.wait()
        ended_well = code == 0 or self.stopped.is_set()  # what was asked to end did so
        say = log.info if ended_well else log.warning if code == 1 else log.error
        say("job ended", job=name, pid=self.child.pid, exit=code, seconds=round(time.monotonic() - begun, 1))
        return code


def _weekly(text: str) -> Any:
    from apscheduler.triggers.cron import CronTrigger

    found = WEEKLY.fullmatch(text)
    if found is None:
        raise UsageError(f"schedule_report is {text!r}: give a day and a time in Vietnam, such as 'mon 07:00'")
    day, hour, minute = found.groups()
    return CronTrigger(day_of_week=day, hour=int(hour), minute=int(minute), timezone=VIETNAM)


def _skipped(event: Any) -> None:
    log.info("job skipped, the one before still runs", job=event.job_id)


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    import signal

    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
