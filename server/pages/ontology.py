"""The ontology as a reference: every term, what it means, how it is used here and what others call it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import concept, links, parts
from server.pages.catalog import by_property, first, texts
from server.pages.parts import Alternate, Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from server.pages.catalog import About, Catalog, Row
    from server.pages.language import Language

    Terms = Mapping[str, About]


@dataclass(frozen=True, slots=True)
class Detail:
    """Something more about a term: what it is, and the terms or words that say it."""

    name: str
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TermView:
    """A term; what begins with ``other`` is in the other language, ``terms`` are the values of a list."""

    anchor: str
    name: str
    label: Link
    other: Link | None
    definition: Link | None
    other_definition: Link | None
    deprecated: bool
    details: tuple[Detail, ...]
    uses: str
    example: tuple[Link, ...]
    terms: tuple[TermView, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The terms of one sort, in groups: properties stand by the class that has them."""

    title: str
    anchor: str
    count: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Terms that stand together, below a title where they have one."""

    title: Link | None
    terms: tuple[TermView, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A class in the tree of classes, with those below it; ``values`` counts the members of a closed list."""

    name: Link
    label: str
    values: int
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class OntologyPage:
    """The page of the ontology."""

    iri: str
    namespace: str
    description: Link | None
    version: str
    day: str
    tree: tuple[Branch, ...]
    lists: tuple[Branch, ...]
    sections: tuple[Section, ...]
    alternates: tuple[Alternate, ...]


def page(catalog: Catalog, language: Language, other: Language) -> OntologyPage:
    """Return the reference, which is the same for as long as the snapshot is."""
    return catalog.once(("reference", language.tag), lambda: _page(catalog, language, other))


def _page(catalog: Catalog, language: Language, other: Language) -> OntologyPage:
    """Lay out the ontology: classes with the values of closed lists, properties, then what is left."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in catalog.select("ontology"):
        found[row.text("term")].append(row)
    terms = {iri: by_property(rows) for iri, rows in found.items()}
    about = terms.pop(names.ONTOLOGY, {})
    examples = {iri: each for iri in terms if (each := _example(catalog, iri, terms[iri]))}
    named = {*terms, *(row.text(name) for row in examples.values() for name in row if row.is_iri(name))}
    uses = {row.text("term"): row for row in catalog.select("partitions", dataset=names.DATASET)}
    naming, second = Naming(catalog, named, language), Naming(catalog, terms, other)
    return _Reference(terms, examples, uses, naming, second).page(about)


_CLASSES: Final = frozenset({names.OWL + "Class", names.RDFS + "Class"})
_TYPE: Final = names.RDF + "type"
_SUB_CLASS: Final = names.RDFS + "subClassOf"
_SUB_PROPERTY: Final = names.RDFS + "subPropertyOf"
_DEFINITION: Final = names.SKOS + "definition"
_DOMAIN: Final = names.RDFS + "domain"
_OWN: Final = (
    (_SUB_CLASS, "Within"),
    (_SUB_PROPERTY, "Within"),
    (_DOMAIN, "Of"),
    (names.RDFS + "range", "Leads to"),
    (names.OWL + "inverseOf", "The reverse of"),
    (names.DCTERMS + "isReplacedBy", "Replaced by"),
)
"""What relates a term to another one, in the order of the page."""
_ALIGNED: Final = {
    _SUB_CLASS: "a kind of",
    _SUB_PROPERTY: "a kind of",
    names.OWL + "equivalentClass": "the same as",
    names.OWL + "equivalentProperty": "the same as",
    names.OWL + "sameAs": "the same as",
    names.SKOS + "exactMatch": "the same as",
    names.SKOS + "closeMatch": "close to",
    names.SKOS + "broadMatch": "part of the broader",
    names.SKOS + "narrowMatch": "broader than",
    names.SKOS + "relatedMatch": "related to",
    names.RDFS + "seeAlso": "see also",
}
"""What relates a term to the vocabularies of others."""
_LONGEST: Final = 80
"""How many characters of a text an example shows."""


def _example(catalog: Catalog, iri: str, about: About) -> Row:
    """Return a statement that uses a term: one about a thing of it, one with it, or one that names it."""
    types = set(texts(about, _TYPE))
    if types & _CLASSES:
        return catalog.instance(property_=_TYPE, value=iri)
    if _is_property(types):
        return catalog.instance(property_=iri)
    return catalog.instance(value=iri)


class _Reference:
    """The reference while it is laid out."""

    def __init__(
        self,
        terms: Terms,
        examples: Mapping[str, Row],
        uses: Mapping[str, Row],
        naming: Naming,
        second: Naming,
    ) -> None:
        self._terms, self._examples, self._uses = terms, examples, uses
        self._naming, self._second, self._language = naming, second, naming.language
        self._stated = {
            iri: {each: sorted(texts(about, each)) for each in about} for iri, about in terms.items()
        }
        self._classes = {iri for iri in terms if _CLASSES & set(self._those(iri, _TYPE))}
        self._properties = {iri for iri in terms if _is_property(self._those(iri, _TYPE))}
        self._members = _reversed({iri: self._those(iri, _TYPE) for iri in terms})
        self._children = _reversed({iri: self._those(iri, _SUB_CLASS) for iri in self._classes})
        self._narrower = _reversed({iri: self._those(iri, _SUB_PROPERTY) for iri in self._properties})

    def page(self, about: About) -> OntologyPage:
        language = self._language
        issued = texts(about, names.DCTERMS + "modified")
        return OntologyPage(
            names.ONTOLOGY,
            names.CEKG,
            description=concept.best(about, names.DCTERMS + "description", language),
            version=first(about, names.OWL + "versionInfo"),
            day=language.day(max(issued)) if issued else "",
            tree=tuple(self._branch(each) for each in self._roots() if each not in self._members),
            lists=tuple(self._branch(each) for each in self._roots() if each in self._members),
            sections=tuple(self._sections()),
            alternates=parts.alternates(names.ONTOLOGY),
        )

    def _sections(self) -> Iterator[Section]:
        say = self._language.say
        order = [each for root in self._roots() for each in self._below(root)]
        lists = [each for each in order if each in self._members]
        listed = set(chain.from_iterable(self._members.get(each, ()) for each in self._classes))
        rest = sorted(set(self._terms) - self._classes - self._properties - listed)
        sections = (
            (say("Classes"), "-classes", [self._group(each for each in order if each not in lists)]),
            (say("Properties"), "-properties", self._properties_of(order)),
            (say("Closed lists"), "-lists", [self._group(lists)]),
            (say("Other terms"), "-others", [self._group(rest)]),
        )
        for title, anchor, groups in sections:
            count = sum(len(group.terms) for group in groups)
            if count:
                yield Section(title, anchor, count, tuple(groups))

    def _group(self, iris: Iterable[str]) -> Group:
        return Group(None, self._views(iris))

    def _properties_of(self, classes: list[str]) -> list[Group]:
        """Group the properties by the class that has them, in the order of the classes."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for iri in sorted(self._properties):
            domains = self._those(iri, _DOMAIN)
            found[next((each for each in classes if each in domains), "")].append(iri)
        order = sorted(found, key=lambda each: classes.index(each) if each else len(classes))
        return [Group(self._link(each) if each else None, self._views(found[each])) for each in order]

    # The tree of classes

    def _roots(self) -> list[str]:
        return sorted(
            each for each in self._classes if not self._classes & set(self._those(each, _SUB_CLASS))
        )

    def _below(self, iri: str) -> Iterator[str]:
        yield iri
        for each in self._children.get(iri, ()):
            yield from self._below(each)

    def _branch(self, iri: str) -> Branch:
        branches = tuple(self._branch(each) for each in self._children.get(iri, ()))
        return Branch(self._link(iri), self._naming.text(iri), len(self._members.get(iri, ())), branches)

    # Terms

    def _views(self, iris: Iterable[str]) -> tuple[TermView, ...]:
        return tuple(self._view(each) for each in iris)

    def _view(self, iri: str) -> TermView:
        own, other, *_ = (*concept.said(self._terms[iri], [_DEFINITION], self._language), None, None)
        return TermView(
            anchor=names.local(iri),
            name=names.compact(iri),
            label=Link(self._naming.text(iri), language=self._tag(iri)),
            other=concept.alias(iri, self._naming, self._second),
            definition=own,
            other_definition=other,
            deprecated="true" in self._those(iri, names.OWL + "deprecated"),
            details=tuple(self._details(iri)),
            uses=self._use(iri),
            example=self._exemplified(iri),
            terms=self._views(self._members.get(iri, ())),
        )

    def _tag(self, iri: str) -> str:
        label = self._naming.label(iri)
        return self._language.other(label.language) if label else ""

    def _details(self, iri: str) -> Iterator[Detail]:
        say = self._language.say
        for property_, title in _OWN:
            found = self._those(iri, property_)
            own = [each for each in found if each in self._terms or property_ not in _ALIGNED]
            if own:
                yield Detail(say(title), tuple(self._link(each) for each in own))
        if iri in self._narrower:
            yield Detail(say("Wider than"), tuple(self._link(each) for each in self._narrower[iri]))
        if names.OWL + "FunctionalProperty" in self._those(iri, _TYPE):
            yield Detail(say("At most one value"), ())
        yield from self._alignments(iri)

    def _alignments(self, iri: str) -> Iterator[Detail]:
        found: defaultdict[str, list[Link]] = defaultdict(list)
        for property_, said in _ALIGNED.items():
            for each in self._those(iri, property_):
                if each not in self._terms:
                    found[said].append(Link(_short(each), links.href(each)))
        for said, values in found.items():
            yield Detail(self._language.say(said), tuple(values))

    def _use(self, iri: str) -> str:
        if not self._uses or iri in self._members or not (iri in self._classes or iri in self._properties):
            return ""
        row, language = self._uses.get(iri), self._language
        if row is None:
            return language.say("not used by itself")
        if "things" in row:
            return language.count("%(num)s thing", "%(num)s things", row.whole("things"))
        return language.count("%(num)s statement", "%(num)s statements", row.whole("statements"))

    def _exemplified(self, iri: str) -> tuple[Link, ...]:
        """Return the parts of an example: a thing, or what has a value and that value."""
        row = self._examples.get(iri)
        if row is None or row.text("subject") in self._terms:
            return ()
        subject = self._named(row, "subject")
        return (subject, self._named(row, "value")) if iri in self._properties else (subject,)

    def _named(self, row: Row, name: str) -> Link:
        if row.is_iri(name):
            iri = row.text(name)
            label = self._naming.label(iri)
            language = self._language.other(label.language) if label else ""
            return Link(_shortened(self._naming.text(iri)), self._there(iri), language)
        return Link(_shortened(row.text(name)), language=self._language.other(row.language(name)))

    def _those(self, iri: str, property_: str) -> list[str]:
        return self._stated[iri].get(property_, [])

    def _link(self, iri: str) -> Link:
        return Link(_short(iri), self._there(iri))

    def _there(self, iri: str) -> str | None:
        """Lead to a term on this page by its anchor alone."""
        return f"#{names.local(iri)}" if iri in self._terms else links.href(iri)


def _reversed(relation: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Turn a relation round.

    >>> _reversed({"b": ["a"], "c": ["a", "b"]})
    {'a': ['b', 'c'], 'b': ['c']}
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in sorted(relation):
        for another in relation[one]:
            found[another].append(one)
    return dict(found)


def _is_property(types: Iterable[str]) -> bool:
    return any(each.endswith("Property") for each in types)


def _short(iri: str) -> str:
    """Write the name of a term as people type it, where there is a prefix; else say whose it is.

    >>> _short("https://schema.org/City"), _short("http://purl.org/linked-data/sdmx/2009/measure#obsValue")
    ('schema:City', 'SDMX obsValue')
    """
    short = names.compact(iri)
    return short if short != iri else f"{concept.whose(iri)} {names.local(iri)}"


def _shortened(text: str) -> str:
    """Cut a text that is too long for an example.

    >>> len(_shortened("a" * 100))
    80
    """
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
