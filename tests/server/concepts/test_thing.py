"""The page of anything: counts of data sets and graphs, values with a limit, what points to it."""

import pytest

from kg import names
from server.pages import thing
from server.pages.language import ENGLISH, choose


def page(app, iri):
    return thing.page(app.catalog, iri, ENGLISH, choose("zh"))


def test_a_graph_says_how_much_is_in_it(app, built):
    counts = {each.name.text: each.number for each in page(app, names.graph("base")).counts}
    in_file = (built.folder / "data.nq").read_text(encoding="utf-8").count(f"<{names.graph('base')}> .\n")
    assert counts["statements"] == f"{in_file:,}"
    assert counts.keys() == {"statements", "classes", "properties", "subjects", "values"}


def test_the_data_set_shows_its_most_used_classes_and_properties(app):
    found = page(app, names.DATASET)
    assert [each.title for each in found.partitions] == [
        "Things of each class",
        "Statements with each property",
    ]
    for partition in found.partitions:
        numbers = [int(each.number.replace(",", "")) for each in partition.counts]
        assert numbers == sorted(numbers, reverse=True)
        assert (len(numbers), partition.rest > 0) == (20, True)
    assert found.heading.definition.text.startswith("What sources say about the economies of cities")
    assert [each.text for each in found.heading.kinds] == ["dataset"]
    assert app.test_client().get(found.all_partitions).status_code == 200


def test_many_values_of_a_property_are_cut_and_the_rest_is_a_question(app):
    found = {each.name.text: each for each in page(app, names.DATASET).properties}
    assert len(found["declare"].values) == 20
    answer = app.test_client().get(f"{found['declare'].more}&format=csv")
    assert len(answer.text.splitlines()) == 1 + len(names.PREFIXES)
    assert found["subset"].more is None


def test_what_a_thing_says_of_itself_is_left_out(app):
    found = page(app, names.graph("base"))
    assert {each.name.text for each in found.properties} == {"is part of"}
    assert {each.name.text for each in found.incoming} == {"subset"}


def test_what_points_to_it_is_by_property_and_has_a_limit(crowded_app, app):
    incoming = {each.name.text: each.values for each in page(app, names.graph("base")).incoming}
    assert [each.text for each in incoming["subset"]] == ["City Economy Knowledge Graph"]
    assert page(app, names.graph("base")).more_incoming is None
    found = page(crowded_app, names.unit("CCY_CNY"))
    assert sum(len(each.values) for each in found.incoming) == 61
    many = page(crowded_app, names.term("City"))
    assert (sum(len(each.values) for each in many.incoming), many.more_incoming) == (60, None)
    most = page(crowded_app, names.term("Place"))
    assert sum(len(each.values) for each in most.incoming) == 61


@pytest.mark.parametrize("address", ["/graph/meta", "/dataset/build", "/dataset/class-cekg-city"])
def test_nothing_is_without_a_page(client, address):
    for language in ("en", "zh-Hans"):
        answer = client.get(f"{address}.html?lang={language}")
        assert (answer.status_code, answer.headers["Content-Language"]) == (200, language)
