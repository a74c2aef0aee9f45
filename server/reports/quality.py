"""Quality: what the gate found, what of each article is accounted for, and what sources say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from kg import names
from server.pages import figures, links, periods
from server.pages.figures import Figure
from server.pages.parts import Link, Naming
from server.pages.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from server.pages.catalog import Catalog
    from server.pages.language import Language

MOST: Final = 100
"""How much of each list a page shows; the file beside it has all."""

Told = dict[str, Any]
"""One entry of ``statistics.json``, as ``kg/README.md`` describes it."""


@dataclass(frozen=True, slots=True)
class Caution:
    """A rule that says: look at this."""

    focus: Link
    message: str
    shape: Link


@dataclass(frozen=True, slots=True)
class Validation:
    """What the gate found."""

    rules: str
    violations: str
    warnings: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """How many a fact states, are left out for a reason, the page's own, or missing; and how many in all."""

    stated: int
    left: int
    metadata: int
    missing: int
    all: int


@dataclass(frozen=True, slots=True)
class Account:
    """How much of an article is accounted for; each reason with the passages that it leaves out."""

    source: Link
    sentences: Amount
    numbers: Amount
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure as two or more sources state it: what it is of, its values and their sources."""

    about: tuple[Link, ...]
    period: str
    values: tuple[tuple[Link, tuple[Link, ...]], ...]
    publishers: tuple[Link, ...]
    corroborated: bool


@dataclass(frozen=True, slots=True)
class PublisherRow:
    """What one publisher gave."""

    publisher: Link
    sources: str
    facts: str
    corroborated: str


@dataclass(frozen=True, slots=True)
class QualityPage:
    """How good the data is; ``more`` says that a list goes on in the file."""

    validation: Validation | None
    accounts: tuple[Account, ...]
    conflicts: tuple[Comparison, ...]
    conflict_count: int
    corroboration: tuple[Comparison, ...]
    corroboration_count: int
    publishers: tuple[PublisherRow, ...]
    most: int


def page(catalog: Catalog, language: Language) -> QualityPage:
    """Lay out what the build counted; nothing is counted here."""
    told = {**_NOTHING, **catalog.statistics}
    conflicts, corroboration = told["conflicts"][:MOST], told["corroboration"][:MOST]
    accounts, publishers = told["coverage"][:MOST], told["publishers"][:MOST]
    naming = Naming(catalog, set(_named(told, conflicts, corroboration, accounts, publishers)), language)
    return QualityPage(
        _validation(told["validation"], naming),
        tuple(_account(each, naming) for each in accounts),
        tuple(_comparison(each, naming) for each in conflicts),
        len(told["conflicts"]),
        tuple(_comparison(each, naming) for each in corroboration),
        len(told["corroboration"]),
        tuple(_publisher(each, naming) for each in publishers),
        MOST,
    )


_NOTHING: Final[dict[str, Any]] = {
    "conflicts": [],
    "corroboration": [],
    "publishers": [],
    "coverage": [],
    "validation": None,
}


def _named(told: Mapping[str, Any], *lists: list[Told]) -> Iterator[str]:
    for entry in (each for entries in lists for each in entries):
        yield from (entry[name] for name in (*_ABOUT, "unit", "source", "publisher") if entry.get(name))
        yield from entry.get("publishers", ())
        yield from entry.get("sources") or () if isinstance(entry.get("sources"), list) else ()
    for warning in (told["validation"] or {"warnings": []})["warnings"][:MOST]:
        yield warning["focus"]


_ABOUT: Final = ("ofCity", "ofIndustry", "kind", "ofMetric", "shareOf", "rankedAmong")
"""What a figure is of, in the order in which it is said."""


def _validation(told: Told | None, naming: Naming) -> Validation | None:
    if told is None:
        return None
    return Validation(
        f"{told['rules']:,}",
        f"{told['violations']:,}",
        tuple(
            Caution(
                naming.link(each["focus"]),
                each["message"],
                Link(names.local(each["shape"]), links.href(each["shape"])),
            )
            for each in told["warnings"][:MOST]
        ),
    )


def _account(told: Told, naming: Naming) -> Account:
    return Account(
        naming.link(told["source"]),
        Amount(**told["sentences"]),
        Amount(**told["numbers"]),
        tuple((naming.language.say(left["because"]), left["passages"]) for left in told["left"]),
    )


def _comparison(told: Told, naming: Naming) -> Comparison:
    unit, kind = told["unit"], told["kind"]
    return Comparison(
        tuple(naming.link(told[name]) for name in _ABOUT if told[name]),
        _period(told, naming.language),
        tuple(
            (
                Link(_words(each, unit, kind, naming), links.href(each["iri"])),
                tuple(naming.link(source) for source in each["sources"]),
            )
            for each in told["figures"]
        ),
        tuple(naming.link(each) for each in told["publishers"]),
        told["corroborated"],
    )


def _period(told: Told, language: Language) -> str:
    start, end = told["periodStart"] or "", told["periodEnd"] or ""
    return periods.cell(Period(start=start, end=end, not_after=max(told["notAfter"], default="")), language)


def _words(told: Told, unit: str, kind: str, naming: Naming) -> str:
    value, lower, upper = (
        None if told[name] is None else Decimal(told[name]) for name in ("value", "lowerBound", "upperBound")
    )
    return figures.words(
        Figure(value, unit, naming.text(unit), lower, upper, told["comparator"], kind), naming.language
    )


def _publisher(told: Told, naming: Naming) -> PublisherRow:
    sources, facts, corroborated = (f"{told[name]:,}" for name in ("sources", "facts", "corroborated"))
    return PublisherRow(naming.link(told["publisher"]), sources, facts, corroborated)


def summed(amounts: Iterable[Amount]) -> Amount:
    """Add up the accounts of several articles.

    >>> summed([Amount(1, 2, 3, 0, 6), Amount(1, 0, 0, 0, 1)])
    Amount(stated=2, left=2, metadata=3, missing=0, all=7)
    """
    found = list(amounts)
    return Amount(*(sum(getattr(each, name) for each in found) for name in Amount.__slots__))
