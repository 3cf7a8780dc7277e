"""A small desk to test: the sample newsroom, and clients that can log in."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from tests_support.browser import CHROMIUM, served, watched_pages
from tests_support.desk import PASSWORD, Sample, add_article, fill
from tests_support.events import add_events
from tests_support.stories import Events

from review.app import create_app
from store.database import Database

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing that is slow on purpose would be most of these tests' time."""
    monkeypatch.setattr("store.accounts._hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def new_article(database: Database) -> Callable[..., int]:
    """Stores one more article, newer than all others, and gives its id."""

    def add(**fields: Any) -> int:
        flags = (("audit", {"share": 0.02}),)
        return add_article(database, Sample("songthuong", "vi", **{"body": "Nội dung.", "flags": flags, **fields}), -1)

    return add


@pytest.fixture
def fill_desk() -> Callable[[Database], list[int]]:
    """Fills a database with the sample newsroom."""
    return fill


@pytest.fixture
def articles(database: Database) -> list[int]:
    return fill(database)


class Browser:
    """A client that keeps its cookies, sends forms as the pages hold them, and can log in."""

    def __init__(self, http: TestClient) -> None:
        self.http = http

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.http.get(path, **more)

    def token(self) -> str:
        page = self.get("/queue")
        page = self.get("/login") if page.status_code == 303 else page
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        assert found
        return found[1]

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.http.post(path, data={"csrf": self.token(), **fields})

    def log_in(self, name: str = "lan", password: str = PASSWORD, **fields: str) -> httpx.Response:
        return self.post("/login", name=name, password=password, **fields)

    def label(self, article_id: int, verdict: str, /, **fields: str) -> httpx.Response:
        """Send the label form of an article as its page shows it, with `fields` changed."""
        page = self.get(f"/articles/{article_id}").text
        seen = re.search(r'name="seen" value="([\d.]+)"', page)
        assert seen
        return self.post(f"/articles/{article_id}/labels", **{"seen": seen[1], "verdict": verdict} | fields)


@pytest.fixture
def visit(database: Database, root: Path) -> Iterator[Callable[[], Browser]]:
    """Makes browsers, each with cookies of its own; none follows a redirect by itself."""
    app = create_app(database, root / "data")
    opened: list[TestClient] = []

    def new() -> Browser:
        opened.append(TestClient(app, follow_redirects=False))
        return Browser(opened[-1])

    yield new
    for client in opened:
        client.close()


@pytest.fixture
def browser_of_lan(articles: list[int], visit: Callable[[], Browser]) -> Browser:
    """Logged in as lan, an analyst, with the sample newsroom."""
    browser = visit()
    assert browser.log_in().status_code == 303
    return browser


@pytest.fixture
def events(browser_of_lan: Browser, database: Database) -> Events:
    """Articles on two events and one alone, beside the sample newsroom; by event, their ids."""
    return add_events(database)


@pytest.fixture(scope="module")
def chromium() -> Iterator["Chromium"]:
    """A browser, started once for a file's tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def ids(sqlite_database: Database) -> list[int]:
    """The flagged articles of the newsroom that the served desk shows."""
    return fill(sqlite_database)


@pytest.fixture
def address(sqlite_database: Database, ids: list[int], root: Path) -> Iterator[str]:
    """A desk on loopback."""
    with served(sqlite_database, root / "data") as at:
        yield at


@pytest.fixture
def open_page(chromium: "Chromium", address: str) -> Iterator["Callable[..., Page]"]:
    """Opens pages that are logged in; at the end none has asked another host or written an error."""
    with watched_pages(chromium, address, PASSWORD) as new:
        yield new
