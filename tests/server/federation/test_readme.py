"""What the server's README says of federation is so."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

import server
from kg import federated, names
from server.sparql import neighbours
from tests.kg.queries.test_federated import stand_in as stand_in
from tests.protocol.wire import serving

README = (Path(server.__file__).parent / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Federation\n")[2].partition("\n## ")[0]
THERE, HERE = re.findall(r"^```sparql\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)


def test_the_query_from_here_to_there_is_answered(snapshots, stand_in):
    query = THERE.replace("https://query.wikidata.org/sparql", stand_in)
    assert query != THERE
    with serving(snapshots, services=stand_in, workers=1) as one:
        rows = one.ask(query, "text/csv").body.decode().split()
    assert sorted(rows) == sorted(["city,population", "Harbin,1000001", "哈尔滨,1000001"])


def test_the_query_from_there_to_here_is_answered(live):
    note, subject = ox.NamedNode("https://data.example/note"), ox.NamedNode(names.DCTERMS + "subject")
    own = ox.Store()
    own.add(ox.Quad(note, subject, ox.NamedNode(names.thing("metric", "revenue"))))
    rows = list(own.query(HERE.replace("http://127.0.0.1:8000", live)))
    assert len(rows) > 5
    assert {row["note"] for row in rows} == {note}


@pytest.mark.parametrize(
    "said",
    [
        f"at most {federated.MOST_CALLS} calls",
        f"all of them {federated.MOST_ROWS:,} rows",
        f"at most {neighbours.LARGEST // 1_000_000} MB",
        {100: "a hundred rows"}.get(federated.BATCH, ""),
        {2 / 3: "two thirds of the time"}.get(neighbours.SHARE, ""),
    ],
)
def test_the_limits_are_those_of_the_program(said):
    assert said
    assert said in SECTION


def test_the_prefixes_of_ours_need_no_declaration():
    assert not set(re.findall(r"^PREFIX (\w+):", THERE, re.MULTILINE)) & names.PREFIXES.keys()
