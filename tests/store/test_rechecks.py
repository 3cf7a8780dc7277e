"""Pages that are fetched again: conditionally, on a schedule, without ever losing what was fetched before."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests_support.rows import add_article, add_feed, add_page, add_source

from crawler.frontier import ArchivedRecord, Discovery, FeedReading, FeedTask, PageReading, PageTask, Refusal
from pipelines.saving import Saver
from pipelines.settings import load_settings
from store import frontier as module
from store.base import now
from store.content import ArticleRow
from store.crawling import PageRow
from store.database import Database
from store.frontier import DatabaseFrontier, Policy, recheck
from store.pages import BACKOFF, RECENT, TWINS
from store.runs import standing

HOUR = timedelta(hours=1)
AGAIN = (1.0, 24.0, 168.0)


@pytest.fixture
def frontier(database: Database, monkeypatch: pytest.MonkeyPatch) -> DatabaseFrontier:
    """A crawl that looks again after 1 hour, 1 day and 7 days, and asks at every turn whether a look is due."""
    monkeypatch.setattr(module, "LOOK_SECONDS", -1.0)
    with database.writing() as session:
        add_source(session)
        add_feed(session)
    return DatabaseFrontier(database, policy=Policy(again=AGAIN))


def discover(frontier: DatabaseFrontier, *names: str, host: str = "bao-mau.example", **values: Any) -> list[PageTask]:
    items = [Discovery(f"http://{host}/{name}", **values) for name in names]
    frontier.feed_read(FeedTask(1, "bao-mau", "http://bao-mau.example/rss", "rss"), FeedReading(200, items=items))
    return due(frontier)


def due(frontier: DatabaseFrontier) -> list[PageTask]:
    return list(frontier.due_pages(99, 99, []))


def page(frontier: DatabaseFrontier, page_id: int) -> PageRow:
    with frontier.database.reading() as session:
        return session.get_one(PageRow, page_id)


def reading(digest: str, status: int = 200, **values: Any) -> PageReading:
    record = ArchivedRecord(f"{digest}.warc.gz", 5, 10, digest)
    return PageReading(status, "http://bao-mau.example/1", "text/html", record, **values)


def change(frontier: DatabaseFrontier, page_id: int, **values: Any) -> None:
    with frontier.database.writing() as session:
        for name, value in values.items():
            setattr(session.get_one(PageRow, page_id), name, value)


def fetched(frontier: DatabaseFrontier, digest: str = "d1", **values: Any) -> PageTask:
    """A page that was fetched and became an article."""
    (task,) = discover(frontier, "1", **values)
    frontier.page_read(task, reading(digest))
    change(frontier, task.id, outcome="article")
    return task


def look(frontier: DatabaseFrontier, page_id: int) -> PageTask:
    """Its time for another look comes."""
    change(frontier, page_id, recheck_at=now() - timedelta(seconds=1))
    (task,) = due(frontier)
    return task


def hours_to_look(frontier: DatabaseFrontier, page_id: int) -> float | None:
    moment = page(frontier, page_id).recheck_at
    return None if moment is None else round((moment - now()) / HOUR, 1)


def test_validators_are_given_back(frontier: DatabaseFrontier) -> None:
    (task,) = discover(frontier, "1")
    assert (task.etag, task.last_modified) == (None, None)
    frontier.page_read(task, reading("d1", etag='"1"', last_modified="Mon"))
    change(frontier, task.id, outcome="article")
    again = look(frontier, task.id)
    assert (again.id, again.etag, again.last_modified, again.attempts) == (task.id, '"1"', "Mon", 0)
    frontier.page_read(again, reading("d2"))
    assert (page(frontier, task.id).etag, page(frontier, task.id).last_modified) == (None, None)


def test_looks_become_rarer_and_end(frontier: DatabaseFrontier) -> None:
    task = fetched(frontier)
    hours = [hours_to_look(frontier, task.id)]
    for number in range(len(AGAIN)):
        again = look(frontier, task.id)
        assert (page(frontier, task.id).state, page(frontier, task.id).rechecks) == ("waiting", number + 1)
        if number == 1:
            frontier.page_read(again, reading("edited"))
            assert page(frontier, task.id).outcome is None, "an edited text is processed"
            change(frontier, task.id, outcome="article")
        else:
            frontier.page_unchanged(again)
            assert page(frontier, task.id).outcome == "article"
        hours.append(hours_to_look(frontier, task.id))
        assert due(frontier) == []
    assert hours == [1.0, 23.0, 144.0, None], "an hour, a day and a week after the first fetch"
    assert frontier.counts["articles to look at again"] == 3
    assert frontier.counts["pages unchanged"] == 2


def test_only_recent_articles_are_looked_at_again(frontier: DatabaseFrontier) -> None:
    old = fetched(frontier, published_at=now() - 3 * RECENT)
    assert page(frontier, old.id).recheck_at is None
    for name, outcome in (("2", "refused"), ("3", None), ("4", "withdrawn")):
        (task,) = discover(frontier, name)
        frontier.page_read(task, reading(name))
        change(frontier, task.id, outcome=outcome, recheck_at=now() - HOUR)
    assert due(frontier) == [], "what is no article, or not processed yet, is not asked for again"


def test_without_a_schedule_nothing_is_looked_at_again(frontier: DatabaseFrontier) -> None:
    once = DatabaseFrontier(frontier.database)
    (task,) = discover(once, "1")
    once.page_read(task, reading("d1"))
    assert page(once, task.id).recheck_at is None
    assert recheck(once.database, now() - HOUR) == 0
    change(once, task.id, outcome="article")
    assert recheck(once.database, now() - HOUR) == 1
    once.page_unchanged(due(once)[0])
    assert (page(once, task.id).state, page(once, task.id).recheck_at) == ("fetched", None)


@pytest.mark.parametrize("how", ["fails", "is refused", "gives what an error page gives"])
def test_a_look_that_fails_costs_nothing(frontier: DatabaseFrontier, how: str) -> None:
    task = fetched(frontier)
    again = look(frontier, task.id)
    if how == "fails":
        for _ in range(len(BACKOFF) + 1):
            frontier.page_failed(again, "HTTP 503")
        reason = "not seen again: HTTP 503"
        assert frontier.counts["not seen again"] == 1
    elif how == "is refused":
        frontier.page_failed(again, "HTTP 503")
        frontier.page_refused(again, Refusal.ROBOTS)
        reason = "not seen again: robots.txt forbids it"
    else:
        with frontier.database.writing() as session:
            for number in range(TWINS):
                add_page(session, f"same-{number}", digest="error")
        frontier.page_read(again, reading("error"))
        reason = "not seen again: the same bytes as other pages of this host"
    row = page(frontier, task.id)
    assert (row.state, row.outcome, row.reason, row.attempts) == ("fetched", "article", reason, 0)
    assert (row.warc_file, row.warc_offset, row.digest, row.status) == ("d1.warc.gz", 5, "d1", 200)
    assert due(frontier) == []


def test_a_look_that_fails_at_first_is_tried_again(frontier: DatabaseFrontier) -> None:
    task = fetched(frontier)
    frontier.page_failed(look(frontier, task.id), "HTTP 503")
    assert (page(frontier, task.id).state, due(frontier)) == ("retrying", [])
    change(frontier, task.id, due_at=now())
    frontier.page_unchanged(due(frontier)[0])
    row = page(frontier, task.id)
    assert (row.state, row.attempts, row.reason, row.outcome) == ("fetched", 0, None, "article")
    assert hours_to_look(frontier, task.id) == 23.0


@pytest.mark.parametrize("status", [404, 410])
def test_an_article_that_is_gone_is_withdrawn(frontier: DatabaseFrontier, status: int) -> None:
    with frontier.database.writing() as session:
        article_id = add_article(session, "1", "Tin", "Lời").id
        row = session.scalars(select(PageRow)).one()
        row.outcome, row.recheck_at = "article", now() - HOUR
    (task,) = due(frontier)
    frontier.page_read(task, reading("gone", status))
    row = page(frontier, task.id)
    assert (row.state, row.status, row.outcome, row.recheck_at) == ("fetched", status, None, None)
    settings, _ = load_settings()
    saver = Saver(frontier.database, settings)
    saver.withdraw([task.id])
    row = page(frontier, task.id)
    assert (row.outcome, row.outcome_reason) == ("withdrawn", f"HTTP {status}")
    with frontier.database.reading() as session:
        article = session.get_one(ArticleRow, article_id)
        assert (article.withdrawn_at, article.body) == (row.fetched_at, "Lời")
        assert standing(session).mismatches == []
    assert saver.report.counts == {"withdrawn": 1}


def test_an_error_page_that_says_200_is_refused(frontier: DatabaseFrontier) -> None:
    tasks = discover(frontier, *"12345")
    for task in tasks:
        frontier.page_read(task, reading("same"))
    states = [page(frontier, task.id).state for task in tasks]
    assert states == ["fetched"] * TWINS + ["refused"] * (5 - TWINS)
    assert page(frontier, tasks[3].id).reason == "the same bytes as other pages of this host"
    assert page(frontier, tasks[3].id).warc_file is None
    for task in tasks[:TWINS]:
        frontier.page_read(task, reading("same"))
        assert page(frontier, task.id).reason is None, "a page is no copy of itself"
    (other,) = discover(frontier, "1", host="bao-khac.example")
    frontier.page_read(other, reading("same"))
    assert page(frontier, other.id).state == "fetched", "another host says so itself"
    (gone,) = discover(frontier, "6")
    frontier.page_read(gone, reading("same", 404))
    assert page(frontier, gone.id).state == "fetched", "an honest 404 is an answer"
    assert (frontier.counts["pages refused"], frontier.counts["pages fetched"]) == (2, 2 * TWINS + 2)


STEPS = st.lists(st.tuples(st.sampled_from("lrrruffbxq"), st.integers(0, 9), st.integers(0, 3)), max_size=25)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_states_sum_to_the_pages_whatever_happens(
    frontier: DatabaseFrontier, steps: list[tuple[str, int, int]]
) -> None:
    """Also from one example to the next: the database is the same."""
    for what, number, kind in steps:
        tasks = due(frontier)
        if what == "l" or not tasks:
            discover(frontier, f"{number}-{kind}", modified_at=now() + HOUR * number)
            continue
        task = tasks[number % len(tasks)]
        known = page(frontier, task.id).warc_file
        if what == "r":
            frontier.page_read(task, reading(f"d{number % 3}", (200, 200, 404, 410)[kind]))
        elif what == "u" and known:
            frontier.page_unchanged(task)
        elif what == "f":
            frontier.page_failed(task, f"HTTP 50{kind}", 0.0)
            change(frontier, task.id, due_at=now(), attempts=page(frontier, task.id).attempts + 2 * kind)
        elif what == "b":
            frontier.page_refused(task, list(Refusal)[number])
        elif what == "x":
            change(frontier, task.id, outcome="article", recheck_at=now())
        elif what == "q":
            frontier = DatabaseFrontier(frontier.database, policy=frontier.policy)  # killed, and begun again
        if known:
            assert page(frontier, task.id).warc_file, "what was fetched once is never lost"
    with frontier.database.reading() as session:
        where = standing(session)
        states = Counter(session.scalars(select(PageRow.state)))
        total = session.scalar(select(func.count(PageRow.url_key.distinct())))
        lost = session.scalars(select(PageRow).where(PageRow.state == "fetched", PageRow.warc_file.is_(None))).all()
    assert where.mismatches == []
    assert states.total() == total == where.pages
    assert lost == []
