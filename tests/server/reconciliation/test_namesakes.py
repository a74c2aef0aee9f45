"""Cities that share a name, or nearly so: the country tells them apart, and a label goes first."""

import json

import pyoxigraph as ox
import pytest

from kg import folding, names, search, snapshot
from server.app import create_app
from tests.server.conftest import settings_for

CALLED = (
    ("country:here", "Here", "", ""),
    ("country:there", "There", "", ""),
    ("city:hanting", "Hanting", "", "country:here"),
    ("city:cixi", "Cixi", "Hanting", "country:here"),
    ("city:turpan", "Turpan", "", "country:here"),
    ("city:danang", "Da Nang", "Turan", "country:there"),
    ("city:alexandria", "Alexandria", "", "country:here"),
    ("city:alexandria-2", "Alexandria City", "", "country:there"),
)
"""Places, with a name, another one and the country."""


def block(thing, name, other, country):
    kind = "City" if country else "Country"
    also = f'; skos:altLabel "{other}"@en' if other else ""
    lying = f"; cekg:inCountry {country}" if country else ""
    return f'{thing} a cekg:{kind} ; rdfs:label "{name}"@en ; skos:prefLabel "{name}"@en {also} {lying} .'


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.PREFIXES.items())
    graph = f"{prefixes} graph:base {{ {' '.join(block(*each) for each in CALLED)} }}"
    quads = ox.parse(graph, format=ox.RdfFormat.TRIG)
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)
    nquads, root = b"".join(sorted(lines)), tmp_path_factory.mktemp("namesakes")
    snapshot.publish(root, nquads=nquads, files={folding.FILE: search.index(nquads)}, about={})
    app = create_app(settings_for(root, workers=1))

    def candidates(name, country=""):
        query = {"query": name, "type": "City"}
        if country:
            query["properties"] = [{"pid": "country", "v": country}]
        answer = app.test_client().post("/reconcile", data={"queries": json.dumps({"q": query})})
        return [(each["id"], each["match"]) for each in answer.json["q"]["result"]]

    yield candidates
    app.close()


@pytest.mark.parametrize("name", ["Hanting", "Hatning", "Hantin", "Hanting City"])
def test_what_is_called_so_goes_before_what_is_also_called_so_and_a_person_looks(ask, name):
    assert ask(name)[:2] == [("city/hanting", False), ("city/cixi", False)]


@pytest.mark.parametrize(
    ("name", "country", "first"),
    [
        ("Turan", "Here", ("city/turpan", True)),
        ("Turan", "There", ("city/danang", True)),
        ("Turan", "", ("city/danang", True)),
        ("Alexandria City", "Here", ("city/alexandria", True)),
        ("Alexandria City", "There", ("city/alexandria-2", True)),
    ],
)
def test_the_right_name_of_a_city_elsewhere_may_be_a_slip_here(ask, name, country, first):
    assert ask(name, country)[0] == first


def test_a_name_that_fits_is_not_looked_for_with_slips(ask):
    assert ask("Turpan", "Here") == [("city/turpan", True)]
