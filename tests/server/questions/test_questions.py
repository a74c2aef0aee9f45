"""The pages of the questions: titles, charts, the editor's help, and the policy of each page."""

import json

import pytest

from kg import names, resources
from server import content_policy
from server.questions import terms

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DRAWN = [example for example in resources.examples() if example.picture]


def test_the_questions_are_asked_in_the_language_of_the_page(client):
    english, chinese = (client.get(f"/queries?lang={tag}").text for tag in ("en", "zh-Hans"))
    for example in resources.examples():
        assert f'<a href="/queries/{example.slug}">{example.title}</a>' in english
        assert f'<a href="/queries/{example.slug}">{example.in_language("zh-Hans").title}</a>' in chinese


def test_the_columns_of_our_own_questions_are_said_in_the_language_of_the_page(client):
    page = client.get("/queries/shares-of-the-total?lang=zh-Hans").text
    assert "比重（%）</th>" in page
    assert "share percent</th>" not in page


@pytest.mark.parametrize("example", DRAWN, ids=lambda example: example.slug)
def test_a_chart_draws_the_rows_of_the_table_beside_it(client, example):
    page = client.get(f"/queries/{example.slug}")
    assert f'data-spec="/queries/{example.slug}.vl.json?' in page.text
    spec = client.get(f"/queries/{example.slug}.vl.json")
    assert spec.mimetype == "application/vnd.vegalite.v6+json"
    assert page.text.count("<tr>") - 1 == len(json.loads(spec.data)["data"]["values"])


def test_a_question_without_a_chart_has_no_specification(client):
    assert client.get("/queries/sentences.vl.json").status_code == 404
    assert "figure" not in client.get("/queries/policies").text.split("<main")[1]


def test_an_unknown_question_is_404(client):
    for address in ("/queries/nothing", "/queries/nothing.vl.json"):
        assert client.get(address, headers={"Accept": FIREFOX}).status_code == 404


def test_the_editor_is_offered_every_prefix_term_and_question(client):
    offered = client.get("/queries/terms.json").json
    assert offered["prefixes"] == names.PREFIXES
    assert offered["classes"][names.term("City")] == "city"
    assert offered["properties"][names.term("ofCity")] == "of city"
    assert names.RDFS + "label" in offered["properties"]
    assert [each["slug"] for each in offered["examples"]] == [each.slug for each in resources.examples()]
    assert client.get("/queries/terms.json?lang=zh").json["classes"][names.term("City")] == "城市"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_labels_come_all_at_once(client, method):
    harbin, nothing = names.thing("city", "harbin"), "https://example.org/nothing"
    asked = {"query_string" if method == "GET" else "data": {"iri": [harbin, nothing, "<no iri>"]}}
    found = client.open(
        "/queries/labels.json?lang=zh" if method == "POST" else "/queries/labels.json", method=method, **asked
    )
    label = "哈尔滨" if method == "POST" else "Harbin"
    assert found.json == {harbin: {"label": label, "lang": "", "href": "/city/harbin"}}


def test_too_many_labels_are_400(client):
    iris = [f"https://example.org/{number}" for number in range(terms.MOST_LABELS + 1)]
    assert client.post("/queries/labels.json", data={"iri": iris}).status_code == 400


def test_a_draft_is_shown_and_not_run(client):
    page = client.get(
        "/sparql", query_string={"draft": 'ASK { ?s ?p "</textarea>" }'}, headers={"Accept": FIREFOX}
    ).text
    assert 'ASK { ?s ?p "&lt;/textarea&gt;" }</textarea>'.replace('"', "&#34;") in page
    assert "Result" not in page.split("<main")[1].split("<section")[0]


def test_only_the_page_with_the_editor_may_have_style_attributes(client):
    def policy_of(address, accept=FIREFOX):
        (value,) = client.get(address, headers={"Accept": accept}).headers.getlist("Content-Security-Policy")
        return value

    assert policy_of("/sparql") == content_policy.EDITOR
    assert {policy_of(each) for each in ("/", "/queries/growth", "/city/harbin.html", "/no")} == {
        content_policy.PAGE
    }
    assert policy_of("/sparql", "text/turtle") == content_policy.PAGE
    for each in (content_policy.PAGE, content_policy.EDITOR):
        assert "unsafe-eval" not in each
        assert "script-src 'self';" in each
        assert "http" not in each


def test_no_page_of_ours_has_a_script_or_a_style_in_it(client):
    for address in ("/sparql", "/queries/growth", "/queries/one-measure"):
        page = client.get(address, headers={"Accept": FIREFOX}).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick" not in page


def test_an_answer_names_things_in_the_reader_s_language_and_leads_to_them(client):
    english, chinese = (client.get(f"/queries/growth?lang={tag}").text for tag in ("en", "zh-Hans"))
    linked = '<a href="/industry/new-materials" title="https://w3id.org/cekg/industry/new-materials">'
    assert f"{linked}new materials industry</a>" in english
    assert f"{linked}新材料</a>" in chinese
    assert 'title="https://w3id.org/cekg/city/harbin">哈尔滨</a>' in chinese, (
        "though a phrase is labelled so too"
    )
    assert "新材料" in client.get("/queries/growth.vl.json?lang=zh-Hans").text


def test_an_answer_that_has_the_reader_s_language_keeps_the_others(client):
    for tag in ("en", "zh-Hans"):
        row = client.get(f"/queries/chinese-names?lang={tag}").text.split("<tbody>")[1].split("</tr>")[0]
        assert ">Harbin</a>" in row
        assert ">哈尔滨</a>" in row


def test_a_stranger_s_query_is_answered_with_its_own_texts(client):
    text = 'SELECT ?name { city:harbin rdfs:label ?name FILTER (LANG(?name) = "en") }'
    asked = {"query": text, "lang": "zh-Hans"}
    page = client.get("/sparql", query_string=asked, headers={"Accept": FIREFOX}).text
    assert '<td><span lang="en">Harbin</span></td>' in page


@pytest.mark.parametrize(
    ("suffix", "begins"), [("csv", "city,year,industry"), ("json", '{"head":{"vars":["city","year"')]
)
def test_an_answer_has_a_short_address_in_each_format(client, suffix, begins):
    address = f"/queries/growth.{suffix}"
    assert f'href="{address}"' in client.get("/queries/growth").text
    assert client.get(address, follow_redirects=True).text.startswith(begins)


def test_a_short_address_takes_the_values_of_a_form(client):
    page = client.get("/queries/one-measure?metric=metric:revenue").text
    address = "/queries/one-measure.csv?place=city%3Aharbin&amp;metric=metric%3Arevenue"
    assert f'href="{address}"' in page
    answer = client.get(address.replace("&amp;", "&"), follow_redirects=True)
    assert "industry/finance" in answer.text
    assert "industry/green-agriculture" not in answer.text


def test_the_text_of_a_question_is_to_be_had(client):
    answer = client.get("/queries/one-measure.rq?metric=metric:revenue")
    assert answer.mimetype == "application/sparql-query"
    assert "VALUES ?metric { metric:revenue }" in answer.text
