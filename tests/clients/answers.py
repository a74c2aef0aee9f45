"""One notation for answers, whoever gives them: what a client got is compared with what the store says."""

import csv
import io
from collections import Counter

import pyoxigraph as ox
import rdflib
from rdflib.query import Result

STRING = "http://www.w3.org/2001/XMLSchema#string"

Term = tuple[str, str]
"""What is written, and what it is: ``iri``, a datatype, or a language (in small letters, as in rdflib)."""
Table = Counter[tuple[Term | None, ...]]
"""How often each row is there; None where a variable is unbound."""
Graph = frozenset[tuple[Term, ...]]


def of_store(results: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> Table | Graph | bool:
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    if isinstance(results, ox.QueryTriples):
        return frozenset(tuple(map(_oxigraph, triple)) for triple in results)
    return of_solutions(results)


def of_solutions(solutions: ox.QuerySolutions) -> Table:
    names = [variable.value for variable in solutions.variables]
    return Counter(tuple(_oxigraph(row[name]) for name in names) for row in solutions)


def of_rdflib(result: Result) -> Table | Graph | bool:
    if result.type == "ASK":
        return result.askAnswer
    if result.graph is not None:
        return of_graph(result.graph)
    return Counter(tuple(_rdflib(row.get(name)) for name in result.vars) for row in result.bindings)


def of_graph(graph: rdflib.Graph) -> Graph:
    return frozenset(tuple(map(_rdflib, triple)) for triple in graph)


def of_json(found: dict) -> Table | bool:
    if "boolean" in found:
        return found["boolean"]
    names = found["head"]["vars"]
    return Counter(tuple(_json(row.get(name)) for name in names) for row in found["results"]["bindings"])


def of_text(text: bytes, form: str) -> Table | Graph | bool:
    """Read ``srj``, ``srx`` or ``tsv`` as a table, and ``ttl``, ``nt``, ``rdf`` or ``jsonld`` as a graph."""
    if form in {"srj", "srx", "tsv"}:
        return of_rdflib(Result.parse(io.BytesIO(text), format={"srj": "json", "srx": "xml"}.get(form, form)))
    names = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
    return of_graph(rdflib.Graph().parse(data=text, format=names.get(form, form)))


def of_csv(text: bytes) -> Counter[tuple[str, ...]]:
    """CSV keeps what is written and not what it is (SPARQL 1.1 Query Results CSV and TSV, 3)."""
    _, *rows = csv.reader(io.StringIO(text.decode(), newline=""))
    return Counter(map(tuple, rows))


def written(table: Table) -> Counter[tuple[str, ...]]:
    return Counter({tuple(term[0] if term else "" for term in row): count for row, count in table.items()})


def _oxigraph(term: ox.NamedNode | ox.Literal | None) -> Term | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return term.value, "iri"
    return term.value, term.language.lower() if term.language else term.datatype.value


def _rdflib(term: rdflib.term.Identifier | None) -> Term | None:
    if term is None:
        return None
    if isinstance(term, rdflib.Literal):
        return str(term), term.language or str(term.datatype or STRING)
    return str(term), "iri"


def _json(term: dict[str, str] | None) -> Term | None:
    if term is None:
        return None
    if term["type"] == "uri":
        return term["value"], "iri"
    return term["value"], term.get("xml:lang", "").lower() or term.get("datatype", STRING)
