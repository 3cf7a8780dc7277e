from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.groups import load_groups
from crawler.source import Feed, Source
from pipelines.errors import UsageError
from pipelines.settings import Settings
from pipelines.showing import as_text, choose_sources, describe, faulty_files, what_is_known
from store.crawling import FeedRow, PageRow
from store.database import open_database
from store.sources import sync_sources

OUTLET = Source(
    id="bao-mau",
    name="Báo Mẫu",
    name_en="Sample Newspaper",
    domain="bao-mau.example",
    country="VN",
    languages=("vi",),
    scope="provincial",
    feeds=(
        Feed(url="https://bao-mau.example/rss", kind="rss", confidence="high"),
        Feed(url="https://bao-mau.example/", kind="section", enabled=False, reason="the feed lists the same"),
    ),
)


def test_everything_about_an_outlet(root: Path, tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path)
    assert what_is_known(settings, OUTLET.id) is None, "there is no database, and none is made"
    assert list(tmp_path.iterdir()) == []
    database = open_database(settings.database)
    with database.writing() as session:
        sync_sources(session, [OUTLET])
    with database.writing() as session:
        row = session.query(FeedRow).filter_by(kind="rss").one()
        row.checked_at, row.status, row.items = datetime.now(UTC) - timedelta(minutes=9), 503, 24
        row.failures, row.problem, row.rate, row.poll_seconds = 2, "HTTP 503", 0.5, 1800.0
        session.add(PageRow(source_id=OUTLET.id, url="https://bao-mau.example/1", url_key="1", host="bao-mau.example"))
    database.close()

    shown = describe(OUTLET, load_groups(root / "data"), what_is_known(settings, OUTLET.id))
    assert shown["groups"] == ["provinces"]
    assert shown["pages"] == {"waiting": 1}
    assert [feed["known"]["failures"] for feed in shown["feeds"]] == [2, 0]
    text = as_text(shown)
    for words in (
        "bao-mau: Báo Mẫu / Sample Newspaper",
        "groups: provinces",
        "pages: 1 waiting",
        "checked 9 min ago (HTTP 503), every 30 min: 24 items, 12.0 new a day",
        "2 failures: HTTP 503",
        "off section",
        "the feed lists the same",
        "never checked",
    ):
        assert words in text


def test_an_outlet_without_a_database() -> None:
    text = as_text(describe(OUTLET, (), None))
    assert "checked" not in text
    assert "groups: none" in text


def test_outlets_by_their_ids() -> None:
    sources = {OUTLET.id: OUTLET}
    assert choose_sources(sources, ["bao-mau", "bao-mau"]) == choose_sources(sources, []) == [OUTLET]
    with pytest.raises(UsageError, match=r"unknown source 'bao-mao'; did you mean bao-mau\?"):
        choose_sources(sources, ["bao-mao"])


def test_wrong_files_are_all_told_of(tmp_path: Path) -> None:
    settings = Settings(sources_dir=tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("name: x", encoding="utf-8")
    problems, sources = faulty_files(settings)
    assert len(problems) == 2
    assert sources == {}
