"""Requests and queries that nobody should send: each is answered soon, by an error that says what to do.

The same ones in every run: hypothesis draws them without chance.
"""

import http.client
import json
import socket
import time
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import resources
from tests.protocol.conftest import TALLY
from tests.protocol.wire import DIRECT, FORM, Live, serving

pytestmark = pytest.mark.slow

SOON = 15
"""Seconds within which an answer must be there; the server gives each query one."""

REQUESTS, QUERIES = 500, 300
"""So many different ones must have been refused."""

refused_requests: set[bytes] = set()
refused_queries: set[bytes] = set()


@pytest.fixture(scope="module")
def server(snapshots):
    with serving(snapshots, workers=2, timeout=1, wait=2, memory=256, largest_request=50_000) as server:
        yield server
        assert not server.stumbled()


def drawn(examples):
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


@dataclass(frozen=True)
class Message:
    """Bytes to send; one that is incomplete is followed by the end of the stream."""

    content: bytes
    complete: bool = True


VALID = b"query=ASK%20%7B%7D"
NAMES = [
    "query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "format", "output",
    "results", "timeout", "Query", "x", "",
]  # fmt: skip
VALUES = [
    "ASK {}", "SELECT * {} LIMIT 1", "ASK", "", " ", "\x00", "\ufeffASK {}", "CLEAR ALL", "json", "xml",
    "http://example.org/g", "g", "http://a b/", "file:///etc/passwd", "<x>", "-1", "1e999", "NaN",
    "ASK { # ", "'\"", "哈" * 50, "a" * 3000,
]  # fmt: skip
ENCODED = [
    b"%", b"%4", b"%zz", b"%FF", b"%C3%28", b"%00", b"%ED%A0%80", b"+", b"%2525", b"%F4%90%80%80", b"&&",
    b"==", b";",
]  # fmt: skip
METHODS = [
    "GET", "POST", "QUERY", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "SPARQL", "PROPFIND",
    "M-SEARCH",
]  # fmt: skip
PATHS = [
    "/sparql", "/sparql", "/sparql", "/sparql/", "/", "/city/harbin", "/city/%FF", "/%00", "/city/../sparql",
    "/queries/x", "/city/a.b.c", "/ont.zzz", "/sparql/x", "//", "/.well-known/void", "/static/../app.py",
    "/static/%2e%2e/app.py",
]  # fmt: skip
TYPES = [
    None, "", FORM, DIRECT, f"{FORM}; charset=utf-16", f"{DIRECT}; charset=latin-1", f"{DIRECT}; charset",
    "text/plain", "application/sparql-update", "application/json", "multipart/form-data",
    "multipart/form-data; boundary=x", ";", "/", "*/*", f"{DIRECT}, {FORM}", f"{DIRECT};;;=;",
    "application/sparql-query\t", "a" * 2000, 'x/y; charset="',
]  # fmt: skip
ACCEPTS = [
    None, "", "*/*", "text/turtle", "application/sparql-results+json", "image/png", "*/*;q=0", "q=1",
    "a/b;q=x", ",,,;;;", '"', "text/csv;q=1.0001", "*/json", "text/*;q=0.0001", "a/b," * 500,
    "application/json;profile=\"a,b;c\\\"\"", "text/csv;charset=utf-7", "é/ü",
]  # fmt: skip
OTHERS = [
    ("Accept-Encoding", "gzip;q=2, *;q=-1"),
    ("Accept-Charset", "utf-7"),
    ("Content-Encoding", "gzip"),
    ("Content-Language", "\xff"),
    ("If-None-Match", '"'),
    ("If-None-Match", "W/" * 300),
    ("If-Modified-Since", "yesterday"),
    ("If-Match", "nothing"),
    ("Range", "bytes=5-1,a-b"),
    ("Origin", "null\xff"),
    ("Host", "a b"),
    ("Host", ""),
    ("Cookie", "=;;;=" * 200),
    ("Expect", "200-maybe"),
    ("X-Forwarded-For", "' OR 1=1 --"),
    ("X-Forwarded-Proto", "javascript"),
    ("Forwarded", "for=;host="),
    ("Authorization", "Basic !!!"),
    ("Connection", "keep-alive, nonsense"),
    ("Upgrade", "websocket"),
    ("TE", "trailers, x;q=9"),
    ("Max-Forwards", "-1"),
    ("X-Request-Id", "a" * 5_000),
]

text = st.one_of(st.sampled_from(VALUES), st.text(st.characters(codec="utf-8"), max_size=40))
pair = st.one_of(
    st.tuples(st.sampled_from(NAMES), text).map(lambda each: f"{each[0]}={quote(each[1], safe='')}".encode()),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(ENCODED)).map(
        lambda each: each[0].encode() + b"=" + each[1]
    ),
    st.sampled_from([VALID, VALID, b"query=ASK{}", b"query", b"=", b"", b"&"]),
)
parameters = st.lists(pair, max_size=4).map(b"&".join)
body = st.one_of(
    parameters,
    st.binary(max_size=60),
    text.map(str.encode),
    st.sampled_from(
        [b"", b"ASK {}", "ASK {}".encode("utf-16"), b"ASK {} # \xff", b"\x1f\x8b\x08\x00", b" " * 60_000]
    ),
)


@st.composite
def bad_requests(draw):
    """Well-formed HTTP around something that is not: methods, fields, encodings, parameters, bodies."""
    method, path, asked = draw(st.sampled_from(METHODS)), draw(st.sampled_from(PATHS)), draw(parameters)
    content = draw(body)
    fields = [("Host", "localhost"), ("Connection", "close")]
    fields += [("Content-Type", type_)] if (type_ := draw(st.sampled_from(TYPES))) is not None else []
    fields += [("Accept", accept)] if (accept := draw(st.sampled_from(ACCEPTS))) is not None else []
    fields += draw(st.lists(st.sampled_from(OTHERS), max_size=2))
    if draw(st.booleans()):
        content = (
            b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (content[:7], content[7:]) if part)
            + b"0\r\n\r\n"
        )
        fields.append(("Transfer-Encoding", "chunked"))
    else:
        fields.append(("Content-Length", str(len(content))))
    lines = [f"{method} {path}?".encode() + asked + b" HTTP/1.1"]
    lines += [f"{name}: {value}".encode("latin-1", "replace") for name, value in fields]
    return Message(b"\r\n".join([*lines, b"", content]))


LINES = [
    b"GET /sparql?query=ASK{} HTTP/1.1", b"POST /sparql HTTP/1.1", b"GET /sparql HTTP/1.0", b"GET /sparql",
    b"GET  /sparql  HTTP/1.1", b"GET /spa rql HTTP/1.1", b"GET /sparql HTTP/2.0", b"GET /sparql HTTP/x",
    b"GET", b"", b"\x00", b"get /sparql HTTP/1.1", b"G\xc3T /sparql HTTP/1.1", b"GET /\xff HTTP/1.1",
    b"GET http:// HTTP/1.1", b"GET http://[::1/sparql HTTP/1.1", b"GET http://x:y/sparql HTTP/1.1",
    b"CONNECT a:1 HTTP/1.1", b"OPTIONS * HTTP/1.1", b"GET * HTTP/1.1",
    b"GET /sparql?" + b"a" * 400_000 + b" HTTP/1.1", b"PRI * HTTP/2.0", b"GET /sparql HTTP/1.1 HTTP/1.1",
    b"\x16\x03\x01\x00\xa5\x01\x00",
]  # fmt: skip
FRAMES = [
    b"Content-Length: 6", b"Content-Length: 0", b"Content-Length: -1", b"Content-Length: +6",
    b"Content-Length: 6, 6", b"Content-Length: 0x6", b"Content-Length:",
    b"Content-Length: 99999999999999999999", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding: x",
    b"Transfer-Encoding : chunked", b"Host: x", b"Host: x", b"Host: \xff", b"Host: a/b", b"Accept: \x00",
    b"NoColon", b": no name", b"Bad Name: x", b" folded", b"\tfolded", b"X: a\rb", b"X: a\nb",
    b"X: " + b"a" * 5000, b"Content-Type: application/sparql-query",
    b"Content-Type: application/x-www-form-urlencoded", b"Expect: 100-continue",
]  # fmt: skip
TAILS = [
    b"", b"ASK {}", b"query=ASK{}", b"6\r\nASK {}\r\n0\r\n\r\n", b"zz\r\nASK{}\r\n0\r\n\r\n",
    b"6\r\nASK {}XX0\r\n\r\n", b"-1\r\n\r\n", b"6;x=y\r\nASK {}\r\n0\r\nA: b\r\n\r\n",
    b"ffffffffffffffffff\r\n", b"\r\n\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
]  # fmt: skip


@st.composite
def hardly_http(draw):
    """What is no HTTP, or only just, ended by the end of the stream."""
    lines = [draw(st.sampled_from(LINES)), *draw(st.lists(st.sampled_from(FRAMES), max_size=5))]
    content = draw(st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"])).join(
        [*lines, b"", draw(st.sampled_from(TAILS))]
    )
    if draw(st.booleans()):
        return Message(content, complete=False)
    return Message(content[: draw(st.integers(1, max(1, len(content))))], complete=False)


@given(message=bad_requests())
@drawn(700)
def test_a_bad_request_gets_an_answer_that_helps(server, message):
    answer = exchange(server, message)
    assert answer, "The connection was closed without an answer."
    TALLY["requests"] += 1
    if judge(answer, message.content):
        refused_requests.add(message.content)


@given(message=hardly_http())
@drawn(250)
def test_what_is_hardly_http_gets_an_answer_or_the_end_of_the_connection(server, message):
    answer = exchange(server, message)
    TALLY["requests"] += 1
    if answer is None or judge(answer, message.content):
        refused_requests.add(message.content)


OURS = [example.query for example in resources.examples()]
CORNERS = """
BASE <http://example.org/> PREFIX : <#> SELECT DISTINCT ?s (COUNT(DISTINCT *) AS ?n)
WHERE { ?s :p/^:q|!(:r|^:s)* ?o } GROUP BY ?s HAVING (COUNT(*) > 1) ORDER BY DESC(?n) ASC(?s) LIMIT 5 OFFSET 2

SELECT (GROUP_CONCAT(DISTINCT ?x; SEPARATOR=', ') AS ?all)
{ VALUES (?x ?y) { (1 UNDEF) ('a'@en-GB <http://a/>) ('''q'q''' "x") } }

CONSTRUCT { ?s ?p [ ?q (1 2.0 3e0 true) ] }
WHERE { ?s ?p ?o . OPTIONAL { ?o ?q ?r FILTER (?r IN (1, 2) && !BOUND(?z) || EXISTS { ?r a [] }) } } LIMIT 3

DESCRIBE <https://w3id.org/cekg/city/harbin> ?x FROM NAMED <https://w3id.org/cekg/graph/base>
{ GRAPH ?g { ?x a cekg:City } MINUS { ?x a cekg:Region } }

ASK { { SELECT ?x { ?x ?y ?z } LIMIT 1 } UNION { BIND(IF(1 = 1, STRLANG('a', 'en'), COALESCE(?u, 1/0))
AS ?v) } FILTER REGEX(STR(?x), '^h.*\\d+$', 'i') }

SELECT * { ?s ?p ?o ; ?q ?r , ?t . ?a !a ?b . ?c (rdfs:label|skos:altLabel)? ?d
FILTER (?d < "2020-01-01"^^xsd:date) } LIMIT 3

SELECT ?x { BIND('\\u00E9\\U0001F600\\t\\\\' AS ?x) BIND("\\u00E" AS ?y) }

SELECT * { << ?s ?p ?o >> ?q ?r } LIMIT 1

SELECT (AVG(?v) AS ?mean) (SAMPLE(?s) AS ?one) { ?s cekg:value ?v } HAVING (MAX(?v) > 3)

SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }

INSERT DATA { <http://a/> <http://b/> 1 }; DELETE WHERE { ?s ?p ?o }

SELECT(1 AS?x){}
""".strip().split("\n\n")
TOKENS = [
    "{", "}", "(", ")", "[", "]", "<", ">", ".", ";", ",", "?", "$x", "^", "|", "*", "+", "/", "!", "'", '"',
    "'''", '"""', "\\", "\\u", "#", "@", "@en", "^^", "<<", ">>", "SELECT", "WHERE", "FILTER", "GROUP BY",
    "UNION", "SERVICE", "GRAPH", "LIMIT", "-1", "1e", "1.", ".5", "_:b", ":", "a:b:c", "<a b>",
    "<http://%zz>", "\x00", "\x07", "\u00a0", "\u202e", "\ufeff", "\uffff", "\U0001f600", "哈尔滨",
    "LIMIT 99999999999999999999", "BASE <", "PREFIX :", "COUNT(", "VALUES ?x {", "BIND(1 AS ?x)",
    "NOT EXISTS", "\r", "\t",
]  # fmt: skip


@st.composite
def broken_queries(draw):
    """One of our queries or of the grammar's corners, cut off, or with some of it changed."""
    query = draw(st.sampled_from([*OURS, *CORNERS, *CORNERS]))
    at = st.integers(0, len(query))
    match draw(
        st.sampled_from(
            ["cut", "cut", "tail", "drop", "insert", "insert", "replace", "twice", "swap", "byte"]
        )
    ):
        case "cut":
            query = query[: draw(at)]
        case "tail":
            query = query[draw(at) :]
        case "drop":
            start = draw(at)
            query = query[:start] + query[start + draw(st.integers(1, 8)) :]
        case "insert":
            for _ in range(draw(st.integers(1, 3))):
                start = draw(st.integers(0, len(query)))
                query = query[:start] + draw(st.sampled_from(TOKENS)) + query[start:]
        case "replace":
            start = draw(at)
            query = query[:start] + draw(st.sampled_from(TOKENS)) + query[start + draw(st.integers(1, 4)) :]
        case "twice":
            start, stop = sorted((draw(at), draw(at)))
            query = query[:stop] + query[start:]
        case "swap":
            start, stop = sorted((draw(at), draw(at)))
            query = query[stop:] + query[start:stop] + query[:start]
        case _:
            start = draw(at)
            content = query.encode()
            return content[:start] + bytes([draw(st.integers(0, 255))]) + content[start + 1 :]
    return query.encode()


@given(query=broken_queries(), direct=st.booleans())
@drawn(600)
def test_a_broken_query_gets_an_answer_that_helps(server, query, direct):
    fields = b"Host: localhost\r\nConnection: close\r\n"
    if direct:
        head = (
            b"POST /sparql HTTP/1.1\r\n"
            + fields
            + f"Content-Type: {DIRECT}\r\nContent-Length: {len(query)}\r\n\r\n".encode()
        )
        message = head + query
    else:
        message = b"GET /sparql?query=" + quote(query, safe="").encode() + b" HTTP/1.1\r\n" + fields + b"\r\n"
    answer = exchange(server, Message(message))
    assert answer, "The connection was closed without an answer."
    TALLY["queries"] += 1
    assert answer.status in {200, 400, 503}
    if judge(answer, message):
        refused_queries.add(query)


def test_enough_was_tried_and_the_server_is_as_it_was(server):
    assert len(refused_requests) >= REQUESTS
    assert len(refused_queries) >= QUERIES
    assert server.lives()


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    fields: http.client.HTTPMessage
    body: bytes


def exchange(server: Live, message: Message) -> Reply | None:
    """Send a message; return the answer, None where the connection ends without one; fail at neither."""
    until = time.monotonic() + SOON
    with socket.create_connection(server.place, timeout=SOON) as client:
        try:
            client.sendall(message.content)
            if not message.complete:
                client.shutdown(socket.SHUT_WR)
            response = http.client.HTTPResponse(
                client, method=message.content.split(b" ", 1)[0].decode("latin-1")
            )
            response.begin()
            reply = Reply(response.status, response.headers, response.read())
            response.close()
        except (http.client.BadStatusLine, ConnectionResetError, BrokenPipeError):
            reply = None
        except http.client.IncompleteRead:  # who ends the stream may be taken for somebody who left
            assert not message.complete
            reply = None
    assert time.monotonic() < until, "The answer took too long."
    return reply


def judge(reply: Reply, message: bytes) -> bool:
    """Tell whether the server refused; fails when it did so in a way that does not help."""
    TALLY["500"] += reply.status == 500
    assert reply.status != 500
    if reply.status < 400:
        return False
    if message.startswith(b"HEAD "):
        assert reply.body == b""
        return True
    assert reply.fields.get_content_type() == "application/problem+json"
    problem = json.loads(reply.body)
    assert problem["type"]
    assert problem["title"]
    assert problem["status"] == reply.status
    assert problem["detail"] not in {"", problem["title"]}
    return True
