"""curl: every way of sending, every format, and what it shows of the fields."""

import json

import pytest

from server.formats import FORMATS
from tests.clients.answers import of_csv, of_json, of_text, written

TABLES = [form for form in FORMATS if "bindings" in form.kinds]
GRAPHS = [form for form in FORMATS if "graph" in form.kinds]
DIRECT = "Content-Type: application/sparql-query"


def accepting(media_type):
    return "--header", f"Accept: {media_type}"


def read_table(text, form):
    return of_csv(text) if form.suffix == "csv" else of_text(text, form.suffix)


def ways(query):
    return {
        "get": ["--get", "--data-urlencode", f"query={query}"],
        "form": ["--data-urlencode", f"query={query}"],
        "direct": ["--header", DIRECT, "--data-binary", query],
        "query": ["--request", "QUERY", "--header", DIRECT, "--data-binary", query],
        "http 1.0": ["--http1.0", "--data-urlencode", f"query={query}"],
    }


@pytest.mark.parametrize("way", ["get", "form", "direct", "query", "http 1.0"])
@pytest.mark.parametrize("name", ["figures", "yes", "no"])
def test_curl_gets_json_without_asking_for_it(curl, endpoint, question, way, name):
    asked = question(name)
    assert of_json(json.loads(curl(*ways(asked.text)[way], endpoint))) == asked.answer


@pytest.mark.parametrize("name", ["names", "harbin"])
def test_curl_gets_turtle_without_asking_for_it(curl, endpoint, question, name):
    asked = question(name)
    assert of_text(curl(*ways(asked.text)["form"], endpoint), "ttl") == asked.answer


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.name)
def test_curl_gets_a_table_in_each_format(curl, endpoint, figures, form):
    answer = written(figures.answer) if form.suffix == "csv" else figures.answer
    by_field = curl(*accepting(form.media_type), *ways(figures.text)["get"], endpoint)
    by_parameter = curl(
        *ways(figures.text)["get"], "--data-urlencode", f"format={form.parameters[0]}", endpoint
    )
    assert read_table(by_field, form) == answer
    assert read_table(by_parameter, form) == answer


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser
@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.name)
@pytest.mark.parametrize("name", ["names", "harbin"])
def test_curl_gets_a_graph_in_each_format(curl, endpoint, question, name, form):
    asked = question(name)
    by_field = curl(*accepting(form.media_type), *ways(asked.text)["get"], endpoint)
    by_parameter = curl(
        *ways(asked.text)["get"], "--data-urlencode", f"format={form.parameters[0]}", endpoint
    )
    assert of_text(by_field, form.suffix) == asked.answer
    assert of_text(by_parameter, form.suffix) == asked.answer


def test_curl_head_shows_what_get_would_bring(curl, endpoint, figures):
    def described(answer):
        head, _, _ = answer.decode().partition("\r\n\r\n")
        fields = [line.lower().split(": ", 1) for line in head.splitlines()[1:]]
        return {name: value for name, value in fields if name in _OF_ANSWERS or name.startswith("content-")}

    asked = [*accepting("text/csv"), *ways(figures.text)["get"], endpoint]
    head, got = curl("--head", *asked), curl("--include", *asked)
    assert described(head) == described(got)
    assert described(head)["content-type"] == "text/csv; charset=utf-8"
    assert int(described(head)["content-length"]) == len(got.partition(b"\r\n\r\n")[2])
    assert head.endswith(b"\r\n\r\n")


_OF_ANSWERS = {"cache-control", "etag", "vary"}


def test_curl_gets_it_compressed_only_when_it_asks(curl, endpoint, figures):
    asked = [*ways(figures.text)["get"], endpoint]
    assert b"\r\nContent-Encoding:" not in curl("--include", *asked)
    assert b"\r\nContent-Encoding: gzip\r\n" in curl("--include", "--compressed", *asked)
    assert of_json(json.loads(curl("--compressed", *asked))) == figures.answer


def test_curl_gets_an_answer_that_it_has_not_a_second_time(curl, endpoint, figures, tmp_path):
    tag = tmp_path / "tag"
    asked = [*ways(figures.text)["get"], endpoint]
    assert of_json(json.loads(curl("--etag-save", str(tag), *asked))) == figures.answer
    assert curl("--etag-compare", str(tag), "--write-out", "%{http_code}", *asked) == b"304"


def test_curl_fails_with_the_explanation(curl, endpoint):
    problem = json.loads(curl(*ways("SELECT * { ?s ?p }")["form"], endpoint, code=22))
    assert problem["status"] == 400
    assert problem["line"] == 1


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser
@pytest.mark.parametrize(
    ("media_type", "suffix"), [("text/turtle", "ttl"), ("application/ld+json", "jsonld")]
)
def test_curl_follows_a_thing_to_what_the_endpoint_describes(curl, address, question, media_type, suffix):
    found = curl("--location", *accepting(media_type), f"{address}/city/harbin")
    assert question("harbin").answer <= of_text(found, suffix)
