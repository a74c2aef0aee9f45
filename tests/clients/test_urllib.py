"""A program without any library for SPARQL."""

import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.clients.answers import of_json


def requests(endpoint, query):
    form = urlencode({"query": query})
    return {
        "get": f"{endpoint}?{form}",
        "form": Request(endpoint, data=form.encode()),  # urllib itself says that this is a form
        "direct": Request(
            endpoint, data=query.encode(), headers={"Content-Type": "application/sparql-query"}
        ),
    }


@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize("name", ["figures", "yes", "no"])
def test_urllib_gets_json_without_asking_for_it(endpoint, question, way, name):
    asked = question(name)
    with urlopen(requests(endpoint, asked.text)[way], timeout=30) as answer:
        assert answer.headers["Content-Type"] == "application/sparql-results+json"
        assert of_json(json.load(answer)) == asked.answer
