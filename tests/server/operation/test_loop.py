"""What the door listens to: events reach those whom they concern, and the silent are left alone."""

import select
import socket

import pytest

pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="Only Linux has epoll.")


class Listener:
    """One end of a connection, which writes down what it is told and how often it is asked."""

    accepting = False

    def __init__(self, end):
        self.end, self.reads, self.writes, self.is_busy = end, True, False, False
        self.asked, self.told = 0, []

    def readable(self):
        self.asked += 1
        return self.reads

    def writable(self):
        return self.writes

    def handle_read_event(self):
        self.told.append(self.end.recv(100))

    def handle_write_event(self):
        self.told.append("write")

    def handle_close(self):
        self.told.append("close")


@pytest.fixture
def ends():
    from server.operation.loop import Map

    made, listening = [], Map()

    def make():
        one, other = socket.socketpair()
        made.extend((one, other))
        listener = Listener(one)
        listening[one.fileno()] = listener
        return listener, other

    yield listening, make
    listening.close()
    for each in made:
        each.close()


def test_who_reads_is_told_and_the_silent_are_not_even_asked(ends):
    listening, make = ends
    silent = [make()[0] for _ in range(50)]
    one, other = make()
    listening.turn(0)
    asked = sum(each.asked for each in silent)
    for _ in range(10):
        other.send(b"x")
        listening.turn(1)
    assert b"".join(one.told) == b"x" * 10
    assert sum(each.asked for each in silent) == asked


def test_who_wants_nothing_is_not_told_until_it_wants_again(ends):
    listening, make = ends
    one, other = make()
    listening.turn(0)
    one.reads = False
    other.send(b"x")
    for _ in range(3):
        listening.turn(0)
    assert one.told == []
    one.reads = True
    listening.touched.append(one.end.fileno())
    listening.turn(1)
    assert one.told == [b"x"]


def test_a_bell_has_those_asked_who_are_busy(ends):
    listening, make = ends
    bell, ring = make()
    one, other = make()
    listening.bells.add(bell.end.fileno())
    listening.turn(0)
    one.is_busy = True
    other.send(b"x")
    listening.turn(1)
    one.writes, one.is_busy = True, False  # as a thread would do it
    ring.send(b"!")
    listening.turn(1)
    listening.turn(1)
    assert one.told == [b"x", "write"]


def test_a_second_that_has_passed_has_all_asked(ends):
    listening, make = ends
    one, _ = make()
    listening.turn(0)
    one.writes = True
    listening.turn(0)
    assert one.told == []
    listening.ask_all()
    listening.turn(1)
    assert one.told == ["write"]


def test_who_took_the_number_of_one_that_went_is_not_told_of_its_events(ends):
    listening, make = ends
    first, one = make()
    second, other = make()
    listening.turn(0)
    replaced = Listener(second.end)

    def replace():
        for each in (first, second):
            each.told.append(each.end.recv(100))
        place = second.end.fileno()
        del listening[place]
        listening[place] = replaced

    first.handle_read_event = second.handle_read_event = replace
    one.send(b"x")
    other.send(b"y")
    listening.turn(1)
    assert replaced.told == []


def test_who_is_gone_is_told(ends):
    listening, make = ends
    one, other = make()
    listening.turn(0)
    other.close()
    listening.turn(1)
    assert one.told[0] == b""
