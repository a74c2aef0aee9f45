"""The samples for other tools: each that can be run here is run, against the real server."""

import csv
import io
import re
import shutil
import subprocess
import sys
import urllib.request

import pytest

from server.pages.samples import samples

FIRST = "621370000000"


def sample(live, slug):
    return next(each.code for each in samples(f"{live}/sparql") if each.slug == slug)


def run(*command, code):
    done = subprocess.run([*command, code], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_sample_for_a_terminal_answers_with_csv(live):
    rows = list(csv.DictReader(io.StringIO(run("sh", "-c", code=sample(live, "curl")))))
    assert rows[0]["value"] == FIRST


def test_the_sample_for_python_reads_the_answer(live):
    # pandas itself is not among our dependencies; its one call here is the reader of CSV from an address.
    code = sample(live, "python").replace("import pandas\n", _PANDAS)
    assert FIRST in run(sys.executable, "-c", code=code)


_PANDAS = """
import csv, io, types, urllib.request
def read_csv(address):
    return list(csv.reader(io.TextIOWrapper(urllib.request.urlopen(address), encoding="utf-8")))
pandas = types.SimpleNamespace(read_csv=read_csv)
"""


@pytest.mark.skipif(not shutil.which("node"), reason="install Node: apt-get install nodejs")
def test_the_sample_for_javascript_prints_the_rows(live):
    assert FIRST in run("node", "--input-type=module", "-e", code=sample(live, "javascript"))


@pytest.mark.parametrize("slug", ["google-sheets", "power-query"])
def test_the_address_for_a_spreadsheet_answers_with_csv(live, slug):
    (address,) = re.findall(r'"(http[^"]+)"', sample(live, slug))
    with urllib.request.urlopen(address) as answer:
        rows = list(csv.DictReader(io.TextIOWrapper(answer, encoding="utf-8")))
    assert rows[0]["value"] == FIRST


@pytest.mark.parametrize("each", samples("http://localhost/sparql"), ids=lambda each: each.slug)
def test_every_sample_names_the_endpoint(each):
    assert "http://localhost/sparql" in each.code
