"""JSON-LD as people read it: plain JSON, whose words a context explains.

Compaction (JSON-LD 1.1 Processing Algorithms, 6) for contexts as plain as ours: terms with a type or with a
language map, prefixes and ``@vocab``. A document carries the part of the context that it uses, so that it can
be read offline, for ever, and by a parser that may not go out to fetch one.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from kg import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Node = dict[str, Any]
    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Word(NamedTuple):
    """A term of the context that stands for a property: its name, what its values are, how they are held."""

    name: str
    type: str = ""
    containers: tuple[str, ...] = ()


class Context(NamedTuple):
    """A context that was read: its entries, the terms that stand for an IRI, the prefix of a namespace."""

    entries: Mapping[str, Any]
    vocabulary: str
    words: Mapping[str, tuple[Word, ...]]
    prefixes: Mapping[str, str]

    def part(self, used: Iterable[str]) -> Node:
        """Return the entries of these names, and of those that they need themselves."""
        needed = set()
        waiting = list(used)
        while waiting:
            name = waiting.pop()
            if name in self.entries and name not in needed:
                needed.add(name)
                waiting += _prefixes_in(self.entries[name])
        return {name: entry for name, entry in self.entries.items() if name in needed}


@cache
def context() -> Context:
    """Return our context, ``ontology/context.jsonld``."""
    from kg import resources  # who brings a context of his own does without

    return read(json.loads((resources.ontology() / "context.jsonld").read_bytes())["@context"])


def read(entries: Mapping[str, Any]) -> Context:
    """Read a context: the value of ``@context``, an object."""
    prefixes = {
        name: entry
        for name, entry in entries.items()
        if isinstance(entry, str) and entry.endswith(("/", "#")) and not name.startswith("@")
    }
    vocabulary = str(entries.get("@vocab", ""))
    words: defaultdict[str, tuple[Word, ...]] = defaultdict(tuple)
    for name, entry in entries.items():
        if name in prefixes or name.startswith("@") or entry in _KEYWORDS:
            continue
        told: Mapping[str, Any] = {"@id": entry} if isinstance(entry, str) else entry
        iri = _expanded(str(told.get("@id", vocabulary + name)), prefixes)
        held = told.get("@container", ())
        type_ = _expanded(str(told.get("@type", "")), prefixes)
        words[iri] += (Word(name, type_, (held,) if isinstance(held, str) else tuple(held)),)
    return Context(entries, vocabulary, dict(words), {iri: prefix for prefix, iri in prefixes.items()})


def document(triples: Iterable[ox.Triple]) -> bytes:
    """Return triples, those of a subject together, as a document with the part of our context that it uses.

    >>> harbin = ox.NamedNode("https://w3id.org/cekg/city/harbin")
    >>> label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    >>> print(document([ox.Triple(harbin, label, ox.Literal("Harbin", language="en"))]).decode())
    {
      "@context": {
        "id": "@id",
        "city": "https://w3id.org/cekg/city/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "label": {
          "@id": "rdfs:label",
          "@container": "@language"
        }
      },
      "@graph": [
        {
          "id": "city:harbin",
          "label": {
            "en": "Harbin"
          }
        }
      ]
    }
    <BLANKLINE>
    """
    writer = Writer(context())
    graph = list(writer.nodes(triples))
    written = {"@context": context().part(writer.used), "@graph": graph}
    return f"{json.dumps(written, ensure_ascii=False, indent=2)}\n".encode()


def answer(triples: Iterable[ox.Triple]) -> Iterator[bytes]:
    """Yield triples as a document where they are few, as a stream where they are many."""
    iterator = iter(triples)
    began = list(islice(iterator, _FEW))
    rest = next(iterator, None)
    if rest is None:
        yield document(began)
    else:
        yield from stream(chain(began, (rest,), iterator))


def stream(triples: Iterable[ox.Triple], with_context: Context | None = None) -> Iterator[bytes]:
    """Yield such a document of any length: the whole context, then a node on each line."""
    of = with_context or context()
    yield b'{"@context": ' + _line(of.entries) + b', "@graph": ['
    between = b"\n"
    for node in Writer(of).nodes(triples):
        yield between + _line(node)
        between = b",\n"
    yield b"\n]}\n"


class Writer:
    """Turns triples into nodes with short names, and remembers which names it ``used``."""

    def __init__(self, of: Context) -> None:
        self.used: set[str] = set()
        self._of = of
        self._id, self._type = (_alias(of, keyword) for keyword in ("@id", "@type"))

    def nodes(self, triples: Iterable[ox.Triple]) -> Iterator[Node]:
        """Yield the node of each subject; one whose triples do not stand together gets several."""
        for subject, stated in groupby(triples, key=lambda triple: triple.subject):
            while part := list(islice(stated, _MOST_OF_A_NODE)):
                yield self._node(subject, part)

    def _node(self, subject: Term, stated: list[ox.Triple]) -> Node:
        try:
            return self._short_node(subject, stated)
        except _Confused:
            return _plain_node(subject, stated)

    def _short_node(self, subject: Term, stated: list[ox.Triple]) -> Node:
        self.used.add(self._id)
        node: Node = {self._id: self._name(subject)}
        found: defaultdict[str, list[Term]] = defaultdict(list)
        for triple in stated:
            found[triple.predicate.value].append(triple.object)
        types = [each for each in found.get(_RDF_TYPE, ()) if isinstance(each, ox.NamedNode)]
        if types:
            self.used.add(self._type)
            node[self._type] = _single([self._word(each.value) for each in types])
            found[_RDF_TYPE] = [each for each in found[_RDF_TYPE] if each not in types]
        entries: Node = {}
        for property_, values in found.items():
            self._enter(entries, property_, values)
        return {**node, **{key: entries[key] for key in sorted(entries, key=_labels_first)}}

    def _enter(self, entries: Node, property_: str, values: list[Term]) -> None:
        """Add the values of a property, each under the term that suits it, else under a compact name."""
        grouped: defaultdict[Word | None, list[Term]] = defaultdict(list)
        for value in values:
            words = self._of.words.get(property_, ())
            grouped[next((each for each in words if _suits(each, value)), None)].append(value)
        for word, its in grouped.items():
            entries[word.name if word else self._key(property_)] = self._held(its, word)
            self.used.update({word.name} if word else ())

    def _held(self, values: list[Term], word: Word | None) -> Any:
        containers = word.containers if word else ()
        if "@language" in containers:
            texts: defaultdict[str, list[str]] = defaultdict(list)
            for value in values:
                if isinstance(value, ox.Literal):
                    texts[value.language or ""].append(value.value)
            return {tag: each if "@set" in containers else _single(each) for tag, each in texts.items()}
        written = [self._value(value, word.type if word else "") for value in values]
        return written if "@set" in containers else _single(written)

    def _value(self, value: Term, type_: str) -> Any:
        if not isinstance(value, ox.Literal):
            if type_ == "@vocab" and isinstance(value, ox.NamedNode):
                return self._word(value.value)
            if type_ == "@id":
                return self._name(value)
            self.used.add(self._id)
            return {self._id: self._name(value)}
        datatype = value.datatype.value
        if value.language:
            return {"@value": value.value, "@language": value.language}
        if datatype == _INTEGER and _WHOLE.fullmatch(value.value):
            return int(value.value)
        if datatype == _BOOLEAN and value.value in _TRUTHS and not type_:
            return _TRUTHS[value.value]
        if datatype in (type_, _STRING):
            return value.value
        return {"@value": value.value, "@type": self._word(datatype)}

    def _name(self, term: Term) -> str:
        """Return the name of a thing: an IRI, shortened by a prefix where one fits."""
        return self._short(term.value) if isinstance(term, ox.NamedNode) else _bare(term)

    def _word(self, iri: str) -> str:
        """Return the name of a class, a datatype or a member of a closed list: a term where there is one."""
        words = self._of.words.get(iri, ())
        if not words:
            return self._key(iri)
        self.used.add(words[0].name)
        return words[0].name

    def _key(self, iri: str) -> str:
        """Return the name of what no term stands for."""
        local = iri.removeprefix(self._of.vocabulary)
        if local != iri and _LOCAL.fullmatch(local) and local not in self._of.entries:
            return local
        return self._short(iri)

    def _short(self, iri: str) -> str:
        namespace = iri[: len(iri) - len(names.local(iri))]
        prefix = self._of.prefixes.get(namespace, "")
        if prefix and _LOCAL.fullmatch(iri[len(namespace) :]):
            self.used.add(prefix)
            return f"{prefix}:{iri[len(namespace) :]}"
        scheme, _, rest = iri.partition(":")
        if scheme in self._of.entries and not rest.startswith("//"):
            raise _Confused
        return iri


class _Confused(ValueError):
    """An IRI whose scheme is called as a prefix is: ``<city:harbin>`` is not our ``city:harbin``."""


_FEW: Final = 2_000
_MOST_OF_A_NODE: Final = 10_000
"""Of what is stated of one thing, so much is held at once; the rest is a further node of it."""
_KEYWORDS: Final = ("@id", "@type")
_RDF_TYPE: Final = names.RDF + "type"
_INTEGER, _BOOLEAN, _STRING = (names.XSD + name for name in ("integer", "boolean", "string"))
_WHOLE: Final = re.compile(r"0|-?[1-9]\d{0,14}", re.ASCII)
"""What a number of JSON holds exactly, and what is written in one way alone."""
_TRUTHS: Final = {"true": True, "false": False}
_LOCAL: Final = re.compile(r"[\w-]+")
_LABELS: Final = ("label", "prefLabel", "title", "name")


def _plain_node(subject: Term, stated: list[ox.Triple]) -> Node:
    """Return a node that no context touches, in expanded form."""
    node: Node = {"@context": None, "@id": _bare(subject)}
    for triple in stated:
        value = triple.object
        node.setdefault(triple.predicate.value, []).append(
            {"@id": _bare(value)} if not isinstance(value, ox.Literal) else _plain_literal(value)
        )
    return node


def _plain_literal(value: ox.Literal) -> Node:
    if value.language:
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value, "@type": value.datatype.value}


def _bare(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.BlankNode):
        return str(term)
    raise ValueError(f"JSON-LD has no way to write {term}. Ask for Turtle.")


def _suits(word: Word, value: Term) -> bool:
    """Tell whether a value may be written under a term."""
    if isinstance(value, ox.Literal):
        if "@language" in word.containers:
            return value.language is not None
        return word.type in ("", value.datatype.value)
    return "@language" not in word.containers and word.type in ("", "@id", "@vocab")


def _alias(of: Context, keyword: str) -> str:
    return next((name for name, entry in of.entries.items() if entry == keyword), keyword)


def _expanded(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else name


def _prefixes_in(entry: Any) -> list[str]:
    """Return the prefixes that an entry of a context needs."""
    told = [entry] if isinstance(entry, str) else [entry.get("@id", ""), entry.get("@type", "")]
    return [each.partition(":")[0] for each in told]


def _labels_first(key: str) -> tuple[bool, str]:
    return key not in _LABELS, key


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _line(node: Any) -> bytes:
    return json.dumps(node, ensure_ascii=False).encode()
