"""A morning at the desk in a real browser: labelling with keyboard and mouse."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select
from tests_support.browser import NEEDS_CHROMIUM, press

from store.database import Database
from store.labels import effective_labels
from store.tables import FlagRow

pytestmark = NEEDS_CHROMIUM


def labels_of(database: Database, article_id: int) -> dict[str, Any]:
    with database.reading() as session:
        return {
            name: label.value for name, label in effective_labels(session, [article_id]).get(article_id, {}).items()
        }


def at(page: Page, article_id: int) -> None:
    page.wait_for_url(re.compile(rf"/articles/{article_id}(\?.*)?$"))


def test_a_morning_with_the_keyboard(open_page: Callable[..., Page], ids: list[int], sqlite_database: Database) -> None:
    page = open_page()
    press(page, "j")
    press(page, "j")
    expect(page.locator(".item h2 a").nth(1)).to_be_focused()
    press(page, "k")
    press(page, "o")
    at(page, ids[0])

    press(page, "Enter")
    at(page, ids[1])
    assert labels_of(sqlite_database, ids[0])["verdict"] == "confirmed"
    expect(page.locator(".notice")).to_contain_text("Máy gắn nhãn đúng")

    press(page, "u")
    at(page, ids[0])
    assert labels_of(sqlite_database, ids[0]) == {}

    press(page, "r")
    press(page, "3")
    press(page, "t")
    page.keyboard.type("du lich")
    press(page, "Enter")
    press(page, "Escape")
    press(page, "c")
    at(page, ids[1])
    assert labels_of(sqlite_database, ids[0]) == {
        "relevance": "substantial",
        "topics": ["economy", "society", "tourism"],
        "tone": "negative",
        "verdict": "corrected",
    }
    press(page, "x")
    at(page, ids[2])
    press(page, "b")
    at(page, ids[3])
    assert labels_of(sqlite_database, ids[1])["relevance"] == "none"
    press(page, "j")
    at(page, ids[4])
    press(page, "k")
    at(page, ids[3])
    press(page, "q")
    page.wait_for_url("**/queue")
    expect(page.locator(".count")).to_contain_text("2 bài chờ duyệt")


def test_enter_does_not_throw_away_what_was_changed(
    open_page: Callable[..., Page], ids: list[int], sqlite_database: Database
) -> None:
    page = open_page()
    page.goto(f"/articles/{ids[0]}")
    press(page, "1")
    press(page, "Enter")
    expect(page.locator("#problem")).to_contain_text("nhấn C để lưu")
    assert labels_of(sqlite_database, ids[0]) == {}
    press(page, "Escape")
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator("[name=tone][value=mixed]")).to_be_checked()
    press(page, "Enter")
    at(page, ids[1])
    assert labels_of(sqlite_database, ids[0])["tone"] == "mixed"


def test_more_is_said_with_the_keyboard(
    open_page: Callable[..., Page], ids: list[int], sqlite_database: Database
) -> None:
    page = open_page()
    page.goto(f"/articles/{ids[0]}")
    press(page, "v")
    press(page, "v")
    expect(page.locator("[name=valence]")).to_have_value("neutral")
    expect(page.locator("#heard")).to_have_text("Bình thường")
    press(page, "g")
    press(page, "n")
    page.locator("mark.mark-negative").evaluate("mark => getSelection().selectAllChildren(mark)")
    press(page, "e")
    expect(page.locator("[name=evidence]")).to_have_value("chi phí vận tải biển vẫn cao")
    press(page, "Enter")
    expect(page.locator("#problem")).to_contain_text("nhấn C để lưu")
    press(page, "c")
    at(page, ids[1])
    found = labels_of(sqlite_database, ids[0])
    assert (found["valence"], found["voice"], found["unsure"], found["verdict"]) == (
        "neutral",
        "own",
        True,
        "confirmed",
    )
    assert found["evidence"]["field"] == "text"
    expect(page.locator("[name=voice]")).to_be_disabled()  # the next article's tone is neutral
    press(page, "1")
    expect(page.locator("[name=voice]")).to_be_enabled()


def test_tone_is_closed_where_it_is_not_asked(open_page: Callable[..., Page], ids: list[int]) -> None:
    page = open_page()
    page.goto(f"/articles/{ids[0]}")
    press(page, "r")
    press(page, "r")
    expect(page.locator("[name=relevance][value=passing]")).to_be_checked()
    expect(page.locator("[name=tone]").first).to_be_disabled()
    expect(page.locator(".tone-when")).to_be_visible()


def test_keys_work_with_a_vietnamese_input_method(open_page: Callable[..., Page], ids: list[int]) -> None:
    page = open_page()
    page.goto(f"/articles/{ids[0]}")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Process', code: 'KeyJ', bubbles: true}))"
    )
    at(page, ids[1])


def test_the_mouse_chooses_topics_and_their_order(
    open_page: Callable[..., Page], ids: list[int], sqlite_database: Database
) -> None:
    page = open_page()
    page.goto(f"/articles/{ids[0]}")
    page.get_by_role("button", name="Đưa lên làm chủ đề chính: Giáo dục, lao động, xã hội").click()
    page.get_by_role("button", name="Bỏ chủ đề: Kinh tế, thương mại, đầu tư").click()
    page.get_by_role("combobox", name="Tìm chủ đề").click()
    page.get_by_role("option", name="Y tế, sức khoẻ").click()
    page.get_by_role("button", name=re.compile("Lưu nhãn đã sửa")).click()
    at(page, ids[1])
    assert labels_of(sqlite_database, ids[0])["topics"] == ["society", "health"]


def test_the_filter_needs_no_button(open_page: Callable[..., Page], ids: list[int]) -> None:
    page = open_page()
    page.locator("[name=rule]").select_option("watch")
    page.wait_for_url("**/queue?rule=watch*")
    expect(page.locator(".item")).to_have_count(2)
    page.locator(".item h2 a").first.click()
    at(page, ids[0])
    press(page, "Enter")
    at(page, ids[1])
    assert page.url.endswith(f"?rule=watch&done={ids[0]}")


def test_what_is_closed_shows_in_the_database(
    open_page: Callable[..., Page], ids: list[int], sqlite_database: Database
) -> None:
    page = open_page()
    page.goto(f"/articles/{ids[0]}")
    page.locator("#confirm button").click()
    at(page, ids[1])
    with sqlite_database.reading() as session:
        flags = session.scalars(select(FlagRow).where(FlagRow.article_id == ids[0])).all()
    assert all(flag.closed_at for flag in flags)
