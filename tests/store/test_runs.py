import pytest
from sqlalchemy import select
from tests_support.rows import NOON, add_article, add_feed, add_page, add_source

from store.content import Outcome
from store.crawling import RunRow
from store.database import Database
from store.reviewing import FlagRow
from store.runs import recorded, standing


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
    assert (now.sources, now.feeds, now.failing_feeds) == (1, 2, 1)
    assert (now.articles, now.copies, now.open_flags, now.labels) == (2, 1, 1, 0)
    assert [(job, status) for job, status, _, _ in now.last_runs] == [("crawl", "done")]


def test_nothing_is_nothing(database: Database) -> None:
    with database.reading() as session:
        now = standing(session)
    assert (now.pages, now.states, now.outcomes, now.reasons, now.last_runs) == (0, {}, {}, {}, [])
