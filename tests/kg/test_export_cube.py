"""The RDF Data Cube export is a well-formed cube (https://www.w3.org/TR/vocab-data-cube/#wf).

All integrity constraints of the recommendation are asked as it words them (``cube/``): an ASK that is true
has found a fault. Each was seen to find one.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from benchmarks import generate
from kg import build, names, snapshot
from kg.export import export

HERE = Path(__file__).parent / "cube"
NORMALISE = (HERE / "normalise.ru").read_text(encoding="utf-8")
CONSTRAINTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("ic-*.rq"))}
PROPERTIES = {
    "ic-20": "?hierarchy qb:parentChildProperty ?p FILTER (isIRI(?p))",
    "ic-21": "?hierarchy qb:parentChildProperty/owl:inverseOf ?p FILTER (isIRI(?p))",
}
"""Where the properties are that two of the constraints are asked for."""

FIGURE = "obs:harbin-logistics-revenue-2020-level-89470000000-cny"
SLICE = "dataset:cube-levels-slice-harbin-revenue-2020"
MEASURES = "dataset:cube-levels-structure qb:component [ qb:dimension qb:measureType ]"
BREAKS = {
    "ic-01-unique-data-set": [
        f"DELETE WHERE {{ {FIGURE} qb:dataSet ?dataset }}",
        f"INSERT DATA {{ {FIGURE} qb:dataSet dataset:other }}",
    ],
    "ic-02-unique-dsd": [
        "DELETE WHERE { ?dataset qb:structure ?dsd }",
        "INSERT DATA { dataset:cube-levels qb:structure dataset:other }",
    ],
    "ic-03-dsd-includes-measure": ["DELETE WHERE { ?dsd qb:component dataset:component-value }"],
    "ic-04-dimensions-have-range": ["DELETE WHERE { cekg:year rdfs:range ?range }"],
    "ic-05-concept-dimensions-have-code-lists": ["INSERT DATA { cekg:ofCity rdfs:range skos:Concept }"],
    "ic-06-only-attributes-may-be-optional": [
        "INSERT DATA { dataset:component-city qb:componentRequired false }"
    ],
    "ic-07-slice-keys-must-be-declared": ["DELETE WHERE { ?dsd qb:sliceKey dataset:cube-growth-key }"],
    "ic-08-slice-keys-consistent-with-dsd": [
        "INSERT DATA { dataset:cube-levels-key qb:componentProperty cekg:baseYear }"
    ],
    "ic-09-unique-slice-structure": [
        f"DELETE WHERE {{ {SLICE} qb:sliceStructure ?key }}",
        f"INSERT DATA {{ {SLICE} qb:sliceStructure dataset:cube-growth-key }}",
    ],
    "ic-10-slice-dimensions-complete": [f"DELETE WHERE {{ {SLICE} cekg:year ?year }}"],
    "ic-11-all-dimensions-required": [
        f"DELETE WHERE {{ {FIGURE} cekg:ofIndustry ?value }}",
        "DELETE { ?any cekg:ofCity ?city } WHERE { ?any cekg:ofCity ?city }",
        "DELETE { ?any cekg:year ?year } WHERE { ?any cekg:year ?year }",
    ],
    "ic-12-no-duplicate-observations": [
        f"INSERT {{ obs:second ?property ?value }} WHERE {{ {FIGURE} ?property ?value }}"
    ],
    "ic-13-required-attributes": [f"DELETE WHERE {{ {FIGURE} cekg:unit ?unit }}"],
    "ic-14-all-measures-present": [f"DELETE WHERE {{ {FIGURE} cekg:value ?value }}"],
    "ic-15-measure-dimension-consistent": [
        f"INSERT DATA {{ {MEASURES} . {FIGURE} qb:measureType cekg:other }}"
    ],
    "ic-16-single-measure-on-measure-dimension-observation": [
        f"INSERT DATA {{ {MEASURES} . {FIGURE} qb:measureType cekg:other }}"
    ],
    "ic-17-all-measures-present-in-measures-dimension-cube": [
        f"INSERT DATA {{ {MEASURES} , [ qb:measure cekg:other ] . {FIGURE} qb:measureType cekg:value }}"
    ],
    "ic-18-consistent-data-set-links": [f"INSERT DATA {{ dataset:cube-growth qb:slice {SLICE} }}"],
    "ic-19-codes-from-code-list-scheme": [
        "DELETE WHERE { industry:logistics skos:inScheme ?list }",
        "DELETE WHERE { metric:revenue a skos:Concept }",
    ],
    "ic-19-codes-from-code-list-collection": [
        "INSERT DATA { dataset:activities-of-figures a skos:Collection ; skos:member industry:finance }"
    ],
    "ic-20-codes-from-hierarchy": [
        """INSERT DATA { dataset:activities-of-figures a qb:HierarchicalCodeList ;
            qb:hierarchyRoot system:harbin-4-plus-4 ; qb:parentChildProperty skos:narrower }"""
    ],
    "ic-21-codes-from-hierarchy-inverse": [
        """INSERT DATA { dataset:activities-of-figures a qb:HierarchicalCodeList ;
            qb:hierarchyRoot system:harbin-4-plus-4 ;
            qb:parentChildProperty [ owl:inverseOf cekg:partOf ] }"""
    ],
}


@pytest.fixture(scope="module")
def turtle(snapshots: Path) -> bytes:
    return exported(snapshots)


@pytest.fixture(scope="module")
def every_set(tmp_path_factory: pytest.TempPathFactory, assembly: build.Assembly) -> bytes:
    """The export of the graph with figures of the kinds that the real one has none of."""
    about = (
        "a cekg:Observation ; cekg:comparator cekg:Exact ; cekg:ofCity city:harbin ; cekg:statedIn source:x ;"
    )
    share = f"{about} a cekg:Share ; cekg:ofMetric metric:revenue ; cekg:unit unit:PERCENT"
    extra = f"""
        obs:one {share} ; cekg:ofIndustry industry:finance ; cekg:year 2020 ; cekg:value 1.5 ;
            cekg:shareOf metric:total-scale ; rdfs:label "one"@en .
        obs:two {share} ; cekg:ofIndustry industry:finance ; cekg:year 2020 ; cekg:value 2.5 ;
            cekg:shareOf metric:output-value ; rdfs:label "two"@en .
        obs:three {share} ; cekg:year 2019 ; cekg:value 3.5 ; cekg:shareOf metric:total-scale ;
            rdfs:label "three"@en .
        obs:four {share} ; cekg:year 2020 ; cekg:value 4.5 ; cekg:shareOf metric:total-scale ;
            rdfs:label "four"@en ."""
    return published(extra, tmp_path_factory.mktemp("every-set"), assembly)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The export of two cities over some years."""
    root = tmp_path_factory.mktemp("long")
    lines = b"".join(generate.quads(generate.Size(cities=2, years=3, industries=3, metrics=2)))
    snapshot.publish(root, nquads=lines, files={}, about={})
    return exported(root)


def test_there_is_a_query_for_each_constraint() -> None:
    assert {int(name.split("-")[1]) for name in CONSTRAINTS} == set(range(1, 22))


@pytest.mark.parametrize("export_", ["turtle", "every_set", "long"])
def test_the_export_keeps_every_constraint(export_: str, request: pytest.FixtureRequest) -> None:
    store = cube(request.getfixturevalue(export_))
    assert [name for name in CONSTRAINTS if found(name, store)] == []
    for kind in ("DataSet", "Slice", "Observation"):
        assert rows(store, f"SELECT ?x {{ ?x a qb:{kind} }}"), kind


@pytest.mark.parametrize(
    ("constraint", "update"),
    [(constraint, update) for constraint, updates in BREAKS.items() for update in updates],
)
def test_a_broken_copy_does_not(constraint: str, update: str, turtle: bytes) -> None:
    assert found(constraint, cube(turtle, update))


def test_every_constraint_was_seen_failing() -> None:
    assert set(BREAKS) == set(CONSTRAINTS)


def test_each_set_has_its_own_dimensions(every_set: bytes) -> None:
    found = rows(
        cube(every_set),
        """SELECT ?set (GROUP_CONCAT(?name; separator=" ") AS ?dimensions) WHERE {
            { SELECT ?set ?name WHERE {
                ?set a qb:DataSet ; qb:structure/qb:component ?component .
                ?component qb:dimension ?dimension ; qb:order ?order .
                BIND (STRAFTER(STR(?dimension), "#") AS ?name) } ORDER BY ?set ?order } }
           GROUP BY ?set ORDER BY ?set""",
    )
    assert found == [
        ("dataset:cube-city-levels", "ofCity ofMetric year"),
        ("dataset:cube-city-shares", "ofCity ofMetric year shareOf"),
        ("dataset:cube-growth", "ofCity ofIndustry ofMetric year baseYear"),
        ("dataset:cube-levels", "ofCity ofIndustry ofMetric year"),
        ("dataset:cube-shares", "ofCity ofIndustry ofMetric year shareOf"),
    ]


def test_a_slice_compares_the_industries_of_one_year_and_is_a_series_of_a_city(every_set: bytes) -> None:
    slices = dict(
        rows(
            cube(every_set),
            """SELECT ?label (GROUP_CONCAT(?name; separator=" ") AS ?names) WHERE {
                { SELECT ?label ?name WHERE {
                    ?slice a qb:Slice ; rdfs:label ?label ; qb:observation ?figure .
                    BIND (REPLACE(STR(?figure), "^.*/", "") AS ?name) } ORDER BY ?name } }
               GROUP BY ?label""",
        )
    )
    assert slices["Harbin: levels of output value, 2020"].count("-2020-level-") == 3
    assert slices["Harbin: growth of revenue, 2020"].count("-2020-growth-") == 3
    assert slices["Harbin: shares of revenue"] == "four three"


def test_it_has_the_eight_industries_and_their_values(turtle: bytes) -> None:
    assert rows(
        cube(turtle),
        """SELECT ?industry ?metric ?year ?unit ?value WHERE {
            ?metric rdfs:label ?label FILTER (STR(?label) IN ("output value", "revenue"))
            ?figure qb:dataSet dataset:cube-levels ; cekg:ofCity city:harbin ; cekg:ofIndustry ?industry ;
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
    assert len(new) == 2 * 19
    assert len({triple.subject for triple in about}) == 19


def test_each_set_says_what_it_is_where_it_is_from_and_what_one_may_do(turtle: bytes) -> None:
    sources = {"source:e-my399-2021-03-30", "source:e-my399-2021-08-04"}
    found = rows(
        cube(turtle),
        """SELECT ?set ?label ?licence ?source ?whole WHERE {
            ?set a qb:DataSet ; rdfs:label ?label ; dcterms:license ?licence ;
                dcterms:source ?source ; dcterms:isPartOf ?whole FILTER (LANG(?label) = "zh-hans") }""",
    )
    assert {row[0] for row in found} == {
        "dataset:cube-city-levels",
        "dataset:cube-growth",
        "dataset:cube-levels",
    }
    assert {row[2] for row in found} == {names.CC_BY}
    assert {row[3] for row in found if row[0] == "dataset:cube-levels"} == sources
    assert {row[4] for row in found} == {"dataset:figures"}


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
    assert exported(snapshots) == turtle


def test_figures_that_disagree_are_left_out_and_so_is_a_slice_of_them_alone(
    tmp_path: Path, assembly: build.Assembly, turtle: bytes
) -> None:
    about = """a cekg:Level, cekg:Observation ; cekg:comparator cekg:Exact ; cekg:ofCity city:harbin ;
        cekg:ofIndustry industry:logistics ; cekg:unit unit:CCY_CNY ; cekg:statedIn source:other"""
    extra = f"""
        obs:second {about} ; cekg:ofMetric metric:revenue ; cekg:year 2020 ; cekg:value 9.0 .
        obs:third {about} ; cekg:ofMetric metric:output-value ; cekg:year 1999 ; cekg:value 1.0 .
        obs:fourth {about} ; cekg:ofMetric metric:output-value ; cekg:year 1999 ; cekg:value 2.0 ."""
    found = published(extra, tmp_path, assembly)
    assert figures(turtle) - figures(found) == {FIGURE}
    assert figures(found) < figures(turtle)
    assert SLICE.partition(":")[2] in found.decode()
    assert b"output-value-1999" not in found


TEA = """obs:NAME a cekg:Level, cekg:Observation ; rdfs:label "tea"@en ; cekg:comparator cekg:Exact ;
    cekg:ofCity city:NAME ; cekg:ofIndustry industry:tea ; cekg:ofMetric metric:revenue ;
    cekg:year 2021 ; cekg:value 1.0 ; cekg:unit unit:CCY_CNY ; cekg:statedIn source:other .
    industry:tea a cekg:Industry ; rdfs:label "tea"@en ."""
"""A figure that belongs into the cube, in a city of its own."""

CASES = [
    ("plain", "obs:", "obs:", True),
    ("no-year", "cekg:year 2021 ;", "", False),
    ("about", "cekg:Exact", "cekg:About", False),
    ("bound", "cekg:value", "cekg:lowerBound", False),
    ("converted", "cekg:Level", "cekg:Converted", False),
    ("no-base-year", "cekg:Level", "cekg:Growth", False),
    ("rank", "cekg:Level", "cekg:Rank", False),
    ("city", "cekg:ofIndustry industry:tea ;", "", True),
    ("count", "unit:CCY_CNY", "unit:NUM", True),
]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory, assembly: build.Assembly) -> set[str]:
    """The figures of the cube when each of the cases is in the graph."""
    extra = [TEA.replace(what, instead).replace("NAME", name) for name, what, instead, _ in CASES]
    return figures(published("\n".join(extra), tmp_path_factory.mktemp("cases"), assembly))


@pytest.mark.parametrize(("name", "what", "instead", "is_in"), CASES)
def test_only_what_has_every_dimension_is_in(
    name: str, what: str, instead: str, is_in: bool, cases: set[str]
) -> None:
    assert what in TEA
    assert (f"obs:{name}" in cases) is is_in


def cube(turtle: bytes, update: str = "") -> ox.Store:
    """Return the export, changed if so wished, and normalised."""
    store = ox.Store()
    store.load(turtle, format=ox.RdfFormat.TURTLE)
    for step in filter(None, (update, NORMALISE)):
        store.update(step, prefixes=names.PREFIXES)
    return store


def found(constraint: str, store: ox.Store) -> bool:
    text = CONSTRAINTS[constraint]
    where = PROPERTIES.get(constraint[:5])
    if where is None:
        return bool(store.query(text, prefixes=names.PREFIXES))
    asked = store.query(f"SELECT DISTINCT ?p {{ {where} }}", prefixes=names.PREFIXES)
    return any(store.query(text.replace("$p", row[0].value), prefixes=names.PREFIXES) for row in asked)


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    answer = store.query(query, prefixes=names.PREFIXES)
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple(names.compact(term.value) for term in row) for row in answer]


def figures(turtle: bytes) -> set[str]:
    return {row[0] for row in rows(cube(turtle), "SELECT ?figure { ?figure a qb:Observation }")}


def exported(root: Path) -> bytes:
    return b"".join(export("cube", root))


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
    return exported(root)
