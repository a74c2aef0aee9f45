"""Reading requests: the SPARQL 1.1 Protocol as a table (2.1), without a server."""

from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from hypothesis import example, given, strategies

from server.errors import BadRequest, Forbidden, UnsupportedMedia
from server.sparql.protocol import Dataset, Query, read_query, unquoted

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
G, H = "http://example.org/g", "http://example.org/h"


@pytest.mark.parametrize(
    ("method", "parameters", "content_type", "body", "expected"),
    [
        ("GET", b"query=ASK%20%7B%7D", None, b"", Query("ASK {}")),
        ("GET", b"query=ASK+%7B%7D", None, b"", Query("ASK {}")),
        ("GET", b"query=ASK%2520", None, b"", Query("ASK%20")),
        ("GET", b"query=ASK%7B%7D%23%E5%93%88", None, b"", Query("ASK{}#哈")),
        ("HEAD", b"query=ASK%7B%7D", None, b"", Query("ASK{}")),
        ("GET", b"query=ASK%7B%7D&unknown=1&unknown=2", None, b"", Query("ASK{}")),
        ("GET", b"query=ASK%7B%7D", DIRECT, b"ignored", Query("ASK{}")),
        (
            "GET",
            b"query=ASK{}&format=json&output=json&results=json&format=json",
            None,
            b"",
            Query("ASK{}", None, ("json", "json", "json")),
        ),
        ("POST", b"", FORM, b"query=ASK+%7B%7D", Query("ASK {}")),
        (
            "POST",
            b"",
            "Application/X-WWW-Form-URLencoded; charset=UTF-8",
            b"query=ASK{}",
            Query("ASK{}"),
        ),
        ("POST", b"", DIRECT, "ASK{}#哈".encode(), Query("ASK{}#哈")),
        ("POST", b"", 'application/SPARQL-query; charset="utf-8"', b"ASK{}", Query("ASK{}")),
        ("POST", b"", DIRECT, b"ASK{}+%20", Query("ASK{}+%20")),
        ("QUERY", b"", DIRECT, b"ASK{}", Query("ASK{}")),
        (
            "GET",
            b"query=ASK{}&default-graph-uri=" + G.encode(),
            None,
            b"",
            Query("ASK{}", Dataset((G,), ())),
        ),
        (
            "POST",
            b"default-graph-uri=http://example.org/g&default-graph-uri=http://example.org/h",
            FORM,
            b"query=ASK{}",
            Query("ASK{}", Dataset((G, H), ())),
        ),
        (
            "POST",
            b"named-graph-uri=http%3A%2F%2Fexample.org%2Fg",
            DIRECT,
            b"ASK FROM <http://x/> {}",
            Query("ASK FROM <http://x/> {}", Dataset((), (G,))),
        ),
        (
            "GET",
            b"query=ASK FROM <http://x/> {}",
            None,
            b"",
            Query("ASK FROM <http://x/> {}"),
        ),
        ("GET", b"", None, b"", None),
        ("GET", b"lang=en", None, b"", None),
        ("HEAD", b"", None, b"", None),
    ],
)
def test_what_a_request_asks(method, parameters, content_type, body, expected):
    assert read_query(method, parameters, content_type, body) == expected


@pytest.mark.parametrize(
    ("method", "parameters", "content_type", "body", "fault", "said"),
    [
        ("GET", b"query=", None, b"", BadRequest, "empty"),
        ("GET", b"query=%20%0A", None, b"", BadRequest, "empty"),
        ("GET", b"query=ASK{}&query=ASK{}", None, b"", BadRequest, "2 queries"),
        ("GET", b"default-graph-uri=http://example.org/g", None, b"", BadRequest, "no query"),
        ("GET", b"format=json", None, b"", BadRequest, "no query"),
        ("GET", b"query=ASK%FF", None, b"", BadRequest, "not UTF-8"),
        ("GET", b"query=ASK\xff", None, b"", BadRequest, "not UTF-8"),
        ("GET", b"query=ASK{}&update=CLEAR+ALL", None, b"", BadRequest, "a query and an update"),
        ("GET", b"update=CLEAR+ALL", None, b"", Forbidden, "Nobody can change"),
        ("POST", b"", FORM, b"update=CLEAR+ALL", Forbidden, "Nobody can change"),
        ("POST", b"", "application/sparql-update", b"CLEAR ALL", Forbidden, "Nobody can change"),
        (
            "POST",
            b"query=ASK{}",
            "application/sparql-update",
            b"CLEAR ALL",
            BadRequest,
            "a query and an update",
        ),
        ("POST", b"", None, b"query=ASK{}", BadRequest, "no Content-Type"),
        ("POST", b"", "", b"ASK{}", BadRequest, "no Content-Type"),
        ("POST", b"", "text/plain", b"ASK{}", UnsupportedMedia, "text/plain"),
        ("POST", b"", "application/json", b'{"query": "ASK{}"}', UnsupportedMedia, "application/json"),
        ("POST", b"", "multipart/form-data; boundary=x", b"", UnsupportedMedia, "multipart"),
        ("POST", b"", DIRECT + "; charset=iso-8859-1", b"ASK{}", BadRequest, "send it in UTF-8"),
        ("POST", b"", DIRECT, b"ASK{} # \xff", BadRequest, "not UTF-8"),
        ("POST", b"", DIRECT, "ASK{}".encode("utf-16"), BadRequest, "not UTF-8"),
        ("POST", b"", DIRECT, b"", BadRequest, "empty"),
        ("POST", b"", FORM, b"", BadRequest, "no query"),
        ("POST", b"query=ASK{}", FORM, b"query=ASK{}", BadRequest, "both in the address and in the body"),
        ("POST", b"query=ASK{}", DIRECT, b"ASK{}", BadRequest, "both in the address and in the body"),
        ("QUERY", b"", "text/plain", b"ASK{}", UnsupportedMedia, "text/plain"),
        ("GET", b"query=ASK{}&default-graph-uri=g", None, b"", BadRequest, "not an absolute IRI"),
        ("GET", b"query=ASK{}&named-graph-uri=", None, b"", BadRequest, "not an absolute IRI"),
        ("GET", b"query=ASK{}&named-graph-uri=http://a b/", None, b"", BadRequest, "not an absolute IRI"),
        ("GET", b"query=ASK{}&" + b"a=1&" * 1000, None, b"", BadRequest, "more than 1000 parameters"),
    ],
)
def test_what_is_refused_and_why(method, parameters, content_type, body, fault, said):
    with pytest.raises(fault, match=said) as refused:
        read_query(method, parameters, content_type, body)
    assert type(refused.value) is fault


@given(strategies.binary(max_size=60))
@example(bytes(range(256)))
@example(b"=\r\n=3D== \t\r\n._=")
def test_what_is_percent_encoded_is_decoded_as_the_library_does_it(content):
    encoded = quote_from_bytes(content, safe="=+_.~ \r\n\t").encode("latin-1")
    assert unquoted(encoded) == unquote_to_bytes(encoded) == content
