"""The kinds of things that may be linked: the one table of them, light enough for the command line."""

from __future__ import annotations

from typing import Final

from kg import names

KINDS: Final = {
    "city": names.term("City"),
    "region": names.term("Region"),
    "country": names.term("Country"),
    "organization": names.ORG + "Organization",
    "industry": names.term("Industry"),
    "group": names.term("IndustryGroup"),
    "system": names.term("IndustrySystem"),
    "metric": names.term("Metric"),
    "policy": names.term("Policy"),
    "unit": names.QUDT + "Unit",
}
"""The kinds, by the words of ``--kind``, and their classes."""

USUAL: Final = tuple(kind for kind in KINDS if kind not in {"group", "system"})
"""The kinds that are asked for unless others are chosen: nobody else has a city's groups of industries."""

BORDERED: Final = {"industry", "group", "system", "metric"}
"""What has borders, of which no name tells that they are the same elsewhere: nothing is proposed as exact."""

_INDIVIDUALS: Final = {"city", "region", "country", "organization", "policy"}


def identity(kind: str) -> str:
    """Return the predicate that says that two things of a kind are the same: see ``links/README.md``.

    >>> identity("city"), identity("industry")
    ('owl:sameAs', 'skos:exactMatch')
    """
    return "owl:sameAs" if kind in _INDIVIDUALS else "skos:exactMatch"
