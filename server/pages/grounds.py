"""What a fact rests on: its sentences with the words that say it, how they were read, and who says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import names
from server.pages import evidence, reasoning
from server.pages.account import account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.pages.catalog import Catalog
    from server.pages.evidence import Mark, Quotation, QuoteView, Reading
    from server.pages.language import Language
    from server.pages.parts import Naming
    from server.pages.reasoning import Steps
    from server.pages.statements import Statement


@dataclass(frozen=True, slots=True)
class Grounds:
    """The sentences behind a fact, and the readings of their phrases."""

    statement: Statement
    quotations: tuple[Quotation, ...]
    readings: tuple[Reading, ...]

    @property
    def iris(self) -> Iterator[str]:
        """Everything in it that has a name."""
        yield from (each.publisher for each in self.quotations if each.publisher)
        yield from (each.read_as for each in self.readings if each.is_iri)


@dataclass(frozen=True, slots=True)
class GroundsView:
    """What a fact rests on, for ``templates/evidence.html``."""

    quotes: tuple[QuoteView, ...]
    steps: tuple[Steps, ...]
    voices: str


def of(catalog: Catalog, statement: Statement) -> Grounds:
    """Gather what a fact rests on."""
    iri = statement.iri
    return Grounds(statement, evidence.quotations(catalog, [iri])[iri], evidence.readings(catalog, iri))


def view(grounds: Grounds, catalog: Catalog, naming: Naming) -> GroundsView:
    """Lay out what a fact rests on; ``naming`` knows ``grounds.iris`` and those of the statement."""
    statement, quotations, readings = grounds.statement, grounds.quotations, grounds.readings
    accounts = {each.source: account(catalog.snapshot, each.source) for each in quotations}
    return GroundsView(
        tuple(
            evidence.view(each, naming, number=number, marks=marks(statement, each, readings))
            for number, each in enumerate(quotations, 1)
        ),
        reasoning.explained(statement, readings, quotations, accounts, naming),
        voices(quotations, naming.language),
    )


def marks(statement: Statement, quotation: Quotation, readings: tuple[Reading, ...]) -> list[Mark]:
    """Return the places in a quote that say the fact: its number, or the names of what it is about."""
    return [
        (each.start - quotation.start, each.end - quotation.start)
        for each in readings
        if each.source == quotation.source
        and says(statement, each.role, each.read_as)
        and quotation.start <= each.start
        and each.end <= quotation.end
    ]


def says(statement: Statement, role: str, read_as: str) -> bool:
    """Tell whether a phrase says the very thing that a fact states, and not only of what or when."""
    if statement.figure:
        return reasoning.VALUES.get(names.local(role)) == statement.kind
    told = ("subject", "object", "recognisedAs")
    return read_as in {statement.iri, *(statement.about[each] for each in told if each in statement.about)}


def voices(quotations: tuple[Quotation, ...], language: Language) -> str:
    """Say how many articles state a fact, and that those of one publisher are one voice.

    Empty where there is one article: what to say then depends on other figures.
    """
    articles = len({each.source for each in quotations})
    publishers = len({each.publisher for each in quotations})
    if articles < 2:
        return ""
    if publishers < 2:
        said = "%(articles)s articles state it, all of one publisher, so they count as one voice."
        return language.say(said, articles=articles)
    said = "%(articles)s articles of %(publishers)s publishers state it."
    return language.say(said, articles=articles, publishers=publishers)
