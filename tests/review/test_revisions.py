"""What an outlet changed, on the desk: readable without colour or script, escaped, and open to those logged in only."""

import re
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from sqlalchemy import update
from tests_support.edits import KEPT, NOTICED, add_edits

from store.changes import Line, Span
from store.database import Database
from store.tables import ArticleRow, RevisionRow


@pytest.fixture
def edited(new_article: Callable[..., int], articles: list[int], database: Database) -> int:
    key = new_article(title="Tin", flags=())
    add_edits(database, key)
    return key


def read(browser: Any, path: str) -> Any:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return lxml.html.fromstring(answer.text)


def test_the_newest_edit_is_shown_word_by_word(browser_of_lan: Any, edited: int) -> None:
    page = read(browser_of_lan, f"/articles/{edited}/revisions")
    assert page.xpath("//section//h2/text()") == ["Bản 2 → bản 3"]
    gone, come = ([part.text_content() for part in page.xpath(f"//{tag}")] for tag in ("del", "ins"))
    assert gone[:2] == ["1.200", "ban quản lý"]
    assert come[:2] == ["1.500", "Sở Giao thông"]
    (first,) = page.xpath("//p[contains(@class, 'changed')]")[:1]
    assert first.text_content() == (
        "Có sửa Bến phà phục vụ khoảng 1.2001.500 lượt khách mỗi ngày, theo ban quản lýSở Giao thông."
    ).replace("1.2001.500", "1.200 1.500")
    badges = page.xpath("//span[@class='badge']/text()")
    assert set(badges) == {"Có sửa", "Đoạn bị bỏ", "Đoạn mới"}, "what changed is said, not only coloured"
    words = page.text_content()
    assert "Phát hiện lúc 10:05, 20/11/2026" in words
    assert re.search(r"thêm \d+ từ · bỏ \d+ từ", words)


def test_what_did_not_change_is_folded_but_for_a_line_of_context(browser_of_lan: Any, edited: int) -> None:
    page = read(browser_of_lan, f"/articles/{edited}/revisions")
    (fold,) = page.xpath("//section//details")
    assert fold.xpath("./summary/text()") == ["4 đoạn không đổi"]
    assert [line.text_content() for line in fold.xpath("./p")] == KEPT[1:-1]
    shown = [line.text_content() for line in page.xpath("//div/p[contains(@class, 'same')]")]
    assert KEPT[0] in shown
    assert KEPT[-1] in shown


def test_an_earlier_edit_can_be_chosen(browser_of_lan: Any, edited: int) -> None:
    page = read(browser_of_lan, f"/articles/{edited}/revisions?version=2&rule=audit")
    assert page.xpath("//nav[@class='edits']//a[@aria-current]/text()") == ["Bản 1 → bản 2"]
    assert page.xpath("//ins/text()") == ["hai tuần"]
    assert "có sửa tiêu đề" in page.text_content()
    # No flag was raised for it: it was our program that read the page differently.
    assert "không phải do báo sửa bài" in page.text_content()
    (other,) = page.xpath("//nav[@class='edits']//a[not(@aria-current)]/@href")
    assert other == f"/articles/{edited}/revisions?rule=audit&version=3"


def test_the_article_leads_there_and_says_what_changed(browser_of_lan: Any, edited: int) -> None:
    page = read(browser_of_lan, f"/articles/{edited}?rule=revised")
    links = page.xpath("//a[contains(@href, '/revisions')]/@href")
    assert set(links) == {f"/articles/{edited}/revisions?rule=revised"}
    reason = "nay là bản 3; thêm 20 từ; bỏ 17 từ; “1.200” thành “1.500”"
    assert reason in page.text_content()
    assert reason in read(browser_of_lan, "/queue").text_content()


def test_a_flag_of_before_has_no_summary_and_reads_well(browser_of_lan: Any, articles: list[int]) -> None:
    page = read(browser_of_lan, f"/articles/{articles[4]}")
    assert "Bài đã được sửa sau khi đăng, nay là bản 2" in [
        flag.text_content().strip() for flag in page.xpath("//li[contains(@class, 'flag')]")
    ]


def test_a_withdrawn_article_says_so_with_the_time(browser_of_lan: Any, edited: int, database: Database) -> None:
    with database.writing() as session:
        session.execute(update(ArticleRow).where(ArticleRow.id == edited).values(withdrawn_at=NOTICED))
    for path in (f"/articles/{edited}", f"/articles/{edited}/revisions"):
        warnings = read(browser_of_lan, path).xpath("//p[@class='warning']/text()")
        says = "Bài đã bị gỡ khỏi trang gốc; phát hiện lúc 10:05, 20/11/2026. Dưới đây là văn bản đã lưu trước đó."
        assert says in warnings


def test_english(browser_of_lan: Any, edited: int) -> None:
    browser_of_lan.post("/language", language="en", next="/queue")
    words = read(browser_of_lan, f"/articles/{edited}/revisions").text_content()
    assert "Version 2 → version 3" in words
    assert "20 Nov 2026, 10:05" in words
    assert "Unchanged paragraphs: 4" in words


def test_markup_in_an_earlier_text_is_escaped(browser_of_lan: Any, edited: int, database: Database) -> None:
    bad = "<img src=x onerror=alert(1)> </del><script>alert(2)</script> {{ 7*7 }}"
    with database.writing() as session:
        session.execute(
            update(RevisionRow).where(RevisionRow.article_id == edited).values(title=bad, lead=bad, body=bad)
        )
    text = browser_of_lan.get(f"/articles/{edited}/revisions").text
    page = lxml.html.fromstring(text)
    assert not page.xpath("//section//img | //section//script | //@*[starts-with(name(), 'on')]")
    assert page.xpath("//del")
    assert "&lt;img" in text
    assert "{{" in page.text_content()


def test_no_edits_no_article_no_such_version_no_login(
    browser_of_lan: Any, articles: list[int], edited: int, visit: Callable[[], Any]
) -> None:
    assert "Bài này chưa được sửa lần nào." in browser_of_lan.get(f"/articles/{articles[0]}/revisions").text
    assert browser_of_lan.get("/articles/999999/revisions").status_code == 404
    assert browser_of_lan.get(f"/articles/{edited}/revisions?version=9").status_code == 404
    assert browser_of_lan.get(f"/articles/{edited}/revisions?version=1").status_code == 404
    assert browser_of_lan.get(f"/articles/{edited}/revisions?version=x").status_code == 422
    answer = visit().get(f"/articles/{edited}/revisions")
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login")


def test_short_unchanged_runs_are_not_folded() -> None:
    from review.revisions import parts_of
    from store.changes import Version, compare

    same = "\n".join(f"đoạn {number}" for number in range(4))
    parts = parts_of(compare(Version("t", "", f"a\n{same}\nb"), Version("t", "", f"x\n{same}\ny")))
    body = parts[1]
    assert [fold.hidden for fold in body.folds if fold.hidden] == []
    assert sum(len(fold.lines) for fold in body.folds) == 8
    assert body.folds[0].lines[0] == Line("removed", (Span("removed", "a"),))
