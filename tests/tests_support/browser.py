"""Debian's chromium, for tests of the desk: where it is, how wide its windows are, and a desk for it to open."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from store.database import Database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SCREENSHOTS = os.environ.get("DIEMBAO_SCREENSHOTS")  # read now: the tests see no DIEMBAO_ variable
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium (apt install chromium)"),
]


@contextmanager
def served(database: Database, data: Path) -> Iterator[str]:
    """A desk on loopback, served by uvicorn in a thread; its address."""
    import uvicorn

    from review.app import create_app

    server = uvicorn.Server(uvicorn.Config(create_app(database, data), log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@contextmanager
def watched_pages(chromium: "Browser", address: str, password: str) -> Iterator["Callable[..., Page]"]:
    """Opens pages that are logged in; at the end none has asked another host or written an error."""
    wrong: list[str] = []
    contexts: list[Any] = []

    def watch(page: "Page") -> None:
        page.on(
            "console", lambda said: wrong.append(f"console: {said.text}") if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("request", lambda asked: None if asked.url.startswith(address) else wrong.append(f"asked {asked.url}"))

    def new(name: str = "lan", *, size: dict[str, int] = DESKTOP, **options: Any) -> "Page":
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


def press(page: "Page", key: str) -> None:
    """Press a key when the page's scripts run: what is there to see comes a moment before them."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def folder_of(tmp_path: Path) -> Path:
    """Where pictures go: the folder that DIEMBAO_SCREENSHOTS names, or one that is thrown away."""
    folder = Path(SCREENSHOTS) if SCREENSHOTS else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder
