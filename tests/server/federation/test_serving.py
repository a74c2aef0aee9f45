"""A server whose queries may call another one: over HTTP, with its pages, its description and its limits."""

import socket
import threading
from urllib.parse import urlencode

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, Namespace

from kg import names
from server import errors
from server.app import create_app
from tests.hostile.cases import NO_SERVICE, OUTSIDE, READ_ONLY, WHOLE
from tests.protocol.wire import serving
from tests.server.conftest import settings_for
from tests.server.gauges import await_gauge

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
FIGURES = "?figure cekg:ofMetric metric:revenue ; cekg:ofIndustry ?industry ; cekg:value ?value"


@pytest.fixture(scope="module")
def server(snapshots, remote, rude, live):
    services = f"{remote},{live}/sparql,{rude}/good,{rude}/silent,{rude}/html"
    with serving(snapshots, services=services, workers=1, timeout=3, wait=1) as server:
        yield server
        assert not server.stumbled()


def calling(address, pattern="?q <http://e/pop> ?p"):
    return f"SELECT * {{ SERVICE <{address}> {{ {pattern} }} }}"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_answer_of_others_has_no_name_and_is_not_kept(server, remote, method):
    for _ in range(2):
        answer = server.ask(calling(remote)) if method == "get" else server.post(calling(remote))
        assert answer.status == 200
        assert len(answer.json()["results"]["bindings"]) == 3
        assert answer.fields["Cache-Control"] == "no-store"
        assert "ETag" not in answer.fields
        assert "Cache-Status" not in answer.fields


def test_our_figures_are_joined_with_those_of_another_server_of_ours(server, live):
    ours, theirs = "?industry a cekg:Industry", f"SERVICE <{live}/sparql> {{ {FIGURES} }}"
    joined = server.ask(f"SELECT ?industry ?value {{ {ours} {theirs} }}", "text/csv").body
    alone = server.ask(f"SELECT ?industry ?value {{ {ours} . {FIGURES} }}", "text/csv").body
    assert sorted(joined.split()) == sorted(alone.split())
    assert len(joined.split()) > 4


def test_who_is_not_allowed_is_400_and_who_fails_is_502_or_504(server, remote, rude):
    refused = server.ask(calling("http://127.0.0.1:9/"))
    assert (refused.status, refused.json()["title"]) == (400, NO_SERVICE)
    assert remote in refused.json()["allowed"]
    failed = server.ask(calling(f"{rude}/html"))
    assert (failed.status, failed.type) == (502, "application/problem+json")
    assert failed.json()["endpoint"] == f"{rude}/html"
    late = server.ask(calling(f"{rude}/silent"))
    assert (late.status, late.json()["title"]) == (504, errors.RemoteLate.title)


def test_others_do_not_wait_for_those_who_call(server, rude):
    """The one worker for such queries is taken, and a second one stands in line; all others go their way."""
    threads = [
        threading.Thread(target=server.ask, args=(calling(f"{rude}/silent", f"?a ?b {number}"),))
        for number in range(2)
    ]
    for thread in threads:
        thread.start()
    await_gauge(server.address, "cekg_workers_busy", 1)
    for number in range(20):
        assert server.ask(f"ASK {{}} # {number}").status == 200
    for thread in threads:
        thread.join()


def test_a_page_shows_the_answer_of_others_and_tells_browsers_not_to_keep_it(server, remote):
    page = server.ask(calling(remote), BROWSER)
    assert page.status == 200
    assert b"http://e/Q3" in page.body
    assert page.fields["Cache-Control"] == "no-store"


def test_calls_are_counted(server, remote, rude):
    server.ask(calling(remote))
    server.ask(calling(f"{rude}/html"))
    metrics = server.send("GET", "/metrics").body.decode()
    counts = dict(
        line.removeprefix("cekg_calls_total").split()
        for line in metrics.splitlines()
        if line.startswith("cekg_calls_total")
    )
    assert float(counts['{outcome="answered"}']) > 0
    assert float(counts['{outcome="failed"}']) > 0
    assert counts['{outcome="barred"}'] == "0"


def test_the_description_and_the_page_say_who_may_be_called(server, remote, rude):
    answer = server.send("GET", "/sparql", fields=[("Accept", "text/turtle")])
    found = Graph().parse(data=answer.body, format="turtle")
    endpoint = URIRef(f"{server.address}/sparql")
    assert set(found.objects(endpoint, SD.feature)) == {SD.UnionDefaultGraph, SD.BasicFederatedQuery}
    assert URIRef(remote) in set(found.objects(endpoint, DCTERMS.relation))
    page = server.send("GET", "/sparql", fields=[("Accept", BROWSER)])
    assert f"<code>{remote}</code>".encode() in page.body


def test_without_a_list_nothing_is_said_of_it(client):
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert "BasicFederatedQuery" not in answer.text
    assert "dcterms:relation" not in answer.text


# With a list that is not empty, what harms no one without it harms no one either.

ENDS = {NO_SERVICE, READ_ONLY, "The query is not valid SPARQL", "The request cannot be understood", WHOLE}


@pytest.mark.parametrize("case", OUTSIDE, ids=lambda case: case.name)
def test_who_is_not_on_the_list_is_never_called(server, trap, case):
    host = f"127.0.0.1:{trap.getsockname()[1]}"

    def filled(text):
        return text.replace("{host}", host).replace("{file}", "/etc/hostname")

    parameters = urlencode([(name, filled(value)) for name, value in case.parameters])
    answer = server.send(
        "POST", f"/sparql?{parameters}", filled(case.query).encode(), [("Content-Type", case.type)]
    )
    end = WHOLE if answer.status == 200 else answer.json()["title"]
    assert end in ENDS
    assert WHOLE in case.ends or end != WHOLE
    with pytest.raises(BlockingIOError):
        trap.accept()


@pytest.fixture(scope="module")
def trap():
    """A socket on this machine that must never be called."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.setblocking(False)
        yield trap


def test_silent_does_not_hide_that_somebody_is_not_allowed(server, remote):
    for pattern in (
        "SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o }",
        "OPTIONAL { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        f"SERVICE SILENT <{remote}> {{ SERVICE SILENT <http://127.0.0.1:9/> {{ ?s ?p ?o }} }}",
    ):
        answer = server.ask(f"SELECT * {{ {pattern} }}")
        assert (answer.status, answer.json()["title"]) == (400, NO_SERVICE)


def test_a_server_without_a_list_has_no_worker_for_calls(snapshots, remote):
    app = create_app(settings_for(snapshots, workers=1))
    listed = create_app(settings_for(snapshots, workers=1, services=remote))
    try:
        assert app.engine.workforce().workers == listed.engine.workforce().workers == 1
        answer = listed.test_client().get("/sparql", query_string={"query": calling(remote)})
        assert answer.status_code == 200
        assert listed.engine.workforce().workers == 2
    finally:
        app.close()
        listed.close()


def test_the_names_of_what_our_queries_use_go_along(server, remote):
    """Prefixes that need no declaration here are declared there."""
    answer = server.ask(calling(remote, f"?s a cekg:City . FILTER (?s != <{names.thing('city', 'x')}>)"))
    assert (answer.status, answer.json()["results"]["bindings"]) == (200, [])
