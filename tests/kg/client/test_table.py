"""Data frames: the columns and types that economists compute with, in both libraries, and without them."""

import sys
from datetime import date
from decimal import Decimal

import pytest

from kg.client.table import Column, Table
from kg.faults import MissingPackage, NameFault


def test_a_frame_of_figures_has_numbers_dates_and_source_columns(near):
    frame = near.observations().to_pandas()
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert (kinds["value"], kinds["year"], kinds["source_date"], kinds["quote"]) == (
        "float64",
        "Int64",
        "datetime64[s]",
        "string",
    )
    levels = frame[
        (frame.kind == "Level") & (frame.unit == "CCY_CNY") & frame.metric.isin(["revenue", "output value"])
    ]
    (total,) = frame[(frame.metric == "total scale") & (frame.kind == "Level")].value
    assert levels.value.sum() == total
    assert frame.value.isna().sum() == 2  # bounds are no values
    assert frame[frame.year.isna()].not_after.notna().all()


def test_both_libraries_have_the_same(near):
    figures = near.observations()
    pandas, polars = figures.to_pandas(), figures.to_polars()
    assert tuple(pandas.columns) == tuple(polars.columns) == figures.columns
    assert str(polars.schema["source_date"]) == "Date"
    assert polars["value"].sum() == pandas["value"].sum()
    assert polars["year"].null_count() == pandas["year"].isna().sum() > 0
    assert polars.rows(named=True)[0]["quote"] == figures[0].quote


@pytest.mark.parametrize("method", ["to_pandas", "to_polars"])
def test_no_figure_at_all_is_a_frame_with_the_same_columns_and_types(near, method):
    some, none = (getattr(near.observations(year=year), method)() for year in (2020, 1900))
    assert list(some.columns) == list(none.columns)
    assert list(some.dtypes) == list(none.dtypes)
    assert len(none) == 0


def test_years_of_a_frame_are_years_and_a_text_is_refused(near):
    frame = near.observations().to_pandas()
    years = frame.year.dropna().unique()
    found = near.observations(year=years)
    assert found == near.observations(year=[int(each) for each in years])
    assert near.observations(year=years[0])
    for wrong in ("2020", ["2020"], 2020.5):
        with pytest.raises(NameFault, match="is no year"):
            near.observations(year=wrong)


def test_rows_of_a_query_become_columns_of_one_kind(near):
    rows = near.query(
        """SELECT ?whole ?number ?mixed ?day ?truth ?none ?huge {
          VALUES (?whole ?number ?mixed ?day ?truth ?none ?huge) {
          (1 1.5 1 "2021-03-30"^^xsd:date true UNDEF 10000000000000000000000)
          (2 2 "a" UNDEF UNDEF UNDEF 2) } }"""
    )
    polars = rows.to_polars()
    assert polars.rows() == [
        (1, 1.5, "1", date(2021, 3, 30), True, None, 1e22),
        (2, 2.0, "a", None, None, None, 2.0),
    ]
    assert [str(each) for each in rows.to_pandas().dtypes] == [
        "Int64",
        "float64",
        "string",
        "datetime64[s]",
        "boolean",
        "string",
        "float64",
    ]


def test_the_things_are_a_frame_too(near):
    frame = near.things("city").to_pandas()
    assert frame.to_dict("records")[0]["names"].startswith("Harbin; 哈尔滨")


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_without_the_package_the_fault_names_the_extra(near, package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        MissingPackage, match=rf"This needs {package}.*its extra, city-economy-kg\[{package}\]"
    ):
        getattr(near.observations(), f"to_{package}")()


def test_a_table_is_a_sequence_that_keeps_its_columns():
    table = Table([Decimal(1), Decimal(2)], [Column("n", Decimal, lambda row: row)])
    assert (len(table), table[0], list(table), Decimal(2) in table) == (2, 1, [1, 2], True)
    assert table[1:] == Table([Decimal(2)], [Column("n", Decimal, lambda row: row)])
    assert table != Table([Decimal(1), Decimal(2)], [])
    assert repr(table) == "<2 rows: n>"
    assert table[1:].to_polars()["n"].to_list() == [2.0]
