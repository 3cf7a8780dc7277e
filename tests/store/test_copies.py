"""Copies in a database: the earliest is the origin whenever it comes, and a changed text is compared anew."""

import random
from datetime import timedelta

import pytest
from edits import EDITS, PIECE
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_article, add_page, add_source, extracted

from store.articles import save_article, save_articles
from store.content import ArticleRow, BandRow, CopyRow, MarkRow
from store.copies import BAND_ARTICLES
from store.crawling import PageRow
from store.database import Database

SYLLABLES = PIECE.findall("cảng hàng thành phố tỉnh dự án đường sắt nông nghiệp giáo dục bệnh viện biển rừng sông")
OTHERS = PIECE.findall("người dân mùa vụ thị trường học khí hậu văn hoá thể thao trường chợ bến đò làng nghề")


def text(seed: int, words: int = 160) -> str:
    """A made-up text; equal seeds, equal texts."""
    rng = random.Random(seed)
    return " ".join(
        rng.choice(SYLLABLES) + (str(rng.randrange(10, 99)) if rng.random() < 0.05 else "") for _ in range(words)
    )


def edited(name: str, body: str, seed: int = 1) -> str:
    return EDITS[name](body, "vi", random.Random(seed), OTHERS)


def copies(session: Session) -> dict[str, str]:
    names = {row.id: row.url.rpartition("/")[2] for row in session.scalars(select(ArticleRow))}
    return {names[row.article_id]: names[row.original_id] for row in session.scalars(select(CopyRow))}


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("order", ["abc", "cba", "bca"])
def test_near_copies_point_at_the_earliest_whenever_it_comes(database: Database, order: str) -> None:
    bodies = {"a": text(1), "b": edited("light edits", text(1)), "c": edited("cut to 60%", text(1))}
    with database.writing() as session:
        add_source(session)
        add_article(session, "other", "Tin khác", text(2))
        for name in order:
            add_article(session, name, "Tin", bodies[name], moment=NOON + timedelta(hours=ord(name)))
    with database.reading() as session:
        assert copies(session) == {"b": "a", "c": "a"}
        rows = session.scalars(select(CopyRow)).all()
        assert {row.method for row in rows} == {"minhash"}
        assert all(0.75 < row.similarity <= 1 for row in rows)


@pytest.mark.parametrize("name", EDITS)
def test_each_kind_of_edit_is_found(sqlite_database: Database, name: str) -> None:
    with sqlite_database.writing() as session:
        add_source(session)
        add_article(session, "a", "Tin", text(1))
        add_article(session, "b", "Tin", edited(name, text(1)), moment=NOON + timedelta(hours=1))
        assert copies(session) == {"b": "a"}


def test_copies_of_one_batch_see_each_other(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        bodies = [text(1), text(2), edited("agency prefix", text(1)), edited("new lead", text(2))]
        pages = [add_page(session, str(at)) for at in range(4)]
        found = [extracted("Tin", body, moment=NOON + timedelta(hours=at)) for at, body in enumerate(bodies)]
        save_articles(session, list(zip(pages, found, strict=True)))
        assert copies(session) == {"2": "0", "3": "1"}


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("before", [0, 1, 2])
def test_the_same_text_many_times_in_one_batch(database: Database, before: int, backwards: bool) -> None:
    """Those further on in the batch are in the database already, but it is not their turn yet."""
    with database.writing() as session:
        add_source(session)
        for at in range(before):
            add_article(session, f"before {at}", "Tin", text(1), moment=NOON + timedelta(minutes=at), digest="1")
        hours = range(3, 0, -1) if backwards else range(1, 4)
        found = [extracted("Tin", text(1), moment=NOON + timedelta(hours=at), digest="1") for at in hours]
        save_articles(session, [(add_page(session, str(at)), one) for at, one in zip(hours, found, strict=True)])
        everyone = {row.url.rpartition("/")[2] for row in session.scalars(select(ArticleRow))}
        first = "before 0" if before else "1"
        assert copies(session) == dict.fromkeys(everyone - {first}, first)


def test_a_revised_article_is_compared_anew(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        add_article(session, "a", "Tin", text(1))
        page = add_page(session, "b")
        later = NOON + timedelta(hours=1)
        save_article(session, page, extracted("Tin", text(2), moment=later))
        add_article(session, "c", "Tin", text(2), moment=NOON + timedelta(hours=2))
        assert copies(session) == {"c": "b"}
        save_article(session, page, extracted("Tin", edited("light edits", text(1)), moment=later))
        assert copies(session) == {"b": "a"}
        save_article(session, page, extracted("Tin", text(2), moment=later))
        assert copies(session) == {"c": "b"}
        assert count(session, BandRow) == 3 * 24, "the bands of earlier texts are gone"


def test_an_article_dated_anew_may_become_the_origin(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        add_article(session, "a", "Tin", text(1))
        page = add_page(session, "b")
        save_article(session, page, extracted("Tin", text(1), moment=NOON + timedelta(hours=1)))
        assert copies(session) == {"b": "a"}
        save_article(session, page, extracted("Tin", text(1), moment=NOON - timedelta(hours=1)))
        assert copies(session) == {"a": "b"}


def test_the_agency_that_the_earliest_names_is_the_origins(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        add_article(session, "a", "Tin", text(1))
        for hours, agency in enumerate((None, "ttbn", "khac"), 1):
            moment = NOON + timedelta(hours=hours)
            add_article(session, str(hours), "Tin", text(1) + f" thêm {hours}", moment=moment, agency=agency)
    with database.reading() as session:
        rows = session.scalars(select(CopyRow).order_by(CopyRow.article_id)).all()
        assert [row.agency for row in rows] == ["ttbn", "ttbn", "ttbn"]


def test_running_it_again_changes_nothing(database: Database) -> None:
    def state(session: Session) -> list[object]:
        rows = session.scalars(select(CopyRow).order_by(CopyRow.article_id))
        return [
            [(row.article_id, row.original_id, row.similarity, row.found_at) for row in rows],
            session.execute(select(BandRow.band, BandRow.article_id).order_by(BandRow.band)).all(),
            count(session, MarkRow),
        ]

    bodies = [text(1), edited("light edits", text(1)), text(2)]
    with database.writing() as session:
        add_source(session)
        for at, body in enumerate(bodies):
            add_article(session, str(at), "Tin", body)
    with database.writing() as session:
        before = state(session)
        for at, page in enumerate(session.scalars(select(PageRow).order_by(PageRow.id)).all()):
            _, change = save_article(session, page, extracted("Tin", bodies[at]))
            assert change == "same"
        assert state(session) == before


def test_articles_marked_by_an_older_program_are_marked_when_seen(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        for name in "ab":
            add_article(session, name, "Tin", text(1) + f" {name}")
        for mark in session.scalars(select(MarkRow)):
            mark.version = 1
        session.execute(CopyRow.__table__.delete())
        session.execute(BandRow.__table__.delete())
    with database.writing() as session:
        for page, name in zip(session.scalars(select(PageRow).order_by(PageRow.id)).all(), "ab", strict=True):
            save_article(session, page, extracted("Tin", text(1) + f" {name}"))
        assert copies(session) == {"b": "a"}


def test_a_text_that_many_print_keeps_few_bands_and_is_still_found(sqlite_database: Database) -> None:
    number = BAND_ARTICLES + 8
    with sqlite_database.writing() as session:
        add_source(session)
        for at in range(number):
            add_article(session, str(at), "Tin", text(1) + f" số {at}", moment=NOON + timedelta(minutes=at))
        assert set(copies(session).values()) == {"0"}
        assert count(session, CopyRow) == number - 1
        most = select(func.count()).select_from(BandRow).group_by(BandRow.band).order_by(func.count().desc()).limit(1)
        assert session.scalar(most) == BAND_ARTICLES


def test_the_origin_of_a_very_large_family_found_last(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.copies.FAMILY", 5)
    with sqlite_database.writing() as session:
        add_source(session)
        for at in range(8):
            add_article(session, str(at), "Tin", text(1) + f" số {at}", moment=NOON + timedelta(minutes=at))
        assert set(copies(session).values()) == {"0"}
        add_article(session, "first", "Tin", text(1), moment=NOON - timedelta(hours=1))
    with sqlite_database.reading() as session:
        assert copies(session) == {str(at): "first" for at in range(8)}
