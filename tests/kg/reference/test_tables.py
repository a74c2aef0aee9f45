"""A line of the reference data is read whole, or refused with its file and line."""

from decimal import Decimal

import pytest

from kg.faults import DataFault
from kg.reference.codes import SYSTEMS, Code
from kg.reference.tables import CURRENCIES, HEAD, PLACES, Coordinates, read_folder
from kg.resources import data

TOP = (
    "#title: Places\n#description: Places of a test\n#license: https://a.example/license\n"
    "#attribution: By a test\n#sources:\n#  A: https://a.example/\n"
)
FIRST = TOP.count("\n") + 2
CHINA = ("country:china", "China", "中国", "", "", "", "", "1814991", "Iso3166Alpha2:CN", "2026-11-28")
REGION = ("region:north", "North", "北方", "country:china", "", "", "", "", "", "2026-11-28")
HARBIN = (
    *("city:harbin", "Harbin", "哈尔滨", "country:china", "region:north"),
    *("45.75", "126.65", "2037013", "Gbt2260:230100", "2026-11-28"),
)
YUAN = ("unit:CCY_CNY", "Chinese yuan", "Iso4217:CNY", "2026-11-28")


def table(columns, *rows):
    return TOP + "".join("\t".join(row) + "\n" for row in (columns, *rows))


@pytest.fixture
def read(tmp_path):
    def write(*rows, currencies=None):
        (tmp_path / "places.tsv").write_text(table(PLACES, *rows), encoding="utf-8")
        if currencies is not None:
            (tmp_path / "currencies.tsv").write_text(table(CURRENCIES, *currencies), encoding="utf-8")
        return read_folder(tmp_path)

    return write


def changed(row, **cells):
    columns = PLACES if len(row) == len(PLACES) else CURRENCIES
    return tuple((dict(zip(columns, row, strict=True)) | cells).values())


def test_a_line_is_a_place(read):
    place = read(CHINA, REGION, HARBIN).places[2]
    assert (place.iri, place.kind) == ("https://w3id.org/cekg/city/harbin", "city")
    assert place.coordinates == Coordinates(Decimal("45.75"), Decimal("126.65"))
    assert place.codes == (Code("Gbt2260", "230100"),)
    assert (place.country, place.region, place.geonames) == ("country:china", "region:north", "2037013")
    assert place.where.line == FIRST + 2


def test_without_tables_there_are_no_reference_data(tmp_path):
    assert read_folder(tmp_path).places == ()
    assert read_folder(tmp_path / "nothing").terms == ()


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"id": "daqing"},
            "id should be city:, region: or country: and a-z, 0-9, hyphens, and not “daqing”.",
        ),
        ({"id": "city:Da.qing"}, "and not “city:Da.qing”"),
        ({"id": "industry:oil"}, "and not “industry:oil”"),
        ({"name": ""}, "The cell of name should not be empty"),
        ({"name_zh": " 大庆"}, "nor begin or end with a space"),
        ({"country": ""}, "A city should have its country, as in “country:china”."),
        (
            {"country": "country:chine"},
            "No line is of the country “country:chine”. Did you mean “country:china”?",
        ),
        ({"country": "region:north"}, "No line is of the country “region:north”."),
        ({"region": "region:south"}, "No line is of the region “region:south”."),
        ({"latitude": "90.5"}, "latitude should be from -90 to 90, and not 90.5."),
        ({"latitude": "-91"}, "latitude should be from -90 to 90"),
        ({"longitude": "180.1"}, "longitude should be from -180 to 180"),
        ({"longitude": "126°39′"}, "longitude should be in degrees, as in “126.65”, and not “126°39′”."),
        ({"longitude": ""}, "A point needs latitude and longitude, or neither."),
        ({"geonames": ""}, "the number of the feature should stand beside them"),
        ({"geonames": "Q42"}, "geonames should be a number of GeoNames"),
        ({"codes": "230100"}, "“230100” should be a code system and a code"),
        ({"codes": "Gbt226:230100"}, "“Gbt226” is no code system that is known. Did you mean “Gbt2260”?"),
        ({"codes": "Gbt2260:2301"}, "“2301” is no code of Gbt2260, as “230100” is."),
        ({"codes": "Iso3166Alpha2:CN"}, "A city has no code of Iso3166Alpha2; that is for a country."),
        ({"codes": "Gbt2260:230100 Gbt2260:230100"}, "stands twice in one cell"),
        ({"codes": "Gbt2260:230100  Gbt2260:230200"}, "“” should be a code system and a code"),
        ({"checked": "today"}, "checked should be a date, as in “2021-03-30”, and not “today”."),
        ({"checked": "2021-02-30"}, "and not “2021-02-30”"),
    ],
)
def test_a_bad_cell_is_told_with_its_line(read, cells, message):
    with pytest.raises(DataFault) as fault:
        read(CHINA, REGION, changed(HARBIN, **cells))
    assert {(problem.file[-10:], problem.line) for problem in fault.value.problems} == {
        ("places.tsv", FIRST + 2)
    }
    assert message in str(fault.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (changed(CHINA, country="country:china"), "A country lies in no country"),
        (changed(REGION, region="region:north"), "A region lies in no other region"),
        (changed(REGION, country=""), "A region should have its country"),
        (HARBIN[:4], "A row should have 10 cells parted by tabs; this one has 4."),
    ],
)
def test_a_line_that_makes_no_sense_is_told(read, row, message):
    with pytest.raises(DataFault, match=f"places.tsv:{FIRST}: {message}"):
        read(row)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"geonames": "1"}, f"city:harbin has a line already: line {FIRST + 2}."),
        ({"id": "city:harbin-2"}, f"GeoNames 2037013 is city:harbin already (line {FIRST + 2})"),
        (
            {"id": "city:a", "geonames": "1"},
            f"Gbt2260:230100 is the code of city:harbin already (line {FIRST + 2})",
        ),
    ],
)
def test_two_lines_for_one_thing_are_told_at_the_later_one(read, cells, message):
    with pytest.raises(DataFault) as fault:
        read(CHINA, REGION, HARBIN, changed(HARBIN, **cells))
    assert {problem.line for problem in fault.value.problems} == {FIRST + 3}
    assert message in str(fault.value)


def test_a_region_in_another_country_is_told(read):
    norway = ("country:norway", "Norway", "挪威", *[""] * 5, "Iso3166Alpha2:NO", "2026-11-28")
    with pytest.raises(
        DataFault, match="city:harbin is in country:norway, and its region region:north in country:china"
    ):
        read(CHINA, norway, REGION, changed(HARBIN, country="country:norway"))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"id": "unit:PERCENT"}, "id should be a currency of QUDT, as in “unit:CCY_CNY”"),
        ({"codes": "Iso4217:USD"}, "unit:CCY_CNY should have the code of its name, “Iso4217:CNY”."),
        ({"codes": ""}, "The cell of codes should not be empty"),
        ({"checked": "soon"}, "checked should be a date"),
    ],
)
def test_a_bad_currency_is_told(read, cells, message):
    with pytest.raises(DataFault) as fault:
        read(CHINA, currencies=[changed(YUAN, **cells)])
    assert message in str(fault.value)
    assert f"currencies.tsv:{FIRST}:" in str(fault.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\tgeonames\t", "\tgeoname\t", f"places.tsv:{FIRST - 1}: The columns should be id, name, name_zh"),
        ("#attribution: By a test\n", "", "The key “attribution” is missing."),
        ("https://a.example/license", "free", "places.tsv:3: “free” should be an address"),
        ("  A: https://a.example/", "  A: there", "places.tsv:6: “there” should be an address"),
        ("#title", "title", "The table should begin with # and YAML"),
    ],
)
def test_a_bad_head_is_told(tmp_path, old, new, message):
    (tmp_path / "places.tsv").write_text(table(PLACES, CHINA).replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFault) as fault:
        read_folder(tmp_path)
    assert message in str(fault.value)


def test_a_table_that_nothing_reads_is_told(read, tmp_path):
    (tmp_path / "citys.tsv").write_text("", encoding="utf-8")
    with pytest.raises(DataFault, match=r"citys\.tsv: Only places\.tsv and currencies\.tsv are read here"):
        read(CHINA)


def test_all_problems_are_told_at_once(read):
    with pytest.raises(DataFault) as fault:
        read(
            CHINA,
            changed(REGION, country=""),
            changed(HARBIN, latitude="x", checked="y"),
            currencies=[YUAN[:2]],
        )
    assert len(fault.value.problems) == 4


def test_the_readme_names_every_column_and_code_system():
    text = (data() / "reference" / "README.md").read_text(encoding="utf-8")
    for word in (*PLACES, *CURRENCIES, *HEAD, *SYSTEMS):
        assert f"`{word}`" in text, word
