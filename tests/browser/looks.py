"""What a browser tells of a page that is opened once: whether it is accessible, how wide, and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE: Final = Path(__file__).parent.parent / "clients" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE: Final = {"serious", "critical"}
PHONE: Final = 390


@dataclass(frozen=True)
class Look:
    """A page as it was found; what is wrong is told in words, and empty where nothing is."""

    status: int
    language: str
    undrawn: int
    too_wide: tuple[str, ...]
    by_day: tuple[str, ...]
    by_night: tuple[str, ...]


def look(page: Page, status: int) -> Look:
    """Look at an opened page by day, by night, and as on a phone."""
    charts = page.locator("figure.chart")
    for place in range(charts.count()):
        charts.nth(place).scroll_into_view_if_needed()  # one is drawn when it comes near
        charts.nth(place).locator("svg").first.wait_for()
    by_day = found(page)
    page.emulate_media(color_scheme="dark")
    by_night = found(page, only="color-contrast")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": PHONE, "height": 844})
    return Look(
        status,
        page.evaluate("document.documentElement.lang"),
        page.locator("figure.chart:not(:has(svg))").count(),
        tuple(page.evaluate(TOO_WIDE)),
        by_day,
        by_night,
    )


def found(page: Page, only: str = "") -> tuple[str, ...]:
    """Return what axe-core finds that is serious or critical: the rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "; null")
    options = {"resultTypes": ["violations"], **({"runOnly": [only]} if only else {})}
    violations = page.evaluate(
        "options => axe.run(document, options).then(({ violations }) => violations)", options
    )
    return tuple(
        f"{each['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"]
    )


TOO_WIDE: Final = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= innerWidth) return [];
  const beyond = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest(".scroll"));
  const shown = beyond.slice(0, 5).map((each) => each.outerHTML.slice(0, 160));
  return [`${page.scrollWidth} > ${innerWidth}`, ...shown];
}"""
"""What stands out of the screen, where the page itself has to be pushed sideways."""
