"""Putting pages back on their way: quarantined ones, refused ones, or articles to be read by a newer extractor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from crawler.directives import PASSING
from crawler.frontier import PageState
from store.base import now
from store.content import Outcome
from store.crawling import PageRow

AGAIN: dict[str, Any] = {"state": PageState.WAITING, "attempts": 0, "reason": None}
UNREAD: dict[str, Any] = {"outcome": None, "outcome_reason": None}


@dataclass(frozen=True)
class Choice:
    """Which pages: by default the quarantined ones, all of them. `reason`: a part of the recorded one, in any case."""

    refused: bool = False
    articles: bool = False
    source: str | None = None
    reason: str | None = None
    since: datetime | None = None


def requeue(session: Session, choice: Choice) -> dict[str, int]:
    """Make the chosen pages due, to be fetched or to be processed again; returns how many of each."""
    to_fetch, to_process = _chosen(choice)
    fetched = _set(session, to_fetch, AGAIN | {"due_at": now()})
    processed = _set(session, to_process, UNREAD)
    return {"to be fetched again": fetched, "to be processed again": processed}


def count(session: Session, choice: Choice) -> dict[str, int]:
    """How many pages `requeue` would take."""
    to_fetch, to_process = (
        session.scalar(select(func.count()).select_from(PageRow).where(*conditions)) or 0
        for conditions in _chosen(choice)
    )
    return {"to be fetched again": to_fetch, "to be processed again": to_process}


def _chosen(choice: Choice) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    if choice.articles:
        states, outcomes = [], [Outcome.ARTICLE]
    elif choice.refused:
        states, outcomes = [PageState.REFUSED], [Outcome.REFUSED]
    else:
        states, outcomes = [PageState.QUARANTINED], [Outcome.QUARANTINED]
    # Where an outlet asks for no archive the copy is gone; the next look at the page brings the article's new reading.
    kept = PageRow.warc_file.not_like(f"{PASSING}/%")
    common: list[ColumnElement[bool]] = [kept] if choice.articles else []
    if choice.source is not None:
        common.append(PageRow.source_id == choice.source)
    if choice.since is not None:
        common.append(PageRow.discovered_at >= choice.since)
    to_fetch = [PageRow.state.in_(states), *common]
    to_process = [PageRow.state == PageState.FETCHED, PageRow.outcome.in_(outcomes), *common]
    if choice.reason is not None:
        to_fetch.append(PageRow.reason.icontains(choice.reason, autoescape=True))
        to_process.append(PageRow.outcome_reason.icontains(choice.reason, autoescape=True))
    return to_fetch, to_process


def _set(session: Session, conditions: list[ColumnElement[bool]], values: dict[str, Any]) -> int:
    statement = update(PageRow).where(*conditions).values(values).execution_options(synchronize_session=False)
    return session.execute(statement).rowcount  # type: ignore[attr-defined,no-any-return]
