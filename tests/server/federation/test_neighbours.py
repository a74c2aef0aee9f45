"""The endpoints that may be called: how they are written, where they may be, and what they may answer."""

import json
import socket
import time

import pytest

from server import errors
from server.formats import choose_each
from server.sparql import neighbours
from server.sparql.engine import Record
from server.sparql.neighbours import read_neighbours
from server.sparql.protocol import Query
from tests.server.federation.test_federated import ask

QUERY = "SELECT * {{ SERVICE {} <{}> {{ ?q e:pop ?p }} }}"


@pytest.mark.parametrize(
    "text",
    [
        "wikidata",
        "ftp://example.org/",
        "//example.org/sparql",
        "https://user@example.org/sparql",
        "https://user:word@example.org/sparql",
        "https://example.org/sparql#part",
        "https://example.org/a b",
        "https:///sparql",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://哈尔滨.example/",
        "https://[::1/",
        "http://[12::34::56]/",
        "https://example.org/\r\nHost: other",
        "https://example.org\\@127.0.0.1/",
    ],
)
def test_what_is_no_address_of_an_endpoint_is_not_taken(text):
    with pytest.raises(ValueError, match=r"\S"):
        read_neighbours(text)


def test_a_list_has_commas_and_keeps_what_was_written():
    found = read_neighbours(" https://query.wikidata.org/sparql,http://[::1]:8001/a?b=c%20d ,")
    assert [each.iri for each in found] == [
        "https://query.wikidata.org/sparql",
        "http://[::1]:8001/a?b=c%20d",
    ]
    assert [(each.host, each.port, each.target) for each in found] == [
        ("query.wikidata.org", 443, "/sparql"),
        ("::1", 8001, "/a?b=c%20d"),
    ]
    assert read_neighbours("") == ()


TRICKS = [
    "HTTP://{host}/good",
    "http://{host}/good/",
    "http://{host}/./good",
    "http://{host}/goo%64",
    "http://{host}/good?",
    "http://{host}/good#",
    "http://{host}//good",
    "http://{host}@example.org/good",
    "http://user@{host}/good",
    "http://example.org@{host}/good",
    "http://127.0.0.1.:{port}/good",
    "http://localhost:{port}/good",
    "http://LOCALHOST:{port}/good",
    "http://2130706433:{port}/good",
    "http://0x7f000001:{port}/good",
    "http://0177.0.0.1:{port}/good",
    "http://127.1:{port}/good",
    "http://[::ffff:127.0.0.1]:{port}/good",
    "http://[::1]:{port}/good",
    "http://127.0.0.1:0{port}/good",
    "http://127.0.0.1/good",
    "https://{host}/good",
    "good",
    "file:///etc/passwd",
    "urn:x",
]


@pytest.mark.parametrize("address", TRICKS)
@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_what_is_written_in_another_way_is_another_endpoint(pools, rude, asked, address, silent):
    one = _kept(pools, f"{rude}/good")
    host = rude.removeprefix("http://")
    text = QUERY.format(silent, address.format(host=host, port=host.rpartition(":")[2]))
    query = Query(text, base="http://here.example/sparql")
    with pytest.raises(errors.ServiceRefused, match="written exactly so"):
        ask(one, query)
    assert not asked


_POOLS = {}


def _kept(pools, services):
    """Return one pool for all tests that call the same."""
    if services not in _POOLS:
        _POOLS[services] = pools(services)
    return _POOLS[services]


def test_escapes_in_an_address_are_read_before_it_is_looked_up(pools, rude, asked):
    query = QUERY.format("", f"{rude}/good").replace("<http", "<\\u0068ttp")
    with pytest.raises(errors.BadRequest):
        ask(_kept(pools, f"{rude}/good"), query)
    assert not asked


RUDE = {
    "redirect": "redirect (307), which is not followed",
    "html": "answered with text/html, and not with application/sparql-results+json",
    "gzipped": "answered in gzip, which it was not asked for",
    "broken": "no table of results",
    "short": "broke off in the middle",
    "yes": "no table of results",
    "nonsense": "not UTF-8",
    "quoted": "no table of results",
    "huge": "more than 10,000,000 bytes",
    "endless": "more than 10,000,000 bytes",
    "failing": "status 500",
}


@pytest.mark.parametrize("path", RUDE)
def test_what_is_no_answer_is_502_and_silent_goes_on_without_it(pools, rude, path):
    one = _kept(pools, ",".join(f"{rude}/{each}" for each in RUDE))
    with pytest.raises(errors.RemoteFault) as failed:
        ask(one, QUERY.format("", f"{rude}/{path}"))
    assert failed.value.status == 502
    assert RUDE[path] in failed.value.detail
    assert failed.value.members["endpoint"] == f"{rude}/{path}"
    assert "try again later" in failed.value.detail
    found = json.loads(ask(one, QUERY.format("SILENT", f"{rude}/{path}")))
    assert found == {"head": {"vars": ["q", "p"]}, "results": {"bindings": [{}]}}


def test_a_redirect_to_another_address_is_not_followed(pools, rude, asked):
    there = f"{rude}/redirect?{rude}/good"
    with pytest.raises(errors.RemoteFault, match="not followed"):
        ask(pools(there), QUERY.format("", there))
    assert len(asked) == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/A", "http://127.0.0.1:9/a ", "http://127.0.0.1:9/b"])
def test_a_worker_that_asks_for_somebody_else_gets_nothing(address):
    """The list is held where the calls are made, whatever a worker has come to."""
    found = neighbours.call(
        read_neighbours("http://127.0.0.1:9/a"),
        {"endpoint": address, "query": "ASK {}"},
        deadline=time.monotonic() + 5,
        gone=lambda: False,
    )
    assert (found["barred"], "body" in found) == (True, False)


def test_nobody_there_is_502(pools):
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(errors.RemoteFault, match="cannot be reached"):
        ask(pools(place), QUERY.format("", place))


@pytest.mark.parametrize("path", ["silent", "slow"])
def test_an_endpoint_that_takes_too_long_is_504_and_leaves_time_for_the_rest(pools, rude, path):
    record = Record()
    one = pools(f"{rude}/{path}", record, timeout=2)
    ask(one, "ASK {}")  # the first query waits for its worker too
    with pytest.raises(errors.RemoteLate, match="did not answer") as late:
        ask(one, QUERY.format("", f"{rude}/{path}"))
    assert (late.value.status, dict(+record.calls)) == (504, {"late": 1})
    assert json.loads(ask(one, QUERY.format("SILENT", f"{rude}/{path}")))["results"]["bindings"] == [{}]
    assert not +record.kills


def test_a_client_that_leaves_ends_the_call(pools, rude):
    one = pools(f"{rude}/silent")
    ask(one, "ASK {}")
    began = time.monotonic()
    with pytest.raises(errors.Gone):
        one.ask(
            Query(QUERY.format("", f"{rude}/silent")),
            choose_each(None),
            lambda: time.monotonic() - began > 0.2,
        )
    assert time.monotonic() - began < 4


def test_a_call_says_what_it_wants_and_nothing_of_whom_it_is_for(pools, rude, asked):
    ask(_kept(pools, f"{rude}/good"), QUERY.format("", f"{rude}/good"))
    (fields,) = asked
    assert fields["Accept"] == "application/sparql-results+json"
    assert fields["Accept-Encoding"] == "identity"
    assert fields["User-Agent"].startswith("city-economy-kg")
    assert set(fields) == {
        "Accept",
        "Accept-Encoding",
        "Connection",
        "Content-Length",
        "Content-Type",
        "Host",
        "User-Agent",
    }


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "::1",
    "::",
    "fe80::1%lo",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2001:0:1::",
]


PUBLIC = ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", [*PRIVATE, *PUBLIC])
def test_an_address_that_is_not_the_worlds_is_known_however_it_is_written(address):
    assert neighbours.is_public(address) == (address in PUBLIC)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_a_name_that_leads_to_a_private_address_is_not_called(
    pools, rude, monkeypatch, asked, address, silent
):
    """Only the resolver, which is the system's, says something else than it would."""
    port = int(rude.rpartition(":")[2])
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (address, port))]
    monkeypatch.setattr(neighbours.socket, "getaddrinfo", lambda *_, **__: found)
    there = f"http://name.example:{port}/good"
    with pytest.raises(errors.RemoteBarred, match=r"no public address\. Tell who runs this"):
        ask(_kept(pools, there), QUERY.format(silent, there))
    assert not asked


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_called(pools, monkeypatch):
    """A name that leads elsewhere the second time gains nothing by it."""
    asked = []

    def lookup(host, *_, **__):
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1" if len(asked) > 1 else "8.8.8.8", 80))
        ]

    called = []

    def connect(place, **_):
        called.append(place)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(neighbours.socket, "getaddrinfo", lookup)
    monkeypatch.setattr(neighbours.socket, "create_connection", connect)
    there = "http://name.example/sparql"
    with pytest.raises(errors.RemoteFault, match="Connection refused"):
        ask(pools(there), QUERY.format("", there))
    assert (asked, called) == (["name.example"], [("8.8.8.8", 80)])


def test_localhost_means_this_machine(pools, rude, remote):
    there = f"http://localhost:{remote.rpartition(':')[2]}"
    found = json.loads(ask(pools(there), QUERY.format("", there)))["results"]["bindings"]
    assert len(found) == 3
