"""The desk in a real browser: keyboard, mouse, both languages, phone and desktop; nothing asked of other hosts."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from tests_support.browser import DESKTOP, NEEDS_CHROMIUM, PHONE, SCREENSHOTS

from review.app import create_app
from store.database import Database
from store.labels import effective_labels
from store.tables import FlagRow

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def ids(sqlite_database: Database, fill_desk: Callable[[Database], list[int]]) -> list[int]:
    return fill_desk(sqlite_database)


@pytest.fixture
def address(sqlite_database: Database, ids: list[int], root: Path) -> Iterator[str]:
    """A desk on loopback, served by uvicorn in a thread."""
    app = create_app(sqlite_database, root / "data")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def open_page(chromium: Browser, address: str, password: str) -> Iterator[Callable[..., Page]]:
    """Opens pages that are logged in; at the end none has asked another host or written an error."""
    wrong: list[str] = []
    contexts: list[Any] = []

    def watch(page: Page) -> None:
        page.on(
            "console", lambda said: wrong.append(f"console: {said.text}") if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("request", lambda asked: None if asked.url.startswith(address) else wrong.append(f"asked {asked.url}"))

    def new(name: str = "lan", *, size: dict[str, int] = DESKTOP, **options: Any) -> Page:
        contexts.append(chromium.new_context(viewport=size, base_url=address, **options))
        page: Page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        watch(page)
        page.goto("/queue")
        page.locator("[name=name]").fill(name)
        page.locator("[name=password]").fill(password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/queue")
        return page

    yield new
    for context in contexts:
        context.close()
    assert wrong == []


def labels_of(database: Database, article_id: int) -> dict[str, Any]:
    with database.reading() as session:
        return {
            name: label.value for name, label in effective_labels(session, [article_id]).get(article_id, {}).items()
        }


def at(page: Page, article_id: int) -> None:
    page.wait_for_url(re.compile(rf"/articles/{article_id}(\?.*)?$"))


def test_a_morning_with_the_keyboard(open_page: Callable[..., Page], ids: list[int], sqlite_database: Database) -> None:
    page = open_page()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".item h2 a").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("o")
    at(page, ids[0])

    page.keyboard.press("Enter")
    at(page, ids[1])
    assert labels_of(sqlite_database, ids[0])["verdict"] == "confirmed"
    expect(page.locator(".notice")).to_contain_text("Máy gắn nhãn đúng")

    page.keyboard.press("u")
    at(page, ids[0])
    assert labels_of(sqlite_database, ids[0]) == {}

    page.keyboard.press("r")
    page.keyboard.press("3")
    page.keyboard.press("t")
    page.keyboard.type("du lich")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    at(page, ids[1])
    assert labels_of(sqlite_database, ids[0]) == {
        "relevance": "substantial",
        "topics": ["economy", "society", "tourism"],
        "tone": "negative",
        "verdict": "corrected",
    }
    page.keyboard.press("x")
    at(page, ids[2])
    page.keyboard.press("b")
    at(page, ids[3])
    assert labels_of(sqlite_database, ids[1])["relevance"] == "none"
    page.keyboard.press("j")
    at(page, ids[4])
    page.keyboard.press("k")
    at(page, ids[3])
    page.keyboard.press("q")
    page.wait_for_url("**/queue")
    expect(page.locator(".count")).to_contain_text("2 bài chờ duyệt")


def test_enter_does_not_throw_away_what_was_changed(
    open_page: Callable[..., Page], ids: list[int], sqlite_database: Database
) -> None:
    page = open_page()
    page.goto(f"/articles/{ids[0]}")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("nhấn C để lưu")
    assert labels_of(sqlite_database, ids[0]) == {}
    page.keyboard.press("Escape")
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator("[name=tone][value=mixed]")).to_be_checked()
    page.keyboard.press("Enter")
    at(page, ids[1])
    assert labels_of(sqlite_database, ids[0])["tone"] == "mixed"


def test_tone_is_closed_where_it_is_not_asked(open_page: Callable[..., Page], ids: list[int]) -> None:
    page = open_page()
    page.goto(f"/articles/{ids[0]}")
    page.keyboard.press("r")
    page.keyboard.press("r")
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
    page.keyboard.press("Enter")
    at(page, ids[1])
    assert page.url.endswith(f"?rule=watch&done={ids[0]}")


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
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("l")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#confirm button")).to_contain_text("The machine is right")
    at(page, ids[0])
    page.keyboard.press("l")
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
    folder = Path(SCREENSHOTS) if SCREENSHOTS else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
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
    page.keyboard.press("t")
    page.keyboard.type("kinh")
    picture("topics", whole=False)
    page.keyboard.press("Escape")
    if size == DESKTOP:
        picture("article-screen", whole=False)
        page.keyboard.press("?")
        picture("keys", whole=False)
        page.keyboard.press("Escape")
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
