"""What is picked for labelling: the unsure, the rare, the different; and never anything of the random audit."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_article, add_source, extracted

from pipelines.flags import RULES
from pipelines.picking import (
    DAYS,
    ENOUGH,
    MOST_OPEN_DAYS,
    REASONS,
    Context,
    Worth,
    choose,
    likeness,
    pick_for_learning,
)
from pipelines.settings import Settings, load_settings
from store.articles import save_article
from store.content import ArticleRow, CopyRow, PredictionRow, StoryRow
from store.crawling import PageRow
from store.database import Database
from store.figures import AUDIT, read_figures
from store.labels import last_act, undo, write_labels
from store.picking import LEARNING, Candidate, Labelled, read_candidates, read_labelled
from store.reviewing import FlagRow, UserRow

SURE = {"relevance": 0.95, "tone": 0.9, "topic:economy": 0.97, "topic:tourism": 0.02}
NOTHING = Labelled(Counter(), Counter(), Counter())
PLENTY = Labelled(*(Counter(dict.fromkeys(("economy", "tourism", "neutral", "vi", "en"), 999)) for _ in range(3)))
NOW = NOON + timedelta(hours=3)


def candidate(number: int = 1, **changes: Any) -> Candidate:
    """An article that the machine is sure of."""
    values: dict[str, Any] = {
        "outlet": "bao-mau", "language": "vi", "story": None, "relevance": "central", "topics": ("economy",),
        "tone": "neutral", "scores": SURE | changes.pop("scores", {}),
    }  # fmt: skip
    return Candidate(id=number, **values | changes)


def worth(reason: str, labelled: Labelled = PLENTY, **changes: Any) -> Worth | None:
    met = {kind: Counter({"economy": 1, "neutral": 1, "vi": 1}) for kind in ENOUGH}
    return REASONS[reason](candidate(**changes), Context(labelled, met, 10))


def test_of_what_the_machine_is_sure_nothing_is_learned() -> None:
    assert {name: worth(name) for name in REASONS} == dict.fromkeys(REASONS)
    assert choose([candidate(n) for n in range(9)], PLENTY, 5) == []


@pytest.mark.parametrize(
    ("reason", "changes", "value", "shown"),
    [
        ("relevance", {"scores": {"relevance": 0.4}}, 0.8, {"what": "relevance", "value": "central", "score": 0.4}),
        ("relevance", {"scores": {"relevance": 0.2}}, 1.0, {"what": "relevance", "value": "central", "score": 0.2}),
        ("relevance", {"scores": {"relevance": 0.63}}, None, None),
        ("relevance", {"relevance": None}, None, None),
        ("tone", {"scores": {"tone": 0.55}}, 0.6, {"what": "tone", "value": "neutral", "score": 0.55}),
        ("tone", {"tone": "unclear"}, 0.4 / 3, {"what": "tone", "value": "unclear", "score": 0.9}),
        ("tone", {"scores": {"tone": 0.5}, "relevance": "passing"}, None, None),
        ("tone", {"tone": None}, None, None),
        (
            "topic",
            {"scores": {"topic:economy": 0.5, "topic:tourism": 0.4}},
            0.9,
            {"what": "topic", "topic": "economy", "score": 0.5, "other": "tourism", "other_score": 0.4},
        ),
        (
            "topic",
            {"topics": ("economy", "tourism"), "scores": {"topic:tourism": 0.4, "topic:sport": 0.35}},
            0.95,
            {"what": "topic", "topic": "tourism", "score": 0.4, "other": "sport", "other_score": 0.35},
        ),
        ("topic", {"topics": ("economy", "tourism"), "scores": {"topic:tourism": 0.9}}, None, None),
        ("topic", {"scores": {"topic:world": 0.96}}, None, None),
        ("topic", {"scores": {"topic:tourism": 0.96}, "relevance": "none"}, None, None),
        ("topic", {"topics": ()}, 1.0, {"what": "near_topic", "topic": "economy", "score": 0.97}),
    ],
)
def test_a_reason_and_what_it_says(
    reason: str, changes: dict[str, Any], value: float | None, shown: dict[str, Any] | None
) -> None:
    found = worth(reason, **changes)
    assert (found and found.values) == shown
    if value is not None:
        assert found
        assert found.value == pytest.approx(value)


def test_no_topic_and_no_score() -> None:
    article = Candidate(1, "a", "vi", None, "central", (), None, {})
    assert REASONS["topic"](article, Context(NOTHING, {}, 1)) == Worth(1.0, {"what": "no_topic"})


def test_what_has_few_labels_is_rare() -> None:
    few = Labelled(Counter({"economy": 15}), Counter({"neutral": 149}), Counter({"vi": 150}))
    found = worth("rare", few)
    assert found
    assert found.values == {"what": "rare_topic", "value": "economy", "labels": 15, "enough": 60}
    assert found.value == pytest.approx(0.75 * 0.9)
    assert worth("rare", few, relevance="passing") is None
    thai = worth("rare", few, language="th")
    assert thai
    assert thai.values["what"] == "rare_language"
    assert thai.value == 1.0, "no label yet, and never met"


def unsure(number: int, **changes: Any) -> Candidate:
    return candidate(number, scores={"topic:tourism": 0.9, "tone": 0.5, "relevance": 0.5}, **changes)


def test_reasons_take_turns() -> None:
    picks = choose([unsure(n, outlet=f"o{n}") for n in range(20)], NOTHING, 8)
    said = [pick.values["what"] for pick in picks]
    assert Counter(said) == {"topic": 2, "tone": 2, "relevance": 2, "rare_topic": 2}
    assert len({pick.article_id for pick in picks}) == 8


def test_no_two_of_a_story() -> None:
    picks = choose([unsure(n, story=7) for n in range(9)], NOTHING, 5)
    assert len(picks) == 1
    assert len(choose([unsure(n, story=n // 3) for n in range(9)], NOTHING, 5)) == 3


def test_the_unlike_come_first() -> None:
    alike = [unsure(n) for n in range(50)]
    others = [unsure(90, outlet="x", language="en"), unsure(91, outlet="y"), unsure(92, topics=("tourism", "economy"))]
    picks = choose([*alike, *others], PLENTY, 4)
    assert {pick.article_id for pick in picks} > {90, 91}
    assert likeness(alike[0], alike[1]) == 1.0
    assert likeness(alike[0], others[0]) == pytest.approx(1 / 3)
    assert likeness(others[0], others[1]) == pytest.approx(1 / 3), "the topic"


FOREIGN = {"topic:tourism": 0.97, "topic:economy": 0.02}


def test_sameness_never_outweighs_doubt_twice_as_large() -> None:
    same = [candidate(n, scores={"tone": 0.25}) for n in range(2)]
    other = candidate(5, outlet="x", language="en", topics=("tourism",), scores={"tone": 0.625, **FOREIGN})
    assert [pick.article_id for pick in choose([*same, other], PLENTY, 3)] == [0, 1, 5]
    doubtful = candidate(5, outlet="x", language="en", topics=("tourism",), scores={"tone": 0.55, **FOREIGN})
    assert [pick.article_id for pick in choose([*same, doubtful], PLENTY, 3)] == [0, 5, 1]


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["vi", "en", "th"]), st.floats(0, 1), st.floats(0, 1),
                          st.sampled_from([None, 1, 2, 3])), max_size=30), st.integers(0, 12))  # fmt: skip
def test_whatever_comes_in(rows: list[tuple[int, str, float, float, int | None]], wanted: int) -> None:
    articles = [
        candidate(n, outlet=f"o{outlet}", language=language, story=story,
                  scores={"tone": tone, "topic:economy": topic})
        for n, (outlet, language, tone, topic, story) in enumerate(rows)
    ]  # fmt: skip
    picks = choose(articles, PLENTY, wanted)
    assert len(picks) <= wanted
    assert picks == choose(articles, PLENTY, wanted), "the same articles again"
    by_id = {article.id: article for article in articles}
    stories = [by_id[pick.article_id].story for pick in picks]
    told = [story for story in stories if story is not None]
    assert len(told) == len(set(told))


# From here on with databases.


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
