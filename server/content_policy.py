"""What a page may load and run (Content Security Policy 3): what this server sends, and nothing inline."""

from __future__ import annotations

from typing import Final

_ALLOWED: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def _written(**more: str) -> str:
    allowed = {**_ALLOWED, **{name.replace("_", "-"): value for name, value in more.items()}}
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


PAGE: Final = _written()
"""Of every answer but one."""
EDITOR: Final = _written(style_src_attr="'unsafe-inline'")
"""Of the page with the editor: YASGUI underlines what a query lacks by a style attribute in its markup.

An attribute styles its own element and loads nothing, since ``img-src`` and ``font-src`` hold for it too.
"""
FRAMED: Final = _written(frame_ancestors="*", script_src="'none'")
"""Of the small page that other programs show in a frame of theirs; it runs nothing."""
