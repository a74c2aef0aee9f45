"""The time that words name, for one who read them on the day the article came out.

Libraries were measured and left: dateutil and dateparser both complete a date from the clock
("June" becomes the 21st of some June), read 06/07/2021 without a doubt and a year as one day; the
former takes "1,200" for the year 200, the latter takes "8" for a day.

Decisions. "The past year" and "last year" are the calendar year before the article's, as news on
statistics means it, and "the past five years" are five such years. "By the end of June" is a point,
the last day of June. A month without a year is the latest that was over; a half or a quarter
without one is the article's year's, and is refused if that was not over.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kg.readers.faults import Unreadable, reasons, refusal
from kg.readers.numbers import read_number, read_ordinal
from kg.readers.words import either, listed, reader


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both days inside; or only `not_after`, when the words give no more.

    `relative` says that the words alone do not name it: the article's date was needed.
    """

    start: date | None
    end: date | None
    not_after: date | None
    relative: bool

    @property
    def year(self) -> int | None:
        """The calendar year, only when the period is exactly one."""
        return int(self.key) if self.key.isdigit() else None

    @property
    def key(self) -> str:
        """A name for slugs: 2020, 2021-h1, 2021-q3, 2021-06, 2021-06-30, 2016-to-2020, undated."""
        if self.start is None or self.end is None:
            return "undated"
        return _key(self.start, self.end)


_MONTHS = {
    name: number
    for names in (
        "january|february|march|april|may|june|july|august|september|october|november|december",
        "jan|feb|mar|apr||jun|jul|aug|sep|oct|nov|dec",
        "jan.|feb.|mar.|apr.||jun.|jul.|aug.|sept.|oct.|nov.|dec.",
    )
    for number, name in enumerate(listed(names), start=1)
    if name
}
_PARTS = {
    "first half": (1, 6), "second half": (7, 12), "h1": (1, 6), "h2": (7, 12),
    "first quarter": (1, 3), "second quarter": (4, 6),
    "third quarter": (7, 9), "fourth quarter": (10, 12),
    "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12),
}  # fmt: skip

_YEAR = r"(?:19|20)[0-9]{2}"
_OF_YEAR = rf"(?:(?: of|,)? (?P<year>{_YEAR}|last year|this year|the year))?"
_MONTH = rf"(?P<month>{either(_MONTHS)})"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_COUNT = r"(?P<count>[a-z0-9-]+)"

_WHOLE = re.compile(
    rf"(?:(?:the )?(?:calendar |full |whole )?year )?(?P<year>{_YEAR})"
    r"|(?P<near>last year|this year|the year)|(?P<past>(?:the )?past year|the last year)"
)
_PART = re.compile(rf"(?:the )?(?P<part>{either(_PARTS)}){_OF_YEAR}")
_PART_LAST = re.compile(rf"(?P<year>{_YEAR}) ?(?P<part>[hq][1-4])")
_MONTHS_IN = re.compile(rf"(?:the )?first {_COUNT} months{_OF_YEAR}")
_ONE_MONTH = re.compile(rf"{_MONTH}{_OF_YEAR}|(?P<last>last month)")
_DAYS = (
    re.compile(rf"{_MONTH} {_DAY}(?:,? (?P<year>{_YEAR}))?"),
    re.compile(rf"(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? (?P<year>{_YEAR}))?"),
    re.compile(rf"(?P<year>{_YEAR})(?P<sign>[-/])(?P<month>[01][0-9])(?P=sign)(?P<day>[0-3][0-9])"),
)
_PAST_YEARS = re.compile(rf"(?:the )?(?:past|last) {_COUNT} years")
_PLAN = re.compile(r"(?:the |china's )?(?P<nth>[a-z0-9-]+) five-year plan(?: period)?")
_VAGUE = re.compile(
    r"recently|lately|in recent (?:days|weeks|months|years)"
    r"|(?:a few|several|some) (?:days|weeks|months|years) ago"
)

# "Over 2020" may be a bound on a count.
_DURING = re.compile(r"(?:in|during|for|throughout|within|over(?! [0-9]+$)) (?P<core>.+)")
_ON = re.compile(r"(?:on|by|as of|as at) (?P<core>.+)")
_END = re.compile(r"(?:(?:by|at|as of|as at) )?(?:the )?end of (?P<core>.+)")
_RANGES = (
    re.compile(r"(?:from )?(?P<low>.+?) (?:to|through|until) (?P<high>.+)"),
    re.compile(r"between (?P<low>.+?) and (?P<high>.+)"),
    re.compile(r"(?P<low>[a-z0-9.]+) ?- ?(?P<high>[a-z0-9., ]+)"),
)
GRAMMAR = (
    _WHOLE, _PART, _PART_LAST, _MONTHS_IN, _ONE_MONTH, *_DAYS, _PAST_YEARS, _PLAN, _VAGUE,
    _DURING, _ON, _END, *_RANGES,
)  # fmt: skip
_TRAPS = reasons(
    (
        r"\bfiscal\b|\bfinancial year\b|\bfy ?[0-9]",
        "A fiscal year may begin in another month than January; quote a calendar period.",
    ),
    (
        r"\b[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}\b",
        "Day and month can be exchanged; quote a date that names its month.",
    ),
    (
        rf"'[0-9]{{2}}\b|\b{_YEAR} ?[-/] ?[0-9]{{2}}$|\b[hq][1-4] ?[0-9]{{2}}$",
        "A year of two digits, or a month, can be meant; quote a period with years of four digits.",
    ),
    (
        r"\b(?:previous|same|following|next|coming|that) (?:year|period|month|quarter)\b",
        "It depends on another date in the article; quote the words that name that date.",
    ),
    (rf"{_YEAR}(?:,| and| or)", "It names more than one period; give each its own fact."),
    (r"\b(?:since|after|before|until)\b", "It names only one end of the period; quote both ends."),
    (
        r"^(?:by|as of|as at)\b",
        "It may mean the beginning or the end of that time; quote 'the end of' with it, or a day.",
    ),
    (
        r"\b(?:early|mid|late|around|about)\b|[0-9]0s\b|\bdecade",
        "Its limits are not exact; list it among what is not loaded.",
    ),
    (
        r"\b(?:past|last) .*(?:months|weeks|days|quarters)\b|\bago\b|\bto date\b|\bso far\b",
        "It counts back from a day that the words do not fix; quote a calendar period.",
    ),
    (
        rf"\blast {either(_MONTHS)}\b",
        "It may be the latest such month or that of last year; quote the month with its year.",
    ),
)
_OTHERWISE = (
    "It is not a calendar period such as 2020, June 2021, the first half of 2021, last year or the "
    "end of 2020; quote the words of the period alone."
)


@reader
def read_period(phrase: str, *, published: date) -> Period:
    """The period; none may end after the day the article was published, but a year may in its December.

    >>> read_period("Last year", published=date(2021, 8, 4)).year
    2020
    >>> read_period("by the end of June", published=date(2021, 8, 4)).key
    '2021-06-30'
    """
    if _VAGUE.fullmatch(phrase):
        return Period(None, None, published, relative=True)
    period = _read(phrase, published)
    if not period:
        raise refusal(phrase, _TRAPS, _OTHERWISE)
    if period.end is None or (period.end > published and not _is_closing(period, published)):
        why = f"It was not over when the article came out ({published}); quote a period that was."
        raise Unreadable(phrase, why)
    return period


def _is_closing(period: Period, published: date) -> bool:
    """Whether it is a year that is summed up in its last month; a shape warns of it."""
    return (period.year, 12) == (published.year, published.month)


def _read(text: str, published: date) -> Period | None:
    if end := _END.fullmatch(text):
        whole = _core(end["core"], published)
        return replace(whole, start=whole.end) if whole else None
    if (on := _ON.fullmatch(text)) and (day := _core(on["core"], published)):
        return day if day.start == day.end else None
    if during := _DURING.fullmatch(text):
        time = _core(during["core"], published) or _range(during["core"], published)
        return time if time and time.start != time.end else None
    return _core(text, published) or _range(text, published)


def _core(text: str, published: date) -> Period | None:
    for read in (_whole_year, _part_of_year, _first_months, _month, _day, _past_years, _plan):
        if period := read(text, published):
            return period
    return None


def _whole_year(text: str, published: date) -> Period | None:
    if not (parts := _WHOLE.fullmatch(text)):
        return None
    return _months(1, 12, parts["year"] or parts["near"] or "last year", published)


def _part_of_year(text: str, published: date) -> Period | None:
    if not (parts := _PART.fullmatch(text) or _PART_LAST.fullmatch(text)):
        return None
    if parts["part"] not in _PARTS:
        return None
    return _months(*_PARTS[parts["part"]], parts["year"], published)


def _first_months(text: str, published: date) -> Period | None:
    parts = _MONTHS_IN.fullmatch(text)
    count = _small(parts["count"]) if parts else None
    if not parts or not count or count > 12:
        return None
    return _months(1, count, parts["year"], published)


def _month(text: str, published: date) -> Period | None:
    if not (parts := _ONE_MONTH.fullmatch(text)):
        return None
    if parts["last"]:
        last = published.replace(day=1) - timedelta(days=1)
        return replace(_span(last.year, last.month), relative=True)
    month = _MONTHS[parts["month"]]
    if parts["year"]:
        return _months(month, month, parts["year"], published)
    this_year = replace(_span(published.year, month), relative=True)
    if this_year.end and this_year.end <= published:
        return this_year
    if month == published.month:
        why = "That month was not over when the article came out; quote the month with its year."
        raise Unreadable(text, why)
    return replace(_span(published.year - 1, month), relative=True)


def _day(text: str, published: date) -> Period | None:
    parts = next(filter(None, (form.fullmatch(text) for form in _DAYS)), None)
    if not parts:
        return None
    month, day = _MONTHS.get(parts["month"]) or int(parts["month"]), int(parts["day"])
    year = int(parts["year"]) if parts["year"] else published.year
    if not parts["year"] and (month, day) > (published.month, published.day):
        year -= 1
    try:
        point = date(year, month, day)
    except ValueError:
        raise Unreadable(text, "The calendar has no such day; check it against the article.") from None
    return Period(point, point, None, relative=not parts["year"])


def _past_years(text: str, published: date) -> Period | None:
    parts = _PAST_YEARS.fullmatch(text)
    count = _small(parts["count"]) if parts else None
    if not count or count < 2:
        return None
    last = published.year - 1
    return Period(date(last - count + 1, 1, 1), date(last, 12, 31), None, relative=True)


def _plan(text: str, _: date) -> Period | None:
    """China's plans: the third began in 1966, and each since then five years after the last."""
    parts = _PLAN.fullmatch(text)
    nth = read_ordinal(parts["nth"]) if parts else None
    if not nth or not 3 <= nth <= 20:
        return None
    first = 1951 + 5 * nth
    return Period(date(first, 1, 1), date(first + 4, 12, 31), None, relative=False)


def _range(text: str, published: date) -> Period | None:
    for form in _RANGES:
        if (parts := form.fullmatch(text)) and (last := _core(parts["high"], published)):
            return _from(parts["low"], last, published)
    return None


def _from(low: str, last: Period, published: date) -> Period | None:
    """The first end lends its year from the last ("from January to June 2021")."""
    year = "" if re.search(rf"\b{_YEAR}\b|\byear\b", low) else f" {last.key[:4]}"
    first = _core(low + year, published)
    if not first or first.start is None or last.start is None or _grain(first) != _grain(last):
        return None
    if first.start >= last.start:
        raise Unreadable(low, "Its first end is not before its second; quote a period that runs on.")
    return Period(first.start, last.end, None, relative=first.relative or last.relative)


def _grain(period: Period) -> str:
    return re.sub("[0-9]", "", period.key)


def _months(first: int, last: int, year: str | None, published: date) -> Period:
    """Months of a stated year, or of one that only the article's date tells."""
    if year and year.isdigit():
        return _span(int(year), first, last)
    near = published.year - 1 if year == "last year" else published.year
    return replace(_span(near, first, last), relative=True)


def _span(year: int, first: int, last: int | None = None) -> Period:
    last = last or first
    end = date(year, last, monthrange(year, last)[1])
    return Period(date(year, first, 1), end, None, relative=False)


def _small(text: str) -> int | None:
    try:
        number = read_number(text)
    except Unreadable:
        return None
    return int(number) if 1 <= number <= 100 and number == number.to_integral_value() else None


def _key(start: date, end: date) -> str:
    if start == end:
        return start.isoformat()
    whole_months = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    months = (start.month, end.month)
    if not whole_months:
        return f"{start}-to-{end}"
    if months == (1, 12):
        return f"{start.year}" if start.year == end.year else f"{start.year}-to-{end.year}"
    if start.year == end.year:
        if months[0] == months[1]:
            return f"{start:%Y-%m}"
        named = {span: name for name, span in _PARTS.items() if len(name) == 2}
        if months in named:
            return f"{start.year}-{named[months]}"
    return f"{start:%Y-%m}-to-{end:%Y-%m}"
