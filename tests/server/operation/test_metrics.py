"""The metrics: true counts, in a text that Prometheus' own library reads."""

import http.client
import threading
import urllib.request

import pytest

from server.operation import metrics
from server.operation.metrics import Family, Traffic, text
from server.operation.visits import Note, Visit
from tests.server.gauges import await_gauge, samples, scrape, until

ENDLESS = "SELECT+(COUNT(*)+AS+?n)+%7B+?a+?b+?c+.+?d+?e+?f+.+?g+?h+?i+.+?j+?k+?l+%7D"


def visit(method="GET", status=200, seconds=0.02, **note):
    return Visit(Note("1", "::1", **note), 0, method, "/", status, seconds, 100)


def counted(*visits):
    traffic = Traffic()
    for each in visits:
        traffic.begin()
        traffic.end(each)
    return samples(text(traffic.families()))


def test_requests_are_counted_by_route_method_and_status():
    found = counted(visit(route="a"), visit(route="a"), visit(route="a", status=404), visit("HEAD"))
    name = "cekg_requests_total"
    assert found[name, ("method", "GET"), ("route", "a"), ("status", "200")] == 2
    assert found[name, ("method", "GET"), ("route", "a"), ("status", "404")] == 1
    assert found[name, ("method", "HEAD"), ("route", "none"), ("status", "200")] == 1
    assert found["cekg_sent_bytes_total",] == 400
    assert found["cekg_requests_running",] == 0


def test_a_histogram_is_cumulative_and_ends_in_everything():
    found = counted(*(visit(route="a", seconds=seconds) for seconds in (0.001, 0.0011, 0.3, 1_000)))
    name = "cekg_request_seconds"
    below = [
        found[f"{name}_bucket", ("le", bound), ("route", "a")]
        for bound in ("0.001", "0.0025", "0.5", "60", "+Inf")
    ]
    assert below == [1, 2, 3, 3, 4]
    assert found[f"{name}_count", ("route", "a")] == 4
    assert found[f"{name}_sum", ("route", "a")] == pytest.approx(1_000.3021)


def test_a_query_from_the_cache_is_no_query_that_was_computed():
    found = counted(
        visit(query="ASK {}", kind="boolean"),
        visit(query="ASK {}", kind="boolean", cache="hit"),
        visit(query="ASK {}", status=304),
        visit(),
    )
    assert ("cekg_query_seconds_count", ("kind", "none")) not in found
    assert found["cekg_query_seconds_count", ("kind", "boolean")] == 1


def test_a_stranger_cannot_make_the_numbers_grow():
    traffic = Traffic()
    for number in range(1_000):
        traffic.begin()
        traffic.end(visit(f"METHOD{number}"))
    assert len(text(traffic.families()).splitlines()) < 60


@pytest.mark.parametrize("value", ['a"b', "a\\nb", "a\nb", "城", "{}", ""])
def test_a_label_may_hold_anything(value):
    written = text([Family("x", "gauge", 'help with \\ and "\n', (("", (("of", value),), 1.5),))])
    assert samples(written) == {("x", ("of", value)): 1.5}


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0, 0.1, 1e-9, 12345678901234, 1e300])
def test_a_number_comes_back_as_it_was(value):
    assert samples(text([metrics.gauge("x", "help", value)])) == {("x",): value}


def test_the_running_server_tells_of_itself(start, built):
    with start(workers=2, timeout=1) as (address, _):
        for _ in range(3):
            urllib.request.urlopen(f"{address}/sparql?query=ASK%7B%7D").close()
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"{address}/sparql?query={ENDLESS}")
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(f"{address}/sparql?query=nonsense")
        found = until(address, lambda now: now.get(("cekg_query_seconds_count", ("kind", "none"))) == 2)
    name = "cekg_requests_total"
    for status, number in (("200", 3), ("503", 1), ("400", 1)):
        assert found[name, ("method", "GET"), ("route", "sparql.sparql"), ("status", status)] == number
    assert (found["cekg_cache_hits_total",], found["cekg_cache_answers",]) == (2, 1)
    assert 0 < found["cekg_cache_bytes",] < 2_000
    assert found["cekg_query_seconds_count", ("kind", "boolean")] == 1
    assert found["cekg_kills_total", ("reason", "timeout")] == 1
    assert (found["cekg_workers",], found["cekg_workers_busy",], found["cekg_queries_waiting",]) == (2, 0, 0)
    assert found["cekg_snapshot_info", ("id", built.id), ("version", built.manifest["version"])] == 1
    assert found["cekg_snapshot_quads",] == built.manifest["quads"]
    assert 10_000_000 < found["process_resident_memory_bytes",] < 150_000_000
    assert 10_000_000 < found["cekg_workers_resident_bytes",] < 600_000_000
    assert found["process_cpu_seconds_total",] > 0


def test_workers_at_work_and_queries_sent_away_are_counted(start):
    with start(workers=1, timeout=20, wait=0.2) as (address, _):
        slow = http.client.HTTPConnection(address.removeprefix("http://"))
        slow.request("GET", f"/sparql?query={ENDLESS}")
        await_gauge(address, "cekg_workers_busy", 1)
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"{address}/sparql?query=ASK%7B%7D")
        assert scrape(address)["cekg_queries_rejected_total",] == 1
        slow.close()


def test_counting_while_reading_is_safe():
    traffic, stop = Traffic(), threading.Event()

    def count():
        while not stop.is_set():
            traffic.begin()
            traffic.end(visit(route="a"))

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(50):
        found = samples(text(traffic.families()))
        assert found.get(("cekg_request_seconds_bucket", ("le", "+Inf"), ("route", "a"))) == found.get(
            ("cekg_request_seconds_count", ("route", "a"))
        )
    stop.set()
    for thread in threads:
        thread.join()
