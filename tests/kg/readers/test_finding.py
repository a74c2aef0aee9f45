"""Where numbers and readable phrases stand in a running text; and what holds for every reader."""

import doctest
import subprocess
import sys
import time
from datetime import date
from functools import partial
from inspect import isfunction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg.readers
from kg.readers import (
    Unreadable,
    find_numbers,
    find_readable,
    read_ahead,
    read_change,
    read_number,
    read_period,
    read_quantity,
    read_rank,
)
from kg.readers.words import listed

from .test_numbers import AHEAD, NUMBERS, RANKS
from .test_periods import PERIODS, SUMMER
from .test_quantities import AMOUNTS, CHANGES

periods = partial(read_period, published=SUMMER)
READERS = [read_number, read_quantity, read_change, read_rank, read_ahead, periods]

COUNTED = {
    "built 7,030 5G base stations.": ["7,030", "5"],
    "its “4+4” system": ["4", "4"],
    "1,200 affairs, 621.37 billion yuan in 2020, 213": ["1,200", "621.37 billion", "2020", "213"],
    "Updated : 2021-03-30": ["2021", "03", "30"],
    "Eight data centers": ["Eight"],
    "ranked first, third and 5th": ["first", "third", "5"],
    "twenty-one of two hundred and five": ["twenty-one", "two hundred and five"],
    "a hundred and five; five and six": ["hundred and five", "five", "six"],
    "twenty\u2011first": ["twenty\u2011first"],
    "three hundred thousand": ["three hundred thousand"],
    "1.5\u00a0million": ["1.5\u00a0million"],
    "half, a quarter, two-thirds": ["half", "quarter", "two-thirds"],
    "doubled, tripled, twice, threefold, halved": [
        "doubled",
        "tripled",
        "twice",
        "threefold",
        "halved",
    ],
    "dozens, hundreds and thousands of": ["dozens", "hundreds", "thousands"],
    "a second; one of; no one": ["second", "one", "one"],
    "one-stop": ["one"],
    "often someone northernmost attentive attention tension weight headquarters": [],
    "everyone alone money stone secondary listen freight height canine networks": [],
    "a single, both, once, pair": [],
    "COVID-19 and H1N1": ["19", "1", "1"],
    "٣ and \uff11\uff12 and 10² and ½": ["٣", "\uff11\uff12", "10²", "½"],
    "ONE Million": ["ONE Million"],
    "": [],
}

QUANTITIES_IN = {
    "accounting for more than 40 percent of the city’s": ["more than 40 percent"],
    "was 391.54 billion yuan ($58.75 billion). The": ["391.54 billion yuan", "$58.75 billion"],
    "reached 101.95 billion yuan, a year": ["101.95 billion yuan"],
    "has built 7,030 5G base stations. Eight data centers": ["7,030", "Eight"],
    "its “4+4” system of 2021-03-30": [],
    "NT$5 million or US$5 million.": ["US$5 million"],
    "NT$5": [],
    "between 5 and 10 percent.": ["between 5 and 10 percent"],
    "in mid-2020 or 5-10 percent": ["5-10 percent"],
    "receiving more than 10 million yuan each": ["more than 10 million yuan"],
    "reached 5\n\nMillion people": ["5"],
}

PERIODS_IN = {
    "Last year, Harbin introduced 213 projects": ["Last year"],
    "reached 621.37 billion yuan in 2020, according": ["in 2020"],
    "In the past year, the": ["In the past year"],
    "A few days ago, the approval": ["A few days ago"],
    "has 2,020 offices, 7,030 5G and 2020 companies": [],
    "since 2016 there were 2019 firms, as in the plan of 2020.": ["2016", "2020"],
    "It may march over 2020 hills in May, since March.": ["in May", "March"],
    "growth in 2020\n\nUpdated": ["in 2020"],
    "by the end of June, 213": ["by the end of June"],
    "from January to June 2021 it": ["from January to June 2021"],
    "by the end of the year": [],
}


def words(text, found):
    return [text[span.start : span.end] for span in found]


@pytest.mark.parametrize("text", COUNTED)
def test_every_number_of_a_text_is_found_and_no_other_word(text):
    assert words(text, find_numbers(text)) == COUNTED[text]


@pytest.mark.parametrize("text", QUANTITIES_IN)
def test_the_longest_quantities_of_a_text_are_found(text):
    found = find_readable(text, read_quantity)
    assert words(text, (span for span, _ in found)) == QUANTITIES_IN[text]
    assert all(value == read_quantity(text[span.start : span.end]) for span, value in found)


@pytest.mark.parametrize("text", PERIODS_IN)
def test_periods_are_found_but_counts_that_look_like_years_are_not(text):
    assert words(text, (span for span, _ in find_readable(text, periods))) == PERIODS_IN[text]


@pytest.mark.parametrize(
    ("phrase", "read"),
    [
        (phrase, read)
        for table, read in (
            (NUMBERS, read_number),
            (AMOUNTS, read_quantity),
            (CHANGES, read_change),
            (RANKS, read_rank),
            (AHEAD, read_ahead),
            (PERIODS, periods),
        )
        for phrase in table
    ],
)
def test_whatever_a_reader_accepts_is_found_whole_in_a_text(phrase, read):
    text = f"Zeta, {phrase.strip()}, omega."
    assert words(text, (span for span, _ in find_readable(text, read))) == [phrase.strip()]


def answer(read, phrase):
    """What a reader makes of a phrase: a value, or the refusal; any other exception is a fault."""
    try:
        return read(phrase)
    except Unreadable as refusal:
        return refusal


def is_sound(answer, phrase):
    return not isinstance(answer, Unreadable) or (answer.phrase == phrase and answer.why.endswith("."))


@pytest.mark.parametrize("read", READERS)
@given(phrase=st.text(max_size=300))
def test_any_text_is_read_or_refused(read, phrase):
    assert is_sound(answer(read, phrase), phrase)


FAMILIAR = (
    "a|the|of|in|by|to|from|and|or|up|first|half|year|last|past|one|two|hundred|million|-|,|$|percent"
    "|yuan|5|10|1.5|2020|2021|june|30|more|than|between|increase|rose|doubled|no.|year-on-year|quarter"
    "|months|end|ahead|schedule|ranked|five-year|plan|13th"
)


@pytest.mark.parametrize("read", READERS)
@given(words=st.lists(st.sampled_from(listed(FAMILIAR)), max_size=9))
def test_any_row_of_familiar_words_is_read_or_refused(read, words):
    phrase = " ".join(words)
    assert is_sound(answer(read, phrase), phrase)


@given(st.text(max_size=300))
def test_spans_lie_in_the_text_in_order_and_apart(text):
    for found in (find_numbers(text), [span for span, _ in find_readable(text, read_quantity)]):
        edges = [edge for span in found for edge in (span.start, span.end)]
        assert edges == sorted(edges)
        assert all(0 <= span.start < span.end <= len(text) for span in found)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "hostile", ["1" * 199, "1," * 99, "one " * 49, "to " * 66, "in the " * 28, "-" * 199, "and 1 " * 33]
)
def test_hostile_phrases_are_answered_at_once(read, hostile):
    began = time.process_time()
    answer(read, hostile)
    assert time.process_time() - began < 0.5  # some milliseconds; the margin is for a busy machine


@pytest.mark.parametrize("read", [read_quantity, read_change, periods])
def test_an_article_of_a_thousand_words_takes_little_time(read):
    sentence = (
        "Last year, Harbin introduced 213 contracted projects receiving more than 10 million yuan "
        "each in foreign investment, and their total value was 391.54 billion yuan ($58.75 billion). "
    )
    text = sentence * 40
    began = time.process_time()
    assert find_readable(text, read) or read is read_change
    find_numbers(text)
    assert time.process_time() - began < 0.5  # some 0.05 s; the margin is for a busy machine


def test_the_examples_in_the_docstrings_are_true():
    public = [getattr(kg.readers, name) for name in kg.readers.__all__]
    for function in filter(isfunction, public):
        # module=False: a decorated function would count as foreign, and be left out in silence
        tests = doctest.DocTestFinder().find(function, globs={**vars(kg.readers), "date": date})
        examples = [test for test in tests if test.examples]
        assert examples, function.__name__
        assert all(doctest.DocTestRunner().run(test).failed == 0 for test in examples)


def test_importing_the_readers_brings_no_rdf():
    code = "import sys, kg.readers; sys.exit(any(m in sys.modules for m in ('rdflib', 'pyshacl')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
