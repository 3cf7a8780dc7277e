"""The edits of an article in a real browser: both languages, phone and desktop, without JavaScript."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests_support.browser import DESKTOP, NEEDS_CHROMIUM, PHONE, folder_of, served
from tests_support.edits import KEPT, NOTICED, add_edits

from store.database import Database
from store.tables import ArticleRow

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def edited(sqlite_database: Database, fill_desk: Callable[[Database], list[int]]) -> int:
    """The first article of the sample newsroom, edited twice and then withdrawn."""
    first = fill_desk(sqlite_database)[0]
    add_edits(sqlite_database, first)
    with sqlite_database.writing() as session:
        session.get_one(ArticleRow, first).withdrawn_at = NOTICED
    return first


@pytest.fixture
def address(sqlite_database: Database, edited: int, root: Path) -> Iterator[str]:
    with served(sqlite_database, root / "data") as at:
        yield at


@pytest.fixture
def without_javascript(chromium: Browser, address: str, password: str) -> Iterator[Callable[..., Page]]:
    contexts = []

    def new(size: dict[str, int]) -> Page:
        contexts.append(
            chromium.new_context(viewport=size, base_url=address, java_script_enabled=False)  # type: ignore[arg-type]
        )
        page: Page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.goto("/queue")
        page.locator("[name=name]").fill("lan")
        page.locator("[name=password]").fill(password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/queue")
        return page

    yield new
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
def test_the_edits_fit_open_and_are_pictured(
    language: str, size: dict[str, int], without_javascript: Callable[..., Page], edited: int, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path)
    page = without_javascript(size)
    if language == "en":
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"/articles/{edited}")
    page.screenshot(path=folder / f"edited-article-{language}-{size['width']}.png", full_page=True)
    page.locator(".edited a").click()
    page.wait_for_url("**/revisions")
    page.screenshot(path=folder / f"revisions-{language}-{size['width']}.png", full_page=True)
    # Without script nothing can ask the page for its width: what is widest must not be wider than the screen.
    wide = max(box["width"] + box["x"] for part in page.locator("main *").all() if (box := part.bounding_box()))
    assert wide <= size["width"]

    hidden = page.get_by_text(KEPT[2])
    expect(hidden).to_be_hidden()
    page.locator("details summary").click()
    expect(hidden).to_be_visible()

    page.locator(".edits a:not([aria-current])").click()
    expect(page.locator("ins")).to_have_text("hai tuần")
