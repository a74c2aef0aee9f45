"""The outline of a query: what stands outside of brackets, strings and comments."""

import csv
import io
import json

import pyoxigraph as ox
import pytest

from kg import snapshot
from kg.outline import form, is_needed, outline
from server import errors
from server.formats import choose_each
from server.sparql import worker
from server.sparql.engine import Limits, WorkerPool
from server.sparql.protocol import Dataset, Query


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("ASK FROM <a:a> FROM <b:b> {}", ["<a:a>", "<b:b>"], []),
        ("ask from<a:a>from named<b:b>{}", ["<a:a>"], ["<b:b>"]),
        ("PREFIX : <a:> PREFIX x.y: <b:> SELECT * FROM : FROM x.y:z.a {}", [":", "x.y:z.a"], []),
        ("SELECT ?from (?a < ?b AS ?c) FROM <a:a> {}", ["<a:a>"], []),
        ("CONSTRUCT { ?s a 'FROM <x:x>' } FROM <a:a> FROM\n#FROM <c:c>\n<b:b> {}", ["<a:a>", "<b:b>"], []),
        ("DESCRIBE <x:x#FROM> ?from FROM <a:a> { ?s ?p '''FROM <y:y>''' }", ["<a:a>"], []),
        ("SELECT * { { SELECT * FROM <a:a> {} } }", [], []),
        ("SELECT * FROM <\\u0061:a> FROM <b:b> {}", [], []),
    ],
)
def test_graphs_are_found_where_they_are_named_and_nowhere_else(text, default, named):
    found = outline(text)
    assert (found.default, found.named) == (default, named)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "<" * 100_000,
        "SELECT * " + "'''" + '"a' * 50_000,
        "SELECT * " + "a.-" * 50_000,
        "select " * 50_000,
    ],
    ids=["brackets", "strings", "names", "selects"],
)
@pytest.mark.filterwarnings("error")
def test_no_text_takes_long(text):
    is_needed(text)
    outline(text)


G = ["http://example.org/g1", "http://example.org/g2", "http://example.org/g3"]
DATA = f"""
<http://example.org/s> <http://example.org/p> "1" <{G[0]}> .
<http://example.org/s> <http://example.org/p> "1" <{G[1]}> .
<http://example.org/s> <http://example.org/p> "2" <{G[1]}> .
<http://example.org/s> <http://example.org/p> "3" <{G[2]}> .
"""


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    root = tmp_path_factory.mktemp("graphs")
    published = snapshot.publish(root, nquads=DATA.strip().encode() + b"\n", files={}, about={})
    made = WorkerPool(
        published.store, workers=1, limits=Limits(10, 512, 1), prefixes={"ex": "http://example.org/"}
    )
    yield made
    made.close()


def ask(pool, text, dataset=None):
    answer = pool.ask(Query(text, dataset), choose_each("text/csv"))
    try:
        return list(csv.reader(io.StringIO(b"".join(answer).decode(), newline="")))
    finally:
        answer.close()


def counted(pool, text, dataset=None):
    return int(ask(pool, text, dataset)[1][0])


COUNT = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"


@pytest.mark.parametrize(
    ("graphs", "expected"), [(G[:1], 1), (G[:2], 2), ([G[0], G[0]], 1), (G, 3), ([G[0], "x:none"], 1)]
)
def test_several_default_graphs_are_merged_however_they_are_named(pool, graphs, expected):
    named_by_query = COUNT.format(" ".join(f"FROM <{graph}>" for graph in graphs))
    assert counted(pool, named_by_query) == expected
    assert counted(pool, COUNT.format(""), Dataset(tuple(graphs), ())) == expected
    assert (
        counted(
            pool, "SELECT (COUNT(*) AS ?n) FROM <x:y> FROM <x:z> { ?s ?p ?o }", Dataset(tuple(graphs), ())
        )
        == expected
    )


def test_a_prefix_names_a_graph_too(pool):
    assert counted(pool, COUNT.format("FROM ex:g1 FROM ex:g2")) == 2
    assert counted(pool, "PREFIX e: <http://example.org/g> " + COUNT.format("FROM e:1 FROM e:2")) == 2
    assert counted(pool, "BASE <http://example.org/> " + COUNT.format("FROM <g1> FROM <g2>")) == 2


def test_merged_graphs_stand_beside_named_ones(pool):
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert counted(pool, named, Dataset((G[0], G[1]), (G[1], G[2]))) == 3
    assert counted(pool, COUNT.format(""), Dataset((G[0], G[1]), (G[1], G[2]))) == 2
    assert counted(pool, named, Dataset((G[0], G[1]), ())) == 0
    graphs = f"FROM <{G[0]}> FROM <{G[1]}> FROM NAMED <{G[2]}>"
    assert counted(pool, f"SELECT (COUNT(*) AS ?n) {graphs} {{ GRAPH ?g {{ ?s ?p ?o }} }}") == 1


def test_what_is_too_much_to_merge_is_refused(tmp_path):
    """Two graphs of half the limit and a triple each."""
    store = ox.Store(tmp_path)
    predicate = ox.NamedNode("http://example.org/p")
    store.bulk_extend(
        ox.Quad(ox.NamedNode(f"http://example.org/{number}"), predicate, ox.Literal("x"), ox.NamedNode(graph))
        for graph in G[:2]
        for number in range(worker.MOST_MERGED // 2 + 1)
    )
    store.add(ox.Quad(predicate, predicate, predicate, ox.NamedNode(G[2])))
    store.flush()
    pool = WorkerPool(tmp_path, workers=1, limits=Limits(20, 1024, 1), prefixes={})
    try:
        with pytest.raises(errors.BadRequest, match="more than 100,000 triples"):
            counted(pool, COUNT.format(""), Dataset(tuple(G[:2]), ()))
        assert counted(pool, COUNT.format(""), Dataset((G[0], G[2]), ())) == worker.MOST_MERGED // 2 + 2
        assert pool.workforce().kills["memory"] == 0
    finally:
        pool.close()


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", ["s", "p", "o"]),
        ("select distinct * { ?z ex:p ?b . BIND(1 AS ?a) }", ["z", "b", "a"]),
        ("SELECT * #*\n { ?o ?s ?a } ORDER BY ?a LIMIT 1", ["o", "s", "a"]),
        ("SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?a ?b ?s } }", ["s", "p", "o"]),
        ("SELECT * { { SELECT ?x { ?x ?y ?b } } ?b ?a 1 }", ["x", "b", "a"]),
        ("SELECT * { SELECT * { ?s ?p ?o } }", ["s", "p", "o"]),
        ("SELECT * { ?s ?p ?o } VALUES (?z ?b) { (1 2) }", ["s", "p", "o", "z", "b"]),
        ("SELECT * { $s $p $o }", ["s", "p", "o"]),
        ("SELECT * { ?s ex:p '''?a ?b''' . ?b ?a ?s }", ["s", "b", "a"]),
        ("SELECT (2 * 3 AS ?x) {}", ["x"]),
        ("SELECT * {}", []),
    ],
)
def test_a_star_gives_the_columns_in_the_order_of_the_text(pool, text, columns):
    answer = pool.ask(Query(text), choose_each(None))
    assert json.loads(b"".join(answer))["head"]["vars"] == columns
    answer.close()


def test_a_star_keeps_the_rows(pool):
    header, *rows = ask(pool, "SELECT * { ?s ?p ?o } ORDER BY ?o")
    assert header == ["s", "p", "o"]
    assert rows == [["http://example.org/s", "http://example.org/p", each] for each in "123"]


def test_a_wrong_query_is_wrong_where_its_author_wrote_it(pool):
    with pytest.raises(errors.SyntaxFault) as refused:
        ask(pool, "SELECT * FROM <a:a> FROM <b:b> {\n ?s ?p }")
    assert refused.value.members["line"] == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT * {}", "bindings"),
        ("\n# ask\n BASE<http://x/>prefix a:<b>PREFIX : <c#> PREFIX select: <d>\nask{}", "boolean"),
        ("PREFIX a.b-c: <x> deScribe <x>", "graph"),
        ("CONSTRUCT{}{}", "graph"),
        ("SELECTED", ""),
        ("PREFIX a: <x", ""),
        ("# SELECT", ""),
        ("CLEAR ALL", ""),
        ("", ""),
    ],
)
def test_the_form_of_a_query_stands_behind_its_prologue(text, kind):
    assert form(text) == kind
