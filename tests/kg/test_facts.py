"""A fact file has a form; whatever departs from it is named with its line, all of it at once."""

import re
from collections.abc import Callable

import pytest

from kg.facts import FIGURE_KEYS, KINDS, REASONS, FactFile, read_facts
from kg.faults import DataFault
from kg.grounding.keys import KEYS

HEAD = "source: file\ncity: Seaford\nfacts:\n"
FACT = "  - quote: q\n    metric: m\n    value: v\n"


@pytest.fixture
def read(tmp_path) -> Callable[[str], FactFile]:
    def write(content: str) -> FactFile:
        path = tmp_path / "file.yaml"
        path.write_text(content)
        return read_facts(path)

    return write


def test_an_entry_keeps_each_phrase_with_its_line(read):
    facts = read(f"{HEAD}{FACT}not loaded:\n  no figure:\n    - a\n    - b\n")
    (entry,) = facts.entries
    assert (entry.kind, entry.line, entry.quote) == ("metric", 4, ("q", 4))
    assert dict(entry.phrases) == {"metric": ("m", 5), "value": ("v", 6)}
    assert [(left.phrase, left.reason) for left in facts.exclusions] == [
        (("a", 9), "no figure"),
        (("b", 10), "no figure"),
    ]


REFUSED = (
    ("another source", "source: fiel\nfacts: []\n", 1, "The source should be “file”, as the file is named."),
    ("no facts", "source: file\n", 1, "The key “facts” is missing."),
    ("facts that are no list", "source: file\nfacts: x\n", 2, "Here should stand a list"),
    ("an entry that is a text", f"{HEAD}  - words\n", 4, "“key: value” lines"),
    ("an unknown key", f"{HEAD}{FACT}    grwoth: x\n", 7, "“grwoth” is no key here. Did you mean “growth”?"),
    ("a key of another kind", f"{HEAD}{FACT}    status: x\n", 7, "“status” is no key here."),
    ("no quote", f"{HEAD}  - metric: m\n    value: v\n", 4, "The key “quote” is missing."),
    ("about nothing", f"{HEAD}  - quote: q\n    metrc: m\n", 4, "Did you mean “metric”?"),
    ("no number", f"{HEAD}  - quote: q\n    metric: m\n", 4, "An entry about a metric should state a number"),
    ("a list as phrase", f"{HEAD}  - quote: [q]\n    metric: m\n    value: v\n", 4, "should stand a phrase"),
    ("a key twice", f"{HEAD}{FACT}    value: w\n", 7, "The key “value” comes twice."),
    ("a share of what", f"{HEAD}{FACT}    share: s\n", 4, "“share” needs “share of” in the same entry."),
    ("a rank among whom", f"{HEAD}{FACT}    rank: s\n", 4, "“rank” needs “among”"),
    ("ahead of what", f"{HEAD}{FACT}    ahead: s\n", 4, "“ahead” needs “target”"),
    (
        "converted from what",
        f"{HEAD}  - quote: q\n    metric: m\n    growth: g\n    converted: c\n",
        4,
        "“converted” needs “value”",
    ),
    (
        "members that are no list",
        f"{HEAD}  - quote: q\n    system: s\n    group: g\n    members: m\n",
        7,
        "a list",
    ),
    ("an unknown reason", f"{HEAD}{FACT}not loaded:\n  no figur:\n    - a\n", 9, "Did you mean “no figure”?"),
    ("a reason without a list", f"{HEAD}{FACT}not loaded:\n  geography: a\n", 8, "Here should stand a list"),
    ("a list of reasons", f"{HEAD}{FACT}not loaded:\n  - a\n", 8, "“key: value” lines"),
    ("a city that is a list", f"source: file\ncity: [a]\nfacts:\n{FACT}", 2, "Here should stand a phrase"),
)


@pytest.mark.parametrize(
    ("content", "line", "message"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_a_file_of_another_form_is_refused_with_its_line(read, content, line, message):
    with pytest.raises(DataFault) as fault:
        read(content)
    assert [p.line for p in fault.value.problems if message in p.message] == [line], str(fault.value)


def test_every_problem_of_form_is_named_in_one_go(read):
    with pytest.raises(DataFault) as fault:
        read(f"source: other\nfacts:\n{FACT}    vlaue: x\n  - quote: q\nnot loaded:\n  reason: [a]\n")
    assert [problem.line for problem in fault.value.problems] == [1, 6, 7, 9]


def test_every_key_of_an_entry_is_understood():
    """A key that is in one table and not in the other would be a crash."""
    known = {key for required, optional in KINDS.values() for key in (*required, *optional)}
    assert known - {"members"} == set(KEYS) - {"member"}
    assert set(FIGURE_KEYS) <= known


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_a_name_with_a_sentence(reason):
    assert re.fullmatch(r"[a-z ]+", reason)
    assert re.fullmatch(r"[A-Z].*\.", REASONS[reason])
