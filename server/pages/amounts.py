"""Amounts in a column: one scale for each unit, so that a reader compares digits and not words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import figures, links
from server.pages.parts import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.pages.figures import Figure
    from server.pages.language import Language


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure in words, where it leads, and the spaces that set its point in line."""

    number: str
    href: str | None = None
    padding: str = ""


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A source by its day, which is short enough for a table; its title is the note."""

    link: Link
    date: str


def sources(dated: Mapping[str, tuple[str, str]], language: Language) -> tuple[SourceLink, ...]:
    """Link sources, the newest first; ``dated`` has the date and the title of each IRI."""
    order = sorted(sorted(dated), key=lambda iri: dated[iri][0], reverse=True)
    return tuple(
        SourceLink(Link(language.day(date) or title, links.href(iri), note=title), date)
        for iri, (date, title) in ((iri, dated[iri]) for iri in order)
    )


def aligned(found: Iterable[tuple[Figure | None, str | None]], language: Language) -> list[Amount]:
    """Write figures, each with the address that it leads to, for a column that is set to the right.

    Those of a unit have one scale; counts stand with their points in line. What is no plain value, such as a
    bound or a rank, and what one scale would make unreadable, stays in the words that it has alone.

    >>> from server.pages.language import ENGLISH
    >>> from server.pages.figures import Figure
    >>> pair = [Figure(Decimal(n), names.unit("CCY_CNY")) for n in (101950000000, 77300000000)]
    >>> [each.number for each in aligned([(figure, None) for figure in pair], ENGLISH)]
    ['101.95 billion yuan', '77.3 billion yuan']
    """
    pairs = list(found)
    amounts = [Amount(figures.words(each, language) if each else "", href) for each, href in pairs]
    by_unit: defaultdict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for place, (figure, _) in enumerate(pairs):
        if figure is not None and figure.value is not None and _is_plain(figure):
            by_unit[figure.unit].append((place, figure.value))
    for unit, placed in by_unit.items():
        numbers, words = _scaled(unit, [value for _, value in placed], language)
        for (place, _), text in zip(placed, figures.column(list(numbers)), strict=False):
            sign = "+" if amounts[place].number.startswith("+") else ""
            bare = text.rstrip()
            padding = "" if words else text[len(bare) :]
            amounts[place] = replace(amounts[place], number=f"{sign}{bare}{words}", padding=padding)
    return amounts


def column(found: Iterable[tuple[Figure | None, str | None]], language: Language) -> tuple[str, list[Amount]]:
    """Return the unit for the head of a column, and its figures without it; bounds keep their words.

    The unit is empty, and stays in each figure, where they are not all of one unit and scale.

    >>> from server.pages.language import ENGLISH
    >>> from server.pages.figures import Figure
    >>> least = Figure(None, names.unit("PERCENT"), lower=Decimal(40), comparator=names.term("MoreThan"))
    >>> exact = Figure(Decimal("7.5"), names.unit("PERCENT"))
    >>> unit, amounts = column([(least, None), (exact, None)], ENGLISH)
    >>> unit, [each.number for each in amounts]
    ('%', ['more than 40', '7.5'])
    """
    pairs = list(found)
    told = [(figure, _numbers(figure)) for figure, _ in pairs if figure]
    units = {figure.unit for figure, _ in told}
    if len(units) != 1 or any(figure.kind == names.term("Rank") for figure, _ in told):
        return "", aligned(pairs, language)
    scaled, words = _scaled(units.pop(), [number for _, numbers in told for number in numbers], language)
    if not scaled:
        return "", aligned(pairs, language)
    rest = iter(scaled)
    bare = [_bare(figure, [next(rest) for _ in numbers]) for figure, numbers in told]
    texts = figures.column([figure.value or figure.lower or figure.upper for figure in bare])
    written = (
        Amount(figures.words(figure, language), padding=text[len(text.rstrip()) :])
        for figure, text in zip(bare, texts, strict=True)
    )
    return words.strip(), [
        replace(next(written), href=href) if figure else Amount("") for figure, href in pairs
    ]


def _numbers(figure: Figure) -> list[Decimal]:
    return [each for each in (figure.value, figure.lower, figure.upper) if each is not None]


def _bare(figure: Figure, scaled: list[Decimal]) -> Figure:
    """Return a figure on another scale and without its unit."""
    number = iter(scaled)
    value, lower, upper = (
        None if each is None else next(number) for each in (figure.value, figure.lower, figure.upper)
    )
    return replace(figure, value=value, lower=lower, upper=upper, unit=names.unit("NUM"))


_MOST_PLACES: Final = 3
"""Digits behind the point; with more of them a smaller scale is read more easily."""
_SCALED: Final = frozenset(names.unit(f"CCY_{code}") for code in ("CNY", "EUR", "GBP", "HKD", "JPY", "USD"))


def _is_plain(figure: Figure) -> bool:
    return (
        (figure.lower, figure.upper) == (None, None)
        and figure.kind != names.term("Rank")
        and figure.comparator in {"", names.term("Exact")}
    )


def _scaled(unit: str, values: list[Decimal], language: Language) -> tuple[list[Decimal], str]:
    """Return the values of one unit on one scale, and its words; no values where one scale does not suit."""
    if unit == names.unit("PERCENT"):
        return values, figures.percent_sign(language)
    if unit == names.unit("NUM"):
        return values, ""
    if unit not in _SCALED:
        return [], ""
    divisor, words = figures.scale_of(unit, max(map(abs, values)), language)
    numbers = [value / divisor for value in values]
    if any(_places(number) > _MOST_PLACES for number in numbers):
        return [], ""
    return numbers, words if language.tag.startswith("zh") else f" {words}"


def _places(number: Decimal) -> int:
    return len(figures.plain(number).partition(".")[2])
