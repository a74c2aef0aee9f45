"""How charts look: from rows and their labels to Vega-Lite 6.

A specification stands alone, with its data, and asks for nothing from elsewhere. Its colours are those of a
light page; those of a dark one are in ``usermeta.dark``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cell: TypeAlias = "str | int | bool | Decimal | None"
Row: TypeAlias = "dict[str, Cell]"
Spec: TypeAlias = "dict[str, Any]"

LIGHT: Final = ("#0072b2", "#d55e00", "#009e73", "#b8578b", "#8f6a00", "#5d625f")
"""Okabe and Ito's colours, which the colour-blind can tell apart; three made darker to show on paper."""
DARK: Final = ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#a3a9a5")
"""The same on a dark page."""
PAPER: Final = {"light": "#fcfbf8", "dark": "#151817"}
INK: Final = {"light": "#1f2120", "dark": "#e9e7e1"}
SOFT: Final = {"light": "#5d625f", "dark": "#a3a9a5"}
LINE: Final = {"light": "#dcd8ce", "dark": "#343a38"}
"""Those of static/style.css; a test holds them equal."""


def complete(title: str, unit: str, drawn: Spec) -> Spec:
    """Return what is drawn with its title, its looks, and words for those who hear the page."""
    said = [(row.get("name", row.get("year")), row["label"]) for row in drawn["data"]["values"]]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": title, "subtitle": unit} if unit else title,
        "description": _told(title, said),
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        **drawn,
        "config": _config("light", LIGHT),
        "usermeta": {"dark": _config("dark", DARK)},
    }


def bars(rows: Sequence[Row], labels: Sequence[str]) -> Spec:
    """Lay out bars below their names: on a phone there is no room beside them."""
    x = {"field": "value", "type": "quantitative", "axis": None, "stack": None}
    has_both = any(isinstance(each := row["value"], Decimal) and each < 0 for row in rows)
    return _lines_of_bars(rows, labels, {"x": x}, [0] if has_both else [])


def cascade(rows: Sequence[Row], labels: Sequence[str]) -> Spec:
    """Lay out bars that begin where the one before ended, between nothing and the whole."""
    end = max([_WHOLE, *(each for row in rows if isinstance(each := row["end"], Decimal))])
    x = {"field": "start", "type": "quantitative", "axis": None, "scale": {"domain": [0, _as_number(end)]}}
    return _lines_of_bars(rows, labels, {"x": x, "x2": {"field": "end"}}, [int(_WHOLE)])


def _lines_of_bars(rows: Sequence[Row], labels: Sequence[str], across: Spec, marks: Sequence[int]) -> Spec:
    """Put a name above each bar and its number at the right of it; ``marks`` are lines from top to bottom."""
    values = [
        {"row": number, **_as_json(row), "label": label, "said": f"{row['name']}: {label}"}
        for number, (row, label) in enumerate(zip(rows, labels, strict=True))
    ]
    room = {"expr": f"width - {_PER_LETTER * max(map(len, labels), default=0) + 8}"}
    x = {**across["x"], "scale": {**across["x"].get("scale", {}), "range": [0, room]}}
    scale = {"domain": list(range(len(values))), "paddingInner": 0, "paddingOuter": 0}
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": scale}
    number = {"type": "text", "align": "right", "baseline": "middle", "yOffset": 9}
    at_right = {"y": y, "x": {"value": "width"}, "text": {"field": "label"}}
    return {
        "height": _STEP * max(len(values), 1),
        "data": {"values": values},
        "layer": [
            *({"mark": {"type": "rule", "style": "zero"}, "encoding": {"x": _at(x, each)}} for each in marks),
            {
                "mark": {"type": "bar", "height": 12, "yOffset": 9, "cursor": "pointer"},
                "encoding": {"y": y, **across, "x": x, **_by_group(rows), **_followed(rows)},
            },
            {
                "mark": {"type": "text", "align": "left", "baseline": "middle", "yOffset": -7, "limit": _ALL},
                "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "name"}},
            },
            {
                "transform": [{"filter": "isValid(datum.value)"}],
                "mark": {**number, "fontWeight": 600},
                "encoding": at_right,
            },
            {
                "transform": [{"filter": "!isValid(datum.value)"}],
                "mark": {**number, "style": "missing"},
                "encoding": at_right,
            },
        ],
    }


_WHOLE: Final = Decimal(100)
_PER_LETTER: Final = 8
"""Pixels that a letter takes, at most and on the average."""
_ALL: Final = {"expr": "width"}


def _at(x: Spec, place: int) -> Spec:
    return {"datum": place, "type": "quantitative", "axis": None, "scale": x["scale"]}


def _by_group(rows: Sequence[Row]) -> Spec:
    return _coloured([str(row["group"]) for row in rows], "group")


def _coloured(found: Iterable[str], field: str) -> Spec:
    """Return the colours of what is found, in that order; one alone needs no legend, nothing no colours."""
    domain = list(dict.fromkeys(filter(None, found)))
    if not domain:
        return {}
    colour: Spec = {"field": field, "type": "nominal", "scale": {"domain": domain}}
    return {"color": colour if len(domain) > 1 else {**colour, "legend": None}}


def _followed(rows: Sequence[Row]) -> Spec:
    """Return what a mark says to those who point at it or hear it, and where it leads: to its observation."""
    shown: Spec = {"tooltip": {"field": "said"}, "description": {"field": "said"}}
    return {**shown, "href": {"field": "fact"}} if any(row["fact"] for row in rows) else shown


def years(rows: Sequence[Row]) -> Spec:
    """Lay out a series; where years are few each point says its value."""
    years = [int(str(row["year"])) for row in rows] or [0]
    span = list(range(min(years), max(years) + 1))
    x = {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": [span[0] - 0.5, span[-1] + 0.5], "nice": False, "zero": False},
        "axis": {"values": span, **_YEARS},
    }
    colour = _coloured([str(row["line"]) for row in rows], "line")
    shown = {**colour, **_followed(rows)}
    point: Spec = {"type": "point", "cursor": "pointer"}
    tick: Spec = {"type": "tick", "orient": "horizontal", "thickness": 2, "width": 14}
    layers = [
        _layer({"type": "line"}, "datum.run !== ''", "value", {**colour, "detail": {"field": "run"}}),
        _layer({"type": "rule", "style": "range"}, _RANGE, "lower", {**shown, "y2": {"field": "upper"}}),
        _layer(
            {"type": "rule", "style": "apart"},
            "isValid(datum.lowest)",
            "lowest",
            {"y2": {"field": "highest"}},
        ),
        _layer(point, "isValid(datum.value) && !datum.conflict", "value", shown),
        _layer(
            {**point, "shape": "diamond", "size": 110},
            "isValid(datum.value) && datum.conflict",
            "value",
            shown,
        ),
        _layer(tick, "isValid(datum.lower)", "lower", colour),
        _layer(tick, "isValid(datum.upper)", "upper", colour),
        _layer({**point, "shape": "triangle-up", "yOffset": -7}, _FROM, "lower", shown),
        _layer({**point, "shape": "triangle-down", "yOffset": 7}, _UP_TO, "upper", shown),
    ]
    if len(rows) <= _FEW:
        said = {"type": "text", "dy": -16, "fontWeight": 600}
        layers.append(_layer(said, "isValid(datum.top)", "top", {"text": {"field": "label"}}))
    values = [
        {
            **_as_json(row),
            "label": row["stated"],
            "said": ", ".join(filter(None, (str(row["line"]), f"{row['year']}: {row['stated']}"))),
            **_edges(row, rows),
        }
        for row in rows
    ]
    return {
        "height": 260,
        "padding": {"top": 5, "bottom": 5, "left": 5, "right": 10},
        "data": {"values": values},
        "encoding": {"x": x},
        "layer": layers,
    }


def _layer(mark: Spec, keep: str, height: str, encoding: Spec) -> Spec:
    """Draw the rows for which an expression holds at the height of one of their fields."""
    y = {"field": height, "type": "quantitative", "title": None, "scale": {"zero": True}}
    return {"transform": [{"filter": keep}], "mark": mark, "encoding": {**encoding, "y": y}}


_RANGE: Final = "isValid(datum.lower) && isValid(datum.upper)"
_FROM: Final = "isValid(datum.lower) && !isValid(datum.upper)"
_UP_TO: Final = "isValid(datum.upper) && !isValid(datum.lower)"
_YEARS: Final = {
    "format": "d",
    "grid": False,
    "labelOverlap": "greedy",
    "labelPadding": 6,
    "labelSeparation": 8,
    "ticks": False,
    "title": None,
}
_FEW: Final = 6


def _edges(row: Row, rows: Sequence[Row]) -> Spec:
    """Return from where to where values disagree, and where a label stands."""
    numbers = [row[name] for name in ("value", "lower", "upper")]
    stated = [each for each in numbers if isinstance(each, Decimal)]
    rivals = [each["value"] for each in rows if (each["year"], each["line"]) == (row["year"], row["line"])]
    disagreeing = [each for each in rivals if isinstance(each, Decimal)] if row["conflict"] else []
    return {
        "lowest": _as_number(min(disagreeing, default=None)),
        "highest": _as_number(max(disagreeing, default=None)),
        "top": _as_number(max(stated, default=None)),
    }


def _told(title: str, drawn: Sequence[tuple[Cell, str]]) -> str:
    """Tell in words what is drawn, for those who hear the page; the table beside it says the rest."""
    end = "" if title.endswith(("?", "？", ".", "。")) else "."
    return f"{title}{end} {'; '.join(f'{name}: {label}' for name, label in drawn[:_MOST_TOLD])}"


def _as_json(row: Row) -> Spec:
    return {name: _as_number(cell) if isinstance(cell, Decimal) else cell for name, cell in row.items()}


def _as_number(cell: Cell) -> float | int | None:
    if not isinstance(cell, Decimal):
        return None
    return int(cell) if cell == cell.to_integral_value() else float(cell)


def _config(look: str, colours: Sequence[str]) -> Spec:
    """Return the colours and letters of a chart on a light or a dark page."""
    return {
        "background": PAPER[look],
        "font": _FONT,
        "range": {"category": list(colours)},
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "color": INK[look],
            "fontSize": 15,
            "fontWeight": 600,
            "subtitleColor": SOFT[look],
            "subtitleFontSize": 13,
            "offset": 12,
        },
        "legend": {
            "title": None,
            "orient": "top",
            "direction": "vertical",
            "columns": 1,
            "labelColor": INK[look],
            "labelFontSize": 13,
            "labelLimit": 320,
            "symbolType": "square",
        },
        "axis": {
            "domainColor": SOFT[look],
            "gridColor": LINE[look],
            "tickColor": SOFT[look],
            "labelColor": SOFT[look],
            "labelFontSize": 12,
            "titleColor": SOFT[look],
        },
        "bar": {"color": colours[0]},
        "point": {"color": colours[0], "filled": True, "opacity": 1, "size": 70},
        "tick": {"color": colours[0]},
        "line": {"color": colours[0], "strokeWidth": 2},
        "text": {"color": INK[look], "fontSize": 13},
        "style": {
            "missing": {"color": SOFT[look], "fontStyle": "italic"},
            "zero": {"color": LINE[look]},
            "apart": {"color": colours[1], "strokeDash": [3, 3], "strokeWidth": 2},
            "range": {"color": SOFT[look], "strokeWidth": 3},
        },
    }


_MOST_TOLD: Final = 40
_STEP: Final = 40
"""Pixels of a row: its name, and below it its bar."""
_FONT: Final = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"
)
