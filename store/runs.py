"""The record of every run of a job, and where every page stands."""

import os
import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from crawler.frontier import PageState
from store.base import now
from store.content import ArticleRow, CopyRow, Outcome
from store.crawling import FeedRow, HostRow, PageRow, RunRow, SourceRow
from store.database import Database
from store.errors import DatabaseLostError
from store.reviewing import FlagRow, LabelRow

UNPROCESSED = "to be processed"
UNKNOWN = "no reason recorded"
ADDRESS = re.compile(r" \(\S*://.*\)$")  # which address it was stands in the page's row; here pages are counted
# Which pages a reason is counted for: the state, or the outcome of those that were fetched.
STOPPED: dict[str, tuple[ColumnElement[bool], Any]] = {
    "refused": (PageRow.state == PageState.REFUSED, PageRow.reason),
    "quarantined": (PageRow.state == PageState.QUARANTINED, PageRow.reason),
    "retrying": (PageRow.state == PageState.RETRYING, PageRow.reason),
    "fetched, refused": (
        (PageRow.state == PageState.FETCHED) & (PageRow.outcome == Outcome.REFUSED),
        PageRow.outcome_reason,
    ),
    "fetched, quarantined": (
        (PageRow.state == PageState.FETCHED) & (PageRow.outcome == Outcome.QUARANTINED),
        PageRow.outcome_reason,
    ),
}

_begun: list[tuple[str, int]] = []  # the runs that this process has under way, the innermost last


@contextmanager
def recorded(database: Database, job: str, program: str) -> Iterator[dict[str, Any]]:
    """Record a run: the caller puts its counts into the dict; an error that escapes is recorded as `failed`.

    A run that was interrupted is `stopped`. One that was killed stays `running` until the next of its job begins, which
    marks it `killed`.
    """
    run_id = database.persistently(lambda: _begin(database, job, program))
    counts: dict[str, Any] = {}
    _begun.append((job, run_id))
    try:
        yield counts
    except BaseException as error:
        status = "stopped" if isinstance(error, KeyboardInterrupt) else "failed"
        with suppress(DatabaseLostError):  # why it ended matters more than that it cannot be written down
            database.persistently(lambda: _end(database, run_id, status, counts))
        raise
    else:
        database.persistently(lambda: _end(database, run_id, "done", counts))
    finally:
        _begun.remove((job, run_id))


def _begin(database: Database, job: str, program: str) -> int:
    with database.writing() as session:
        for stale in session.scalars(select(RunRow).where(RunRow.job == job, RunRow.status == "running")):
            stale.status, stale.ended_at = "killed", now()
        row = RunRow(job=job, program=program, host=socket.gethostname()[:200], pid=os.getpid())
        session.add(row)
        session.flush()
        return row.id


def _end(database: Database, run_id: int, status: str, counts: dict[str, Any]) -> None:
    with database.writing() as session:
        row = session.get_one(RunRow, run_id)
        row.status, row.ended_at, row.counts = status, now(), dict(counts)


def under_way() -> tuple[str, int] | None:
    """The job that this process is recording, with the id of its run; None outside of one."""
    return _begun[-1] if _begun else None


@dataclass(frozen=True)
class Run:
    """A run as its row tells it; `pid` on `host` is the process that did it, 0 when it was not recorded."""

    id: int
    job: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    host: str
    pid: int
    counts: dict[str, Any]

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None


@dataclass(frozen=True)
class Standing:
    """Where everything stands, in one state of the database.

    `states` must sum to `pages`, `outcomes` (of fetched pages) to `states['fetched']`, each group of `reasons_of`
    to the pages it speaks of; `mismatches` says what does not. `feed_states`: ok, failing, alert, disabled.
    `last_runs` holds the newest run of each job, `last_done` when each last ended well.
    """

    at: datetime
    pages: int
    states: dict[str, int]
    outcomes: dict[str, int]
    reasons: dict[str, int]
    reasons_of: dict[str, dict[str, int]]
    sources: int
    feeds: int
    failing_feeds: int
    feed_states: dict[str, int]
    next_feed_at: datetime | None
    oldest_due_at: datetime | None
    resting: list[tuple[str, datetime, str]]
    articles: int
    copies: int
    withdrawn: int
    revisions: int
    open_flags: int
    labels: int
    last_runs: list[Run] = field(default_factory=list)
    last_done: dict[str, datetime] = field(default_factory=dict)

    @property
    def running(self) -> list[Run]:
        """The runs that have not said that they ended."""
        return [run for run in self.last_runs if run.status == "running"]

    @property
    def mismatches(self) -> list[str]:
        """Sums that do not match: none, or the program has a fault."""
        sums = [("pages", self.pages, self.states), ("fetched pages", self.states.get("fetched", 0), self.outcomes)]
        for group, reasons in self.reasons_of.items():
            state, _, outcome = group.partition(", ")
            known = self.outcomes.get(outcome, 0) if outcome else self.states.get(state, 0)
            sums.append((f"{group} pages", known, reasons))
        wrong = [
            f"{count} {what}, but their parts sum to {sum(parts.values())}"
            for what, count, parts in sums
            if count != sum(parts.values())
        ]
        wrong += [
            f"{self.states[name]} pages in the unknown state {name!r}" for name in self.states if name not in STATES
        ]
        known_outcomes = {*Outcome, UNPROCESSED}
        wrong += [f"unknown outcome {name!r}" for name in self.outcomes if name not in known_outcomes]
        return wrong


STATES = tuple(state.value for state in PageState)


def standing(session: Session) -> Standing:
    """Count everything, in one state of the database."""
    moment = now()
    outcome = func.coalesce(PageRow.outcome, UNPROCESSED)
    fetched = select(outcome, func.count()).where(PageRow.state == PageState.FETCHED).group_by(outcome)
    reasons_of = {group: _reasons(session, *which) for group, which in STOPPED.items()}
    total: dict[str, int] = {}
    for reasons in reasons_of.values():
        for reason, count in reasons.items():
            total[reason] = total.get(reason, 0) + count
    resting = select(HostRow).where(HostRow.busy_until > moment).order_by(HostRow.busy_until.desc(), HostRow.host)
    feed_states = _feed_states(session)
    return Standing(
        at=moment,
        pages=_count(session, PageRow),
        states=_table(session, select(PageRow.state, func.count()).group_by(PageRow.state)),
        outcomes=_table(session, fetched),
        reasons=total,
        reasons_of={group: reasons for group, reasons in reasons_of.items() if reasons},
        sources=_count(session, SourceRow, SourceRow.enabled),
        feeds=sum(count for state, count in feed_states.items() if state != "disabled"),
        failing_feeds=feed_states["failing"],
        feed_states=feed_states,
        next_feed_at=session.scalar(select(func.min(FeedRow.next_check_at)).where(FeedRow.enabled)),
        oldest_due_at=_oldest_due(session, moment),
        resting=[(row.host, row.busy_until, row.reason) for row in session.scalars(resting)],
        articles=_count(session, ArticleRow),
        copies=_count(session, CopyRow),
        withdrawn=_count(session, ArticleRow, ArticleRow.withdrawn_at.is_not(None)),
        revisions=_count(session, ArticleRow, ArticleRow.revised_at.is_not(None)),
        open_flags=_count(session, FlagRow, FlagRow.closed_at.is_(None)),
        labels=_count(session, LabelRow),
        last_runs=last_runs(session),
        last_done=_last_done(session),
    )


def last_runs(session: Session) -> list[Run]:
    """The newest run of each job, the newest first."""
    latest = select(func.max(RunRow.id)).group_by(RunRow.job)
    rows = session.scalars(select(RunRow).where(RunRow.id.in_(latest)).order_by(RunRow.started_at.desc()))
    return [
        Run(row.id, row.job, row.status, row.started_at, row.ended_at, row.host, row.pid, dict(row.counts))
        for row in rows
    ]


def first_run_at(session: Session) -> datetime | None:
    """When this database saw its first run; None when it never did."""
    return session.scalar(select(func.min(RunRow.started_at)))


def _last_done(session: Session) -> dict[str, datetime]:
    query = select(RunRow.job, func.max(RunRow.ended_at)).where(RunRow.status == "done").group_by(RunRow.job)
    return {job: ended for job, ended in session.execute(query) if ended is not None}


def _reasons(session: Session, which: ColumnElement[bool], reason: Any) -> dict[str, int]:
    """Every reason with its count, the most frequent first."""
    told = func.coalesce(reason, UNKNOWN)  # one object: PostgreSQL must see the same expression twice
    rows: Counter[str] = Counter()
    for text, count in session.execute(select(told, func.count()).where(which).group_by(told)):
        rows[ADDRESS.sub("", text)] += count
    return dict(sorted(rows.items(), key=lambda row: (-row[1], row[0])))


def _feed_states(session: Session) -> dict[str, int]:
    enabled, failing = FeedRow.enabled, FeedRow.failures > 0
    return {
        "ok": _count(session, FeedRow, enabled, ~failing, FeedRow.alert.is_(None)),
        "failing": _count(session, FeedRow, enabled, failing),
        "alert": _count(session, FeedRow, enabled, ~failing, FeedRow.alert.is_not(None)),
        "disabled": _count(session, FeedRow, ~enabled),
    }


def _oldest_due(session: Session, moment: datetime) -> datetime | None:
    """Since when the page that waits longest could have been fetched; pages whose time has not come do not wait."""
    waiting = PageRow.state.in_((PageState.WAITING, PageState.RETRYING))
    return session.scalar(select(func.min(PageRow.due_at)).where(waiting, PageRow.due_at <= moment))


def _table(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(query)}


def _count(session: Session, table: Any, *conditions: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
