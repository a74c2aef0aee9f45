"""The addresses of reconciliation: ``/reconcile`` speaks version 0.2, what is below it 1.0-draft as well.

The manifest is that of 0.2, which the clients of today read; ``?version=1.0-draft`` asks for the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, g, jsonify, render_template, request

from server import errors
from server.pages import concept, links
from server.pages.language import languages
from server.pages.parts import Naming
from server.reconciliation import answers, reading, vocabulary
from server.reconciliation.stated import Stated
from server.search.matching import LONGEST
from server.sparql.routes import base_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from server.pages.catalog import Catalog
    from server.pages.language import Language
    from server.reconciliation.reading import Query
    from server.search.index import Index
    from server.settings import Settings


def blueprint(catalog: Catalog, index: Index, settings: Settings) -> Blueprint:
    """Return the service: manifest, matching, suggestions, previews, and values for a table."""
    routes = Blueprint("reconciliation", __name__, url_prefix="/reconcile")

    @routes.get("")
    def manifest() -> Response:
        if "queries" in request.args or "extend" in request.args:
            return _form(request.args, catalog, index)
        return _manifest(settings)

    @routes.post("")
    def form() -> Response:
        return _form(request.form, catalog, index)

    @routes.post("/match")
    def match() -> Response:
        queries = reading.batch_of_draft(reading.parsed(_json()))
        return jsonify({"results": [{"candidates": each} for each in _results(queries, catalog, index)]})

    @routes.post("/extend")
    def extend() -> Response:
        asked = reading.extension(reading.parsed(_json()))
        return jsonify(answers.extended_of_draft(asked, catalog, g.language))

    @routes.get("/extend/propose")
    def propose() -> Response:
        limit = reading.whole(request.args.get("limit"), 0) or None
        return jsonify(answers.proposed(request.args.get("type", ""), limit, g.language))

    @routes.get("/suggest/<any(entity, property, type):what>")
    def suggest(what: str) -> Response:
        return _suggested(what, catalog, index)

    @routes.get("/preview")
    def preview() -> Response:
        return Response(_preview(catalog, settings), content_type="text/html; charset=utf-8")

    return routes


def _manifest(settings: Settings) -> Response:
    version = request.args.get("version", answers.VERSIONS[0])
    if version not in _MANIFESTS:
        raise errors.BadRequest(
            f"There is no version {vocabulary.shown(version)}. There is {', '.join(_MANIFESTS)}."
        )
    return jsonify(_MANIFESTS[version](base_address(settings), g.language))


def _form(given: Mapping[str, str], catalog: Catalog, index: Index) -> Response:
    """Answer a form or the parameters of an address, as version 0.2 has them."""
    if "queries" in given:
        batch = reading.batch(given["queries"])
        found = _results(list(batch.values()), catalog, index)
        return jsonify({name: {"result": each} for name, each in zip(batch, found, strict=True)})
    if "extend" in given:
        asked = reading.extension(reading.parsed(given["extend"]))
        return jsonify(answers.extended(asked, catalog, g.language))
    raise errors.BadRequest(
        "A form with “queries” or “extend” belongs here. JSON goes to /reconcile/match or /reconcile/extend."
    )


def _results(queries: Sequence[Query], catalog: Catalog, index: Index) -> list[list[answers.Json]]:
    _check(index)
    return answers.results(queries, catalog, index, g.language)


def _suggested(what: str, catalog: Catalog, index: Index) -> Response:
    prefix = request.args.get("prefix")
    if prefix is None:
        raise errors.BadRequest("What was typed is missing: ?prefix=, which may be empty.")
    if what == "entity":
        return jsonify(answers.suggested_entities(_begun(prefix, catalog, index), catalog, g.language))
    found = _SUGGESTIONS[what](prefix, g.language, _also())
    return jsonify({"result": found[_part(usual=_MOST_AT_ONCE)]})


def _begun(prefix: str, catalog: Catalog, index: Index) -> list[str]:
    """Return the things whose name begins as was typed, or which it is the id of."""
    _check(index)
    type_ = request.args.get("type")
    kinds = vocabulary.kinds_of([vocabulary.type_of(type_)] if type_ else [])
    part = _part()
    hits = index.find(prefix[:LONGEST], kinds=kinds, limit=part.stop)
    named = vocabulary.entity(prefix)
    own = [named] if named and catalog.knows(named) else []
    return list(dict.fromkeys([*own, *(hit.iri for hit in hits)]))[part]


def _preview(catalog: Catalog, settings: Settings) -> str:
    id_ = request.args.get("id", "")
    iri = vocabulary.entity(id_)
    if iri is None or not catalog.knows(iri):
        raise errors.NotFound(f"There is no entity {vocabulary.shown(id_)}.")
    naming, second = Naming(catalog, [iri], g.language), Naming(catalog, [iri], _also())
    type_ = vocabulary.type_of_kind(vocabulary.kind_of(iri))
    return render_template(
        "preview.html",
        id=vocabulary.id_of(iri),
        title=naming.link(iri),
        alias=concept.alias(iri, naming, second),
        kind=vocabulary.type_names(g.language)[type_.id],
        definition=Stated(catalog).definition(iri, g.language.tag),
        address=base_address(settings) + (links.local(iri) or ""),
    )


def _check(index: Index) -> None:
    if not index.is_there:
        raise errors.NotIndexed


def _json() -> bytes:
    """Return the body of a request, which has to be JSON by its own word; raises UnsupportedMedia."""
    if request.mimetype != "application/json":
        raise errors.UnsupportedMedia("The body has to be JSON: Content-Type: application/json.")
    return request.get_data()


def _also() -> Language:
    return next(each for each in languages() if each is not g.language)


def _part(usual: int = 10) -> slice:
    """Return which of the suggestions are wanted; ``cursor`` is what version 0.2 calls the offset."""
    given = request.args.get
    start = min(reading.whole(given("offset") or given("cursor"), 0), _MOST_SUGGESTED)
    return slice(start, start + min(reading.whole(given("limit"), usual, least=1), _MOST_AT_ONCE))


_MANIFESTS: Final = {"0.2": answers.manifest, "1.0-draft": answers.manifest_of_draft}
_SUGGESTIONS: Final = {"type": answers.suggested_types, "property": answers.suggested_properties}
_MOST_AT_ONCE: Final = 50
_MOST_SUGGESTED: Final = 1000
