"""The client: figures with their sentences, names in two languages, the same from a folder and an address."""

import pickle
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pyoxigraph as ox
import pytest

import kg
from kg import snapshot
from kg.client.naming import Called, Names, Rank
from kg.client.values import Text
from kg.faults import Fault, NameFault, QueryFault

VALUES = """SELECT * {
  VALUES (?n ?term) {
    (1 city:harbin) (2 "plain") (3 "哈尔滨"@zh-Hans) (4 -7) (5 2.50) (6 1e3) (7 true)
    (8 "2021-03-30"^^xsd:date)
    (9 "2021-03-30T08:00:00Z"^^xsd:dateTime) (10 UNDEF) (11 "x"^^unit:NUM) (12 "never"^^xsd:integer)
    (13 "2021-03-30Z"^^xsd:date)
  }
} ORDER BY ?n"""


def test_a_folder_and_an_address_give_the_same(near, far):
    assert near.where != far.where
    assert len(near.observations()) == 32
    assert near.observations() == far.observations()
    assert near.things() == far.things()
    assert near.query(VALUES) == far.query(VALUES)
    for name in ("policy:construction-project-approval-reform", "Harbin"):
        assert near.sentences(name) == far.sentences(name)
        assert near.about(name) == far.about(name)
    described = near.construct("DESCRIBE city:harbin")
    assert described == far.construct("DESCRIBE city:harbin")
    assert len(list(ox.parse(described, format=ox.RdfFormat.TURTLE))) > 5
    assert "@prefix obs:" not in described  # nothing uses it


def test_a_figure_has_its_number_its_labels_and_its_sentence(graph):
    (level,) = graph.observations(
        city="Harbin", industry="finance", metric="revenue", kind="Level", year=2020
    )
    assert (level.value, level.unit, level.comparator) == (Decimal(85810000000), "CCY_CNY", "Exact")
    assert (level.city, level.industry, level.metric) == ("Harbin", "financial industry", "revenue")
    assert (level.year, level.period_start, level.period_end) == (2020, date(2020, 1, 1), date(2020, 12, 31))
    assert level.industry_iri.short == "industry:finance"
    assert level.value_text in level.quote
    assert level.source_title == "Harbin’s modern industrial system sees rapid growth in 2020"
    assert (level.source_publisher, level.source_date) == ("e.my399.com", date(2021, 3, 30))
    assert level.source_url == "http://e.my399.com/business/industries/2021-03-30/5554.html"
    assert level.sentences[0].end - level.sentences[0].start == len(level.quote)


def test_a_bound_has_no_value_and_a_figure_without_a_period_no_year(near):
    (share,) = near.observations(kind="Share")
    assert (share.value, share.comparator, share.lower_bound) == (None, "MoreThan", 40)
    (stations,) = near.observations(metric="5G base stations")
    assert (stations.value, stations.year, stations.not_after) == (7030, None, date(2021, 8, 4))


def test_every_figure_says_its_number_in_each_of_its_sentences(near):
    for each in near.observations():
        assert each.sentences
        assert any(each.value_text in sentence.text for sentence in each.sentences), each.iri


def test_what_two_articles_state_has_both_sentences_the_older_first(near):
    (total,) = near.observations(metric="total scale", kind="Level")
    assert total.sources == 2
    assert [each.date for each in total.sentences] == [date(2021, 3, 30), date(2021, 8, 4)]


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({}, 32),
        ({"year": 2020}, 23),
        ({"year": range(2019, 2022)}, 23),
        ({"metric": ["revenue", "output value"], "kind": "Level"}, 8),
        ({"metric": ["revenue", "output value"], "kind": ["growth", "target"], "year": [2020]}, 6),
        ({"industry": "eight major industries", "kind": "Level"}, 3),
        ({"city": "哈尔滨市", "kind": "Rank"}, 1),
        ({"year": 1900}, 0),
        ({"kind": []}, 0),
    ],
)
def test_figures_are_chosen_by_what_they_are_of(graph, given, count):
    assert len(graph.observations(**given)) == count


@pytest.mark.parametrize(
    "name",
    ["financial industry", "Finance", "金融", "industry:finance", "https://w3id.org/cekg/industry/finance"],
)
def test_a_thing_is_found_by_any_of_its_names(graph, name):
    found = graph.thing(name)
    assert (found.iri.short, found.kind, found.label) == (
        "industry:finance",
        "industry",
        "financial industry",
    )
    assert {"金融", "financial industry"} <= set(found.names)


@pytest.mark.parametrize(
    ("name", "message", "nearest"),
    [
        ("Habrin", "Nothing is called “Habrin”. Near to it: Harbin (city:harbin)", "city:harbin"),
        ("city:harbni", "Nothing is called “city:harbni”. Near to it: Harbin", "city:harbin"),
        ("http://example.org/finance", "Near to it: financial industry", "industry:finance"),
        ("", "Nothing is called “”.", None),
        ("zzzzzz", "Nothing is called “zzzzzz”.", None),
    ],
)
def test_a_name_that_means_nothing_says_what_is_near(graph, name, message, nearest):
    with pytest.raises(NameFault) as fault:
        graph.thing(name)
    assert message in str(fault.value)
    assert kg.IRI(next(iter(fault.value.candidates), "")).short == (nearest or "")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"city": "revenue"}, "No city is called “revenue”"),
        ({"metric": "metric:turnover"}, "No metric is called “metric:turnover”"),
        ({"industry": "city:harbin"}, "No industry is called “city:harbin”"),
        ({"kind": "Guess"}, "There are no figures of the kind “Guess”. There is Level, Growth"),
    ],
)
def test_a_name_of_another_kind_is_none(near, given, message):
    with pytest.raises(NameFault, match=message):
        near.observations(**given)


def test_a_name_of_two_things_says_which_and_what_one_is_called_goes_before_what_it_is_also_called():
    called = [
        Called(kg.IRI(f"https://w3id.org/cekg/city/{slug}"), Text(name, "en"), rank)
        for slug, name, rank in (
            ("a", "Alfa", Rank.PREFERRED),
            ("b", "Alfa", Rank.OTHER),
            ("c", "Port", Rank.OTHER),
            ("d", "Port", Rank.OTHER),
            ("e", "Port", Rank.HIDDEN),
        )
    ]
    names = Names(called)
    assert names.find("alfa").short == "city:a"
    with pytest.raises(NameFault, match=r"“port” may mean .*city:c.*, .*city:d.*\. Give one") as fault:
        names.find("port")
    assert len(fault.value.candidates) == 2


def test_labels_come_in_the_language_that_is_asked_for(snapshots):
    chinese = kg.open(snapshots, language="zh-Hans")
    (level,) = chinese.observations(industry="finance", kind="Level")
    assert (level.city, level.industry) == ("哈尔滨", "金融")
    assert chinese.thing("Harbin").definition == "作为整体的哈尔滨市，而不仅指其建成区。"


def test_things_are_listed_by_kind(graph):
    assert [(each.label, each.kind) for each in graph.things("city")] == [("Harbin", "city")]
    assert {each.kind for each in graph.things()} >= {"metric", "industry", "policy", "source"}
    with pytest.raises(NameFault, match=r"There are no things of the kind “town”. There is city, country"):
        graph.things("town")


def test_about_tells_all_that_is_stated(graph):
    (level,) = graph.observations(industry="finance", kind="Level")
    about = graph.about(level.iri.short)
    assert about[kg.IRI("https://w3id.org/cekg/ont#value")] == (85810000000,)
    with pytest.raises(NameFault, match=r"The graph states nothing of https://w3id.org/cekg/obs/none"):
        graph.about("obs:none")


def test_values_have_the_types_that_python_computes_with(graph):
    values = [row["term"] for row in graph.query(VALUES)]
    assert values == [
        "https://w3id.org/cekg/city/harbin",
        "plain",
        "哈尔滨",
        -7,
        Decimal("2.5"),
        1000.0,
        True,
        date(2021, 3, 30),
        datetime(2021, 3, 30, 8, tzinfo=UTC),
        None,
        "x",
        "never",
        "2021-03-30Z",
    ]
    assert [type(each) for each in values[:3]] == [kg.IRI, str, kg.Text]
    assert values[2].language == "zh-hans"
    assert pickle.loads(pickle.dumps(values[2])).language == "zh-hans"


@pytest.mark.parametrize(
    ("method", "text", "message"),
    [
        ("query", "ASK {}", "This is no SELECT query. Graph.ask takes an ASK"),
        ("ask", "SELECT * {}", "This is no ASK query"),
        ("construct", "SELECT * {}", "This query gives no triples"),
        ("query", "SELECT ?s {", "query"),
        ("query", "INSERT DATA { <a:a> <a:b> <a:c> }", "query"),
    ],
)
def test_a_query_of_another_form_or_none_at_all_is_one_fault(graph, method, text, message):
    with pytest.raises(QueryFault, match=message):
        getattr(graph, method)(text)


def test_one_snapshot_of_several_can_be_opened(built):
    assert kg.open(built.folder).ask("ASK { city:harbin a cekg:City }")


def test_the_package_is_light_until_it_is_used(snapshots):
    code = f"""
import sys, kg
heavy = {{"pyoxigraph", "rdflib", "rapidfuzz", "SPARQLWrapper", "pandas", "polars", "pyshacl", "server"}}
print(sorted(heavy & set(sys.modules)))
kg.open({str(snapshots)!r}).observations()
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['pyoxigraph', 'rapidfuzz']"]


def test_the_names_of_the_package_are_those_it_says():
    assert set(kg.__all__) <= set(dir(kg))
    assert all(getattr(kg, name) for name in kg.__all__)
    with pytest.raises(AttributeError, match="module 'kg' has no attribute 'opne'"):
        _ = kg.opne


def test_what_does_not_conform_is_told_and_not_guessed(tmp_path):
    line = "<https://w3id.org/cekg/obs/x> a <https://w3id.org/cekg/ont#Observation> <urn:g> .\n"
    line = line.replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ")
    snapshot.publish(tmp_path, nquads=line.encode(), files={}, about={})
    with pytest.raises(Fault, match="obs/x is an observation of no kind"):
        kg.open(tmp_path).observations()
