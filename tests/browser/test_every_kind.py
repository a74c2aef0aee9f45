"""A page of every kind in a browser: accessible, drawn, no wider than a phone, and calling nobody else."""

import os
from collections import Counter

import pyoxigraph as ox
import pytest

from kg import names
from tests.browser import looks
from tests.browser.conftest import listen

GROWTH = "harbin-green-agriculture-output-value-2020-growth-9-3-percent"
OTHERS = {
    "front": "/",
    "queries": "/queries",
    "question": "/queries/growth",
    "question with a form": "/queries/one-measure",
    "editor": "/sparql",
    "results": "/sparql?query=SELECT%20*%20%7B%3Fcity%20a%20cekg%3ACity%7D",
    "search": "/search?q=industry",
    "all of a kind": "/search?kind=metric",
    "search without a hit": "/search?q=qqqqqq",
    "all series": "/series/harbin",
    "series": "/series/harbin/output-value/green-agriculture.html",
    "coverage": "/coverage/harbin",
    "quality": "/quality",
    "changes": "/changes",
    "ontology": "/ont.html",
    "shapes": "/shape.html",
    "not found": "/city/harbn.html",
    "bad query": "/sparql?query=SELECT",
}
FAULTS = {"not found": 404, "bad query": 400}
IN_CHINESE = ("front", "question", "search", "series", "coverage", "city", "obs", "source", "not found")
CASES = [
    *((kind, "en") for kind in (*OTHERS, *names.THINGS)),
    *((kind, "zh-Hans") for kind in IN_CHINESE),
]


@pytest.fixture(scope="session")
def things(built):
    """The address of one thing of each kind."""
    store = ox.Store.read_only(str(built.store))
    typed = store.quads_for_pattern(None, ox.NamedNode(names.RDF + "type"), None)
    iris = sorted({quad.subject.value for quad in typed if isinstance(quad.subject, ox.NamedNode)})
    first = {}
    for iri in iris:
        kind, _, slug = iri.removeprefix(names.BASE).partition("/")
        if kind in names.THINGS and slug:
            first.setdefault(kind, f"/{kind}/{slug}.html")
    return {**first, "obs": f"/obs/{GROWTH}.html"}


@pytest.fixture(scope="module", params=CASES, ids=" ".join)
def case(request):
    return request.param


@pytest.fixture(scope="module")
def look(case, things, browser, address, brought):
    """The page, opened once, and what it did that it should not."""
    if not looks.AXE.exists() and not os.environ.get("CI"):
        pytest.skip("make clients")
    kind, language = case
    path = OTHERS.get(kind) or things[kind]
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=language)
    page = context.new_page()
    complaints = []
    listen(page, address, complaints)
    answer = page.goto(address + path)
    yield looks.look(page, answer.status), complaints
    context.close()


def test_no_one_is_kept_out(look):
    assert (look[0].by_day, look[0].by_night) == ((), ())


def test_every_chart_is_drawn_and_nothing_is_wider_than_a_phone(look):
    assert (look[0].undrawn, look[0].too_wide) == (0, ())


def test_it_answers_in_the_language_of_the_browser_and_has_nothing_to_complain_of(look, case):
    kind, language = case
    found, complaints = look
    status = FAULTS.get(kind, 200)
    assert (found.status, found.language) == (status, language)
    expected = Counter() if status == 200 else Counter({str(status): 1})  # the browser logs every fault
    assert Counter(next((code for code in expected if code in each), each) for each in complaints) == expected


def test_there_is_a_page_of_every_kind_of_thing(things):
    assert set(things) == set(names.THINGS)
