"""Files of a snapshot as the build wrote them: whole, or the part that is asked for (RFC 9110, 13 and 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import PreconditionFailed, RequestedRangeNotSatisfiable
from werkzeug.http import is_resource_modified, parse_etags, parse_range_header
from werkzeug.utils import send_file

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.wrappers import Response

    Environ = dict[str, Any]


def send(
    environ: Environ, path: Path, media_type: str, *, name: str, sha256: str, as_attachment: bool = False
) -> Response:
    """Send a file; its digest is its ETag. Raises FileNotFoundError, or what stands for 412 and 416."""
    wanted = environ.get("HTTP_IF_MATCH")
    if wanted and sha256 not in parse_etags(wanted):
        raise PreconditionFailed("The file is another one by now. Fetch it again, from its beginning.")
    response = send_file(
        path.absolute(),
        environ,
        media_type,
        as_attachment=as_attachment,
        download_name=name,
        etag=sha256,
        max_age=0,  # the next build replaces it at the same address
        conditional=False,
    )
    rest = {field: value for field, value in environ.items() if field != "HTTP_IF_MATCH"}
    if not _is_a_part_wanted(response, rest):
        rest.pop("HTTP_RANGE", None)
    try:
        response.make_conditional(rest, accept_ranges=True, complete_length=response.content_length)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def _is_a_part_wanted(response: Response, environ: Environ) -> bool:
    """Tell whether a range counts: all other conditions come before it (RFC 9110, 13.2.2).

    What names several parts, or none that one can read, is passed over (RFC 9110, 14.2).
    """
    asked = parse_range_header(environ.get("HTTP_RANGE"))
    if (
        asked is None
        or asked.units != "bytes"
        or len(asked.ranges) != 1
        or environ["REQUEST_METHOD"] != "GET"
    ):
        return False
    return is_resource_modified(environ, response.headers["ETag"], None, response.last_modified)
