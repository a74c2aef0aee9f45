"""What there is: by a text, by a name, and by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from kg import names
from server import errors
from server.assistants import known
from server.pages import evidence, resolve, statements, thing
from server.pages.catalog import language_of, text_of
from server.pages.language import ENGLISH, language
from server.pages.parts import Naming

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.assistants.ground import Ground
    from server.pages.catalog import Row
    from server.pages.concept import Property
    from server.pages.parts import Link


@dataclass(frozen=True)
class Hit:
    """Something found: its short name, what it is called (of a sentence its words), and how it matches."""

    name: str
    kind: str
    label: str
    matched: str
    match: str


@dataclass(frozen=True)
class Found:
    """A page of what is found, and how much there is of each kind."""

    text: str
    total: int
    page: int
    pages: int
    counts: dict[str, int]
    hits: list[Hit]


@dataclass(frozen=True)
class Stated:
    """A property and its values; ``more`` where there are more than these."""

    property: str
    values: list[str]
    more: bool


@dataclass(frozen=True)
class Described:
    """A thing: what it is called, what it is, what is stated of it, and what points to it."""

    name: str
    iri: str
    label: str
    label_zh: str | None
    classes: list[str]
    definition: str | None
    number: str | None
    statements: list[Stated]
    incoming: list[Stated]
    more_incoming: bool
    sentences: list[str]


@dataclass(frozen=True)
class Used:
    """A property, and how many statements with it things of a class have."""

    name: str
    label: str
    definition: str
    statements: int


@dataclass(frozen=True)
class Class:
    """A class: how many things there are of it, what is stated of them, and one of them."""

    name: str
    label: str
    definition: str
    things: int
    properties: list[Used]
    example: str | None


@dataclass(frozen=True)
class Classes:
    """The class that was asked for, or all of them without their properties."""

    classes: list[Class]


def search(ground: Ground, text: str, kind: str, page: int) -> Found:
    """Find names, facts and sentences; raises BadRequest for an unknown kind or page."""
    found = ground.search(text, kind, page)
    return Found(
        found["q"],
        found["total"],
        found["page"],
        found["pages"],
        found["counts"],
        [
            Hit(names.compact(hit["iri"]), hit["kind"], hit["label"], hit["matched"], hit["match"])
            for hit in found["hits"]
        ],
    )


def describe(ground: Ground, name: str) -> Described:
    """Describe the thing that a name means."""
    iri = known.meant(ground, name)
    shown = thing.page(ground.catalog, iri, ENGLISH, language("zh-Hans"))
    heading = shown.heading
    return Described(
        name=names.compact(iri),
        iri=iri,
        label=heading.title.text,
        label_zh=heading.other_title.text if heading.other_title else None,
        classes=[names.compact(each.note) for each in heading.kinds],
        definition=heading.definition.text if heading.definition else None,
        number=_number(ground, iri),
        statements=[_stated(each) for each in shown.properties],
        incoming=[_stated(each, _MOST_INCOMING) for each in shown.incoming],
        more_incoming=shown.more_incoming is not None,
        sentences=[each.text for each in evidence.quotations(ground.catalog, [iri]).get(iri, ())],
    )


def _number(ground: Ground, iri: str) -> str | None:
    """Return the number of a figure in words; None for all that is none."""
    found = statements.read(ground.catalog.said_of([iri])).get(iri)
    if found is None or found.figure is None:
        return None
    return statements.number(found, Naming(ground.catalog, found.iris, ENGLISH))


def classes(ground: Ground, name: str) -> Classes:
    """Describe a class, or list all that have things; raises NotFound, which says what is near."""
    rows = [row for row in ground.catalog.select("partitions", dataset=names.DATASET) if "things" in row]
    if not rows:
        raise errors.NotFound("This snapshot holds no counts. The next `kg build` adds them.")
    if not name.strip():
        return Classes(_listed(ground, rows))
    iri = _class(ground, name.strip(), rows)
    return Classes([_class_of(ground, iri)])


def _stated(each: Property, most: int | None = None) -> Stated:
    values = [_named(value) for value in each.values[:most]]
    return Stated(_named(each.name), values, each.more is not None or len(values) < len(each.values))


_MOST_INCOMING: Final = 10
"""Things for each property: an assistant that wants all of them asks for them."""


def _named(link: Link) -> str:
    """Write a thing with its short name and its label, and anything else as it is.

    >>> from server.pages.parts import Link
    >>> _named(Link("Harbin", note="https://w3id.org/cekg/city/harbin")), _named(Link("213"))
    ('city:harbin (Harbin)', '213')
    """
    short = names.compact(link.note)
    return f"{short} ({link.text})" if ":" in short and short != link.text else link.text


def _listed(ground: Ground, rows: Iterable[Row]) -> list[Class]:
    counted = {row.text("term"): row.whole("things") for row in rows}
    naming, definitions = Naming(ground.catalog, counted, ENGLISH), _definitions(ground, counted)
    return [
        Class(names.compact(iri), naming.text(iri), definitions.get(iri, ""), things, [], None)
        for iri, things in sorted(counted.items(), key=_ours_first)
    ]


def _ours_first(counted: tuple[str, int]) -> tuple[bool, int, str]:
    iri, things = counted
    return not iri.startswith(names.CEKG), -things, iri


def _class(ground: Ground, name: str, rows: Iterable[Row]) -> str:
    """Return the class of a name: an IRI, with a prefix or without, or the label."""
    iris = [row.text("term") for row in rows]
    naming = Naming(ground.catalog, iris, ENGLISH)
    called: dict[str, str] = {}
    for iri in iris:
        for each in (iri, names.compact(iri), names.local(iri), naming.text(iri)):
            called.setdefault(each.lower(), iri)
    if name.lower() in called:
        return called[name.lower()]
    found = process.extract(name.lower(), list(called), scorer=fuzz.WRatio, score_cutoff=60, limit=_MOST)
    like = ", ".join(dict.fromkeys(names.compact(called[each]) for each, _, _ in found))
    shown = resolve.shown(name)
    raise errors.NotFound(
        f"No class with things of it is called “{shown}”. "
        + (f"Near to it: {like}." if like else "Without a name, describe_class lists all of them.")
    )


def _class_of(ground: Ground, iri: str) -> Class:
    rows = ground.catalog.select("class", **{"class": iri})
    used = [row for row in rows if "property" in row]
    iris = {iri, *(row.text("property") for row in used)}
    naming, definitions = Naming(ground.catalog, iris, ENGLISH), _definitions(ground, iris)
    example = ground.catalog.instance(property_=names.RDF + "type", value=iri)
    return Class(
        name=names.compact(iri),
        label=naming.text(iri),
        definition=definitions.get(iri, ""),
        things=rows[0].whole("things"),
        properties=[
            Used(
                names.compact(each := row.text("property")),
                naming.text(each),
                definitions.get(each, ""),
                row.whole("statements"),
            )
            for row in used
        ],
        example=names.compact(example.text("subject")) or None,
    )


def _definitions(ground: Ground, iris: Iterable[str]) -> dict[str, str]:
    """Return what some terms mean, in English."""
    return {
        iri: text_of(term)
        for iri, about in ground.catalog.said_of(iris).items()
        for property_ in _DEFINING
        for term in about.get(property_, ())
        if language_of(term) in {"", "en"}
    }


_DEFINING: Final = (names.RDFS + "comment", names.SKOS + "definition")
"""What says the meaning of a term; the last one wins."""
_MOST: Final = 5


def found_told(found: Found) -> str:
    """Write what is found to be read."""
    if not found.hits:
        return f"Nothing is found for “{found.text}”, and nothing that comes close."
    counts = ", ".join(f"{count} {kind}" for kind, count in found.counts.items())
    place = f", page {found.page} of {found.pages}" if found.pages > 1 else ""
    return "\n".join(
        [
            f"{found.total} found for “{found.text}” ({counts}){place}:",
            *(f"- {hit.name} ({hit.kind}): {hit.label}{_also(hit)}" for hit in found.hits),
        ]
    )


def _also(hit: Hit) -> str:
    return "" if hit.matched == hit.label or hit.kind == "quote" else f" (also: {hit.matched})"


def described_told(described: Described) -> str:
    """Write what a thing is to be read."""
    lines = [
        f"{described.label} ({described.name}): {', '.join(described.classes)}",
        *([f"In Chinese: {described.label_zh}"] if described.label_zh else []),
        *filter(None, [described.definition, described.number]),
        *(f"Sentence: {each}" for each in described.sentences),
        *_statements_told(described.statements, "{property}: {values}"),
        *(["What points to it:"] if described.incoming else []),
        *_statements_told(described.incoming, "as {property} of: {values}"),
        *(["… and more points to it. run_query gives all."] if described.more_incoming else []),
    ]
    return "\n".join(lines)


def _statements_told(statements: Iterable[Stated], form: str) -> list[str]:
    return [
        "- "
        + form.format(property=each.property, values="; ".join(each.values) + ("; …" if each.more else ""))
        for each in statements
    ]


def classes_told(found: Classes) -> str:
    """Write classes to be read: one with its properties, or a line for each."""
    if len(found.classes) != 1:
        return "\n".join(f"- {_line(each)}" for each in found.classes)
    (only,) = found.classes
    return "\n".join(
        [
            _line(only),
            *([f"For example {only.example}."] if only.example else []),
            "Statements with each property, beside its types and names:",
            *(
                f"- {each.name}: {each.statements}" + (f" ({each.definition})" if each.definition else "")
                for each in only.properties
            ),
        ]
    )


def _line(each: Class) -> str:
    things = "1 thing" if each.things == 1 else f"{each.things:,} things"
    return f"{each.name} ({each.label}), {things}: {each.definition}".rstrip(": ")
