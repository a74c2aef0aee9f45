"""The application: the one place where snapshot, engine, pages and endpoint meet."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, jsonify, render_template, request
from flask.globals import request_ctx
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from kg import names, resources
from kg.snapshot import open_current
from server import errors, formats
from server.pages import routes as pages
from server.pages.catalog import Catalog
from server.sparql import routes as sparql
from server.sparql.engine import WorkerPool

if TYPE_CHECKING:
    from server.settings import Settings

_LOG: Final = logging.getLogger(__name__)

_SAFETY: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Retry-After",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Accept, Content-Type, Authorization, X-Requested-With",
    "Access-Control-Max-Age": "86400",
}


class Server(Flask):
    """The application and what it holds; close it to let go."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("server", static_folder="static", template_folder="templates")
        snapshot = open_current(settings.snapshots)
        self.settings = settings
        self.catalog = Catalog(snapshot)
        self.engine = WorkerPool(
            snapshot.store,
            workers=settings.workers,
            timeout=settings.timeout,
            memory=settings.memory,
            wait=settings.wait,
            prefixes=names.PREFIXES,
        )

    def close(self) -> None:
        """Stop the workers."""
        self.engine.close()


def create_app(settings: Settings) -> Server:
    """Return the application over the current snapshot; raises SnapshotFault when there is none to serve."""
    app = Server(settings)
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_request
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.context_processor(lambda: {"snapshot": app.catalog.snapshot, "licence": names.CC_BY})
    examples = resources.examples()
    app.register_blueprint(sparql.blueprint(app.engine, app.catalog, settings, examples))
    app.register_blueprint(pages.blueprint(app.engine, app.catalog, settings, examples))
    app.before_request(_answer_options)
    app.after_request(_complete)
    app.register_error_handler(errors.RequestFault, _explain)
    app.register_error_handler(HTTPException, _explain_http)
    return app


def _answer_options() -> Response | None:
    """Answer OPTIONS, preflight included, with what the address allows."""
    if request.method != "OPTIONS" or request.routing_exception is not None:
        return None
    methods = ", ".join(sorted(request_ctx.url_adapter.allowed_methods())) if request_ctx.url_adapter else ""
    return Response(
        status=204, headers={"Allow": methods, "Access-Control-Allow-Methods": methods, **_PREFLIGHT}
    )


def _complete(response: Response) -> Response:
    """Add what every answer carries, errors included."""
    for name, value in {**_SAFETY, **_CORS}.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.vary.add("Accept")
    return response


def _explain(fault: errors.RequestFault) -> Response:
    """Turn a fault into its answer: a problem document for programs, a page for browsers."""
    if fault.status == 500:
        _LOG.error("%s: %s", request.path, fault.detail)
    if formats.wants_page(request.headers.get("Accept")):
        response = Response(
            render_template("error.html", fault=fault), content_type="text/html; charset=utf-8"
        )
    else:
        response = jsonify(errors.problem(fault))
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
    return response
