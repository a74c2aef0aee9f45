"""Coverage, quality and changes: what the graph holds, how good it is, and what is new."""

import json
import shutil
from dataclasses import replace

import pytest

from kg import names, snapshot
from server.app import create_app
from server.pages.catalog import Catalog
from server.pages.language import ENGLISH, choose
from server.reports import changes, coverage, quality
from tests.server.conftest import settings_for

HARBIN = names.thing("city", "harbin")


def rows_of(page):
    return {
        (row.industry.text if row.industry else "", row.metric.text): [
            [sign.name for sign in cell.signs] for cell in row.cells
        ]
        for row in page.rows
        if row.metric
    }


def test_coverage_says_what_is_stated_of_each_industry_and_what_is_not(app):
    page = coverage.page(app.catalog, HARBIN, ENGLISH)
    assert page.years == ("2020", "2021", "")
    rows = rows_of(page)
    assert rows["information industry", "revenue"] == [["level", "growth"], [], []]
    assert rows["modern logistics", "revenue"] == [["level"], [], []]
    assert rows["", "online government service capacity"] == [[], [], ["rank"]]
    farming = rows["deep processing of green agricultural products", "output value"]
    assert farming == [["level", "growth"], ["target"], []], "a target stands in the year in which it is due"
    assert all(row.series.startswith("/series/harbin/") for row in page.rows if row.metric)


def test_an_industry_of_a_citys_system_without_any_figure_is_listed_as_silent(sample_app):
    page = coverage.page(sample_app.catalog, names.thing("city", "northport"), ENGLISH)
    assert [row.industry.text for row in page.rows if row.metric is None] == ["salt"]
    assert page.silent == 1


def test_coverage_goes_on_where_a_part_of_the_table_ends(app, monkeypatch):
    whole = coverage.page(app.catalog, HARBIN, ENGLISH)
    monkeypatch.setattr(coverage, "MOST_ROWS", 10)
    parts, number = [], 1
    while True:
        page = coverage.page(app.catalog, HARBIN, ENGLISH, number)
        parts += page.rows
        if not page.next:
            break
        number += 1
        assert page.next == f"/coverage/harbin?page={number}"
    assert tuple(parts) == whole.rows
    assert number > 2


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/coverage", 302),
        ("/coverage/harbin", 200),
        ("/coverage/harbin?page=1", 200),
        ("/coverage/harbin?page=9", 404),
        ("/coverage/harbin?page=0", 400),
        ("/coverage/harbin?page=-1", 400),
        ("/coverage/harbin?page=x", 400),
        ("/coverage/harbin?page=99999999999999999999", 400),
        ("/coverage/nowhere", 404),
        ("/coverage/../x", 404),
        ("/quality", 200),
        ("/quality/report.ttl", 200),
        ("/quality/statistics.json", 200),
        ("/quality/coverage.json", 200),
        ("/quality/data.nq", 404),
        ("/changes", 200),
    ],
)
@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_every_address_of_the_reports_answers(client, address, status, tag):
    answer = client.get(address, headers={"Accept": "text/html", "Accept-Language": tag})
    assert answer.status_code == status


def test_quality_tells_the_rules_the_articles_and_who_repeats_whom(app):
    page = quality.page(app.catalog, ENGLISH)
    assert (page.validation.violations, page.validation.warnings) == ("0", ())
    assert int(page.validation.rules) > 100
    sentences, numbers = (
        quality.summed(getattr(each, name) for each in page.accounts) for name in ("sentences", "numbers")
    )
    assert (sentences.all, sentences.missing, numbers.all, numbers.missing) == (37, 0, 51, 0)
    assert page.conflicts == ()
    (total,) = page.corroboration
    assert total.values[0][0].text == "621.37 billion yuan"
    assert not total.corroborated
    assert len(total.values[0][1]) == 2


def statistics_with(tmp_path, app, **others):
    """The catalogue of a copy of the snapshot whose statistics say something else."""
    folder = tmp_path / app.catalog.snapshot.id
    shutil.copytree(app.catalog.snapshot.folder, folder)
    told = json.loads((folder / "statistics.json").read_bytes()) | others
    (folder / "statistics.json").write_text(json.dumps(told), encoding="utf-8")
    return Catalog(replace(app.catalog.snapshot, folder=folder))


def test_quality_shows_a_conflict_with_each_value_and_its_sources(app, tmp_path):
    total = json.loads(app.catalog.snapshot.read("statistics.json"))["corroboration"][0]
    first = total["figures"][0]
    other = {**first, "value": None, "lowerBound": "700000000000", "comparator": names.term("MoreThan")}
    conflict = {**total, "agrees": False, "figures": [first, other]}
    page = quality.page(statistics_with(tmp_path, app, conflicts=[conflict] * 101), ENGLISH)
    assert [value.text for value, _ in page.conflicts[0].values] == [
        "621.37 billion yuan",
        "more than 700 billion yuan",
    ]
    assert (len(page.conflicts), page.conflict_count) == (100, 101)


def test_quality_shows_a_warning_with_the_thing_that_it_is_about(app, tmp_path):
    warning = {"shape": names.SHAPE + "sources-agree", "focus": HARBIN, "path": None, "value": None}
    validation = {"rules": 165, "violations": 0, "warnings": [{**warning, "message": "Look <here>."}]}
    page = quality.page(statistics_with(tmp_path, app, validation=validation), choose("zh"))
    (found,) = page.validation.warnings
    assert (found.focus.text, found.message, found.shape.text) == ("哈尔滨", "Look <here>.", "sources-agree")


def test_quality_of_a_graph_that_no_build_published_says_so(sample_app):
    answer = sample_app.test_client().get("/quality", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "published without the build" in answer.text


def test_amounts_add_up():
    assert quality.summed([]) == quality.Amount(0, 0, 0, 0, 0)


@pytest.fixture
def two(snapshots, built, tmp_path):
    """A root in which a snapshot took the place of another: a label changed, a fact went, a thing came."""
    lines = built.read("data.nq").splitlines(keepends=True)
    gone = f"<{names.BASE}obs/harbin-logistics-revenue".encode()
    label = b'"modern logistics"@en'
    kept = [line for line in lines if not line.startswith(gone)]
    changed = [line.replace(label, b'"logistics <b>now</b>"@en') for line in kept]
    about = {"version": "1"}
    snapshot.publish(tmp_path, nquads=b"".join(sorted(lines)), files={}, about=about)
    snapshot.publish(tmp_path, nquads=b"".join(sorted(set(changed))), files={}, about=about)
    return tmp_path


def test_changes_show_what_went_and_what_says_something_else(two):
    app = create_app(settings_for(two, workers=1))
    try:
        page = changes.page(app.catalog, ENGLISH)
        assert [(fate.name, fate.count) for fate in page.facts] == [("removed", 1)]
        (gone,) = page.facts[0].things
        assert gone.thing.href is None
        assert "89.47 billion" in gone.thing.text
        assert gone.kind.text == "level"
        others = {other.kind.text: (other.added, other.changed, other.removed) for other in page.others}
        assert others["industry"] == (0, 1, 0)
        html = app.test_client().get("/changes", headers={"Accept": "text/html"}).text
        assert page.old in html
        assert "<b>now</b>" not in html
    finally:
        app.close()


def test_the_first_snapshot_has_nothing_to_be_compared_with(sample_app):
    page = changes.page(sample_app.catalog, ENGLISH)
    assert page.old == ""
    assert page.is_quiet


def test_an_account_says_why_passages_are_left_out(client):
    page = client.get("/quality").text
    assert "8 passages left out: A trend, an aim or a judgement" in page
    assert "未收录8处：" in client.get("/quality?lang=zh-Hans").text
