"""What the benchmark of the pages measures: every kind of page, over graphs of both sizes."""

from collections import Counter

import pytest

from benchmarks import pages
from benchmarks.generate import Size
from kg import names
from server.app import create_app
from server.settings import read_settings


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    root = tmp_path_factory.mktemp("large")
    pages.publish_large(Size(cities=3), root)
    return root


@pytest.fixture(scope="module")
def app(large):
    app = create_app(read_settings([f"--snapshots={large}", "--access-log=off"], {}))
    yield app
    app.close()


def test_every_kind_of_thing_and_every_other_kind_of_page_is_measured(app):
    kinds = {kind.name: kind for kind in pages.kinds(app.catalog, 30)}
    assert set(names.THINGS) - {"query"} <= set(kinds)  # an example is shown where it is run
    assert {"front page", "a question answered", "search", "series", "coverage", "quality"} <= set(kinds)
    for kind in kinds.values():
        assert 0 < len(kind.measured) <= 30
        assert max(Counter(kind.measured).values()) == 1


def test_where_there_are_many_the_measured_are_not_those_of_the_warming_up(app):
    quotes = next(kind for kind in pages.kinds(app.catalog, 30) if kind.name == "quote")
    assert quotes.warm
    assert not set(quotes.warm) & set(quotes.measured)


def test_a_visit_tells_its_time_its_weight_and_its_queries(app):
    found = pages.visit(app, "/industry/finance")
    assert found.seconds > 0  # by another clock than that of the work, so neither bounds the other
    assert found.work > 0
    assert found.weight > 2_000
    assert 0 < found.queries < 10


def test_a_page_that_fails_is_not_measured(app):
    with pytest.raises(SystemExit, match="/queries/one-measure"):
        pages.visit(app, "/queries/one-measure?metric=none")


def test_what_misses_an_aim_says_so(capsys):
    row = pages.Row("city", 9, median=5, late=21, work=4, first=90, weight=151, queries=3)
    pages.show("The real graph", [row])
    assert (
        "| city | 9 | 5.0 ms | 21.0 ms | 4.0 ms | 90 ms | 151 KB | 3 | 20 ms, 150 KB |"
        in capsys.readouterr().out
    )
