"""Charts: Vega-Lite specifications from the same rows as the table beside them.

Four builders, pure, in the language of the page. Each takes the rows of its table and gives a ``Chart``:

- ``bars(items, …)``     one bar for each item, in the order of the table, coloured by group
- ``ranking(items, …)``  the largest first; items without a value stand last and say so
- ``shares(items, …)``   the parts of a whole, each beginning where the one before it ends
- ``series(points, …)``  the years: lines where years follow each other, gaps, bounds, conflicting values

``address`` is where the chart can be had: ``<address>.vl.json`` and ``<address>.csv``, with parameters behind
``?`` where it has some. For the page of a thing it is ``of_thing(iri, "growth")``, and the page needs no more
than its charts in a field ``charts``; other pages answer the two addresses with ``written``.
A template shows a chart by ``{{ charts.figure(chart) }}`` (``{% import "charts.html" as charts %}``), next to
its table, which is what everybody without scripts reads.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from kg import names
from server import drawing
from server.pages import figures, links
from server.pages.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from server.drawing import Cell, Row, Spec
    from server.pages.language import Language

MEDIA_TYPE: Final = "application/vnd.vegalite.v6+json"
SUFFIX: Final = "vl.json"


@dataclass(frozen=True, slots=True)
class Item:
    """What a bar stands for; ``value`` in whole units (yuan, percent), None where no source states one.

    Where a builder is given words as the unit ("billion yuan"), the values are in that.

    ``fact`` is the IRI of the observation: who follows the bar comes to its sentence.
    """

    name: str
    value: Decimal | None
    group: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """What is stated of one year: a value, or bounds. Two values of one year and line are a conflict."""

    year: int
    value: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    comparator: str = ""
    line: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of rows: what it is called, its rows, its specification, and where both can be had."""

    slug: str
    title: str
    unit: str
    fields: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]
    spec: Spec
    spec_href: str
    csv_href: str

    @property
    def height(self) -> int:
        """Pixels that a page keeps free, so that nothing moves when the chart comes."""
        groups = len({row.get("group") or row.get("line") for row in self.rows} - {""})
        return int(self.spec["height"]) + (20 * groups if groups > 1 else 0) + 10


def of_thing(iri: str, slug: str) -> str:
    """Return the address of a chart on the page of a thing of ours.

    >>> of_thing("https://w3id.org/cekg/city/harbin", "growth")
    '/charts/city/harbin/growth'
    """
    return f"/charts{links.local(iri)}/{slug}"


def bars(
    items: Iterable[Item], *, address: str, language: Language, title: str, unit: str, missing: str = ""
) -> Chart:
    """Draw one bar for each item, in the order given; ``missing`` stands where there is no value.

    >>> from server.pages.language import ENGLISH
    >>> items = [Item("finance", Decimal(85810000000), "leading"), Item("logistics", None, "other")]
    >>> chart = bars(items, address="/x", language=ENGLISH, title="Size", unit=names.unit("CCY_CNY"))
    >>> print(to_csv(chart).decode(), end="")
    name,group,value,unit,fact
    finance,leading,85.81,billion yuan,
    logistics,other,,billion yuan,
    """
    found = list(items)
    divisor, words = _scale(unit, [each.value for each in found], language)
    rows = [_bar(each, divisor, words) for each in found]
    labels = [_amount(each.value, divisor) or missing or language.say("not stated") for each in found]
    return _chart(address, language, title, words, rows, _BAR_FIELDS, drawing.bars(rows, labels))


def ranking(
    items: Iterable[Item],
    *,
    address: str,
    language: Language,
    title: str,
    unit: str = names.unit("PERCENT"),
    missing: str = "",
) -> Chart:
    """Draw the items from the largest to the smallest; those without a value stand last and say so.

    >>> from server.pages.language import ENGLISH
    >>> items = [Item("finance", None), Item("logistics", Decimal("6.1")), Item("news", Decimal("9"))]
    >>> chart = ranking(items, address="/x", language=ENGLISH, title="Growth")
    >>> [(row["name"], str(row["value"])) for row in chart.rows]
    [('news', '9'), ('logistics', '6.1'), ('finance', 'None')]
    """
    found = sorted(items, key=_largest_first)
    divisor, words = _scale(unit, [each.value for each in found], language)
    rows = [_bar(each, divisor, words) for each in found]
    labels = [
        _signed(each.value, divisor, unit, language) or missing or language.say("no rate stated")
        for each in found
    ]
    return _chart(address, language, title, words, rows, _BAR_FIELDS, drawing.bars(rows, labels))


def shares(
    items: Iterable[Item],
    *,
    address: str,
    language: Language,
    title: str,
    whole: Decimal,
    unit: str,
) -> Chart:
    """Draw the parts of a whole in the order given, each from where the one before it ends, in percent.

    Items without a value are left out: they have no place on the line. What no part accounts for stays empty.

    >>> from server.pages.language import ENGLISH
    >>> items = [Item("a", Decimal(30)), Item("b", Decimal(60))]
    >>> chart = shares(items, address="/x", language=ENGLISH, title="Parts", whole=Decimal(100), unit="")
    >>> [(str(row["start"]), str(row["end"])) for row in chart.rows]
    [('0', '30'), ('30', '90')]
    """
    found = [(each, each.value) for each in items if each.value is not None]
    divisor, words = _scale(unit, [whole], language)
    rows: list[Row] = []
    end = Decimal(0)
    for item, value in found:
        start, end = end, end + value * 100 / whole
        bar = _bar(item, divisor, words)
        rows.append({**bar, "share": figures.share(value, whole), "start": +start, "end": +end})
    labels = [figures.share_in_words(value, whole, language) for _, value in found]
    fields = ("name", "group", "value", "unit", "share", "fact")
    return _chart(address, language, title, "%", rows, fields, drawing.cascade(rows, labels))


def series(
    points: Iterable[Point],
    *,
    address: str,
    language: Language,
    title: str,
    unit: str,
    kind: str = "",
    unit_label: str = "",
) -> Chart:
    """Draw what is stated year by year; one year is as good as thirty.

    A line joins only years that follow each other with one value each. A bound is an arrow from the bound
    into what it leaves open, two bounds are a range. Values that disagree stand both there, joined by a rule.
    Where several lines have values of one single year, they are bars.

    >>> from server.pages.language import ENGLISH
    >>> points = [Point(2018, Decimal(4)), Point(2019, Decimal(5)), Point(2021, Decimal(6))]
    >>> chart = series(points, address="/x", language=ENGLISH, title="Growth", unit=names.unit("PERCENT"))
    >>> [(row["year"], row["run"]) for row in chart.rows]
    [(2018, '1'), (2019, '1'), (2021, '2')]
    """
    found = sorted(set(points), key=_in_time)
    if _are_of_one_year(found):
        items = sorted((Item(each.line, each.value, fact=each.fact) for each in found), key=_largest_first)
        return bars(items, address=address, language=language, title=title, unit=unit)
    numbers = [number for each in found for number in (each.value, each.lower, each.upper)]
    divisor, words = _scale(unit, numbers, language)
    words = words or unit_label
    conflicts, runs = _conflicts(found), _runs(found)
    rows: list[Row] = [
        {
            "year": each.year,
            "line": each.line,
            "value": _scaled(each.value, divisor),
            "lower": _scaled(each.lower, divisor),
            "upper": _scaled(each.upper, divisor),
            "unit": words,
            "stated": figures.words(
                Figure(each.value, unit, unit_label, each.lower, each.upper, each.comparator, kind), language
            ),
            "conflict": (each.year, each.line) in conflicts,
            "run": runs.get((each.year, each.line), ""),
            "fact": each.fact,
        }
        for each in found
    ]
    fields = ("year", "line", "value", "lower", "upper", "unit", "stated", "conflict", "fact")
    return _chart(address, language, title, words, rows, fields, drawing.years(rows))


def written(chart: Chart, suffix: str) -> tuple[bytes, str]:
    """Return what stands at one of a chart's two addresses, and its type."""
    if suffix == SUFFIX:
        return to_json(chart), MEDIA_TYPE
    return to_csv(chart), "text/csv; charset=utf-8"


def to_json(chart: Chart) -> bytes:
    """Return the specification, with its data in it."""
    return (json.dumps(chart.spec, ensure_ascii=False, indent=1) + "\n").encode()


def to_csv(chart: Chart) -> bytes:
    """Return the rows."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(chart.fields)
    writer.writerows([_written(row.get(name)) for name in chart.fields] for row in chart.rows)
    return file.getvalue().encode()


_BAR_FIELDS: Final = ("name", "group", "value", "unit", "fact")


def _chart(
    address: str,
    language: Language,
    title: str,
    unit: str,
    rows: Sequence[Row],
    fields: tuple[str, ...],
    drawn: Spec,
) -> Chart:
    path, _, parameters = address.partition("?")
    asked = "&".join(filter(None, [parameters, urlencode({"lang": language.tag})]))
    spec = drawing.complete(title, unit, drawn)
    slug = path.rpartition("/")[2]
    return Chart(
        slug, title, unit, fields, tuple(rows), spec, f"{path}.{SUFFIX}?{asked}", f"{path}.csv?{asked}"
    )


def _bar(item: Item, divisor: Decimal, unit: str) -> Row:
    return {
        "name": item.name,
        "group": item.group,
        "value": _scaled(item.value, divisor),
        "unit": unit,
        "fact": item.fact,
    }


def _largest_first(item: Item) -> tuple[bool, Decimal, str]:
    return item.value is None, -(item.value or Decimal(0)), item.name


def _are_of_one_year(points: Sequence[Point]) -> bool:
    """Tell whether there are values of several lines, and all of the same year."""
    lines, years = {each.line for each in points}, {each.year for each in points}
    return len(lines) > 1 and len(years) == 1 and all(each.value is not None for each in points)


def _in_time(point: Point) -> tuple[str, int, Decimal, str]:
    number = next((each for each in (point.value, point.lower, point.upper) if each is not None), Decimal(0))
    return point.line, point.year, number, point.fact


def _conflicts(points: Sequence[Point]) -> set[tuple[int, str]]:
    """Return year and line of those that have more than one value."""
    values: dict[tuple[int, str], set[Decimal]] = {}
    for point in points:
        if point.value is not None:
            values.setdefault((point.year, point.line), set()).add(point.value)
    return {key for key, found in values.items() if len(found) > 1}


def _runs(points: Sequence[Point]) -> dict[tuple[int, str], str]:
    """Number the stretches of each line in which year follows year, each with one value."""
    conflicts, runs, number = _conflicts(points), {}, 0
    by_line: Callable[[Point], str] = lambda point: point.line  # noqa: E731  # named for its type
    for line, members in groupby(points, key=by_line):
        last = None
        years = sorted(
            {each.year for each in members if each.value is not None}
            - {year for year, each in conflicts if each == line}
        )
        for year in years:
            number += last is None or year != last + 1
            runs[year, line] = str(number)
            last = year
    return runs


def _scale(unit: str, values: Iterable[Decimal | None], language: Language) -> tuple[Decimal, str]:
    """Return what to divide by, and what the numbers are in then."""
    if unit == names.unit("PERCENT"):
        return Decimal(1), "%"
    if "://" not in unit:  # words, and numbers in what they say
        return Decimal(1), unit
    largest = max((abs(each) for each in values if each is not None), default=Decimal(0))
    if unit == names.unit("NUM"):
        return Decimal(1), ""
    return figures.scale_of(unit, largest, language)


def _scaled(value: Decimal | None, divisor: Decimal) -> Decimal | None:
    return None if value is None else value / divisor


def _amount(value: Decimal | None, divisor: Decimal) -> str:
    return "" if value is None else figures.plain(value / divisor)


def _signed(value: Decimal | None, divisor: Decimal, unit: str, language: Language) -> str:
    if value is None:
        return ""
    if unit == names.unit("PERCENT"):
        return figures.percent(value, language, signed=True)
    return figures.plain(value / divisor)


def _written(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return "" if cell is None else str(cell)
