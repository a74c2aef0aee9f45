"""What a reader may choose in a question: only things of the kind, and never as text pasted into a query."""

import pytest

from kg import resources

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ADDRESS = "/queries/one-measure"


def get(client, address=ADDRESS, **parameters):
    return client.get(address, query_string=parameters, headers={"Accept": FIREFOX})


def test_the_form_offers_the_things_of_the_kind_by_their_labels(client):
    page = get(client).text
    assert '<option value="city:harbin" selected>Harbin</option>' in page
    assert '<option value="metric:revenue">revenue</option>' in page
    assert '<option value="metric:output-value" selected>output value</option>' in page
    assert '<label for="of-metric">Metric</label>' in page


def test_the_form_speaks_the_language_of_the_page(client):
    page = get(client, lang="zh-Hans").text
    assert '<option value="city:harbin" selected>哈尔滨</option>' in page
    assert "某项指标历年数值是多少？" in page


@pytest.mark.parametrize("metric", ["metric:revenue", "https://w3id.org/cekg/metric/revenue"])
def test_a_choice_changes_the_answer_and_the_query_shown(client, metric):
    page = get(client, metric=metric).text
    assert '<option value="metric:revenue" selected>' in page
    assert "136260000000" in page
    assert "VALUES ?metric { metric:revenue }" in page
    assert "VALUES ?place { city:harbin }" in page


def test_what_is_left_empty_is_the_default(client):
    answered, usual = get(client, metric="", place=""), get(client)
    assert answered.status_code == 200
    assert answered.text.split("<main")[1] == usual.text.split("<main")[1]


@pytest.mark.parametrize(
    "metric",
    [
        "city:harbin",
        "metric:no-such",
        "revenue",
        "7",
        "metric:revenue } . ?s ?p ?o . VALUES ?z { 1",
        '<script>alert("x")</script>',
        "https://w3id.org/cekg/metric/revenue> <https://x",
        "metric:" + "x" * 10_000,
        "\N{RIGHT-TO-LEFT OVERRIDE}metric:revenue",
    ],
)
def test_what_is_none_of_them_is_400_and_says_why(client, metric):
    answer = get(client, metric=metric)
    assert answer.status_code == 400
    assert "metric" in answer.text
    assert "<script>alert" not in answer.text
    assert len(answer.data) < 10_000


def test_a_value_given_twice_is_400(client):
    answer = client.get(f"{ADDRESS}?metric=metric:revenue&metric=metric:output-value")
    assert answer.status_code == 400
    assert "2 times" in answer.json["detail"]


def test_the_chart_and_the_files_are_of_what_was_chosen(client):
    page = get(client, metric="metric:revenue").text
    assert (
        'data-spec="/queries/one-measure.vl.json?place=city%3Aharbin&amp;metric=metric%3Arevenue&amp;lang=en"'
        in page
    )
    spec = client.get(f"{ADDRESS}.vl.json?metric=metric:revenue").json
    assert {row["name"]: row["value"] for row in spec["data"]["values"]}[
        "characteristic culture and tourism"
    ] == 136.26


def test_every_parameter_of_an_example_changes_its_query():
    for example in resources.examples():
        for parameter in example.parameters:
            changed = example.asking({parameter.name: "city:elsewhere"})
            assert changed != example.query
            assert "{ city:elsewhere }" in changed
        assert example.asking({}) == example.query
