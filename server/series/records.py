"""A series as a file: a record for each statement and each sentence that says it.

The columns, in CSV and as the members of each record in JSON; what is not stated is empty, or null:

======================  ====================================================================================
``year``                the calendar year, only where the figure is of that whole year
``period_start``        the first day of the period
``period_end``          the last day of the period
``not_after``           for want of a period: the date of the source, by which the figure was known
``kind``                Level, Growth, Share, Rank, Target or Converted: only levels are amounts of the metric
``value``               the number, in whole units (yuan, percent); empty for a bound
``lower_bound``         what the number is at least, or more than
``upper_bound``         what it is at most, or less than
``comparator``          Exact, About, MoreThan, AtLeast, LessThan, AtMost, Between
``unit``                the unit's code in QUDT: CCY_CNY, PERCENT, NUM
``value_text``          the number in the words of the source
``target_year``         for a target: the year by which it is due
``observation``         the IRI of the statement: how each part of it was read is told there
``source``              the IRI of the article
``source_date``         the day it was published
``source_url``          where it was published
``quote``               the IRI of the sentence
``quote_text``          the sentence, to the letter
======================  ====================================================================================

Years without a figure have no record; the JSON names them in ``missing``, and in ``conflicts`` those of which
sources state different values. Texts stand as the sources print them: a spreadsheet should read them as text.
"""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from kg import names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from server.pages.evidence import Quotation
    from server.pages.statements import Statement
    from server.series.series import Series

COLUMNS: Final = (
    *("year", "period_start", "period_end", "not_after", "kind", "value", "lower_bound", "upper_bound"),
    *("comparator", "unit", "value_text", "target_year", "observation"),
    *("source", "source_date", "source_url", "quote", "quote_text"),
)


def records(series: Series) -> Iterator[dict[str, Any]]:
    """Yield the records, the oldest first."""
    for statement in series.statements:
        stated = _stated(statement)
        quotations = series.quotations.get(statement.iri, ())
        yield from ({**stated, **_said(each)} for each in quotations)
        if not quotations:
            yield {**stated, **dict.fromkeys(COLUMNS[-5:])}


def to_csv(series: Series) -> bytes:
    """Write the records as CSV (RFC 4180)."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(record[name]) for name in COLUMNS] for record in records(series))
    return file.getvalue().encode()


def to_json(series: Series, labels: Mapping[str, Mapping[str, str]]) -> bytes:
    """Write the records as JSON below what they are about; ``labels`` are by IRI and language."""
    about = {"city": series.city, "metric": series.metric, "industry": series.industry}
    document = {
        **{
            name: {"iri": iri, "label": dict(labels.get(iri, {}))} if iri else None
            for name, iri in about.items()
        },
        "first": series.years[0] if series.years else None,
        "last": series.years[-1] if series.years else None,
        "missing": series.missing,
        "conflicts": series.conflicts,
        "records": [{name: _member(value) for name, value in record.items()} for record in records(series)],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _stated(statement: Statement) -> dict[str, Any]:
    figure, period, about = statement.figure, statement.period, statement.about
    return {
        "year": period.year,
        "period_start": period.start or None,
        "period_end": period.end or None,
        "not_after": period.not_after or None,
        "kind": statement.kind,
        "value": figure.value if figure else None,
        "lower_bound": figure.lower if figure else None,
        "upper_bound": figure.upper if figure else None,
        "comparator": names.local(figure.comparator) if figure and figure.comparator else None,
        "unit": names.local(figure.unit) if figure else None,
        "value_text": about.get("valueText"),
        "target_year": statement.number("targetYear"),
        "observation": statement.iri,
    }


def _said(quotation: Quotation) -> dict[str, Any]:
    return {
        "source": quotation.source,
        "source_date": quotation.date,
        "source_url": quotation.url or None,
        "quote": quotation.iri,
        "quote_text": quotation.text,
    }


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


def _member(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
