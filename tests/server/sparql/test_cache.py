"""Answers that repeat: they are named, kept, compressed once, and asked for once."""

import gzip
import http.client
import json
import threading
import time
import urllib.parse

import pytest

from kg import names
from server.app import create_app
from server.formats import Offer, by_name, choose_each
from server.sparql.cache import Cache, Kept, RememberingEngine
from server.sparql.engine import Limits, Record, WorkerPool
from server.sparql.protocol import Dataset, Query
from tests.server.conftest import settings_for

MANY = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 40"
STREAMED = "SELECT * { ?s ?p ?o } LIMIT 2000"
HUGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e 'nothing' . ?a ?x ?e FILTER(STRLEN(STR(?c)) >= 0) }"
CSV = Offer(by_name("csv"), "text/csv")


def kept(size):
    return Kept("bindings", CSV, b"x" * size)


def test_what_was_asked_for_longest_ago_goes_first():
    cache = Cache(80_000)
    for number in range(8):
        cache.put(str(number), kept(8_000))
    assert cache.get("0")
    cache.put("another", kept(8_000))
    assert cache.get("0")
    assert not cache.get("1")
    assert cache.size <= 80_000


def test_many_small_answers_stay_within_the_budget_too():
    cache = Cache(100_000)
    for number in range(1_000):
        cache.put(str(number), kept(1))
    assert len(cache) <= 100


def test_an_answer_that_is_put_twice_counts_once():
    cache = Cache(80_000)
    for _ in range(100):
        cache.put("same", kept(8_000))
    assert cache.size == 9_000


@pytest.mark.parametrize(("budget", "size"), [(0, 0), (0, 100), (80_000, 20_001)])
def test_what_is_too_large_is_not_kept(budget, size):
    cache = Cache(budget)
    cache.put("it", kept(size)) if budget or size else None
    assert not cache.get("it")


@pytest.fixture
def remembering(built):
    """An engine of two workers before the real store, and what it counts."""
    record = Record()
    pool = WorkerPool(
        built.store, workers=2, limits=Limits(20, 512, 1), prefixes=names.PREFIXES, record=record
    )
    made = RememberingEngine(
        pool, Cache(8_000_000), snapshot=built.id, prefixes=names.PREFIXES, version="1", record=record
    )
    yield made, record
    made.close()


def ask(engine, text, accept="text/csv", **others):
    answer = engine.ask(Query(text, **others), choose_each(accept))
    try:
        return b"".join(answer)
    finally:
        answer.close()


@pytest.mark.parametrize("text", [MANY, STREAMED], ids=["whole", "streamed"])
def test_the_second_time_is_from_memory_and_the_same(remembering, text):
    engine, record = remembering
    assert ask(engine, text) == ask(engine, text)
    assert (record.hits, record.misses) == (1, 1)


@pytest.mark.parametrize(
    "text", [HUGE, "SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}", "SELECT (StrUUID() AS ?x) {}"]
)
def test_what_is_large_or_never_the_same_is_asked_again(remembering, text):
    engine, record = remembering
    for _ in range(2):
        ask(engine, text)
    assert record.hits == 0


def test_a_fault_is_not_kept(remembering):
    engine, record = remembering
    for _ in range(2):
        with pytest.raises(Exception, match="Line 1"):
            ask(engine, "SELECT {")
    assert (record.hits, len(engine.cache)) == (0, 0)


def test_an_answer_that_breaks_off_is_not_kept(remembering):
    engine, _ = remembering
    answer = engine.ask(Query(STREAMED), choose_each("text/csv"))
    next(iter(answer))
    answer.close()
    assert len(engine.cache) == 0


def test_a_name_says_all_that_an_answer_depends_on(built, remembering):
    engine, _ = remembering

    def name(text="ASK {}", accept="text/csv", dataset=None, base=None, **others):
        changed = {"snapshot": built.id, "prefixes": names.PREFIXES, "version": "1", **others}
        named = RememberingEngine(engine, Cache(1), **changed)
        return named.name(Query(text, dataset, base=base), choose_each(accept))

    all_names = [
        name(),
        name("ASK { }"),
        name(accept="application/json"),
        name(accept="application/sparql-results+json"),
        name(dataset=Dataset(("a:a",), ())),
        name(dataset=Dataset((), ("a:a",))),
        name(dataset=Dataset(("a:a", "b:b"), ())),
        name(base="http://localhost/sparql"),
        name(snapshot="another"),
        name(prefixes={}),
        name(version="2"),
    ]
    assert len(set(all_names)) == len(all_names)
    assert name() == name()


def test_the_same_question_is_asked_once_at_a_time(remembering):
    engine, record = remembering
    found = []
    threads = [threading.Thread(target=lambda: found.append(ask(engine, SLOW))) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    assert engine.workforce().busy <= 1
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert (record.misses, record.hits) == (1, 2)


def test_whoever_waits_for_the_same_question_gets_the_same_refusal(remembering):
    engine, record = remembering
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    found = []

    def refused():
        with pytest.raises(Exception, match="longer than 2 s") as fault:
            ask(engine, endless, timeout=2.0)
        found.append(fault.value)

    threads = [threading.Thread(target=refused) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert record.kills["timeout"] == 1


def get(client, text=MANY, method="GET", **headers):
    fields = {name.replace("_", "-"): value for name, value in {"Accept": "text/csv", **headers}.items()}
    return client.open("/sparql", method=method, query_string={"query": text}, headers=fields)


def read(answer):
    """Take all of an answer, now."""
    assert answer.data
    return answer


def test_an_answer_has_a_name_and_is_asked_about_each_time(client):
    answer = get(client)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers["Vary"] == "Accept, Accept-Encoding, Origin"
    assert answer.headers["ETag"].startswith('"')
    assert get(client).headers["ETag"] == answer.headers["ETag"]
    assert get(client, Accept="text/tab-separated-values").headers["ETag"] != answer.headers["ETag"]


def test_cache_status_says_where_it_came_from(client):
    text = "SELECT ?only_here { ?only_here a cekg:City }"
    assert get(client, text).headers["Cache-Status"] == "cekg; fwd=uri-miss"
    assert get(client, text).headers["Cache-Status"] == "cekg; hit"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '{} , W/"another"', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_holds_the_answer_is_told_so_and_no_more(client, form, method):
    etag = get(client).headers["ETag"]
    answer = get(client, method=method, If_None_Match=form.format(etag))
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("held", ['"other"', "nonsense", '""', 'W/"x", "y"'])
def test_who_holds_another_answer_gets_this_one(client, held):
    assert get(client, If_None_Match=held).status_code == 200


def test_any_answer_will_not_do_where_there_is_none(client):
    assert get(client, "SELECT {", If_None_Match="*").status_code == 400


def test_304_comes_before_the_query_runs(client):
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    engine = client.application.engine
    query = Query(slow, base="http://localhost/sparql")
    etag = f'"{engine.name(query, choose_each("text/csv"))}"'
    assert get(client, slow, If_None_Match=etag).status_code == 304
    assert not client.application.engine.workforce().busy


@pytest.mark.parametrize("text", ["SELECT (NOW() AS ?x) {}", "SELECT {"])
def test_what_is_never_the_same_has_no_name_and_neither_has_a_fault(client, text):
    answer = get(client, text)
    assert "ETag" not in answer.headers
    assert "Cache-Status" not in answer.headers
    assert "Cache-Control" not in answer.headers or "public" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("CONSTRUCT { ?s a [] } { ?s a cekg:City }", False),
        ("CONSTRUCT { ?s a _:b } { ?s a cekg:City }", False),
        ("CONSTRUCT { ?s a (1 2) } { ?s a cekg:City }", False),
        ("construct where { ?s a cekg:City ; rdfs:label [] }", False),
        ("CONSTRUCT { ?s a cekg:City } { ?s a cekg:City FILTER (?s = city:harbin) }", True),
        ("CONSTRUCT { ?s rdfs:label '[]' } { ?s a cekg:City ; rdfs:label [] }", True),
    ],
)
def test_a_graph_with_new_blank_nodes_has_no_name_since_it_is_never_the_same_bytes(client, text, is_named):
    answers = [get(client, f"{text} # {number}", Accept="text/turtle") for number in range(2)]
    assert {answer.status_code for answer in answers} == {200}
    assert {"ETag" in answer.headers for answer in answers} == {is_named}


def test_what_is_compressed_on_its_way_has_a_weak_name(client):
    """A later answer of the same name is compressed as a whole, which gives other bytes."""
    text = STREAMED.replace("2000", "2001")
    first, again = (read(get(client, text, Accept_Encoding="gzip")) for _ in range(2))
    assert (first.headers["ETag"], again.headers["ETag"]) == (
        f"W/{again.headers['ETag']}",
        again.headers["ETag"],
    )
    assert gzip.decompress(first.data) == gzip.decompress(again.data)
    assert get(client, text, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"]).status_code == 304


def test_a_large_answer_is_kept_up_to_a_quarter_of_the_memory(snapshots):
    app = create_app(settings_for(snapshots, workers=1, cache=8, access_log="off"))
    try:
        for rows, found in ((3_000, "cekg; hit"), (40_000, "cekg; fwd=uri-miss")):
            text = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {rows}"
            one, other = (read(get(app.test_client(), text)) for _ in range(2))
            assert one.data == other.data
            assert (other.headers["Cache-Status"], len(one.data) <= 2_000_000) == (found, rows == 3_000)
    finally:
        app.close()


def test_what_is_posted_has_no_name_and_no_condition(client):
    headers = {"Accept": "text/csv", "If-None-Match": get(client).headers["ETag"]}
    answer = client.post("/sparql", data={"query": MANY}, headers=headers)
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("text", [MANY, HUGE, "SELECT (NOW() AS ?x) ?s { ?s ?p ?o } LIMIT 100"])
def test_gzip_holds_the_same_bytes(client, text):
    plain, zipped = get(client, text), get(client, text, Accept_Encoding="gzip, br")
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert len(zipped.data) < len(plain.data)
    if "NOW" not in text:
        assert gzip.decompress(zipped.data) == plain.data
        assert zipped.headers["ETag"] not in ("", plain.headers["ETag"])


def test_posted_answers_do_not_take_each_others_bytes(client):
    def posted(text):
        answer = client.post(
            "/sparql", data={"query": text}, headers={"Accept": "text/csv", "Accept-Encoding": "gzip"}
        )
        return gzip.decompress(answer.data)

    assert posted(MANY) != posted(MANY.replace("40", "41"))


@pytest.mark.parametrize("text", ["ASK {}", "SELECT ?s { ?s a cekg:City }"])
def test_what_is_small_is_sent_as_it_is(client, text):
    assert "Content-Encoding" not in get(client, text, Accept="*/*", Accept_Encoding="gzip").headers


def test_either_coding_of_the_answer_is_held(client):
    zipped = get(client, Accept_Encoding="gzip").headers["ETag"]
    answer = get(client, Accept_Encoding="gzip", If_None_Match=zipped)
    assert (answer.status_code, answer.headers["ETag"]) == (304, zipped)


def test_head_is_as_get_from_memory_too(client):
    for encoding in ("identity", "gzip"):
        one, other = (
            get(client, Accept_Encoding=encoding),
            get(client, method="HEAD", Accept_Encoding=encoding),
        )
        assert other.data == b""
        assert other.headers["Content-Length"] == str(len(one.data))
        assert other.headers["ETag"] == one.headers["ETag"]


def test_without_a_cache_there_is_still_a_name(snapshots):
    app = create_app(settings_for(snapshots, workers=1, cache=0, access_log="off"))
    try:
        answers = [get(app.test_client()) for _ in range(2)]
        assert get(app.test_client(), If_None_Match=answers[0].headers["ETag"]).status_code == 304
    finally:
        app.close()
    assert answers[0].data == answers[1].data
    assert "Cache-Status" not in answers[1].headers


@pytest.mark.parametrize(
    "address", ["/", "/queries", "/city/harbin.html", "/city/harbin.ttl", "/city/harbin.jsonld", "/ont.html"]
)
def test_pages_and_things_have_names_too(client, address):
    answer = client.get(address)
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "public, no-cache"
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_json_of_a_kept_answer_is_json(client):
    for _ in range(2):
        assert json.loads(get(client, Accept="application/json").data)["head"]["vars"] == ["s", "p", "o"]


def sent(answer):
    fields = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    return answer.status, fields, answer.data


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_the_short_way_leads_to_the_same_answer(client, encoding):
    text = f"SELECT ?s ?p {{ ?s ?p ?o }} LIMIT 50 # {encoding}"
    _, *others = (sent(get(client, text, Accept_Encoding=encoding)) for _ in range(4))
    assert all(each == others[0] for each in others)
    assert others[0][1]["Cache-Status"] == "cekg; hit"
    record = client.application.record
    before = record.hits
    get(client, text, Accept_Encoding=encoding)
    assert record.hits == before + 1


def test_the_short_way_tells_who_holds_the_answer(client):
    text = "SELECT ?o { ?s ?p ?o } LIMIT 50"
    etag = {get(client, text).headers["ETag"] for _ in range(3)}.pop()
    short, long = get(client, text, If_None_Match=etag), get(client, text, If_None_Match=f'"x", {etag}')
    assert (short.status_code, long.status_code) == (304, 304)
    for name in ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
        assert short.headers[name] == long.headers[name]
    assert get(client, text, If_None_Match='"another"').data == get(client, text).data


def test_the_short_way_ends_with_what_it_leads_to(snapshots):
    app = create_app(settings_for(snapshots, workers=1, cache=1, access_log="off"))
    try:
        client = app.test_client()
        first, *_ = (get(client) for _ in range(3))
        for number in range(1_100):
            app.engine.cache.put(str(number), kept(10))
        again = get(client)
    finally:
        app.close()
    assert again.headers["Cache-Status"] == "cekg; fwd=uri-miss"
    assert again.data == first.data


def test_another_accept_or_method_is_no_way_to_the_same_answer(client):
    for _ in range(3):
        get(client)
    assert get(client, Accept="application/json").json["head"]
    assert get(client, method="HEAD").data == b""
    assert get(client, Accept="image/png").status_code == 406


@pytest.mark.parametrize("held", [True, False], ids=["304", "chunks"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_connection_goes_on_after_an_answer_without_length(live, method, held):
    """Else each 304 would cost a new connection."""
    connection = http.client.HTTPConnection(live.removeprefix("http://"), timeout=20)
    path = "/sparql?" + urllib.parse.urlencode({"query": MANY if held else HUGE})
    try:
        connection.connect()
        used = connection.sock
        etag = ""
        for _ in range(4):
            connection.request(method, path, headers={"Accept": "text/csv", "If-None-Match": etag})
            answer = connection.getresponse()
            answer.read()
            assert "Content-Length" not in answer.headers or not etag
            etag = answer.headers["ETag"] if held else ""
        assert answer.status == (304 if held else 200)
        assert connection.sock is used
    finally:
        connection.close()
