"""How a query comes in: its ways, its one query, its dataset, its bytes (SPARQL 1.1 Protocol, 2.1)."""

from urllib.parse import quote

import pytest

from kg import names
from tests.protocol.wire import DIRECT, FORM, asking

TYPE = "Content-Type"
BASE, META = names.graph("base"), names.graph("meta")
NOWHERE = "http://example.org/no-such-graph"
HARBIN = "ASK { city:harbin rdfs:label ?label }"
FIGURES = "ASK { ?figure a cekg:Observation }"
NAMED = "ASK { GRAPH ?graph { ?s ?p ?o } }"


@pytest.mark.parametrize(
    ("method", "target", "type_", "body"),
    [
        ("GET", "/sparql?query=ASK%20%7B%7D", None, None),
        ("GET", "/sparql?query=ASK+%7B%7D", None, None),
        ("GET", "/sparql?query=ASK{}", None, None),
        ("GET", "/sparql?%71uery=ASK%7B%7D", None, None),
        ("GET", "/sparql/?query=ASK%7B%7D", None, None),
        ("POST", "/sparql", FORM, b"query=ASK%20%7B%7D"),
        ("POST", "/sparql", "Application/X-WWW-Form-URLEncoded; charset=UTF-8", b"query=ASK+{}"),
        ("POST", "/sparql", DIRECT, b"ASK {}"),
        ("POST", "/sparql/", DIRECT, b"ASK {}"),
        ("POST", "/sparql", "APPLICATION/SPARQL-QUERY", b"ASK {}"),
        ("POST", "/sparql", 'application/sparql-query ; charset="utf-8" ; version=1.1', b"ASK {}"),
        ("QUERY", "/sparql", DIRECT, b"ASK {}"),
        ("QUERY", "/sparql", FORM, b"query=ASK{}"),
    ],
)
def test_a_query_comes_in_by_every_way_that_there_is(live, method, target, type_, body):
    answer = live.send(method, target, body, [(TYPE, type_)] if type_ else [])
    assert (answer.status, answer.json()["boolean"]) == (200, True)


def test_a_body_in_chunks_is_read_whole(live):
    answer = live.send("POST", body=iter([b"ASK", b" {", b"}"]), fields=[(TYPE, DIRECT)])
    assert (answer.status, answer.json()["boolean"]) == (200, True)


def test_a_client_that_waits_for_100_gets_it(live):
    message = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Expect: 100-continue\r\nContent-Length: 6\r\nConnection: close\r\n\r\nASK {}"
    )
    assert live.raw(message, method="POST").json()["boolean"] is True


@pytest.mark.parametrize(
    ("method", "target", "type_", "body"),
    [
        ("GET", f"/sparql?default-graph-uri={BASE}", None, None),
        ("GET", "/sparql?format=json", None, None),
        ("GET", "/sparql?query=", None, None),
        ("GET", "/sparql?query", None, None),
        ("GET", "/sparql?query=%20%0A", None, None),
        ("GET", "/sparql?query=ASK{}&query=ASK{}", None, None),
        ("GET", "/sparql?query=ASK{}&query=", None, None),
        ("GET", "/sparql?query=ASK{}&update=CLEAR+ALL", None, None),
        ("POST", "/sparql", FORM, b""),
        ("POST", "/sparql", FORM, b"default-graph-uri=http://example.org/"),
        ("POST", "/sparql", FORM, b"query=ASK{}&query=ASK{}"),
        ("POST", "/sparql", FORM, b"query=ASK{}&update=CLEAR+ALL"),
        ("POST", "/sparql", DIRECT, b""),
        ("POST", "/sparql", DIRECT, b" \n"),
        ("POST", "/sparql?query=ASK{}", FORM, b"query=ASK{}"),
        ("POST", "/sparql?query=ASK{}", DIRECT, b"ASK{}"),
        ("POST", "/sparql?update=CLEAR+ALL", DIRECT, b"ASK{}"),
        (
            "POST",
            f"/sparql?default-graph-uri={BASE}",
            FORM,
            f"query=ASK{{}}&default-graph-uri={META}".encode(),
        ),
        ("QUERY", "/sparql", DIRECT, b""),
    ],
)
def test_anything_but_exactly_one_query_is_400(live, method, target, type_, body):
    answer = live.send(method, target, body, [(TYPE, type_)] if type_ else [])
    assert (answer.status, answer.type) == (400, "application/problem+json")


def test_a_form_may_name_its_graphs_in_the_address(live):
    target = f"/sparql?default-graph-uri={quote(META)}&named-graph-uri={quote(BASE)}"
    for query, expected in ((HARBIN, False), (NAMED, True)):
        answer = live.send("POST", target, f"query={quote(query)}".encode(), [(TYPE, FORM)])
        assert answer.json()["boolean"] is expected


@pytest.mark.parametrize(
    ("query", "default", "named", "expected"),
    [
        (HARBIN, [], [], True),
        (FIGURES, [], [], True),
        (NAMED, [], [], True),
        (HARBIN, [BASE], [], True),
        (FIGURES, [BASE], [], False),
        (HARBIN, [META, BASE], [], True),
        (NAMED, [BASE], [], False),
        (HARBIN, [], [BASE], False),
        (NAMED, [], [BASE], True),
        (NAMED, [], [NOWHERE, BASE], True),
        (HARBIN, [META], [BASE], False),
        (HARBIN, [NOWHERE], [], False),
        (NAMED, [], [NOWHERE], False),
        (f"ASK FROM <{META}> {{ city:harbin rdfs:label ?label }}", [], [], False),
        (f"ASK FROM <{BASE}> {{ city:harbin rdfs:label ?label }}", [], [], True),
        (f"ASK FROM <{META}> {{ city:harbin rdfs:label ?label }}", [BASE], [], True),
        (f"ASK FROM <{BASE}> {{ city:harbin rdfs:label ?label }}", [META], [], False),
        (f"ASK FROM <{BASE}> {{ city:harbin rdfs:label ?label }}", [], [META], False),
        (f"ASK FROM NAMED <{META}> {{ GRAPH <{BASE}> {{ ?s ?p ?o }} }}", [], [BASE], True),
        (f"ASK FROM NAMED <{BASE}> {{ GRAPH ?graph {{ ?s ?p ?o }} }}", [], [], True),
        (f"ASK FROM NAMED <{BASE}> {{ city:harbin rdfs:label ?label }}", [], [], False),
        (f"ASK FROM <{NOWHERE}> {{ ?s ?p ?o }}", [], [], False),
    ],
)
def test_the_request_names_the_dataset_before_the_query_does(live, query, default, named, expected):
    graphs = [f"default-graph-uri={quote(iri)}" for iri in default]
    graphs += [f"named-graph-uri={quote(iri)}" for iri in named]
    answer = live.send(target="&".join([asking(query), *graphs]))
    assert (answer.status, answer.json()["boolean"]) == (200, expected)


@pytest.mark.parametrize(
    "iri", ["", "base", "/graph/base", "http://a b/", "%3Chttp://a/%3E", "http://a/%7Bx%7D"]
)
@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_without_an_absolute_iri_is_400(live, parameter, iri):
    answer = live.send(target=f"{asking('ASK {}')}&{parameter}={iri.replace(' ', '%20')}")
    assert answer.status == 400
    assert "absolute IRI" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("type_", "body", "status"),
    [
        (None, b"query=ASK{}", 400),
        (None, b"ASK{}", 400),
        ("", b"ASK{}", 400),
        ("text/plain", b"ASK{}", 415),
        ("application/json", b'{"query": "ASK{}"}', 415),
        ("application/sparql-query-x", b"ASK{}", 415),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nASK{}\r\n--x--',
            415,
        ),
        ("nonsense", b"ASK{}", 415),
        (";", b"ASK{}", 415),
        (f"{DIRECT}; charset=iso-8859-1", b"ASK{}", 400),
        (f"{DIRECT}; charset=UTF-16", "ASK{}".encode("utf-16"), 400),
        (f"{FORM}; charset=latin1", b"query=ASK{}", 400),
        (DIRECT, b"ASK{} # \xff", 400),
        (DIRECT, b"ASK{} # \xed\xa0\x80", 400),
        (DIRECT, "ASK{}".encode("utf-16"), 400),
        (FORM, b"query=ASK{}%23%FF", 400),
        (FORM, b"query=ASK{}%23\xff", 400),
        (FORM, b"que\xffry=ASK{}", 400),
    ],
)
def test_a_body_is_of_a_type_that_we_read_and_in_utf_8(live, type_, body, status):
    answer = live.send("POST", body=body, fields=[(TYPE, type_)] if type_ is not None else [])
    assert (answer.status, answer.type) == (status, "application/problem+json")


@pytest.mark.parametrize("end", ["%FF", "%C3%28", "%ED%A0%80", "%E5%93"])
def test_an_address_that_is_not_utf_8_is_400(live, end):
    answer = live.send(target=f"/sparql?query=ASK%7B%7D%23{end}")
    assert answer.status == 400
    assert "UTF-8" in answer.json()["detail"]


@pytest.mark.parametrize("end", ["%", "%4", "%ZZ", "%%41", "%u4E2D"])
def test_a_percent_sign_without_its_two_digits_is_400(live, end):
    for method, target, body in (
        ("GET", f"/sparql?query=ASK%7B%7D%23{end}", None),
        ("POST", "/sparql", f"query=ASK%7B%7D%23{end}".encode()),
    ):
        answer = live.send(method, target, body, [(TYPE, FORM)] if body else [])
        assert answer.status == 400
        assert "%25" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("encoded", "text"),
    [
        ("%2525", "%25"),
        ("%2B+%2b", "+ +"),
        ("%25E5%2593%2588", "%E5%93%88"),
        ("%E5%93%88", "哈"),
        ("%26%3D", "&="),
    ],
)
def test_percent_signs_are_decoded_exactly_once(live, encoded, text):
    query = f"SELECT%20(%22{encoded}%22%20AS%20%3Fx)%20%7B%7D"
    for method, target, body in (
        ("GET", f"/sparql?query={query}", None),
        ("POST", "/sparql", f"query={query}".encode()),
    ):
        answer = live.send(method, target, body, [(TYPE, FORM)] if body else [])
        assert answer.json()["results"]["bindings"] == [{"x": {"type": "literal", "value": text}}]


def test_a_posted_query_is_not_decoded_at_all(live):
    answer = live.post('SELECT ("%41+%2B" AS ?x) {}')
    assert answer.json()["results"]["bindings"][0]["x"]["value"] == "%41+%2B"


def test_a_compressed_body_is_refused_and_not_misread(live):
    fields = [(TYPE, DIRECT), ("Content-Encoding", "gzip")]
    answer = live.send("POST", body=b"ASK {}", fields=fields)
    assert (answer.status, answer.type) == (415, "application/problem+json")
