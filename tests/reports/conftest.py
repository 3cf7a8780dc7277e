"""A week of fictional outlets, small enough to count by hand, hostile enough to be worth showing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from reports.doubts import Knowledge
from reports.summary import WeeklySummary, assemble
from reports.week import Week
from reports.words import Text
from store.database import Database
from store.tables import ArticleRow, CopyRow, FlagRow, LabelRow, PageRow, PredictionRow, SourceRow, StoryRow, UserRow

WEEK = Week(2026, 46)
LATER = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
TOPICS = {
    "diplomacy": Text("Ngoại giao", "Diplomacy"),
    "economy": Text("Kinh tế, thương mại, đầu tư", "Economy, trade, investment"),
    "rights": Text("Nhân quyền, tự do báo chí, tôn giáo", "Human rights, press freedom, religion"),
    "tourism": Text("Du lịch", "Tourism"),
    "world": Text("Quốc tế", "World"),
}
MEASURED = ("vi", "en")
KNOWLEDGE = Knowledge(0.5, frozenset({"vi", "en", "fr", "zh"}))
HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(2)> & {{ 7*7 }} \u202eevil'

# id, Vietnamese name, English name, country, scope, language
OUTLETS = (
    ("song-hong", "Báo Sông Hồng", "Red River News", "VN", "national", "vi"),
    ("song-han", "Báo Sông Hàn", "Han River Daily", "VN", "provincial", "vi"),
    ("bo-thu", "Trang tin Bộ Thử", "Ministry of Trials", "VN", "ministry", "vi"),
    ("courrier", "Courrier du Delta", "Courrier du Delta", "FR", "foreign", "fr"),
    ("delta-ribao", "三角洲日报", "Delta Daily", "CN", "foreign", "zh"),
    ("lighthouse", "The Lighthouse Post", "The Lighthouse Post", "GB", "foreign", "en"),
    ("nowhere", "Nowhere Wire", "Nowhere Wire", "XX", "agency", "km"),
)


@dataclass
class Newsdesk:
    """Adds rows with as little said as possible."""

    session: Session
    count: int = 0
    user: int = 0
    languages: dict[str, str] = field(default_factory=dict)

    def outlets(self) -> None:
        for id_, name_vi, name_en, country, scope, language in OUTLETS:
            named = {"id": id_, "name": name_en, "name_vi": name_vi, "name_en": name_en, "domain": f"{id_}.example"}
            placed = {"country": country, "languages": [language], "scope": scope, "timezone": "UTC", "enabled": True}
            self.session.add(SourceRow(**named, **placed))
            self.languages[id_] = language
        user = UserRow(name="an", password_hash="-")
        self.session.add(user)
        self.session.flush()
        self.user = user.id

    def article(self, outlet: str, title: str, at: datetime, **more: Any) -> ArticleRow:
        self.count += 1
        url = more.pop("url", f"https://{outlet}.example/{self.count}")
        dated = more.pop("dated", True)
        page = PageRow(source_id=outlet, url=url, url_key=f"{self.count}", host=f"{outlet}.example")
        self.session.add(page)
        self.session.flush()
        values = {
            "page_id": page.id, "source_id": outlet, "url": url, "canonical_url": url, "title": title, "lead": "",
            "body": "", "authors": [], "language": self.languages[outlet], "published_at": at if dated else None,
            "date_source": "meta" if dated else "none", "date_confidence": 1.0, "sorted_at": at,
            "text_digest": f"{self.count}", "extractor": "test",
        }  # fmt: skip
        row = ArticleRow(**(values | more))
        self.session.add(row)
        self.session.flush()
        return row

    def says(
        self, article: ArticleRow, relevance: str | None, topic: str | None, tone: str | None, **more: Any
    ) -> None:
        score = more.pop("score", 0.9)
        values = {
            "article_id": article.id, "revision": article.revision, "model": "topics-1+lexicon",
            "language": article.language, "language_confidence": 1.0, "relevance": relevance,
            "topics": [topic] if topic else [], "primary_topic": topic, "tone": tone,
            "scores": {f"topic:{topic}": score} if topic else {}, "evidence": [],
            "unmeasured": [] if article.language in MEASURED else ["relevance", "topics", "tone"],
        }  # fmt: skip
        self.session.add(PredictionRow(**(values | more)))
        self.session.flush()

    def flag(self, article: ArticleRow, rule: str) -> None:
        self.session.add(FlagRow(article_id=article.id, rule=rule, values={}))

    def verdict(self, article: ArticleRow, value: str = "confirmed", **more: Any) -> LabelRow:
        values = {"article_id": article.id, "revision": article.revision, "user_id": self.user, "field": "verdict"}
        row = LabelRow(**(values | {"value": value} | more))
        self.session.add(row)
        self.session.flush()
        return row

    def copy(self, article: ArticleRow, original: ArticleRow) -> None:
        self.session.add(CopyRow(article_id=article.id, original_id=original.id, method="minhash", similarity=0.97))

    def story(self, title: str, *articles: ArticleRow) -> None:
        at = articles[0].sorted_at
        row = StoryRow(title=title, first_at=at, last_at=at, articles=len(articles))
        self.session.add(row)
        self.session.flush()
        for article in articles:
            article.story_id = row.id


def fill(desk: Newsdesk) -> None:
    """The sample: see the comments for what each article is there for."""
    desk.outlets()
    start = WEEK.since
    hour = timedelta(hours=1)
    first = desk.article("song-hong", "Việt Nam và Pháp nâng cấp quan hệ hợp tác", start, body="Hai bên ký kết.")
    desk.says(first, "central", "diplomacy", "positive")
    again = desk.article("song-han", "Việt Nam – Pháp nâng cấp quan hệ hợp tác", start + 5 * hour)
    desk.says(again, "central", "diplomacy", "positive")
    desk.copy(again, first)
    french = desk.article("courrier", "Le Vietnam et la France renforcent leur partenariat", start + 30 * hour)
    desk.says(french, "central", "diplomacy", "neutral")
    chinese = desk.article(
        "delta-ribao", "越南与法国提升双边关系：两国领导人在河内举行会谈并签署多项合作文件", start + 31 * hour
    )
    desk.says(chinese, "substantial", "diplomacy", "neutral", score=0.3)  # low confidence
    desk.story("Việt Nam – Pháp nâng cấp quan hệ", first, again, french, chinese)
    body = (
        "The committee met on Tuesday.\nRights groups said the ruling was a serious setback for the independent press "
        "in the country, and asked the court to publish its reasons before the end of the month as the law requires.\n"
        "More followed."
    )
    begin = body.index("serious setback")
    span = {"field": "text", "start": begin, "end": begin + 15, "tag": "tone:negative", "weight": 0.7}
    rights = desk.article("lighthouse", "Court ruling draws criticism", start + 50 * hour, lead="", body=body)
    desk.says(rights, "central", "rights", "negative", evidence=[span])
    desk.flag(rights, "tone-shift")
    desk.verdict(rights)
    hostile = desk.article("lighthouse", HOSTILE, start + 51 * hour, url="javascript:alert(3)")
    desk.says(hostile, "passing", "economy", None)
    mixed = desk.article(
        "lighthouse", "Exports rise while small firms struggle with power cuts", start + 52 * hour, revision=2
    )
    desk.says(mixed, "substantial", "economy", "mixed")
    desk.says(mixed, "none", "world", None, revision=1, current=False)  # an earlier text: not counted
    desk.flag(mixed, "audit")
    desk.flag(mixed, "edited")
    desk.verdict(mixed, "corrected")
    undated = desk.article("bo-thu", "Thông báo về chương trình du lịch mùa đông", start + 70 * hour, dated=False)
    desk.says(undated, "central", "tourism", "unclear")
    khmer = desk.article("nowhere", "កិច្ចប្រជុំ", start + 71 * hour)
    desk.says(khmer, "none", None, None)  # abstains; unsupported language
    desk.article("song-hong", "Bài máy chưa đọc", start + 100 * hour)  # no prediction
    world = desk.article("song-hong", "Bầu cử ở một nước xa", WEEK.until - timedelta(microseconds=1))
    desk.says(world, "none", "world", None)
    gone = desk.article("song-han", "Bài đã gỡ xuống", start + 60 * hour, withdrawn_at=start + 90 * hour)
    desk.says(gone, "central", "economy", "negative")
    before = desk.article("song-hong", "Tuần trước", start - timedelta(microseconds=1))
    desk.says(before, "central", "economy", "neutral")
    desk.article("song-hong", "Tuần sau", WEEK.until)


@pytest.fixture
def newsdesk() -> Callable[[Session], Newsdesk]:
    """A desk to add rows with, for tests that need a week of their own."""
    return Newsdesk


@pytest.fixture
def sample(database: Database) -> Database:
    """The sample week, on each kind of database."""
    with database.writing() as session:
        fill(Newsdesk(session))
    return database


@pytest.fixture
def sqlite_sample(sqlite_database: Database) -> Database:
    """The sample week, for what does not depend on the kind of database."""
    with sqlite_database.writing() as session:
        fill(Newsdesk(session))
    return sqlite_database


@pytest.fixture
def summarise() -> Callable[..., WeeklySummary]:
    """The summary of the sample week from a database, as made at a given moment."""

    def made(database: Database, moment: datetime = LATER) -> WeeklySummary:
        with database.reading() as session:
            return assemble(session, WEEK, moment, TOPICS, KNOWLEDGE, "diembao 0.1.0")

    return made
