"""The addresses of what can be taken away, and of its descriptions for catalogues of data."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request

from kg import distributions, names, resources
from server import errors, files
from server.distributions import croissant, offers
from server.formats import PAGE
from server.pages import links, signposts
from server.sparql.routes import base_address, graph_offer, send_description

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from server.pages.catalog import Catalog
    from server.settings import Settings


def blueprint(catalog: Catalog, settings: Settings) -> Blueprint:
    """Return the files, their checksums, and what DCAT and Croissant say of them."""
    routes = Blueprint("distributions", __name__)

    @routes.get(f"/{distributions.FOLDER}/", strict_slashes=False)
    def all_files() -> AnyResponse:
        return redirect(_ON_THE_FRONT_PAGE, 303)

    @routes.get(f"/{distributions.FOLDER}/SHA256SUMS")
    def checksums() -> Response:
        return Response(offers.checksums(catalog.snapshot), content_type="text/plain; charset=utf-8")

    @routes.get(f"/{distributions.FOLDER}/<name>")
    def file(name: str) -> AnyResponse:
        return _send(catalog, name)

    @routes.get("/catalog")
    def dcat() -> Response:
        """Describe the data set as catalogues of data do (DCAT 3); lead a browser to what it can take."""
        form, base = graph_offer(), base_address(settings)
        if form.format is PAGE:
            return Response(status=303, headers={"Location": _ON_THE_FRONT_PAGE})
        turtle = render_template(
            "catalog.ttl",
            base=base,
            authors=names.AUTHORS,
            dataset=names.DATASET,
            figures=distributions.FIGURES,
            offers=offers.offers(catalog.snapshot),
            by_name={each.it.name: each for each in offers.offers(catalog.snapshot)},
        )
        return send_description(form, catalog.description("dcat", form.format.engine, turtle))

    @routes.get("/croissant.json")
    def for_machine_learning() -> Response:
        found = croissant.describe(catalog, g.language, base_address(settings))
        if found is None:
            raise errors.NotFound("This snapshot has no table of figures to describe.")
        response = jsonify(found)
        response.content_type = "application/ld+json"
        return response

    @routes.get("/context.jsonld")
    def context() -> Response:
        content = (resources.ontology() / "context.jsonld").read_bytes()
        return Response(content, content_type="application/ld+json")

    return routes


_ON_THE_FRONT_PAGE = "/#take"


def _send(catalog: Catalog, name: str) -> AnyResponse:
    """Send a file, with what describes it; raises NotFound or Unavailable."""
    found = next((each for each in offers.offers(catalog.snapshot) if each.it.file == name), None)
    if found is None:
        there = [each.it.file for each in offers.offers(catalog.snapshot)]
        if not there:
            raise errors.NotFound(
                "No file of that name can be taken away. This snapshot was published without any.", files=[]
            )
        raise errors.NotFound(
            "No file of that name can be taken away. There is %(known)s.",
            {"known": ", ".join(there)},
            files=there,
        )
    try:
        response = files.send(
            request.environ,
            catalog.snapshot.folder / found.it.path,
            found.it.sent_as,
            name=found.it.file,
            sha256=found.sha256,
            as_attachment=True,
        )
    except FileNotFoundError as error:
        raise errors.Unavailable(
            "%(file)s is missing from the snapshot %(snapshot)s. "
            "Try again later; whoever runs this server publishes it anew with `kg build`.",
            {"file": found.it.file, "snapshot": catalog.snapshot.id},
        ) from error
    response.headers["Link"] = signposts.field(_links(found))
    response.headers["Repr-Digest"] = f"sha-256=:{_base64(found.sha256)}:"
    return response


def _links(found: offers.Offer) -> list[signposts.Signpost]:
    """Return where its page is, what describes it, and what one may do with it."""
    posts = [
        signposts.Signpost(names.DATASET, "cite-as"),
        signposts.Signpost(links.representation(names.DATASET, PAGE.suffix), "collection", PAGE.media_type),
        signposts.Signpost("/catalog", "describedby", "text/turtle"),
        signposts.Signpost(names.CC_BY, "license"),
    ]
    meaning = distributions.BY_NAME.get(found.it.described_by)
    if meaning:
        posts.append(signposts.Signpost(f"/{meaning.path}", "describedby", meaning.media_type))
    return posts


def _base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode()
