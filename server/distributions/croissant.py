"""The table of figures as tools of machine learning describe data (MLCommons Croissant 1.0)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from kg import names
from kg.distributions import BY_NAME
from kg.figures import COLUMNS
from server.distributions.offers import offers
from server.pages.schema_org import of_dataset

if TYPE_CHECKING:
    from kg.figures import Column
    from server.distributions.offers import Offer
    from server.pages.catalog import Catalog
    from server.pages.language import Language


def describe(catalog: Catalog, language: Language, home: str) -> dict[str, Any] | None:
    """Describe the table, its columns and their types; None where a snapshot has no table."""
    table = next((each for each in offers(catalog.snapshot) if each.it is BY_NAME["csv"]), None)
    if table is None:
        return None
    told = of_dataset(catalog, language, home)
    published = datetime.fromtimestamp(catalog.snapshot.folder.stat().st_mtime, tz=UTC)
    return {
        "@context": _context(),
        **{key: told[key] for key in _SHARED if key in told},
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "citeAs": f"{told['name']}, {catalog.snapshot.id}, {names.DATASET}",
        "datePublished": published.date().isoformat(),
        "distribution": [_file(table, home)],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": _RECORDS,
                "name": _RECORDS,
                "description": table.it.holds + ".",
                "key": {"@id": f"{_RECORDS}/{COLUMNS[0].name}"},
                "field": [_field(each, table) for each in COLUMNS],
            }
        ],
    }


_SHARED: Final = ("name", "alternateName", "description", "url", "license", "creator", "identifier")
_RECORDS: Final = "figures"
_TYPES: Final = {
    "string": "sc:Text",
    "anyURI": "sc:URL",
    "integer": "sc:Integer",
    "decimal": "sc:Float",
    "date": "sc:Date",
}


def _file(table: Offer, home: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": table.it.file,
        "name": table.it.file,
        "description": table.it.holds + ".",
        "contentUrl": home + table.path,
        "contentSize": f"{table.size} B",
        "encodingFormat": table.it.media_type,
        "sha256": table.sha256,
    }


def _field(column: Column, table: Offer) -> dict[str, Any]:
    """Describe a column; one of several values is a text that holds them, with something between."""
    return {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/{column.name}",
        "name": column.name,
        "description": column.meaning,
        "dataType": "sc:Text" if column.separator else _TYPES[column.datatype],
        "source": {"fileObject": {"@id": table.it.file}, "extract": {"column": column.name}},
    }


@cache
def _context() -> dict[str, Any]:
    """Return the context that the specification asks for (appendix 1)."""
    text = (resources.files("server.distributions") / "croissant-context.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
