"""The page of a policy: what it is, how far it has come, who recognised it, and the sentences that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import names
from server.pages import concept, evidence, links, periods, reasoning, statements
from server.pages.account import account
from server.pages.catalog import iris
from server.pages.concept import Property
from server.pages.parts import Link, Naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from server.pages.catalog import Catalog
    from server.pages.concept import Heading, Match
    from server.pages.evidence import Mark, Quotation, QuoteView, Reading
    from server.pages.language import Language
    from server.pages.reasoning import Steps
    from server.pages.statements import Statement


@dataclass(frozen=True, slots=True)
class RecognitionView:
    """That somebody else listed or awarded a policy: as what, by whom, and when it was so."""

    distinction: Link
    city: Link | None
    by: Link | None
    period: str


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A policy of a public authority."""

    heading: Heading
    facts: tuple[Property, ...]
    recognitions: tuple[RecognitionView, ...]
    quotes: tuple[QuoteView, ...]
    steps: tuple[Steps, ...]
    elsewhere: tuple[Match, ...]


def page(catalog: Catalog, iri: str, language: Language, other: Language) -> PolicyPage:
    """Return the page of a policy."""
    about, matches = catalog.about(iri), concept.matches(catalog, iri)
    policy = statements.read({iri: about})[iri]
    recognitions = statements.read(catalog.said_of(catalog.pointing(iri, names.term("recognises"))))
    sentences = evidence.quotations(catalog, [iri, *recognitions])
    readings = evidence.readings(catalog, iri)
    named = {iri, *policy.iris, *concept.matched(matches), *_named(readings)}
    named |= iris(about)
    named |= {each for statement in recognitions.values() for each in statement.iris}
    named |= {each.publisher for found in sentences.values() for each in found if each.publisher}
    naming = Naming(catalog, named, language)
    accounts = {each.source: account(catalog.snapshot, each.source) for each in sentences[iri]}
    return PolicyPage(
        concept.heading(about, iri, naming, Naming(catalog, [iri], other)),
        tuple(_facts(policy, naming)),
        tuple(_recognition(recognitions[each], naming) for each in sorted(recognitions)),
        _quotes(sentences, readings, naming),
        reasoning.explained(policy, readings, sentences[iri], accounts, naming),
        concept.elsewhere(matches, naming),
    )


_MARKED: Final = frozenset(names.term(name) for name in ("PolicyRole", "StatusRole", "DistinctionRole"))
"""The phrases that a reader looks for in the sentence: the policy, how far it is, what it is called."""


def _named(readings: Iterable[Reading]) -> Iterator[str]:
    for each in readings:
        yield each.role
        if each.is_iri:
            yield each.read_as


def _facts(policy: Statement, naming: Naming) -> Iterator[Property]:
    say = naming.language.say
    for name, said in _SHOWN:
        known = (naming.link(policy.about[name]),) if name in policy.about else ()
        if known or name in _ALWAYS:
            yield Property(Link(say(said)), known or (Link(say("not stated")),))
    yield Property(Link(say("Period")), (Link(_period(policy, naming)),))


_SHOWN: Final = (
    ("policyKind", "Kind"),
    ("policyStatus", "Status"),
    ("ofCity", "City"),
    ("issuedBy", "Issued by"),
    ("reportedBy", "Reported by"),
)
_ALWAYS: Final = frozenset({"policyKind", "policyStatus", "issuedBy"})
"""What every reader asks of a policy: where no source says it, the page says that."""


def _recognition(recognition: Statement, naming: Naming) -> RecognitionView:
    about = recognition.about
    as_what = naming.text(about["recognisedAs"]) if "recognisedAs" in about else naming.text(recognition.iri)
    by = about.get("issuedBy", about.get("reportedBy"))
    return RecognitionView(
        Link(as_what, links.href(recognition.iri)),
        naming.link(about["ofCity"]) if "ofCity" in about else None,
        naming.link(by) if by else None,
        _period(recognition, naming),
    )


def _period(statement: Statement, naming: Naming) -> str:
    """Return the period with the words of the source, where it has some: ``… (“A few days ago”)``."""
    words, said = periods.cell(statement.period, naming.language), statement.about.get("periodText", "")
    return naming.language.say("%(words)s (“%(said)s”)", words=words, said=said) if said else words


def _quotes(
    sentences: dict[str, tuple[Quotation, ...]], readings: tuple[Reading, ...], naming: Naming
) -> tuple[QuoteView, ...]:
    """Show each sentence once, with the phrases marked that the policy was read from."""
    found = {each.iri: each for quotations in sentences.values() for each in quotations}
    return tuple(
        evidence.view(found[iri], naming, number=number, marks=_marks(found[iri], readings))
        for number, iri in enumerate(found, 1)
    )


def _marks(quotation: Quotation, readings: Iterable[Reading]) -> set[Mark]:
    return {
        (each.start - quotation.start, each.end - quotation.start)
        for each in readings
        if each.role in _MARKED
        and each.source == quotation.source
        and quotation.start <= each.start
        and each.end <= quotation.end
    }
