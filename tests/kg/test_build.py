"""The build is a function of its inputs, and publishes only what conforms."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build, names, snapshot
from kg.faults import DataFault

SLUG = "e-my399-2021-03-30"


@pytest.fixture
def copied(tmp_path: Path, folders: build.Folders) -> build.Folders:
    """A copy of all inputs that a test may spoil."""
    for name in ("ontology", "shapes", "data"):
        shutil.copytree(getattr(folders, name), tmp_path / name)
    return build.Folders(tmp_path / "ontology", tmp_path / "shapes", tmp_path / "data")


BUILD = """
import sys
from pathlib import Path
from kg import build
print(build.build(build.Folders(), Path(sys.argv[1])).id)
"""


def test_building_twice_gives_the_same_bytes(tmp_path, built):
    """Another process has other hash seeds, and so another order of everything that is not sorted."""
    command = [sys.executable, "-W", "error", "-c", BUILD, str(tmp_path)]
    other = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert other.stdout.strip() == built.id, other.stderr
    for name in built.manifest["files"]:
        assert (tmp_path / built.id / name).read_bytes() == built.read(name)
    assert (tmp_path / built.id / "manifest.json").read_bytes() == built.read("manifest.json")


def test_the_quads_are_sorted_and_the_store_holds_the_same(built):
    lines = built.read("data.nq").splitlines()
    assert lines == sorted(set(lines))
    store = ox.Store.read_only(str(built.store))
    stored = [quad for quad in store if quad.graph_name != ox.DefaultGraph()]
    assert sorted(ox.serialize(stored, format=ox.RdfFormat.N_QUADS).splitlines()) == lines


def test_the_default_graph_is_the_merge_of_all_so_that_sums_are_right(built):
    """Both articles state the group of an industry; a union that counts it twice doubles the sum."""
    store = ox.Store.read_only(str(built.store))
    naive = """SELECT (SUM(?v) AS ?sum) { ?o a cekg:Level ; cekg:ofIndustry/cekg:partOf ?g ; cekg:year 2020 ;
               cekg:ofMetric/cekg:contributesTo metric:total-scale ; cekg:value ?v }"""
    (row,) = store.query(naive, prefixes=names.PREFIXES)
    assert row["sum"].value == "621370000000"


def test_there_is_a_graph_for_each_source_and_five_more(built):
    slugs = [*built.manifest["sources"], "base", "ontology", "reference", "links", "meta"]
    assert set(built.manifest["graphs"]) == {names.graph(slug) for slug in slugs}
    assert len(built.manifest["sources"]) >= 2


def test_nothing_that_is_published_is_a_blank_node(built):
    assert b"_:" not in built.read("data.nq")


def test_the_full_text_of_an_article_is_not_published(built, assembly):
    for item in assembly.coverage:
        assert f'<{names.term("sourceText")}> "'.encode() not in built.read("data.nq")
        paragraph = max(item.source.text.split("\n\n"), key=len)
        assert paragraph.encode() not in built.read("data.nq")


def test_the_report_conforms(built):
    assert b"sh:conforms true" in built.read("report.ttl")


def test_the_coverage_file_places_every_span_in_its_text(built, assembly):
    coverage = json.loads(built.read("coverage.json"))
    for item in assembly.coverage:
        account = coverage[item.source.slug]
        assert [item.source.text[a:b] for a, b in account["quotes"]] == [
            q.of(item.source.text) for q in item.quotes
        ]
        assert {left["reason"] for left in account["left"]} <= {
            "no figure",
            "no rank",
            "geography",
            "page furniture",
        }
        assert all(left["because"].endswith(".") for left in account["left"])


def test_the_manifest_has_the_digest_of_every_input(built, folders):
    for name, digest in built.manifest["inputs"].items():
        folder, _, rest = name.partition("/")
        assert hashlib.sha256((getattr(folders, folder) / rest).read_bytes()).hexdigest() == digest
    assert "data/facts/e-my399-2021-03-30.yaml" in built.manifest["inputs"]


def ask(store: ox.Store, query: str) -> bool:
    answer = store.query(query, prefixes=names.PREFIXES)
    assert isinstance(answer, ox.QueryBoolean)
    return bool(answer)


def test_the_graph_says_its_licence_and_what_it_was_built_from(built):
    store = ox.Store.read_only(str(built.store))
    assert ask(
        store,
        f"ASK {{ <{names.DATASET}> dcterms:license <{names.CC_BY}> ; dcterms:source source:{SLUG} }}",
    )
    assert ask(
        store,
        f"ASK {{ <{names.DATASET}> prov:wasGeneratedBy/prov:used/rdfs:label 'data/facts/{SLUG}.yaml'@en }}",
    )
    assert ask(store, f"ASK {{ ?software a prov:SoftwareAgent ; dcterms:license <{names.APACHE}> }}")


def test_the_parts_of_the_total_stand_in_the_graph_of_the_article_that_states_them(built):
    store = ox.Store.read_only(str(built.store))
    figures = "GRAPH graph:e-my399-2021-03-30 { ?o a cekg:Level ; cekg:ofIndustry ?i } ?i a cekg:Industry"
    rows = list(store.query(f"SELECT DISTINCT ?i {{ {figures} }}", prefixes=names.PREFIXES))
    assert len(rows) == 8


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_all_problems_of_all_files_come_in_one_go(copied):
    spoil(
        copied.data / "facts/e-my399-2021-03-30.yaml", "value: 80.7 billion yuan", "value: 80.8 billion yuan"
    )
    spoil(copied.data / "facts/e-my399-2021-03-30.yaml", "metric: total scale", "metric: total size")
    spoil(copied.data / "facts/e-my399-2021-08-04.yaml", "among: Northeast China", "among: Southeast China")
    spoil(copied.data / "links/links.sssom.tsv", "skos:relatedMatch", "skos:related")
    with pytest.raises(DataFault) as caught:
        build.assemble(copied)
    named = {Path(problem.file).name for problem in caught.value.problems}
    assert named == {"e-my399-2021-03-30.yaml", "e-my399-2021-08-04.yaml", "links.sssom.tsv"}
    assert len(caught.value.problems) >= 4


def test_turtle_that_does_not_parse_is_named_with_its_line(copied):
    path = copied.ontology / "concepts" / "places.ttl"
    lines = path.read_text(encoding="utf-8").count("\n")
    path.write_text(path.read_text(encoding="utf-8") + "\ncity:harbin cekg: .. .\n", encoding="utf-8")
    with pytest.raises(DataFault) as caught:
        build.assemble(copied)
    (problem,) = caught.value.problems
    assert problem.file.endswith("places.ttl")
    assert problem.line == lines + 2
    assert "not Turtle" in problem.message


def test_a_graph_that_breaks_a_shape_is_not_published(copied, tmp_path):
    root = tmp_path / "snapshots"
    before = build.build(copied, root)
    spoil(
        copied.ontology / "concepts" / "metrics.ttl",
        "cekg:expectedUnit unit:CCY_CNY",
        "cekg:expectedUnit unit:NUM",
    )
    with pytest.raises(build.NotConforming, match="unit"):
        build.build(copied, root)
    assert snapshot.open_current(root) == before


def test_a_broken_shape_is_a_fault_of_the_shapes(copied):
    path = copied.shapes / "observation.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "\n<x> <y> .\n", encoding="utf-8")
    with pytest.raises(DataFault, match=r"observation\.ttl"):
        build.check(copied)


def test_facts_without_their_article_are_named(copied):
    (copied.data / "sources" / "e-my399-2021-08-04.yaml").unlink()
    with pytest.raises(DataFault, match=r"no source sources/e-my399-2021-08-04\.yaml"):
        build.assemble(copied)


def test_an_empty_folder_of_data_says_what_to_add(tmp_path, folders):
    with pytest.raises(DataFault, match=r"There is no article: add <slug>\.txt"):
        build.assemble(build.Folders(folders.ontology, folders.shapes, tmp_path))


def test_progress_is_told_step_by_step(folders, tmp_path):
    steps: list[str] = []
    build.build(folders, tmp_path, steps.append)
    assert steps[0] == "Reading the ontology"
    assert steps[-2:] == ["Validating", "Publishing"]
