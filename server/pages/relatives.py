"""What a figure hangs together with: what it was worked out from, its total and its parts, and its rivals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import figures, links, statements
from server.pages.catalog import first, texts
from server.pages.figures import Figure
from server.pages.parts import Link
from server.series import holdings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from server.pages.catalog import Catalog
    from server.pages.language import Language
    from server.pages.parts import Naming
    from server.pages.statements import Statement, StatementView


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rival figure stands."""

    iri: str
    title: str
    date: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Relatives:
    """The figures around one figure: ``linked`` by their own statements, or by a place in a sum."""

    statement: Statement
    linked: tuple[Statement, ...]
    total: tuple[Statement, ...]
    parts: tuple[Statement, ...]
    whole: tuple[Statement, ...]
    rivals: tuple[Statement, ...]
    sources: dict[str, Source]

    @property
    def iris(self) -> Iterator[str]:
        """Everything in it that has a name."""
        for each in (*self.linked, *self.total, *self.parts, *self.whole, *self.rivals):
            yield from each.iris
        yield from (each.publisher for each in self.sources.values() if each.publisher)


@dataclass(frozen=True, slots=True)
class Relative:
    """Another figure, and what can be computed from the two."""

    figure: StatementView
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that stand in one relation, and what can be said of all of them."""

    title: str
    figures: tuple[Relative, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another figure for the same thing, whether the two agree, and where it stands."""

    figure: StatementView
    verdict: str
    agrees: bool
    sources: tuple[Link, ...]


def of(catalog: Catalog, statement: Statement) -> Relatives:
    """Gather what a figure hangs together with: look-ups from it, and among what there is of its city."""
    linked = _linked(catalog, statement)
    places = _places(catalog, statement)
    known = statements.read(
        catalog.said_of({*linked, *(each for found in places.values() for each in found)})
    )
    total, parts = (
        tuple(each for each in _these(known, places.get(name, ())) if _is_summed(statement, each))
        for name in ("total", "parts")
    )
    rivals = tuple(each for each in _these(known, places.get("rivals", ())) if _is_rival(statement, each))
    return Relatives(
        statement,
        linked=_these(known, linked),
        total=total,
        parts=parts,
        whole=_these(known, places.get("whole", ())),
        rivals=rivals,
        sources=_sources(catalog, {source for each in rivals for source in each.sources}),
    )


def _linked(catalog: Catalog, statement: Statement) -> set[str]:
    """Return the figures that a figure names, and those that name it."""
    own = catalog.about(statement.iri)
    back = catalog.said_of(catalog.pointing(statement.iri))
    return {other for each in _LINKS for other in texts(own, each)} | {
        other for other, about in back.items() if any(statement.iri in texts(about, each) for each in _LINKS)
    }


def _places(catalog: Catalog, statement: Statement) -> dict[str, list[str]]:
    """Return what of a city may be the total of a figure, its parts, the whole of it, or its rivals."""
    about, kind, year = statement.about, statement.kind, statement.period.year
    metric, industry = about.get("ofMetric", ""), about.get("ofIndustry", "")
    if "ofCity" not in about or not metric:
        return {}
    series = holdings.of(catalog, about["ofCity"]).series
    found = {
        "rivals": [e.fact for e in series.get((metric, industry), ()) if (e.kind, e.year) == (kind, year)]
    }
    if year is None:
        return found

    def levels(metrics: Collection[str], is_there: Callable[[str], bool]) -> list[str]:
        return [
            each.fact
            for (measure, branch), entries in series.items()
            if measure in metrics and is_there(branch)
            for each in entries
            if (each.kind, each.year) == ("Level", year)
        ]

    if "shareOf" in about:
        found["whole"] = levels({about["shareOf"]}, lambda _: True)
    if kind == "Level" and industry:
        wholes, parts = texts(catalog.about(metric), _ADDED), catalog.pointing(metric, _ADDED)
        up = _part_of(catalog, {industry, *(branch for measure, branch in series if measure in parts)})
        above = _above(up, industry)
        found["total"] = levels(wholes, lambda branch: branch in above)
        found["parts"] = levels(parts, lambda branch: industry in _above(up, branch))
    return found


def _part_of(catalog: Catalog, branches: set[str]) -> dict[str, list[str]]:
    """Return what industries are part of, and what that is part of, all of one step at once."""
    found: dict[str, list[str]] = {}
    near = branches
    while near:
        said = catalog.said_of(near - {""})
        found |= {each: texts(said.get(each, {}), names.term("partOf")) for each in near}
        near = {up for each in near for up in found[each]} - found.keys()
    return found


def _above(up: Mapping[str, Iterable[str]], branch: str) -> set[str]:
    """Return what an industry is part of, directly or not."""
    found: set[str] = set()
    near = {branch}
    while near:
        near = {each for below in near for each in up.get(below, ())} - found
        found |= near
    return found


def _is_summed(one: Statement, two: Statement) -> bool:
    return one.about.get("unit") == two.about.get("unit") is not None


def _is_rival(one: Statement, two: Statement) -> bool:
    """Tell whether two figures of one series and kind are of the very same thing."""
    return one.iri != two.iri and all(one.about.get(each) == two.about.get(each) for each in _KEYS)


def groups(relatives: Relatives, naming: Naming) -> tuple[Group, ...]:
    """Lay out the figures by how they hang together, the nearest first."""
    language, statement = naming.language, relatives.statement
    found: defaultdict[str, list[Relative]] = defaultdict(list)
    for other in relatives.linked:
        title, note = _relation(statement, other, language)
        found[title].append(Relative(statements.view(other, naming, city=False), note))
    linked = [Group(language.say(title), tuple(found[title])) for title in TITLES if title in found]
    whole = _shares(statement, relatives.whole, naming, up=None)
    total = _shares(statement, relatives.total, naming, up=True)
    parts = _shares(statement, relatives.parts, naming, up=False)
    others = (
        Group(language.say("The whole that it is a share of"), whole),
        Group(language.say("The total that it contributes to"), total),
        Group(language.say("What contributes to it"), parts, _sum(statement, relatives.parts, language)),
    )
    return (*linked, *(group for group in others if group.figures))


def rivals(relatives: Relatives, naming: Naming) -> tuple[Rival, ...]:
    """Lay out the other figures for the same thing."""
    language, own = naming.language, relatives.statement.figure
    found = []
    for other in relatives.rivals:
        if own and other.figure:
            agrees, verdict = compared(own, other.figure, language)
            sources = sorted((relatives.sources[each] for each in other.sources), key=lambda each: each.date)
            found.append(
                Rival(
                    statements.view(other, naming, city=False),
                    verdict,
                    agrees,
                    tuple(_source(each, naming) for each in sources),
                )
            )
    return tuple(found)


def compared(own: Figure, other: Figure, language: Language) -> tuple[bool, str]:
    r"""Tell whether another figure agrees with one's own, and in what way.

    >>> from server.pages.language import ENGLISH
    >>> percent, number = names.unit("PERCENT"), names.unit("NUM")
    >>> compared(Figure(Decimal(200), number), Figure(Decimal(210), number), ENGLISH)
    (False, '5\u202f% higher')
    >>> over_40 = Figure(None, percent, lower=Decimal(40), comparator=names.term("MoreThan"))
    >>> compared(Figure(Decimal(42), percent), over_40, ENGLISH)
    (True, 'does not contradict it')
    >>> compared(Figure(Decimal(40), percent), over_40, ENGLISH)
    (False, 'contradicts it')
    """
    if own.value is not None and other.value is not None:
        if own.value == other.value:
            return True, language.say("the same number")
        return False, _difference(own.value, other.value, language)
    if _overlap(own, other):
        return True, language.say("does not contradict it")
    return False, language.say("contradicts it")


_FORTH: Final = {
    "growthOf": "The level that grew",
    "numerator": "The amount that is the share",
    "achievedBy": "The result that met it",
    "convertedFrom": "The amount before it was converted",
}
_BACK: Final = {
    "growthOf": "Its growth",
    "numerator": "The same as a share",
    "achievedBy": "The target that it met",
    "convertedFrom": "The same in another currency",
}
_DERIVED: Final = ("Worked out from", "Used to work out")
_LINKS: Final = (*map(names.term, _FORTH), names.PROV + "wasDerivedFrom")
_ADDED: Final = names.term("contributesTo")
_KEYS: Final = (
    *("ofIndustry", "unit", "year", "periodStart", "periodEnd", "targetYear", "shareOf", "rankedAmong"),
)
"""What two figures for the same thing have in common, beside their city, metric and kind."""
TITLES: Final = (*_FORTH.values(), *_BACK.values(), *_DERIVED)
"""The ways in which two figures are linked, in the order in which a page shows them."""


def _relation(statement: Statement, other: Statement, language: Language) -> tuple[str, str]:
    """Return how another figure is linked, and what can be computed from both."""
    for name, title in _FORTH.items():
        if statement.about.get(name) == other.iri:
            return title, _computed(name, statement, other, language)
    for name, title in _BACK.items():
        if other.about.get(name) == statement.iri:
            return title, _computed(name, other, statement, language)
    return _DERIVED[other.iri not in statement.derived_from], ""


def _computed(name: str, derived: Statement, origin: Statement, language: Language) -> str:
    """Return what follows from two figures by arithmetic: no source says it."""
    one, two = derived.figure, origin.figure
    if one is None or two is None or two.value is None:
        return ""
    if name == "convertedFrom" and one.value:
        rate = (two.value / one.value).quantize(Decimal("0.001"))
        said = "%(rate)s %(unit)s for 1 %(other)s, computed from the two"
        units = {"unit": _currency(two, language), "other": _currency(one, language)}
        return language.say(said, rate=figures.plain(rate), **units)
    if name == "achievedBy" and one.lower:
        over = ((two.value / one.lower - 1) * 100).quantize(Decimal("0.01"))
        return (
            language.say("%(percent)s above the target", percent=figures.percent(over, language))
            if over >= 0
            else ""
        )
    return ""


def _currency(figure: Figure, language: Language) -> str:
    """Return a currency as rates are given in it: ``CNY`` in English, 元 in Chinese."""
    name = figures.currency(figure.unit, language) if language.tag.startswith("zh") else ""
    return name or names.local(figure.unit).removeprefix("CCY_")


def _shares(
    statement: Statement, others: Iterable[Statement], naming: Naming, *, up: bool | None
) -> tuple[Relative, ...]:
    """Lay out totals (``up``) or parts with the share that follows from the two numbers."""
    language, found = naming.language, []
    for other in sorted(others, key=lambda each: (-_value(each), each.iri)):
        part, whole = (_value(statement), _value(other)) if up else (_value(other), _value(statement))
        note = ""
        if up is not None and part and whole:
            share = figures.share_in_words(part, whole, naming.language)
            said = "it is %(share)s of this, computed" if up else "%(share)s of it, computed"
            note = language.say(said, share=share)
        found.append(Relative(statements.view(other, naming, city=False), note))
    return tuple(found)


def _sum(statement: Statement, parts: tuple[Statement, ...], language: Language) -> str:
    """Say what the parts add up to."""
    if statement.figure is None or len(parts) < 2:
        return ""
    total = sum((_value(each) for each in parts), Decimal(0))
    words = figures.words(Figure(total, statement.figure.unit), language)
    if total == statement.figure.value:
        return language.say("Together %(sum)s: the stated total, to the last digit.", sum=words)
    return language.say("Together %(sum)s, which is not the stated total.", sum=words)


def _value(statement: Statement) -> Decimal:
    return (statement.figure.value if statement.figure else None) or Decimal(0)


def _difference(own: Decimal, other: Decimal, language: Language) -> str:
    if not own:
        return language.say("another number")
    percent = figures.percent((abs(other - own) / abs(own) * 100).quantize(Decimal("0.01")), language)
    said = "%(percent)s higher" if other > own else "%(percent)s lower"
    return language.say(said, percent=percent)


def _overlap(one: Figure, two: Figure) -> bool:
    """Tell whether one number can satisfy both; “more than 40” leaves out 40 itself."""
    low, high = max(_low(one), _low(two)), min(_high(one), _high(two))
    return low < high or (low == high and low[1] == high[1] == 0)


def _low(figure: Figure) -> tuple[Decimal, int]:
    bound = figure.value if figure.value is not None else figure.lower
    open_ = figure.value is None and figure.comparator == names.term("MoreThan")
    return (Decimal("-Infinity"), 0) if bound is None else (bound, int(open_))


def _high(figure: Figure) -> tuple[Decimal, int]:
    bound = figure.value if figure.value is not None else figure.upper
    open_ = figure.value is None and figure.comparator == names.term("LessThan")
    return (Decimal("Infinity"), 0) if bound is None else (bound, -int(open_))


def _these(known: dict[str, Statement], iris: Iterable[str]) -> tuple[Statement, ...]:
    return tuple(known[iri] for iri in sorted(set(iris)) if iri in known)


def _sources(catalog: Catalog, iris: set[str]) -> dict[str, Source]:
    said = catalog.said_of(iris)
    return {
        iri: Source(
            iri,
            first(about, names.DCTERMS + "title") or names.compact(iri),
            first(about, names.DCTERMS + "date"),
            first(about, names.DCTERMS + "publisher"),
        )
        for iri, about in ((iri, said.get(iri, {})) for iri in iris)
    }


def _source(source: Source, naming: Naming) -> Link:
    publisher = naming.text(source.publisher) if source.publisher else source.title
    day = naming.language.day(source.date)
    words = naming.language.say("%(one)s, %(two)s", one=publisher, two=day) if day else publisher
    return Link(words, links.representation(source.iri, "html"), note=source.title)
