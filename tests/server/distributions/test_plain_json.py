"""JSON-LD from the endpoint, of things and of descriptions reads as plain JSON, and says what Turtle says."""

import json

import pyoxigraph as ox
import pytest

FIGURE = "obs:harbin-green-agriculture-output-value-2020-growth-9-3-percent"
QUERIES = {
    "construct": f"CONSTRUCT WHERE {{ {FIGURE} ?p ?o }}",
    "describe": "DESCRIBE city:harbin",
    "foreign": "CONSTRUCT { <city:x> rdfs:label 'a' , 1 , true , 1.5e0 , 'b'@en ; <urn:p> [] } WHERE {}",
    "large": "CONSTRUCT WHERE { ?s ?p ?o }",
    "empty": "CONSTRUCT WHERE { city:harbin cekg:year ?o }",
}


def asked(client, query, media_type):
    answer = client.get(
        "/sparql", query_string={"query": query}, headers={"Accept": media_type}, buffered=True
    )
    assert (answer.status_code, answer.mimetype) == (200, media_type), answer.text
    return answer.data


def named(quads):
    """The statements, with all blank nodes as one: the engine names them anew each time."""
    return {(str(quad.subject), quad.predicate, str(quad.object).partition("_:")[0]) for quad in quads}


@pytest.mark.parametrize("name", QUERIES)
def test_the_endpoint_says_the_same_in_json_ld_as_in_turtle(client, name):
    query = QUERIES[name]
    plain = ox.parse(asked(client, query, "text/turtle"), format=ox.RdfFormat.TURTLE)
    found = ox.parse(asked(client, query, "application/ld+json"), format=ox.RdfFormat.JSON_LD)
    assert named(found) == named(plain)


def test_the_endpoint_s_json_ld_reads_like_json(client):
    (figure,) = json.loads(asked(client, QUERIES["construct"], "application/ld+json"))["@graph"]
    assert (figure["id"], figure["value"], figure["year"]) == (FIGURE, "9.3", 2020)
    assert (figure["ofCity"], figure["unit"], figure["comparator"]) == ("city:harbin", "PERCENT", "Exact")


def test_what_json_ld_cannot_write_is_refused_and_the_endpoint_says_what_can(client):
    query = "CONSTRUCT { city:harbin rdfs:seeAlso <<( city:harbin rdfs:label 'x' )>> } WHERE {}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/ld+json"})
    assert answer.status_code == 400
    assert "Ask for Turtle" in answer.json["detail"]


def test_a_thing_and_a_description_read_like_json(client):
    city = client.get("/city/harbin.jsonld").json["@graph"]
    assert next(each for each in city if each["id"] == "city:harbin")["label"]["en"] == "Harbin"
    about = client.get("/.well-known/void", headers={"Accept": "application/ld+json"}).json
    assert all(each["id"] for each in about["@graph"])
