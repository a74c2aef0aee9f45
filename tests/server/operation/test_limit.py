"""The rate limit: a burst, then a steady rate, for each address, in a bounded space."""

import threading

import pytest

from server.operation.limit import Limit


def allowed(limit, address, moments):
    return [limit.wait(address, moment) == 0 for moment in moments]


def test_a_burst_passes_and_then_one_for_each_step():
    limit = Limit(per_minute=30, burst=3)
    assert allowed(limit, "a", [0, 0, 0, 0, 1.9, 2.0, 2.1, 4.0]) == [True] * 3 + [
        False,
        False,
        True,
        False,
        True,
    ]


def test_the_wait_is_what_it_takes():
    limit = Limit(per_minute=60, burst=1)
    assert limit.wait("a", 100.0) == 0
    wait = limit.wait("a", 100.25)
    assert wait == pytest.approx(0.75)
    assert limit.wait("a", 100.25 + wait) == 0


def test_who_waits_long_enough_has_the_whole_burst_again_and_no_more():
    limit = Limit(per_minute=60, burst=3)
    assert allowed(limit, "a", [0] * 4) == [True, True, True, False]
    assert allowed(limit, "a", [1_000] * 4) == [True, True, True, False]


def test_a_refusal_costs_nothing():
    limit = Limit(per_minute=60, burst=1)
    limit.wait("a", 0)
    for _ in range(100):
        assert limit.wait("a", 0.5) == pytest.approx(0.5)
    assert limit.wait("a", 1.0) == 0


def test_one_address_does_not_use_up_what_another_may():
    limit = Limit(per_minute=1, burst=1)
    assert [limit.wait(address, 0) > 0 for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")] == [
        False,
        False,
        True,
    ]
    assert limit.wait("2001:db8::1", 0) == 0
    assert limit.wait("2001:db8::2", 0) > 0


def test_it_remembers_a_bounded_number_of_addresses_the_last_ones():
    limit = Limit(per_minute=1, burst=1, most=100)
    for number in range(1_000):
        limit.wait(f"192.0.{number // 250}.{number % 250}", 0)
    assert len(limit) == 100
    assert limit.wait("192.0.3.249", 0) > 0
    assert limit.wait("192.0.0.0", 0) == 0


def test_who_keeps_asking_is_not_forgotten():
    limit = Limit(per_minute=1, burst=1, most=2)
    assert limit.wait("a", 0) == 0
    for number in range(5):
        limit.wait(f"b{number}", 0)
        assert limit.wait("a", 0) > 0


def test_threads_together_get_the_burst_and_no_more():
    limit, passed = Limit(per_minute=1, burst=50), []
    threads = [
        threading.Thread(target=lambda: passed.extend(limit.wait("a", 0) == 0 for _ in range(100)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 50
