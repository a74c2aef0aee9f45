"""The answers follow from the data: change the data, and the answers change, or for good reason do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kg import resources

Changed = Callable[[str], Callable[[str], Any]]

LOGISTICS = "obs:harbin-logistics-revenue-2020-level-89470000000-cny"
TARGET = "obs:harbin-green-agriculture-output-value-undated-target-at-least-100000000000-cny"
SHARE = (
    "obs:harbin-4-plus-4-total-investment-2020-share-of-key-industrial-project-investment"
    "-more-than-40-percent"
)


def removed(thing: str) -> str:
    return f"DELETE WHERE {{ GRAPH ?g {{ {thing} ?p ?o }} }}"


def test_a_missing_part_shows_in_the_sum_and_in_the_count(changed: Changed) -> None:
    table = changed(removed(LOGISTICS))("parts-and-total")
    assert table.columns("industries", "figures", "difference_billion_yuan") == [("8", "7", "-89.47")]


def test_an_industry_without_a_figure_stays_in_the_count(changed: Changed) -> None:
    ask = changed(
        """INSERT DATA { GRAPH graph:base {
            industry:tea a cekg:Industry ; rdfs:label "tea"@en ; cekg:partOf group:harbin-leading-four } }"""
    )
    assert ask("parts-and-total").columns("industries", "figures") == [("9", "8")]
    assert ("tea", "", "") in ask("growth").columns("industry", "growth_percent", "compared_with")


def test_an_industry_whose_rate_goes_stays_in_the_ranking(changed: Changed) -> None:
    ask = changed(removed("obs:harbin-finance-revenue-2020-growth-2-6-percent"))
    rows = ask("growth").columns("industry", "growth_percent")
    assert rows[-3:] == [
        ("characteristic culture and tourism", ""),
        ("financial industry", ""),
        ("modern logistics", ""),
    ]


SECOND_VALUE = """INSERT DATA { GRAPH graph:other {
    obs:second a cekg:Observation, cekg:Level ; rdfs:label "second"@en ;
        cekg:ofCity city:harbin ; cekg:ofIndustry industry:logistics ; cekg:ofMetric metric:revenue ;
        cekg:value 90000000000.0 ; cekg:unit unit:CCY_CNY ; cekg:comparator cekg:Exact ; cekg:year 2020 ;
        cekg:periodStart "2020-01-01"^^xsd:date ; cekg:periodEnd "2020-12-31"^^xsd:date ;
        cekg:statedIn source:e-my399-2021-08-04 } }"""


def test_two_values_for_one_key_are_a_conflict(changed: Changed) -> None:
    ask = changed(SECOND_VALUE)
    assert ask("conflicts").columns("industry", "measure", "kind", "values", "lowest", "highest") == [
        ("modern logistics", "revenue", "level", "2", "89470000000", "90000000000")
    ]
    assert ask("parts-and-total").columns("industries", "figures") == [("8", "9")]


OF_ANOTHER = {
    "year": ("cekg:year 2020", "cekg:year 2021"),
    "unit": ("unit:CCY_CNY", "unit:CCY_USD"),
    "city": ("city:harbin", "city:shenyang"),
    "kind": ("cekg:Level", "cekg:Converted"),
}


@pytest.mark.parametrize("what", OF_ANOTHER)
def test_a_value_of_another_key_leaves_the_sums_alone(what: str, changed: Changed) -> None:
    table = changed(SECOND_VALUE.replace(*OF_ANOTHER[what]))("parts-and-total")
    assert table.columns("figures", "sum_billion_yuan") == [("8", "621.37")]


def test_a_bound_is_in_no_sum(changed: Changed) -> None:
    ask = changed(SECOND_VALUE.replace("cekg:value", "cekg:lowerBound").replace("Exact", "AtLeast"))
    assert ask("parts-and-total").columns("figures") == [("8",)]
    assert ask("bounds").columns("figure", "lower_bound")[-1] == ("second", "90000000000")


def test_a_target_above_the_level_is_not_met(changed: Changed) -> None:
    ask = changed(
        f"""DELETE {{ GRAPH ?g {{ {TARGET} cekg:lowerBound ?bound }} }}
            INSERT {{ GRAPH ?g {{ {TARGET} cekg:lowerBound 101950000000.1 ; rdfs:comment "raised"@en }} }}
            WHERE {{ GRAPH ?g {{ {TARGET} cekg:lowerBound ?bound }} }}"""
    )
    assert ask("targets").columns("met") == [("false",)]


def test_a_target_that_no_level_is_named_for_is_neither_met_nor_missed(changed: Changed) -> None:
    ask = changed(f"DELETE WHERE {{ GRAPH ?g {{ {TARGET} cekg:achievedBy ?level }} }}")
    assert ask("targets").columns("reached_billion_yuan", "reached_in", "met") == [("", "", "")]


def test_a_target_year_is_derived_only_if_something_says_so(changed: Changed) -> None:
    ask = changed(f"DELETE WHERE {{ GRAPH ?g {{ {TARGET} prov:wasDerivedFrom ?level }} }}")
    assert ask("targets").columns("target_year", "target_year_is") == [("2021", "stated")]


def test_investment_is_shown_without_a_share(changed: Changed) -> None:
    table = changed(removed(SHARE))("investment")
    assert table.columns("invested_billion_yuan", "percent", "whole_below_billion_yuan") == [
        ("12.93", "", "")
    ]


def test_an_upper_bound_says_nothing_of_what_the_whole_is_below(changed: Changed) -> None:
    ask = changed(
        f"""DELETE {{ GRAPH ?g {{ {SHARE} cekg:lowerBound ?bound }} }}
            INSERT {{ GRAPH ?g {{ {SHARE} cekg:upperBound ?bound ; rdfs:comment "an upper bound"@en }} }}
            WHERE {{ GRAPH ?g {{ {SHARE} cekg:lowerBound ?bound }} }}"""
    )
    assert ask("investment").columns("percent", "whole_below_billion_yuan") == [("40", "")]


def test_a_second_place_is_no_first(changed: Changed) -> None:
    ask = changed(
        """DELETE { GRAPH ?g { ?rank cekg:value ?one } }
           INSERT { GRAPH ?g { ?rank cekg:value 2.0 ; rdfs:comment "second"@en } }
           WHERE { GRAPH ?g { ?rank a cekg:Rank ; cekg:value ?one } }"""
    )
    assert ask("ranked-first").rows == []


def test_a_figure_on_gdp_would_be_found(changed: Changed) -> None:
    ask = changed(
        """INSERT DATA { GRAPH graph:other {
            metric:gdp a cekg:Metric ; rdfs:label "output"@en, "地区生产总值"@zh ; skos:altLabel "GDP"@en .
            obs:gdp a cekg:Observation ; cekg:ofMetric metric:gdp ; cekg:ofCity city:harbin } }"""
    )
    assert ask("gdp").columns("figures_on_gdp", "figures_in_all") == [("1", "33")]


# What a second publisher adds who states the same figures, later: it is nowhere the first.
ECHO = """
INSERT {
  GRAPH graph:echo {
    ?figure ?property ?value ; cekg:evidence ?quote ; cekg:statedIn source:echo .
    ?quote cekg:quotedFrom source:echo ; oa:exact ?text ; oa:start 0 ; oa:end 9 .
    source:echo a cekg:Source ; dcterms:title "Echo"@en ; dcterms:date "2021-12-01"^^xsd:date ;
      schema:url <http://example.org/echo> ; dcterms:publisher organization:echo .
  }
} WHERE {
  GRAPH ?g { ?figure a cekg:Observation ; cekg:evidence ?first ; ?property ?value . ?first oa:exact ?text }
  FILTER (?property NOT IN (cekg:evidence, cekg:statedIn, cekg:hasReading))
  BIND (IRI(CONCAT(STR(?first), "-echo")) AS ?quote)
}"""

# These count sources, or have a row for each.
OF_SOURCES = {"sentences", "corroboration", "facts-by-article"}


@pytest.mark.parametrize(
    "slug", [example.slug for example in resources.examples() if example.slug not in OF_SOURCES]
)
def test_a_second_source_for_the_same_figures_changes_no_answer(
    slug: str, ask: Callable[[str], Any], echoed: Callable[[str], Any]
) -> None:
    assert echoed(slug) == ask(slug)


def test_a_second_publisher_corroborates(echoed: Callable[[str], Any]) -> None:
    rows = echoed("corroboration").columns("publishers", "articles")
    assert rows[:2] == [("2", "3"), ("2", "2")]
    assert rows.count(("2", "3")) == 1
    assert rows.count(("2", "2")) == 31


def test_a_second_source_has_its_own_sentences(
    ask: Callable[[str], Any], echoed: Callable[[str], Any]
) -> None:
    more = set(echoed("sentences").rows) - set(ask("sentences").rows)
    assert {row[3:] for row in more} == {("Echo", "http://example.org/echo", "2021-12-01")}
    assert len({row[0] for row in more}) == 32


@pytest.fixture(scope="module")
def echoed(quads: Any, request: pytest.FixtureRequest) -> Callable[[str], Any]:
    change: Changed = request.getfixturevalue("changed")
    return change(ECHO)
