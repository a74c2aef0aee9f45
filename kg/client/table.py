"""Rows that become a data frame, as pandas or polars has it, when one of them is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, overload

from kg.faults import MissingPackage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas
    import polars

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its name, the type of its values, and where a row has it."""

    name: str
    type: type
    of: Callable[[Row], Any]


class Table(Sequence[Row]):
    """Rows in order, and the columns that they have as a data frame.

    In a frame, decimals are floating-point numbers, whole numbers may be missing, and a column of values of
    several kinds is one of texts.
    """

    def __init__(self, rows: Iterable[Row], columns: Iterable[Column[Row]]) -> None:
        self._rows = tuple(rows)
        self._columns = tuple(columns)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(each.name for each in self._columns)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Table[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Table[Row]:
        if isinstance(place, slice):
            return Table(self._rows[place], self._columns)
        return self._rows[place]

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and (self._rows, self.columns) == (other._rows, other.columns)

    __hash__ = None  # type: ignore[assignment]  # rows may be dicts

    def __repr__(self) -> str:
        return f"<{len(self):,} rows: {', '.join(self.columns)}>"

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas data frame; raises MissingPackage where pandas is not installed."""
        try:
            import pandas
        except ModuleNotFoundError as error:
            raise MissingPackage("pandas", "pandas") from error
        return pandas.DataFrame(
            {
                each.name: pandas.Series(self._values(each), dtype=_KINDS[each.type].pandas)
                for each in self._columns
            }
        )

    def to_polars(self) -> polars.DataFrame:
        """Return a polars data frame; raises MissingPackage where polars is not installed."""
        try:
            import polars
        except ModuleNotFoundError as error:
            raise MissingPackage("polars", "polars") from error
        return polars.DataFrame(
            [
                polars.Series(each.name, self._values(each), dtype=getattr(polars, _KINDS[each.type].polars))
                for each in self._columns
            ]
        )

    def _values(self, column: Column[Row]) -> list[Any]:
        made = _KINDS[column.type].made
        return [None if (value := column.of(row)) is None else made(value) for row in self._rows]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What values of a type are in a data frame: how each is made, and what the libraries call them."""

    made: Callable[[Any], Any]
    pandas: str
    polars: str


def _itself(value: Any) -> Any:
    return value


_KINDS: Final[dict[type, _Kind]] = {
    str: _Kind(str, "string", "String"),
    int: _Kind(_itself, "Int64", "Int64"),
    Decimal: _Kind(float, "float64", "Float64"),
    float: _Kind(float, "float64", "Float64"),
    bool: _Kind(_itself, "boolean", "Boolean"),
    date: _Kind(_itself, "datetime64[s]", "Date"),
    datetime: _Kind(datetime.isoformat, "string", "String"),  # with and without a time zone, as it is stated
}


def kind_of(values: Iterable[object]) -> type:
    """Return the type of a column that holds some values; text where they are of several kinds.

    >>> kind_of([1, None, Decimal("2.5")]), kind_of([1, "one"]), kind_of([True, None])
    (<class 'decimal.Decimal'>, <class 'str'>, <class 'bool'>)
    """
    found = {_type_of(value) for value in values if value is not None}
    if len(found) == 1:
        return found.pop()
    return Decimal if found and found <= {int, float, Decimal} else str


def _type_of(value: object) -> type:
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return Decimal
    return next((each for each in _ORDER if isinstance(value, each)), str)


_ORDER: Final = (bool, int, Decimal, float, datetime, date, str)
"""What is of two types is of the first: True is an int, and a moment is a date."""
