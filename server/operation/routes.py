"""What an operator asks the running server (is it ready, how is it doing), and the rate limit at the door."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from server import errors
from server.operation import readings
from server.operation.metrics import CONTENT_TYPE, text
from server.operation.visits import note_of
from server.sparql.endpoint import HELD

if TYPE_CHECKING:
    from server.app import Server
    from server.operation.limit import Limit
    from server.settings import Settings

_FREE = frozenset({"operation.health", "operation.metrics", "static"})
"""What no limit counts: a monitor must always come through, and a page's style belongs to the page."""


def blueprint(server: Server, settings: Settings) -> Blueprint:
    """Return /health and /metrics; every request of the application is noted, and held to the limit."""
    routes = Blueprint("operation", __name__)

    @routes.get("/health")
    def health() -> tuple[dict[str, Any], int]:
        return readings.health(server)

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(text(readings.families(server)), content_type=CONTENT_TYPE)

    @routes.before_app_request
    def note_route() -> None:
        note_of(request.environ).route = request.endpoint or ""

    if server.limit is not None:
        _hold(routes, server.limit, settings)
    return routes


def _hold(routes: Blueprint, limit: Limit, settings: Settings) -> None:
    @routes.before_app_request
    def hold() -> None:
        if request.endpoint in _FREE or request.method == "OPTIONS" or HELD in request.environ:
            return
        wait = limit.wait(note_of(request.environ).client, time.monotonic())
        if wait:
            raise errors.TooMany(settings.rate_limit, wait)
