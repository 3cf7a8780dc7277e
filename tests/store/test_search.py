from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from tests_support.rows import NOON, add_article, add_source

from store.database import Database
from store.search import SNIPPET, index_article, search, searchable

TEXTS = {
    "exact": ("Thông tin đối ngoại", "Hội nghị tổng kết công tác thông tin đối ngoại năm nay."),
    "plain": ("thong tin doi ngoai", "Bai viet khong dau ve cong tac thong tin doi ngoai nam nay."),
    "apart": ("Ngoại trưởng nói về đối tác", "Thông cáo cho biết tin vui."),
    "chinese": ("越南外交部发言人", "越南外交部发言人在河内表示，双方将继续合作。"),
    "thai": ("ข่าวเวียดนาม", "นายกรัฐมนตรีเวียดนามเยือนกรุงเทพ"),
    "words": ("Bài về từ NEAR và AND", "Mot bai khac han: near and or not."),
    "stacked": ("Chuyện cũ", "Ế ẩm, phở và bún ở Đắk Lắk."),
}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Seven articles to search."""
    with database.writing() as writing:
        add_source(writing)
        for name, (title, body) in TEXTS.items():
            add_article(writing, name, title, body, moment=NOON + timedelta(days=30 * len(name)))
    with database.reading() as reading:
        yield reading


def found(session: Session, query: str) -> list[str]:
    return [hit.url.rpartition("/")[2] for hit in search(session, query)]


def test_what_is_found(session: Session) -> None:
    everything = {
        "thong tin doi ngoai": {"exact", "plain", "apart"},
        '"doi ngoai"': {"exact", "plain"},
        '"ngoai doi"': set(),
        "NĂM ngoai": {"exact", "plain"},
        "e am": {"stacked"},
        "dak lak": {"stacked"},
        "ĐẮK LẮK": {"stacked"},
        "đak": {"stacked"},
        "pho": {"stacked"},
        "外交": {"chinese"},
        "越南 河内": {"chinese"},
        "部外": set(),
        "เวียดนาม": {"thai"},
        "กรุงเทพ": {"thai"},
        "doi": {"exact", "plain", "apart"},
        "do": set(),
        "khong co tu nay": set(),
        "đối ngoại phở": set(),
    }
    assert {query: set(found(session, query)) for query in everything} == everything


def test_exact_marks_come_first(session: Session) -> None:
    assert found(session, "thông tin đối ngoại")[0] == "exact"
    assert found(session, "THÔNG TIN ĐỐI NGOẠI")[0] == "exact"
    assert found(session, "thong tin doi ngoai")[0] == "plain"
    assert found(session, "thông tin đối ngoại")[-1] == "apart", "a phrase outranks its scattered words"


NO_WORD = [
    *"\"'*:-^()&|!\\<>%_;,.",
    "--",
    "''",
    '""',
    '"""',
    "/*",
    "\x00",
    "\t\n",
    "😀",
    "\u0301",
    "\u0e31",
    "!!!",
    "…",
    "",
    " ",
]
OPERATORS = [
    "NEAR",
    "NEAR(doi ngoai)",
    "near AND or",
    "doi OR xyzzy",
    "doi NOT ngoai xyzzy",
    "folded:xyzzy",
    "exact : xyzzy",
    "xyzz*",
    "'; DROP TABLE articles; --",
    '" OR 1=1 --',
    "doi' OR 'xyzzy",
    "doi & xyzzy",
    "doi <-> xyzzy",
    "doi:* xyzzy",
    "doi\x00xyzzy",
    "\\doi xyzzy\\",
    "\ud800xyzzy",
    "x" * 5000,
    "doi " * 2000 + "xyzzy",
]


def test_a_query_without_a_word_finds_nothing(session: Session) -> None:
    assert {query: found(session, query) for query in NO_WORD} == {query: [] for query in NO_WORD}


def test_operators_are_only_words(session: Session) -> None:
    expected = {query: ["words"] if query in ("NEAR", "near AND or") else [] for query in OPERATORS}
    assert {query: found(session, query) for query in OPERATORS} == expected
    assert set(found(session, "doi")) == {"exact", "plain", "apart"}, "and the articles are still there"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=12) | st.text(alphabet="doi \"':*&|!()<->\\\x00\u0e31đ", max_size=12))
def test_no_query_breaks_or_finds_everything(session: Session, query: str) -> None:
    assert len(search(session, query)) < len(TEXTS)


def test_a_hit_tells_where_it_is(session: Session) -> None:
    hit = search(session, "dak lak")[0]
    assert (hit.title, hit.source, hit.country, hit.language) == ("Chuyện cũ", "Báo Mẫu", "VN", "vi")
    assert "Đắk Lắk" in hit.snippet
    assert [hit.article_id for hit in search(session, "thong tin", limit=1)] == [
        hit.article_id for hit in search(session, "thong tin")
    ][:1]


def test_a_snippet_is_cut_around_the_first_hit(database: Database) -> None:
    body = "đầu " * 200 + "đối ngoại" + " cuối" * 200
    with database.writing() as session:
        add_source(session)
        add_article(session, "long", "Dài", body)
    with database.reading() as session:
        snippet = search(session, "doi ngoai")[0].snippet
    assert "đối ngoại" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) <= SNIPPET + 4


def test_an_article_is_found_by_its_new_words_only(database: Database) -> None:
    with database.writing() as session:
        add_source(session)
        row = add_article(session, "x", "Tiêu đề", "chữ cũ hoàn toàn")
        index_article(session, row.id, *searchable("Tiêu đề", "chữ mới hoàn toàn"))
    with database.reading() as session:
        assert [len(search(session, query)) for query in ("chữ cũ", "chữ mới", "tieu de")] == [0, 1, 1]
