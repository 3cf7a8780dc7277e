"""Stories in a real browser: merged, undone, split, moved; both languages, phone and desktop, without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests_support.browser import DESKTOP, NEEDS_CHROMIUM, PHONE, folder_of, press
from tests_support.events import LONE, add_events

from store.database import Database
from store.tables import ArticleRow

pytestmark = NEEDS_CHROMIUM

Events = dict[str, list[int]]


@pytest.fixture
def events(sqlite_database: Database, ids: list[int]) -> Events:
    return add_events(sqlite_database)


def story_of(database: Database, article_id: int) -> int | None:
    with database.reading() as session:
        return session.get_one(ArticleRow, article_id).story_id


def test_an_analyst_puts_stories_together_and_apart(
    open_page: Callable[..., Page], events: Events, sqlite_database: Database
) -> None:
    page = open_page()
    storm, match = (story_of(sqlite_database, events[name][0]) for name in ("storm", "match"))
    page.goto(f"/articles/{events['storm'][1]}")
    press(page, "s")
    page.wait_for_url(f"**/stories/{storm}")

    # What is typed is looked for without a button.
    page.get_by_role("searchbox").fill("bong chuyen")
    expect(page.locator("#choices h3")).to_contain_text("bong chuyen")
    page.get_by_role("button", name=re.compile("Gộp vào đây: Hải Yến")).dblclick()  # the second press is not another
    expect(page.locator(".notice")).to_contain_text(f"gộp vào đây sự kiện #{match} (2 bài)")
    expect(page.locator(".item")).to_have_count(5)
    press(page, "u")
    expect(page.locator(".item")).to_have_count(3)
    assert story_of(sqlite_database, events["match"][1]) == match

    page.locator(f"#a{events['storm'][2]}").get_by_role("button", name=re.compile("Tách ra")).click()
    expect(page.locator(".item")).to_have_count(2)
    page.locator(f"#a{events['storm'][1]}").get_by_role("link", name=re.compile("Chuyển…")).click()
    page.wait_for_url(f"**/articles/{events['storm'][1]}/story*")  # with the scripts that hear what is typed
    page.get_by_role("searchbox").fill("cho noi")
    page.get_by_role("button", name=f"Xếp chung với bài này: {LONE[0]}").click()
    expect(page.locator(".item")).to_have_count(2)
    expect(page.locator("h1")).to_have_text(LONE[0])
    page.goto(f"/stories/{match}")
    press(page, "j")
    expect(page.locator(".item h2 a").first).to_be_focused()


def test_it_works_without_javascript(open_page: Callable[..., Page], events: Events, sqlite_database: Database) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"/articles/{events['lone'][0]}")
    page.get_by_role("link", name="Xếp vào một sự kiện").click()
    page.get_by_role("searchbox").fill("bao sao mai")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_role("button", name=re.compile("Xếp vào đây: Bão Sao Mai")).click()
    expect(page.locator(".item")).to_have_count(4)
    assert story_of(sqlite_database, events["lone"][0]) == story_of(sqlite_database, events["storm"][0])
    page.locator(".notice button").click()
    expect(page.locator(".item")).to_have_count(3)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
def test_the_pages_fit_and_are_pictured(
    language: str,
    size: dict[str, int],
    open_page: Callable[..., Page],
    events: Events,
    sqlite_database: Database,
    tmp_path: Path,
) -> None:
    folder = folder_of(tmp_path)
    page = open_page(size=size)
    if language == "en":
        page.locator("[data-key=l]").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")

    def picture(name: str) -> None:
        page.wait_for_load_state()
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.screenshot(path=folder / f"{name}-{language}-{size['width']}.png", full_page=True)
        assert wide <= size["width"], f"{name} is {wide} pixels wide"

    storm = story_of(sqlite_database, events["storm"][0])
    page.goto(f"/stories/{storm}")
    picture("story")
    page.locator(f"#a{events['storm'][2]} .acts button").click()
    expect(page.locator(".item")).to_have_count(2)
    page.locator("#choices button").nth(1).click()
    expect(page.locator(".item")).to_have_count(4)
    picture("story-merged")
    page.goto(f"/articles/{events['storm'][0]}")
    picture("article-in-story")
    page.goto(f"/articles/{events['storm'][2]}/story")
    picture("placing")
    page.goto(f"/articles/{events['lone'][0]}/story?find=xyzzy")
    picture("placing-lone")
