"""Drift is told by `diembao status`, its JSON and the metrics, on both databases; small ones stay silent."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session
from tests_support.rows import add_article, add_source

from pipelines.disk import Disk
from pipelines.drift import WEEK, measure_drift
from pipelines.metrics import metrics_text
from pipelines.settings import load_settings
from pipelines.standing import as_json, write_standing
from store.base import now
from store.content import ArticleRow, PredictionRow
from store.crawling import PageRow
from store.database import Database
from store.labels import write_labels
from store.reviewing import FlagRow, UserRow
from store.runs import standing

DAY = timedelta(days=1)
LANGUAGES = frozenset({"vi", "en"})
DISK = Disk(Path("var/warc"), 0, 0, 0, 10**9, 10**10)


def add_many(session: Session, name: str, languages: dict[str, int], at: datetime) -> list[ArticleRow]:
    """Articles of an hour, all said to be on sport; without search words and marks, which nobody reads here."""
    wanted = [language for language, count in languages.items() for _ in range(count)]
    urls = [f"http://bao-mau.example/{name}-{n}" for n in range(len(wanted))]
    pages = [PageRow(source_id="bao-mau", url=url, url_key=url, host="bao-mau.example", state="fetched",
                     outcome="article") for url in urls]  # fmt: skip
    session.add_all(pages)
    session.flush()
    articles = [
        ArticleRow(
            page_id=page.id, source_id="bao-mau", url=page.url, canonical_url=page.url, title="Tin", lead="",
            body="Thân bài. " * 30, authors=[], language=language, published_at=at, date_source="meta",
            date_confidence=1.0, first_seen_at=at, sorted_at=at, text_digest="", extractor="t",
        )
        for page, language in zip(pages, wanted, strict=True)
    ]  # fmt: skip
    session.add_all(articles)
    session.flush()
    session.add_all(
        PredictionRow(
            article_id=article.id, revision=1, model="m", language=article.language, language_confidence=1.0,
            relevance="central", topics=["sport"], primary_topic="sport", tone="neutral",
            scores={"topic:sport": 0.8}, evidence=[], created_at=at,
        )
        for article in articles
    )  # fmt: skip
    session.flush()
    return articles


def fill(session: Session, recent: dict[str, int], moment: datetime) -> list[ArticleRow]:
    add_source(session)
    for week in range(1, 5):
        add_many(session, f"w{week}", {"vi": 90, "en": 20}, moment - week * WEEK - 3 * DAY)
    return add_many(session, "now", recent, moment - 3 * DAY)


def test_a_change_of_language_is_told(database: Database, tmp_path: Path, root: Path) -> None:
    with database.writing() as session:
        fill(session, {"vi": 160, "en": 40, "sw": 40}, now())
    url = database.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": str(root), "DIEMBAO_DATABASE_URL": url, "DIEMBAO_VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "pipelines.cli", "status"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("drift")]
    assert lines == [
        "drift      language: sw 0% -> 17% in 7 days (distance 0.29, allowed 0.15)",
        "drift      unsupported language: 0% -> 17% in 7 days (distance 0.17, allowed 0.05)",
    ]
    with database.reading() as session:
        plain = as_json(standing(session), DISK, drift=measure_drift(session, now(), LANGUAGES))
    drift = json.loads(json.dumps(plain))["drift"]
    assert drift["raised"] == ["language", "unsupported_language"]
    assert (drift["articles"], drift["before"], drift["model"]) == (240, 440, "m")
    assert {check["name"]: check["raised"] for check in drift["checks"]}["topic"] is False


def test_the_metrics_tell_it(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        articles = fill(session, {"vi": 160, "en": 40, "sw": 40}, now())
        user = UserRow(name="lan", password_hash="-")
        session.add(user)
        session.flush()
        for article in articles[:4]:
            session.add(FlagRow(article_id=article.id, rule="audit", values={}))
        tones = ("neutral", "neutral", "neutral", "mixed")
        for article, tone in zip(articles[:4], tones, strict=True):
            said = {"relevance": "central", "topics": ["sport"], "tone": tone, "verdict": "corrected"}
            write_labels(session, article, user.id, said)
    settings, _ = load_settings(tmp_path, var_dir=tmp_path)
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(metrics_text(database, settings)):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.values()))] = sample.value
    raised = found["diembao_drift_raised"]
    assert {check for check, value in raised.items() if value} == {("language",), ("unsupported_language",)}
    assert len(raised) == 12
    assert found["diembao_drift_distance"][("language",)] == pytest.approx(0.29, abs=0.01)
    assert ("audit_tone",) not in found["diembao_drift_distance"], "four are too few"
    assert found["diembao_audit_kept"] == {
        ("recent", "relevance"): 1.0, ("recent", "topic"): 1.0, ("recent", "tone"): 0.75
    }  # fmt: skip


def told(database: Database, moment: datetime) -> list[str]:
    with database.reading() as session:
        drift = measure_drift(session, moment, LANGUAGES)
        text = write_standing(standing(session), DISK, drift=drift)
    return [line for line in text.splitlines() if line.startswith("drift")]


def test_a_quiet_week_and_an_empty_database(sqlite_database: Database) -> None:
    moment = now()
    assert told(sqlite_database, moment) == []
    with sqlite_database.writing() as session:
        fill(session, {"vi": 180, "en": 40}, moment)
    assert told(sqlite_database, moment) == ["drift      none seen: 7 days (220 articles) are like the 28 days before"]
    assert told(sqlite_database, moment - 5 * WEEK) == []


def test_few_articles_stay_silent(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        add_source(session)
        for n in range(5):
            add_article(session, str(n), f"Tin {n}", "Thân bài.", language="km", moment=now() - DAY)
    assert told(sqlite_database, now()) == []


def audit(session: Session, articles: list[ArticleRow], right: int, **said: Any) -> None:
    user = session.query(UserRow).first() or UserRow(name="lan", password_hash="-")
    session.add(user)
    session.flush()
    for n, article in enumerate(articles):
        session.add(FlagRow(article_id=article.id, rule="audit", values={}))
        values = {"relevance": "central", "topics": ["sport" if n < right else "health"], "tone": "neutral"}
        write_labels(session, article, user.id, values | {"verdict": "corrected"})


def test_a_machine_that_is_right_less_often(sqlite_database: Database) -> None:
    moment = now()
    with sqlite_database.writing() as session:
        add_source(session)
        audit(session, add_many(session, "b", {"vi": 60}, moment - 8 * WEEK), 57)
        audit(session, add_many(session, "a", {"vi": 40}, moment - 2 * WEEK), 24)
    assert told(sqlite_database, moment) == [
        "drift      audit topic: 95% -> 60% kept by people (40 audited, 60 before)"
    ]
