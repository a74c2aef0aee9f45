"""Candidates from a reconciliation service: our own server is a real one."""

import json
from urllib.parse import parse_qs

import pytest

from kg import names
from kg.linking.asking import AGENT, NotAnswered
from kg.linking.datasets import WIKIDATA, DataSet
from kg.linking.ranking import rank
from kg.linking.service import find
from tests.kg.linking.conftest import says
from tests.server.conftest import serving

OURS = DataSet("cekg-elsewhere", names.BASE)
MANIFEST = says(json.dumps({"identifierSpace": WIKIDATA.space, "name": "A service"}))


@pytest.fixture(scope="module")
def reconcile(snapshots):
    with serving(snapshots, workers=1) as (address, _):
        yield f"{address}/reconcile"


@pytest.mark.parametrize(
    "curie", ["city:harbin", "industry:finance", "metric:data-centers", "policy:4-plus-4-development"]
)
def test_another_installation_knows_our_things(things, reconcile, asker, curie):
    found = find(things[curie], OURS, reconcile, asker)
    best = rank(things[curie], found.candidates, OURS, 5)[0]
    assert best.candidate.iri == things[curie].iri
    assert any(reason.startswith("The service gives it 100 of 100") for reason in best.reasons)
    assert any(reason.startswith("It is of the type ") for reason in best.reasons)


def test_a_service_of_another_data_set_is_refused(things, reconcile, asker):
    with pytest.raises(NotAnswered, match=f"names things of {names.BASE}, and not of wikidata") as fault:
        find(things["city:harbin"], WIKIDATA, reconcile, asker)
    assert f"--data-set prefix={names.BASE}" in str(fault.value)


def answer_for(things, results):
    texts = dict.fromkeys(name.text for name in things["city:harbin"].names)
    return json.dumps({f"q{n}": {"result": results if n == 0 else []} for n in range(len(texts))})


def test_each_name_is_asked_for_and_each_candidate_counts_once(things, stranger, asker):
    results = [
        {
            "id": "Q1",
            "name": "Harbin",
            "score": 10**400,
            "match": True,
            "type": [{"id": "Q515", "name": "city"}],
        },
        {
            "id": "Q2",
            "name": "Harbin Beer",
            "score": 40,
            "match": False,
            "type": "Q3",
            "description": "a beer",
        },
        {"id": "Q1", "name": "Haerbin", "score": 50},
        {"id": "Q4", "name": "Ice City", "score": 90.5},
    ]
    stranger.answers = [MANIFEST, says(answer_for(things, results))]
    found = find(things["city:harbin"], WIKIDATA, stranger.address, asker)
    assert {seen.headers["User-Agent"] for seen in stranger.seen} == {AGENT}
    asked = json.loads(parse_qs(stranger.bodies[0])["queries"][0])
    assert [query["query"] for query in asked.values()] == ["Harbin", "哈尔滨", "Harbin city", "哈尔滨市"]
    ranked = rank(things["city:harbin"], found.candidates, WIKIDATA, 5)
    assert [each.candidate.iri.removeprefix(WIKIDATA.space) for each in ranked] == ["Q1", "Q4"]
    assert [each.predicate for each in ranked] == ["owl:sameAs", "skos:closeMatch"]
    assert ranked[0].reasons == (
        "Its name “Harbin” is our label.",
        "The service gives it 100 of 100 and calls it a match.",
        "It is of the type city.",
    )
    assert (found.of, len(found.candidates)) == (3, 3)


def test_no_more_is_asked_at_once_than_a_service_wants(things, stranger, asker):
    manifest = {"identifierSpace": WIKIDATA.space, "batchSize": 3}
    three, one = ({f"q{n}": {"result": []} for n in range(count)} for count in (3, 1))
    stranger.answers = [says(json.dumps(each)) for each in (manifest, three, one)]
    assert find(things["city:harbin"], WIKIDATA, stranger.address, asker).candidates == ()
    asked = [json.loads(parse_qs(body)["queries"][0]) for body in stranger.bodies]
    assert [[query["query"] for query in each.values()] for each in asked] == [
        ["Harbin", "哈尔滨", "Harbin city"],
        ["哈尔滨市"],
    ]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (["{}"], "there is no identifierSpace"),
        (["[]"], "it is JSON, but not of the form that the API has"),
        (["["], "it is not JSON"),
        (["[" * 100_000], "it is not JSON"),
        (['{"identifierSpace": "x://\\u001b[31m\\n"}'], r"names things of x:// \[31m, and not"),
        ([MANIFEST, "{}"], "not of the form"),
        ([MANIFEST, '{"status": "error"}'], "not of the form"),
        ([MANIFEST, '{"q0": {"result": {}}}'], "there is no result for q0"),
        ([MANIFEST, '{"q0": {"result": [{"name": "Harbin"}]}}'], "has no id, no name, or no number"),
        ([MANIFEST, '{"q0": {"result": [{"id": "Q1", "name": "x", "score": "high"}]}}'], "or no number"),
        ([MANIFEST, '{"q0": {"result": [7]}}'], "not of the form"),
    ],
)
def test_what_is_no_answer_of_a_service_is_one_sentence(things, stranger, asker, answers, message):
    stranger.answers = [says(each) if isinstance(each, str) else each for each in answers]
    with pytest.raises(NotAnswered, match=message) as fault:
        find(things["city:harbin"], WIKIDATA, stranger.address, asker)
    assert "\n" not in str(fault.value)
