from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from reports.week import Week
from store.database import Database
from store.figures import DIMENSIONS, read_figures, read_toned_texts
from store.labels import undo
from store.tables import ArticleRow, LabelRow, UserRow

WEEK = Week(2026, 46)
COPIED = "a.id IN (SELECT article_id FROM copies)"
FLAGGED = "a.id IN (SELECT article_id FROM flags)"


def figures(database: Database, week: Week = WEEK) -> Any:
    with database.reading() as session:
        return read_figures(session, week.since, week.until)


def recount(database: Database, condition: str) -> int:
    """Counted by the database itself, in words of its own."""
    query = f"""
        SELECT count(*) FROM articles a
        JOIN sources s ON s.id = a.source_id
        LEFT JOIN predictions p ON p.article_id = a.id AND p.current
        WHERE a.sorted_at >= :since AND a.sorted_at < :until AND {condition}
    """  # noqa: S608
    zone = None if database.dialect == "sqlite" else WEEK.since.tzinfo
    bounds = {"since": WEEK.since.replace(tzinfo=zone), "until": WEEK.until.replace(tzinfo=zone)}
    if database.dialect == "sqlite":
        bounds = {name: value.strftime("%Y-%m-%d %H:%M:%S.%f") for name, value in bounds.items()}  # type: ignore[misc]
    with database.reading() as session:
        return int(session.execute(text(query), bounds).scalar_one())


def test_totals_match_a_recount(sample: Database) -> None:
    totals = figures(sample).totals
    kept = "a.withdrawn_at IS NULL"
    assert totals.articles == recount(sample, kept) == 11
    assert totals.about == recount(sample, f"{kept} AND p.relevance IN ('central', 'substantial')") == 7
    assert totals.withdrawn == recount(sample, "a.withdrawn_at IS NOT NULL") == 1
    assert totals.undated == recount(sample, f"{kept} AND a.published_at IS NULL") == 1
    assert totals.revised == recount(sample, f"{kept} AND a.revision > 1") == 1
    assert totals.copies == recount(sample, f"{kept} AND {COPIED}") == 1
    assert totals.flagged == recount(sample, f"{kept} AND {FLAGGED}") == 2


def test_an_unknown_country_is_an_outlet_and_no_country(sample: Database) -> None:
    totals = figures(sample).totals
    assert (totals.outlets, totals.countries, totals.languages) == (7, 4, 5)


def test_counts_match_a_recount(sample: Database) -> None:
    counts = figures(sample).counts
    columns = {
        "topic": "coalesce(p.primary_topic, 'unsorted')",
        "language": "a.language",
        "country": "s.country",
        "scope": "s.scope",
        "relevance": "coalesce(p.relevance, 'unjudged')",
    }
    for name, column in columns.items():
        assert sum(counts[name].values()) == 11
        for key, count in counts[name].items():
            assert count == recount(sample, f"a.withdrawn_at IS NULL AND {column} = '{key}'"), (name, key)
    assert counts["topic"]["unsorted"] == 2


def test_tone_is_asked_of_articles_about_vietnam_only(sample: Database) -> None:
    found = figures(sample)
    assert sum(found.counts["tone"].values()) == found.totals.about
    assert found.topic_tones == {
        "diplomacy": {"neutral": 2, "positive": 2},
        "economy": {"mixed": 1},
        "rights": {"negative": 1},
        "tourism": {"unclear": 1},
    }


def test_every_dimension_counts_the_listed_articles(sample: Database) -> None:
    found = figures(sample)
    for name, key in DIMENSIONS.items():
        assert found.counts[name] == Counter(value for value in map(key, found.articles) if value is not None)


def test_the_week_ends_at_midnight_in_vietnam(sample: Database) -> None:
    found = figures(sample)
    titles = {article.title for article in found.articles}
    assert "Bầu cử ở một nước xa" in titles  # a microsecond before
    assert not titles & {"Tuần trước", "Tuần sau"}
    assert found.counts["day"]["2026-11-09"] == 2
    assert found.counts["day"]["2026-11-15"] == 1
    assert found.previous.articles == 1
    assert figures(sample, Week(2026, 47)).totals.articles == 1


def test_days_are_those_of_vietnam(sqlite_database: Database, newsdesk: Callable[..., Any]) -> None:
    with sqlite_database.writing() as session:
        desk = newsdesk(session)
        desk.outlets()
        desk.article("song-hong", "23:59", WEEK.since + timedelta(hours=23, minutes=59))
        desk.article("song-hong", "00:00", WEEK.since + timedelta(hours=24))
    assert figures(sqlite_database).counts["day"] == {"2026-11-09": 1, "2026-11-10": 1}


def test_an_empty_week(database: Database) -> None:
    found = figures(database)
    assert found.totals.articles == found.previous.articles == 0
    assert found.stories == ()
    assert all(counts == {} for counts in found.counts.values())


def test_stories_by_articles_then_outlets(sample: Database) -> None:
    (story,) = figures(sample).stories
    assert [article.language for article in story.articles] == ["vi", "vi", "fr", "zh"]
    assert story.outlets == ("song-hong", "song-han", "courrier", "delta-ribao")


def test_two_current_predictions_count_an_article_once(sample: Database, newsdesk: Callable[..., Any]) -> None:
    first = figures(sample).articles[0]
    with sample.writing() as session:
        newsdesk(session).says(session.get_one(ArticleRow, first.id), "none", "world", None, model="newer")
    found = figures(sample)
    assert found.totals.articles == 11
    assert found.articles[0].topic == "world"


def test_verdicts_that_were_taken_back_do_not_count(sample: Database, newsdesk: Callable[..., Any]) -> None:
    assert (figures(sample).totals.reviewed, figures(sample).totals.confirmed) == (2, 1)
    rights = next(article for article in figures(sample).articles if article.topic == "rights")
    with sample.writing() as session:
        desk = newsdesk(session)
        desk.user = session.query(UserRow.id).scalar()
        row = session.get_one(ArticleRow, rights.id)
        label = session.query(LabelRow).filter_by(article_id=rights.id).one()
        undo(session, [label], desk.user)
        undone = figures_in(session).totals
        desk.verdict(row, "unclear")
        again = figures_in(session).totals
    assert (undone.reviewed, undone.confirmed) == (1, 0)
    assert (again.reviewed, again.confirmed) == (2, 0)


def figures_in(session: Any) -> Any:
    return read_figures(session, WEEK.since, WEEK.until)


def test_audit_is_counted_apart(sample: Database) -> None:
    totals = figures(sample).totals
    assert (totals.audited, totals.audit_reviewed, totals.audit_confirmed) == (1, 1, 0)


def test_toned_texts_are_of_the_judged_revision(sample: Database) -> None:
    with sample.reading() as session:
        found = list(read_toned_texts(session, WEEK.since, WEEK.until))
    assert {toned.title for toned in found if toned.evidence} == {"Court ruling draws criticism"}
    assert "Bài đã gỡ xuống" not in {toned.title for toned in found}
