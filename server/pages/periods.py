"""Periods for people: when a figure holds, as exactly as its source says and no more exactly than that."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from babel.dates import format_date

from kg import names

if TYPE_CHECKING:
    from server.pages.language import Language


@dataclass(frozen=True, slots=True)
class Period:
    """When a statement holds: dates are ``YYYY-MM-DD``, empty where there is none; ``basis`` is an IRI."""

    year: int | None = None
    start: str = ""
    end: str = ""
    not_after: str = ""
    basis: str = ""

    @property
    def last(self) -> str:
        """The last day of the period, or the day by which the statement held: newer is greater."""
        return self.end or (f"{self.year}-12-31" if self.year is not None else self.not_after)


def years(first: int, last: int) -> Period:
    """Return the period of some whole years.

    >>> from server.pages.language import ENGLISH
    >>> words(years(2018, 2020), ENGLISH), words(years(2020, 2020), ENGLISH)
    ('2018 to 2020', '2020')
    """
    return Period(None, f"{first:04}-01-01", f"{last:04}-12-31")


def words(period: Period, language: Language) -> str:
    """Write a period as people read it, and where none is stated, say so and by when the figure was known.

    >>> from server.pages.language import ENGLISH, choose
    >>> words(Period(2020), ENGLISH), words(Period(2020), choose("zh"))
    ('2020', '2020年')
    >>> words(Period(not_after="2021-08-04", basis=names.term("Unstated")), ENGLISH)
    'the period is not stated; known on 4 August 2021'
    >>> words(Period(not_after="2021-08-04", basis=names.term("Unstated")), choose("zh"))
    '未注明时期；不晚于2021年8月4日'
    >>> ends = {"2021-06-30": "2021-01-01", "2021-11-30": "2021-01-01", "2020-12-31": "2016-01-01"}
    >>> for end, start in ends.items():
    ...     words(Period(None, start, end), ENGLISH), words(Period(None, start, end), choose("zh"))
    ('first half of 2021', '2021年上半年')
    ('January to November 2021', '2021年1月至11月')
    ('2016 to 2020', '2016年至2020年')
    """
    return _known(period, language) or language.say(_VAGUE[_is_loose(period)], day=_by(period, language))


def cell(period: Period, language: Language) -> str:
    """Write a period for a column that is headed “Period”.

    >>> from server.pages.language import ENGLISH
    >>> cell(Period(not_after="2021-08-04"), ENGLISH)
    'not stated; known on 4 August 2021'
    """
    return _known(period, language) or language.say(_BRIEF[_is_loose(period)], day=_by(period, language))


_VAGUE: Final = (
    "the period is not stated; known on %(day)s",
    "the period is not exact; known on %(day)s",
)
_BRIEF: Final = ("not stated; known on %(day)s", "not exact; known on %(day)s")
_MONTHS: Final = {"en": "LLLL"}
_HALVES: Final = {1: "first half of %(year)s", 7: "second half of %(year)s"}
_QUARTERS: Final = {
    1: "first quarter of %(year)s",
    4: "second quarter of %(year)s",
    7: "third quarter of %(year)s",
    10: "fourth quarter of %(year)s",
}


def _is_loose(period: Period) -> bool:
    """Tell whether the source names a period that fixes no day, such as “a few days ago”."""
    return bool(period.basis) and period.basis != names.term("Unstated")


def _by(period: Period, language: Language) -> str:
    return language.day(period.not_after)


def _known(period: Period, language: Language) -> str:
    """Return the words of a period that has a year or an end, empty for any other."""
    if period.year is not None:
        return language.say("%(year)s", year=period.year)
    start, end = _day(period.start), _day(period.end)
    if start and end:
        return _between(start, end, language)
    if start:
        return language.say("from %(first)s", first=language.day(period.start))
    return language.say("until %(last)s", last=language.day(period.end)) if end else ""


def _between(start: date, end: date, language: Language) -> str:
    whole_months = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if start == end:
        return language.day(start.isoformat())
    if whole_months and (start.month, end.month) == (1, 12):
        return _years(start.year, end.year, language)
    if whole_months and start.year == end.year:
        return _months(start, end, language)
    if whole_months:
        return _from_to(_month(start, language), _month(end, language), language)
    return _from_to(language.day(start.isoformat()), language.day(end.isoformat()), language)


def _years(first: int, last: int, language: Language) -> str:
    low, high = (language.say("%(year)s", year=each) for each in (first, last))
    return low if first == last else _from_to(low, high, language)


def _months(start: date, end: date, language: Language) -> str:
    """Return the words of a part of one year: a month, a quarter, a half, or from month to month."""
    count = end.month - start.month + 1
    known = {3: _QUARTERS, 6: _HALVES}.get(count, {}).get(start.month)
    if known:
        return language.say(known, year=start.year)
    if count == 1:
        return _month(start, language)
    first, last = (_name_of_month(each, language) for each in (start, end))
    return language.say("%(first)s to %(last)s %(year)s", first=first, last=last, year=start.year)


def _month(day: date, language: Language) -> str:
    return language.say("%(month)s %(year)s", month=_name_of_month(day, language), year=day.year)


def _name_of_month(day: date, language: Language) -> str:
    return format_date(day, _MONTHS.get(language.tag, "LLL"), locale=language.locale)


def _from_to(first: str, last: str, language: Language) -> str:
    return language.say("%(first)s to %(last)s", first=first, last=last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
