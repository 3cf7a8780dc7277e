"""A database that is away while analysts work: the desk says so, saves nothing by halves, and goes on afterwards."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from store.database import Database
from store.tables import UserRow


@contextmanager
def away(database: Database) -> Iterator[None]:
    """The server refuses connections, or the file cannot be opened."""
    url = database.engine.url
    if database.dialect == "postgresql":
        server = create_engine(url.set(database="template1"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
            ended = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :name"
            connection.execute(text(ended), {"name": url.database})
            try:
                yield
            finally:
                connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true"))
        server.dispose()
        return
    database.close()
    file = Path(url.database or "")
    kept = file.rename(file.with_suffix(".kept"))
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        kept.rename(file)


def test_a_page_says_that_the_database_is_away(
    browser_of_lan: Any, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    before = browser_of_lan.get("/queue").text
    with away(database), caplog.at_level(logging.ERROR):
        for language, words in (("vi", "Chưa ghi gì; hãy thử lại"), ("en", "Nothing was saved; try again")):
            browser_of_lan.http.cookies.set("diembao_language", language)
            answer = browser_of_lan.get("/queue")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
            assert words in answer.text
            assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert browser_of_lan.get("/no-such-page").status_code == 503  # who asks cannot be known either
        filtered = browser_of_lan.get("/queue?tone=critical", headers={"hx-request": "true"})
        assert (filtered.status_code, filtered.headers["hx-redirect"]) == (503, "/queue?tone=critical")
    told = [record.getMessage() for record in caplog.records if record.name == "review.app"]
    assert len(told) == 4
    assert all("\n" not in line and line.startswith("a page could not be answered: ") for line in told)
    assert browser_of_lan.get("/queue").text == before


def test_a_verdict_sent_meanwhile_is_not_half_saved(browser_of_lan: Any, database: Database) -> None:
    token = browser_of_lan.token()
    fields = {"csrf": token, "verdict": "unclear", "seen": "1.1.0"}
    with away(database):
        answer = browser_of_lan.http.post("/articles/1/labels", data=fields)
        assert answer.status_code == 503
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM labels")) == 0
    assert browser_of_lan.http.post("/articles/1/labels", data=fields).status_code == 303
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM labels")) > 0


def test_a_fault_of_our_own_is_not_called_the_databases(
    browser_of_lan: Any, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty() -> None:
        with database.writing() as session:
            session.add(UserRow(name="lan", password_hash="x"))

    browser_of_lan.http.app.add_api_route("/faulty", faulty)
    with pytest.raises(IntegrityError):
        browser_of_lan.get("/faulty")
    assert "could not be answered" not in caplog.text
