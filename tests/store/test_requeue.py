from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_page, add_source

from store.base import now
from store.crawling import PageRow
from store.database import Database
from store.frontier import DatabaseFrontier
from store.requeue import Choice, count, requeue


@pytest.fixture
def database(database: Database) -> Database:
    """Pages that ended in every way, of two outlets."""
    with database.writing() as session:
        add_source(session)
        add_source(session, "bao-khac")
        nothing = {"warc_file": None, "fetched_at": None, "status": None, "attempts": 6}
        add_page(session, "q1", state="quarantined", reason="HTTP 503", **nothing)
        add_page(session, "q2", state="quarantined", reason="TimeoutError: 100%_slow", **nothing)
        add_page(session, "q3", "bao-khac", state="quarantined", reason="HTTP 503", **nothing)
        add_page(session, "r1", state="refused", reason="robots.txt forbids it", **nothing)
        add_page(session, "pq", outcome="quarantined", outcome_reason="the worker died on it")
        add_page(session, "pr", outcome="refused", outcome_reason="no title found")
        add_page(session, "a1", outcome="article")
        add_page(session, "a2", "bao-khac", outcome="article", discovered_at=NOON + timedelta(days=2))
        add_page(session, "w", outcome="withdrawn", outcome_reason="HTTP 404")
        add_page(session, "new", state="waiting", **nothing)
        add_page(session, "look", state="waiting", outcome="article")
    return database


def names(session: Session) -> dict[str, tuple[str, str | None]]:
    return {row.url.rpartition("/")[2]: (row.state, row.outcome) for row in session.scalars(select(PageRow))}


def standing_of(database: Database) -> dict[str, tuple[str, str | None]]:
    with database.reading() as session:
        return names(session)


CASES = [
    (Choice(), "q1 q2 q3", "pq"),
    (Choice(refused=True), "r1", "pr"),
    (Choice(articles=True), "", "a1 a2"),
    (Choice(source="bao-khac"), "q3", ""),
    (Choice(reason="http 503"), "q1 q3", ""),
    (Choice(reason="%_"), "q2", ""),
    (Choice(reason="worker died"), "", "pq"),
    (Choice(refused=True, reason="robots"), "r1", ""),
    (Choice(articles=True, since=NOON + timedelta(days=1)), "", "a2"),
    (Choice(source="bao-mau", reason="503", since=NOON + timedelta(days=1)), "", ""),
]


def test_only_the_chosen_ones(database: Database) -> None:
    before = standing_of(database)
    for choice, to_fetch, to_process in CASES:
        expected = {"to be fetched again": len(to_fetch.split()), "to be processed again": len(to_process.split())}
        with database.writing() as session:
            assert count(session, choice) == expected, choice
            assert requeue(session, choice) == expected, choice
            changed = dict.fromkeys(to_fetch.split(), ("waiting", None))
            changed |= dict.fromkeys(to_process.split(), ("fetched", None))
            assert names(session) == before | changed, choice
            assert count(session, choice) == dict.fromkeys(expected, 0), "twice is once"
            session.rollback()
        assert standing_of(database) == before


def test_a_requeued_page_begins_anew(database: Database) -> None:
    with database.writing() as session:
        requeue(session, Choice(refused=True))
    with database.reading() as session:
        row = session.scalars(select(PageRow).where(PageRow.url.endswith("/r1"))).one()
    assert (row.attempts, row.reason) == (0, None)
    assert row.due_at <= now()
    assert row.id in [task.id for task in DatabaseFrontier(database).due_pages(99, 99, [])]
