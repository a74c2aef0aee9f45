"""The addresses of series.

``/series/<city>`` lists them. ``/series/<city>/<metric>`` is what is stated of the city as a whole, and
``/series/<city>/<metric>/<industry>`` what is stated of an industry; each name is the one in the address of
the thing, and what is no industry says so: ``group:…``, ``system:…``. A series leads on to its page or to a
file, by Accept or ``?format=``: ``.html``, ``.csv``, ``.json`` (whose columns ``records.py`` tells) and
``.vl.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, g, redirect, render_template, request

from kg import names
from server import charts, errors, formats
from server.formats import PAGE, Format
from server.pages import links, resolve, signposts
from server.pages.head import Head
from server.pages.language import languages
from server.pages.parts import Alternate, Naming
from server.pages.signposts import Signpost
from server.series import holdings, listing, page, records, series
from server.sparql.routes import base_address

if TYPE_CHECKING:
    from server.pages.catalog import Catalog
    from server.pages.language import Language
    from server.search.index import Index
    from server.series.series import Series
    from server.settings import Settings

_CSV: Final = Format("csv", "CSV", "csv", "", (), ("text/csv",), ("csv",))
_JSON: Final = Format("json", "JSON", "json", "", (), ("application/json", "text/json"), ("json",))
_CHART: Final = Format(
    "chart", "Vega-Lite", charts.SUFFIX, "", (), (charts.MEDIA_TYPE,), ("vega-lite", "vegalite")
)
FORMS: Final = (PAGE, _CSV, _JSON, _CHART)
"""What a series is written as, in order of our preference."""


def blueprint(catalog: Catalog, index: Index, settings: Settings) -> Blueprint:
    """Return the list of a city's series, and each of them in every form."""
    routes = Blueprint("series", __name__)

    @routes.get("/series/<city>")
    def all_series(city: str) -> Response:
        iri = resolve.known(catalog, index, "city", city, g.language)
        metric = request.args.get("metric")
        asked = resolve.known(catalog, index, "metric", metric, g.language) if metric is not None else ""
        found = listing.listing(catalog, iri, g.language, _other(), metric=asked, number=_page_number())
        if not any(each.series for each in found.metrics):
            raise errors.NotFound(
                "There is no such series, or no such part of the list: /series/%(city)s begins it.",
                {"city": city},
            )
        head = Head(_canonical(settings), kind="article")
        return _sent(render_template("all-series.html", page=found, head=head), PAGE, [])

    @routes.get("/series/<city>/<metric>", defaults={"industry": ""})
    @routes.get("/series/<city>/<metric>/<industry>")
    def one_series(city: str, metric: str, industry: str) -> Response:
        (metric, industry), suffix = _split(metric, industry)
        found = _known(catalog, index, city, metric, industry)
        address = links.series_href(found.city, found.metric, found.industry)
        if not suffix:
            return _lead_on(address)
        form = next((each for each in FORMS if each.suffix == suffix), None)
        if form is None:
            known = ", ".join(f".{each.suffix}" for each in FORMS)
            raise errors.NotFound(
                "A series is not written as .%(suffix)s here. There is %(known)s.",
                {"suffix": resolve.shown(suffix), "known": known},
            )
        return _written(catalog, settings, found, address, form)

    return routes


def _written(catalog: Catalog, settings: Settings, found: Series, address: str, form: Format) -> Response:
    posts = _signposts(address, form)
    if form is _CSV:
        return _sent(records.to_csv(found), form, posts)
    if form is _JSON:
        return _sent(records.to_json(found, _labels(catalog, found)), form, posts)
    if form is _CHART:
        chart = page.chart(catalog, found, g.language)
        if chart is None:
            raise errors.NotFound("Nothing in this series is stated of a whole year, so there is no chart.")
        return _sent(charts.to_json(chart), form, posts)
    view = page.page(catalog, found, g.language)
    forms = tuple(each for each in FORMS if each is not PAGE and (each is not _CHART or view.chart))
    alternates = tuple(Alternate(each.title, each.media_type, f"{address}.{each.suffix}") for each in forms)
    head = Head(_canonical(settings), alternates, kind="article")
    return _sent(
        render_template("series.html", page=view, alternates=alternates, address=address, head=head),
        form,
        posts,
    )


def _known(catalog: Catalog, index: Index, city: str, metric: str, industry: str) -> Series:
    """Return a series that there is; raises NotFound, which says what else there is."""
    place = resolve.known(catalog, index, "city", city, g.language)
    measure = resolve.known(catalog, index, "metric", metric, g.language)
    kind, _, slug = industry.rpartition(":")
    branch = ""
    if industry:
        if kind not in _BRANCHES:
            raise errors.NotFound(
                "%(name)s is no industry: write its name alone, group:… or system:….",
                {"name": resolve.shown(industry)},
            )
        branch = resolve.known(catalog, index, kind or "industry", slug, g.language)
    found = series.of(catalog, place, measure, branch)
    if found is None:
        raise _nothing(catalog, place, measure, branch)
    return found


_BRANCHES: Final = ("", "industry", "group", "system")


def _nothing(catalog: Catalog, city: str, metric: str, industry: str) -> errors.NotFound:
    """Say that a combination has no figures, and which ones of the same metric, or industry, have some."""
    held = holdings.of(catalog, city).series
    near = [key for key in held if key[0] == metric] or [
        key for key in held if industry and key[1] == industry
    ]
    shown = sorted(near)[:_MOST_NEAR]
    naming = Naming(
        catalog, {city, metric, industry, *(iri for key in shown for iri in key)} - {""}, g.language
    )
    return errors.NotFound(
        "No source states the %(metric)s of %(industry)s in %(city)s. All series of the city: %(all)s.",
        {
            "metric": naming.text(metric),
            "industry": naming.text(industry) if industry else g.language.say("the city as a whole"),
            "city": naming.text(city),
            "all": links.series_href(city),
        },
        suggestions=[
            {
                "label": " · ".join(naming.text(iri) for iri in reversed(key) if iri),
                "iri": names.compact(key[1] or key[0]),
                "address": links.series_href(city, *key),
            }
            for key in shown
        ],
    )


_MOST_NEAR: Final = 20


def _split(metric: str, industry: str) -> tuple[tuple[str, str], str]:
    """Part the suffix from the last name: names have no dots.

    >>> _split("revenue", "finance.vl.json"), _split("revenue.csv", "")
    ((('revenue', 'finance'), 'vl.json'), (('revenue', ''), 'csv'))
    """
    last, dot, suffix = (industry or metric).partition(".")
    return ((metric, last) if industry else (last, "")), suffix or dot


def _lead_on(address: str) -> Response:
    """Send the client on to the form that it likes best; ``?format=`` wins over the Accept field."""
    asked = request.args.get("format")
    if asked is not None:
        form = next((each for each in FORMS if asked == each.suffix or each.is_called(asked)), None)
        if form is None:
            known = ", ".join(each.suffix for each in FORMS)
            raise errors.BadRequest(
                "It is not written as %(name)s here. There is format=%(known)s.",
                {"name": repr(resolve.shown(asked)), "known": known},
            )
    else:
        offer = formats.negotiate(request.headers.get("Accept"), FORMS)
        if offer is None:
            raise errors.NotAcceptable([each.media_type for each in FORMS])
        form = offer.format
    there = f"{address}.{form.suffix}"
    if "lang" in request.args:
        there = links.in_language(there, [], g.language.tag)
    answer = redirect(there, 303)
    response = Response(answer.response, 303, answer.headers)
    response.headers["Link"] = signposts.field(_signposts(address, None))
    return response


def _signposts(address: str, form: Format | None) -> list[Signpost]:
    """Say where the other forms are, and under which license all of them."""
    others = [
        Signpost(f"{address}.{each.suffix}", "alternate", each.media_type)
        for each in FORMS
        if each is not form
    ]
    return [*others, Signpost(names.CC_BY, "license")]


def _labels(catalog: Catalog, found: Series) -> dict[str, dict[str, str]]:
    """Return what the series is about in every language of the pages."""
    iris = [iri for iri in (found.city, found.metric, found.industry) if iri]
    said: dict[str, dict[str, str]] = {iri: {} for iri in iris}
    for each in languages():
        for iri, label in catalog.labels(iris, each.tag).items():
            if each.other(label.language) == "":
                said[iri][each.tag] = label.text
    return said


def _page_number() -> int:
    text = request.args.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= _MOST_PAGES:
        raise errors.BadRequest(_NO_PAGE, {"text": repr(resolve.shown(text))})
    return int(text[:9])


_NO_PAGE: Final = "%(text)s is no page; pages are numbered from 1."
_MOST_PAGES: Final = 1_000_000


def _other() -> Language:
    return next(each for each in languages() if each is not g.language)


def _canonical(settings: Settings) -> str:
    here = links.in_language(request.path, request.args.items(multi=True), g.language.tag)
    return base_address(settings) + here


def _sent(content: str | bytes, form: Format, posts: list[Signpost]) -> Response:
    content_type = formats.Offer(form, form.media_type).content_type
    response = Response(content, content_type=content_type)
    if posts:
        response.headers["Link"] = signposts.field(posts)
    return response
