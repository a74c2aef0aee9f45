"""The addresses of the pages and of every thing."""

from __future__ import annotations

import hashlib
from functools import partial
from importlib.metadata import version
from itertools import chain
from typing import TYPE_CHECKING, Final

from flask import (
    Blueprint,
    Response,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    stream_with_context,
)

from kg import names
from kg.figures import metadata
from server import charts, errors, files, formats
from server.distributions import offers
from server.formats import PAGE
from server.pages import (
    fact,
    front,
    links,
    ontology,
    parts,
    resolve,
    schema_org,
    shapes,
    signposts,
    tables,
    writing,
)
from server.pages.head import Head
from server.pages.kinds import page_of
from server.pages.language import Language, choose, languages
from server.pages.samples import QUERY, samples
from server.sparql.routes import base_address, graph_offer, send_description

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response as AnyResponse

    from kg.resources import Example
    from server.formats import Format
    from server.pages.catalog import Catalog
    from server.pages.ontology import OntologyPage
    from server.pages.shapes import ShapesPage
    from server.pages.signposts import Signpost
    from server.search.index import Index
    from server.settings import Settings


def blueprint(catalog: Catalog, index: Index, settings: Settings, examples: tuple[Example, ...]) -> Blueprint:
    """Return the front page, the things, the ontology, the shapes and the descriptions of the data set."""
    routes = Blueprint("pages", __name__)
    routes.app_context_processor(lambda: {"head_of_any_page": lambda: Head(_canonical(settings))})
    _add_front(routes, catalog, settings, examples)
    _add_things(routes, catalog, index, settings, {example.slug for example in examples})
    _add_charts(routes, catalog, index)
    _add_citations(routes, catalog, index)
    _add_graphs(routes, catalog, index)
    _add_ontology(routes, catalog, settings)
    _add_shapes(routes, catalog, index, settings)
    _add_descriptions(routes, catalog, settings)
    _add_resolver(routes, catalog, index, settings)
    return routes


def _add_front(
    routes: Blueprint, catalog: Catalog, settings: Settings, examples: tuple[Example, ...]
) -> None:
    @routes.get("/")
    def front_page() -> Response:
        base = base_address(settings)
        return _page(
            render_template(
                "front.html",
                page=front.page(catalog, *_languages()),
                examples=examples,
                endpoint=f"{base}/sparql",
                sample=links.asking(QUERY),
                samples=samples(f"{base}/sparql"),
                offers=offers.views(catalog.snapshot, g.language),
                head=Head(_canonical(settings), structured=schema_org.of_front(catalog, g.language, base)),
            ),
            signposts.of_front(),
        )


def _add_things(
    routes: Blueprint, catalog: Catalog, index: Index, settings: Settings, examples: set[str]
) -> None:
    kinds = f"/<any({','.join(names.THINGS)}):kind>"

    @routes.get(f"{kinds}/<slug>")
    def any_thing(kind: str, slug: str) -> Response:
        return _see_other(_known(catalog, index, kind, slug))

    @routes.get(f"{kinds}/<slug>.<suffix>")
    def thing_as(kind: str, slug: str, suffix: str) -> Response:
        iri = _known(catalog, index, kind, slug)
        form = _form(iri, suffix)
        return _thing_page(catalog, settings, kind, iri) if form is PAGE else _data(catalog, iri, form)

    @routes.get(f"{kinds}/<slug>.{signposts.CSV_METADATA}")
    def table_of_thing(kind: str, slug: str) -> Response:
        return _columns(catalog, _known(catalog, index, kind, slug))

    @routes.get("/query/<slug>.html")
    def query_as_thing(slug: str) -> Response:
        """Show an example where it is run; one that only the snapshot has, as any other thing."""
        if slug in examples:
            return _lead_to(f"/queries/{slug}")
        return _thing_page(catalog, settings, "query", _known(catalog, index, "query", slug))


def _add_charts(routes: Blueprint, catalog: Catalog, index: Index) -> None:
    kinds = f"/charts/<any({','.join(names.THINGS)}):kind>/<slug>/<name>"

    @routes.get(f"{kinds}.<any('{charts.SUFFIX}',csv):suffix>")
    def chart(kind: str, slug: str, name: str, suffix: str) -> Response:
        """Send a chart of a thing's page: its specification, or the rows that it draws."""
        iri = _known(catalog, index, kind, slug)
        page = page_of(kind).view(catalog, iri, *_languages())
        found = next((each for each in getattr(page, "charts", ()) if each.slug == name), None)
        if found is None:
            raise errors.NotFound(
                "The page of %(name)s has no chart by that name.", {"name": f"{kind}/{slug}"}
            )
        content, content_type = charts.written(found, suffix)
        return Response(content, content_type=content_type)


def _add_citations(routes: Blueprint, catalog: Catalog, index: Index) -> None:
    kinds = ",".join(names.THINGS)  # all of them, as for other suffixes, or these would come first
    for suffix in fact.FORMS:
        routes.add_url_rule(
            f"/<any({kinds}):kind>/<slug>.{suffix}",
            endpoint=f"citation_{names.slugify(suffix)}",
            view_func=partial(_citation, catalog, index, suffix),
        )


def _citation(catalog: Catalog, index: Index, suffix: str, kind: str, slug: str) -> Response:
    """Send how to cite a fact: as for tables, in the language that ``?lang=`` asks for, else in English."""
    iri = _known(catalog, index, kind, slug)
    if kind not in fact.CITED:
        _form(iri, suffix)  # which says what there is instead
    _, media_type, write = fact.FORMS[suffix]
    language = choose(request.args.get("lang"))
    response = Response(write(fact.cited(catalog, iri, language), language), content_type=media_type)
    response.headers["Content-Disposition"] = f"inline; filename={slug}.{suffix}"
    response.headers["Content-Language"] = language.tag
    return response


def _add_graphs(routes: Blueprint, catalog: Catalog, index: Index) -> None:
    @routes.get("/graph/<slug>.<any(ttl,nt,trig,nq,csv):suffix>")
    def graph_as(slug: str, suffix: str) -> Response:
        """Send everything that a graph states, as it comes from the store."""
        iri = _known(catalog, index, "graph", slug)
        form = _form(iri, suffix)
        quads = catalog.graph(iri)
        return _file(
            catalog,
            tables.statements(quads) if suffix == "csv" else writing.stream(quads, form),
            form,
            signposts.of_data(iri, form),
        )


def _add_ontology(routes: Blueprint, catalog: Catalog, settings: Settings) -> None:
    @routes.get("/ont")
    def any_ontology() -> Response:
        return _see_other(names.ONTOLOGY)

    @routes.get("/ont.<suffix>")
    def ontology_as(suffix: str) -> Response:
        form = _form(names.ONTOLOGY, suffix)
        if form is not PAGE:
            return _data(catalog, names.ONTOLOGY, form)
        page = ontology.page(catalog, *_languages())
        html = render_template(
            "ontology.html",
            page=page,
            terms=_laid_out(catalog, "terms.html", page),
            head=_head(catalog, settings, names.ONTOLOGY),
        )
        return _page(html, signposts.of_page(names.ONTOLOGY, _canonical(settings)))

    @routes.get(f"/ont.{signposts.CSV_METADATA}")
    def table_of_ontology() -> Response:
        return _columns(catalog, names.ONTOLOGY)


def _add_shapes(routes: Blueprint, catalog: Catalog, index: Index, settings: Settings) -> None:
    @routes.get("/shape", strict_slashes=False)
    def any_shapes() -> Response:
        return _see_other(names.SHAPE)

    @routes.get("/shape.<suffix>")
    def shapes_as(suffix: str) -> Response:
        form = _form(names.SHAPE, suffix)
        if form is not PAGE:
            return _shape_data(catalog, names.SHAPE, form)
        page = shapes.page(g.language)
        html = render_template(
            "shapes.html",
            page=page,
            rules=_laid_out(catalog, "rules.html", page),
            head=_head(catalog, settings, names.SHAPE),
        )
        return _page(html, signposts.of_page(names.SHAPE, _canonical(settings)))

    @routes.get("/shape/<slug>")
    def any_shape(slug: str) -> Response:
        return _see_other(_known(catalog, index, "shape", slug))

    @routes.get("/shape/<slug>.<suffix>")
    def shape_as(slug: str, suffix: str) -> Response:
        iri = _known(catalog, index, "shape", slug)
        form = _form(iri, suffix)
        if form is PAGE:  # all rules stand on one page
            return _lead_to(f"{links.representation(names.SHAPE, PAGE.suffix)}#{slug}")
        return _shape_data(catalog, iri, form)


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
            turtle=_dumps(catalog, base),
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
    def dump() -> AnyResponse:
        snapshot = catalog.snapshot
        digest = snapshot.manifest["files"]["data.nq"]["sha256"]
        response = files.send(
            request.environ, snapshot.folder / "data.nq", "application/n-quads", name="cekg.nq", sha256=digest
        )
        response.headers["Link"] = signposts.field(signposts.of_data(names.DATASET, formats.by_suffix("nq")))
        return response


def _add_resolver(routes: Blueprint, catalog: Catalog, index: Index, settings: Settings) -> None:
    @routes.get("/resolve")
    def resolved() -> Response:
        """Lead from any name of a thing (``?iri=``) to the thing here."""
        asked = request.args.get("iri", "").strip()
        if not asked:
            raise errors.BadRequest(
                "Which name? Give it as /resolve?iri=, such as "
                "/resolve?iri=https://w3id.org/cekg/city/harbin or /resolve?iri=city:harbin."
            )
        iri = resolve.find(catalog, asked, base_address(settings))
        if iri is None:
            kind, slug = resolve.split(asked)
            raise errors.NotFound(
                "The graph says nothing of %(name)s.",
                {"name": resolve.shown(asked)},
                suggestions=resolve.suggestions(catalog, index, kind, slug, g.language),
            )
        return _lead_to(links.local(iri) or "/")


def _dumps(catalog: Catalog, base: str) -> str:
    """Return what VoID says of the files to take away; nothing where there are none."""
    found = offers.offers(catalog.snapshot)
    forms = [each.iri for each in formats.formats_of("graph") if each.iri]
    told = {"base": base, "dataset": names.DATASET, "offers": found, "formats": forms}
    return render_template("dumps.ttl", **told) if found else ""


_DUMP = links.representation(names.DATASET, "nq")


def _languages() -> tuple[Language, Language]:
    """Return the language of this page, and the other one, for second names."""
    language: Language = g.language
    return language, next(each for each in languages() if each is not language)


def _canonical(settings: Settings) -> str:
    """Return the address of this page, in the language that it is in."""
    here = links.in_language(request.path, request.args.items(multi=True), g.language.tag)
    return base_address(settings) + here


def _head(catalog: Catalog, settings: Settings, iri: str) -> Head:
    structured = schema_org.of_thing(catalog, iri, g.language, base_address(settings))
    return Head(_canonical(settings), parts.alternates(iri), structured, "article")


def _known(catalog: Catalog, index: Index, kind: str, slug: str) -> str:
    """Return the IRI of a thing that there is."""
    return resolve.known(catalog, index, kind, slug, g.language)


def _form(iri: str, suffix: str) -> Format:
    known = (PAGE, *links.forms(iri))
    form = next((each for each in known if each.suffix == suffix), None)
    if form is None:
        suffixes = [each.suffix for each in known]
        raise errors.NotFound(
            "%(name)s is not written as .%(suffix)s here. There is %(known)s.",
            {
                "name": names.compact(iri),
                "suffix": resolve.shown(suffix),
                "known": ", ".join(f".{each}" for each in suffixes),
            },
            formats=suffixes,
        )
    return form


def _see_other(iri: str) -> Response:
    """Send the client on to the representation that it likes best: a thing itself cannot be sent."""
    known = (PAGE, *links.forms(iri))
    asked = request.args.get("format")
    form = _liked_best(known) if asked is None else _asked_for(asked, known)
    address = links.representation(iri, form.suffix)
    if "lang" in request.args:
        address = links.in_language(address, [], g.language.tag)
    return _lead_to(address, signposts.of_thing(iri))


def _liked_best(known: tuple[Format, ...]) -> Format:
    offer = formats.negotiate(request.headers.get("Accept"), known)
    if offer is None:
        raise errors.NotAcceptable([each.media_type for each in known])
    return offer.format


def _asked_for(name: str, known: tuple[Format, ...]) -> Format:
    """Return the form of a suffix, a short name or a media type, which wins over the Accept field."""
    form = next((each for each in known if each.suffix == name or each.is_called(name)), None)
    if form is None:
        suffixes = [each.suffix for each in known]
        raise errors.BadRequest(
            "It is not written as %(name)s here. There is format=%(known)s.",
            {"name": repr(resolve.shown(name)), "known": ", ".join(suffixes)},
            formats=suffixes,
        )
    return form


def _lead_to(address: str, links_: list[Signpost] | None = None) -> Response:
    response = redirect(address, 303)
    sent = Response(response.response, 303, response.headers)
    if links_:
        sent.headers["Link"] = signposts.field(links_)
    return sent


def _laid_out(catalog: Catalog, template: str, page: OntologyPage | ShapesPage) -> str:
    """Return a long part of a page that is the same for as long as the snapshot is; laid out once."""
    key = ("laid out", template, g.language.tag)
    return catalog.once(
        key, lambda: render_template(template, page=page), weight=lambda html: len(html) // 300
    )


def _thing_page(catalog: Catalog, settings: Settings, kind: str, iri: str) -> Response:
    view, template = page_of(kind)
    page = view(catalog, iri, *_languages())
    html = render_template(template, page=page, head=_head(catalog, settings, iri))
    return _page(html, signposts.of_page(iri, _canonical(settings)))


def _data(catalog: Catalog, iri: str, form: Format) -> Response:
    posts = signposts.of_data(iri, form)
    if form.suffix == "csv":
        language = choose(request.args.get("lang"))
        return _file(catalog, tables.table(catalog, iri, language.tag), form, posts)
    return _document(writing.document(catalog.statements(iri), form), form, posts)


def _shape_data(catalog: Catalog, iri: str, form: Format) -> Response:
    found, posts = shapes.statements(iri), signposts.of_data(iri, form)
    if form.suffix == "csv":
        return _file(catalog, tables.statements(found), form, posts)
    return _document(writing.document(found, form), form, posts)


def _columns(catalog: Catalog, iri: str) -> Response:
    """Say what the columns of a thing's table mean."""
    table = links.representation(iri, "csv").rpartition("/")[2]
    label = catalog.labels([iri]).get(iri)
    columns = tables.columns_of(catalog, iri)
    response = jsonify(metadata(columns, url=table, title=label.text if label else names.compact(iri)))
    response.content_type = "application/csvm+json"
    return response


def _document(content: bytes, form: Format, links_: list[Signpost]) -> Response:
    content_type = formats.Offer(form, form.media_type).content_type
    return Response(content, content_type=content_type, headers={"Link": signposts.field(links_)})


def _file(catalog: Catalog, content: Iterator[bytes], form: Format, links_: list[Signpost]) -> Response:
    response = send_parts(catalog, content)
    response.content_type = formats.Offer(form, form.media_type).content_type
    response.headers["Link"] = signposts.field(links_)
    return response


def send_parts(catalog: Catalog, content: Iterator[bytes], base: str = "") -> Response:
    """Send what may be long as it comes; what is short goes at once and says its length.

    It depends on the snapshot, on the address it is asked at, and on ``base`` where that stands in it.
    """
    began, whole = _beginning(content)
    if not whole and request.environ.get("SERVER_PROTOCOL") != "HTTP/1.1":
        began, whole = began + b"".join(content), True  # without chunks, half of it would look whole
    response = Response(began if whole else stream_with_context(chain((began,), content)))
    response.implicit_sequence_conversion = whole  # or Werkzeug would gather it all to count its bytes
    response.set_etag(_tag(catalog, base))
    return response


def _beginning(content: Iterator[bytes]) -> tuple[bytes, bool]:
    """Return the first megabyte or so, and whether that was all."""
    began = bytearray()
    for part in content:
        began += part
        if len(began) > _AT_ONCE:
            return bytes(began), False
    return bytes(began), True


_AT_ONCE: Final = 1_000_000


def _tag(catalog: Catalog, base: str) -> str:
    about = (catalog.snapshot.id, version("city-economy-kg"), request.full_path, base)
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:32]


def _page(html: str, links_: list[Signpost]) -> Response:
    headers = {"Link": signposts.field(links_)}
    return Response(html, content_type="text/html; charset=utf-8", headers=headers)
