"""The table of addresses in the README: every address that there is, and none that there is not."""

import re
from pathlib import Path

import server
from kg import names

README = (Path(server.__file__).parent / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Addresses\n")[2].partition("\n## ")[0]


def as_written(rule):
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda match: match[1].upper(), rule)


def test_the_table_lists_the_addresses_that_there_are(app):
    first_columns = re.findall(r"^\| (`/.*?) \|", SECTION, re.MULTILINE)
    listed = [address for column in first_columns for address in re.findall(r"`([^`]+)`", column)]
    assert len(listed) == len(set(listed))
    assert set(listed) == {as_written(rule.rule) for rule in app.url_map.iter_rules()}


def test_the_kinds_are_those_of_the_names():
    sentence = re.search(r"`KIND` is one of (.*)\.\n", SECTION)[1]
    assert re.findall(r"`(\w+)`", sentence) == list(names.THINGS)
