"""Metrics: unit, nature, what adds up into what, and the warning where that mixes measures."""

import pytest

from kg import names
from server.pages import metric
from server.pages.language import ENGLISH, choose


def page(app, slug, language=ENGLISH):
    return metric.page(app.catalog, names.thing("metric", slug), language, choose("zh"))


def facts(found):
    return {each.name.text: [value.text for value in each.values] for each in found.facts}


def test_a_metric_says_its_unit_its_nature_and_what_it_is_added_up_into(app):
    assert facts(page(app, "output-value")) == {
        "Unit": ["Chinese yuan"],
        "Measured as": ["flow"],
        "Is added up into": ["total scale"],
        "Scheme": ["metrics of city economies"],
    }


@pytest.mark.parametrize(
    ("slug", "unlike"),
    [("total-scale", "output value and revenue"), ("output-value", ""), ("data-centers", "")],
)
def test_a_total_of_unlike_measures_carries_a_warning(app, client, slug, unlike):
    assert page(app, slug).unlike == unlike
    shown = client.get(f"/metric/{slug}.html").text
    assert ("it is not GDP" in shown) is bool(unlike)
    if unlike:
        assert f"It adds up unlike measures ({unlike})" in shown


def test_a_total_of_one_measure_carries_none(crowded_app):
    assert page(crowded_app, "whole").unlike == ""
    assert page(crowded_app, "size").unlike == "turnover and wages"


def test_the_warning_is_in_the_language_of_the_page(client):
    assert "并非地区生产总值" in client.get("/metric/total-scale.html?lang=zh-Hans").text


def test_its_figures_stand_by_city_and_industry(app):
    (city,) = page(app, "output-value").listing.cities
    assert [name.text for series in city.series for name in series.names] == [
        "advanced equipment manufacturing",
        "deep processing of green agricultural products",
        "new materials industry",
    ]


def test_a_figure_of_no_industry_is_of_the_city_as_a_whole(app):
    (city,) = page(app, "5g-base-stations").listing.cities
    (series,) = city.series
    assert ([name.text for name in series.names], series.href) == (
        ["the city as a whole"],
        "/series/harbin/5g-base-stations",
    )
    assert series.figures[0].period == "not stated; known on 4 August 2021"


def test_a_metric_without_figures_has_no_table(crowded_app):
    found = page(crowded_app, "alone")
    assert (found.listing, found.elsewhere, found.facts) == (None, (), ())
    assert "<table" not in crowded_app.test_client().get("/metric/alone.html").text


def test_what_others_call_it_is_linked(app):
    (match,) = page(app, "data-centers").elsewhere
    assert (match.relation, match.target.text, match.code, match.where) == (
        "related to",
        "data center",
        "Q671224",
        "Wikidata",
    )
