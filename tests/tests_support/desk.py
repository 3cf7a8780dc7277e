"""A small newsroom for the desk: fictional outlets, plausible articles, two users."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from store.accounts import add_user
from store.content import full_text
from store.database import Database
from store.tables import ArticleRow, CopyRow, FlagRow, PageRow, PredictionRow, RevisionRow, SourceRow

PASSWORD = "chim-se-dau-canh-tre"
START = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
RICE = """\
Lượng gạo Việt Nam xuất sang Nhật Bản trong quý III tăng 31% so với cùng kỳ, theo hải quan.
Các doanh nghiệp ở Đồng Tháp cho biết đơn hàng đã kín đến hết năm, nhờ giống lúa thơm đạt chuẩn dư lượng.
Tuy vậy, chi phí vận tải biển vẫn cao và nhiều hợp tác xã chưa có kho lạnh, nên lãi chưa tăng tương xứng.
“Chúng tôi mừng vì giá tốt, nhưng còn lo khâu bảo quản”, bà Lê Thị Mận, chủ nhiệm một hợp tác xã ở huyện Lấp Vò, nói."""


@dataclass(frozen=True)
class Sample:
    """What `add_article` makes; `evidence` is (field, term, tag, weight)."""

    source: str
    language: str
    title: str
    body: str
    lead: str = ""
    flags: tuple[tuple[str, dict[str, Any]], ...] = ()
    relevance: str | None = "central"
    topics: tuple[str, ...] = ("economy",)
    tone: str | None = "neutral"
    evidence: tuple[tuple[str, str, str, float], ...] = ()
    valence: str | None = None
    voice: str | None = None
    unmeasured: tuple[str, ...] = ()
    dated: bool = True


SOURCES = {
    "songthuong": ("Nhật báo Sông Thương", "VN", ["vi"]),
    "harbour": ("The Harbour Courier", "AU", ["en"]),
    "minato": ("港南新報", "JP", ["ja"]),
    "lotus": ("ดอกบัวรายวัน", "TH", ["th"]),
    "escale": ("L’Escale du Sud", "FR", ["fr"]),
}
SAMPLES = (
    Sample(
        "songthuong", "vi", "Gạo thơm Đồng Tháp rộng đường sang Nhật Bản", RICE,
        lead="Đơn hàng tăng mạnh trong quý III, nhưng chi phí vận tải vẫn là nỗi lo của các hợp tác xã.",
        flags=(("low_confidence", {"score": 0.46, "threshold": 0.5}), ("watch", {"query": "xuất khẩu gạo"})),
        topics=("economy", "society"), tone="mixed",
        evidence=(
            ("title", "Đồng Tháp", "relevance", 0.4), ("text", "Đơn hàng tăng mạnh", "topic:economy", 0.35),
            ("text", "xuất sang Nhật Bản", "topic:economy", 0.3), ("text", "Việt Nam", "relevance", 0.6),
            ("text", "hợp tác xã", "topic:society", 0.5), ("text", "giá tốt", "tone:positive", 0.52),
            ("text", "chi phí vận tải biển vẫn cao", "tone:negative", 0.48),
            ("text", RICE.split("\n")[0], "sentence:topic:economy", 0.46),
            ("text", RICE.split("\n")[0], "sentence:relevance", 1.0),
            ("text", RICE.split("\n")[2], "sentence:tone:negative", 1.0),
        ),
        valence="good", voice="both",
    ),
    Sample(
        "harbour", "en", "Vietnam’s coast braces as storm Kalmia gathers strength",
        "Authorities in three central provinces of Vietnam began moving families inland on Thursday.\n"
        "Officials in Quảng Ngãi said shelters were ready and boats had been called back to port.",
        flags=(("watch", {"query": "storm OR bão"}),), topics=("environment",), tone="neutral",
        evidence=(("title", "storm", "topic:environment", 0.7), ("text", "Vietnam", "relevance", 1.0)),
        valence="bad", unmeasured=("voice",),
    ),
    Sample(
        "minato", "ja", "ベトナム中部の古都、秋の観光客が過去最多に",
        "ベトナム中部の古都フエを訪れた日本人観光客は、今年の秋に過去最多となった。\n地元の旅行会社は直行便の増便を歓迎している。",
        flags=(("audit", {"share": 0.02}),), topics=("tourism", "culture"), tone="positive",
        evidence=(("title", "観光客", "topic:tourism", 0.8), ("text", "過去最多", "tone:positive", 0.7)),
        valence="good", voice="own", unmeasured=("topics", "tone", "valence", "voice"),
    ),
    Sample(
        "lotus", "th", "เวียดนามและไทยหารือเรื่องการขนส่งทางราง", "เจ้าหน้าที่ของทั้งสองประเทศพบกันที่กรุงเทพฯ เมื่อวันพุธ",
        flags=(
            ("unsupported_language", {"language": "th", "words": True, "unmeasured": ["relevance", "topics"]}),
            ("withdrawn", {"status": 410}),
        ),
        relevance=None, topics=(), tone=None,
    ),
    Sample(
        "escale", "fr", "Au Vietnam, une école d’art cherche des mécènes",
        "L’école de Bac Ninh accueille trente élèves.\nSes fondateurs regrettent la lenteur des autorisations.",
        flags=(
            ("date_anomaly", {"published_at": "2031-01-01T00:00:00+00:00", "reason": "future"}),
            ("revised", {"revision": 2}), ("brand_new_rule", {"x": 1}),
        ),
        topics=("culture", "society"), tone="negative", dated=False,
        evidence=(("text", "regrettent la lenteur", "tone:negative", 1.0),),
    ),
)  # fmt: skip


def add_sources(database: Database) -> None:
    with database.writing() as session:
        for key, (name, country, languages) in SOURCES.items():
            session.add(
                SourceRow(
                    id=key, name=name, name_vi=name, name_en=name, domain=f"{key}.example", country=country,
                    languages=languages, scope="news", timezone="UTC", enabled=True,
                )
            )  # fmt: skip


def add_article(database: Database, sample: Sample, number: int) -> int:
    """Store the sample, published `number` hours before the newest, and give its id."""
    url = f"https://{sample.source}.example/{number}"
    when = START - timedelta(hours=number)
    with database.writing() as session:
        page = PageRow(
            source_id=sample.source, url=url, url_key=url, host=f"{sample.source}.example", state="fetched",
            fetched_at=when, status=200, warc_file="2026-11/diembao-20261120-000.warc.gz", warc_offset=4096 * number,
        )  # fmt: skip
        session.add(page)
        session.flush()
        article = ArticleRow(
            page_id=page.id, source_id=sample.source, url=url, canonical_url=url, title=sample.title,
            lead=sample.lead, body=sample.body, authors=[], language=sample.language,
            published_at=when if sample.dated else None, date_source="meta", date_confidence=0.9, first_seen_at=when,
            sorted_at=when, text_digest=f"digest-{number}", extractor="test",
        )  # fmt: skip
        session.add(article)
        session.flush()
        session.add(_prediction(article.id, sample))
        for rule, values in sample.flags:
            session.add(FlagRow(article_id=article.id, rule=rule, values=values, raised_at=when))
        return article.id


def _prediction(article_id: int, sample: Sample) -> PredictionRow:
    texts = {"title": sample.title, "text": full_text(sample.lead, sample.body)}
    evidence = []
    for field, term, tag, weight in sample.evidence:
        start = texts[field].index(term)
        evidence.append({"field": field, "start": start, "end": start + len(term), "tag": tag, "weight": weight})
    return PredictionRow(
        article_id=article_id, revision=1, model="vn-2026.11", language=sample.language, language_confidence=0.99,
        relevance=sample.relevance, topics=list(sample.topics), primary_topic=(sample.topics or (None,))[0],
        tone=sample.tone, scores={"relevance": 0.91, f"topic:{(sample.topics or ('world',))[0]}": 0.46, "tone": 0.58}
        | ({"valence": 0.71} if sample.valence else {}) | ({"voice": 0.52} if sample.voice else {}),
        evidence=evidence, valence=sample.valence, voice=sample.voice, unmeasured=list(sample.unmeasured),
    )  # fmt: skip


def fill(database: Database) -> list[int]:
    """The sample newsroom: ids of the flagged articles, newest first. The first has a copy, the last a revision."""
    add_sources(database)
    ids = [add_article(database, sample, number) for number, sample in enumerate(SAMPLES)]
    copy = Sample("harbour", "vi", "Gạo thơm rộng đường sang Nhật", RICE)
    copy_id = add_article(database, copy, 9)
    with database.writing() as session:
        session.add(CopyRow(article_id=copy_id, original_id=ids[0], method="minhash", similarity=0.93))
        session.add(
            RevisionRow(article_id=ids[4], number=1, title="Une école d’art au Vietnam", lead="", body="Texte d’avant.",
                        text_digest="before")
        )  # fmt: skip
        add_user(session, "lan", PASSWORD)
        add_user(session, "Thầy Hoà", PASSWORD, "admin")
    return ids
