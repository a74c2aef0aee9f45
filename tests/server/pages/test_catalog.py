"""The catalogue: what it keeps of a snapshot, and which totals it finds."""

from pathlib import Path

import pytest

from kg import names, snapshot
from server.pages.catalog import Catalog
from server.pages.language import choose

TOO_MUCH = 10**9


def kept(catalog, iri):
    return catalog.once(("labels", iri), lambda: None, weight=lambda _: TOO_MUCH)


def test_a_label_is_looked_up_once_and_a_name_without_any_leaves_nothing_behind(app):
    harbin, nowhere = names.thing("city", "harbin"), names.thing("city", "nowhere")
    assert set(app.catalog.labels([harbin, nowhere])) == {harbin}
    assert {label.text for label in kept(app.catalog, harbin)} >= {"Harbin", "哈尔滨"}
    assert kept(app.catalog, nowhere) is None


@pytest.mark.parametrize(
    ("address", "message"), [("/shape.html", "a part of other rules"), ("/ont.html", "Example:")]
)
def test_what_is_laid_out_once_is_in_the_language_of_each_reader(client, address, message):
    for tag in ("en", "zh-Hans", "en"):
        page, said = client.get(address, query_string={"lang": tag}).text, choose(tag).say(message)
        assert said in page
        assert (message in page) is (said == message)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Totals of two systems, and figures that are none: of an industry, a growth, one without a part."""
    root = tmp_path_factory.mktemp("totals")
    lines = [
        *_system("a"),
        *_system("b"),
        _line("metric/part", "contributesTo", "metric/whole"),
        _line("metric/other-part", "contributesTo", "metric/whole"),
        *_figure("old-large", 2019, 900, "system/a"),
        *_figure("new-small", 2020, 10, "system/a"),
        *_figure("new-large", 2020, 200, "system/b"),
        *_figure("new-middle", 2020, 30, "system/a"),
        *_figure("of-an-industry", 2021, 1, "industry/c"),
        *_figure("no-level", 2021, 1, "system/a", kind="Growth"),
        *_figure("of-no-parts", 2021, 1, "system/a", metric="metric/part"),
    ]
    snapshot.publish(root, nquads="".join(sorted(lines)).encode(), files={}, about={})
    return Catalog(snapshot.open_current(Path(root)))


def test_the_newest_totals_are_those_of_systems_the_largest_of_a_year_first_and_three_at_most(catalog):
    found = [names.local(row.text("total")) for row in catalog.select("totals")]
    assert found == ["new-large", "new-middle", "new-small"]


def _system(slug: str) -> list[str]:
    return [_line(f"system/{slug}", names.RDF + "type", names.term("IndustrySystem"))]


def _figure(slug: str, year: int, value: int, of: str, *, kind: str = "Level", metric: str = "metric/whole"):
    figure = f"obs/{slug}"
    return [
        _line(figure, names.RDF + "type", names.term(kind)),
        _line(figure, "ofIndustry", of),
        _line(figure, "ofMetric", metric),
        _line(figure, "ofCity", "city/x"),
        _line(figure, "unit", names.unit("CCY_CNY")),
        _line(figure, "year", year),
        _line(figure, "value", value),
    ]


def _line(subject: str, predicate: str, value: str | int) -> str:
    predicate = predicate if ":" in predicate else names.term(predicate)
    if isinstance(value, int):
        term = f'"{value}"^^<{names.XSD}integer>'
    else:
        term = f"<{value if ':' in value else names.BASE + value}>"
    return f"<{names.BASE}{subject}> <{predicate}> {term} <{names.graph('base')}> .\n"
