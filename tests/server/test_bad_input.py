"""Hostile input comes out as text, or is refused in a clear sentence: never a 500, never another's file."""

import re
import socket
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.safety import check_page

FIREFOX = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eevil\u2066\u200f",
    "\0",
    "\r\nX-Injected: 1",
    "x" * 10_000,
    "哈" * 3_000,
    "%s%(x)s%n{0}",
    "../../../etc/passwd",
    "\ud83c\udfd9".encode("utf-16", "surrogatepass").decode("utf-16"),
]
PLACES = [
    "/{}",
    "/city/{}",
    "/city/{}.html",
    "/city/harbin.{}",
    "/city/harbin/{}",
    "/obs/{}.csv",
    "/graph/{}.trig",
    "/dataset/{}.nq",
    "/query/{}.html",
    "/queries/{}",
    "/ont.{}",
    "/shape/{}",
    "/shape/{}.ttl",
    "/shape.{}",
    "/sitemap-{}.xml",
    "/static/{}",
    "/.well-known/{}",
    "/charts/city/harbin/{}.csv",
]
PARAMETERS = [
    "q",
    "iri",
    "lang",
    "format",
    "page",
    "query",
    "city",
    "metric",
    "industry",
    "year",
    "kind",
    "{}",
]
PATHS = [
    "/",
    "/queries",
    "/queries/total",
    "/city/harbin",
    "/city/harbin.html",
    "/city/harbin.csv",
    "/ont.html",
]
PATHS += [
    "/resolve",
    "/search",
    "/shape.html",
    "/sitemap.xml",
    "/robots.txt",
    "/llms.txt",
    "/health",
    "/coverage",
]

RAW = [
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/%2e%2e%2fapp.py",
    "/static/..%2fapp.py",
    "/static/..%5capp.py",
    "/static/%252e%252e%252fapp.py",
    "/static/%c0%ae%c0%ae/app.py",
    "/static/%e0%80%ae%e0%80%ae/app.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/style.css%00.html",
    "/static/",
    "/static",
    "/city/harbin%00",
    "/city/%ff%fe",
    "/city/%ed%a0%80",
    "/city/harbin%2ettl%2e",
    "/city/harbin%3flang=en",
    "/city/..%2fcity%2fharbin",
    "/city/./harbin.html",
    "/city//harbin",
    "/%",
    "/%zz",
    "/city/har%bin",
    "/dataset/cekg.nq/../../../../etc/passwd",
    "/dataset/%2e%2e%2fmanifest.json",
    "/graph/..%2f..%2fmanifest",
    "/queries/..%2f..%2f",
    "/CITY/harbin.html",
    "/city/harbin.HTML",
    "/city/HARBIN",
    "/;/city/harbin",
    "/city/harbin;x=1",
]


def check(answer):
    assert answer.status_code < 500, answer.request.path
    assert "X-Injected" not in answer.headers
    assert "root:" not in answer.text
    assert "import annotations" not in answer.text
    if answer.mimetype == "text/html":
        check_page(answer.text)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
    if answer.status_code >= 400:
        assert len(answer.data) < 60_000  # the links to the other language hold the address
    answer.close()


@pytest.mark.parametrize("accept", [FIREFOX, {}], ids=["browser", "program"])
@pytest.mark.parametrize("place", PLACES)
def test_hostile_text_in_a_path_is_a_clear_4xx(client, place, accept):
    for text in HOSTILE:
        answer = client.get(place.format(quote(text, safe="")), headers=accept)
        assert 400 <= answer.status_code < 500 or answer.status_code in {301, 308}, text
        check(answer)


@pytest.mark.parametrize("path", PATHS)
def test_hostile_text_in_a_parameter_is_text_or_a_clear_4xx(client, path):
    for shift in range(len(HOSTILE)):
        texts = HOSTILE[shift:] + HOSTILE[:shift]
        parameters = {name.format(text): text for name, text in zip(PARAMETERS, texts, strict=False)}
        check(client.get(path, query_string=parameters, headers=FIREFOX))
        check(client.get(path, query_string={"lang": HOSTILE[shift]}, headers=FIREFOX))


@pytest.mark.parametrize("address", RAW)
def test_no_way_leads_out_of_our_folders(client, address):
    path, _, query = address.partition("?")
    for headers in (FIREFOX, {}):
        answer = client.get("/", headers=headers, environ_overrides=raw(path, query))
        assert answer.status_code in {301, 303, 308, 400, 404}, address
        check(answer)


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "///evil.example", "/\\evil.example", "//city/harbin.html"]
)
def test_no_path_makes_a_link_to_another_host(client, path):
    answer = client.get("/", headers=FIREFOX, environ_overrides={"PATH_INFO": path})
    assert not re.search(r'(href|action)="(//|/\\\\)', answer.text)
    assert not answer.headers.get("Location", "/").startswith("//")


def raw(path, query):
    """Return a path as a server hands it on: its bytes, once decoded."""
    from urllib.parse import unquote_to_bytes

    return {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query, "REQUEST_URI": path}


@pytest.mark.parametrize(
    "query",
    [
        "lang=%ff",
        "%ff=%fe",
        "lang",
        "=",
        "&&&",
        "lang=en&lang=fr",
        "lang=%00",
        "format=%c0%80",
        "a" * 20_000,
        "x&" * 5_000,
    ],
)
@pytest.mark.parametrize("path", ["/", "/city/harbin", "/city/harbin.csv", "/resolve", "/queries/total"])
def test_odd_encodings_in_a_query_string_never_fail(client, path, query):
    check(client.get(path, query_string=query, headers=FIREFOX))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", "text/html;q=\u00e9"),
        ("Accept", ",".join(["text/html;q=0.1"] * 2_000)),
        ("Accept-Language", "zh-\u00e9, *, ;;q=, en;q=x"),
        ("Accept-Language", "en," * 5_000),
        ("Cookie", "lang=<script>"),
        ("Cookie", "lang=\xff; lang=\x00"),
        ("If-None-Match", '"' + "x" * 9_000),
        ("If-None-Match", "W/"),
        ("If-Modified-Since", "never"),
        ("Range", "bytes=99999999999-"),
        ("Host", "localhost:99999999"),
        ("Host", "<script>"),
        ("Host", "a b"),
    ],
)
@pytest.mark.parametrize(
    "path", ["/", "/city/harbin", "/city/harbin.html", "/city/harbin.csv", "/dataset/cekg.nq", "/x"]
)
def test_odd_fields_never_fail(client, path, name, value):
    headers = {**FIREFOX, name: value}
    answer = client.get(path, headers=headers)
    assert answer.status_code < 500
    answer.close()


TEXT = st.text(st.characters(codec="latin-1"), max_size=40)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["city", "obs", "graph", "shape", "queries", "static", "ont", "charts/city"]),
    rest=TEXT,
    tail=TEXT,
)
def test_any_bytes_in_a_path_are_answered(client, kind, rest, tail):
    path = f"/{kind}/{rest}" + (f".{tail}" if tail else "")
    check(client.get("/", headers=FIREFOX, environ_overrides={"PATH_INFO": path}))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), query=st.text(st.characters(codec="ascii"), max_size=60))
def test_any_query_string_is_answered(client, path, query):
    check(client.get("/", headers=FIREFOX, environ_overrides={"PATH_INFO": path, "QUERY_STRING": query}))


def test_hostile_labels_and_literals_come_out_as_text(hostile_app):
    client = hostile_app.test_client()
    for address in (
        "/",
        "/city/evil.html",
        "/industry/evil.html",
        "/obs/evil.html",
        "/source/evil.html",
        "/quote/evil.html",
        "/ont.html",
        "/metric/evil.html",
    ):
        for tag in ("en", "zh-Hans"):
            answer = client.get(address, query_string={"lang": tag}, headers=FIREFOX)
            assert answer.status_code == 200, address
            said = " ".join(re.findall(r"ld\+json\">(.*?)</script>", answer.text, re.DOTALL))
            assert '"javascript:' not in said
            assert '"data:' not in said
            check(answer)
    for suffix in ("ttl", "jsonld", "nt", "csv"):
        assert client.get(f"/city/evil.{suffix}").status_code == 200
    refused = client.get("/city/evil.rdf")
    assert refused.status_code == 406  # XML has no way to write U+0000 and its like
    for address in ("/graph/evil.trig", "/graph/evil.csv", "/sitemap-1.xml", "/city/evil.csv"):
        assert client.get(address, buffered=True).status_code == 200


@pytest.fixture(scope="module")
def hostile_app(tmp_path_factory):
    """A graph in which every text is an attack, or very long."""
    import pyoxigraph as ox

    from kg import names, snapshot
    from server.app import create_app
    from tests.server.conftest import settings_for

    graph = ox.NamedNode(names.graph("evil"))
    quads = []

    def say(thing, property_, value):
        quads.append(ox.Quad(ox.NamedNode(thing), ox.NamedNode(property_), value, graph))

    texts = [*HOSTILE[:2], "\x01\u202e" + HOSTILE[3], "y" * 10_000]
    obs, source, quotation = (names.thing(kind, "evil") for kind in ("obs", "source", "quote"))
    kinds = {
        "City": "city",
        "Industry": "industry",
        "Metric": "metric",
        "Level": "obs",
        "Source": "source",
        "Quote": "quote",
    }
    for class_, kind in kinds.items():
        thing = names.thing(kind, "evil")
        say(thing, names.RDF + "type", ox.NamedNode(names.term(class_)))
        for text in texts:
            for property_ in (names.RDFS + "label", names.SKOS + "definition", names.SKOS + "altLabel"):
                say(thing, property_, ox.Literal(text, language="en"))
            say(thing, names.RDFS + "seeAlso", ox.NamedNode("javascript:alert(1)"))
            say(thing, names.OWL + "sameAs", ox.NamedNode("data:text/html,x"))
    say(obs, names.RDF + "type", ox.NamedNode(names.term("Observation")))
    for property_, kind in (
        ("ofCity", "city"),
        ("ofIndustry", "industry"),
        ("ofMetric", "metric"),
        ("statedIn", "source"),
        ("evidence", "quote"),
    ):
        say(obs, names.term(property_), ox.NamedNode(names.thing(kind, "evil")))
    say(obs, names.term("value"), ox.Literal("5", datatype=ox.NamedNode(names.XSD + "decimal")))
    say(obs, names.term("year"), ox.Literal(2020))
    say(obs, names.term("unit"), ox.NamedNode(names.unit("PERCENT")))
    say(obs, names.term("valueText"), ox.Literal(HOSTILE[0]))
    say(source, names.DCTERMS + "title", ox.Literal(HOSTILE[0], language="en"))
    say(source, names.DCTERMS + "date", ox.Literal("2024-02-29", datatype=ox.NamedNode(names.XSD + "date")))
    say(source, names.SCHEMA + "url", ox.NamedNode("javascript:alert(1)"))
    say(quotation, names.OA + "exact", ox.Literal(HOSTILE[1], language="en"))
    say(quotation, names.OA + "start", ox.Literal(0))
    say(quotation, names.OA + "end", ox.Literal(len(HOSTILE[1])))
    say(quotation, names.term("quotedFrom"), ox.NamedNode(source))
    root = tmp_path_factory.mktemp("hostile")
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)
    snapshot.publish(root, nquads=b"".join(sorted(set(lines))), files={}, about={})
    app = create_app(settings_for(root, workers=1))
    yield app
    app.close()


@pytest.mark.parametrize(
    "address", [*RAW, "/city/harbin.html\\..\\..", "/\x7f", "/city/%E5%93%88%E5%B0%94%E6%BB%A8"]
)
def test_the_real_server_answers_raw_bytes_too(live, address):
    """Over a socket, where no client cleans an address up."""
    host = urlsplit(live)
    with socket.create_connection((host.hostname, host.port), timeout=10) as connection:
        request = (
            f"GET {address} HTTP/1.1\r\nHost: {host.netloc}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        )
        connection.sendall(request.encode("latin-1"))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    status = int(answer.split(b" ", 2)[1])
    assert status in {200, 301, 303, 308, 400, 404}
    assert b"import annotations" not in answer
    assert b"root:" not in answer
