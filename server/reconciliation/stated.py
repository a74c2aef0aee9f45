"""What the graph states of entities: what a table is held against, and what it is filled with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import folding, names
from server.reconciliation import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.pages.catalog import Catalog, Term
    from server.reconciliation.vocabulary import Property


class Stated:
    """The statements of entities, each read once for a whole batch."""

    def __init__(self, catalog: Catalog) -> None:
        self._read, self._once = catalog.values, catalog.once  # bound once: it stands behind a proxy
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
        return [each for each in found if _is_of(property_, each)]

    def keys(self, iri: str, property_: Property) -> frozenset[str]:
        """Return all that a table may call the values of a property: ids, and names as they are compared."""
        asked = iri, property_.id
        if asked not in self._keys:
            if property_.is_transitive:
                near = {value for term in property_.iris for value in self._of(iri, term)}
                self._keys[asked] = frozenset().union(*(self._beyond(each, property_) for each in near))
            else:
                self._keys[asked] = frozenset(self._all_called(self.values(iri, property_)))
        return self._keys[asked]

    def _beyond(self, value: Term, property_: Property) -> frozenset[str]:
        """Return what a value and all that it leads on to may be called; kept, as many things lie in it."""

        def called() -> frozenset[str]:
            own = [value] if _is_of(property_, value) else []
            further = self.values(value.value, property_) if isinstance(value, ox.NamedNode) else []
            return frozenset(self._all_called([*own, *further]))

        return self._once(("beyond", property_.id, value), called, weight=lambda keys: 1 + len(keys))

    def definition(self, iri: str, language: str) -> str:
        """Return what a thing is, in a language or in English; empty where that is not stated."""
        texts = [each for each in self._of(iri, _DEFINITION) if isinstance(each, ox.Literal)]
        by_language = {(each.language or "").lower(): each.value for each in texts}
        return by_language.get(language.lower()) or by_language.get("en", "")

    def _of(self, iri: str, term: str) -> list[Term]:
        """Return what one term states: a city may have a hundred names, of which none is asked for."""
        if (iri, term) not in self._stated:
            self._stated[iri, term] = self._read(iri, term)
        return self._stated[iri, term]

    def _all_called(self, values: Iterable[Term]) -> Iterator[str]:
        return (key for each in values for key in self._called(each))

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


def _is_of(property_: Property, value: Term) -> bool:
    """Tell whether a value is of the kind that the property's may be."""
    kind = vocabulary.kind_of(value.value) if isinstance(value, ox.NamedNode) else ""
    return property_.only in ("", kind)


_DEFINITION: Final = names.SKOS + "definition"
_NAMES: Final = (
    names.RDFS + "label",
    *(names.SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel")),
)
