"""The endpoint's address as people see it: a form, the page of a result, and the description of the service.

Programs are answered before this, by ``server.sparql.endpoint``.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from kg import names
from server import errors, formats
from server.formats import PAGE
from server.operation.visits import note_of
from server.questions.page import query_page
from server.sparql import protocol
from server.sparql.endpoint import FAULT, base_of, gone_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.resources import Example
    from server.formats import Offer
    from server.pages.catalog import Catalog
    from server.settings import Settings
    from server.sparql.cache import RememberingEngine


def blueprint(
    engine: RememberingEngine, catalog: Catalog, settings: Settings, examples: tuple[Example, ...]
) -> Blueprint:
    """Return the pages at /sparql."""
    routes = Blueprint("sparql", __name__)

    @routes.route("/sparql", methods=protocol.METHODS, strict_slashes=False)
    def sparql() -> Response:
        if FAULT in request.environ:
            raise request.environ[FAULT]
        query = protocol.read_query(
            request.method,
            request.environ.get("QUERY_STRING", "").encode("latin-1"),
            request.headers.get("Content-Type"),
            request.get_data(cache=False),
        )
        if query is None:
            return _describe(catalog, settings, examples)
        query = replace(query, base=f"{base_address(settings)}/sparql")
        note_of(request.environ).query = query.text
        return query_page(engine, catalog, query, gone=gone(), status_of_fault=True)

    return routes


def base_address(settings: Settings) -> str:
    """Return the address of this server as the world knows it, without a slash at its end."""
    return base_of(request.environ, settings)


def gone() -> Callable[[], bool]:
    """Return what tells that the client has left."""
    return gone_of(request.environ)


def _describe(catalog: Catalog, settings: Settings, examples: tuple[Example, ...]) -> Response:
    """Answer a request without a query: a form for browsers, the service description for programs."""
    offer, base = graph_offer(), base_address(settings)
    if offer.format is PAGE:
        page = render_template(
            "sparql.html", endpoint=f"{base}/sparql", examples=examples, services=settings.services
        )
        return Response(page, content_type="text/html; charset=utf-8")
    turtle = render_template(
        "description.ttl",
        base=base,
        dataset=names.DATASET,
        default_graph=names.DEFAULT_GRAPH,
        graphs=catalog.snapshot.manifest["graphs"],
        formats=[each for each in formats.FORMATS if each.iri],
        services=settings.services,
    )
    return send_description(offer, catalog.description("service", offer.format.engine, turtle))


def graph_offer() -> Offer:
    """Choose the form of a document about the service or the data set: RDF, or a page."""
    offer = formats.choose("graph", request.headers.get("Accept"))
    if offer is None:
        raise errors.NotAcceptable([each.media_type for each in formats.formats_of("graph")])
    return offer


def send_description(offer: Offer, content: bytes | None) -> Response:
    """Send such a document; what has an ETag is compressed for who asks, and not sent again."""
    if content is None:
        raise errors.NotFound("The build of this snapshot wrote no description.")
    response = Response(content, content_type=offer.content_type)
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    return response
