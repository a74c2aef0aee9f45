"""What is inside an answer: JSON, XML, CSV and TSV as their standards have them."""

import csv
import io
import socket
import xml.etree.ElementTree as ET

import pytest

from tests.protocol.wire import asking

VALUES = """SELECT ?s ?l ?n ?d ?b ?u ?t {
  VALUES (?s ?l ?n ?d ?b ?u ?t) {
    ("a \\"q\\", é\\n哈\\t\\\\" "x"@en-GB 1 2.50 true UNDEF "2020-01-01"^^xsd:date)
    (<http://example.org/a?b=c&d> "<&>"@zh-Hans 1e3 -0.1 false "" "x"^^<http://example.org/type>)
  }
}"""
XSD = "http://www.w3.org/2001/XMLSchema#"
SRX = "{http://www.w3.org/2005/sparql-results#}"


def test_json_keeps_types_and_languages_and_leaves_out_what_is_unbound(live):
    found = live.ask(VALUES).json()
    assert found["head"]["vars"] == list("slndbut")
    first, second = found["results"]["bindings"]
    assert first["s"] == {"type": "literal", "value": 'a "q", é\n哈\t\\'}
    assert (
        first["l"] == {"type": "literal", "value": "x", "xml:lang": "en-gb"}
        or first["l"]["xml:lang"] == "en-GB"
    )
    assert first["n"] == {"type": "literal", "value": "1", "datatype": f"{XSD}integer"}
    assert first["d"]["datatype"] == f"{XSD}decimal"
    assert first["b"] == {"type": "literal", "value": "true", "datatype": f"{XSD}boolean"}
    assert first["t"] == {"type": "literal", "value": "2020-01-01", "datatype": f"{XSD}date"}
    assert "u" not in first
    assert second["s"] == {"type": "uri", "value": "http://example.org/a?b=c&d"}
    assert second["u"] == {"type": "literal", "value": ""}
    assert second["t"]["datatype"] == "http://example.org/type"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?x ?y { VALUES ?x {} }", {"head": {"vars": ["x", "y"]}, "results": {"bindings": []}}),
        ("SELECT ?x {}", {"head": {"vars": ["x"]}, "results": {"bindings": [{}]}}),
        ("SELECT * {}", {"head": {"vars": []}, "results": {"bindings": [{}]}}),
        ("ASK {}", {"head": {}, "boolean": True}),
        ("ASK { FILTER(false) }", {"head": {}, "boolean": False}),
        ("SELECT ?x { ?x a cekg:NoSuchClass }", {"head": {"vars": ["x"]}, "results": {"bindings": []}}),
    ],
)
def test_json_has_a_head_whatever_there_is_to_say(live, query, expected):
    assert live.ask(query).json() == expected


@pytest.mark.parametrize("order", ["s p o", "o p s", "p s o", "z a m"])
@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_variables_stand_in_the_order_that_the_query_says(live, order, accept):
    query = f"SELECT {' '.join(f'?{name}' for name in order.split())} {{ ?s ?p ?o }} LIMIT 1"
    answer = live.ask(query, accept)
    found = (
        answer.json()["head"]["vars"]
        if "json" in accept
        else answer.body.decode().split("\r\n")[0].split(",")
    )
    assert found == order.split()


def test_a_star_gives_the_variables_in_the_order_of_the_text(live):
    query = "SELECT * { ?zone a cekg:City ; rdfs:label ?label . OPTIONAL { ?zone cekg:capitalOf ?area } }"
    assert live.ask(query).json()["head"]["vars"] == ["zone", "label", "area"]


def test_xml_says_the_same_as_json(live):
    root = ET.fromstring(live.ask(VALUES, "application/sparql-results+xml").body)
    assert [each.get("name") for each in root.iter(f"{SRX}variable")] == list("slndbut")
    rows = [{each.get("name"): each[0] for each in result} for result in root.iter(f"{SRX}result")]
    assert rows[0]["s"].text == 'a "q", é\n哈\t\\'
    assert rows[1]["s"].tag == f"{SRX}uri"
    assert rows[1]["l"].text == "<&>"
    assert rows[0]["t"].get("datatype") == f"{XSD}date"
    assert "u" not in rows[0]
    assert (
        ET.fromstring(live.ask("ASK {}", "application/sparql-results+xml").body).findtext(f"{SRX}boolean")
        == "true"
    )


def test_csv_is_as_rfc_4180_has_it(live):
    answer = live.ask('SELECT ("a,\\"b\\"\\nc" AS ?x) (?none AS ?y) (1.50 AS ?z) {}', "text/csv")
    assert answer.body in {b'x,y,z\r\n"a,""b""\nc",,1.50\r\n', b'x,y,z\r\n"a,""b""\nc",,1.5\r\n'}
    assert answer.fields["Content-Type"] == "text/csv; charset=utf-8"
    table = live.ask(VALUES, "text/csv").body.decode()
    assert "\n" not in table.replace("\r\n", "").replace("é\n哈", "")
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert rows[0] == list("slndbut")
    assert {len(row) for row in rows} == {7}
    assert rows[1][0] == 'a "q", é\n哈\t\\'


def test_tsv_is_as_the_w3c_has_it(live):
    head, first, second, end = live.ask(VALUES, "text/tab-separated-values").body.decode().split("\n")
    assert head.split("\t") == [f"?{name}" for name in "slndbut"]
    assert first.split("\t")[0] == r'"a \"q\", é\n哈\t\\"'
    assert first.split("\t")[5] == ""
    assert second.split("\t")[0] == "<http://example.org/a?b=c&d>"
    assert end == ""


def test_a_large_answer_is_whole_in_every_format(live):
    query = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"
    assert len(live.ask(query).json()["results"]["bindings"]) == 60_000
    assert live.ask(query, "text/csv").body.count(b"\r\n") == 60_001
    assert live.ask(query, "text/tab-separated-values").body.count(b"\n") == 60_001
    assert live.ask(query, "application/sparql-results+xml").body.count(b"</result>") == 60_000


def test_an_answer_that_cannot_be_finished_is_not_taken_for_a_whole_one(tight):
    target = asking("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    status, ended = _read_to_the_end(tight, target)
    assert status in {b"200", b"503"}
    assert not (status == b"200" and ended)
    assert tight.lives()


def _read_to_the_end(server, target):
    """Return the status, and whether the last chunk came."""
    with socket.create_connection(server.place, timeout=60) as client:
        client.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
        message, end = client.recv(65_536), b""
        status = message.split(b" ", 2)[1]
        while message:
            end = (end + message)[-16:]
            try:
                message = client.recv(1 << 20)
            except ConnectionResetError:
                message = b""
        return status, end.endswith(b"\r\n0\r\n\r\n")
