"""The application: the one place where snapshot, engine, pages and endpoint meet."""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

import pyoxigraph
from flask import Flask, Response, g, jsonify, redirect, render_template, request
from flask.globals import request_ctx
from jinja2 import StrictUndefined, pass_eval_context
from markupsafe import Markup
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestedRangeNotSatisfiable,
)
from werkzeug.local import LocalProxy
from werkzeug.wsgi import ClosingIterator

from kg import names, resources
from server import content_policy, errors, formats, packages, zipping
from server.distributions import routes as distributions
from server.editions import Edition, Editions
from server.machines import routes as machines
from server.operation import routes as operation
from server.operation.access import AccessLog
from server.operation.express import Express
from server.operation.limit import Limit
from server.operation.metrics import Traffic
from server.operation.visits import note_of
from server.operation.watch import Watch
from server.pages import language, links
from server.pages import routes as pages
from server.pages.articles import Articles
from server.pages.catalog import Catalog
from server.questions import routes as questions
from server.reconciliation import routes as reconciliation
from server.reports import routes as reports
from server.search import routes as search
from server.search.index import index_of
from server.series import routes as series
from server.sparql import routes as sparql
from server.sparql.cache import Cache, RememberingEngine
from server.sparql.endpoint import ASK_EACH_TIME, EDITION, PATHS, VARY, Endpoint
from server.sparql.engine import Limits, Record, WorkerPool
from server.sparql.federation import FederatingEngine
from server.sparql.protocol import METHODS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication

    from jinja2.nodes import EvalContext
    from werkzeug.wrappers import Response as BaseResponse

    from kg.snapshot import Snapshot
    from server.search.index import Index
    from server.settings import Settings
    from server.sparql.engine import Engine

_LOG: Final = logging.getLogger(__name__)
_STANDARD_OUTPUT: Final = 1

_SAFETY: Final = {
    "Content-Security-Policy": content_policy.PAGE,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Allow, Cache-Status, CEKG-Largest-Answer, "
    "Content-Disposition, Content-Range, ETag, Link, Repr-Digest, Retry-After, X-Request-Id",
}
_ALWAYS: Final = [*_SAFETY.items(), *_CORS.items()]
_ANY_METHOD: Final = ", ".join(METHODS)
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Accept, Content-Type, Authorization, Cache-Control, If-Match, "
    "If-None-Match, If-Range, Range, X-Request-Id, X-Requested-With",
    "Access-Control-Max-Age": "86400",
}


class Server(Flask):
    """The application and what it holds; close it to let go."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("server", static_folder="static", template_folder="templates")
        self.settings = settings
        self.articles = Articles(settings.articles)
        self.record = Record()
        self.traffic = Traffic()
        self.log = _access_log(settings)
        self.watch = Watch(
            self.wsgi_app, traffic=self.traffic, log=self.log, trusted=settings.trusted_proxies
        )
        self.wsgi_app = self.watch  # type: ignore[method-assign]  # as Flask's documentation has it
        self.editions = Editions(settings.snapshots, self._edition)
        self.limit = _limit(settings)
        self.sparql = Endpoint(super().wsgi_app, settings, always=_ALWAYS, limit=self.limit)
        self.express = Express(self.sparql, self.editions, self.watch)

    @property
    def catalog(self) -> Catalog:
        """The catalogue of the snapshot that is served now."""
        return self.editions.current.catalog

    @property
    def engine(self) -> RememberingEngine:
        """The engine over the snapshot that is served now."""
        return self.editions.current.engine

    def close(self) -> None:
        """Stop the workers."""
        self.editions.close()

    def wsgi_app(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request from one edition, from its first line to the end of its answer."""
        edition = environ.setdefault(EDITION, None) or self.editions.take()
        environ[EDITION] = edition
        answer: WSGIApplication = self.sparql if environ.get("PATH_INFO") in PATHS else super().wsgi_app
        try:
            return ClosingIterator(answer(environ, start_response), edition.release)
        except BaseException:
            edition.release()
            raise

    def _edition(self, snapshot: Snapshot) -> Edition:
        settings = self.settings
        limits = Limits(settings.timeout, settings.memory, settings.wait, settings.largest_answer)
        catalog = Catalog(snapshot, self.articles)  # first: it opens the store, and says so where that fails
        index = index_of(snapshot)
        try:
            pool = WorkerPool(
                snapshot.store,
                workers=settings.workers,
                limits=limits,
                prefixes=names.PREFIXES,
                record=self.record,
            )
        except BaseException:
            index.close()
            raise
        engine = RememberingEngine(
            self._federating(pool, snapshot, limits),
            Cache(settings.cache * 1_000_000),
            snapshot=snapshot.id,
            prefixes=names.PREFIXES,
            version=f"{version('city-economy-kg')} {pyoxigraph.__version__}",  # both write answers
            record=self.record,
        )
        return Edition(catalog, engine, index)

    def _federating(self, pool: WorkerPool, snapshot: Snapshot, limits: Limits) -> Engine:
        """Return an engine that also answers queries that call others, where any may."""
        services = self.settings.services
        if not services:
            return pool
        calling = WorkerPool(
            snapshot.store,
            workers=_CALLING,
            limits=limits,
            prefixes=names.PREFIXES,
            record=self.record,
            services=services,
        )
        return FederatingEngine(pool, calling)


_CALLING: Final = 1
"""Workers for queries that call other endpoints: these mostly wait, and others must not wait for them."""


def create_app(settings: Settings) -> Server:
    """Return the application over the current snapshot; raises SnapshotFault when there is none to serve."""
    app = Server(settings)
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_request
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    catalog, engine, index = _of_this_request()
    _speak_languages(app)
    app.jinja_env.globals["packages"] = packages.are_there()
    app.context_processor(lambda: {"snapshot": catalog.snapshot, "licence": names.CC_BY})
    examples = resources.examples()
    app.register_blueprint(sparql.blueprint(engine, catalog, settings, examples))
    federated = resources.federated()
    app.register_blueprint(questions.blueprint(engine, catalog, settings, examples, federated))
    app.register_blueprint(pages.blueprint(catalog, index, settings, examples))
    app.register_blueprint(search.blueprint(catalog, index, settings))
    app.register_blueprint(reconciliation.blueprint(catalog, index, settings))
    app.register_blueprint(reports.blueprint(catalog, index))
    app.register_blueprint(series.blueprint(catalog, index, settings))
    app.register_blueprint(distributions.blueprint(catalog, settings))
    app.register_blueprint(machines.blueprint(catalog, settings, (*examples, *federated)))
    app.register_blueprint(operation.blueprint(app, settings))
    app.url_defaults(_with_fingerprint(app))
    app.before_request(_choose_language)
    app.before_request(_answer_options)
    app.before_request(_drop_last_slash)
    app.after_request(_complete)
    app.register_error_handler(errors.RequestFault, _explain)
    app.register_error_handler(HTTPException, _explain_http)
    return app


def _with_fingerprint(app: Flask) -> Callable[[str, dict[str, Any]], None]:
    """Return what gives each file that pages load an address of its own: browsers keep it for an hour.

    Without that a page of a new version meets the scripts and styles of the old one.
    """

    @cache
    def fingerprint(name: str) -> str | None:
        path = Path(app.static_folder or "") / name
        return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else None

    def add(endpoint: str, values: dict[str, Any]) -> None:
        found = fingerprint(values["filename"]) if endpoint == "static" and "filename" in values else None
        if found:
            values.setdefault("v", found)

    return add


def _of_this_request() -> tuple[Catalog, RememberingEngine, Index]:
    """Return what stands for catalogue, engine and index of whatever edition a request is answered from."""
    catalog = LocalProxy(lambda: request.environ[EDITION].catalog)
    engine = LocalProxy(lambda: request.environ[EDITION].engine)
    index = LocalProxy(lambda: request.environ[EDITION].index)
    return cast("Catalog", catalog), cast("RememberingEngine", engine), cast("Index", index)


def _speak_languages(app: Flask) -> None:
    """Let the templates say their messages in the language of the request."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension adds it
    app.jinja_env.globals.update(_=_say, gettext=_say, ngettext=_say_number)
    app.context_processor(
        lambda: {
            "language": g.language,
            "languages": [
                (each, links.in_language(*_this_page(), each.tag)) for each in language.languages()
            ],
        }
    )


def _this_page() -> tuple[str, list[tuple[str, str]]]:
    """Return path and parameters of this page; the front page's where they are longer than an address is."""
    if len(request.environ["PATH_INFO"]) + len(request.environ.get("QUERY_STRING", "")) > _LONGEST_ADDRESS:
        return "/", []
    return request.path, list(request.args.items(multi=True))


_LONGEST_ADDRESS: Final = 8_000
"""What RFC 9110 (4.1) asks everybody to take."""


@pass_eval_context
def _say(context: EvalContext, message: str, **values: object) -> str:
    """Do as the extension's own functions, which pages ask often, at less than half of their cost."""
    text: str = g.language.say(message)
    if context.autoescape:
        text = Markup(text)  # noqa: S704  # our own messages; what is filled in is escaped
    return text % values if "%" in text else text


@pass_eval_context
def _say_number(context: EvalContext, one: str, many: str, number: int, **values: object) -> str:
    message = one if number == 1 and g.language is language.ENGLISH else many
    return _say(context, message, **{"num": number, **values})


def _choose_language() -> None:
    """Take the language from ``?lang=``, then from the last choice, then from Accept-Language.

    For the endpoint any other ``lang`` is a parameter like all that SPARQL does not know: it is left alone.
    """
    liked = (match for tag in request.accept_languages.values() if (match := language.match(tag)))
    g.language = language.choose(None, request.cookies.get(_CHOICE), next(liked, None))
    asked = request.args.get("lang")
    if asked is not None and (request.blueprint != "sparql" or language.match(asked)):
        g.language = language.choose(asked)


_CHOICE: Final = "lang"
_A_YEAR: Final = 365 * 24 * 3600


def _limit(settings: Settings) -> Limit | None:
    return Limit(per_minute=settings.rate_limit, burst=settings.burst) if settings.rate_limit else None


def _access_log(settings: Settings) -> AccessLog | None:
    if settings.access_log == "off":
        return None
    return AccessLog(_STANDARD_OUTPUT, with_text=settings.access_log == "full")


def _answer_options() -> Response | None:
    """Answer OPTIONS, preflight included, with what the address allows.

    Where there is nothing a preflight passes too: a browser shows its page the 404 only then.
    """
    if request.method != "OPTIONS":
        return None
    if isinstance(request.routing_exception, NotFound) and "Access-Control-Request-Method" in request.headers:
        return Response(status=204, headers={"Access-Control-Allow-Methods": _ANY_METHOD, **_PREFLIGHT})
    if request.routing_exception is not None:
        return None
    methods = ", ".join(sorted(request_ctx.url_adapter.allowed_methods())) if request_ctx.url_adapter else ""
    return Response(
        status=204, headers={"Allow": methods, "Access-Control-Allow-Methods": methods, **_PREFLIGHT}
    )


def _drop_last_slash() -> BaseResponse | None:
    """Lead on from an address that has a slash too many, where there is something without it."""
    path, adapter = request.path.removesuffix("/"), request_ctx.url_adapter
    is_lost = isinstance(request.routing_exception, NotFound) and path != request.path
    if not is_lost or adapter is None or not adapter.test(path):
        return None
    asked = request.query_string.decode("ascii", "ignore")
    return redirect(quote(path) + (f"?{asked}" if asked else ""), 308)


def _complete(response: Response) -> Response:
    """Add what every answer carries, errors included."""
    response.headers.extend(_ALWAYS)
    if _is_editor(response):
        response.headers["Content-Security-Policy"] = content_policy.EDITOR
    if request.endpoint == "reconciliation.preview" and response.status_code == 200:
        response.headers["Content-Security-Policy"] = content_policy.FRAMED
    if request.endpoint == "static":
        _zip(response)
        return response
    response.headers["Vary"] = VARY
    speaks = response.mimetype == formats.PAGE.media_type or request.endpoint in _SPEAKING
    speaks = speaks or request.blueprint == "reconciliation"
    if speaks and response.status_code != 204:
        _tell_language(response)
    if request.blueprint in _PAGES and response.status_code == 200 and not response.is_streamed:
        response.add_etag()
    if "ETag" in response.headers and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = ASK_EACH_TIME
        _zip(response)
        response.make_conditional(request)
    return response


def _zip(response: Response) -> None:
    """Compress a whole page, or a file that pages load, for who asks; it has an ETag of its own then."""
    is_whole = request.endpoint == "static" or not response.is_streamed
    if not is_whole or response.status_code != 200:
        return
    response.vary.add("Accept-Encoding")
    is_asked = formats.takes_gzip(request.headers.get("Accept-Encoding"))
    if is_asked and zipping.is_worth_it(response.mimetype or "", response.content_length or 0):
        response.direct_passthrough = False
        response.set_data(zipping.zipped(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{response.get_etag()[0]}-gzip")
        response.make_conditional(request)


_SPEAKING: Final = frozenset(
    {"search.search", "search.suggest", "search.opensearch", "pages.chart", "questions.picture"}
)
"""What is in the language of the reader and is no page."""


def _is_editor(response: Response) -> bool:
    """Tell whether an answer is the page on which queries are written."""
    is_page = response.mimetype == formats.PAGE.media_type and response.status_code == 200
    is_blank = request.method in {"GET", "HEAD"} and "query" not in request.args
    return is_page and is_blank and request.endpoint == "sparql.sparql"


_PAGES: Final = frozenset({"pages", "questions", "machines", "search", "series", "reports", "distributions"})
"""The blueprints whose whole answers depend on the snapshot and the request alone."""


def _tell_language(response: Response) -> None:
    """Say which language a page is in, and remember the one that its reader asked for."""
    response.headers["Vary"] += ", Accept-Language, Cookie"
    response.headers["Content-Language"] = g.language.tag
    if "lang" in request.args and language.match(request.args["lang"]) == g.language.tag:
        response.set_cookie(_CHOICE, g.language.tag, max_age=_A_YEAR, samesite="Lax", httponly=True)


def _explain(fault: errors.RequestFault) -> Response:
    """Turn a fault into its answer: a problem document for programs, a page for browsers."""
    if fault.status == 500:
        _LOG.error("%s: %s", request.path, fault.detail)
    if formats.wants_page(request.headers.get("Accept")):
        response = Response(
            render_template("error.html", fault=fault, head=None), content_type="text/html; charset=utf-8"
        )
    else:
        response = jsonify({**errors.problem(fault), "request": note_of(request.environ).id})
        response.content_type = formats.PROBLEM
    response.status_code = fault.status
    response.headers.extend(fault.headers)
    return response


def _explain_http(error: HTTPException) -> Response | HTTPException:
    """Say in our own words what Flask refuses: an unknown address, a wrong method, too large a body."""
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, InternalServerError):
        _LOG.error("%s failed", request.path, exc_info=error.original_exception)
    fault = errors.from_http(error.code, error.name, error.description or "")
    response = _explain(fault)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    if isinstance(error, RequestedRangeNotSatisfiable) and error.length is not None:
        response.headers["Content-Range"] = f"bytes */{error.length}"  # RFC 9110, 15.5.17: how much there is
    return response
