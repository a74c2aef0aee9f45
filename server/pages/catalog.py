"""The catalogue: the snapshot's store as our pages ask it.

Only our own small queries (``queries/``) with values bound, and never a stranger's text, not even to parse
it. Each page asks a fixed number of them, whatever the number of rows that it shows.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import pyoxigraph as ox

from kg import jsonld, names
from kg.faults import SnapshotFault
from server.pages.articles import Articles
from server.pages.memory import Memory
from server.pages.writing import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    from kg.snapshot import Snapshot

    Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    About: TypeAlias = Mapping[str, Sequence[Term]]
    """What is stated of a thing: by property its values, in an order of its own that stays the same."""

Made = TypeVar("Made")


def _a_page(_made: object) -> int:
    """The weight of what is as large as a page."""
    return 200


def _labelled(labels: tuple[Label, ...]) -> int:
    """The weight of labels; too much where there are none, since strangers may ask for any name."""
    return len(labels) or _MOST_REMEMBERED + 1


def _stated(about: About) -> int:
    """The weight of statements; as for labels."""
    return sum(map(len, about.values())) or _MOST_REMEMBERED + 1


class Label(NamedTuple):
    """What a thing is called, and the language (RFC 5646) that this is in."""

    text: str
    language: str


class Row(dict[str, "Term"]):
    """One solution of a query: the variables that are bound."""

    def text(self, name: str) -> str:
        """Return the IRI or the text of a variable, empty where it is not bound."""
        term = self.get(name)
        return "" if term is None else text_of(term)

    def whole(self, name: str) -> int:
        """Return a whole number; ValueError where there is none."""
        return int(self.text(name))

    def number(self, name: str) -> Decimal | None:
        """Return a number, None where the variable is not bound."""
        return Decimal(self.text(name)) if name in self else None

    def is_iri(self, name: str) -> bool:
        """Tell whether the variable is bound to the name of a thing."""
        return isinstance(self.get(name), ox.NamedNode)

    def language(self, name: str) -> str:
        """Return the language of a text, empty where it has none."""
        term = self.get(name)
        return "" if term is None else language_of(term)

    def datatype(self, name: str) -> str:
        """Return the datatype of a literal, empty for anything else."""
        term = self.get(name)
        return term.datatype.value if isinstance(term, ox.Literal) else ""


class Catalog:
    """The fixed questions of our pages, over one snapshot that never changes."""

    def __init__(self, snapshot: Snapshot, articles: Articles | None = None) -> None:
        self.snapshot = snapshot
        self.articles = articles or Articles()
        try:
            self._store = ox.Store.read_only(str(snapshot.store))
        except (OSError, RuntimeError) as error:  # RuntimeError is how pyoxigraph tells corruption
            raise SnapshotFault(
                f"The store of the snapshot {snapshot.folder} cannot be opened: {str(error).rstrip('.')}. "
                "Run `kg build` to publish it anew."
            ) from error
        self._memory = Memory(_MOST_REMEMBERED)

    def select(self, name: str, **bound: str) -> list[Row]:
        """Return the solutions of ``queries/<name>.rq``; each value given is the IRI of a variable in it.

        A variable that is given has to be projected, or the engine does not bind it.
        """
        solutions = self._query(name, bound)
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError(f"{name}.rq is no SELECT")
        variables = [each.value for each in solutions.variables]
        return [
            Row({name: value for name, value in zip(variables, solution, strict=True) if value is not None})
            for solution in solutions
        ]

    def construct(self, name: str, **bound: str) -> list[ox.Triple]:
        """Return the triples of ``queries/<name>.rq``, sorted; values are given as for ``select``."""
        triples = self._query(name, bound)
        if not isinstance(triples, ox.QueryTriples):
            raise TypeError(f"{name}.rq is no CONSTRUCT")
        return sorted(set(triples), key=str)

    def knows(self, iri: str) -> bool:
        """Tell whether the graph says anything of a thing."""
        return _any(self._store.quads_for_pattern(ox.NamedNode(iri), None, None))

    def labels(self, iris: Iterable[str], language: str = "en") -> dict[str, Label]:
        """Return the label of each IRI that has one: in the language, else in English, else in any.

        An index look-up for each that no page named before, all at once and no query.
        """
        known = (
            (iri, self.once(("labels", iri), partial(self._labels, iri), weight=_labelled))
            for iri in set(iris)
        )
        return {iri: nearest_label(labels, language) for iri, labels in known if labels}

    def called(self, text: str, language: str) -> list[str]:
        """Return the concepts of that name, else all that has it as a label: index look-ups, and no query.

        A phrase that was read, for one, has the label of what it was read as.
        """
        name = ox.Literal(text, language=language)
        for by in (_PREFERRED, _LABEL):
            quads = self._store.quads_for_pattern(None, by, name, ox.DefaultGraph())
            found = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
            if found:
                return sorted(found)
        return []

    def about(self, iri: str) -> About:
        """Return what is stated of a thing; read once while there is room.

        A page names the same things again and again, and its neighbours do.
        """
        return self.once(("about", iri), partial(self.read, iri), weight=_stated)

    def said_of(self, iris: Iterable[str]) -> dict[str, About]:
        """Return what is stated of each thing of which anything is: index look-ups, and no query."""
        return {iri: about for iri in sorted(set(iris)) if (about := self.about(iri))}

    def read(self, iri: str) -> About:
        """Return what is stated of a thing, and keep it nowhere: for who reads more than a page shows."""
        found: dict[str, list[Term]] = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph()):
            found.setdefault(quad.predicate.value, []).append(quad.object)
        for values in found.values():
            if len(values) > 1:
                values.sort(key=str)
        return dict(sorted(found.items()))

    def values(self, iri: str, property_: str) -> list[Term]:
        """Return what a property says of a thing, in an order of its own that stays the same."""
        found = self._store.quads_for_pattern(
            ox.NamedNode(iri), ox.NamedNode(property_), None, ox.DefaultGraph()
        )
        return sorted((quad.object for quad in found), key=str)

    def pointing(self, iri: str, property_: str = "") -> list[str]:
        """Return what points to a thing, by any property or by one."""
        by = ox.NamedNode(property_) if property_ else None
        found = self._store.quads_for_pattern(None, by, ox.NamedNode(iri), ox.DefaultGraph())
        return sorted({quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)})

    def graph(self, iri: str) -> Iterator[ox.Quad]:
        """Yield every statement of a named graph."""
        return self._store.quads_for_pattern(None, None, None, ox.NamedNode(iri))

    def things(self) -> Iterator[str]:
        """Yield every thing that has a class, once for each; the order stays the same."""
        for quad in self._store.quads_for_pattern(None, _TYPE, None, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value

    def kept(self, name: str, **bound: str) -> list[Row]:
        """Return what ``select`` does, asked once: a snapshot never changes.

        For what costs more than a page may, or what every page asks.
        """
        key = (name, *sorted(bound.items()))
        return self.once(key, lambda: self.select(name, **bound), weight=lambda rows: 1 + len(rows))

    def once(
        self, key: tuple[object, ...], make: Callable[[], Made], *, weight: Callable[[Made], int] = _a_page
    ) -> Made:
        """Return what ``make`` makes of the snapshot, made once for each key while there is room.

        ``weight`` is how much room the result takes, in facts of some 300 bytes.
        """
        return self._memory.recall(key, make, weight=weight)

    @property
    def statistics(self) -> Mapping[str, Any]:
        """What the build counted (``kg/README.md``); empty where an older one published, which did not."""
        if "statistics.json" not in self.snapshot.manifest["files"]:
            return {}
        return self.once(("statistics",), self.snapshot.statistics)

    def instance(self, *, property_: str = "", value: str = "") -> Row:
        """Return one statement with a property or a value, as ``subject property value``; the first by index.

        Empty where there is none. An index look-up, and no query.
        """
        by, of = (ox.NamedNode(each) if each else None for each in (property_, value))
        quad = next(iter(self._store.quads_for_pattern(None, by, of, ox.DefaultGraph())), None)
        if quad is None:
            return Row()
        return Row(subject=quad.subject, property=quad.predicate, value=quad.object)

    def triples(self, iri: str, form: str) -> bytes | None:
        """Return the triples of a thing, or of the whole ontology for its IRI, in a format of pyoxigraph."""
        found = self.statements(iri)
        return written(found, form) if found else None

    def statements(self, iri: str) -> list[ox.Triple]:
        """Return the triples of a thing, those of its evidence too, or of the whole ontology for its IRI."""
        if iri == names.ONTOLOGY:
            return self.construct("ontology-triples")
        return self.construct("triples", thing=iri)

    def description(self, name: str, form: str, turtle: str = "", **addresses: str) -> bytes | None:
        """Say what ``graph:meta`` holds for a document, with addresses bound and Turtle of our own added.

        The bytes are kept, since a snapshot never changes. None when there is nothing to say.
        """
        key = (name, form, turtle, *sorted(addresses.items()))
        return self.once(key, lambda: self._describe(name, form, turtle, addresses))

    def _describe(self, name: str, form: str, turtle: str, addresses: dict[str, str]) -> bytes | None:
        stored = self.construct(name, **addresses)
        added = (quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))
        found = sorted({*stored, *added}, key=str)
        if not found:
            return None
        return jsonld.document(found) if form == "JSON_LD" else written(found, form)

    def _labels(self, iri: str) -> tuple[Label, ...]:
        quads = self._store.quads_for_pattern(ox.NamedNode(iri), _LABEL, None, ox.DefaultGraph())
        found = (quad.object for quad in quads)
        return tuple(Label(each.value, each.language or "") for each in found if isinstance(each, ox.Literal))

    def _query(
        self, name: str, bound: dict[str, str]
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        return self._store.query(
            text_of_query(name),
            prefixes=names.PREFIXES,
            substitutions={ox.Variable(key): ox.NamedNode(iri) for key, iri in bound.items()},
        )


_LABEL: Final = ox.NamedNode(names.RDFS + "label")
_PREFERRED: Final = ox.NamedNode(names.SKOS + "prefLabel")
_TYPE: Final = ox.NamedNode(names.RDF + "type")
_MOST_REMEMBERED: Final = 200_000
"""Facts, at some 300 bytes each."""


def text_of(term: Term) -> str:
    """Return the IRI or the text of a term."""
    return str(term) if isinstance(term, ox.Triple) else term.value


def language_of(term: Term) -> str:
    """Return the language of a text, empty where it has none."""
    return (term.language or "") if isinstance(term, ox.Literal) else ""


def texts(about: About, property_: str) -> list[str]:
    """Return what a property says of a thing: IRIs and texts."""
    return list(map(text_of, about.get(property_, ())))


def first(about: About, property_: str) -> str:
    """Return one value of a property, empty where it has none."""
    found = about.get(property_)
    return text_of(found[0]) if found else ""


def iris(about: About) -> set[str]:
    """Return everything that the statements of a thing name."""
    return {term.value for found in about.values() for term in found if isinstance(term, ox.NamedNode)}


def by_property(rows: Iterable[Row]) -> About:
    """Return rows that have a ``property`` and a ``value`` of one thing each, as ``about`` does."""
    found: dict[str, list[Term]] = {}
    for row in rows:
        found.setdefault(row.text("property"), []).append(row["value"])
    return found


def nearest_label(labels: Iterable[Label], language: str) -> Label:
    """Return the label that is in a language, or comes nearest to that."""
    return min(labels, key=lambda label: (_distance(label.language, language), label.text))


def question(name: str, **bound: str) -> str:
    """Return ``queries/<name>.rq`` as people can run it, with IRIs bound by VALUES (SPARQL 1.1, 10.2.2)."""
    variables, values = (" ".join(each) for each in (map("?{}".format, bound), map(_written, bound.values())))
    return f"{text_of_query(name)}VALUES ({variables}) {{ ({values}) }}"


@cache
def text_of_query(name: str) -> str:
    """Return ``queries/<name>.rq``."""
    return (resources.files("server.pages") / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def _written(iri: str) -> str:
    short = names.compact(iri)
    return short if short != iri else f"<{iri}>"


def _distance(tag: str, wanted: str) -> int:
    """How far the language of a label is from the one that a reader wants."""
    primary = tag.partition("-")[0]
    if tag == wanted:
        return 0
    if primary == wanted.partition("-")[0]:
        return 1
    return 2 if primary == "en" else 3


def _any(found: Iterable[object]) -> bool:
    return next(iter(found), None) is not None
