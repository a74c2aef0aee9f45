"""The pages of the questions that call other endpoints: how to run them, and that a visit does not."""

import pytest

from kg import questions, resources
from server.app import create_app
from tests.server.conftest import settings_for

EXAMPLES = resources.federated()
for_each = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.slug)


@for_each
@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_a_page_shows_the_query_and_how_to_run_it_elsewhere(client, example, tag):
    page = client.get(f"/queries/{example.slug}?lang={tag}")
    assert page.status_code == 200
    said = example.in_language(tag)
    assert f"<h1>{said.title}</h1>" in page.text
    assert f"kg query {example.slug}</code>" in page.text
    assert f"http://localhost/dataset/cekg.nq --unionDefaultGraph --file {example.slug}.rq" in page.text
    assert all(f"<code>{each}</code>" in page.text for each in example.calls)
    assert "<textarea" not in page.text
    assert 'role="alert"' not in page.text


def test_a_server_that_may_call_offers_to_run_it_and_a_visit_calls_nobody(snapshots):
    services = ",".join(each for example in EXAMPLES for each in example.calls)
    app = create_app(settings_for(snapshots, workers=1, services=services))
    try:
        for example in EXAMPLES:
            assert "<textarea" in app.test_client().get(f"/queries/{example.slug}").text
        assert app.engine.workforce().workers == 1
        assert not +app.record.calls
    finally:
        app.close()


@for_each
def test_the_list_and_the_map_of_the_site_lead_there(client, example):
    assert f'<a href="/queries/{example.slug}">{example.title}</a>' in client.get("/queries?lang=en").text
    assert f'/queries/{example.slug}?lang=en"' in client.get("/sitemap-1.xml").text


@pytest.mark.parametrize("example", [*EXAMPLES, resources.examples()[0]], ids=lambda example: example.slug)
def test_a_query_can_be_taken_away_with_its_prefixes(client, example):
    answer = client.get(f"/queries/{example.slug}.rq")
    assert answer.mimetype == "application/sparql-query"
    assert answer.text == questions.with_prefixes(example.query)
    assert "PREFIX cekg: <https://w3id.org/cekg/ont#>" in answer.text
    assert client.get("/queries/nothing.rq").status_code == 404


def test_the_graph_offers_only_what_this_endpoint_answers(client):
    text = client.get("/.well-known/sparql-examples", headers={"Accept": "text/turtle"}).text
    assert "SERVICE" not in text
