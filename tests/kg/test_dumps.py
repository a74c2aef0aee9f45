"""The dumps hold what the graph holds, are the same each time, and take no more memory for a larger graph."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import csvw
import pyoxigraph as ox
import pytest

from kg import dumps, names, resources, snapshot
from kg.distributions import BY_NAME, DISTRIBUTIONS, Distribution, published
from kg.export import export
from kg.faults import SnapshotFault
from kg.figures import COLUMNS

FORMATS = {
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
EACH = pytest.mark.parametrize("it", DISTRIBUTIONS, ids=lambda it: it.name)


def content(it: Distribution, folder: Path) -> bytes:
    """What a file holds, unpacked."""
    found = (folder / it.path).read_bytes()
    return gzip.decompress(found) if it.is_compressed else found


def quads(it: Distribution, folder: Path) -> set[ox.Quad]:
    return set(ox.parse(content(it, folder), format=FORMATS[it.media_type]))


def test_the_build_makes_each_of_the_table_and_lists_it_in_the_manifest(built: snapshot.Snapshot) -> None:
    assert published(built.manifest) == DISTRIBUTIONS
    assert set(dumps.MAKERS) == set(BY_NAME)
    for it in DISTRIBUTIONS:
        told = built.manifest["files"][it.path]
        found = (built.folder / it.path).read_bytes()
        assert told == {"bytes": len(found), "sha256": hashlib.sha256(found).hexdigest()}


@EACH
def test_the_same_snapshot_gives_the_same_bytes_whenever_it_is_asked(
    it: Distribution, built: snapshot.Snapshot
) -> None:
    made = b"".join(dumps.made(it, built.folder, packed=True))
    assert made == (built.folder / it.path).read_bytes()
    assert (
        not it.is_compressed or made[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    )  # no name, no time


def test_quads_keep_their_graphs_and_triples_are_all_there(built: snapshot.Snapshot) -> None:
    everything = set(ox.parse(built.read("data.nq"), format=ox.RdfFormat.N_QUADS))
    for name in ("nquads", "trig"):
        assert quads(BY_NAME[name], built.folder) == everything
    merged = {ox.Quad(*quad.triple) for quad in everything}
    for name in ("turtle", "jsonld"):
        assert quads(BY_NAME[name], built.folder) == merged


def test_trig_has_each_graph_in_one_piece_and_says_first_what_a_thing_is(built: snapshot.Snapshot) -> None:
    text = content(BY_NAME["trig"], built.folder).decode()
    graphs = [line.split()[0] for line in text.splitlines() if line.endswith("{")]
    assert [each for place, each in enumerate(graphs) if each not in graphs[:place]] == sorted(set(graphs))
    assert "city:harbin a cekg:City , cekg:Place ;\n\t\trdfs:label " in text


@EACH
def test_an_export_is_the_file_of_the_build_unpacked_or_as_it_is(
    it: Distribution, snapshots: Path, built: snapshot.Snapshot
) -> None:
    assert b"".join(export(it.name, snapshots)) == content(it, built.folder)
    packed = b"".join(export(it.name, snapshots, packed=True))
    assert gzip.decompress(packed) == content(it, built.folder)
    if it.is_compressed:
        assert packed == (built.folder / it.path).read_bytes()


def test_a_graph_that_was_published_without_them_is_exported_all_the_same(
    built: snapshot.Snapshot, tmp_path: Path
) -> None:
    snapshot.publish(tmp_path, nquads=built.read("data.nq"), files={}, about={})
    assert published(snapshot.open_current(tmp_path).manifest) == ()
    for name in ("trig", "csv", "cube", "schema"):
        assert b"".join(export(name, tmp_path)) == content(BY_NAME[name], built.folder)


def damage(root: Path, built: snapshot.Snapshot) -> Path:
    """Copy the snapshot and return the file in it that is to be damaged."""
    shutil.copytree(built.folder, root / built.id)
    (root / "CURRENT").write_text(built.id)
    return root / built.id / BY_NAME["turtle"].path


def test_a_missing_dump_is_a_damaged_snapshot(built: snapshot.Snapshot, tmp_path: Path) -> None:
    damage(tmp_path, built).unlink()
    with pytest.raises(SnapshotFault, match=r"cekg\.ttl\.gz is missing or has another length.*kg build"):
        list(export("turtle", tmp_path))


def test_a_dump_of_other_bytes_is_told_and_leaves_no_half_file(
    built: snapshot.Snapshot, tmp_path: Path
) -> None:
    file = damage(tmp_path, built)
    found = file.read_bytes()
    file.write_bytes(found[:100] + bytes(100) + found[200:])
    with pytest.raises(SnapshotFault, match=r"cekg\.ttl\.gz is damaged: .*kg build"):
        list(export("turtle", tmp_path))


WRITE = """
import resource, sys
from pathlib import Path
from kg import dumps, quads, snapshot
quads.sort.__kwdefaults__["run"] = snapshot._LINES_AT_ONCE = 5_000
line = b'<https://w3id.org/cekg/obs/%07d> <https://w3id.org/cekg/ont#year> "1" <http://a.example/g%d> .\\n'
lines = (line % (number, number % 7) for number in range(40_000))
made = snapshot.publish(Path(sys.argv[1]), nquads=lines, files={}, about={})
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
list(dumps.write(made.folder))
print(peak() - before)
"""


def test_memory_does_not_grow_with_the_graph(tmp_path: Path) -> None:
    """40,000 triples would take 30 MB if they were held."""
    command = [sys.executable, "-c", WRITE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    assert int(done.stdout) < 15
    assert len(quads(BY_NAME["trig"], snapshot.open_current(tmp_path).folder)) == 40_000


# The table.


def table(built: snapshot.Snapshot) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(BY_NAME["csv"], built.folder).decode(), newline="")))


def test_the_table_has_a_row_for_each_figure_with_all_that_an_economist_asks(
    built: snapshot.Snapshot,
) -> None:
    rows = table(built)
    assert len(rows) == built.statistics()["counts"]["observations"]
    row = next(each for each in rows if each["value"] == "9.3")
    assert (row["city"], row["metric"], row["kind"], row["unit"]) == (
        "Harbin",
        "output value",
        "Growth",
        "percent",
    )
    assert (row["year"], row["base_year"], row["period_text"]) == ("2020", "2019", "In the past year")
    assert row["publishers"] == "e.my399.com"
    assert row["published"] == "2021-03-30"
    assert row["titles"] == "Harbin’s modern industrial system sees rapid growth in 2020"
    assert row["addresses"] == "http://e.my399.com/business/industries/2021-03-30/5554.html"
    assert row["value_text"] in row["sentences"]
    assert row["label"].startswith("Harbin, deep processing")
    both = next(each for each in rows if each["figure"].endswith("total-scale-2020-level-621370000000-cny"))
    assert both["published"] == "2021-03-30 2021-08-04"
    assert both["publishers"] == "e.my399.com"
    assert both["sentences"].count("\n") == 1
    share = next(each for each in rows if each["kind"] == "Share")
    assert (share["lower_bound"], share["value"]) == ("40", "")
    assert share["share_of"] == "investment in key industrial projects"
    rank = next(each for each in rows if each["kind"] == "Rank")
    assert rank["ranked_among"] == "Northeast China"


def test_the_table_is_read_with_its_types_by_a_library_for_csv_on_the_web(built: snapshot.Snapshot) -> None:
    file = built.folder / BY_NAME["csvw"].path
    read = csvw.Table.from_file(file)
    assert read.check_primary_key() is True
    rows = list(read.iterdicts())
    assert len(rows) == len(table(built))
    row = next(each for each in rows if str(each["value"]) == "9.3")
    assert (row["year"], row["base_year"]) == (2020, 2019)
    assert row["period_end"].isoformat()[:10] == "2020-12-31"
    assert [each.isoformat()[:10] for each in row["published"]] == ["2021-03-30"]
    assert str(row["figure"].unsplit()) == next(r["figure"] for r in table(built) if r["value"] == "9.3")
    assert [each.name for each in read.tableSchema.columns] == [each.name for each in COLUMNS]


def test_what_the_metadata_says_makes_the_triples_of_the_graph(built: snapshot.Snapshot) -> None:
    told = json.loads(content(BY_NAME["csvw"], built.folder))
    assert told["url"] == BY_NAME["csv"].file
    stated = {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in ox.parse(built.read("data.nq"), format=ox.RdfFormat.N_QUADS)
        if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.BlankNode | ox.Triple)
    }
    made = {
        (row["figure"], column["propertyUrl"], row[column["name"]])
        for row in table(built)
        for column in told["tableSchema"]["columns"]
        if "propertyUrl" in column and row[column["name"]]
    }
    assert len(made) > 250
    assert made <= stated


def test_a_graph_of_somebody_else_makes_a_table_too(tmp_path: Path) -> None:
    """Texts where we have things, and figures without a name, of which a row could say nothing."""
    figure, kind = f"<{names.thing('obs', 'x')}>", f"<{names.RDF}type> <{names.term('Observation')}>"
    graph = f"<{names.graph('a')}> ."
    lines = [
        f"{figure} {kind} {graph}",
        f"_:b {kind} {graph}",
        f'{figure} <{names.term("ofCity")}> "Atlantis" {graph}',
        f'{figure} <{names.term("evidence")}> "hearsay" {graph}',
    ]
    snapshot.publish(tmp_path, nquads="\n".join([*lines, ""]).encode(), files={}, about={})
    (row,) = csv.DictReader(io.StringIO(b"".join(export("csv", tmp_path)).decode()))
    assert (row["city"], row["quotes"], row["sentences"]) == ("Atlantis", "hearsay", "")


# The view of schema.org.


@pytest.fixture(scope="module")
def view(built: snapshot.Snapshot) -> ox.Store:
    store = ox.Store()
    store.load(content(BY_NAME["schema"], built.folder), format=ox.RdfFormat.JSON_LD)
    return store


def rows(store: ox.Store, query: str) -> list[tuple[str | None, ...]]:
    answer = store.query(query, prefixes=names.PREFIXES)
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple(names.compact(each.value) if each else None for each in row) for row in answer]


def test_the_view_is_json_in_the_words_of_schema_org(built: snapshot.Snapshot) -> None:
    nodes = json.loads(content(BY_NAME["schema"], built.folder))["@graph"]
    figure = next(each for each in nodes if each.get("value") == "9.3")
    assert figure["@type"] == "Observation"
    assert figure["observationAbout"] == "city:harbin"
    assert (figure["observationDate"], figure["observationPeriod"]) == ("2020", "P1Y")
    assert figure["unitText"] == {"en": "percent"}
    assert all(":" not in key for each in nodes for key in each)


def test_each_figure_that_was_observed_is_an_observation_with_a_number_and_its_sentence(
    view: ox.Store, built: snapshot.Snapshot
) -> None:
    found = rows(
        view,
        """SELECT ?figure ?number ?text WHERE {
            ?figure a schema:Observation ; schema:observationAbout ?city ; schema:variableMeasured ?variable ;
                schema:measuredProperty ?metric ; schema:unitCode ?unit ; schema:isBasedOn ?quote ;
                schema:value|schema:minValue|schema:maxValue ?number .
            ?variable a schema:StatisticalVariable ; schema:measuredProperty ?metric ; schema:name ?name .
            ?quote schema:text ?text ; schema:isPartOf/schema:publisher/schema:name ?publisher
            FILTER (LANG(?publisher) = "en") }""",
    )
    kinds = {row["figure"]: row["kind"] for row in table(built)}
    observed = {names.compact(it) for it, kind in kinds.items() if kind not in ("Target", "Converted")}
    assert {row[0] for row in found} == observed
    assert len(kinds) > len(observed) > 25


def test_a_bound_is_no_value_and_no_date_is_borrowed(view: ox.Store) -> None:
    figure = "?figure a schema:Observation ; schema:name ?name FILTER (CONTAINS(STR(?name), ?part))"
    share = rows(
        view,
        f"""SELECT ?least ?value WHERE {{ VALUES ?part {{ "more than 40 percent" }} {figure}
            ?figure schema:minValue ?least OPTIONAL {{ ?figure schema:value ?value }} }}""",
    )
    assert share == [("40", None)]
    undated = rows(
        view,
        """SELECT DISTINCT ?date WHERE {
            ?figure a schema:Observation FILTER (CONTAINS(STR(?figure), "undated"))
            OPTIONAL { ?figure schema:observationDate ?date } }""",
    )
    assert undated == [(None,)]


def test_figures_of_one_measure_share_a_variable_and_others_have_their_own(view: ox.Store) -> None:
    found: Iterable[tuple[str | None, ...]] = rows(
        view, "SELECT ?variable ?name { ?variable a schema:StatisticalVariable ; schema:name ?name }"
    )
    assert {
        ("dataset:variable-level-revenue-in-finance", "revenue, financial industry"),
        ("dataset:variable-growth-revenue-in-finance", "growth of revenue, financial industry"),
    } <= set(found)
    assert len({row[0] for row in found}) == len({row[1] for row in found})


def test_the_words_are_those_of_schema_org(view: ox.Store) -> None:
    used = {row[0] for row in rows(view, "SELECT DISTINCT ?term { { ?s ?term ?o } UNION { ?s a ?term } }")}
    own = {term for term in used if term and not term.startswith("schema:")}
    assert own == {"rdf:type", "cekg:ofIndustry", "cekg:rankedAmong"}
    context = json.loads((resources.data() / "exports" / "schema-context.jsonld").read_bytes())["@context"]
    assert all(names.PREFIXES.get(key, iri) == iri for key, iri in context.items() if isinstance(iri, str))


# The documentation.

README = (resources.data() / "exports" / "README.md").read_text(encoding="utf-8")


def test_the_table_of_the_readme_is_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", README, re.MULTILINE)
    assert rows == [(it.name, it.file) for it in DISTRIBUTIONS]
    sets = re.findall(r"^\| `dataset:([\w-]+)`", README, re.MULTILINE)
    structures = (resources.data() / "exports" / "cube.ttl").read_text(encoding="utf-8")
    assert sets == re.findall(r"^dataset:([\w-]+) a qb:DataSet ;", structures, re.MULTILINE)


def test_the_commands_of_the_readme_run(snapshots: Path, built: snapshot.Snapshot, tmp_path: Path) -> None:
    (tmp_path / "snapshots").symlink_to(snapshots)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    (block,) = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    command = ["bash", "-euc", block]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.rstrip(b",\n"))["id"]
    assert (tmp_path / "figures.csv").read_bytes() == content(BY_NAME["csv"], built.folder)
    assert (tmp_path / "cekg.ttl.gz").read_bytes() == (built.folder / BY_NAME["turtle"].path).read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cekg.ttl.gz", "figures.csv", "snapshots"]
