"""Series: years with and without figures, in every form, each number with its sentence."""

import csv
import io
from decimal import Decimal

import pytest
from rdflib import Graph

from kg import names
from server.pages.catalog import Catalog
from server.pages.figures import Figure
from server.pages.language import ENGLISH
from server.pages.periods import Period
from server.pages.statements import Statement
from server.series import holdings, page, records, series

FIREFOX = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FINANCE = "/series/gap-town/revenue/finance"
GREEN = "/series/harbin/output-value/green-agriculture"


@pytest.fixture
def years(years_app):
    return years_app.test_client()


@pytest.fixture(scope="module")
def finance(years_app):
    found = series.of(
        years_app.catalog,
        names.thing("city", "gap-town"),
        names.thing("metric", "revenue"),
        names.thing("industry", "finance"),
    )
    assert found
    return found


@pytest.fixture(scope="module")
def view(years_app, finance):
    return page.page(years_app.catalog, finance, ENGLISH)


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (FIREFOX["Accept"], "html"),
        (None, "html"),
        ("text/csv", "csv"),
        ("application/json", "json"),
        ("application/vnd.vegalite.v6+json", "vl.json"),
        ("application/json;q=0.5, text/csv", "csv"),
    ],
)
def test_a_series_leads_to_the_form_that_the_client_likes(client, accept, suffix):
    answer = client.get(GREEN, headers={"Accept": accept} if accept else {})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{GREEN}.{suffix}")
    there = client.get(answer.headers["Location"])
    assert there.status_code == 200
    for other in {"html", "csv", "json", "vl.json"} - {suffix}:
        assert f'<{GREEN}.{other}>; rel="alternate"' in there.headers["Link"]
    assert "ETag" in there.headers


def test_a_form_can_be_asked_for_by_name(client):
    assert client.get(f"{GREEN}?format=csv&lang=zh").headers["Location"] == f"{GREEN}.csv?lang=zh-Hans"
    assert client.get(f"{GREEN}?format=png").status_code == 400
    assert client.get(f"{GREEN}.png").status_code == 404
    assert client.get(GREEN, headers={"Accept": "image/png"}).status_code == 406


def test_one_year_is_as_good_as_thirty(client):
    answer = client.get(f"{GREEN}.html?lang=en")
    for text in ("101.95", "+9.3", "2020", "at least 100 billion yuan", "due by 2021", "30 March 2021"):
        assert text in answer.text
    assert '<link rel="alternate" type="text/csv"' in answer.text


def test_years_in_between_without_a_figure_are_visible(view, years):
    assert [year.year for year in view.years] == [2020, 2019, 2018, 2017, 2016, 2015]
    assert [year.year for year in view.years if not year.lines] == [2017]
    assert "nothing stated" in years.get(f"{FINANCE}.html?lang=en").text
    assert "没有记述" in years.get(f"{FINANCE}.html?lang=zh").text


def test_sources_that_differ_stand_side_by_side(view):
    (year,) = [each for each in view.years if each.differs]
    assert year.year == 2018
    assert sorted(line.level.number for line in year.lines) == ["5", "5.2"]
    assert {line.sources[0].date for line in year.lines} == {"2019-03-01", "2021-05-01"}


def test_bounds_keep_their_words_and_units_stand_at_the_head(view):
    levels = {year.year: [line.level.number for line in year.lines if line.level] for year in view.years}
    assert view.unit == "billion yuan"
    assert levels == {
        2020: [],
        2019: ["more than 6"],
        2018: ["5.2", "5"],
        2017: [],
        2016: ["4.5"],
        2015: ["4"],
    }


def test_growth_stands_beside_its_level_and_alone_where_there_is_none(view):
    growth = {year.year: [g.number for line in year.lines for g in line.growth] for year in view.years}
    assert growth == {2020: ["\N{MINUS SIGN}3"], 2019: [], 2018: [], 2017: [], 2016: ["+12.5"], 2015: []}


def test_what_is_of_no_whole_year_is_stated_below(view):
    assert [(other.kind, other.amount.number, other.period) for other in view.others] == [
        ("level", "3 billion yuan", "first half of 2021"),
        ("target", "at least 7 billion yuan", "due by 2025"),
    ]


def test_every_row_of_the_table_file_has_its_observation_source_and_sentence(years, finance):
    rows = list(csv.DictReader(io.StringIO(years.get(f"{FINANCE}.csv").text)))
    assert tuple(rows[0]) == records.COLUMNS
    assert len(rows) == len(finance.statements) + 1  # one of them stands in two sources
    for row in rows:
        assert row["observation"].startswith(names.BASE + "obs/")
        assert row["source"].startswith(names.BASE + "source/")
        assert row["quote_text"]
    assert rows[0]["quote_text"] == '=1+1, said "the paper",\nand <b>more</b>.'
    (bound,) = [row for row in rows if row["year"] == "2019"]
    assert (bound["value"], bound["lower_bound"], bound["comparator"]) == ("", "6000000000", "MoreThan")


def test_json_names_gaps_and_conflicts_and_has_the_same_records(years):
    found = years.get(f"{FINANCE}.json").json
    assert (found["first"], found["last"]) == (2015, 2020)
    assert (found["missing"], found["conflicts"]) == ([2017], [2018])
    assert found["industry"] == {
        "iri": names.thing("industry", "finance"),
        "label": {"en": "finance", "zh-Hans": "金融"},
    }
    assert len(found["records"]) == len(years.get(f"{FINANCE}.csv").text.split("\r\n")) - 2
    assert found["records"][0]["value"] == 4_000_000_000


def test_the_columns_are_documented():
    for column in records.COLUMNS:
        assert f"``{column}``" in records.__doc__


def test_the_chart_leaves_gaps_and_marks_conflicts(years):
    spec = years.get(f"{FINANCE}.vl.json?lang=en").json
    values = spec["data"]["values"]
    assert [value["year"] for value in values] == [2015, 2016, 2018, 2018, 2019]
    assert [value["conflict"] for value in values] == [False, False, True, True, False]
    assert [value["stated"] for value in values][-1] == "more than 6 billion yuan"


def test_growth_alone_is_drawn_where_no_level_is_stated(client):
    answer = client.get("/series/harbin/outside-capital-used.vl.json?lang=en")
    assert [value["stated"] for value in answer.json["data"]["values"]] == ["+36.7\u202f%"]
    undated = "/series/harbin/5g-base-stations"
    assert client.get(f"{undated}.html").status_code == 200
    assert client.get(f"{undated}.vl.json").status_code == 404


def test_a_group_is_told_from_an_industry_of_the_same_name(years):
    assert "9" in years.get("/series/gap-town/revenue/group:finance.html").text
    assert years.get("/series/gap-town/revenue/group:finance.json").json["industry"]["iri"] == names.thing(
        "group", "finance"
    )
    refused = years.get("/series/gap-town/revenue/city:gap-town")
    assert (refused.status_code, "is no industry" in refused.json["detail"]) == (404, True)


def test_hostile_texts_are_text(years):
    for address in (f"{FINANCE}.html", "/series/gap-town", "/city/gap-town.html"):
        page_ = years.get(address).text
        for text in ("<script>alert", "<img src=x", "<b>"):
            assert text not in page_, address
    assert "&lt;img src=x" in years.get("/series/gap-town/revenue/fishing.html").text


@pytest.mark.parametrize(
    "address",
    [
        "/series/nowhere",
        "/series/nowhere/revenue",
        "/series/gap-town/nothing",
        "/series/gap-town/revenue/nobody",
        "/series/gap-town/revenue/finance/more",
        "/series/gap-town/revenue/" + "x" * 5_000,
        "/series/gap-town/revenue/%3Cscript%3E",
        "/series/gap-town/revenue/finance.",
        "/series/gap-town?metric=nothing",
        "/series/gap-town?page=7",
    ],
)
def test_what_there_is_not_is_404(years, address):
    answer = years.get(address, headers=FIREFOX, follow_redirects=True)
    assert answer.status_code == 404
    assert "<script>" not in answer.text
    assert len(answer.data) < 20_000


def test_a_combination_without_figures_says_which_have_some(years):
    answer = years.get("/series/gap-town/staff/finance", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert "No source states the staff of finance in Gap Town" in answer.json["detail"]
    assert {near["address"] for near in answer.json["suggestions"]} == {"/series/gap-town/staff"}
    whole = years.get("/series/gap-town/revenue", headers=FIREFOX)
    assert whole.status_code == 404
    assert f'href="{FINANCE}"' in whole.text


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "٣", "9" * 30])
def test_a_part_of_the_list_that_is_no_number_is_400(years, number):
    assert years.get("/series/gap-town", query_string={"page": number}).status_code == 400


def test_the_list_has_every_series_and_every_one_answers(client, app):
    held = holdings.of(app.catalog, names.thing("city", "harbin"))
    text = client.get("/series/harbin?lang=en").text
    addresses = {f"/series/harbin/{names.local(metric)}" for metric in held.metrics}
    assert all(address in text for address in addresses)
    assert text.count('href="/series/harbin/') == len(held.series)


def test_a_long_list_is_shown_in_parts(large):
    client = large()
    page_ = client.get("/series/bababa?lang=en").text
    assert page_.count('href="/series/bababa/') == 24
    assert "1991 to 2020" in page_


def test_thirty_years_are_one_table(large):
    answer = large().get("/series/bababa/output-value/finance.html?lang=en")
    assert answer.text.count('<th scope="row"') == 30
    assert len(answer.data) < 50_000


def test_the_holdings_of_a_city_are_all_its_facts(app, snapshots):
    city = names.thing("city", "harbin")
    held = holdings.of(app.catalog, city)
    facts = {
        entry.fact for found in (held.series, held.others) for entries in found.values() for entry in entries
    }
    assert facts == set(app.catalog.pointing(city, names.term("ofCity")))
    assert (holdings.sources(app.catalog, city), held.years) == (2, (2020, 2020))
    assert holdings.of(app.catalog, city) is held  # read once for a snapshot


def test_holdings_are_the_same_whether_asked_for_or_read_from_few_facts(app, monkeypatch):
    city = names.thing("city", "harbin")
    asked, read = Catalog(app.catalog.snapshot), Catalog(app.catalog.snapshot)
    assert holdings.of_read(read, city) == holdings.of(asked, city)
    assert holdings.sources(read, city) == 2
    monkeypatch.setattr(holdings, "_are_few", lambda _: False)
    assert holdings.sources(asked, city) == 2


def test_what_a_series_says_is_what_the_graph_says(client):
    (record,) = [each for each in client.get(f"{GREEN}.json").json["records"] if each["kind"] == "Growth"]
    graph = Graph().parse(
        data=client.get(record["observation"].removeprefix(names.BASE[:-1]) + ".ttl").data, format="turtle"
    )
    assert {float(value) for value in graph.objects(predicate=None) if str(value) == "9.3"} == {
        record["value"]
    }


@pytest.mark.parametrize(("value", "differs"), [("6.1", False), ("5.9", True)])
def test_a_bound_differs_only_from_what_it_excludes(value, differs):
    yuan, period = names.unit("CCY_CNY"), Period(2019)
    bound = Figure(None, yuan, lower=Decimal(6), comparator=names.term("MoreThan"))
    exact = Figure(Decimal(value), yuan, comparator=names.term("Exact"))
    found = [Statement("", "Level", {}, figure, period, (), (), (), ()) for figure in (bound, exact)]
    assert series.conflicts(found) == ({2019} if differs else set())
