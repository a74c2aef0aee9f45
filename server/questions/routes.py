"""The addresses of the example queries, and of what the editor asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, g, redirect, render_template, request

from kg.questions import with_prefixes
from server import charts, errors, formats
from server.formats import PAGE
from server.pages import links
from server.questions import parameters, terms
from server.questions.page import picture_of, query_page
from server.sparql.protocol import Query
from server.sparql.routes import base_address, gone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.questions import Example
    from server.pages.catalog import Catalog
    from server.settings import Settings
    from server.sparql.cache import RememberingEngine


def blueprint(
    engine: RememberingEngine,
    catalog: Catalog,
    settings: Settings,
    examples: tuple[Example, ...],
    federated: tuple[Example, ...],
) -> Blueprint:
    """Return the list of the example queries, and each of them with its result.

    The federated ones are not run by a visit: others would have to answer for it.
    """
    routes = Blueprint("questions", __name__)
    routes.add_app_template_filter(_in_the_reader_s_language, "in_language")
    _add_examples(routes, engine, catalog, settings, examples, federated)
    _add_help(routes, catalog, examples)
    return routes


def _add_examples(
    routes: Blueprint,
    engine: RememberingEngine,
    catalog: Catalog,
    settings: Settings,
    examples: tuple[Example, ...],
    federated: tuple[Example, ...],
) -> None:
    by_slug = {example.slug: example for example in examples}
    calling = {example.slug: example for example in federated}

    @routes.get("/queries")
    def queries() -> str:
        return render_template("queries.html", examples=examples, federated=federated)

    @routes.get("/queries/<slug>")
    def query(slug: str) -> Response | str:
        if slug in calling:
            return _federated_page(calling[slug], settings)
        example, values, asked = chosen(slug)
        return query_page(engine, catalog, asked, gone=gone(), example=example, values=values)

    @routes.get(f"/queries/<slug>.{charts.SUFFIX}")
    def picture(slug: str) -> Response:
        example, values, asked = chosen(slug)
        found = picture_of(engine, catalog, asked, example, values, gone=gone())
        if found is None:
            raise errors.NotFound(
                "The answer to %(slug)s is not drawn. Its rows stand at %(there)s.",
                {"slug": slug, "there": f"/queries/{slug}"},
            )
        content, content_type = charts.written(found, charts.SUFFIX)
        return Response(content, content_type=content_type)

    @routes.get(f"/queries/<slug>.<any({','.join(_ANSWERS)}):suffix>")
    def answer(slug: str, suffix: str) -> Response:
        """Lead to the endpoint's answer: the address is short enough for a spreadsheet or a footnote."""
        there = links.asking(chosen(slug)[2].text, format=suffix)
        return redirect(there, 303)  # type: ignore[return-value]  # Werkzeug's own, which Flask takes

    @routes.get("/queries/<slug>.rq")
    def text(slug: str) -> Response:
        """Give a query to take away, with its prefixes declared."""
        asked = calling[slug].query if slug in calling else chosen(slug)[2].text
        return Response(with_prefixes(asked), content_type="application/sparql-query; charset=utf-8")

    def chosen(slug: str) -> tuple[Example, dict[str, str], Query]:
        """Return an example, the values of its parameters, and the query that they make."""
        if slug not in by_slug:
            raise errors.NotFound(_NO_EXAMPLE, {"slug": repr(slug)})
        example = by_slug[slug].in_language(g.language.tag)
        values = parameters.chosen(catalog, example, request.args.to_dict(flat=False), g.language)
        return example, values, Query(example.asking(values))


_ANSWERS: Final = tuple(each.parameters[0] for each in formats.formats_of("bindings") if each is not PAGE)
"""The files of an answer."""


def _federated_page(example: Example, settings: Settings) -> str:
    """Show a query that calls others, and how to run it: here too, where all of them may be called."""
    base = base_address(settings)
    return render_template(
        "federated.html",
        example=example.in_language(g.language.tag),
        query=example.query,
        runs_here={each.iri for each in settings.services}.issuperset(example.calls),
        dump=f"{base}/dataset/cekg.nq",
        text=f"{base}/queries/{example.slug}.rq",
    )


def _add_help(routes: Blueprint, catalog: Catalog, examples: tuple[Example, ...]) -> None:
    @routes.get("/queries/terms.json")
    def offered() -> Response:
        return _json(terms.terms(catalog, examples, g.language))

    @routes.route("/queries/labels.json", methods=["GET", "POST"])
    def labels() -> Response:
        """Name the things of a page of results, all at once."""
        iris = request.values.getlist("iri")
        if len(iris) > terms.MOST_LABELS:
            raise errors.BadRequest(
                "%(count)s names are asked for. Ask for %(most)s at once.",
                {"count": len(iris), "most": terms.MOST_LABELS},
            )
        return _json(terms.labels(catalog, iris, g.language))


_NO_EXAMPLE: Final = "There is no example query %(slug)s. All of them stand at /queries."


def _in_the_reader_s_language(examples: Iterable[Example]) -> list[Example]:
    return [example.in_language(g.language.tag) for example in examples]


def _json(found: object) -> Response:
    return Response(json.dumps(found, ensure_ascii=False, indent=1) + "\n", content_type="application/json")
