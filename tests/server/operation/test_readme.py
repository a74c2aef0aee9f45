"""The server's README says what is so: its tables are those of the program."""

import re
from pathlib import Path

import pytest

import server
from server.operation import readings
from server.operation.access import FIELDS
from server.settings import TABLE, read_settings

README = (Path(server.__path__[0]) / "README.md").read_text(encoding="utf-8")


def rows(heading):
    """The rows of the first table below a heading, without its head."""
    section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def test_every_setting_stands_there_as_the_program_has_it():
    def row(setting):
        default = "the cores" if setting.name == "workers" else setting.default or "none"
        usage = f"{setting.flag} {setting.placeholder}"
        return f"| `{usage}` | `{setting.variable}` | {default} | {setting.reason} |"

    assert rows("Settings") == [row(setting) for setting in TABLE]


def test_every_field_of_the_log_stands_there():
    assert rows("The access log") == [f"| `{name}` | {meaning} |" for name, meaning in FIELDS]


def test_every_metric_stands_there(app):
    assert rows("Metrics") == [
        f"| `{family.name}` | {family.kind} | {family.help} |" for family in readings.families(app)
    ]


def test_every_flag_and_variable_in_the_text_is_one():
    known = {setting.flag for setting in TABLE} | {setting.variable for setting in TABLE} | {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*|CEKG_[A-Z_]+", README)) <= known


@pytest.mark.parametrize("flags", re.findall(r"`kg serve (--[^`]+)`", README))
def test_commands_in_the_text_are_understood(flags):
    if flags != "--help":
        read_settings(flags.split(), {})
