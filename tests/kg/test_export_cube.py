"""The RDF Data Cube export is a well-formed cube (https://www.w3.org/TR/vocab-data-cube/#wf).

Its integrity constraints are asked as the recommendation words them: an ASK that is true has found a fault.
Left out are those on what the export has none of: slices (7 to 10), ``qb:measureType`` (15 to 17),
``qb:observation`` (18) and hierarchical code lists (20, 21).
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build, names, snapshot
from kg.export import export

# Phase 1 of https://www.w3.org/TR/vocab-data-cube/#normalize-algorithm: what abbreviations imply.
# Phase 2 pushes attributes down from data sets and slices; here they stand on the observations.
NORMALISE = """
INSERT { ?component qb:componentProperty ?property ; a qb:ComponentSpecification .
         ?property a qb:DimensionProperty } WHERE { ?component qb:dimension ?property } ;
INSERT { ?component qb:componentProperty ?property ; a qb:ComponentSpecification .
         ?property a qb:MeasureProperty } WHERE { ?component qb:measure ?property } ;
INSERT { ?component qb:componentProperty ?property ; a qb:ComponentSpecification .
         ?property a qb:AttributeProperty } WHERE { ?component qb:attribute ?property } ;
INSERT { ?dataset a qb:DataSet . ?figure a qb:Observation } WHERE { ?figure qb:dataSet ?dataset }
"""

CONSTRAINTS = {
    "IC-1 unique data set": """ASK {
        { ?obs a qb:Observation . FILTER NOT EXISTS { ?obs qb:dataSet ?dataset } }
        UNION { ?obs a qb:Observation ; qb:dataSet ?one, ?other . FILTER (?one != ?other) } }""",
    "IC-2 unique structure": """ASK {
        { ?dataset a qb:DataSet . FILTER NOT EXISTS { ?dataset qb:structure ?dsd } }
        UNION { ?dataset a qb:DataSet ; qb:structure ?one, ?other . FILTER (?one != ?other) } }""",
    "IC-3 structure includes a measure": """ASK {
        ?dsd a qb:DataStructureDefinition .
        FILTER NOT EXISTS { ?dsd qb:component [ qb:componentProperty [ a qb:MeasureProperty ] ] } }""",
    "IC-4 dimensions have a range": """ASK {
        ?dim a qb:DimensionProperty . FILTER NOT EXISTS { ?dim rdfs:range [] } }""",
    "IC-5 concept dimensions have code lists": """ASK {
        ?dim a qb:DimensionProperty ; rdfs:range skos:Concept .
        FILTER NOT EXISTS { ?dim qb:codeList [] } }""",
    "IC-6 only attributes may be optional": """ASK {
        ?dsd qb:component ?spec . ?spec qb:componentRequired false ; qb:componentProperty ?property .
        FILTER NOT EXISTS { ?property a qb:AttributeProperty } }""",
    "IC-11 all dimensions required": """ASK {
        ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dim .
        ?dim a qb:DimensionProperty . FILTER NOT EXISTS { ?obs ?dim [] } }""",
    "IC-12 no duplicate observations": """ASK {
        FILTER (?allEqual)
        { SELECT (MIN(?equal) AS ?allEqual) WHERE {
            ?one qb:dataSet ?dataset . ?other qb:dataSet ?dataset . FILTER (?one != ?other)
            ?dataset qb:structure/qb:component/qb:componentProperty ?dim . ?dim a qb:DimensionProperty .
            ?one ?dim ?value1 . ?other ?dim ?value2 . BIND (?value1 = ?value2 AS ?equal)
        } GROUP BY ?one ?other } }""",
    "IC-13 required attributes": """ASK {
        ?obs qb:dataSet/qb:structure/qb:component ?spec .
        ?spec qb:componentRequired true ; qb:componentProperty ?attribute .
        FILTER NOT EXISTS { ?obs ?attribute [] } }""",
    "IC-14 all measures present": """ASK {
        ?obs qb:dataSet/qb:structure ?dsd .
        FILTER NOT EXISTS { ?dsd qb:component/qb:componentProperty qb:measureType }
        ?dsd qb:component/qb:componentProperty ?measure . ?measure a qb:MeasureProperty .
        FILTER NOT EXISTS { ?obs ?measure [] } }""",
    "IC-19 codes from code list": """ASK {
        ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dim .
        ?dim a qb:DimensionProperty ; qb:codeList ?list . ?list a skos:ConceptScheme .
        ?obs ?dim ?code . FILTER NOT EXISTS { ?code a skos:Concept ; skos:inScheme ?list } }""",
}

FIGURE = "obs:harbin-logistics-revenue-2020-level-89470000000-cny"
BREAKS = {
    "IC-1 unique data set": [
        f"DELETE WHERE {{ {FIGURE} qb:dataSet ?dataset }}",
        f"INSERT DATA {{ {FIGURE} qb:dataSet dataset:other }}",
    ],
    "IC-2 unique structure": [
        "DELETE WHERE { ?dataset qb:structure ?dsd }",
        "INSERT DATA { dataset:industry-figures qb:structure dataset:other }",
    ],
    "IC-3 structure includes a measure": [
        "DELETE WHERE { ?dsd qb:component dataset:industry-figures-value }"
    ],
    "IC-4 dimensions have a range": ["DELETE WHERE { cekg:year rdfs:range ?range }"],
    "IC-5 concept dimensions have code lists": ["INSERT DATA { cekg:ofCity rdfs:range skos:Concept }"],
    "IC-6 only attributes may be optional": [
        "INSERT DATA { dataset:industry-figures-city qb:componentRequired false }"
    ],
    "IC-11 all dimensions required": [
        f"DELETE WHERE {{ {FIGURE} {dimension} ?value }}"
        for dimension in ("cekg:ofCity", "cekg:ofIndustry", "cekg:ofMetric", "cekg:year")
    ],
    "IC-12 no duplicate observations": [
        f"INSERT {{ obs:second ?property ?value }} WHERE {{ {FIGURE} ?property ?value }}"
    ],
    "IC-13 required attributes": [f"DELETE WHERE {{ {FIGURE} cekg:unit ?unit }}"],
    "IC-14 all measures present": [f"DELETE WHERE {{ {FIGURE} cekg:value ?value }}"],
    "IC-19 codes from code list": [
        "DELETE WHERE { industry:logistics skos:inScheme ?list }",
        "DELETE WHERE { metric:revenue a skos:Concept }",
    ],
}


@pytest.fixture(scope="module")
def turtle(snapshots: Path) -> bytes:
    return export("cube", snapshots)


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_the_export_keeps_the_constraint(constraint: str, turtle: bytes) -> None:
    assert not found(constraint, cube(turtle))


@pytest.mark.parametrize(
    ("constraint", "update"),
    [(constraint, update) for constraint, updates in BREAKS.items() for update in updates],
)
def test_a_broken_copy_does_not(constraint: str, update: str, turtle: bytes) -> None:
    assert found(constraint, cube(turtle, update))


def test_every_constraint_was_seen_failing() -> None:
    assert set(BREAKS) == set(CONSTRAINTS)


def test_it_has_the_eight_industries_and_their_values(turtle: bytes) -> None:
    assert rows(
        cube(turtle),
        """SELECT ?industry ?metric ?year ?unit ?value WHERE {
            ?figure a qb:Observation ; cekg:ofCity city:harbin ; cekg:ofIndustry ?industry ;
                cekg:ofMetric ?metric ; cekg:year ?year ; cekg:unit ?unit ; cekg:value ?value }
           ORDER BY ?industry""",
    ) == [
        ("industry:advanced-equipment", "metric:output-value", "2020", "unit:CCY_CNY", "77300000000"),
        ("industry:biomedicine", "metric:revenue", "2020", "unit:CCY_CNY", "80700000000"),
        ("industry:culture-tourism", "metric:revenue", "2020", "unit:CCY_CNY", "136260000000"),
        ("industry:finance", "metric:revenue", "2020", "unit:CCY_CNY", "85810000000"),
        ("industry:green-agriculture", "metric:output-value", "2020", "unit:CCY_CNY", "101950000000"),
        ("industry:information", "metric:revenue", "2020", "unit:CCY_CNY", "34770000000"),
        ("industry:logistics", "metric:revenue", "2020", "unit:CCY_CNY", "89470000000"),
        ("industry:new-materials", "metric:output-value", "2020", "unit:CCY_CNY", "15110000000"),
    ]  # fmt: skip


def test_each_observation_says_what_the_graph_says(turtle: bytes, built: snapshot.Snapshot) -> None:
    """An observation has the IRI that it has in the graph, and nothing but its data set is new about it."""
    graph = {quad.triple for quad in ox.parse(built.read("data.nq"), format=ox.RdfFormat.N_QUADS)}
    about = [
        quad.triple
        for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)
        if str(quad.subject).startswith(f"<{names.BASE}obs/")
    ]
    new = {triple for triple in about if triple not in graph}
    assert {names.compact(triple.predicate.value) for triple in new} == {"qb:dataSet", "rdf:type"}
    assert len(new) == 2 * 8
    assert len(about) == 9 * 8


def test_it_says_what_it_is_where_it_is_from_and_what_one_may_do(turtle: bytes) -> None:
    assert rows(
        cube(turtle),
        """SELECT ?label ?licence ?source ?whole WHERE {
            ?dataset a qb:DataSet ; rdfs:label ?label ; dcterms:license ?licence ;
                dcterms:source ?source ; dcterms:isPartOf ?whole }
           ORDER BY ?label""",
    ) == [
        (label, names.CC_BY, "source:e-my399-2021-03-30", "dataset:cekg")
        for label in (
            "Output value and revenue of industries, by city and year",
            "各城市分年度产业产值与收入",
        )
    ]


def test_everything_in_it_has_a_label(turtle: bytes) -> None:
    nameless = rows(
        cube(turtle),
        "SELECT DISTINCT ?thing WHERE { ?thing ?p ?o FILTER NOT EXISTS { ?thing rdfs:label ?label } }",
    )
    assert nameless == []


def test_nothing_in_it_is_nameless(turtle: bytes) -> None:
    triples = [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    terms = [term for triple in triples for term in (triple.subject, triple.object)]
    assert not any(isinstance(term, ox.BlankNode) for term in terms)


def test_exporting_twice_gives_the_same_bytes(turtle: bytes, snapshots: Path) -> None:
    assert export("cube", snapshots) == turtle


def test_figures_that_disagree_are_left_out(tmp_path: Path, assembly: build.Assembly) -> None:
    extra = """obs:second a cekg:Level, cekg:Observation ; rdfs:label "second"@en ;
        cekg:comparator cekg:Exact ; cekg:ofCity city:harbin ; cekg:ofIndustry industry:logistics ;
        cekg:ofMetric metric:revenue ; cekg:year 2020 ; cekg:value 90000000000.0 ;
        cekg:unit unit:CCY_CNY ; cekg:statedIn source:other ."""
    assert industries(published(extra, tmp_path, assembly)) == EIGHT - {"logistics"}


@pytest.mark.parametrize(
    ("what", "instead"),
    {
        "cekg:year 2021 ;": "",
        "cekg:Exact": "cekg:About",
        "cekg:value": "cekg:lowerBound",
        "cekg:Level": "cekg:Converted",
        "cekg:ofIndustry industry:tea": "cekg:ofIndustry system:harbin-4-plus-4",
        "metric:revenue": "metric:total-investment",
        "unit:CCY_CNY": "unit:NUM",
    }.items(),
)
def test_only_what_has_every_dimension_is_in(
    what: str, instead: str, tmp_path: Path, assembly: build.Assembly
) -> None:
    extra = """obs:tea a cekg:Level, cekg:Observation ; rdfs:label "tea"@en ; cekg:comparator cekg:Exact ;
        cekg:ofCity city:harbin ; cekg:ofIndustry industry:tea ; cekg:ofMetric metric:revenue ;
        cekg:year 2021 ; cekg:value 1.0 ; cekg:unit unit:CCY_CNY ; cekg:statedIn source:other .
        industry:tea a cekg:Industry ; rdfs:label "tea"@en ."""
    assert industries(published(extra, tmp_path / "whole", assembly)) == EIGHT | {"tea"}
    assert what in extra
    changed = published(extra.replace(what, instead), tmp_path / "changed", assembly)
    assert industries(changed) == EIGHT


EIGHT = {
    "advanced-equipment",
    "biomedicine",
    "culture-tourism",
    "finance",
    "green-agriculture",
    "information",
    "logistics",
    "new-materials",
}


def cube(turtle: bytes, update: str = "") -> ox.Store:
    """Return the export, changed if so wished, and normalised."""
    store = ox.Store()
    store.load(turtle, format=ox.RdfFormat.TURTLE)
    for step in filter(None, (update, NORMALISE)):
        store.update(step, prefixes=names.PREFIXES)
    return store


def found(constraint: str, store: ox.Store) -> bool:
    return bool(store.query(CONSTRAINTS[constraint], prefixes=names.PREFIXES))


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    answer = store.query(query, prefixes=names.PREFIXES)
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple(names.compact(term.value) for term in row) for row in answer]


def industries(turtle: bytes) -> set[str]:
    found = rows(cube(turtle), "SELECT DISTINCT ?i WHERE { [] a qb:Observation ; cekg:ofIndustry ?i }")
    return {row[0].removeprefix("industry:") for row in found}


def published(extra: str, root: Path, assembly: build.Assembly) -> bytes:
    """Return the export of the graph with more in it."""
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in names.PREFIXES.items())
    more = [
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(names.graph("other")))
        for quad in ox.parse(head + extra, format=ox.RdfFormat.TURTLE)
    ]
    lines = ox.serialize(more, format=ox.RdfFormat.N_QUADS)
    assert lines is not None
    snapshot.publish(root, nquads=build.nquads(assembly) + lines, files={}, about={})
    return export("cube", root)
