"""The counts that the build writes down are those that an engine finds when it counts."""

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, VOID, Graph, Literal, URIRef

from kg import names, void

DATASET = URIRef(names.DATASET)
EX = "http://data.example/ns#"


@pytest.fixture(scope="module")
def meta(assembly) -> Graph:
    return assembly.graphs["meta"]


@pytest.fixture(scope="module")
def data(assembly) -> ox.Store:
    """The merge of all graphs but the description, and each of them by its name."""
    store = ox.Store()
    for slug, graph in assembly.graphs.items():
        if slug != "meta":
            triples = graph.serialize(format="nt", encoding="utf-8")
            store.load(triples, format=ox.RdfFormat.N_TRIPLES)
            store.load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(names.graph(slug)))
    return store


def rows(store: ox.Store, query: str) -> set[tuple[str, ...]]:
    answer = store.query(query, prefixes=names.PREFIXES)
    return {tuple(value.value for value in row) for row in answer}


COUNTS = [
    (VOID.triples, "COUNT(*)", "?s ?p ?o"),
    (VOID.classes, "COUNT(DISTINCT ?o)", "?s a ?o"),
    (VOID.properties, "COUNT(DISTINCT ?p)", "?s ?p ?o"),
    (VOID.distinctSubjects, "COUNT(DISTINCT ?s)", "?s ?p ?o"),
    (VOID.distinctObjects, "COUNT(DISTINCT ?o)", "?s ?p ?o"),
    (VOID.entities, "COUNT(DISTINCT ?s)", f"?s ?p ?o FILTER (STRSTARTS(STR(?s), '{names.BASE}'))"),
]


@pytest.mark.parametrize(("property_", "count", "where"), COUNTS, ids=lambda each: names.local(str(each)))
def test_the_data_set_is_counted_as_an_engine_counts_it(meta, data, property_, count, where):
    assert rows(data, f"SELECT ({count} AS ?n) {{ {where} }}") == {(str(meta.value(DATASET, property_)),)}


@pytest.mark.parametrize(
    ("property_", "count", "where"), COUNTS[:-1], ids=lambda each: names.local(str(each))
)
def test_so_is_each_graph(meta, data, assembly, property_, count, where):
    for slug in assembly.graphs.keys() - {"meta"}:
        graph = names.graph(slug)
        found = rows(data, f"SELECT ({count} AS ?n) {{ GRAPH <{graph}> {{ {where} }} }}")
        assert found == {(str(meta.value(URIRef(graph), property_)),)}


def test_so_is_each_class(meta, data):
    parts = meta.objects(DATASET, VOID.classPartition)
    stated = {(str(meta.value(part, VOID["class"])), str(meta.value(part, VOID.entities))) for part in parts}
    assert stated == rows(data, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")


def test_so_is_each_property(meta, data):
    asked = (VOID.property, VOID.triples, VOID.distinctSubjects, VOID.distinctObjects)
    parts = meta.objects(DATASET, VOID.propertyPartition)
    assert {tuple(str(meta.value(part, each)) for each in asked) for part in parts} == rows(
        data,
        "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ns) (COUNT(DISTINCT ?o) AS ?no)"
        " { ?s ?p ?o } GROUP BY ?p",
    )


def test_so_is_each_property_of_a_class_of_things(meta, data):
    stated = {
        tuple(
            map(
                str,
                (
                    meta.value(part, VOID["class"]),
                    meta.value(its, VOID.property),
                    meta.value(its, VOID.triples),
                ),
            )
        )
        for part in meta.objects(DATASET, VOID.classPartition)
        for its in meta.objects(part, VOID.propertyPartition)
    }
    assert stated == rows(
        data,
        "SELECT ?c ?p (COUNT(*) AS ?n) {"
        " { SELECT DISTINCT ?c { GRAPH ?g { ?i a ?c } FILTER (?g != graph:ontology) } }"
        " ?s a ?c ; ?p ?o FILTER (?p != rdf:type && !STRSTARTS(STR(?p), STR(skos:))) } GROUP BY ?c ?p",
    )
    assert (names.term("Growth"), names.term("baseYear"), "6") in stated


def test_what_is_counted_says_so(meta):
    """Everything with a count is typed, since nothing is inferred, and none is a blank node."""
    counted = set(meta.subjects(VOID.triples)) | set(meta.subjects(VOID.entities))
    assert all((each, RDF.type, VOID.Dataset) in meta for each in counted)
    assert all(isinstance(each, URIRef) and each.startswith(names.BASE) for each in counted)
    assert "graph:meta" in str(meta.value(DATASET, RDFS.comment))


def test_the_vocabularies_are_all_that_are_used(meta, data):
    vocabularies = tuple(map(str, meta.objects(DATASET, VOID.vocabulary)))
    used = rows(data, "SELECT DISTINCT ?t { { ?s ?t ?o } UNION { ?s a ?t } }")
    assert all(term.startswith(vocabularies) for (term,) in used)
    assert all(any(term.startswith(each) for (term,) in used) for each in vocabularies)
    assert names.ONTOLOGY in vocabularies


def test_the_sample_resources_are_things_of_the_data(meta, data):
    samples = [str(each) for each in meta.objects(DATASET, VOID.exampleResource)]
    assert names.thing("city", "harbin") in samples
    assert all(rows(data, f"SELECT ?c {{ <{each}> a ?c }}") for each in samples)


# The rules, one by one, on graphs of a few triples.


def described(**graphs: str) -> Graph:
    found = Graph()
    for triple in void.statistics(
        {
            slug: set(Graph().parse(data=f"PREFIX : <{EX}>\n{text}", format="turtle"))
            for slug, text in graphs.items()
        }
    ):
        found.add(triple)
    return found


def test_what_two_graphs_state_counts_once():
    found = described(a=":x a :T ; :p 1 .", b=":x a :T ; :p 2 .")
    assert found.value(DATASET, VOID.triples) == Literal(3)
    assert found.value(URIRef(names.graph("a")), VOID.triples) == Literal(2)
    (part,) = found.objects(DATASET, VOID.classPartition)
    assert found.value(part, VOID.entities) == Literal(1)


def test_a_property_of_one_class_alone_is_one_partition():
    found = described(a=":x a :T ; :own 1 ; :shared 1 . :y a :U ; :shared 1 .")
    by_property = {
        found.value(each, VOID.property): each for each in found.objects(DATASET, VOID.propertyPartition)
    }
    part = found.value(None, VOID["class"], URIRef(EX + "T"))
    its = set(found.objects(part, VOID.propertyPartition))
    assert by_property[URIRef(EX + "own")] in its
    assert by_property[URIRef(EX + "shared")] not in its
    assert {found.value(each, VOID.triples) for each in its} == {Literal(1)}


def test_terms_that_would_share_a_name_do_not():
    """Nor does one that has no letter for a slug go without."""
    found = described(a=":x :a_b 1 ; :a-b 2 , 3 ; <https://例/年> 4 .")
    parts = {
        found.value(each, VOID.property): each for each in found.objects(DATASET, VOID.propertyPartition)
    }
    counts = {names.local(it): int(found.value(part, VOID.triples)) for it, part in parts.items()}
    assert counts == {"a_b": 1, "a-b": 2, "年": 1}
    assert len(set(parts.values())) == 3


def test_the_words_of_the_ontology_are_counted_and_not_taken_apart():
    found = described(ontology=":T a :Class ; :label 1 .", a=":x a :T ; :label 2 .")
    taken_apart = {found.value(part, VOID["class"]) for part in found.subjects(VOID.propertyPartition)} - {
        None
    }
    assert taken_apart == {URIRef(EX + "T")}
    assert len(set(found.objects(DATASET, VOID.classPartition))) == 2


def test_the_counts_grow_with_the_words_and_not_with_the_data():
    few = described(a=":x1 a :T ; :p 1 . :y a :U .")
    many = described(a=":y a :U . " + "".join(f":x{n} a :T ; :p {n} . " for n in range(1, 50)))
    assert len(few) == len(many)


def test_an_empty_graph_has_nothing_and_says_so():
    found = described(a="")
    assert found.value(DATASET, VOID.triples) == Literal(0)
    assert not list(found.objects(DATASET, VOID.classPartition))
