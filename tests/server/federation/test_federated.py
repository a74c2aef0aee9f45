"""Queries that call another endpoint: their answers are those of one store that holds both."""

import itertools
import json
from collections import Counter

import pyoxigraph as ox
import pytest

from kg import clauses, federated
from server import errors
from server.formats import choose_each
from server.sparql.protocol import Dataset, Query
from tests.server.federation.conftest import HERE, PREFIXES, endpoint, filled

# {L} and {M} are patterns of ours, {S} calls the other endpoint.
SHAPES = [
    "{L} {S}",
    "{S} {L}",
    "{L} # SERVICE\n {S} # {{\n",
    "{L} {S} {S}",
    "{L} {{ {S} }}",
    "{L} {{ {M} {{ {S} }} }}",
    "{L} {{ {S} OPTIONAL {{ {M} }} }}",
    "{L} {{ {S} FILTER (?p > 5) }}",
    "{L} {S} FILTER (?p > 5)",
    "{L} FILTER (?p > 5) {S}",
    "{L} FILTER NOT EXISTS {{ ?q e:nothing ?p }} {S} FILTER regex(?n, 'a')",
    "{L} BIND (1 AS ?one) {S} BIND (?one + 1 AS ?two)",
    "{L} VALUES ?n {{ 'a' 'Harbin' UNDEF }} {S}",
    "VALUES (?q ?n) {{ (e:Q1 UNDEF) (e:Q1 'a') (UNDEF 'a') }} {S}",
    "{L} OPTIONAL {{ {S} }}",
    "{L} OPTIONAL {{ {M} {S} }}",
    "{L} OPTIONAL {{ {S} {M} }}",
    "{L} OPTIONAL {{ {S} FILTER (?p > 5) }}",
    "{L} OPTIONAL {{ {S} FILTER (?r = 1) }}",
    "{L} OPTIONAL {{ {M} {{ {S} }} }}",
    "{L} OPTIONAL {{ {M} OPTIONAL {{ {S} }} }}",
    "{L} OPTIONAL {{ {S} }} OPTIONAL {{ {S} }}",
    "{L} {{ {M} OPTIONAL {{ {S} }} }}",
    "OPTIONAL {{ {M} }} OPTIONAL {{ {L} }} {S}",
    "{L} FILTER (!BOUND(?p)) OPTIONAL {{ {S} }}",
    "{L} {{ {S} }} UNION {{ {M} }}",
    "{L} {{ {M} }} UNION {{ {S} }}",
    "{L} {{ {M} }} UNION {{ {M} }} UNION {{ {S} . }} {M}",
    "{L} MINUS {{ {S} }}",
    "{L} MINUS {{ {M} {S} }}",
    "{S} MINUS {{ {L} }}",
    "{L} FILTER EXISTS {{ {S} }}",
    "{L} FILTER NOT EXISTS {{ {M} {S} }}",
    "{L} {{ SELECT ?q ?n {{ {M} {S} }} }}",
    "{L} {{ SELECT (COUNT(*) AS ?c) {{ {S} }} }}",
    "{L} {{ SELECT ?n (COUNT(*) AS ?c) WHERE {{ {M} {S} }} GROUP BY ?n }}",
    "GRAPH ?g {{ {M} {S} }}",
    "{L} GRAPH ?g {{ {S} }}",
    "GRAPH e:graph {{ {M} {S} }} {L}",
    "{L} GRAPH e:graph {{ {M} {{ SELECT ?q {{ {M} {S} }} }} }}",
]
OURS = [
    "?s e:same ?q .",
    "?s e:name ?n .",
    "?s e:same ?q ; e:name ?n .",
    "?s e:name ?n OPTIONAL { ?s e:same ?q }",
    "?s e:rank ?r .",
]
MORE = ["?s e:rank ?r", "?s e:same ?q", "?t e:name ?n", "?q e:nothing ?p"]
BODIES = [
    "{ ?q e:pop ?p }",
    "{ ?q e:pop ?p OPTIONAL { ?q e:alt ?n } }",
    "{ ?q e:alt ?n }",
    "{ SELECT ?q (MAX(?p) AS ?m) { ?q e:pop ?p } GROUP BY ?q }",
    "{ ?q e:pop ?p FILTER (?p > 5) }",
    "{ { ?q e:pop ?p } UNION { ?x e:alt ?n } }",
    "{}",
    "{ VALUES ?n { 'a' } OPTIONAL { ?q e:alt ?n } }",
    "{ BIND (7 AS ?p) }",
    "{ ?x (e:in|e:pop)+ ?p }",
    "{ e:Q1 e:pop 10 }",
]


def ask(pool, query, accept=None):
    answer = pool.ask(query if isinstance(query, Query) else Query(query), choose_each(accept))
    try:
        return b"".join(answer)
    finally:
        answer.close()


def rows(pool, query):
    return table(ox.parse_query_results(ask(pool, query), format=ox.QueryResultsFormat.JSON))


def table(solutions):
    """Columns and rows; blank nodes have other names each time."""
    names = {each.value for each in solutions.variables}
    found = Counter()
    for row in solutions:
        found[
            frozenset(
                (name, "blank" if isinstance(row[name], ox.BlankNode) else str(row[name]))
                for name in names
                if row[name] is not None
            )
        ] += 1
    return names, found


@pytest.fixture(scope="module")
def both(remote):
    """One store with our graphs, and the other endpoint's under its address."""
    store = ox.Store()
    store.load(path=HERE / "local.trig", format=ox.RdfFormat.TRIG)
    store.load(path=HERE / "remote.ttl", format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(remote))
    return store


def is_moot(shape, body):
    """Tell whether the answer depends on how EXISTS puts its row into a pattern, on which engines differ."""
    return "EXISTS" in shape and "OPTIONAL" in body


@pytest.mark.parametrize("shape", SHAPES)
def test_the_answer_is_that_of_one_store_with_both(pool, both, remote, shape):
    ours, more = itertools.cycle(OURS), itertools.cycle(MORE)
    for body in BODIES[SHAPES.index(shape) % 2 :: 2]:
        clause = f"SERVICE <{remote}> {body}"
        query = f"SELECT * {{ {shape.format(L=next(ours), M=next(more), S=clause)} }}"
        if is_moot(shape, body):
            continue
        names, expected = table(both.query(clauses.masked(query), prefixes=PREFIXES))
        theirs = ("g", f"<{remote}>")  # GRAPH ?g knows the other endpoint in the store with both alone
        expected = Counter({row: count for row, count in expected.items() if theirs not in row})
        assert rows(pool, query) == (names, expected), query


PITFALLS = {
    "what stands before an OPTIONAL around an OPTIONAL": """?s e:rank 2 ; e:name ?n
        OPTIONAL { ?x e:rank ?r OPTIONAL { ?x e:name ?n . {S} { ?q e:alt ?n } } }""",
    "what follows in the clause's group": """?s e:same ?q ; e:name ?n
        { {S} { ?q e:pop ?p OPTIONAL { ?q e:alt ?n } } OPTIONAL { ?x e:rank 2 ; e:name ?n } }""",
    "a filter in the clause's group": """?s e:same ?q ; e:name ?n
        { {S} { ?q e:pop ?p OPTIONAL { ?q e:alt ?n } } FILTER (!BOUND(?n)) }""",
    "what is taken away": """?s e:same ?q ; e:name ?n
        MINUS { {S} { VALUES ?z { 1 } OPTIONAL { ?z e:nothing ?n } } }""",
    "the other half of a UNION": "?s e:same ?q { ?s e:rank 1 } UNION { {S} { ?q e:pop ?p } }",
    "another graph": "GRAPH e:graph { ?s e:name ?n . {S} { ?q e:alt ?n } }",
}


@pytest.mark.parametrize("pattern", PITFALLS.values(), ids=PITFALLS)
def test_not_everything_before_a_clause_goes_along(pool, both, remote, pattern):
    query = f"SELECT * {{ {pattern.replace('{S}', f'SERVICE <{remote}>')} }}"
    assert rows(pool, query) == table(both.query(clauses.masked(query), prefixes=PREFIXES))


def test_every_form_of_a_query_may_call(pool, remote):
    clause = f"SERVICE <{remote}> {{ ?q e:pop ?p }}"
    assert json.loads(ask(pool, f"ASK {{ e:daqing e:same ?q . {clause} }}"))["boolean"] is True
    assert json.loads(ask(pool, f"ASK {{ {clause} FILTER (?p > 100) }}"))["boolean"] is False
    built = ask(pool, f"CONSTRUCT {{ ?s e:pop ?p }} {{ ?s e:rank 2 ; e:same ?q . {clause} }}", "text/turtle")
    assert b"e:daqing e:pop 3 ." in built
    assert b"Harbin" in ask(pool, f"DESCRIBE ?s {{ ?s e:rank 1 ; e:same ?q . {clause} }}", "text/turtle")


@pytest.mark.parametrize(
    ("accept", "start"),
    [
        ("text/csv", b"s,q,p\r\n"),
        ("text/tab-separated-values", b"?s\t?q\t?p\n"),
        ("application/sparql-results+xml", b"<?xml"),
    ],
)
def test_answers_come_in_every_format_with_the_variables_in_the_order_of_the_text(
    pool, remote, accept, start
):
    query = f"SELECT * {{ ?s e:same ?q . SERVICE <{remote}> {{ ?q e:pop ?p }} }}"
    assert ask(pool, query, accept).startswith(start)


def test_what_no_format_of_the_client_holds_is_told_before_anybody_is_called(pool, remote, calls):
    query = f"SELECT * {{ SERVICE <{remote}> {{ ?s ?p ?o }} }}"
    with pytest.raises(errors.NotAcceptable):
        ask(pool, query, "text/turtle")
    assert not +calls


def test_from_and_the_graphs_of_the_request_hold_for_our_part(pool, remote):
    query = f"SELECT ?s {{{{ ?s e:same ?q . SERVICE <{remote}> {{ ?q e:pop ?p }} }}}}"
    chosen = query.replace("{", "FROM e:graph {", 1)
    harbin = [{"s": {"type": "uri", "value": "http://e/harbin"}}]
    assert json.loads(ask(pool, chosen))["results"]["bindings"] == harbin
    by_request = Query(query, dataset=Dataset(("http://e/graph",), ()))
    assert json.loads(ask(pool, by_request))["results"]["bindings"] == harbin
    other = f"SELECT * FROM e:graph {{ ?s e:name ?n SERVICE <{remote}> {{ ?q e:alt ?n }} }}"
    assert len(json.loads(ask(pool, other))["results"]["bindings"]) == 1
    nothing = Query(query, dataset=Dataset(("file:///etc/passwd",), ()))
    assert json.loads(ask(pool, nothing))["results"]["bindings"] == []


def test_names_base_and_prefixes_mean_the_same_there(pool, remote):
    host, _, path = remote.rpartition("/")
    query = Query(
        f"BASE <{host}/> PREFIX f: <http://e/> SELECT ?p {{ SERVICE <{path}> {{ f:Q1 e:pop ?p }} }}",
        base="http://127.0.0.1/sparql",
    )
    assert json.loads(ask(pool, query))["results"]["bindings"][0]["p"]["value"] == "10"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (
            "SELECT * {{ {} {{ ?q e:pop ?p }} }}",
            "PREFIX e: <http://e/>\n\n SELECT ?q ?p {{ ?q e:pop ?p }}",
        ),
        (
            "PREFIX e: <http://e/> SELECT * {{ {} {{ ?q e:pop ?p }} }}",
            "PREFIX e: <http://e/>\n SELECT ?q ?p {{ ?q e:pop ?p }}",
        ),
        (
            "SELECT * {{ ?s e:rank 1 ; <http://e/same> ?q . {} {{ ?q <r> 'p' }} }}",
            "BASE <http://h/sparql>\n\n SELECT ?q {{  VALUES (?q) {{ (<http://e/Q1>) }}  {{ ?q <r> 'p' }} }}",
        ),
    ],
)
def test_what_is_sent_declares_what_it_needs_once_and_no_more(pools, rude, queries, text, sent):
    ask(pools(f"{rude}/good"), Query(text.format(f"SERVICE <{rude}/good>"), base="http://h/sparql"))
    assert queries == [sent.format()]


def test_a_variable_calls_each_of_its_values(pools, remote, rude):
    one = pools(f"{remote},{rude}/good")
    text = f"VALUES ?where {{ <{remote}> <{rude}/good> }} SERVICE ?where {{ ?q e:pop ?p FILTER (?p > 5) }}"
    found = json.loads(ask(one, f"SELECT * {{ {text} }}"))["results"]["bindings"]
    assert Counter(row["where"]["value"] for row in found) == {remote: 2, f"{rude}/good": 1}


def test_a_variable_that_the_pattern_binds_too_has_one_value(pool, remote):
    text = f"VALUES ?where {{ <{remote}> }} SERVICE ?where {{ ?where e:pop ?p }}"
    assert json.loads(ask(pool, f"SELECT * {{ {text} }}"))["results"]["bindings"] == []


@pytest.mark.parametrize(
    "text",
    [
        "VALUES ?where {{ <{0}> <http://127.0.0.1:9/> }} SERVICE ?where {{ ?q e:pop ?p }}",
        "VALUES ?where {{ <{0}> <http://127.0.0.1:9/> }} SERVICE SILENT ?where {{ ?q e:pop ?p }}",
        "VALUES ?where {{ 'x' }} SERVICE ?where {{ ?q e:pop ?p }}",
        "SERVICE <{0}> {{ ?q e:pop ?p }} SERVICE <http://127.0.0.1:9/> {{ ?q e:pop ?p }}",
        "SERVICE <{0}> {{ SERVICE <http://127.0.0.1:9/> {{ ?q e:pop ?p }} }}",
        "SERVICE <{0}> {{ SERVICE SILENT <http://127.0.0.1:9/> {{ ?q e:pop ?p }} }}",
        "SERVICE <{0}> {{ SERVICE ?where {{ ?q e:pop ?p }} }}",
        "SERVICE <{0}> {{ FILTER EXISTS {{ ?a ?b 1SERVICE<http://127.0.0.1:9/>{{ ?q e:pop ?p }} }} }}",
    ],
)
def test_one_endpoint_that_is_not_allowed_is_enough_and_nobody_is_called(pool, remote, calls, text):
    with pytest.raises(errors.ServiceRefused, match="--services") as refused:
        ask(pool, f"SELECT * {{ {text.format(remote)} }}")
    assert refused.value.members["allowed"] == [remote]
    assert not +calls


def test_a_variable_without_a_value_is_told_what_to_do(pool):
    for text in ("SERVICE ?where { ?s ?p ?o }", "OPTIONAL { e:x e:y ?where } SERVICE ?where { ?s ?p ?o }"):
        with pytest.raises(errors.BadRequest, match=r"VALUES or BIND"):
            ask(pool, f"SELECT * {{ {text} }}")


def test_a_syntax_error_says_where_it_stands_in_what_was_sent(pool, remote):
    with pytest.raises(errors.SyntaxFault, match=r"Line 3, column \d+: ") as refused:
        ask(pool, f"SELECT * {{\n SERVICE SILENT <{remote}> {{ ?s ?p ?o }}\n ?s ?p }}")
    assert refused.value.members["column"] == 9


def test_an_escape_is_refused_where_others_would_read_it_in_another_way(pool, remote):
    query = 'SELECT * { SERVICE <%s> { ?s ?p "\\u0022 } SERVICE <http://x/> { # " } }'
    with pytest.raises(errors.BadRequest, match="write the character itself"):
        ask(pool, query % remote)


def test_many_rows_go_along_in_few_calls(pool, remote, calls):
    values = " ".join(f"e:Q{number}" for number in range(250))
    query = f"SELECT * {{ VALUES ?q {{ {values} }} SERVICE <{remote}> {{ ?q e:pop ?p }} }}"
    assert len(json.loads(ask(pool, query))["results"]["bindings"]) == 3
    assert calls["answered"] == 3


def test_too_many_rows_are_refused_and_no_call_is_made(pool, remote, calls):
    values = " ".join(map(str, range(federated.MOST_CALLS * federated.BATCH + 1)))
    query = f"SELECT * {{ VALUES ?p {{ {values} }} SERVICE <{remote}> {{ ?q e:pop ?p }} }}"
    with pytest.raises(errors.BadRequest, match="put SERVICE first"):
        ask(pool, query)
    assert not +calls


def test_too_many_calls_are_refused(pool, remote, calls):
    clause = f" SERVICE <{remote}> {{ ?q e:pop ?p }}"
    with pytest.raises(errors.BadRequest, match="ask it in parts"):
        ask(pool, f"SELECT * {{ {clause * (federated.MOST_CALLS + 1)} }}")
    assert calls["answered"] == federated.MOST_CALLS


def test_nothing_is_asked_for_what_can_be_joined_with_nothing(pool, remote, calls):
    query = f"SELECT * {{ ?q e:nothing ?x SERVICE <{remote}> {{ ?q e:pop ?p }} }}"
    assert json.loads(ask(pool, query))["results"]["bindings"] == []
    assert not +calls


def test_a_blank_node_of_another_endpoint_gets_a_name(pools, tmp_path):
    (tmp_path / "blank.trig").write_text("<http://e/a> <http://e/b> [ <http://e/c> 1 ] .")
    with endpoint(filled(tmp_path / "store", tmp_path / "blank.trig")) as address:
        query = Query(
            f"SELECT * {{ SERVICE <{address}> {{ ?a e:b ?x . ?x e:c ?y }} }}", base="http://h/sparql"
        )
        (row,) = json.loads(ask(pools(address), query))["results"]["bindings"]
    assert row["x"]["type"] == "uri"
    assert row["x"]["value"].startswith("http://h/.well-known/genid/")
