import os
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests_support.rows import NOON, add_article, add_feed, add_page, add_source

from store.base import now as utc_now
from store.content import Outcome
from store.crawling import HostRow, RunRow
from store.database import Database
from store.reviewing import FlagRow
from store.runs import recorded, standing, under_way


def runs(database: Database) -> list[tuple[str, str, dict[str, int]]]:
    with database.reading() as session:
        return [(run.job, run.status, run.counts) for run in session.scalars(select(RunRow).order_by(RunRow.id))]


def test_a_run_and_its_counts(database: Database) -> None:
    with recorded(database, "crawl", "test 1") as counts:
        counts["pages"] = 3
        assert runs(database) == [("crawl", "running", {})]
    assert runs(database) == [("crawl", "done", {"pages": 3})]


def test_a_run_that_fails_keeps_what_it_counted(database: Database) -> None:
    def fail() -> None:
        with recorded(database, "crawl", "test 1") as counts:
            counts["pages"] = 1
            raise KeyError("x")

    with pytest.raises(KeyError):
        fail()
    assert runs(database) == [("crawl", "failed", {"pages": 1})]


def test_a_killed_run_is_found_by_the_next_of_its_job(database: Database) -> None:
    with database.writing() as session:
        session.add_all([RunRow(job=job, program="test") for job in ("crawl", "process")])
    with recorded(database, "crawl", "test 1"):
        pass
    assert [(job, status) for job, status, _ in runs(database)] == [
        ("crawl", "killed"),
        ("process", "running"),
        ("crawl", "done"),
    ]


def test_the_sums_match(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        add_source(session, "dong", enabled=False)
        add_feed(session, failures=2)
        add_feed(session, "http://bao-mau.example/2")
        add_feed(session, "http://bao-mau.example/3", enabled=False, failures=9)
        for name in ("w1", "w2"):
            add_page(session, name, state="waiting")
        add_page(session, "q", state="quarantined", reason="HTTP 503")
        add_page(session, "r", state="refused", reason="robots.txt forbids it")
        add_page(session, "new")
        add_page(session, "no", outcome=Outcome.REFUSED, outcome_reason="no title found")
        for name in ("a", "b"):
            article = add_article(session, name, f"Tin {name}", "Giống hệt", digest="d")
            article_page = article.page_id
            session.add(
                FlagRow(article_id=article.id, rule="audit", values={}, closed_at=NOON if name == "a" else None)
            )
            session.flush()
            assert article_page
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE pages SET outcome = 'article' WHERE url LIKE '%%/a' OR url LIKE '%%/b'"
        )
    with recorded(database, "crawl", "test 1"):
        pass
    with recorded(database, "crawl", "test 1"):
        pass
    with database.reading() as session:
        now = standing(session)
    assert now.states == {"waiting": 2, "quarantined": 1, "refused": 1, "fetched": 4}
    assert sum(now.states.values()) == now.pages == 8
    assert now.outcomes == {"to be processed": 1, "refused": 1, "article": 2}
    assert sum(now.outcomes.values()) == now.states["fetched"]
    assert now.reasons == {"HTTP 503": 1, "robots.txt forbids it": 1, "no title found": 1}
    assert now.reasons_of == {
        "refused": {"robots.txt forbids it": 1},
        "quarantined": {"HTTP 503": 1},
        "fetched, refused": {"no title found": 1},
    }
    assert now.mismatches == []
    assert now.feed_states == {"ok": 1, "failing": 1, "alert": 0, "disabled": 1}
    assert (now.sources, now.feeds, now.failing_feeds) == (1, 2, 1)
    assert (now.articles, now.copies, now.open_flags, now.labels) == (2, 1, 1, 0)
    assert [(run.job, run.status) for run in now.last_runs] == [("crawl", "done")]
    assert now.last_done["crawl"] == now.last_runs[0].ended_at
    assert now.running == []


def test_sums_that_do_not_match_are_told(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        add_page(session, "1", state="lost")
        add_page(session, "2", outcome="eaten")
        add_page(session, "3", state="refused")
    with database.reading() as session:
        now = standing(session)
    assert now.mismatches == ["1 pages in the unknown state 'lost'", "unknown outcome 'eaten'"]
    assert now.reasons_of == {"refused": {"no reason recorded": 1}}
    wrong = replace(now, pages=7, states={"fetched": 2, "refused": 4}, outcomes={"article": 1})
    assert wrong.mismatches == [
        "7 pages, but their parts sum to 6",
        "2 fetched pages, but their parts sum to 1",
        "4 refused pages, but their parts sum to 1",
    ]


def test_a_reason_is_counted_whatever_address_it_was(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        for name in ("1", "2"):
            add_page(session, name, state="refused", reason=f"private or forbidden address (http://10.0.0.{name}/x)")
        add_page(session, "3", state="refused", reason="client error (HTTP 403)")
    with database.reading() as session:
        now = standing(session)
    assert now.reasons_of == {"refused": {"private or forbidden address": 2, "client error (HTTP 403)": 1}}
    assert now.mismatches == []


def test_what_waits_and_who_rests(database: Database) -> None:
    at = utc_now()
    with database.writing() as session:
        add_source(session)
        add_feed(session, next_check_at=at + timedelta(minutes=5))
        add_feed(session, "http://bao-mau.example/2", next_check_at=None)
        add_feed(session, "http://bao-mau.example/3", next_check_at=NOON, enabled=False)
        add_page(session, "1", state="waiting", due_at=at - timedelta(hours=3))
        add_page(session, "2", state="retrying", due_at=at + timedelta(hours=3))
        add_page(session, "3", state="fetched", due_at=at - timedelta(days=3))
        session.add(HostRow(host="bao-mau.example", busy_until=at + timedelta(hours=1), reason="HTTP 429"))
        session.add(HostRow(host="cu.example", busy_until=at - timedelta(hours=1), reason="HTTP 429"))
    with database.reading() as session:
        now = standing(session)
    assert now.oldest_due_at == at - timedelta(hours=3)
    assert now.next_feed_at == at + timedelta(minutes=5)
    assert [(host, reason) for host, _, reason in now.resting] == [("bao-mau.example", "HTTP 429")]


def test_a_run_says_which_process_does_it_and_which_is_under_way(database: Database) -> None:
    assert under_way() is None
    with recorded(database, "run", "test 1"):
        with database.reading() as session:
            (run,) = standing(session).running
        assert (run.job, run.host, run.pid, run.seconds) == ("run", socket.gethostname(), os.getpid(), None)
        assert under_way() == ("run", run.id)
        with recorded(database, "report", "test 1"):
            assert under_way() == ("report", run.id + 1)
        assert under_way() == ("run", run.id)
    assert under_way() is None


def test_an_interrupted_run_is_stopped_not_failed(database: Database) -> None:
    def interrupt() -> None:
        with recorded(database, "crawl", "test 1"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert runs(database) == [("crawl", "stopped", {})]


def test_nothing_is_nothing(database: Database) -> None:
    with database.reading() as session:
        now = standing(session)
    assert (now.pages, now.states, now.outcomes, now.reasons, now.last_runs) == (0, {}, {}, {}, [])
