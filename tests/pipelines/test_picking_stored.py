"""What is picked for labelling among stored articles, how much a day; and never anything of the random audit."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_article, add_source, extracted

from pipelines.flags import RULES
from pipelines.picking import DAYS, MOST_OPEN_DAYS, pick_for_learning
from pipelines.settings import Settings, load_settings
from store.articles import save_article
from store.content import ArticleRow, CopyRow, PredictionRow, StoryRow
from store.crawling import PageRow
from store.database import Database
from store.figures import AUDIT, read_figures
from store.labels import last_act, undo, write_labels
from store.picking import LEARNING, read_candidates, read_labelled
from store.reviewing import FlagRow, UserRow

NOW = NOON + timedelta(hours=3)


def say(session: Session, article: ArticleRow, **changes: Any) -> None:
    values: dict[str, Any] = {
        "article_id": article.id, "revision": article.revision, "model": "m", "language": article.language,
        "language_confidence": 1.0, "relevance": "central", "topics": ["economy"], "primary_topic": "economy",
        "tone": "neutral", "scores": {"relevance": 0.5, "tone": 0.5, "topic:economy": 0.4}, "evidence": [],
    }  # fmt: skip
    session.add(PredictionRow(**values | changes))
    session.flush()


def add(session: Session, name: str, **changes: Any) -> ArticleRow:
    article = add_article(session, name, f"Tin {name}", f"Thân bài {name}.", **changes)
    article.story_id = None
    say(session, article)
    return article


def flag(session: Session, article: ArticleRow, rule: str, **more: Any) -> None:
    session.add(FlagRow(article_id=article.id, rule=rule, values={}, **more))
    session.flush()


def user(session: Session) -> int:
    row = UserRow(name="lan", password_hash="-")
    session.add(row)
    session.flush()
    return row.id


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, var_dir=tmp_path, learning_daily=3)[0]


def picked(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(FlagRow.article_id).where(FlagRow.rule == LEARNING).order_by(FlagRow.id)))


def test_what_may_be_picked(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        wanted = {add(session, "moi").id}
        flagged = add(session, "nghi-ngo")
        flag(session, flagged, "low_confidence")
        wanted |= {flagged.id}
        for name, rule in (("kiem-tra", AUDIT), ("da-chon", LEARNING)):
            flag(session, add(session, name), rule, closed_at=NOON)
        add(session, "cu", moment=NOW - timedelta(days=DAYS, hours=1))
        add(session, "tuong-lai", moment=NOW + timedelta(hours=1))
        add(session, "bi-go").withdrawn_at = NOON
        labelled, undone = add(session, "da-doc"), add(session, "doc-lai")
        lan = user(session)
        for article in (labelled, undone):
            write_labels(session, article, lan, {"relevance": "none", "tone": None, "verdict": "not_relevant"})
        undo(session, last_act(session, undone.id, lan), lan)
        copy = add(session, "chep")
        session.add(CopyRow(article_id=copy.id, original_id=flagged.id, method="exact", similarity=1.0))
        story = StoryRow(title="Sự kiện", first_at=NOON, last_at=NOON)
        session.add(story)
        session.flush()
        first, second = add(session, "s1"), add(session, "s2")
        first.story_id = second.story_id = story.id
        flag(session, first, LEARNING)
        edited = add(session, "da-sua")
        save_article(session, session.get_one(PageRow, edited.page_id), extracted("Tin khác", "Thân khác."))
    with database.reading() as session:
        found = read_candidates(session, NOW - timedelta(days=DAYS), NOW)
    assert {article.id for article in found} == wanted


def test_labels_are_counted_as_they_stand(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        lan = user(session)
        yes = {"relevance": "central", "topics": ["economy", "sport"], "tone": "mixed", "verdict": "corrected"}
        one, two, three = (add(session, str(n), language=language) for n, language in enumerate(("vi", "vi", "th")))
        write_labels(session, one, lan, yes)
        write_labels(session, one, lan, yes | {"topics": ["sport"]})
        write_labels(session, two, lan, yes)
        write_labels(session, three, lan, yes | {"tone": None, "relevance": "passing"})
        undo(session, last_act(session, two.id, lan), lan)
    with database.reading() as session:
        found = read_labelled(session)
    assert found.topic == {"sport": 2, "economy": 1}
    assert found.tone == {"mixed": 1}
    assert found.language == {"vi": 1, "th": 1}


def test_so_many_a_day_and_no_heap(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        add_source(session)
        for n in range(40):
            add(session, str(n), moment=NOW - timedelta(minutes=n))
    assert pick_for_learning(database, settings, NOW) == 3
    assert pick_for_learning(database, settings, NOW + timedelta(hours=1)) == 0
    with database.reading() as session:
        rows = session.scalars(select(FlagRow)).all()
    assert [(row.rule, row.raised_at, row.closed_at) for row in rows] == [(LEARNING, NOW, None)] * 3
    assert all(row.values["because"]["what"] for row in rows)
    midnight = NOW.replace(hour=17, minute=0)  # in Vietnam
    assert pick_for_learning(database, settings, midnight - timedelta(seconds=1)) == 0
    assert pick_for_learning(database, settings, midnight) == 3
    brought = [pick_for_learning(database, settings, midnight + timedelta(days=day)) for day in range(1, 6)]
    assert brought == [3, 3, 3, 0, 0], "nobody reads them"
    assert len(set(picked(database))) == MOST_OPEN_DAYS * 3
    with database.writing() as session:
        session.execute(update(FlagRow).values(closed_at=NOW))
    assert pick_for_learning(database, settings, midnight + timedelta(days=6)) == 3


def test_none_when_none_is_wanted(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.writing() as session:
        add_source(session)
        add(session, "1")
    none = load_settings(tmp_path, var_dir=tmp_path, learning_daily=0)[0]
    assert pick_for_learning(sqlite_database, none, NOW) == 0
    some = load_settings(tmp_path, var_dir=tmp_path)[0]
    assert pick_for_learning(sqlite_database, some, NOW) == 1


def test_it_is_never_taken_for_the_audit(database: Database, settings: Settings) -> None:
    """The random sample stays what it was, whatever is picked and however it is labelled."""
    assert AUDIT in RULES
    assert LEARNING not in RULES
    assert LEARNING != AUDIT
    with database.writing() as session:
        add_source(session)
        lan = user(session)
        audited = [add(session, f"a{n}") for n in range(2)]
        for article in audited:
            flag(session, article, AUDIT)
            write_labels(session, article, lan, {"relevance": "central", "topics": ["economy"], "tone": "neutral",
                                                 "verdict": "confirmed"})  # fmt: skip
        for n in range(5):
            add(session, f"b{n}")
        waiting = add(session, "c")
        flag(session, waiting, AUDIT)
        kept = {article.id for article in [*audited, waiting]}

    def audit() -> tuple[int, int, int]:
        with database.reading() as session:
            totals = read_figures(session, NOON - timedelta(days=1), NOW + timedelta(days=1)).totals
        return totals.audited, totals.audit_reviewed, totals.audit_confirmed

    assert audit() == (3, 2, 2)
    assert pick_for_learning(database, settings, NOW) == 3
    assert not kept & set(picked(database)), "were the doubtful of the sample read first, it would be none"
    with database.writing() as session:
        for key in picked(database):
            article = session.get_one(ArticleRow, key)
            write_labels(session, article, lan, {"relevance": "none", "tone": None, "verdict": "not_relevant"})
    assert audit() == (3, 2, 2)
