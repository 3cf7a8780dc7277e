"""The desk's pages in a real browser: both languages, phone and desktop, without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests_support.browser import DESKTOP, NEEDS_CHROMIUM, PHONE, folder_of, press

from store.database import Database
from store.labels import effective_labels

pytestmark = NEEDS_CHROMIUM


def labels_of(database: Database, article_id: int) -> dict[str, Any]:
    with database.reading() as session:
        return {
            name: label.value for name, label in effective_labels(session, [article_id]).get(article_id, {}).items()
        }


def at(page: Page, article_id: int) -> None:
    page.wait_for_url(re.compile(rf"/articles/{article_id}(\?.*)?$"))


def test_on_a_phone_the_bar_confirms_and_gives_way_to_the_panel(
    open_page: Callable[..., Page], ids: list[int], sqlite_database: Database
) -> None:
    page = open_page(size=PHONE)
    page.goto(f"/articles/{ids[0]}")
    bar = page.locator(".thumb")
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Sửa nhãn").click()
    expect(bar).to_be_hidden()
    page.goto(f"/articles/{ids[0]}")
    bar.get_by_role("button", name="Máy đúng").click()
    at(page, ids[1])
    assert labels_of(sqlite_database, ids[0])["verdict"] == "confirmed"


def test_help_and_language_by_key(open_page: Callable[..., Page], ids: list[int]) -> None:
    page = open_page()
    page.goto(f"/articles/{ids[0]}")
    press(page, "?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    press(page, "l")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#confirm button")).to_contain_text("The machine is right")
    at(page, ids[0])
    press(page, "l")
    expect(page.locator("html")).to_have_attribute("lang", "vi")


def test_it_works_without_javascript(open_page: Callable[..., Page], ids: list[int], sqlite_database: Database) -> None:
    page = open_page(java_script_enabled=False)
    page.locator("[name=rule]").select_option("watch")
    page.get_by_role("button", name="Lọc").click()
    expect(page.locator(".item")).to_have_count(2)
    page.locator(".item h2 a").first.click()
    page.locator("[name=topic1]").select_option("health")
    page.locator("[name=tone][value=neutral]").check()
    page.get_by_role("button", name=re.compile("Lưu nhãn đã sửa")).click()
    assert labels_of(sqlite_database, ids[0])["topics"] == ["health", "society"]
    page.locator(".notice button").click()
    assert labels_of(sqlite_database, ids[0]) == {}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
def test_pages_fit_and_are_pictured(
    language: str, size: dict[str, int], open_page: Callable[..., Page], ids: list[int], tmp_path: Path, address: str
) -> None:
    folder = folder_of(tmp_path)
    page = open_page(size=size)
    if language == "en":
        page.locator("[data-key=l]").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")

    def picture(name: str, *, whole: bool = True) -> None:
        page.wait_for_load_state()  # the stylesheets too
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.screenshot(path=folder / f"{name}-{language}-{size['width']}.png", full_page=whole)
        assert wide <= size["width"], f"{name} is {wide} pixels wide"

    picture("queue")
    page.goto(f"/articles/{ids[0]}")
    picture("article")
    press(page, "t")
    page.keyboard.type("kinh")
    picture("topics", whole=False)
    press(page, "Escape")
    if size == DESKTOP:
        picture("article-screen", whole=False)
        press(page, "?")
        picture("keys", whole=False)
        press(page, "Escape")
    page.locator("#label [value=corrected]").click()
    at(page, ids[1])
    page.goto(f"/articles/{ids[4]}")
    page.locator("#label button[value=unclear]").click()
    expect(page.locator(".count")).to_be_visible()
    picture("queue-done")
    page.goto(f"/articles/{ids[0]}")
    page.locator(".known details").evaluate_all("boxes => boxes.forEach((box) => { box.open = true; })")
    picture("article-labelled")
    page.context.clear_cookies()
    page.goto("/queue")
    picture("login")
