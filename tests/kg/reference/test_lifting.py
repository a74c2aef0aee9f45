"""Reference data stand in a graph of their own, with their licence, and contradict nothing."""

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, XSD

from kg import names

HARBIN, CHINA = URIRef(names.thing("city", "harbin")), URIRef(names.thing("country", "china"))
PLACES, LINKS = "reference/places.tsv", "links/links.sssom.tsv"


def code(text, system):
    return Literal(text, datatype=URIRef(names.term(system)))


def test_a_place_of_the_ontology_gets_its_codes_and_coordinates_and_nothing_else(assembly):
    assert set(assembly.graphs["reference"].predicate_objects(HARBIN)) == {
        (URIRef(names.WGS84 + "lat"), Literal("45.75", datatype=XSD.decimal)),
        (URIRef(names.WGS84 + "long"), Literal("126.65", datatype=XSD.decimal)),
        (URIRef(names.term("inCountry")), CHINA),
        (URIRef(names.term("inRegion")), URIRef(names.thing("region", "heilongjiang"))),
        (SKOS.notation, code("230100", "Gbt2260")),
    }


def test_codes_are_typed_with_their_system(assembly):
    found = assembly.graphs["reference"]
    assert set(found.objects(CHINA, SKOS.notation)) == {
        code("CN", "Iso3166Alpha2"),
        code("CHN", "Iso3166Alpha3"),
        code("156", "Iso3166Numeric"),
    }
    assert set(found.objects(URIRef(names.unit("CCY_USD")), SKOS.notation)) == {code("USD", "Iso4217")}


def test_what_reference_data_say_is_no_statement_of_a_source(assembly):
    """An article's country is cekg:within, with evidence; that of the reference data is cekg:inCountry."""
    found = assembly.graphs["reference"]
    for name in ("within", "capitalOf", "statedIn"):
        assert not list(found.subject_objects(URIRef(names.term(name))))
    for slug, graph in assembly.graphs.items():
        if slug != "reference":
            assert not list(graph.subject_objects(URIRef(names.term("inCountry"))))


def test_the_graph_says_its_licence_and_whose_data_it_has(assembly):
    meta, it = assembly.graphs["meta"], URIRef(names.graph("reference"))
    assert set(meta.objects(it, DCTERMS.license)) == {URIRef(names.CC_BY)}
    assert any("GeoNames" in str(text) for text in meta.objects(it, DCTERMS.rights))
    source = URIRef("https://www.geonames.org/")
    assert source in set(meta.objects(it, DCTERMS.source))
    assert (source, RDFS.label, Literal("GeoNames", lang="en")) in meta


def test_a_link_that_is_there_by_hand_is_not_made_again(assembly):
    assert not list(assembly.graphs["reference"].subjects(RDF.type, OWL.Axiom))


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            PLACES,
            "city:harbin\tHarbin\t",
            "city:harbin\tKharbin\t",
            "places.tsv:11: ontology/concepts/ calls city:harbin “Harbin” and “哈尔滨”: write these names",
        ),
        (PLACES, "2037013", "2037014", "places.tsv:11: city:harbin is linked to geonames:2037013/ on line"),
        (
            PLACES,
            "city:harbin\tHarbin\t哈尔滨",
            "city:charbin\tHarbin City\t哈尔滨",
            "places.tsv:11: “Harbin City” names city:harbin already: give one of the two a longer name.",
        ),
        (
            PLACES,
            "country:china\tChina\t中国\t\t\t\t\t1814991",
            "country:china\tChina\t中国\t\t\t\t\t1",
            "and not to 1: mend one of the two.",
        ),
        (
            LINKS,
            "country:china\tChina\towl:sameAs\tgeonames:1814991/",
            "region:heilongjiang\tHeilongjiang\towl:sameAs\tgeonames:1814991/",
            "GeoNames 1814991 is region:heilongjiang on line",
        ),
        (
            "reference/currencies.tsv",
            "US dollar",
            "dollar",
            "has no unit unit:CCY_USD that is called “dollar”",
        ),
    ],
)
def test_a_line_that_contradicts_the_ontology_or_a_link_is_told(spoil, name, old, new, message):
    assert message in spoil(name, old, new)


def test_no_two_codes_of_the_real_tables_are_untyped(assembly):
    graph: Graph = assembly.graphs["reference"]
    systems = {each.datatype for each in graph.objects(None, SKOS.notation)}
    declared = set(assembly.graphs["ontology"].subjects(RDF.type, RDFS.Datatype))
    assert systems <= declared
