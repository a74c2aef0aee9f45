"""What the graph states of entities: what a table is held against, and what it is filled with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import folding, names
from server.reconciliation import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.pages.catalog import Catalog, Term
    from server.reconciliation.vocabulary import Property


class Stated:
    """The statements of entities, each read once for a whole batch."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._stated: dict[tuple[str, str], list[Term]] = {}
        self._keys: dict[tuple[str, str], frozenset[str]] = {}

    def values(self, iri: str, property_: Property) -> list[Term]:
        """Return the values of a property, followed on where it leads on; each once, the nearest first."""
        found: dict[Term, None] = {}
        ahead = [iri]
        while ahead:
            near = [value for each in ahead for term in property_.iris for value in self._of(each, term)]
            new = [value for value in dict.fromkeys(near) if value not in found]
            found.update(dict.fromkeys(new))
            ahead = [each.value for each in new if property_.is_transitive and isinstance(each, ox.NamedNode)]
        return [each for each in found if not property_.only or _kind(each) == property_.only]

    def keys(self, iri: str, property_: Property) -> frozenset[str]:
        """Return all that a table may call the values of a property: ids, and names as they are compared."""
        asked = iri, property_.id
        if asked not in self._keys:
            values = self.values(iri, property_)
            self._keys[asked] = frozenset(key for each in values for key in self._called(each))
        return self._keys[asked]

    def definition(self, iri: str, language: str) -> str:
        """Return what a thing is, in a language or in English; empty where that is not stated."""
        texts = [each for each in self._of(iri, _DEFINITION) if isinstance(each, ox.Literal)]
        by_language = {(each.language or "").lower(): each.value for each in texts}
        return by_language.get(language.lower()) or by_language.get("en", "")

    def _of(self, iri: str, term: str) -> list[Term]:
        """Return what one term states: a city may have a hundred names, of which none is asked for."""
        if (iri, term) not in self._stated:
            self._stated[iri, term] = self._catalog.values(iri, term)
        return self._stated[iri, term]

    def _called(self, value: Term) -> Iterator[str]:
        if isinstance(value, ox.Literal):
            yield folding.key(value.value)
        elif isinstance(value, ox.NamedNode):
            yield from (value.value, vocabulary.id_of(value.value))
            yield folding.key(names.local(value.value.rstrip("/")))
            yield from (
                folding.key(name.value)
                for term in _NAMES
                for name in self._of(value.value, term)
                if isinstance(name, ox.Literal)
            )


def _kind(term: Term) -> str:
    return vocabulary.kind_of(term.value) if isinstance(term, ox.NamedNode) else ""


_DEFINITION: Final = names.SKOS + "definition"
_NAMES: Final = (
    names.RDFS + "label",
    *(names.SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel")),
)
