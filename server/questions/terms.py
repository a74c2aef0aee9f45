"""What the editor offers while a query is written: prefixes, classes, properties and examples.

All of it comes from the snapshot's own description of itself, once; the endpoint is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kg import names
from kg.questions import is_iri
from server import errors
from server.pages import links
from server.pages.parts import Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.questions import Example
    from server.pages.catalog import Catalog
    from server.pages.language import Language

MOST_LABELS = 500
INTERFACE: Final = (
    "Query",
    "Response",
    "Run query",
    "Share query",
    "Close tab",
    "Add tab",
    "Add a new tab",
    "Download Results",
    "New Tab",
    "Rename Tab",
    "Copy Tab",
    "Close Tab",
    "Close other tabs",
    "Undo close Tab",
    "True",
    "False",
)
"""What the editor itself writes in English (YASGUI has no other language)."""
_TITLES: Final = tuple(
    kind.title
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.RequestFault)
)


def terms(catalog: Catalog, examples: Iterable[Example], language: Language) -> dict[str, Any]:
    """Return what the editor offers, labels in a language."""
    rows = catalog.kept("terms")
    naming = Naming(catalog, {row.text("term") for row in rows}, language)
    offered: dict[str, dict[str, str]] = {"classes": {}, "properties": {}}
    for row in rows:
        label = naming.label(row.text("term"))
        offered[row.text("kind")][row.text("term")] = label.text if label else ""
    return {
        "prefixes": names.PREFIXES,
        **offered,
        "examples": [
            {"slug": each.slug, "title": each.title, "query": each.query}
            for each in (example.in_language(language.tag) for example in examples)
        ],
        "words": {
            "choose": language.say("Start from a question …"),
            "table": language.say("Table"),
            "rows": language.say("Rows %(first)s to %(last)s of %(all)s"),
            "earlier": language.say("Earlier rows"),
            "later": language.say("Later rows"),
            "none": language.say("No rows: the graph knows nothing of the kind."),
            "found": language.say("%(num)s results in %(seconds)s seconds"),
            "took": language.say("Answered in %(seconds)s seconds"),
            "interface": {text: language.say(text) for text in (*INTERFACE, *_TITLES)},
        },
    }


def labels(catalog: Catalog, iris: Iterable[str], language: Language) -> Mapping[str, dict[str, str]]:
    """Return the label of each thing that has one, its language where it is not the page's, and its page."""
    found = catalog.labels(filter(is_iri, iris), language.tag)
    return {
        iri: {
            "label": label.text,
            "lang": language.other(label.language),
            "href": links.href(iri) or "",
        }
        for iri, label in sorted(found.items())
    }
