"""The addresses of the example queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from server import errors
from server.questions.page import query_page
from server.sparql.protocol import Query
from server.sparql.routes import gone

if TYPE_CHECKING:
    from kg.resources import Example
    from server.pages.catalog import Catalog
    from server.sparql.cache import RememberingEngine


def blueprint(engine: RememberingEngine, catalog: Catalog, examples: tuple[Example, ...]) -> Blueprint:
    """Return the list of the example queries, and each of them with its result."""
    routes = Blueprint("questions", __name__)
    by_slug = {example.slug: example for example in examples}

    @routes.get("/queries")
    def queries() -> str:
        return render_template("queries.html", examples=examples)

    @routes.get("/queries/<slug>")
    def query(slug: str) -> Response:
        if slug not in by_slug:
            raise errors.NotFound(f"There is no example query {slug!r}. All of them stand at /queries.")
        return query_page(engine, catalog, Query(by_slug[slug].query), gone=gone(), example=by_slug[slug])

    return routes
