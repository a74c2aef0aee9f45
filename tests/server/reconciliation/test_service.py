"""The reconciliation service over the real graph, as clients of both versions ask it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

import server.reconciliation
from server.reconciliation.reading import MOST_ENTITIES, MOST_QUERIES
from server.reconciliation.vocabulary import PROPERTIES, TYPES
from tests.server.safety import check_page

README = (Path(server.reconciliation.__file__).parent / "README.md").read_text(encoding="utf-8")
CHINESE = {"Accept-Language": "zh-CN"}


def ask(client, query, **headers):
    """The candidates for one query of version 0.2."""
    answer = client.post("/reconcile", data={"queries": json.dumps({"q": query})}, **headers)
    assert (answer.status_code, answer.content_type) == (200, "application/json"), answer.text
    return check_candidates(answer.json["q"]["result"])


def match(client, *conditions, **others):
    """The candidates for one query of version 1.0-draft."""
    query = {"conditions": list(conditions), **others}
    answer = client.post("/reconcile/match", json={"queries": [query]})
    assert answer.status_code == 200, answer.text
    (result,) = answer.json["results"]
    return check_candidates(result["candidates"])


def named(text):
    return {"matchType": "name", "propertyValue": text}


def where(property_, value, **others):
    return {"matchType": "property", "propertyId": property_, "propertyValue": value, **others}


def has(member, required, **optional):
    """Hold an object against what the specification says of its members, by type."""
    assert required.items() <= {name: type(value) for name, value in member.items()}.items(), member
    known = required | optional
    assert all(isinstance(value, known[name]) for name, value in member.items()), member


def check_candidates(candidates):
    for each in candidates:
        has(
            each,
            {"id": str, "name": str, "match": bool, "type": list, "features": list},
            score=float | int,
            description=str,
            lang=str,
        )
        assert 0 <= each["score"] <= 100
        for type_ in each["type"]:
            has(type_, {"id": str, "name": str})
        for feature in each["features"]:
            has(feature, {"id": str, "name": str}, value=bool | float | int)
        assert len({feature["id"] for feature in each["features"]}) == len(each["features"])
    scores = [each["score"] for each in candidates]
    assert scores == sorted(scores, reverse=True)
    assert sum(each["match"] for each in candidates) <= 1
    return candidates


def features(candidate):
    return {each["id"]: each["value"] for each in candidate["features"]}


def refused(answer, status, words):
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
    assert words in answer.json["detail"], answer.json["detail"]


# The manifest


def test_the_manifest_has_what_version_0_2_asks_for(client):
    manifest = client.get("/reconcile").json
    assert {"0.2", "1.0-draft"} == set(manifest["versions"])
    assert manifest["identifierSpace"] == "https://w3id.org/cekg/"
    assert manifest["schemaSpace"] == "https://w3id.org/cekg/ont#"
    assert manifest["batchSize"] == MOST_QUERIES
    assert [each["id"] for each in manifest["defaultTypes"]] == list(TYPES)
    for each in manifest["suggest"].values():
        path = urlsplit(each["service_url"] + each["service_path"]).path
        assert client.get(path, query_string={"prefix": ""}).status_code == 200
    proposing = manifest["extend"]["propose_properties"]
    path = urlsplit(proposing["service_url"] + proposing["service_path"]).path
    assert client.get(path, query_string={"type": "City"}).json["properties"]


def test_the_templates_of_the_manifests_lead_to_the_entity_and_its_preview(client):
    old, new = client.get("/reconcile").json, client.get("/reconcile?version=1.0-draft").json
    encoded = quote("city/harbin", safe="")
    for address, status in (
        (old["view"]["url"].replace("{{id}}", encoded), 303),
        (old["preview"]["url"].replace("{{id}}", encoded), 200),
        (new["view"]["url"].replace("{+id}", "city/harbin"), 303),
    ):
        assert client.get(address.removeprefix("http://localhost")).status_code == status, address


def test_the_manifest_of_the_draft_has_what_it_asks_for(client):
    manifest = client.get("/reconcile?version=1.0-draft").json
    assert manifest["suggest"] == {"entity": True, "property": True, "type": True}
    assert manifest["standardizedScore"] is True
    assert not {"identifierSpace", "schemaSpace"} & set(manifest)
    refused(client.get("/reconcile?version=9"), 400, "no version '9'")


def test_any_page_of_others_may_ask(client):
    for answer in (
        client.get("/reconcile"),
        client.post("/reconcile", data={}),
        client.options("/reconcile/match"),
    ):
        assert "*" in answer.headers.get("Access-Control-Allow-Origin", "")


# Matching


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Harbin", "city/harbin"),
        ("HARBIN", "city/harbin"),
        ("哈尔滨", "city/harbin"),
        ("哈尔滨市", "city/harbin"),
        ("haerbin", "city/harbin"),
        ("City of Harbin", "city/harbin"),
        ("Habrin", "city/harbin"),
        ("Q42956", "city/harbin"),
        ("http://www.wikidata.org/entity/Q42956", "city/harbin"),
        ("city/harbin", "city/harbin"),
        ("https://w3id.org/cekg/city/harbin", "city/harbin"),
        ("黑龙江", "region/heilongjiang"),
        ("People's Republic of China", "country/china"),
        ("金融业", "industry/finance"),
        ("financial industry", "industry/finance"),
        ("CHN", "country/china"),
        ("CN-HL", "region/heilongjiang"),
        ("230100", "city/harbin"),
    ],
)
def test_a_name_or_identifier_is_matched_in_both_versions(client, text, id_):
    for found in (ask(client, {"query": text}), match(client, named(text))):
        assert (found[0]["id"], found[0]["match"]) == (id_, True)


@pytest.mark.parametrize("text", ["哈爾濱", "finance industry", "Harbin four", "Hrbaen"])
def test_what_only_comes_near_is_no_match(client, text):
    assert not any(each["match"] for each in ask(client, {"query": text}))


@pytest.mark.parametrize(
    "text", ["Atlantis", "' OR 1=1 --", '"*" NEAR(', "\ud800", "\0", "🏙" * 500, "x" * 50_000]
)
def test_strange_texts_find_nothing(client, text):
    assert ask(client, {"query": text}) == []


def test_a_type_is_a_filter_and_a_feature(client):
    assert {each["type"][0]["id"] for each in ask(client, {"query": "Harbin", "limit": 9})} > {"City"}
    (found,) = ask(client, {"query": "Harbin", "type": "City"})
    assert features(found)["type_match"] is True
    assert ask(client, {"query": "Harbin", "type": ["Country", "Region"]}) == []
    assert ask(client, {"query": "city/harbin", "type": "Region"}) == []
    assert [each["id"] for each in match(client, named("Harbin"), type="Place")] == ["city/harbin"]


def test_properties_raise_the_score_and_take_away_the_match(client):
    def held(value):
        (found,) = ask(
            client, {"query": "Harbin", "type": "City", "properties": [{"pid": "within", "v": value}]}
        )
        return found["score"], found["match"], features(found)["property_match:within"]

    for fitting in ("Heilongjiang", "黑龙江省", "China", {"id": "country/china"}, ["Norway", "中国"]):
        assert held(fitting) == (100, True, True)
    assert held("Norway") == (75, False, False)


def test_a_condition_may_be_required_or_forbidden(client):
    def found(*conditions):
        return [each["id"] for each in match(client, named("Harbin"), *conditions, type="City")]

    assert found(where("country", "China", required=True)) == ["city/harbin"]
    assert found(where("country", "Norway", required=True)) == []
    assert found(where("within", ["China", "Norway"], required=True, matchQuantifier="all")) == []
    assert found(where("within", ["Norway"], required=True, matchQuantifier="none")) == ["city/harbin"]


def test_an_identifier_elsewhere_is_enough_by_itself(client):
    for found in (
        ask(client, {"properties": [{"pid": "sameAs", "v": "Q42956"}]}),
        match(client, where("sameAs", "http://www.wikidata.org/entity/Q42956")),
        match(client, {"matchType": "id", "propertyValue": "city/harbin"}),
    ):
        assert [(each["id"], each["match"]) for each in found] == [("city/harbin", True)]


def test_no_more_candidates_come_than_are_wanted(client):
    assert len(ask(client, {"query": "Harbin", "limit": 1})) == 1
    assert len(ask(client, {"query": "Harbin", "limit": 10**9})) <= 50


def test_answers_are_in_the_language_of_the_reader(client):
    (found,) = ask(client, {"query": "Harbin", "type": "City"}, headers=CHINESE)
    assert (found["name"], found["type"][0]["name"]) == ("哈尔滨", "城市")
    assert client.get("/reconcile?lang=zh-Hans").headers["Content-Language"] == "zh-Hans"
    assert "Accept-Language" in client.get("/reconcile").headers["Vary"]


# Suggestions


def test_suggestions_begin_as_was_typed_or_are_what_was_named(client):
    def suggested(what, prefix, **others):
        found = client.get(f"/reconcile/suggest/{what}", query_string={"prefix": prefix, **others}).json[
            "result"
        ]
        assert all({"id", "name"} <= set(each) for each in found)
        return [each["id"] for each in found]

    assert suggested("entity", "harb")[0] == "city/harbin"
    assert suggested("entity", "city/harbin")[0] == "city/harbin"
    assert suggested("entity", "har", type="City") == ["city/harbin"]
    assert suggested("entity", "harbin", limit=1, offset=1) == suggested("entity", "harbin")[1:2]
    assert suggested("entity", "harbin", limit=1, cursor=1) == suggested("entity", "harbin")[1:2]
    assert suggested("entity", "") == []
    assert suggested("type", "城市") == ["City"]
    assert suggested("type", "") == list(TYPES)
    assert suggested("property", "lies") == ["within"]
    assert suggested("property", "partOf") == ["partOf"]
    assert set(suggested("property", "")) == set(PROPERTIES)


# Values for a table


ASKED = {
    "ids": ["city/harbin", "nothing"],
    "properties": [{"id": "within"}, {"id": "sameAs"}, {"id": "altLabel"}],
}


def test_a_table_is_filled_in_both_versions(client):
    old = client.post("/reconcile", data={"extend": json.dumps(ASKED)}).json
    assert [each["id"] for each in old["meta"]] == ["within", "sameAs", "altLabel"]
    assert [each["id"] for each in old["rows"]["city/harbin"]["within"]] == [
        "region/heilongjiang",
        "country/china",
    ]
    assert old["rows"]["city/harbin"]["sameAs"] == [{"str": "http://www.wikidata.org/entity/Q42956"}]
    assert old["rows"]["nothing"] == {"within": [], "sameAs": [], "altLabel": []}
    assert client.get("/reconcile", query_string={"extend": json.dumps(ASKED)}).json == old
    new = client.post("/reconcile/extend", json=ASKED).json
    rows = {row["id"]: {each["id"]: each["values"] for each in row["properties"]} for row in new["rows"]}
    assert (new["meta"], rows) == (old["meta"], old["rows"])


def test_numbers_and_days_are_no_texts(client):
    asked = {
        "ids": ["city/harbin", "source/e-my399-2021-03-30"],
        "properties": [{"id": each} for each in ("latitude", "longitude", "code", "country", "date")],
    }
    rows = client.post("/reconcile", data={"extend": json.dumps(asked)}).json["rows"]
    assert rows["city/harbin"] == {
        "latitude": [{"float": 45.75}],
        "longitude": [{"float": 126.65}],
        "code": [{"str": "230100"}],
        "country": [{"id": "country/china", "name": "China"}],
        "date": [],
    }
    assert rows["source/e-my399-2021-03-30"]["date"] == [{"date": "2021-03-30"}]


def test_every_answer_has_the_members_that_the_specification_asks_for(client):
    """In the words of the schemas of both versions: what is required, and of which type each member is."""
    thing, address = {"id": str, "name": str}, {"url": str}
    old, new = client.get("/reconcile").json, client.get("/reconcile?version=1.0-draft").json
    for manifest, required in (
        (old, {"versions": list, "name": str, "identifierSpace": str, "schemaSpace": str}),
        (new, {"versions": list, "name": str, "lang": str}),
    ):
        about = {"logo": str, "defaultTypes": list, "batchSize": int, "standardizedScore": bool}
        parts = dict.fromkeys(("view", "suggest", "preview", "extend"), dict)
        has(manifest, {**required, **about, **parts})
        has(manifest["view"], address)
        for each in manifest["defaultTypes"]:
            has(each, thing)
    has(old["preview"], {**address, "width": int, "height": int})
    has(new["preview"], {"width": int, "height": int})
    for each in (*old["suggest"].values(), old["extend"]["propose_properties"]):
        has(each, {"service_url": str, "service_path": str})
    for what, more in (("entity", {"notable": list}), ("type", {"broader": list}), ("property", {})):
        prefix = "har" if what == "entity" else ""  # all types and properties for nothing, but no entity
        answer = client.get(f"/reconcile/suggest/{what}", query_string={"prefix": prefix}).json
        has(answer, {"result": list})
        assert answer["result"]
        for each in answer["result"]:
            has(each, thing, description=str, lang=str, **more)
            for other in (*each.get("notable", ()), *each.get("broader", ())):
                has(other, thing)
    proposal = client.get("/reconcile/extend/propose?type=City&limit=3").json
    has(proposal, {"properties": list, "type": str, "limit": int})
    for each in proposal["properties"]:
        has(each, thing)


def test_properties_are_proposed_for_a_type(client):
    def proposed(**asked):
        return [
            each["id"]
            for each in client.get("/reconcile/extend/propose", query_string=asked).json["properties"]
        ]

    assert {"within", "capitalOf", "sameAs"} <= set(proposed(type="City"))
    assert "partOf" in proposed(type="Industry")
    assert "within" not in proposed(type="Industry")
    assert len(proposed(type="City", limit=2)) == 2
    assert proposed() == list(PROPERTIES)


# The preview


def test_a_preview_may_be_framed_by_anybody_and_runs_nothing(client):
    for headers, title in (({}, "Harbin"), (CHINESE, "哈尔滨")):
        answer = client.get("/reconcile/preview?id=city/harbin", headers=headers)
        check_page(answer.text)
        assert f">{title}</a>" in answer.text
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "script-src 'none'" in policy
    assert "frame-ancestors 'none'" in client.get("/city/harbin.html").headers["Content-Security-Policy"]


@pytest.mark.parametrize("id_", ["", "city/atlantis", "obs/x", "../etc/passwd", "city/<script>", "x" * 9999])
def test_a_preview_of_nothing_is_404(client, id_):
    refused(client.get("/reconcile/preview", query_string={"id": id_}), 404, "There is no entity")


# Empty cells


@pytest.mark.parametrize("blank", ["", " ", "\t\u3000"])
def test_an_empty_cell_has_no_candidates_and_the_others_have_theirs(client, blank):
    queries = {"q0": {"query": "Harbin", "type": "City"}, "q1": {"query": blank, "type": "City"}}
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200
    assert [each["id"] for each in answer.json["q0"]["result"]] == ["city/harbin"]
    assert answer.json["q1"] == {"result": []}
    content = {"queries": [{"conditions": [named("Harbin")]}, {"conditions": [named(blank)]}]}
    both = client.post("/reconcile/match", json=content).json["results"]
    assert (both[0]["candidates"][0]["id"], both[1]["candidates"]) == ("city/harbin", [])


@pytest.mark.parametrize("blank", ["", " ", [], ["", " "]])
def test_an_empty_value_is_nothing_against_a_candidate(client, blank):
    properties = [{"pid": "country", "v": blank}, {"pid": "within", "v": "Heilongjiang"}]
    query = {"query": "Harbin", "type": "City", "properties": properties}
    answer = client.post("/reconcile", data={"queries": json.dumps({"q": query})}).json
    (found,) = answer["q"]["result"]
    assert (found["score"], found["match"]) == (100.0, True)
    conditions = [named("Harbin"), where("country", blank, required=True)]
    content = {"queries": [{"type": "City", "conditions": conditions}]}
    (found,) = client.post("/reconcile/match", json=content).json["results"][0]["candidates"]
    assert (found["score"], found["match"]) == (100.0, True)


# Bad input


MALFORMED = [
    ("{", "not JSON"),
    ("[" * 100_000, "nested too deeply"),
    ("[]", "has to be an object"),
    ("null", "has to be an object"),
    ('{"q": 1}', "has to be an object"),
    ('{"q": {}}', "“query” or “properties”"),
    ('{"q": {"properties": []}}', "“query” or “properties”"),
    ('{"q": {"query": 7}}', "“query” has to be a text"),
    ('{"q": {"query": "x", "type": 7}}', "“type” in a query has to be a list"),
    ('{"q": {"query": "x", "type": [7]}}', "A type has to be a text"),
    ('{"q": {"query": "x", "type": "Dragon"}}', "no type 'Dragon'"),
    ('{"q": {"query": "x", "limit": 0}}', "“limit”"),
    ('{"q": {"query": "x", "limit": true}}', "“limit”"),
    ('{"q": {"query": "x", "limit": 1.5}}', "“limit”"),
    ('{"q": {"query": "x", "limit": NaN}}', "no number"),
    ('{"q": {"query": "x", "limit": 1e999}}', "“limit”"),
    ('{"q": {"query": "x", "type_strict": []}}', "type_strict"),
    ('{"q": {"query": "x", "properties": {}}}', "has to be a list"),
    ('{"q": {"query": "x", "properties": [{"v": 1}]}}', "“pid” has to be a text"),
    ('{"q": {"query": "x", "properties": [{"pid": "colour", "v": 1}]}}', "no property 'colour'"),
    ('{"q": {"query": "x", "properties": [{"pid": "within"}]}}', "“v” is a text"),
    ('{"q": {"query": "x", "properties": [{"pid": "within", "v": {"id": 1}}]}}', "“id” has to be a text"),
    ('{"q": {"query": "x", "properties": [{"pid": "within", "v": [[1]]}]}}', "“v” is a text"),
]


@pytest.mark.parametrize(("text", "words"), MALFORMED)
def test_malformed_queries_of_version_0_2_are_refused(client, text, words):
    refused(client.post("/reconcile", data={"queries": text}), 400, words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "has to be an object"),
        ({}, "“queries” in the batch has to be a list"),
        ({"queries": {}}, "has to be a list"),
        ({"queries": [{}]}, "“conditions” in a query has to be a list"),
        ({"queries": [{"conditions": []}]}, "one condition or more"),
        ({"queries": [{"conditions": [{}]}]}, "“matchType” has to be a text"),
        ({"queries": [{"conditions": [{"matchType": "smell", "propertyValue": "x"}]}]}, "name, id, property"),
        ({"queries": [{"conditions": [named(None)]}]}, "“propertyValue” is a text"),
        ({"queries": [{"conditions": [where("within", "x", matchQuantifier="some")]}]}, "any, all, none"),
        ({"queries": [{"conditions": [where("within", "x", matchQualifier="Near")]}]}, "no match qualifiers"),
        ({"queries": [{"conditions": [where("within", "x", required=1)]}]}, "true or false"),
    ],
)
def test_malformed_queries_of_the_draft_are_refused(client, content, words):
    refused(client.post("/reconcile/match", json=content), 400, words)


def test_more_than_one_may_ask_at_once_is_413(client):
    queries = {str(number): {"query": "x"} for number in range(MOST_QUERIES + 1)}
    refused(client.post("/reconcile", data={"queries": json.dumps(queries)}), 413, "Send them in parts")
    draft = {"queries": [{"conditions": [named("x")]}] * 5000}
    refused(client.post("/reconcile/match", json=draft), 413, "5,000 queries")
    many = {"ids": ["x"] * (MOST_ENTITIES + 1), "properties": []}
    refused(client.post("/reconcile/extend", json=many), 413, "entities")


def test_what_belongs_elsewhere_is_refused(client):
    refused(client.post("/reconcile", json={"queries": []}), 400, "/reconcile/match")
    refused(client.post("/reconcile/match", data="{}", content_type="text/plain"), 415, "application/json")
    refused(client.post("/reconcile/extend", json={"ids": "x", "properties": []}), 400, "“ids”")
    refused(client.get("/reconcile/suggest/entity"), 400, "?prefix=")
    refused(client.get("/reconcile/suggest/entity?prefix=x&limit=-1"), 400, "no whole number from 1")
    refused(client.get("/reconcile/extend/propose?type=Dragon"), 400, "no type")


def test_a_snapshot_without_an_index_says_so(sample_app):
    bare = sample_app.test_client()
    refused(bare.post("/reconcile", data={"queries": '{"q": {"query": "x"}}'}), 503, "no search index")
    assert bare.get("/reconcile").status_code == 200


# The script in the README


def test_the_script_reconciles_a_column_over_http(live, tmp_path):
    (script,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    column, expected = re.findall(r"```csv\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "script.py"
    path.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", path, f"{live}/reconcile"],
        input=column,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == expected


def test_the_readme_names_every_type_and_limit(app):
    assert set(TYPES) <= set(re.findall(r"`(\w+)`", README))
    assert f"Up to {MOST_QUERIES} queries" in README
