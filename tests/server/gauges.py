"""What a running server says of itself, and waiting until it says what a test needs to be so."""

import urllib.request

from prometheus_client.parser import text_string_to_metric_families as parse

from tests.waiting import comes_true


def samples(written):
    """The samples of a text for Prometheus, by name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in parse(written)
        for sample in family.samples
    }


def scrape(address):
    with urllib.request.urlopen(f"{address}/metrics") as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return samples(answer.read().decode())


def until(address, wanted):
    """Scrape until the numbers are as wanted; they follow a request, and not at once."""
    comes_true(lambda: wanted(scrape(address)))
    return scrape(address)


def await_gauge(address, name, value):
    """Wait until a number without labels is this."""
    assert comes_true(lambda: scrape(address)[name,] == value), scrape(address)
