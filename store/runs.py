"""The record of every run of a job, and where every page stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from store.base import now
from store.content import ArticleRow, CopyRow
from store.crawling import FeedRow, PageRow, RunRow, SourceRow
from store.database import Database
from store.reviewing import FlagRow, LabelRow


@contextmanager
def recorded(database: Database, job: str, program: str) -> Iterator[dict[str, Any]]:
    """Record a run: the caller puts its counts into the dict; an error that escapes is recorded as `failed`.

    A run that was killed stays `running` until the next of its job begins, which marks it `killed`.
    """
    with database.writing() as session:
        for stale in session.scalars(select(RunRow).where(RunRow.job == job, RunRow.status == "running")):
            stale.status, stale.ended_at = "killed", now()
        row = RunRow(job=job, program=program)
        session.add(row)
        session.flush()
        run_id = row.id
    counts: dict[str, Any] = {}
    status = "failed"
    try:
        yield counts
        status = "done"
    finally:
        with database.writing() as session:
            row = session.get_one(RunRow, run_id)
            row.status, row.ended_at, row.counts = status, now(), dict(counts)


@dataclass(frozen=True)
class Standing:
    """Where everything stands. `states` sums to `pages`; `outcomes` (of fetched pages) sums to `states['fetched']`."""

    pages: int
    states: dict[str, int]
    outcomes: dict[str, int]
    reasons: dict[str, int]
    sources: int
    feeds: int
    failing_feeds: int
    articles: int
    copies: int
    open_flags: int
    labels: int
    last_runs: list[tuple[str, str, datetime, datetime | None]]


def standing(session: Session) -> Standing:
    """Count everything, in one state of the database."""
    states = _table(session, select(PageRow.state, func.count()).group_by(PageRow.state))
    outcome = func.coalesce(PageRow.outcome, "to be processed")
    fetched = select(outcome, func.count()).where(PageRow.state == "fetched").group_by(outcome)
    reason = func.coalesce(PageRow.reason, PageRow.outcome_reason)
    stopped = PageRow.state.in_(("refused", "quarantined", "retrying")) | PageRow.outcome.in_(
        ("refused", "quarantined")
    )
    reasons = select(reason, func.count()).where(stopped).group_by(reason).order_by(func.count().desc()).limit(12)
    latest = select(func.max(RunRow.id)).group_by(RunRow.job)
    runs = session.scalars(select(RunRow).where(RunRow.id.in_(latest)).order_by(RunRow.started_at.desc()))
    return Standing(
        pages=sum(states.values()),
        states=states,
        outcomes=_table(session, fetched),
        reasons={key or "no reason recorded": count for key, count in _table(session, reasons).items()},
        sources=_count(session, SourceRow, SourceRow.enabled),
        feeds=_count(session, FeedRow, FeedRow.enabled),
        failing_feeds=_count(session, FeedRow, FeedRow.enabled, FeedRow.failures > 0),
        articles=_count(session, ArticleRow),
        copies=_count(session, CopyRow),
        open_flags=_count(session, FlagRow, FlagRow.closed_at.is_(None)),
        labels=_count(session, LabelRow),
        last_runs=[(run.job, run.status, run.started_at, run.ended_at) for run in runs],
    )


def _table(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(query)}


def _count(session: Session, table: Any, *conditions: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
