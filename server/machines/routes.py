"""The addresses of the map of the site, of robots.txt and of llms.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from kg import names
from server import errors
from server.distributions import offers
from server.machines import sitemap
from server.pages.links import asking
from server.pages.routes import send_parts
from server.sparql.routes import base_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.resources import Example
    from server.pages.catalog import Catalog
    from server.settings import Settings


def blueprint(catalog: Catalog, settings: Settings, examples: tuple[Example, ...]) -> Blueprint:
    """Return what machines ask for that are no browsers."""
    routes = Blueprint("machines", __name__)

    @routes.get("/robots.txt")
    def robots() -> Response:
        return _text("robots.txt", "text/plain", base=base_address(settings))

    @routes.get("/llms.txt")
    def llms() -> Response:
        return _text(
            "llms.txt",
            "text/plain",
            base=base_address(settings),
            examples=examples,
            asking=asking,
            offers=offers.offers(catalog.snapshot),
            dataset=names.DATASET,
            ontology=names.ONTOLOGY,
        )

    @routes.get("/sitemap.xml")
    def sitemap_index() -> Response:
        base = base_address(settings)
        return _xml(catalog, sitemap.index(sitemap.count(catalog, examples), base), base)

    @routes.get("/sitemap-<int:number>.xml")
    def sitemap_part(number: int) -> Response:
        if not 0 < number <= sitemap.number_of_parts(sitemap.count(catalog, examples)):
            raise errors.NotFound(
                "The map of the site has no part %(number)s. /sitemap.xml names all of them.",
                {"number": number},
            )
        base = base_address(settings)
        return _xml(catalog, sitemap.part(sitemap.pages(catalog, examples), number, base), base)

    return routes


def _text(template: str, media_type: str, **values: object) -> Response:
    return Response(render_template(template, **values), content_type=f"{media_type}; charset=utf-8")


def _xml(catalog: Catalog, content: Iterator[str], base: str) -> Response:
    response = send_parts(catalog, (part.encode() for part in content), base)
    response.content_type = "application/xml; charset=utf-8"
    return response
