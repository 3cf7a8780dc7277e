"""Labels for training: the text that was read, the newest word that stands, who differed, and how it was drawn."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_article, add_source, extracted

from store.articles import save_article
from store.base import now
from store.content import ArticleRow
from store.crawling import PageRow
from store.database import Database
from store.guidelines import guideline_version, guideline_versions, note_guidelines, version_at
from store.labels import last_act, undo, write_labels
from store.reviewing import AuditRow, FlagRow, UserRow
from store.training import TrainingLabel, reader_of, training_labels

YES = {"relevance": "central", "topics": ["economy", "tourism"], "tone": "neutral", "verdict": "confirmed"}
NO = {"relevance": "none", "tone": None, "verdict": "not_relevant"}
NAMES = ("Lan Anh", "Thầy Hoà", "Minh")


def fill(session: Session) -> tuple[ArticleRow, list[int]]:
    add_source(session, country="TH")
    article = add_article(session, "1", "Cầu mới", "Thân bài.", lead="Mở đầu.")
    users = [UserRow(name=name, password_hash="-", role="admin" if name == "Minh" else "analyst") for name in NAMES]
    session.add_all(users)
    session.flush()
    return article, [user.id for user in users]


def flag(session: Session, article: ArticleRow, rule: str, **more: Any) -> None:
    session.add(FlagRow(article_id=article.id, rule=rule, values={}, **more))
    session.flush()


def only(session: Session) -> TrainingLabel:
    (label,) = training_labels(session)
    return label


def test_a_label_and_where_it_comes_from(database: Database) -> None:
    with database.writing() as session:
        article, (lan, *_) = fill(session)
        flag(session, article, "watch")
        assert note_guidelines(session, "abc")
        assert list(training_labels(session)) == []
        write_labels(session, article, lan, YES)
    with database.reading() as session:
        label = only(session)
        reader = reader_of(session.get_one(UserRow, lan))
    assert (label.title, label.text) == ("Cầu mới", "Mở đầu.\nThân bài.")
    assert (label.outlet, label.country, label.language, label.published_at) == ("bao-mau", "TH", "vi", NOON)
    said = label.said
    assert (said.relevance, said.topics, said.tone) == ("central", ("economy", "tourism"), "neutral")
    assert (said.verdict, said.role, said.reader, said.guidelines) == ("confirmed", "analyst", reader, "abc")
    assert (label.drawn, label.rules) == ("flagged", ("watch",))
    assert (label.readers, label.agreeing, label.dissent) == (1, 1, ())


def test_what_need_not_be_said_is_exported_when_it_was(sqlite_database: Database) -> None:
    place = {"field": "title", "start": 0, "end": 7}
    with sqlite_database.writing() as session:
        article, (lan, hoa, _) = fill(session)
        write_labels(session, article, lan, YES | {"valence": "good", "evidence": place, "unsure": True})
        write_labels(session, article, hoa, YES)
    with sqlite_database.reading() as session:
        label = only(session)
    assert (label.readers, label.agreeing) == (2, 2), "who said more did not say otherwise"
    facts = label.as_facts()["said"]
    assert [facts[name] for name in ("valence", "voice", "evidence", "unsure")] == [None, None, None, False]
    with sqlite_database.writing() as session:
        article = session.scalars(select(ArticleRow)).one()
        write_labels(session, article, lan, YES | {"valence": "good", "evidence": place, "unsure": True})
    with sqlite_database.reading() as session:
        facts = only(session).as_facts()["said"]
    assert [facts[name] for name in ("valence", "voice", "evidence", "unsure")] == ["good", None, place, True]


def test_the_newest_wins_and_dissent_is_kept(database: Database) -> None:
    with database.writing() as session:
        article, (lan, hoa, minh) = fill(session)
        write_labels(session, article, lan, YES)
        write_labels(session, article, hoa, YES | {"tone": "positive", "verdict": "corrected"})
        write_labels(session, article, minh, YES | {"verdict": "corrected"})
    with database.reading() as session:
        label = only(session)
        assert (label.said.tone, label.said.role) == ("neutral", "admin")
        assert (label.readers, label.agreeing) == (3, 2), "who arrives at the same by another key agrees"
        assert [other.tone for other in label.dissent] == ["positive"]
    with database.writing() as session:
        article = session.scalars(select(ArticleRow)).one()
        write_labels(session, article, hoa, YES)
    with database.reading() as session:
        assert (only(session).readers, only(session).agreeing) == (3, 3), "who changed their mind counts once"


def test_the_order_of_further_topics_is_no_dissent(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        article, (lan, hoa, minh) = fill(session)
        write_labels(session, article, lan, YES | {"topics": ["economy", "tourism", "sport"]})
        write_labels(session, article, hoa, YES | {"topics": ["tourism", "economy", "sport"]})
        write_labels(session, article, minh, YES | {"topics": ["economy", "sport", "tourism"]})
        assert only(session).agreeing == 2, "but the primary is asked"


def test_what_was_taken_back_or_cannot_be_told_teaches_nothing(database: Database) -> None:
    with database.writing() as session:
        article, (lan, hoa, _) = fill(session)
        write_labels(session, article, lan, YES)
        write_labels(session, article, hoa, NO)
    with database.writing() as session:
        label = only(session)
        assert (label.said.relevance, label.said.topics, label.said.tone) == ("none", None, None)
        undo(session, last_act(session, article.id, hoa), hoa)
        assert only(session).said.relevance == "central"
        assert only(session).readers == 1
        write_labels(session, article, hoa, {"verdict": "unclear"})
        assert list(training_labels(session)) == []
        write_labels(session, article, lan, YES)
        assert [other.verdict for other in only(session).dissent] == ["unclear"]


def test_the_text_is_the_one_that_was_read(database: Database) -> None:
    with database.writing() as session:
        article, (lan, hoa, _) = fill(session)
        write_labels(session, article, lan, YES)
        save_article(session, session.get_one(PageRow, article.page_id), extracted("Cầu mới sập", "Thân bài khác."))
    with database.writing() as session:
        assert (only(session).revision, only(session).title, only(session).text) == (1, "Cầu mới", "Mở đầu.\nThân bài.")
        article = session.scalars(select(ArticleRow)).one()
        write_labels(session, article, hoa, YES | {"tone": "negative"})
        label = only(session)
        assert (label.revision, label.title, label.text) == (2, "Cầu mới sập", "Thân bài khác.")
        assert (label.readers, label.dissent) == (1, ()), "of another text another word is no dissent"


@pytest.mark.parametrize(
    ("rules", "drawn"),
    [
        ((), "none"), (("watch", "revised"), "flagged"), (("learning",), "learning"),
        (("learning", "watch"), "learning"), (("audit",), "audit"), (("audit", "learning", "watch"), "audit"),
    ],
)  # fmt: skip
def test_how_it_was_drawn(sqlite_database: Database, rules: tuple[str, ...], drawn: str) -> None:
    with sqlite_database.writing() as session:
        article, (lan, *_) = fill(session)
        for rule in rules:
            flag(session, article, rule)
        write_labels(session, article, lan, YES)
        later = now() + timedelta(hours=1)
        flag(session, article, "withdrawn", raised_at=later)
        label = only(session)
        assert label.drawn == drawn
        assert "withdrawn" not in label.rules, "raised after the label: no reason for it"
        if "audit" not in rules:
            flag(session, article, "audit", raised_at=later)
            assert only(session).drawn == "audit", "the draw is of the address, whenever it is written down"


def test_no_name_leaves_the_database(database: Database) -> None:
    with database.writing() as session:
        article, (lan, hoa, _) = fill(session)
        write_labels(session, article, lan, YES)
        write_labels(session, article, hoa, NO)
        facts = str(only(session).as_facts())
        assert "Cầu mới" in facts
        assert "Thân bài" not in facts, "the text is the outlet's"
        readers = [reader_of(user) for user in session.scalars(select(UserRow))]
        assert len(set(readers)) == 3
        assert not [name for name in NAMES if name in facts]
        session.execute(update(UserRow).values(name=UserRow.name + " 2"))
        session.expire_all()
        assert [reader_of(user) for user in session.scalars(select(UserRow))] == readers, "a reader is not their name"


def test_many_labels_come_in_batches(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.training.BATCH", 2)
    with sqlite_database.writing() as session:
        _, (lan, *_) = fill(session)
        for n in range(5):
            write_labels(session, add_article(session, f"b{n}", f"Tin {n}", "Thân."), lan, YES)
        assert [label.title for label in training_labels(session)] == [f"Tin {n}" for n in range(5)]


def test_the_guidelines_of_a_label_are_those_of_its_time(database: Database, tmp_path: Path) -> None:
    assert guideline_version(tmp_path) is None
    (tmp_path / "vi.md").write_text("Đọc kỹ.", encoding="utf-8")
    first = guideline_version(tmp_path)
    (tmp_path / "en.md").write_text("Read closely.", encoding="utf-8")
    second = guideline_version(tmp_path)
    assert first
    assert second
    assert first != second == guideline_version(tmp_path)
    with database.writing() as session:
        assert not note_guidelines(session, None)
        assert note_guidelines(session, first)
        assert not note_guidelines(session, first)
        assert note_guidelines(session, second)
        assert note_guidelines(session, first), "an older text came back"
        session.add(AuditRow(action="login", detail={}))
    with database.reading() as session:
        versions = guideline_versions(session)
    assert [version for _, version in versions] == [first, second, first]
    assert version_at(versions, NOON) is None
    assert version_at(versions, versions[1][0]) == second
    assert version_at(versions, now()) == first
    assert version_at([], now()) is None
