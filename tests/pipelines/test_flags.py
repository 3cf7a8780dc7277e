from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from tests_support.rows import NOON, add_article, add_source, extracted

from crawler.extraction.article import DateSource
from pipelines.flags import RULES, Case, add_flag, audit, raise_flags
from store.articles import save_article
from store.content import PredictionRow
from store.crawling import PageRow
from store.database import Database
from store.reviewing import FlagRow


def case(**changes: Any) -> Case:
    """An article that no rule has anything to say about."""
    page: dict[str, Any] = {"url_key": "bao-mau.example/1", "published_at": None}
    article: dict[str, Any] = {
        "id": 1,
        "published_at": NOON,
        "date_source": "structured",
        "language": "vi",
        "revision": 1,
    }
    prediction: dict[str, Any] = {
        "relevance": "central",
        "topics": ["sport"],
        "scores": {"topic:sport": 0.9},
        "unmeasured": [],
    }
    values: dict[str, Any] = {
        "change": "new",
        "folded": "tin thong tin doi ngoai",
        "watch": (),
        "audit_share": 0.0,
        "low_confidence": 0.5,
        "languages": frozenset({"vi", "en"}),
    }
    for name, value in changes.items():
        next((part for part in (page, article, prediction) if name in part), values)[name] = value
    return Case(SimpleNamespace(**page), SimpleNamespace(**article), SimpleNamespace(**prediction), **values)  # type: ignore[arg-type]


def raised(**changes: Any) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    found = {rule: list(judge(case(**changes))) for rule, judge in RULES.items()}
    return {rule: reasons for rule, reasons in found.items() if reasons}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"watch": ("Đối ngoại", "thể thao")}, {"watch": [("Đối ngoại", {"query": "Đối ngoại"})]}),
        ({"watch": ("", '"', "!")}, {}),
        ({"scores": {"topic:sport": 0.49}}, {"low_confidence": [("", {"score": 0.49, "threshold": 0.5})]}),
        ({"scores": {"topic:sport": 0.5}}, {}),
        ({"topics": []}, {"low_confidence": [("", {"score": 0.0, "threshold": 0.5})]}),
        ({"topics": [], "relevance": "passing"}, {}),
        ({"topics": [], "relevance": None}, {}),
        (
            {"topics": ["sport", "tourism"], "scores": {"topic:sport": 0.2, "topic:tourism": 0.7, "tone": 0.1}},
            {},
        ),
        ({"published_at": None}, {"date_anomaly": [("", {"published_at": None, "reason": "undated"})]}),
        (
            {"date_source": DateSource.GUESSED.value},
            {"date_anomaly": [("", {"published_at": NOON.isoformat(), "reason": "guessed"})]},
        ),
        (
            {"language": "km"},
            {"unsupported_language": [("", {"language": "km", "words": False, "unmeasured": []})]},
        ),
        (
            {"language": "en", "unmeasured": ["topics", "tone", "voice"]},
            {"unsupported_language": [("", {"language": "en", "words": True, "unmeasured": ["topics"]})]},
        ),
        ({"unmeasured": ["tone", "valence", "voice"]}, {}),
        ({"change": "revised", "revision": 3}, {"revised": [("3", {"revision": 3})]}),
        ({"change": "same", "revision": 3}, {}),
        ({"audit_share": 1.0}, {"audit": [("", {"share": 1.0})]}),
    ],
)
def test_a_rule_and_what_it_says(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    if changes == {"published_at": None}:  # both the page and the article have one
        article = case(date_source="none")
        article.article.published_at = None
        assert list(RULES["date_anomaly"](article)) == expected["date_anomaly"]
    else:
        assert raised(**changes) == expected


@pytest.mark.parametrize(("days", "differs"), [(1.9, False), (2.1, True), (-2.1, True)])
def test_the_feed_says_otherwise(days: float, differs: bool) -> None:
    unsure = case()
    unsure.page.published_at = NOON + timedelta(days=days)
    reasons = list(RULES["date_anomaly"](unsure))
    assert [values["reason"] for _, values in reasons] == (["feed_differs"] if differs else [])


def test_the_audited_share_is_what_was_asked() -> None:
    for share in (0.02, 0.1):
        drawn = sum(
            bool(list(audit(case(url_key=f"bao-{n % 97}.example/tin-{n}", audit_share=share)))) for n in range(20_000)
        )
        deviation = (20_000 * share * (1 - share)) ** 0.5
        assert abs(drawn - 20_000 * share) < 4 * deviation


@given(st.text(max_size=40), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_sample_holds_the_smaller_one(key: str, share: float, other: float) -> None:
    low, high = sorted((share, other))
    smaller, larger = (list(audit(case(url_key=key, audit_share=size))) for size in (low, high))
    assert not smaller or larger
    assert bool(list(audit(case(url_key=key, audit_share=high)))) is bool(larger), "drawn again, the same"
    assert list(audit(case(url_key=key, audit_share=0.0))) == []


def test_a_flag_is_raised_once(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        article = add_article(session, "1", "Tin", "thông tin đối ngoại")
        page = session.get_one(PageRow, article.page_id)
        prediction = PredictionRow(relevance="central", topics=[], scores={}, unmeasured=[])
        given = case(watch=("doi ngoai", "thong tin"), audit_share=1.0)
        real = Case(page, article, prediction, "revised", given.folded, given.watch, 1.0, 0.5, given.languages)
        assert raise_flags(session, real) == 5
        assert raise_flags(session, real) == 0
        for flag in session.scalars(select(FlagRow)):
            flag.closed_at = NOON
        assert raise_flags(session, real) == 0, "a verdict was given; the same reason is no news"
        article.revision = 2
        assert raise_flags(session, real) == 1
        assert add_flag(session, article.id, "withdrawn", "", {"status": 410})
        assert not add_flag(session, article.id, "withdrawn", "", {"status": 404})
    with database.reading() as session:
        rules = sorted((flag.rule, flag.key) for flag in session.scalars(select(FlagRow)))
    assert rules == [
        ("audit", ""),
        ("low_confidence", ""),
        ("revised", "1"),
        ("revised", "2"),
        ("watch", "doi ngoai"),
        ("watch", "thong tin"),
        ("withdrawn", ""),
    ]


def test_an_edit_is_summed_up(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        article = add_article(session, "1", "Phà dừng", "Khoảng 1.200 khách mỗi ngày.\nĐoạn này giữ nguyên.")
        page = session.get_one(PageRow, article.page_id)
        for title, body in (
            ("Phà dừng", "Khoảng 1.500 khách mỗi ngày.\nĐoạn này giữ nguyên."),
            ("Phà dừng hai tuần", "Khoảng 1.500 khách mỗi ngày.\nĐoạn này giữ nguyên."),
        ):
            _, change = save_article(session, page, extracted(title, body))
            prediction = PredictionRow(
                relevance="central", topics=["sport"], scores={"topic:sport": 0.9}, unmeasured=[]
            )
            languages = frozenset({"vi"})
            assert raise_flags(session, Case(page, article, prediction, change, "", (), 0.0, 0.5, languages)) == 1
    with database.reading() as session:
        flags = {flag.key: flag.values for flag in session.scalars(select(FlagRow))}
    assert flags == {
        "2": {
            "revision": 2,
            "change": {"added": 1, "removed": 1, "title": False, "was": "1.200", "now": "1.500"},
        },
        "3": {"revision": 3, "change": {"added": 2, "removed": 0, "title": True, "was": "", "now": "hai tuần"}},
    }


def test_no_rule_knows_of_persons() -> None:
    """The boundary: the unit is an article, never its author."""
    fields = set(Case.__dataclass_fields__)
    assert not {name for name in fields | set(RULES) if "author" in name or "person" in name or "byline" in name}
    assert set(RULES) == {"watch", "low_confidence", "date_anomaly", "unsupported_language", "audit", "revised"}
