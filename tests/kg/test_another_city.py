"""Nothing is made for one city or one publisher: an invented city passes from articles to snapshot."""

import pyoxigraph as ox
import pytest

from kg import names

QUERY = """
SELECT ?slug ?value ?lower ?upper ?unit ?start ?end ?source WHERE {
  ?obs cekg:ofCity city:seaford ; cekg:unit ?unit ; cekg:statedIn ?source .
  OPTIONAL { ?obs cekg:value ?value } OPTIONAL { ?obs cekg:lowerBound ?lower }
  OPTIONAL { ?obs cekg:upperBound ?upper } OPTIONAL { ?obs cekg:periodStart ?start ; cekg:periodEnd ?end }
  BIND(STRAFTER(STR(?obs), "/obs/seaford-") AS ?slug)
}
"""
DAILY, NEWS = "southland-daily-2022-02-10", "coast-news-2022-03-01"
EXPECTED = {
    # slug: value, lower, upper, unit, start, end
    "shipbuilding-output-value-2021-level-12500000000-cny": (
        "12500000000",
        "",
        "",
        "CCY_CNY",
        "2021-01-01",
        "2021-12-31",
    ),
    "shipbuilding-output-value-2021-growth-4-percent": ("4", "", "", "PERCENT", "2021-01-01", "2021-12-31"),
    "fishing-output-value-2021-level-3000000000-cny": (
        "3000000000",
        "",
        "",
        "CCY_CNY",
        "2021-01-01",
        "2021-12-31",
    ),
    "fishing-output-value-2021-growth-minus-2-5-percent": (
        "-2.5",
        "",
        "",
        "PERCENT",
        "2021-01-01",
        "2021-12-31",
    ),
    "fishing-revenue-2021-h1-growth-100-percent": ("100", "", "", "PERCENT", "2021-01-01", "2021-06-30"),
    "exports-2021-q3-level-1200000000-usd": ("1200000000", "", "", "CCY_USD", "2021-07-01", "2021-09-30"),
    "exports-2021-q3-level-1300000000-usd": ("1300000000", "", "", "CCY_USD", "2021-07-01", "2021-09-30"),
    "exports-undated-target-at-least-1000000000-usd": ("", "1000000000", "", "CCY_USD", "", ""),
    "residents-2021-12-31-level-less-than-900000": ("", "", "900000", "NUM", "2021-12-31", "2021-12-31"),
    "residents-2021-12-31-rank-3-in-southland": ("3", "", "", "NUM", "2021-12-31", "2021-12-31"),
    "unemployment-rate-2021-growth-minus-0-3-percentage-point": (
        "-0.3",
        "",
        "",
        "PercentagePoint",
        "2021-01-01",
        "2021-12-31",
    ),
    "shipbuilding-output-value-2021-share-of-total-scale-20-to-25-percent": (
        "",
        "20",
        "25",
        "PERCENT",
        "2021-01-01",
        "2021-12-31",
    ),
}


@pytest.fixture(scope="module")
def rows(world_snapshot) -> list[dict[str, str]]:
    store = ox.Store.read_only(str(world_snapshot.store))
    answer = store.query(QUERY, prefixes=names.PREFIXES, use_default_graph_as_union=True)
    variables = [variable.value for variable in answer.variables]
    return [{name: row[name].value if row[name] is not None else "" for name in variables} for row in answer]


def test_falls_ranges_quarters_points_bounds_and_stocks_are_published(rows):
    stated = {
        row["slug"]: (
            *(row[n] for n in ("value", "lower", "upper")),
            names.local(row["unit"]),
            row["start"],
            row["end"],
        )
        for row in rows
    }
    assert stated == EXPECTED


def test_the_same_statement_of_two_publishers_is_one_node_with_two_sources(rows):
    sources = {
        row["slug"]: {names.local(r["source"]) for r in rows if r["slug"] == row["slug"]} for row in rows
    }
    both = [slug for slug, found in sources.items() if found == {DAILY, NEWS}]
    assert both == ["shipbuilding-output-value-2021-level-12500000000-cny"]


def test_two_values_for_one_thing_are_a_warning_that_names_both(world_snapshot):
    assert world_snapshot.manifest["warnings"] == 1
    report = world_snapshot.read("report.ttl").decode()
    assert "exports-2021-q3-level-1200000000-usd" in report
    assert "exports-2021-q3-level-1300000000-usd" in report


def test_what_is_expected_is_left_out(world_snapshot):
    assert b"4000000000-cny" not in world_snapshot.read("data.nq")
