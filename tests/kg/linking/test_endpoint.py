"""Candidates from a real SPARQL endpoint: found by name and code, told apart by type, place and code."""

import json
from dataclasses import replace

import pyoxigraph as ox
import pytest

from kg.linking import endpoint
from kg.linking.asking import NotAnswered
from kg.linking.datasets import WIKIDATA, DataSet, UnknownDataSet, find_data_set
from kg.linking.endpoint import filled, find
from kg.linking.ranking import rank
from kg.linking.things import Name, Thing, UnknownThing, chosen
from tests.kg.linking.conftest import oxigraph, says

ENTITY = WIKIDATA.space


@pytest.fixture
def proposals(things, wikidata, asker):
    """The proposals for a thing, the best first, each as the number of an item and the proposal."""

    def of(thing, most=9):
        thing = things[thing] if isinstance(thing, str) else thing
        found = find(thing, WIKIDATA, wikidata, asker)
        ranked = rank(thing, found.candidates, WIKIDATA, most)
        return [(each.candidate.iri.removeprefix(ENTITY), each) for each in ranked]

    return of


@pytest.mark.parametrize(
    ("thing", "item", "predicate"),
    [
        ("city:harbin", "Q42956", "owl:sameAs"),
        ("region:heilongjiang", "Q19206", "owl:sameAs"),
        ("country:china", "Q148", "owl:sameAs"),
        ("unit:CCY_CNY", "Q39099", "skos:exactMatch"),
        ("unit:CCY_USD", "Q4917", "skos:exactMatch"),
        ("metric:data-centers", "Q671224", "skos:closeMatch"),
        ("industry:finance", "Q837171", "skos:closeMatch"),
        ("industry:logistics", "Q177777", "skos:closeMatch"),
        ("industry:culture-tourism", "Q49389", "skos:closeMatch"),
    ],
)
def test_what_is_verified_by_hand_comes_first(proposals, thing, item, predicate):
    best, proposal = proposals(thing)[0]
    assert (best, proposal.predicate) == (item, predicate)


def test_of_those_of_one_name_the_type_the_place_and_the_code_tell_which(proposals):
    ranked = proposals("city:harbin")
    assert [item for item, _ in ranked] == ["Q42956", "Q900000011", "Q900000015"]
    scores = [each.score for _, each in ranked]
    assert scores[0] - scores[1] > 0.15
    assert scores == sorted(scores, reverse=True)
    assert max(scores) <= 0.95


def test_each_reason_is_said_in_words(proposals):
    (_, city), (_, district), (_, song) = proposals("city:harbin")
    assert city.reasons == (
        "Its name “Harbin” (en) is our label.",
        "Its name “哈尔滨市” (zh) is another name of ours.",
        "It is of the type prefecture-level city, which a city can be.",
        "It lies in China and Heilongjiang, as ours does.",
        "Its GeoNames ID is 2037013, as is ours.",
        "It is a link of ours already.",
        "There it is “capital of Heilongjiang, China”.",
    )
    assert "That it lies in Heilongjiang, as ours does, is not said." in district.reasons
    assert "Its type is song, and not one that a city has." in song.reasons
    assert {each.justification for each in (city, district, song)} == {"semapv:CompositeMatching"}


def test_a_code_finds_what_has_another_name(proposals, things):
    euro = replace(things["unit:CCY_EUR"], names=(Name("common currency", "en"),))
    ((item, proposal),) = proposals(euro)
    assert (item, proposal.predicate, proposal.reasons[-2]) == (
        "Q900000021",
        "skos:exactMatch",
        "Its ISO 4217 code is EUR, as is ours.",
    )


def test_another_code_speaks_against_a_candidate(proposals):
    (first, right), (second, wrong) = proposals("unit:CCY_EUR")
    assert (first, second) == ("Q900000021", "Q900000022")
    assert "Its ISO 4217 code is XXX, ours is EUR." in wrong.reasons
    assert right.score - wrong.score > 0.5


def test_only_as_many_as_are_wanted(proposals):
    assert len(proposals("city:harbin", most=1)) == 1


def test_what_has_no_namesake_has_no_candidate(proposals):
    assert proposals("industry:new-materials") == []


def test_a_name_cannot_leave_its_place_in_a_query(proposals, things, wikidata, asker):
    hostile = 'Harbin" } } DROP ALL ; # \\ \n } VALUES ?name {} ' + "哈\u2028"
    asked = Thing(things["city:harbin"].iri, "city", hostile, (Name(hostile, "en"), Name("Harbin", "en")))
    assert next(item for item, _ in proposals(asked)) == "Q42956"


def test_queries_are_sparql_before_and_after_they_are_filled():
    text = ox.Literal('a "b" \\ \n } ? # ')
    row = (ox.NamedNode("http://a.example/p"), text)
    values = {f"?{name}": [(text,)] for name in ("item", "name", "start", "language", "class", "property")}
    files = list(endpoint.QUERIES.glob("*.rq"))
    assert len(files) == 3
    for path in files:
        empty = path.read_text(encoding="utf-8")
        full = filled(empty, {**values, "(?property ?code)": [row, row]})
        assert "{}" in empty
        assert "{}" not in full
        assert not list(ox.Store().query(empty))
        assert not list(ox.Store().query(full))


def test_the_most_common_names_do_not_drown_us(things, asker, tmp_path_factory):
    """Whoever has more of our names, or the shorter address, is looked at."""
    folder = tmp_path_factory.mktemp("crowd")
    crowd = "".join(
        f'<{ENTITY}Q9{n:04}> <http://www.w3.org/2000/01/rdf-schema#label> "Harbin"@en .\n' for n in range(80)
    )
    file = folder / "crowd.ttl"
    file.write_text(
        crowd
        + f'<{ENTITY}Q900000031> <http://www.w3.org/2000/01/rdf-schema#label> "Harbin"@en, "哈尔滨"@zh .'
    )
    with oxigraph(file, folder / "store") as address:
        found = find(things["city:harbin"], WIKIDATA, address, asker)
    assert (found.of, len(found.candidates)) == (81, 50)
    assert found.candidates[0].iri == f"{ENTITY}Q900000031"


def test_any_other_data_set_is_asked_by_common_vocabularies(things, asker, tmp_path):
    file = tmp_path / "other.ttl"
    file.write_text(
        """@prefix schema: <http://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix : <https://other.example/> .
        :a skos:prefLabel "Harbin"@en ; a :Town ; skos:definition "A town."@en .
        :b schema:name "harbin" .
        :c rdfs:label "Ice City"@en ; owl:sameAs <http://www.wikidata.org/entity/Q42956> .
        <https://elsewhere.example/d> rdfs:label "Harbin"@en .
        :Town rdfs:label "town"@en ."""
    )
    other = DataSet("other", "https://other.example/")
    with oxigraph(file, tmp_path / "store") as address:
        ranked = rank(
            things["city:harbin"], find(things["city:harbin"], other, address, asker).candidates, other, 9
        )
    assert [each.candidate.label for each in ranked] == ["Harbin", "harbin", "Ice City"]
    assert "It is of the type town." in ranked[0].reasons
    assert "It is linked to http://www.wikidata.org/entity/Q42956, as ours is." in ranked[2].reasons
    assert [each.predicate for each in ranked] == ["owl:sameAs"] * 3


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ('{"head": {}, "boolean": true}', "it is a yes or no"),
        ('{"head": {"vars": ["\\u001b[31m\\n"]}, "results": {"bindings": []}}', r"its columns are \[31m$"),
        ('{"head": {"vars": ["x"]}, "results": {"bindings": []}}', "its columns are x"),
        ('{"head": {"vars": ["item"]}, "results": {"bindings": [{"item": {"type": "uri"', "it is not JSON"),
        ('{"head": {"vars": ["item"]}, "results": {"bindings": [{"item": {"type": "uri"}}]}}', "of the form"),
        ('{"head": {"vars": ["item"]}, "results": {"bindings": [7]}}', "not of the form"),
        ('{"error": "time is up"}', "not of the form that SPARQL results have"),
        ("[]", "not of the form"),
        ("7", "not of the form"),
    ],
)
def test_what_is_no_table_of_candidates_is_one_sentence(things, stranger, asker, body, message):
    stranger.answers = [says(body)]
    with pytest.raises(NotAnswered, match=message) as fault:
        find(things["city:harbin"], WIKIDATA, stranger.address, asker)
    assert "\n" not in str(fault.value)


def test_what_no_link_could_lead_to_is_passed_over(things, stranger, asker):
    """An item without an address, or with one that is none, and what is said of nothing."""
    items = [
        {"type": "bnode", "value": "b0"},
        {"type": "uri", "value": "no address"},
        {"type": "uri", "value": "x:y"},
    ]
    named = {"head": {"vars": ["item"]}, "results": {"bindings": [{}, *({"item": each} for each in items)]}}
    stranger.answers = [says(json.dumps(named))]
    found = find(things["city:harbin"], WIKIDATA, stranger.address, asker)
    assert [each.iri for each in found.candidates] == ["x:y"]
    assert rank(things["city:harbin"], found.candidates, WIKIDATA, 5) == []


def test_things_are_chosen_by_name_or_by_kind_and_want_of_a_link(things):
    def picked(*curies, kinds=()):
        return [thing.curie for thing in chosen(things, curies, kinds, ENTITY)]

    assert picked(kinds=["city", "region"]) == ["region:northeast-china"]
    assert picked(kinds=["city", "unit"])[0] == "unit:CCY_EUR"
    assert picked("city:harbin", "https://w3id.org/cekg/city/harbin") == ["city:harbin"]
    with pytest.raises(UnknownThing, match="Did you mean “city:harbin”"):
        picked("city:harbim")


def test_a_thing_knows_its_names_its_links_and_where_it_lies(things):
    harbin = things["city:harbin"]
    assert [name.text for name in harbin.names if name.language == "zh-hans"] == ["哈尔滨", "哈尔滨市"]
    assert harbin.links == {ENTITY + "Q42956", "https://sws.geonames.org/2037013/"}
    assert (ENTITY + "Q19206", "Heilongjiang") in harbin.places
    assert (ENTITY + "Q148", "China") in harbin.places
    assert (ENTITY + "Q42956", "Harbin") in things["policy:4-plus-4-development"].places


def test_a_data_set_is_known_declared_or_new():
    declared = {"geonames": "https://sws.geonames.org/"}
    assert find_data_set("wikidata", declared) is WIKIDATA
    assert find_data_set("geonames", declared).space == declared["geonames"]
    assert find_data_set("new=https://new.example/", declared).space == "https://new.example/"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("wikidota", "Did you mean “wikidata”?"),
        ("", "There is no data set “”"),
        ("new=", "is given as prefix=namespace"),
        ("New=https://new.example/", "is given as prefix=namespace"),
        ("new=file:///etc/", "is given as prefix=namespace"),
        ("wikidata=https://new.example/", "stands for http://www.wikidata.org/entity/ everywhere else"),
    ],
)
def test_what_is_no_data_set_is_refused(given, message):
    with pytest.raises(UnknownDataSet, match=message):
        find_data_set(given, {})
