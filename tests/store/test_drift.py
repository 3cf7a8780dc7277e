"""What the watch on drift reads: articles of a time, evenly taken, and the audit's verdicts against the machine."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_article, add_source, extracted

from store.articles import save_article
from store.base import now
from store.content import ArticleRow, PredictionRow
from store.crawling import PageRow
from store.database import Database
from store.drift import Judged, read_audited, read_seen
from store.labels import last_act, undo, write_labels
from store.reviewing import FlagRow, UserRow

DAY = timedelta(days=1)
YES = {"relevance": "central", "topics": ["sport"], "tone": "neutral", "verdict": "confirmed"}


def say(session: Session, article: ArticleRow, **changes: Any) -> PredictionRow:
    values: dict[str, Any] = {
        "article_id": article.id, "revision": article.revision, "model": "m1", "language": "vi",
        "language_confidence": 1.0, "relevance": "central", "topics": ["sport"], "primary_topic": "sport",
        "tone": "neutral", "scores": {"relevance": 0.9, "topic:sport": 0.8, "topic:world": 0.3}, "evidence": [],
    }  # fmt: skip
    row = PredictionRow(**values | changes)
    session.add(row)
    session.flush()
    return row


def add(session: Session, name: str, **changes: Any) -> ArticleRow:
    body = changes.pop("body", f"Thân bài {name}.")
    return add_article(session, name, f"Tin {name}", body, **changes)


def user(session: Session, name: str = "lan") -> int:
    row = UserRow(name=name, password_hash="-")
    session.add(row)
    session.flush()
    return row.id


def test_what_is_seen(database: Database) -> None:
    with database.writing() as session:
        add_source(session, country="LA")
        article = add(session, "1", lead="Mở đầu", body="Thân")
        say(session, article, model="m0", current=False)
        say(session, article)
        add(session, "2", language="lo", moment=NOON + timedelta(minutes=1))
        add(session, "sau", moment=NOON + DAY)
        add(session, "truoc", moment=NOON - timedelta(seconds=1))
    with database.reading() as session:
        count, found = read_seen(session, NOON, NOON + DAY)
    assert count == 2
    one, two = sorted(found, key=lambda seen: seen.at)
    assert (one.at, one.language, one.country, one.length) == (NOON, "vi", "LA", len("Mở đầuThân"))
    assert (one.model, one.relevance, one.topic, one.tone, one.score) == ("m1", "central", "sport", "neutral", 0.8)
    assert (two.language, two.model, two.relevance, two.topic, two.score) == ("lo", None, None, None, 0.0)


def test_many_articles_are_taken_evenly(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        add_source(session)
        for n in range(25):
            add(session, str(n), moment=NOON + timedelta(minutes=n))
    with sqlite_database.reading() as session:
        count, found = read_seen(session, NOON, NOON + DAY, most=10)
        assert (count, len(found)) == (25, 8)
        minutes = sorted((seen.at - NOON).total_seconds() / 60 for seen in found)
        assert {later - earlier for earlier, later in pairwise(minutes)} == {3.0}
        assert read_seen(session, NOON - DAY, NOON) == (0, [])


def test_only_the_audit_tells_of_accuracy(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        lan = user(session)
        for name, rule in (("a", "audit"), ("l", "learning"), ("w", "low_confidence"), ("n", "")):
            article = add(session, name)
            say(session, article)
            if rule:
                session.add(FlagRow(article_id=article.id, rule=rule, values={}))
            write_labels(session, article, lan, YES if name == "a" else YES | {"relevance": "none"})
        waiting = add(session, "cho")
        say(session, waiting)
        session.add(FlagRow(article_id=waiting.id, rule="audit", values={}))
    with database.reading() as session:
        assert read_audited(session, NOON, NOON + DAY) == [Judged(True, True, True)]
        assert read_audited(session, NOON - DAY, NOON) == []


def judged(database: Database, *acts: dict[str, Any], take_back: bool = False) -> list[Judged]:
    with database.writing() as session:
        add_source(session)
        lan = user(session)
        article = add(session, "a")
        say(session, article)
        session.add(FlagRow(article_id=article.id, rule="audit", values={}))
        for act in acts:
            write_labels(session, article, lan, act)
        if take_back:
            undo(session, last_act(session, article.id, lan), lan)
    with database.reading() as session:
        return read_audited(session, NOON, NOON + DAY)


def test_a_corrected_one(database: Database) -> None:
    wrong = {"relevance": "central", "topics": ["economy", "sport"], "tone": "mixed", "verdict": "corrected"}
    assert judged(database, wrong) == [Judged(True, False, False)]


def test_an_irrelevant_one(sqlite_database: Database) -> None:
    no = {"relevance": "none", "tone": None, "verdict": "not_relevant"}
    assert judged(sqlite_database, no) == [Judged(False, None, None)]


def test_one_that_cannot_be_told(sqlite_database: Database) -> None:
    assert judged(sqlite_database, YES, {"verdict": "unclear"}) == []


def test_one_that_was_taken_back(sqlite_database: Database) -> None:
    assert judged(sqlite_database, YES | {"tone": "mixed"}, YES, take_back=True) == [Judged(True, True, False)]


def test_it_is_the_word_that_the_person_saw(database: Database) -> None:
    """A better model comes later, and the outlet edits the text: neither changes what was right or wrong that day."""
    with database.writing() as session:
        add_source(session)
        lan = user(session)
        article = add(session, "a")
        first = say(session, article, relevance="passing", created_at=now() - DAY)
        session.add(FlagRow(article_id=article.id, rule="audit", values={}))
        write_labels(session, article, lan, YES | {"verdict": "corrected"})
    with database.writing() as session:
        article = session.get_one(ArticleRow, article.id)
        session.execute(update(PredictionRow).values(current=False))
        say(session, article, model="m2", created_at=now() + DAY)
        save_article(session, session.get_one(PageRow, article.page_id), extracted("Tin a", "Khác hẳn."))
        say(session, article, model="m2", created_at=now() - DAY)
    assert first.relevance == "passing"
    with database.reading() as session:
        assert read_audited(session, NOON, NOON + DAY) == [Judged(False, True, True)]


def test_a_large_audit_is_read_in_parts(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.drift.BATCH", 3)
    with sqlite_database.writing() as session:
        add_source(session)
        lan = user(session)
        for n in range(7):
            article = add(session, str(n))
            say(session, article)
            session.add(FlagRow(article_id=article.id, rule="audit", values={}))
            write_labels(session, article, lan, YES)
    with sqlite_database.reading() as session:
        assert len(read_audited(session, NOON, NOON + DAY)) == 7
