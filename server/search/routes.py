"""The addresses of search.

``/search?q=…&kind=…&page=…`` is a page, or JSON for a program that asks for it by Accept or ``format=json``::

    q       what was asked for, up to 200 characters; anything in it is text; without it, all of a kind
            is found
    kind    the kind of things that is shown, null for all: the first segment of their addresses
    page    from 1; pages: how many there are, of 20 hits each
    total   how many hits there are, of each kind 1,000 at most; counts: of each kind, shown or not
    more    the kinds of which there are more than 1,000
    hits    the best first:
        iri, address    the name of the thing, and where it is shown
        kind            city, industry, metric, source, obs (a fact), quote (a sentence), …
        label, language in the reader's language where there is a label in it; of a quote its sentence
        matched         the name that matches best
        match           how it matches: name, start, words, begun, slip, slips, sound, some; kind without q
        score           how alike q and that name are, 0 to 100; hits are in the order of match, not of score

``/search/suggest?q=…`` says what a reader may be about to type, as browsers take it (OpenSearch Suggestions:
``[q, labels, descriptions, addresses]``); ``/opensearch.xml`` tells browsers of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request

from kg import names
from server import errors, formats
from server.formats import PAGE, Format
from server.pages import links, resolve
from server.pages.language import languages
from server.search import page
from server.sparql.routes import base_address

if TYPE_CHECKING:
    from server.pages.catalog import Catalog
    from server.search.index import Index
    from server.settings import Settings

_JSON: Final = Format("json", "JSON", "json", "", (), ("application/json",), ("json",))
_FORMS: Final = (_JSON, PAGE)
_SUGGESTIONS: Final = "application/x-suggestions+json"
_DESCRIPTION: Final = "application/opensearchdescription+xml"


def blueprint(catalog: Catalog, index: Index, settings: Settings) -> Blueprint:
    """Return the search, its suggestions, and what tells browsers of them."""
    routes = Blueprint("search", __name__)

    @routes.get("/search")
    def search() -> Response:
        form = _form()
        if not index.is_there:
            raise errors.NotIndexed
        given = request.args.get
        asked = page.ask(given("q", "").strip(), given("kind", ""), given("page") or "1", index)
        if form is _JSON:
            return jsonify(page.answer(catalog, index, asked, g.language, base_address(settings)))
        named = _named(catalog, asked.text, settings)
        if named:
            return redirect(named, 303)  # type: ignore[return-value]  # Werkzeug's own, which Flask takes
        other = next(each for each in languages() if each is not g.language)
        shown = page.page(catalog, index, asked, g.language, other)
        return _sent(render_template("search.html", page=shown, head=None), "text/html; charset=utf-8")

    @routes.get(f"/<any({','.join(names.THINGS)}):kind>", strict_slashes=False)
    def all_of(kind: str) -> Response:
        """Lead to all things of a kind, where the address of one is cut short."""
        if index.is_there and kind not in index.kinds:
            raise errors.NotFound("There is no list of all that begins with /%(kind)s/.", {"kind": kind})
        to = page.Asked("", kind).address(lang=request.args.get("lang", ""))
        return redirect(to, 303)  # type: ignore[return-value]  # as above

    @routes.get("/search/suggest")
    def suggest() -> Response:
        text = page.ask(request.args.get("q", ""), "", "1", index).text
        response = jsonify(page.suggestions(catalog, index, text, g.language, base_address(settings)))
        response.content_type = _SUGGESTIONS
        return response

    @routes.get("/opensearch.xml")
    def opensearch() -> Response:
        return _sent(render_template("opensearch.xml", base=base_address(settings)), _DESCRIPTION)

    return routes


def _named(catalog: Catalog, asked: str, settings: Settings) -> str | None:
    """Return where a thing is shown whose whole name was asked for, as it is published or elsewhere."""
    iri = resolve.find(catalog, asked, base_address(settings)) if "://" in asked else None
    return links.local(iri) if iri else None


def _form() -> Format:
    """Return the format that a client asks for, by name first; raises BadRequest or NotAcceptable."""
    name = request.args.get("format")
    if name is not None:
        form = next((each for each in _FORMS if each.is_called(name)), None)
        if form is None:
            raise errors.BadRequest(
                "It is not written as %(name)s here. There is format=%(known)s.",
                {"name": repr(name[:40]), "known": "json, html"},
            )
        return form
    offer = formats.negotiate(request.headers.get("Accept"), _FORMS)
    if offer is None:
        raise errors.NotAcceptable([each.media_type for each in _FORMS])
    return offer.format


def _sent(text: str, content_type: str) -> Response:
    return Response(text, content_type=content_type)
