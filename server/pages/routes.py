"""The addresses of the pages and of every thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, redirect, render_template, request, send_file

from kg import names
from server import errors, formats, jsonld
from server.formats import PAGE
from server.pages import front, links, ontology
from server.pages.kinds import page_of
from server.pages.language import Language, languages
from server.sparql.routes import base_address, graph_offer, send_description

if TYPE_CHECKING:
    from kg.resources import Example
    from server.formats import Format
    from server.pages.catalog import Catalog
    from server.settings import Settings


def blueprint(catalog: Catalog, settings: Settings, examples: tuple[Example, ...]) -> Blueprint:
    """Return the front page, the things, the ontology and the descriptions of the data set."""
    routes = Blueprint("pages", __name__)
    _add_front(routes, catalog, settings, examples)
    _add_things(routes, catalog, {example.slug for example in examples})
    _add_ontology(routes, catalog)
    _add_descriptions(routes, catalog, settings)
    return routes


def _add_front(
    routes: Blueprint, catalog: Catalog, settings: Settings, examples: tuple[Example, ...]
) -> None:
    @routes.get("/")
    def front_page() -> str:
        return render_template(
            "front.html",
            page=front.page(catalog, *_languages()),
            examples=examples,
            endpoint=f"{base_address(settings)}/sparql",
            sample=links.asking(_SAMPLE),
        )


def _add_things(routes: Blueprint, catalog: Catalog, examples: set[str]) -> None:
    kinds = f"/<any({','.join(names.THINGS)}):kind>"

    @routes.get(f"{kinds}/<slug>")
    def any_thing(kind: str, slug: str) -> Response:
        return _see_other(_known(catalog, kind, slug))

    @routes.get(f"{kinds}/<slug>.<suffix>")
    def thing_as(kind: str, slug: str, suffix: str) -> Response:
        form = _form(suffix)
        iri = _known(catalog, kind, slug)
        return _thing_page(catalog, kind, iri) if form is PAGE else _triples(catalog, iri, form)

    @routes.get("/query/<slug>.html")
    def query_as_thing(slug: str) -> Response:
        """Show an example where it is run; one that only the snapshot has, as any other thing."""
        if slug in examples:
            return _lead_to(f"/queries/{slug}")
        return _thing_page(catalog, "query", _known(catalog, "query", slug))


def _add_ontology(routes: Blueprint, catalog: Catalog) -> None:
    @routes.get("/ont")
    def any_ontology() -> Response:
        return _see_other(names.ONTOLOGY)

    @routes.get("/ont.<suffix>")
    def ontology_as(suffix: str) -> Response:
        form = _form(suffix)
        return _ontology_page(catalog) if form is PAGE else _triples(catalog, names.ONTOLOGY, form)


def _add_descriptions(routes: Blueprint, catalog: Catalog, settings: Settings) -> None:
    @routes.get("/.well-known/void")
    def void() -> Response:
        offer, base = graph_offer(), base_address(settings)
        if offer.format is PAGE:
            return _lead_to(links.representation(names.DATASET, PAGE.suffix))
        content = catalog.description(
            "void",
            offer.format.engine,
            document=f"{base}/.well-known/void",
            home=f"{base}/",
            endpoint=f"{base}/sparql",
            dump=f"{base}{_DUMP}",
        )
        return send_description(offer, content)

    @routes.get("/.well-known/sparql-examples")
    def sparql_examples() -> Response:
        offer = graph_offer()
        if offer.format is PAGE:
            return _lead_to("/queries")
        endpoint = f"{base_address(settings)}/sparql"
        return send_description(
            offer, catalog.description("examples", offer.format.engine, endpoint=endpoint)
        )

    @routes.get(_DUMP)
    def dump() -> Response:
        snapshot = catalog.snapshot
        digest = snapshot.manifest["files"]["data.nq"]["sha256"]
        return send_file(
            (snapshot.folder / "data.nq").absolute(),
            "application/n-quads",
            download_name="cekg.nq",
            etag=digest,
            max_age=0,  # the next build replaces it at the same address
        )


_DUMP = links.representation(names.DATASET, "nq")
_SAMPLE = "SELECT ?label ?value WHERE {\n  ?figure a cekg:Level ; rdfs:label ?label ; cekg:value ?value .\n}"
_FORMS = (PAGE, *(formats.by_suffix(suffix) for suffix in formats.THING_SUFFIXES))


def _languages() -> tuple[Language, Language]:
    """Return the language of this page, and the other one, for second names."""
    language: Language = g.language
    return language, next(each for each in languages() if each is not language)


def _known(catalog: Catalog, kind: str, slug: str) -> str:
    """Return the IRI of a thing that the graph knows."""
    try:
        iri = names.thing(kind, slug)
    except ValueError:
        iri = ""
    if not iri or not catalog.knows(iri):
        raise errors.NotFound(f"The graph says nothing of {kind}/{slug}.")
    return iri


def _form(suffix: str) -> Format:
    form = next((each for each in _FORMS if each.suffix == suffix), None)
    if form is None:
        known = ", ".join(f".{each.suffix}" for each in _FORMS)
        raise errors.NotFound(f"Nothing is written as .{suffix} here. There is {known}.")
    return form


def _see_other(iri: str) -> Response:
    """Send the client on to the representation that it likes best: a thing itself cannot be sent."""
    offer = formats.negotiate(request.headers.get("Accept"), _FORMS)
    if offer is None:
        raise errors.NotAcceptable([each.media_type for each in _FORMS])
    return _lead_to(links.representation(iri, offer.format.suffix))


def _lead_to(address: str) -> Response:
    response = redirect(address, 303)
    return Response(response.response, 303, response.headers)


def _thing_page(catalog: Catalog, kind: str, iri: str) -> Response:
    view, template = page_of(kind)
    return _page(render_template(template, page=view(catalog, iri, *_languages())))


def _ontology_page(catalog: Catalog) -> Response:
    return _page(render_template("ontology.html", page=ontology.page(catalog, *_languages())))


def _triples(catalog: Catalog, iri: str, form: Format) -> Response:
    content = catalog.triples(iri, form.engine)
    if content is None:
        raise errors.NotFound(f"The graph says nothing of {iri}.")
    if form.suffix == "jsonld":
        content = jsonld.compact(content)
    return Response(content, content_type=formats.Offer(form, form.media_type).content_type)


def _page(html: str) -> Response:
    return Response(html, content_type="text/html; charset=utf-8")
