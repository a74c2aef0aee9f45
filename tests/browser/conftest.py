"""A real browser before a real server; whatever it complains of on a page fails the test that opened it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from server import packages
from tests.protocol.wire import serving

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def address(snapshots: Path) -> Iterator[str]:
    """Where the real server stands, over the real snapshot."""
    with serving(snapshots, workers=2, timeout=10) as live:
        yield live.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one these tests are skipped, in CI they fail."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None and not os.environ.get("CI"):
        pytest.skip("apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def brought() -> None:
    """The front-end packages; an install without npm has none."""
    if not packages.are_there() and not os.environ.get("CI"):
        pytest.skip("pip install --no-deps --editable . with npm there")
    assert packages.are_there()


@pytest.fixture
def complaints() -> list[str]:
    """What the pages of this test did that none should: errors logged, policies broken, other hosts called.

    At the end of the test it has to be empty; a test that means to provoke something takes that out.
    """
    return []


@pytest.fixture
def open_page(browser: Browser, address: str, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a path as a reader of their own: ``width=390``, ``color_scheme="dark"``, ``locale="zh-CN"`` …"""
    contexts = []
    here = address

    def open_(
        path: str, *, width: int = 1280, height: int = 900, address: str = here, **options: object
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        listen(page, address, complaints)
        page.goto(address + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def listen(page: Page, address: str, found: list[str]) -> None:
    def note_request(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:", "blob:")):
            found.append(f"a request to {request.url}")

    page.on("console", lambda said: found.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", note_request)
