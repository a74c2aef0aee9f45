"""The addresses of the reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, g, redirect, render_template, request

from server import errors
from server.pages import resolve
from server.reports import changes, coverage, quality

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from server.pages.catalog import Catalog
    from server.search.index import Index


def blueprint(catalog: Catalog, index: Index) -> Blueprint:
    """Return coverage, quality and changes, with the files that they are made from."""
    routes = Blueprint("reports", __name__)

    @routes.get("/coverage")
    def all_coverage() -> AnyResponse | str:
        cities = coverage.cities(catalog, g.language)
        if len(cities) == 1:
            return redirect(cities[0].href or "/", 302)
        return render_template("cities.html", cities=cities)

    @routes.get("/coverage/<slug>")
    def city_coverage(slug: str) -> str:
        city = resolve.known(catalog, index, "city", slug, g.language)
        page = coverage.page(catalog, city, g.language, _number(request.args.get("page", "1")))
        return render_template("coverage.html", page=page)

    @routes.get("/quality")
    def quality_page() -> str:
        return render_template("quality.html", page=quality.page(catalog, g.language))

    @routes.get("/changes")
    def changes_page() -> str:
        return render_template("changes.html", page=changes.page(catalog, g.language))

    @routes.get("/quality/<any(report.ttl,statistics.json,coverage.json):name>")
    def file(name: str) -> Response:
        if name not in catalog.snapshot.manifest["files"]:
            raise errors.NotFound("This snapshot has no %(name)s.", {"name": name})
        return Response(catalog.snapshot.read(name), content_type=_TYPES[name.partition(".")[2]])

    return routes


_TYPES: Final = {"ttl": "text/turtle; charset=utf-8", "json": "application/json"}


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < len(text) < 7 or int(text) < 1:
        raise errors.BadRequest("%(text)s is no page; pages are numbered from 1.", {"text": repr(text[:20])})
    return int(text)
