"""The description is in the graph, is true of the graph, and of itself."""

import shutil

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, RDF, RDFS, SH, VOID, XSD, Graph, Literal, Namespace, URIRef

from kg import build, examples, meta, names, resources

DATASET, EVERYTHING = URIRef(names.DATASET), URIRef(names.DEFAULT_GRAPH)
SD = Namespace(names.SD)
META = URIRef(names.graph("meta"))


@pytest.fixture(scope="module")
def described(assembly) -> Graph:
    return assembly.graphs["meta"]


@pytest.fixture(scope="module")
def store(built) -> ox.Store:
    return ox.Store.read_only(str(built.store))


def count(store: ox.Store, where: str) -> Literal:
    (row,) = store.query(f"SELECT (COUNT(*) AS ?n) {{ {where} }}", prefixes=names.PREFIXES)
    return Literal(int(row["n"].value))


def test_the_description_counts_itself_and_everything(described, store):
    assert described.value(META, VOID.triples) == count(store, "GRAPH graph:meta { ?s ?p ?o }")
    assert described.value(EVERYTHING, VOID.triples) == count(store, "?s ?p ?o")


def test_what_others_state_too_counts_once():
    """The count of everything is that of a set, also where the description repeats a triple of the data."""
    label = (DATASET, RDFS.label, Literal("City Economy Knowledge Graph", lang="en"))
    data = Graph().add(label)
    found = meta.describe([], {}, {"base": data}, [])
    assert label in found
    assert (EVERYTHING, VOID.triples, Literal(len(found))) in found
    assert (META, VOID.triples, Literal(len(found))) in found


def test_each_graph_is_described_as_a_service_does(described, assembly):
    named = set(described.subjects(RDF.type, SD.NamedGraph))
    assert named == {URIRef(names.graph(slug)) for slug in assembly.graphs}
    for graph in named:
        assert described.value(graph, SD.name) == graph
        assert described.value(graph, SD.graph) == graph
        assert (graph, RDF.type, SD.Graph) in described
        assert int(described.value(graph, VOID.triples)) > 0
        assert described.value(graph, RDFS.label)
        assert described.value(graph, DCTERMS.isPartOf) == DATASET
    assert set(described.objects(DATASET, VOID.subset)) == named - {META}
    assert set(described.objects(EVERYTHING, VOID.subset)) == {DATASET, META}


def test_every_prefix_is_declared_once(described):
    declared = [
        (str(described.value(each, SH.prefix)), described.value(each, SH.namespace))
        for each in described.objects(DATASET, SH.declare)
    ]
    assert sorted(declared) == sorted(
        (prefix, Literal(namespace, datatype=XSD.anyURI)) for prefix, namespace in names.PREFIXES.items()
    )


def test_every_example_is_in_the_graph_in_the_words_of_its_file(described):
    for example in resources.examples():
        query = URIRef(names.thing("query", example.slug))
        assert {SH.SPARQLExecutable, SH.SPARQLSelectExecutable} == set(described.objects(query, RDF.type))
        in_chinese = Literal(example.in_language("zh-Hans").title, lang="zh-Hans")
        assert set(described.objects(query, RDFS.label)) == {Literal(example.title, lang="en"), in_chinese}
        comment = str(described.value(query, RDFS.comment))
        assert comment.startswith(example.title)
        assert comment.endswith(example.description)
        assert str(described.value(query, SH.select)).endswith(f"\n\n{example.query}")
        assert described.value(query, SH.prefixes) == DATASET


def test_every_example_in_the_graph_runs_as_it_stands(described, store):
    for example in resources.examples():
        text = str(described.value(URIRef(names.thing("query", example.slug)), SH.select))
        with_ours = store.query(example.query, prefixes=names.PREFIXES)
        assert [tuple(row) for row in store.query(text)] == [tuple(row) for row in with_ours]


def test_the_examples_of_a_folder_of_data_are_those_in_its_graph(tmp_path, folders):
    for name in ("sources", "facts", "links", "reference"):
        shutil.copytree(folders.data / name, tmp_path / name)
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "01-any-city.rq").write_text(
        "# title: Is there a city?\n\nASK { ?x a cekg:City }\n"
    )
    found = build.assemble(build.Folders(folders.ontology, folders.shapes, tmp_path)).graphs["meta"]
    assert list(found.subjects(RDF.type, SH.SPARQLExecutable)) == [URIRef(names.thing("query", "any-city"))]


@pytest.mark.parametrize(
    ("query", "kind", "property_"),
    [
        ("SELECT * { ?s ?p ?o }", SH.SPARQLSelectExecutable, SH.select),
        ("select * { ?s ?p ?o }", SH.SPARQLSelectExecutable, SH.select),
        ("ASK {}", SH.SPARQLAskExecutable, SH.ask),
        ("# ASK for more\nCONSTRUCT WHERE { ?s ?p ?o }", SH.SPARQLConstructExecutable, SH.construct),
    ],
)
def test_the_form_of_a_query_decides_what_it_is(query, kind, property_):
    example = resources.Example("a", "What?", "", query)
    found = Graph()
    for triple in examples.describe_examples([example]):
        found.add(triple)
    it = URIRef(names.thing("query", "a"))
    assert set(found.objects(it, RDF.type)) == {SH.SPARQLExecutable, kind}
    assert str(found.value(it, property_)).endswith(query)
    assert found.value(it, RDFS.comment) == Literal("What?", lang="en")


@pytest.mark.parametrize(
    ("query", "used"),
    [
        ("ASK { ?s a cekg:City }", {"cekg"}),
        ("ASK { ?s ^cekg:ofCity/rdfs:label|skos:prefLabel ?o }", {"cekg", "rdfs", "skos"}),
        ("ASK { city:harbin cekg:value '1'^^xsd:decimal }", {"city", "cekg", "xsd"}),
        ("ASK { <https://schema.example/a> ?p ?o }", set()),
        ("ASK { ?s ?p 'a-city:b' }", set()),
    ],
)
def test_the_prefixes_of_a_query_are_those_that_it_uses(query, used):
    text = examples.with_prefixes(query)
    assert {line.split()[1].rstrip(":") for line in text.splitlines() if line.startswith("PREFIX")} == used
    ox.Store().query(text)
