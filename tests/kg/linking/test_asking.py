"""Asking is polite, forgets nothing, and ends in one sentence however a server fails."""

import math
import os
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from kg.faults import SystemFault
from kg.linking.asking import AGENT, Asker, Manners, Misread, NotAnswered, NotCached, Question, cache_folder
from tests.kg.linking.conftest import HURRIED, says

ROWS = '{"head": {"vars": []}, "results": {"bindings": []}}'
BUSY = says("Too busy\n\x1b[31m", 503, "text/plain")


def query(stranger, text="SELECT * { }"):
    return Question(stranger.address, {"query": text}, is_sparql=True)


def ask(stranger, cache, manners=HURRIED, **how):
    return Asker(cache, manners, **how).ask(query(stranger), bytes.decode)


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def refused(stranger, cache):
    """What is said of answers that are none."""

    def fails(*answers, manners=HURRIED, read=bytes.decode):
        stranger.answers = list(answers)
        with pytest.raises(NotAnswered) as fault:
            Asker(cache, manners).ask(query(stranger), read)
        assert not cache.exists()
        assert "\n" not in str(fault.value)
        assert str(fault.value).isprintable()
        return str(fault.value).replace(stranger.address, "URL")

    return fails


def test_a_question_says_who_asks_and_what(stranger, cache):
    stranger.answers = [says(ROWS)]
    assert ask(stranger, cache) == ROWS
    (seen,) = stranger.seen
    assert seen.command == "POST"
    assert seen.headers["User-Agent"] == AGENT
    assert AGENT.startswith("city-economy-kg/")
    assert "(https://w3id.org/cekg/)" in AGENT
    assert "application/sparql-results+json" in seen.headers["Accept"]
    assert "query=SELECT" in stranger.bodies[0]


def test_nothing_is_asked_twice(stranger, cache):
    stranger.answers = [says(ROWS)]
    assert [ask(stranger, cache) for _ in range(3)] == [ROWS] * 3
    assert len(stranger.seen) == 1
    assert [path.suffix for path in cache.iterdir()] == [".json"]


def test_another_question_is_another(stranger, cache):
    stranger.answers = [says(ROWS)]
    asker = Asker(cache, HURRIED)
    for text in ("SELECT * { }", "SELECT * {}"):
        asker.ask(query(stranger, text), bytes.decode)
    assert len(stranger.seen) == 2


def test_an_old_answer_is_asked_for_again_and_so_is_any_that_is_to_be_refreshed(stranger, cache):
    stranger.answers = [says("old"), says("new"), says("newest")]
    assert ask(stranger, cache) == "old"
    (kept,) = cache.iterdir()
    os.utime(kept, (0, 0))
    assert ask(stranger, cache, offline=True) == "old"
    assert [ask(stranger, cache), ask(stranger, cache)] == ["new", "new"]
    assert ask(stranger, cache, refresh=True) == "newest"


def test_offline_nobody_is_asked(stranger, cache):
    stranger.answers = [says(ROWS)]
    with pytest.raises(NotCached, match="has no answer of"):
        ask(stranger, cache, offline=True)
    assert not stranger.seen


def test_what_is_damaged_in_the_cache_is_asked_for_again(stranger, cache):
    def read(body):
        if body != ROWS.encode():
            raise Misread("it is damaged")
        return body

    stranger.answers = [says(ROWS)]
    Asker(cache, HURRIED).ask(query(stranger), read)
    (kept,) = cache.iterdir()
    kept.write_text("{")
    with pytest.raises(NotCached):
        Asker(cache, HURRIED, offline=True).ask(query(stranger), read)
    assert Asker(cache, HURRIED).ask(query(stranger), read) == kept.read_bytes() == ROWS.encode()
    assert len(stranger.seen) == 2


def test_there_is_a_pause_between_two_questions(stranger, cache):
    stranger.answers = [says(ROWS)]
    asker = Asker(cache, Manners(pause=0.15))
    for text in ("SELECT ?a { }", "SELECT ?b { }", "SELECT ?c { }"):
        asker.ask(query(stranger, text), bytes.decode)
    first, second, third = stranger.times
    assert min(second - first, third - second) >= 0.14


def test_who_is_busy_is_asked_again_after_longer_and_longer(stranger, cache):
    stranger.answers, told = [BUSY, says("", 429), says(ROWS)], []
    assert ask(stranger, cache, Manners(pause=0, first_wait=0.1), progress=told.append) == ROWS
    assert [said.rpartition(". ")[2] for said in told] == ["Waiting 0.1 s", "Waiting 0.2 s"]
    first, second, third = stranger.times
    assert second - first >= 0.1
    assert third - second >= 0.2


@pytest.mark.parametrize(("after", "least"), [("1", 1), ("a date", 0.5), ("0.3", 0), ("soon", 0)])
def test_retry_after_is_kept_to_where_it_says_something(stranger, cache, after, least):
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=1.9), usegmt=True)
    stranger.answers = [says("", 429, Retry_After=until if after == "a date" else after), says(ROWS)]
    assert ask(stranger, cache, Manners(pause=0, first_wait=0.01)) == ROWS
    assert least <= stranger.times[1] - stranger.times[0] < least + 1.8


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_who_stays_busy_is_left_alone(stranger, refused, status):
    said = refused(says("Too busy\n\x1b[31m", status, "text/plain"))
    assert said.startswith(f"URL answered {status} (")
    assert said.endswith("): Too busy [31m.")
    assert len(stranger.seen) == HURRIED.tries


def test_who_wants_us_to_come_back_later_is_not_asked_again(stranger, refused):
    said = refused(says("", 429, Retry_After="3600"))
    assert said == "URL answered 429 (Too Many Requests). It asks for 3,600 s of patience."
    assert len(stranger.seen) == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (says("No such column", 400, "text/plain"), "URL answered 400 (Bad Request): No such column."),
        (says("", 401), "URL answered 401 (Unauthorized)."),
        (says("<h1>Not here</h1>", 404, "text/html"), "URL answered 404 (Not Found)."),
        (says("", 414), "URL answered 414 (Request-URI Too Long)."),
        (says("x" * 900, 500, "text/plain"), f"URL answered 500 (Internal Server Error): {'x' * 160}…"),
        (says("", 599), "URL answered 599 (unknown)."),
        (
            says("", 301, Location="https://elsewhere.example/"),
            "URL leads on to https://elsewhere.example/: give that address, if it is the right one.",
        ),
        (
            says("", 307, Location="/there"),
            "URL leads on to /there: give that address, if it is the right one.",
        ),
        (
            says("<html>Log in</html>", 200, "text/html; charset=utf-8"),
            "URL answered with a page and not with data. Is this the right address?",
        ),
    ],
)
def test_a_refusal_is_one_sentence_and_final(stranger, refused, answer, message):
    assert refused(answer) == message
    assert len(stranger.seen) == 1


@pytest.mark.parametrize("status", [200, 500])
def test_a_gigantic_answer_is_cut_off(stranger, refused, status):
    said = refused(says(b" " * 2_000_000, status), manners=Manners(pause=0, most_bytes=1_000_000))
    assert said == "URL answered with more than 1,000,000 bytes; nothing of it is kept."


def test_an_answer_without_an_end_is_cut_off(stranger, refused):
    def endless(request):
        request.send_response(200)
        request.end_headers()
        while not stranger.closing.is_set():
            request.wfile.write(b" " * 65536)

    assert "with more than 1,000,000 bytes" in refused(
        endless, manners=Manners(pause=0, most_bytes=1_000_000)
    )


def drip(stranger, *, in_headers):
    def answer(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\n" if in_headers else b"HTTP/1.1 200 OK\r\n\r\n")
        while not stranger.closing.wait(0.05):
            request.wfile.write(b" ")

    return answer


@pytest.mark.parametrize("in_headers", [True, False])
def test_an_answer_that_drips_is_not_waited_for(stranger, refused, in_headers):
    start = time.monotonic()
    said = refused(drip(stranger, in_headers=in_headers), manners=Manners(pause=0, timeout=0.4))
    assert said.startswith("URL did not answer within 0.4 s. Try again later")
    assert time.monotonic() - start < 20
    assert len(stranger.seen) == 1


def test_silence_is_not_waited_for(stranger, refused):
    said = refused(lambda _: stranger.closing.wait(10), manners=Manners(pause=0, timeout=0.3))
    assert said.startswith("URL did not answer within 0.3 s.")


@pytest.mark.parametrize(
    "answer",
    [
        says(ROWS[:9], length=len(ROWS)),
        lambda request: None,
        lambda request: request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nx"),
        lambda request: request.wfile.write(b"\x00\x01\r\n"),
    ],
    ids=["half", "nothing", "half a chunk", "no HTTP"],
)
def test_half_an_answer_is_asked_for_again_and_never_taken_for_a_whole_one(stranger, cache, refused, answer):
    assert refused(answer) == "URL broke off before its answer was whole."
    assert len(stranger.seen) == HURRIED.tries
    stranger.answers = [answer, says(ROWS)]
    assert ask(stranger, cache) == ROWS


def test_what_is_not_understood_is_not_kept(refused):
    def read(body):
        raise Misread("it is a poem")

    said = refused(says("Roses are red"), read=read)
    assert said == "URL answered something else than was asked: it is a poem"


@pytest.mark.parametrize(
    ("address", "reason"),
    [("http://127.0.0.1:9/", "Connection refused"), ("http://no-such-host.invalid/", "cannot be reached")],
)
def test_nobody_there_is_one_sentence(cache, address, reason):
    with pytest.raises(NotAnswered, match=reason) as fault:
        Asker(cache, HURRIED).ask(Question(address, {"query": "ASK {}"}, is_sparql=True), bytes.decode)
    assert str(fault.value).startswith(f"{address} cannot be reached: ")


def test_a_cache_that_cannot_be_written_is_a_fault_of_the_machine(stranger, tmp_path):
    (tmp_path / "file").write_text("")
    stranger.answers = [says(ROWS)]
    with pytest.raises(SystemFault, match="cannot be"):
        ask(stranger, tmp_path / "file" / "cache")


def test_the_cache_is_where_the_user_has_caches(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "cekg" / "link"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "cekg" / "link"


def test_the_usual_manners_are_those_of_a_guest():
    usual = Manners()
    assert usual.pause >= 1
    assert 1 < usual.tries < 10
    assert math.isfinite(usual.timeout + usual.longest_wait)
