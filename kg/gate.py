"""The gate: what does not conform is not published.

The only importer of pySHACL, which belongs to a build and never to a serving process.
"""

from __future__ import annotations

import hashlib
import io
import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import rdflib
import rdflib.term
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib.namespace import RDF, SH, XSD
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.query import Result

from kg import names
from kg.faults import DataFault, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from rdflib.plugins.sparql.sparql import Query
    from rdflib.term import Node

SEVERITIES: Final = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
REPORT: Final = names.BASE + "report"


class BrokenShape(DataFault):
    """The shapes themselves need mending: no data can be judged by them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of the validation (SHACL 3.6.2).

    ``severity`` is violation, warning or info; ``rule`` the local name of the shape's IRI; ``path``
    an IRI or a SPARQL path. Rules about the graph as a whole have the ontology as ``focus`` and the
    culprit as ``value``.
    """

    severity: str
    rule: str
    focus: str
    path: str | None
    value: str | None
    message: str

    @property
    def culprit(self) -> str:
        """The thing to mend: the focus, or for a rule about the whole graph the value."""
        return self.value if self.value and self.focus == names.ONTOLOGY else self.focus


@dataclass(frozen=True, slots=True)
class Report:
    """What the gate found, violations first, and how many rules it held; warnings alone hold nothing back."""

    findings: tuple[Finding, ...]
    rules: int = 0

    @property
    def conforms(self) -> bool:
        """Whether the data may be published: there is no violation."""
        return not self.violations

    @property
    def violations(self) -> tuple[Finding, ...]:
        """What must be mended."""
        return tuple(finding for finding in self.findings if finding.severity == "violation")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What somebody should look at."""
        return tuple(finding for finding in self.findings if finding.severity == "warning")

    def summary(self) -> dict[str, Any]:
        """Return the report as plain data: how many rules and violations, and the warnings one by one."""
        return {
            "rules": self.rules,
            "violations": len(self.violations),
            "warnings": [
                {
                    "shape": names.SHAPE + one.rule,
                    "focus": one.focus,
                    "path": one.path,
                    "value": one.value,
                    "message": one.message,
                }
                for one in self.warnings
            ],
        }

    def turtle(self) -> str:
        """Return a SHACL validation report in Turtle, the same bytes for the same findings."""
        results = list(map(_result, self.findings))
        links = "".join(f" ;\n    sh:result <{iri}>" for iri, _ in results)
        head = f"<{REPORT}> a sh:ValidationReport ;\n    sh:conforms {str(self.conforms).lower()}{links} .\n"
        prefixes = f"@prefix sh: <{names.SH}> .\n@prefix shape: <{names.SHAPE}> .\n"
        return "\n".join([prefixes, head, *(block for _, block in results)])


def check(data: rdflib.Graph, shapes: rdflib.Graph) -> Report:
    """Hold the data against the shapes.

    ``data`` is the union of all graphs, the ontology included, and is not changed. Raises BrokenShape when a
    shape cannot be evaluated. Not for use by several threads at once: see ``_rdflib_as_it_was``.
    """
    if not data.store.context_aware:  # pySHACL wants no other store
        data = rdflib.Graph() + data
    with _rdflib_as_it_was(), _unchanged(shapes):
        found = _validate(_Asked(store=data.store, identifier=data.identifier), shapes)
        return _report(found, len(rules(shapes)))


def load_shapes(paths: Iterable[Path]) -> rdflib.Graph:
    """Read files of shapes into one graph.

    Raises BrokenShape with every problem of every file: bad Turtle, a rule that two files have, a rule
    without a target in our namespace or without an English sentence that says what should be.
    """
    shapes, problems, home = rdflib.Graph("SimpleMemory"), [], dict[rdflib.URIRef, str]()
    for path in sorted(paths):
        try:
            part = rdflib.Graph("SimpleMemory").parse(path, format="turtle")
        except (OSError, BadSyntax) as error:
            problems.append(_unreadable(path, error))
            continue
        for rule in rules(part):
            problems += [Problem(str(path), 0, text) for text in _faults_of(part, rule)]
            if home.setdefault(rule, path.name) != path.name:
                problems.append(
                    Problem(str(path), 0, f"{_name(rule)} is a rule of {home[rule]} too; rename one.")
                )
        shapes += part
    if problems:
        raise BrokenShape(problems)
    return shapes


def rules(shapes: rdflib.Graph) -> tuple[rdflib.URIRef, ...]:
    """Return the shapes that can find something by themselves: those with a target, by name."""
    return tuple(sorted({rdflib.URIRef(str(rule)) for target in TARGETS for rule in shapes.subjects(target)}))


def severity(shapes: rdflib.Graph, rule: Node) -> str:
    """Return violation, warning or info: how bad it is when a rule finds something (SHACL 2.1.4)."""
    return SEVERITIES[rdflib.URIRef(str(shapes.value(rule, SH.severity, default=SH.Violation)))]


def _validate(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    try:
        _, report, text = validate(data, shacl_graph=shapes, inplace=True, inference="none")
    except (ReportableRuntimeError, re.error) as error:
        raise BrokenShape([Problem("shapes", 0, str(error))]) from error
    if not isinstance(report, rdflib.Graph):  # pySHACL returns a ValidationFailure in its place
        raise BrokenShape([Problem("shapes", 0, str(text))])
    return report


class _Asked(rdflib.Graph):
    """The data as they are, but queries are answered by the engine that serves them: thirty times as fast."""

    def query(
        self,
        query_object: str | Query,
        processor: Any = "sparql",  # noqa: ARG002  # the arguments are those that pySHACL gives
        result: Any = "sparql",  # noqa: ARG002
        initNs: Any = None,  # noqa: ARG002, N803
        initBindings: Mapping[str, Node] | None = None,  # noqa: N803
        *_: Any,
        **__: Any,
    ) -> Result:
        """Answer a query of a shape, with the things that SHACL binds beforehand (SHACL-SPARQL, 5.3.1)."""
        bound = {ox.Variable(name): _named(node) for name, node in (initBindings or {}).items()}
        try:
            answer = self._engine.query(str(query_object), substitutions=dict(bound))
        except (SyntaxError, ValueError, OSError) as error:
            raise BrokenShape([Problem("shapes", 0, f"{error}, in the query {query_object}")]) from error
        if not isinstance(answer, ox.QuerySolutions):
            raise BrokenShape([Problem("shapes", 0, f"This should be a SELECT: {query_object}")])
        rows = answer.serialize(format=ox.QueryResultsFormat.JSON) or b""
        return Result.parse(io.BytesIO(rows), format="json")

    @cached_property
    def _engine(self) -> ox.Store:
        store = ox.Store()
        store.load(self.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES)
        return store


def _named(node: Node) -> ox.NamedNode:
    if not isinstance(node, rdflib.URIRef):
        text = f"A rule with a query should have as its targets what has an IRI, and not {node}."
        raise BrokenShape([Problem("shapes", 0, text)])
    return ox.NamedNode(str(node))


@contextmanager
def _rdflib_as_it_was() -> Iterator[None]:
    """Undo what pySHACL does to all of rdflib: it stops literals and booleans from being normalised.

    It undoes most of that itself, but not when it fails half-way, and to rdflib's defaults.
    """
    normalize = rdflib.NORMALIZE_LITERALS
    boolean = rdflib.term._toPythonMapping[XSD.boolean]
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = normalize
        rdflib.term._toPythonMapping[XSD.boolean] = boolean


@contextmanager
def _unchanged(shapes: rdflib.Graph) -> Iterator[None]:
    """Take out again what pySHACL adds to a graph of shapes: two triples about owl:Class."""
    added = [triple for triple in _SYSTEM_TRIPLES if triple not in shapes]
    try:
        yield
    finally:
        for triple in added:
            shapes.remove(triple)


_SYSTEM_TRIPLES: Final = (
    (rdflib.OWL.Class, rdflib.RDFS.subClassOf, rdflib.RDFS.Class),
    (rdflib.OWL.DatatypeProperty, rdflib.RDFS.subClassOf, RDF.Property),
)


def _report(graph: rdflib.Graph, checked: int) -> Report:
    found = {_finding(graph, result) for result in graph.subjects(RDF.type, SH.ValidationResult)}
    order = list(SEVERITIES.values())
    ranked = sorted(found, key=lambda one: (order.index(one.severity), *_sortable(one)))
    return Report(tuple(ranked), checked)


def _finding(graph: rdflib.Graph, result: Node) -> Finding:
    path, value = graph.value(result, SH.resultPath), graph.value(result, SH.value)
    severity = graph.value(result, SH.resultSeverity)
    return Finding(
        severity=SEVERITIES.get(rdflib.URIRef(str(severity)), "violation"),
        rule=_name(graph.value(result, SH.sourceShape)),
        focus=str(graph.value(result, SH.focusNode)),
        path=None if path is None else _path(graph, path),
        value=None if value is None else str(value),
        message=" ".join(sorted(map(str, graph.objects(result, SH.resultMessage)))),
    )


def _sortable(finding: Finding) -> tuple[str, ...]:
    return (finding.rule, finding.focus, finding.value or "", finding.path or "", finding.message)


def _path(graph: rdflib.Graph, path: Node) -> str:
    """Return a SHACL path (SHACL 2.3.1) as SPARQL would write it."""
    if isinstance(path, rdflib.URIRef):
        return str(path)
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{_path(graph, inverse)}"
    either = graph.value(path, SH.alternativePath)
    sign = "/" if either is None else "|"
    return sign.join(_path(graph, step) for step in graph.items(path if either is None else either))


def _result(finding: Finding) -> tuple[str, str]:
    """Return the IRI of a result and its block of Turtle."""
    digest = hashlib.sha256("\0".join((finding.severity, *_sortable(finding))).encode()).hexdigest()
    lines = [
        f"<{REPORT}#{digest[:16]}> a sh:ValidationResult",
        f"sh:resultSeverity sh:{finding.severity.capitalize()}",
        f"sh:sourceShape <{names.SHAPE}{finding.rule}>",
        f"sh:focusNode {_term(finding.focus)}",
    ]
    if finding.path and _IRI.fullmatch(finding.path):
        lines.append(f"sh:resultPath <{finding.path}>")
    if finding.value is not None:
        lines.append(f"sh:value {_term(finding.value)}")
    lines.append(f"sh:resultMessage {rdflib.Literal(finding.message, lang='en').n3()}")
    return f"{REPORT}#{digest[:16]}", " ;\n    ".join(lines) + " .\n"


_IRI: Final = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def _term(text: str) -> str:
    return f"<{text}>" if _IRI.fullmatch(text) else rdflib.Literal(text).n3()


def _faults_of(shapes: rdflib.Graph, rule: rdflib.URIRef) -> list[str]:
    faults = []
    if not rule.startswith(names.SHAPE):
        faults.append(f"{rule} should be named {names.SHAPE} and a slug.")
    if not [m for m in shapes.objects(rule, SH.message) if _is_sentence(m)]:
        faults.append(
            f"{_name(rule)} should have one sh:message in English, a sentence that says what should be."
        )
    if len(list(shapes.objects(rule, SH.message))) > 1:
        faults.append(f"{_name(rule)} should have one sh:message, not several.")
    if not set(shapes.objects(rule, SH.severity)) <= set(SEVERITIES):
        faults.append(f"{_name(rule)} should have sh:Violation, sh:Warning or sh:Info as sh:severity.")
    return faults


def _is_sentence(message: Node) -> bool:
    return (
        isinstance(message, rdflib.Literal)
        and message.language == "en"
        and bool(_SENTENCE.fullmatch(message))
    )


_SENTENCE: Final = re.compile(r"[A-Z{].*\bshould\b.*\.", re.DOTALL)


def _unreadable(path: Path, error: OSError | BadSyntax) -> Problem:
    if isinstance(error, BadSyntax):
        return Problem(str(path), error.lines + 1, f"This is no Turtle: {error.message}.")
    return Problem(str(path), 0, f"This file cannot be read: {error.strerror}.")


def _name(shape: Node | None) -> str:
    return names.local(str(shape))
