"""Pictures of the main pages, for the README and for those who look a change over.

Run from a checkout in which ``make build`` has run, or say ``make screenshots``::

    .venv/bin/python docs/screenshots.py                # the two of the README, into docs/
    .venv/bin/python docs/screenshots.py --all FOLDER   # every main page: wide, on a phone, by day, by night

It needs Chromium, and the packages for the tests. Fonts differ between machines, and so do the bytes.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from playwright.sync_api import Browser, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
WIDE: Final = (1280, 900)
PHONE: Final = (390, 844)
MARGIN: Final = 24
TALLEST: Final = 16_000
"""Chromium draws no picture that is taller; the ontology is."""

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is to be shown: the whole of it, or as far as the first element of a selector."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    scheme: Scheme = "light"
    until: str = "body"


OF_README: Final = (
    Picture("front-page", "/", until="table.total tr.subtotal"),
    Picture(
        "sentence",
        "/obs/harbin-green-agriculture-output-value-2020-growth-9-3-percent.html",
        until="table.steps",
    ),
)
MAIN: Final = {
    "front": "/",
    "city": "/city/harbin.html",
    "why": OF_README[1].path,
    "reader": "/source/e-my399-2021-03-30.html",
    "industry": "/industry/green-agriculture.html",
    "metric": "/metric/output-value.html",
    "series": "/series/harbin/output-value/green-agriculture.html",
    "coverage": "/coverage/harbin",
    "quality": "/quality",
    "question": "/queries/growth",
    "editor": "/sparql",
    "search": "/search?q=industry",
    "ontology": "/ont.html",
}


def main() -> None:
    """Take the pictures of the README, or all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--all", type=Path, metavar="FOLDER", help="every main page instead, into that folder"
    )
    folder = parser.parse_args().all
    with serving() as address, browsing() as browser:
        for picture in everything() if folder else OF_README:
            path = (folder or HERE) / f"{picture.name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            take(browser, address, picture, path)
            print(f"{path}: {path.stat().st_size / 1000:.0f} KB")


def everything() -> Iterator[Picture]:
    """Yield every main page at each width, by day and by night."""
    for (name, path), size, scheme in product(MAIN.items(), (WIDE, PHONE), get_args(Scheme)):
        yield Picture(f"{name}-{size[0]}-{scheme}", path, size, scheme)


def take(browser: Browser, address: str, picture: Picture, path: Path) -> None:
    """Open a page, wait until its charts are drawn, and write the picture."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="en", color_scheme=picture.scheme
    )
    page = context.new_page()
    page.goto(address + picture.path, wait_until="networkidle")
    for chart in page.locator("figure.chart").all():
        chart.scroll_into_view_if_needed()
        chart.locator("svg").first.wait_for()
    page.evaluate("scrollTo(0, 0)")
    end = page.locator(picture.until).first.bounding_box()
    tall = min(end["y"] + end["height"] + MARGIN if end else height, TALLEST)
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})
    context.close()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start the system's Chromium."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        sys.exit("There is no Chromium. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def serving() -> Iterator[str]:
    """Serve what was built last, with the articles as a whole; give the address."""
    command = [sys.executable, "-m", "server", "--port=0", "--workers=1", "--access-log=off"]
    articles = HERE.parent / "kg" / "data" / "sources"
    with subprocess.Popen(
        [*command, f"--articles={articles}"], stdout=subprocess.PIPE, text=True, cwd=HERE.parent
    ) as server:
        greeting = server.stdout.readline() if server.stdout else ""
        address = re.search(r"http://\S+?(?=/ )", greeting)
        try:
            yield address[0] if address else sys.exit("The server did not start: run `make build` first.")
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
