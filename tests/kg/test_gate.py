"""What does not conform is found, said the same way each time, and leaves rdflib as it was."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, Graph, Literal
from rdflib.namespace import SH, XSD

from kg import gate, names, resources

PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in names.PREFIXES.items())
NEEDS_VALUE = """
shape:value a sh:PropertyShape ; sh:targetClass cekg:Level ; sh:path cekg:value ; sh:minCount 1 ;
    sh:datatype xsd:decimal ; sh:message "A level should have a decimal value."@en .
"""
HAS_NO_VALUE = "obs:a a cekg:Level . obs:b a cekg:Level ; cekg:value 1 ."


def turtle(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def query(select: str) -> Graph:
    return turtle(
        "shape:q a sh:NodeShape ; sh:targetNode <https://w3id.org/cekg/ont> ;"
        f' sh:message "{{?value}} should not be."@en ; sh:sparql [ sh:select """{select}""" ] .'
    )


def test_data_without_a_fault_conform() -> None:
    report = gate.check(turtle("obs:a a cekg:Level ; cekg:value 1.0 ."), turtle(NEEDS_VALUE))
    assert report.conforms
    assert report.findings == ()


def test_a_finding_says_the_rule_the_thing_the_path_and_what_should_be() -> None:
    first, second = gate.check(turtle(HAS_NO_VALUE), turtle(NEEDS_VALUE)).findings
    path, message = names.term("value"), "A level should have a decimal value."
    assert first == gate.Finding("violation", "value", names.thing("obs", "a"), path, None, message)
    assert second == gate.Finding("violation", "value", names.thing("obs", "b"), path, "1", message)
    assert first.culprit == names.thing("obs", "a")


def test_the_culprit_of_a_rule_about_the_whole_graph_is_the_value() -> None:
    shapes = query("SELECT $this ?value WHERE { ?value a <https://w3id.org/cekg/ont#Level> }")
    (finding,) = gate.check(turtle("obs:a a cekg:Level ."), shapes).findings
    assert finding.focus == names.ONTOLOGY
    assert finding.culprit == names.thing("obs", "a")
    assert finding.message == f"{finding.culprit} should not be."


def test_warnings_are_found_but_do_not_hold_data_back() -> None:
    shapes = turtle(NEEDS_VALUE + "shape:value sh:severity sh:Warning .")
    report = gate.check(turtle(HAS_NO_VALUE), shapes)
    assert report.conforms
    assert len(report.warnings) == 2
    assert report.violations == ()


def test_violations_come_before_warnings() -> None:
    shapes = turtle(
        NEEDS_VALUE
        + NEEDS_VALUE.replace("shape:value", "shape:a-value")
        + "shape:a-value sh:severity sh:Warning ."
    )
    severities = [finding.severity for finding in gate.check(turtle(HAS_NO_VALUE), shapes).findings]
    assert severities == ["violation", "violation", "warning", "warning"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("[ sh:inversePath cekg:evidence ]", "^https://w3id.org/cekg/ont#evidence"),
        (
            "( cekg:evidence cekg:quotedFrom )",
            "https://w3id.org/cekg/ont#evidence/https://w3id.org/cekg/ont#quotedFrom",
        ),
        (
            "[ sh:alternativePath ( cekg:value cekg:lowerBound ) ]",
            "https://w3id.org/cekg/ont#value|https://w3id.org/cekg/ont#lowerBound",
        ),
    ],
)
def test_a_path_is_said_as_sparql_would(path: str, said: str) -> None:
    shapes = turtle(
        f"shape:p a sh:PropertyShape ; sh:targetClass cekg:Quote ; sh:path {path} ; sh:minCount 1 ;"
        ' sh:message "It should be there."@en .'
    )
    (finding,) = gate.check(turtle("quote:a a cekg:Quote ."), shapes).findings
    assert finding.path == said


def test_the_report_is_a_shacl_report_with_each_finding() -> None:
    report = gate.check(turtle(HAS_NO_VALUE), turtle(NEEDS_VALUE))
    graph = Graph().parse(data=report.turtle(), format="turtle")
    (it,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(it, SH.conforms) == Literal(False)
    assert set(graph.objects(it, SH.result)) == set(graph.subjects(RDF.type, SH.ValidationResult))
    assert len(list(graph.subjects(SH.sourceShape, rdflib.URIRef(names.SHAPE + "value")))) == 2
    assert not any(isinstance(node, rdflib.BNode) for triple in graph for node in triple)


def test_the_report_of_conforming_data_is_a_shacl_report_too() -> None:
    graph = Graph().parse(data=gate.Report(()).turtle(), format="turtle")
    assert (None, SH.conforms, Literal(True)) in graph


def test_the_same_findings_give_the_same_bytes() -> None:
    lines = [f"obs:{letter} a cekg:Level ." for letter in "abcdefgh"]
    forwards = gate.check(turtle("\n".join(lines)), turtle(NEEDS_VALUE)).turtle()
    backwards = gate.check(turtle("\n".join(reversed(lines))), turtle(NEEDS_VALUE)).turtle()
    assert forwards == backwards


@pytest.mark.parametrize(
    "select",
    [
        "SELECT $this ?value WHERE {",
        "SELECT $this ?value WHERE { ?value a unknown:Level }",
        "SELECT $this ?value WHERE { ?value a ?type MINUS { ?value a rdf:Bag } }",
        "SELECT $this ?value WHERE { ?value a ?type . { SELECT ?value WHERE { ?value a ?kind } } }",
        "ASK { ?value a ?type }",
    ],
    ids=["it does not parse", "an unknown prefix", "MINUS", "a sub-select without $this", "no SELECT"],
)
def test_a_broken_query_is_the_fault_of_the_shapes_and_not_of_the_data(select: str) -> None:
    with pytest.raises(gate.BrokenShape, match="shapes"):
        gate.check(turtle(HAS_NO_VALUE), query(select))


def test_a_query_is_about_things_that_have_an_iri() -> None:
    select = "SELECT $this ?value WHERE { $this a ?value }"
    shapes = turtle(
        f'shape:q a sh:NodeShape ; sh:targetClass cekg:Level ; sh:sparql [ sh:select """{select}""" ] .'
    )
    assert len(gate.check(turtle("obs:a a cekg:Level . obs:b a cekg:Level ."), shapes).findings) == 2
    with pytest.raises(gate.BrokenShape, match="what has an IRI"):
        gate.check(turtle("[] a cekg:Level ."), shapes)


def test_a_query_sees_what_the_standard_lets_it_see() -> None:
    """A FILTER knows only the variables of its own braces (SPARQL 1.1, 18.2.2.2)."""
    select = "SELECT $this ?value WHERE { ?value a ?kind { ?value cekg:value ?v FILTER (BOUND(?kind)) } }"
    shapes = query(f"PREFIX cekg: <{names.CEKG}> {select}")
    assert gate.check(turtle(HAS_NO_VALUE), shapes).findings == ()


@pytest.mark.parametrize(
    "shapes",
    [
        NEEDS_VALUE.replace("sh:minCount 1", 'sh:pattern "("'),
        NEEDS_VALUE.replace("sh:minCount 1", 'sh:minCount "one"'),
        NEEDS_VALUE.replace("sh:path cekg:value", "sh:path cekg:value, cekg:unit"),
    ],
    ids=["a bad pattern", "a bad count", "two paths"],
)
def test_a_broken_shape_is_the_fault_of_the_shapes_and_not_of_the_data(shapes: str) -> None:
    with pytest.raises(gate.BrokenShape, match="shapes"):
        gate.check(turtle(HAS_NO_VALUE), turtle(shapes))


@pytest.mark.parametrize("shapes", [turtle(NEEDS_VALUE), query("SELECT"), turtle("shape:x sh:path 1, 2 .")])
def test_rdflib_the_data_and_the_shapes_are_as_before(shapes: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    data = turtle(HAS_NO_VALUE)
    boolean = rdflib.term._toPythonMapping[XSD.boolean]
    before = set(data), set(shapes)
    with suppress(gate.BrokenShape):
        gate.check(data, shapes)
    assert (set(data), set(shapes)) == before
    assert rdflib.NORMALIZE_LITERALS is False
    assert rdflib.term._toPythonMapping[XSD.boolean] is boolean


def test_our_shapes_load() -> None:
    assert len(gate.rules(gate.load_shapes(resources.shapes().glob("*.ttl")))) > 100


SENTENCE = "should have one sh:message in English, a sentence that says what should be"


@pytest.mark.parametrize(
    ("shape", "problem"),
    [
        (NEEDS_VALUE.replace("@en", ""), SENTENCE),
        (NEEDS_VALUE.replace("should have a", "has no"), SENTENCE),
        (NEEDS_VALUE.replace("value.", "value"), SENTENCE),
        (NEEDS_VALUE + 'shape:value sh:message "It should be."@en .', "not several"),
        (NEEDS_VALUE + "shape:value sh:severity sh:warning .", "sh:Violation, sh:Warning or sh:Info"),
        (NEEDS_VALUE.replace("shape:value", "cekg:value"), "should be named https://w3id.org/cekg/shape/"),
    ],
)
def test_a_shape_that_does_not_say_what_should_be_is_refused(
    shape: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "level.ttl").write_text(PREFIXES + shape)
    with pytest.raises(gate.BrokenShape, match=rf"level\.ttl: .*{problem}"):
        gate.load_shapes(tmp_path.glob("*.ttl"))


def test_all_files_that_cannot_be_read_are_named_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("@prefix a: <b> .\n\nnot turtle")
    (tmp_path / "b.ttl").mkdir()
    with pytest.raises(gate.BrokenShape, match=r"a\.ttl:3: This is no Turtle(.|\n)*b\.ttl: .*cannot be read"):
        gate.load_shapes(tmp_path.glob("*.ttl"))


def test_a_rule_that_two_files_have_is_refused(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text(PREFIXES + NEEDS_VALUE)
    with pytest.raises(gate.BrokenShape, match=r"b\.ttl: value is a rule of a\.ttl too"):
        gate.load_shapes(tmp_path.glob("*.ttl"))
