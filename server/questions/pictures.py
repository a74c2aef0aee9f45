"""The picture of an answer: which of its columns are drawn, and how, as the head of the query declares it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from kg import names
from server import charts
from server.charts import Item, Point

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.questions import Example, Picture
    from server.charts import Chart
    from server.pages.language import Language
    from server.questions.results import Cell, Result

    Drawn = Callable[["_Rows", str, str, Language], Chart]

_MOST: Final = 60
"""Rows that a picture can show and a reader can tell apart."""
_WHOLE: Final = Decimal(100)


def picture(example: Example, result: Result, language: Language, *, address: str, csv: str) -> Chart | None:
    """Draw an answer as its example declares it; None where it declares nothing, or nothing can be drawn.

    ``csv`` is the address of the whole answer.
    """
    if example.picture is None or result.kind != "bindings":
        return None
    rows = _Rows(example.picture, result)
    if not rows.can_be_drawn:
        return None
    drawn = _FORMS[example.picture.form](rows, example.title, address, language)
    return replace(drawn, csv_href=csv)


class _Rows:
    """The rows of an answer by the roles that their columns play."""

    def __init__(self, declared: Picture, result: Result) -> None:
        self._roles = declared.roles
        self._places = {column.name.replace(" ", "_"): place for place, column in enumerate(result.columns)}
        self.rows = result.rows[:_MOST]

    @property
    def can_be_drawn(self) -> bool:
        """Whether there is a row, and every column is there."""
        return bool(self.rows) and all(
            each in self._places for variables in self._roles.values() for each in variables
        )

    def cell(self, row: Sequence[Cell], role: str) -> Cell | None:
        """Return what plays a role in a row; None where nothing does, or the variable is not bound."""
        found = [row[self._places[each]] for each in self._roles.get(role, ())]
        return found[0] if found and found[0].text else None

    def text(self, row: Sequence[Cell], role: str) -> str:
        """Return the text in a role, empty where there is none."""
        cell = self.cell(row, role)
        return cell.text if cell else ""

    def iri(self, row: Sequence[Cell], role: str) -> str:
        """Return the name of the thing in a role, empty where there is none."""
        cell = self.cell(row, role)
        return cell.note if cell and cell.href else ""

    def number(self, row: Sequence[Cell], role: str) -> Decimal | None:
        """Return the number in a role, None where there is none."""
        try:
            return Decimal(self.text(row, role))
        except InvalidOperation:
            return None

    def name(self, row: Sequence[Cell]) -> str:
        """Return what a row is called: its first name, and those of the others that tell rows apart."""
        first, *others = (self._places[each] for each in self._roles["y"])
        telling = [place for place in others if len({each[place].text for each in self.rows}) > 1]
        return ", ".join(filter(None, (row[place].text for place in (first, *telling))))

    def unit(self, language: Language) -> str:
        """Return the unit of what is drawn: percent, or the words that the variable's name is made of."""
        (name,) = self._roles["x"]
        return names.unit("PERCENT") if name.endswith("percent") else language.say(name.replace("_", " "))

    @property
    def items(self) -> list[Item]:
        """Each row as a bar."""
        return [
            Item(self.name(row), self.number(row, "x"), self.text(row, "color"), self.iri(row, "fact"))
            for row in self.rows
        ]


def _bars(rows: _Rows, title: str, address: str, language: Language) -> Chart:
    return charts.bars(rows.items, address=address, language=language, title=title, unit=rows.unit(language))


def _ranking(rows: _Rows, title: str, address: str, language: Language) -> Chart:
    return charts.ranking(
        rows.items, address=address, language=language, title=title, unit=rows.unit(language)
    )


def _shares(rows: _Rows, title: str, address: str, language: Language) -> Chart:
    return charts.shares(
        rows.items, address=address, language=language, title=title, whole=_WHOLE, unit=rows.unit(language)
    )


def _series(rows: _Rows, title: str, address: str, language: Language) -> Chart:
    first = rows.rows[0]
    unit, label = rows.iri(first, "unit"), rows.text(first, "unit")
    points = [
        Point(
            int(year),
            value=rows.number(row, "y"),
            lower=rows.number(row, "low"),
            upper=rows.number(row, "high"),
            line=rows.text(row, "line"),
            fact=rows.iri(row, "fact"),
        )
        for row in rows.rows
        if (year := rows.number(row, "x")) is not None and rows.iri(row, "unit") == unit
    ]
    return charts.series(points, address=address, language=language, title=title, unit=unit, unit_label=label)


_FORMS: Final[dict[str, Drawn]] = {
    "bars": _bars,
    "ranking": _ranking,
    "series": _series,
    "shares": _shares,
}
