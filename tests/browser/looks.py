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
    by_day = without_contrast(page) + contrast(page)
    page.emulate_media(color_scheme="dark")
    by_night = contrast(page)
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


def without_contrast(page: Page) -> tuple[str, ...]:
    """Return what axe-core finds by all of its rules but the one of contrast."""
    return _found(page, {"rules": {CONTRAST: {"enabled": False}}})


def contrast(page: Page) -> tuple[str, ...]:
    """Return the texts that stand out too little, of all that look alike the first.

    The rule takes milliseconds for each text, and a long page has thousands that differ in their words alone.
    """
    page.evaluate(ONE_OF_EACH)
    return _found(page, {"runOnly": [CONTRAST]}, {"include": [[f"[{LOOKED_AT}]"]]})


def _found(page: Page, options: dict[str, object], where: dict[str, object] | None = None) -> tuple[str, ...]:
    """Return what axe-core finds that is serious or critical: the rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "; null")
    violations = page.evaluate(
        "([where, options]) => axe.run(where ?? document, options).then(({ violations }) => violations)",
        [where, {"resultTypes": ["violations"], **options}],
    )
    return tuple(
        f"{each['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"]
    )


CONTRAST: Final = "color-contrast"
LOOKED_AT: Final = "data-looked-at"
ONE_OF_EACH: Final = f"""() => {{
  const seen = new Set();
  const styles = new Map();
  const style = (element) => {{
    if (!styles.has(element)) {{
      const {{ backgroundColor, backgroundImage, opacity, filter }} = getComputedStyle(element);
      const above = element.parentElement ? style(element.parentElement) : "";
      const name = [element.localName, ...element.classList].join(".");
      styles.set(element, [above, name, backgroundColor, backgroundImage, opacity, filter].join("|"));
    }}
    return styles.get(element);
  }};
  for (const element of document.body.querySelectorAll("*")) {{
    element.removeAttribute("{LOOKED_AT}");
    const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    if (!texts.some((text) => text.data.trim())) continue;
    const {{ color, fontSize, fontWeight, textShadow }} = getComputedStyle(element);
    const look = [style(element), color, fontSize, fontWeight, textShadow].join("|");
    if (!seen.has(look)) element.setAttribute("{LOOKED_AT}", "");
    seen.add(look);
  }}
}}"""
"""Marks, of all elements with a text of their own, the first of each look: its colour, size and weight, and
the names and backgrounds of all that it stands in."""
TOO_WIDE: Final = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= innerWidth) return [];
  const beyond = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest(".scroll"));
  const shown = beyond.slice(0, 5).map((each) => each.outerHTML.slice(0, 160));
  return [`${page.scrollWidth} > ${innerWidth}`, ...shown];
}"""
"""What stands out of the screen, where the page itself has to be pushed sideways."""
