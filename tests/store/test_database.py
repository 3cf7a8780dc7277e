import multiprocessing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Select, inspect, select, text
from tests_support.rows import add_article, add_source

from classify.types import Prediction
from store.articles import save_prediction
from store.database import HEAD, MIGRATIONS, Database, open_database, schema_version
from store.errors import StoreError
from store.tables import Base, PredictionRow, RunRow


def test_the_schema_is_what_the_rows_say(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
        hidden = (name or "").startswith("article_fts") or name in (
            "folded_tsv",
            "exact_tsv",
            "ix_article_search_folded_tsv",
        )
        return not hidden and name != "alembic_version"

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert schema_version(database.engine) == HEAD


def test_every_table_is_there(database: Database) -> None:
    tables = set(inspect(database.engine).get_table_names())
    needed = {
        "sources",
        "feeds",
        "pages",
        "articles",
        "revisions",
        "copies",
        "stories",
        "predictions",
        "flags",
        "labels",
    }
    assert needed | {"runs", "users", "audit"} <= tables


def test_head_is_the_newest_migration(root: Path) -> None:
    versions = sorted(path.name[:4] for path in (root / "store" / "migrations" / "versions").glob("[0-9]*.py"))
    assert versions[-1] == HEAD


def test_predictions_from_before_say_nothing_of_what_was_not_asked_then(database: Database, database_url: str) -> None:
    with database.writing() as session:
        add_source(session)
        article = add_article(session, "1", "Tin", "Nội dung")
        told = Prediction("vi", 0.9, "central", ("sport",), "negative", {}, (), "m", "bad", "quoted", ("voice",))
        save_prediction(session, article, told)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    assert schema_version(database.engine) == "0003"
    again = open_database(database_url)
    with again.reading() as session:
        row = session.scalars(select(PredictionRow)).one()
    again.close()
    assert (row.tone, row.valence, row.voice, row.unmeasured) == ("negative", None, None, [])


def test_a_newer_schema_is_refused_and_untouched(database: Database, database_url: str) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"schema 9999, newer than .*; upgrade diembao"):
        open_database(database_url)
    assert schema_version(database.engine) == "9999"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nonsense", "not a database address"),
        ("mysql://x/y", "sqlite and postgresql|not a database address"),
        ("sqlite://", "names no file"),
        ("sqlite:////proc/nowhere/x.db", "cannot write /proc/nowhere/x.db"),
        ("postgresql://nobody@127.0.0.1:1/x", "cannot open the database"),
    ],
)
def test_a_bad_address_gets_one_clear_line(address: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as error:
        open_database(address)
    assert "\n" not in str(error.value)


def _add(address: str, times: int) -> None:
    database = open_database(address)
    for _ in range(times):
        with database.writing() as session:
            run = session.scalars(the_run()).one()
            run.counts = {"n": run.counts["n"] + 1}
    database.close()


def the_run() -> Select[tuple[RunRow]]:
    return select(RunRow).with_for_update()


def test_no_update_is_lost_between_processes(database: Database, database_url: str) -> None:
    with database.writing() as session:
        session.add(RunRow(job="test", program="test", counts={"n": 0}))
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add, args=(database_url, 50)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    with database.reading() as session:
        assert session.scalars(the_run()).one().counts == {"n": 200}


def test_labels_cannot_be_changed_or_removed(database: Database) -> None:
    from sqlalchemy.exc import DatabaseError

    from store.base import now
    from store.tables import ArticleRow, LabelRow, PageRow, SourceRow, UserRow

    with database.writing() as session:
        session.add(
            SourceRow(
                id="a",
                name="A",
                name_vi="A",
                name_en="A",
                domain="a.vn",
                country="VN",
                languages=["vi"],
                scope="national",
                timezone="UTC",
                enabled=True,
            )
        )
        session.flush()
        page = PageRow(source_id="a", url="http://a.vn/1", url_key="a.vn/1", host="a.vn")
        user = UserRow(name="lan", password_hash="x")
        session.add_all([page, user])
        session.flush()
        article = ArticleRow(
            page_id=page.id,
            source_id="a",
            url="u",
            canonical_url="u",
            title="t",
            lead="",
            body="b",
            authors=[],
            language="vi",
            date_source="none",
            date_confidence=0.0,
            sorted_at=now(),
            text_digest="d",
            extractor="x",
        )
        session.add(article)
        session.flush()
        session.add(LabelRow(article_id=article.id, revision=1, user_id=user.id, field="tone", value="neutral"))
    for statement in ("UPDATE labels SET field = 'x'", "DELETE FROM labels"):
        with pytest.raises(DatabaseError, match="append-only"), database.writing() as session:
            session.execute(text(statement))
