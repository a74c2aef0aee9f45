"""YAML is read as texts with lines; whatever else stands in a file is a fault that says where, no crash."""

import contextlib
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import yamlfile
from kg.facts import read_facts
from kg.faults import DataFault, Problem


def problems(path: Path, content: bytes | str) -> list[Problem]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataFault) as fault:
        yamlfile.read_mapping(path, required=("title", "date"), optional=("note",))
    return list(fault.value.problems)


REFUSED = (
    ("empty", "", 0, "The file is empty."),
    ("only a comment", "# nothing\n", 0, "The file is empty."),
    ("not YAML", "title: 'a\n", 2, "This is not YAML: "),
    ("a colon in a plain text", "title: a: b\n", 1, "mapping values are not allowed"),
    ("a tab", "title: a\n\tdate: b\n", 2, "This is not YAML: "),
    ("a control character", "title: a\ndate: \x07\n", 2, "control characters are not allowed"),
    ("two documents", "title: a\n---\ndate: b\n", 2, "another document"),
    ("not UTF-8", b"title: \xff\n", 0, "The file is not UTF-8: byte 7."),
    ("UTF-16", "title: a".encode("utf-16"), 0, "The file is not UTF-8"),
    ("a text", "just words\n", 1, "“key: value” lines"),
    ("a list", "- a\n", 1, "“key: value” lines"),
    ("a list for a text", "title: a\ndate:\n  - b\n", 3, "Here should stand a phrase."),
    ("nothing for a text", "title: a\ndate:\n", 2, "Here should stand a phrase."),
    ("space for a text", "title: a\ndate: '  '\n", 2, "Here should stand a phrase."),
    ("a list as key", "? [a]\n: b\n", 1, "Here should stand a phrase."),
    ("a key twice", "title: a\ndate: b\ntitle: c\n", 3, "The key “title” comes twice."),
    ("an unknown key", "title: a\ndat: b\ndate: c\n", 2, "“dat” is no key here. Did you mean “date”?"),
    ("a far key", "title: a\ndate: b\nxyz: c\n", 3, "Known: “title”, “date”, “note”."),
    ("a missing key", "title: a\n", 1, "The key “date” is missing."),
    ("an alias", "title: &a x\ndate: *a\n", 2, "An alias (“*”) is not read here"),
    ("itself", "title: &a [*a]\n", 1, "An alias (“*”) is not read here"),
)


@pytest.mark.parametrize(
    ("content", "line", "message"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_what_is_no_mapping_of_texts_is_refused_with_its_line(tmp_path, content, line, message):
    path = tmp_path / "file.yaml"
    found = problems(path, content)
    assert (found[0].file, found[0].line) == (str(path), line)
    assert message in found[0].message


def test_all_keys_that_are_wrong_are_named_at_once(tmp_path):
    found = problems(tmp_path / "file.yaml", "titel: a\ndatum: b\n")
    assert [problem.line for problem in found] == [1, 1, 1, 2]


def test_a_file_that_is_not_there_or_is_a_folder_is_a_fault(tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(DataFault, match="cannot be read"):
            yamlfile.read(path)


NESTED = ("title: " + "[" * 1_000_000, "[" * 100_000 + "]" * 100_000, "{a: " * 50_000, "- " * 50_000)
BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("content", [*NESTED, BOMB], ids=["open", "closed", "mappings", "lists", "aliases"])
def test_deep_nesting_and_alias_bombs_are_refused_at_once(tmp_path, content):
    """libyaml composes by recursion in C: 100,000 brackets would end the interpreter, not raise."""
    start = time.process_time()
    problems(tmp_path / "file.yaml", content)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "written", ["1,200", "1_000", "2020-01-01", "yes", "0x10", "~", "1e3", "12:30:45", "!!int 7"]
)
def test_no_value_is_guessed(tmp_path, written):
    path = tmp_path / "file.yaml"
    path.write_text(f"title: {written}\n")
    phrase = yamlfile.read_mapping(path, required=("title",))["title"]
    assert phrase == (written.removeprefix("!!int "), 1)


def test_a_folded_text_has_no_outer_space_and_the_line_of_its_start(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_text("title: a\ndate: >\n  one\n  two\n")
    assert yamlfile.read_mapping(path, required=("title", "date"))["date"] == ("one two", 2)


SCALARS = st.text(max_size=8) | st.sampled_from(
    ["source", "facts", "quote", "metric", "value", "city", "not loaded"]
)
TREES = st.recursive(
    SCALARS | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4),
    max_leaves=20,
)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(content=TREES.map(lambda tree: yaml.safe_dump(tree, allow_unicode=True)) | st.text(max_size=200))
def test_whatever_text_stands_in_a_fact_file_it_is_read_or_a_fault(tmp_path, content):
    read_or_fault(tmp_path / "any.yaml", content.encode("utf-8", "surrogatepass"))


@FUZZ
@given(data=st.data())
def test_a_real_fact_file_with_spoilt_bytes_is_read_or_a_fault(tmp_path, folders, data):
    content = bytearray(next((folders.data / "facts").glob("*.yaml")).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    read_or_fault(tmp_path / "any.yaml", bytes(content))


def read_or_fault(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with contextlib.suppress(DataFault):
        read_facts(path)
