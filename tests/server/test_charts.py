"""Charts: what is drawn is what the rows say, nothing is left out, and everybody can tell it apart."""

import csv
import io
import json
import re
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

import server
from kg import names
from server import charts, drawing
from server.charts import Item, Point
from server.pages.language import ENGLISH, choose

CNY, PERCENT = names.unit("CCY_CNY"), names.unit("PERCENT")
FACT = "https://w3id.org/cekg/obs/a"
HERE = {"address": "/charts/city/harbin/size", "language": ENGLISH, "title": "Size"}
ITEMS = (
    Item("finance", Decimal("85810000000"), "advantageous", FACT),
    Item("logistics", None, "advantageous"),
    Item("tourism", Decimal("136260000000.5"), "leading"),
)


def values(chart):
    return chart.spec["data"]["values"]


def layers(chart):
    return {(layer["mark"]["type"], layer["encoding"]["y"].get("field", "")) for layer in chart.spec["layer"]}


def test_bars_stand_in_the_order_given_with_one_colour_for_each_group():
    chart = charts.bars(ITEMS, unit=CNY, **HERE)
    assert [row["name"] for row in values(chart)] == ["finance", "logistics", "tourism"]
    (bar,) = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "bar"]
    assert bar["encoding"]["color"]["scale"]["domain"] == ["advantageous", "leading"]


def test_numbers_are_numbers_in_the_scale_of_the_language():
    english = charts.bars(ITEMS, unit=CNY, **HERE)
    chinese = charts.bars(ITEMS, unit=CNY, **{**HERE, "language": choose("zh")})
    assert [row["value"] for row in values(english)] == [85.81, None, 136.2600000005]
    assert [row["value"] for row in values(chinese)] == [858.1, None, 1362.600000005]
    assert (english.unit, chinese.unit) == ("billion yuan", "亿元")


def test_what_is_not_stated_is_said_and_not_left_out():
    assert values(charts.bars(ITEMS, unit=CNY, **HERE))[1]["label"] == "not stated"
    ranked = charts.ranking(ITEMS, unit=CNY, **HERE)
    assert [(row["name"], row["label"]) for row in values(ranked)] == [
        ("tourism", "136.2600000005"),
        ("finance", "85.81"),
        ("logistics", "no rate stated"),
    ]


def test_a_ranking_writes_the_sign_and_draws_what_shrinks_to_the_other_side():
    items = [Item("a", Decimal("-3.1")), Item("b", None), Item("c", Decimal("11.6"))]
    chart = charts.ranking(items, **HERE)
    assert [row["label"] for row in values(chart)] == ["+11.6\u202f%", "−3.1\u202f%", "no rate stated"]
    assert [layer["mark"]["type"] for layer in chart.spec["layer"]].count("rule") == 1


def test_shares_follow_each_other_and_what_no_part_accounts_for_stays_empty():
    items = [Item("a", Decimal(30)), Item("b", None), Item("c", Decimal(60))]
    chart = charts.shares(items, whole=Decimal(100), unit=CNY, **HERE)
    assert [(row["start"], row["end"], row["label"]) for row in values(chart)] == [
        (0, 30, "30.0\u202f%"),
        (30, 90, "60.0\u202f%"),
    ]


def test_parts_of_more_than_the_whole_run_beyond_it():
    items = [Item("a", Decimal(80)), Item("b", Decimal(70))]
    chart = charts.shares(items, whole=Decimal(100), unit=CNY, **HERE)
    (bar,) = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "bar"]
    assert bar["encoding"]["x"]["scale"]["domain"] == [0, 150]


def test_a_line_stops_at_a_gap_and_at_a_conflict():
    points = [Point(year, Decimal(year)) for year in (2010, 2011, 2013, 2014, 2015)] + [
        Point(2014, Decimal(1))
    ]
    chart = charts.series(points, unit=PERCENT, **HERE)
    assert [(row["year"], row["run"], row["conflict"]) for row in values(chart)] == [
        (2010, "1", False),
        (2011, "1", False),
        (2013, "2", False),
        (2014, "", True),
        (2014, "", True),
        (2015, "3", False),
    ]
    rivals = [row for row in values(chart) if row["conflict"]]
    assert {(row["lowest"], row["highest"]) for row in rivals} == {(1, 2014)}


def test_bounds_are_drawn_as_what_they_are_and_never_as_values():
    points = [
        Point(2018, lower=Decimal(40), comparator=names.term("MoreThan")),
        Point(2019, lower=Decimal(40), upper=Decimal(50)),
        Point(2020, upper=Decimal(50), comparator=names.term("AtMost")),
    ]
    chart = charts.series(points, unit=PERCENT, **HERE)
    assert [row["value"] for row in values(chart)] == [None, None, None]
    assert [row["stated"] for row in values(chart)] == [
        "more than 40\u202f%",
        "from 40\u202f% to 50\u202f%",
        "at most 50\u202f%",
    ]
    shapes = {layer["mark"].get("shape") for layer in chart.spec["layer"]}
    assert {"triangle-up", "triangle-down", "diamond"} <= shapes


def test_one_year_is_drawn_like_thirty():
    one = charts.series([Point(2020, Decimal(5))], unit=PERCENT, **HERE)
    many = charts.series([Point(year, Decimal(5)) for year in range(1990, 2021)], unit=PERCENT, **HERE)
    assert one.spec["encoding"]["x"]["scale"]["domain"] == [2019.5, 2020.5]
    assert many.spec["encoding"]["x"]["scale"]["domain"] == [1989.5, 2020.5]
    assert {"text"} == {kind for kind, _ in layers(one) - layers(many)}, "few points say their values"


def test_several_lines_of_one_year_are_bars():
    chart = charts.series(
        [Point(2020, Decimal(5), line="a"), Point(2020, Decimal(7), line="b")], unit="", **HERE
    )
    assert [row["name"] for row in values(chart)] == ["b", "a"]


def test_nothing_to_draw_is_still_a_chart():
    for chart in (
        charts.bars([], unit=CNY, **HERE),
        charts.ranking([], **HERE),
        charts.shares([], whole=Decimal(1), unit=CNY, **HERE),
        charts.series([], unit=CNY, **HERE),
    ):
        assert json.loads(charts.to_json(chart))["data"]["values"] == []


def test_a_specification_stands_alone():
    spec = json.loads(charts.to_json(charts.series([Point(2020, Decimal(5))], unit=PERCENT, **HERE)))
    schema = spec.pop("$schema")
    assert schema == "https://vega.github.io/schema/vega-lite/v6.json"
    assert spec["title"]["text"] == "Size"
    assert "url" not in json.dumps(spec)
    assert "http" not in json.dumps(spec)


def test_those_who_hear_the_page_are_told_the_numbers():
    chart = charts.bars(ITEMS, unit=CNY, **HERE)
    assert chart.spec["description"] == "Size. finance: 85.81; logistics: not stated; tourism: 136.2600000005"


def test_the_rows_can_be_taken_away_to_the_last_digit():
    chart = charts.bars(ITEMS, unit=CNY, **HERE)
    rows = list(csv.DictReader(io.StringIO(charts.to_csv(chart).decode())))
    assert [row["value"] for row in rows] == ["85.81", "", "136.2600000005"]
    assert rows[0]["fact"] == FACT
    assert rows[0]["unit"] == "billion yuan"


def test_markup_in_a_name_is_a_name():
    chart = charts.bars([Item('<b>"x"</b>,\n', Decimal(1))], unit=CNY, **HERE)
    assert json.loads(charts.to_json(chart))["data"]["values"][0]["name"] == '<b>"x"</b>,\n'
    (row,) = csv.DictReader(io.StringIO(charts.to_csv(chart).decode(), newline=""))
    assert row["name"] == '<b>"x"</b>,\n'


def test_addresses_say_chart_parameters_and_language():
    chart = charts.bars(ITEMS, unit=CNY, **{**HERE, "address": "/queries/a?city=city%3Aharbin"})
    assert chart.slug == "a"
    assert chart.spec_href == "/queries/a.vl.json?city=city%3Aharbin&lang=en"
    assert chart.csv_href == "/queries/a.csv?city=city%3Aharbin&lang=en"


def test_the_colours_are_those_of_the_pages():
    style = (Path(server.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--(\w+): (#\w{6});", part))
        for part in style.split("prefers-color-scheme: dark")[:2]
    )
    for look, colours in (("light", light), ("dark", dark)):
        ours = {"paper": drawing.PAPER, "ink": drawing.INK, "soft": drawing.SOFT, "line": drawing.LINE}
        assert {name: found[look] for name, found in ours.items()} == {name: colours[name] for name in ours}


@pytest.mark.parametrize(("palette", "look"), [(drawing.LIGHT, "light"), (drawing.DARK, "dark")])
def test_every_colour_shows_on_its_paper(palette, look):
    """WCAG 2.2, 1.4.11: three to one for graphical objects."""
    for colour in palette:
        assert contrast(colour, drawing.PAPER[look]) >= 3, colour
    assert contrast(drawing.INK[look], drawing.PAPER[look]) >= 7
    assert contrast(drawing.SOFT[look], drawing.PAPER[look]) >= 4.5


@pytest.mark.parametrize("palette", [drawing.LIGHT, drawing.DARK])
@pytest.mark.parametrize("sight", ["all", "protan", "deutan", "tritan"])
def test_the_first_four_colours_can_be_told_apart_by_everybody(palette, sight):
    for one, other in combinations(palette[:4], 2):
        assert distance(seen(one, sight), seen(other, sight)) > 12, (one, other)


# How dichromats see: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SIGHT = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one, other):
    dark, light = sorted(
        sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(each), strict=True))
        for each in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


def seen(colour, sight):
    parts = linear(colour)
    return [min(max(sum(w * p for w, p in zip(row, parts, strict=True)), 0), 1) for row in SIGHT[sight]]


def distance(one, other):
    """CIE 1976: about 2.3 is just noticeable side by side."""
    return sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5


def lab(parts):
    red, green, blue = parts
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_the_picture_on_the_front_page_has_the_colours_of_the_charts():
    style = (Path(server.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
    colours = re.findall(r"--group-[ab]: (#[0-9a-f]{6})", style)
    assert colours == [*drawing.LIGHT[:2], *drawing.DARK[:2]]
