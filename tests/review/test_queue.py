"""The queue: what waits, why, in what order."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from review.flags import describe
from review.show import Show
from store.database import Database
from store.desk import QueueFilter, count_by, neighbours, read_queue


def listed(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<h2><a href="/articles/(\d+)', page)]


def test_what_is_doubtful_of_a_language_is_said() -> None:
    def said(**values: Any) -> str:
        return describe(Show("vi", {}), "unsupported_language", values)

    assert said(language="km") == "Bài viết bằng tiếng Khmer; máy chưa có bộ từ vựng", "a flag of an earlier version"
    assert said(language="nl", words=True, unmeasured=["relevance", "topics"]) == (
        "Bài viết bằng tiếng Hà Lan; chưa đo được ở ngôn ngữ này: liên quan, chủ đề"
    )
    assert said(language="und", words=False, unmeasured=["topics", "<b>"]) == (
        "Bài viết bằng ngôn ngữ không xác định; máy chưa có bộ từ vựng; chưa đo được ở ngôn ngữ này: chủ đề, <b>"
    )


def test_it_lists_flagged_articles_newest_first_with_stated_reasons(browser_of_lan: Any, articles: list[int]) -> None:
    page = browser_of_lan.get("/queue").text
    assert listed(page) == articles
    assert "5 bài chờ duyệt" in page
    for words in (
        "Máy chưa chắc chắn: độ tin cậy 0,46, dưới ngưỡng 0,50",
        "Khớp truy vấn theo dõi “xuất khẩu gạo”",
        "Mẫu kiểm tra ngẫu nhiên (2% số bài)",
        "Bài viết bằng tiếng Thái; chưa đo được ở ngôn ngữ này: liên quan, chủ đề",
        "Bài đã bị gỡ khỏi trang gốc (máy chủ trả mã 410)",
        "Ngày đăng đáng ngờ: 07:00, 01/01/2031 (ngày ở tương lai)",
        "Bài đã được sửa sau khi đăng, nay là bản 2",
        "brand_new_rule",
        "Nhật báo Sông Thương",
        "Nhật Bản",
        "08:30, 20/11/2026",
        "Kinh tế, thương mại, đầu tư",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("rule=watch", [0, 1]),
        ("language=ja", [2]),
        ("topic=society", [0, 4]),
        ("topic=society&language=fr", [4]),
        ("order=flags", [4, 0, 3, 1, 2]),
        ("topic=s%25", []),
        ("rule=%27%20OR%201=1", []),
        ("page=2", []),
    ],
)
def test_it_is_filtered_and_ordered(query: str, places: list[int], browser_of_lan: Any, articles: list[int]) -> None:
    answer = browser_of_lan.get(f"/queue?{query}")
    assert answer.status_code == 200
    assert listed(answer.text) == [articles[place] for place in places]


def test_an_odd_address_is_answered_and_not_believed(browser_of_lan: Any) -> None:
    for path in ("/queue?page=0", "/queue?page=x", "/queue?rule=" + "x" * 300, "/articles/0", "/articles/99999999999"):
        assert browser_of_lan.get(path).status_code == 422, path
    assert browser_of_lan.get("/articles/4242").status_code == 404


def test_pages(database: Database, articles: list[int]) -> None:
    with database.reading() as session:
        first = read_queue(session, QueueFilter(), limit=2)
        last = read_queue(session, QueueFilter(), offset=4, limit=2)
    assert [item.article.id for item in first.items] == articles[:2]
    assert [item.article.id for item in last.items] == articles[4:]
    assert first.total == last.total == 5


@pytest.mark.parametrize("wanted", [QueueFilter(), QueueFilter(order="flags"), QueueFilter(rule="watch")])
def test_the_neighbours_are_those_of_the_list(wanted: QueueFilter, database: Database, articles: list[int]) -> None:
    with database.reading() as session:
        order = [item.article.id for item in read_queue(session, wanted).items]
        for place, key in enumerate(order):
            before = order[place - 1] if place else None
            after = order[place + 1] if place + 1 < len(order) else None
            assert neighbours(session, wanted, key) == (before, after)
        assert neighbours(session, wanted, 4242) == (None, None)


def test_counts_are_of_articles(database: Database, articles: list[int]) -> None:
    with database.reading() as session:
        assert count_by(session, "rule")["watch"] == 2
        assert count_by(session, "language") == {"en": 1, "fr": 1, "ja": 1, "th": 1, "vi": 1}


def test_an_empty_queue_says_so(visit: Callable[[], Any], database: Database, password: str) -> None:
    from store.accounts import add_user

    with database.writing() as session:
        add_user(session, "lan", password)
    browser = visit()
    browser.log_in()
    assert "Không còn bài nào chờ duyệt." in browser.get("/queue").text
    assert "Bỏ bộ lọc" in browser.get("/queue?rule=audit").text
