"""How the phrases of a source were read, told so that who distrusts a number can follow each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import figures, links, periods, statements
from server.pages.account import NOTHING
from server.pages.evidence import anchor
from server.pages.parts import Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from server.pages.account import Account
    from server.pages.evidence import Quotation, Reading
    from server.pages.language import Language
    from server.pages.parts import Naming
    from server.pages.statements import Statement


@dataclass(frozen=True, slots=True)
class Step:
    """One phrase: what it is, its words (none where the source is silent), what it was read as, and why."""

    role: str
    words: Link | None
    read_as: Link
    notes: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """How the phrases of one source were read."""

    source: Link
    steps: tuple[Step, ...]


def explained(
    statement: Statement,
    readings: Sequence[Reading],
    quotations: Sequence[Quotation],
    accounts: Mapping[str, Account],
    naming: Naming,
) -> tuple[Steps, ...]:
    """Return how a fact was read, source by source; ``accounts`` know where sentences end."""
    return tuple(
        Steps(
            Link(each.title, links.representation(each.source, "html"), naming.language.other(each.language)),
            tuple(
                _Reader(statement, each, accounts.get(each.source, NOTHING), naming).steps(
                    [reading for reading in readings if reading.source == each.source]
                )
            ),
        )
        for each in {each.source: each for each in reversed(quotations)}.values()
    )[::-1]


def meant(statement: Statement, reading: Reading, quotation: Quotation, naming: Naming) -> Step:
    """Return what a phrase was read as in one fact, and why; not where it stands."""
    return _Reader(statement, quotation, NOTHING, naming).step(reading, is_placed=False)


def role(iri: str, language: Language) -> str:
    """Return what a phrase is, in a word that needs no explanation: the city, the value, the period.

    >>> from server.pages.language import ENGLISH
    >>> role(names.term("GrowthRole"), ENGLISH)
    'growth'
    """
    return language.say(ROLES.get(names.local(iri), names.local(iri)))


ROLES: Final = {
    "PolicyRole": "policy",
    "KindRole": "kind of policy",
    "StatusRole": "state of the policy",
    "DistinctionRole": "recognised as",
    "CityRole": "city",
    "IndustryRole": "industry",
    "MetricRole": "metric",
    "PeriodRole": "period",
    "ValueRole": "value",
    "GrowthRole": "growth",
    "ShareRole": "share",
    "WholeRole": "share of what",
    "RankRole": "rank",
    "AmongRole": "ranked among",
    "TargetRole": "target",
    "AheadRole": "how early",
    "ConvertedRole": "in another currency",
    "ReporterRole": "reported by",
    "PartRole": "member",
    "GroupRole": "group",
    "SystemRole": "system of industries",
    "PlaceRole": "place",
}
"""What the phrase of each role is; the ontology's own labels say “phrase for the city”."""

VALUES: Final = {
    "ValueRole": "Level",
    "GrowthRole": "Growth",
    "ShareRole": "Share",
    "RankRole": "Rank",
    "TargetRole": "Target",
    "ConvertedRole": "Converted",
}
"""The roles of numbers, with the kind of figure that each states."""

_ORDER: Final = (*VALUES, *(name for name in ROLES if name not in VALUES))


def kind(statement: Statement, naming: Naming) -> str:
    """Return in a sentence what kind of number a figure is, empty for what is no figure."""
    about, language = statement.about, naming.language
    said = _KINDS.get(statement.kind)
    if statement.kind == "Growth" and "baseYear" in about:
        said = "A growth rate: the change against %(base)s, the year before."
    if statement.kind == "Target" and "targetYear" in about:
        said = "A target for %(due)s: what was to be reached, not what was measured."
    if not said:
        return ""
    return language.say(said) % {
        "base": language.say("%(year)s", year=about.get("baseYear", "")),
        "due": language.say("%(year)s", year=about.get("targetYear", "")),
        "metric": naming.text(about.get("ofMetric", "")),
        "whole": naming.text(about.get("shareOf", "")),
        "among": naming.text(about.get("rankedAmong", "")),
    }


_KINDS: Final = {
    "Level": "A level: the amount or the count itself.",
    "Growth": "A growth rate; the article does not say against which year.",
    "Share": "A share: how much of %(whole)s.",
    "Rank": "A rank: the place in the order of %(among)s.",
    "Target": "A target: what was to be reached, not what was measured.",
    "Converted": "An amount in another currency, as the article itself converts it.",
}


class _Reader:
    """How one source is read for one fact."""

    def __init__(self, statement: Statement, quotation: Quotation, account: Account, naming: Naming) -> None:
        self.statement, self.quotation, self.account, self.naming = statement, quotation, account, naming
        self.language = naming.language

    def steps(self, readings: list[Reading]) -> Iterator[Step]:
        """Yield the steps: the number first, then what it is about, then when."""
        for reading in sorted(readings, key=lambda each: (_rank(each), each.start)):
            yield self.step(reading)
        if self.statement.period.not_after and not any(_is(each, "PeriodRole") for each in readings):
            yield self._no_period()

    def step(self, reading: Reading, *, is_placed: bool = True) -> Step:
        """Return how one phrase was read."""
        words = Link(reading.phrase, links.href(reading.iri), self.language.other(self.quotation.language))
        where = self._of_place(reading) if is_placed else ()
        return Step(
            role(reading.role, self.language),
            words,
            self._meaning(reading),
            (*self._notes(reading), *where),
        )

    def _meaning(self, reading: Reading) -> Link:
        name, language = names.local(reading.role), self.language
        if reading.is_iri:
            return self.naming.link(reading.read_as)
        figure = statements.labelled(self.statement, self.naming)
        if figure and VALUES.get(name) == self.statement.kind:
            return Link(figures.words(figure, language, scaled=False))
        years = self.statement.number("yearsAhead")
        if name == "AheadRole" and years is not None:
            return Link(language.count("%(num)s year early", "%(num)s years early", years))
        if name == "PeriodRole":
            return Link(periods.cell(self.statement.period, language))
        return Link(reading.read_as)

    def _notes(self, reading: Reading) -> Iterator[Link]:
        name = names.local(reading.role)
        if name == "PeriodRole":
            yield from self._of_period(reading)
        elif VALUES.get(name) == self.statement.kind:
            yield from self._of_number()
        elif name == "AheadRole":
            yield from self._of_lead()

    def _of_number(self) -> Iterator[Link]:
        figure, statement, language = self.statement.figure, self.statement, self.language
        if statement.kind == "Target":
            yield Link(language.say("A target is a floor: whatever reaches it meets it."))
        elif figure and figure.value is None:
            yield Link(language.say("A bound: the article gives no exact value."))
        if statement.kind == "Growth" and "baseYear" in statement.about:
            base = language.say("%(year)s", year=statement.about["baseYear"])
            yield Link(language.say("“Year-on-year”: against %(base)s.", base=base))
        elif statement.kind == "Growth":
            yield Link(language.say("The base year is not stated."))
        if statement.kind == "Converted":
            yield Link(language.say("Printed by the article; nothing was converted here."))

    def _of_period(self, reading: Reading) -> Iterator[Link]:
        period, day = self.statement.period, self.language.day(self.quotation.date)
        if period.year is None and not period.start and not period.end:
            said = "“%(words)s” names no day. What it says was known on the date of the article, %(day)s."
            yield Link(self.language.say(said, words=reading.phrase, day=day))
        elif period.year is None or str(period.year) not in reading.phrase:
            read_as = periods.words(period, self.language)
            said = "“%(words)s” in an article of %(day)s means %(period)s."
            yield Link(self.language.say(said, words=reading.phrase, day=day, period=read_as))

    def _of_lead(self) -> Iterator[Link]:
        year, due = self.statement.number("yearsAhead"), self.statement.number("targetYear")
        if year is None or due is None:
            return
        said = "Met in %(met)s, so it was due by %(due)s. That follows by arithmetic and is not printed."
        yield Link(self.language.say(said, met=due - year, due=due))

    def _of_place(self, reading: Reading) -> Iterator[Link]:
        """Say where a phrase stands that is not in the quoted sentence."""
        quote = self.quotation
        if quote.start <= reading.start and reading.end <= quote.end:
            return
        there = links.representation(quote.source, "html") + "#" + anchor("p", reading.start, reading.end)
        own = self.account.sentence((reading.start, reading.end))
        first = self.account.sentence((quote.start, quote.end))
        if own is None or first is None:
            yield Link(self.language.say("Stands outside the quote."), there)
        elif own < first:
            one, many = "Stands one sentence before.", "Stands %(num)s sentences before."
            yield Link(self.language.count(one, many, first - own), there)
        elif own > first:
            yield Link(self.language.say("Stands in a later sentence."), there)

    def _no_period(self) -> Step:
        day = self.language.day(self.statement.period.not_after)
        said = "The article states no period. What it says was known on its date, %(day)s."
        return Step(
            self.language.say("period"),
            None,
            Link(self.language.say("not stated")),
            (Link(self.language.say(said, day=day)),),
        )


def _is(reading: Reading, name: str) -> bool:
    return names.local(reading.role) == name


def _rank(reading: Reading) -> int:
    name = names.local(reading.role)
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
