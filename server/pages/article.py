"""The reader: an article with all that was loaded from it marked, and the reason for all that was not."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

from kg import names
from server.pages import evidence, grounds, links, parts, passages, reasoning, statements
from server.pages.account import NOTHING, account
from server.pages.catalog import first, language_of
from server.pages.parts import Alternate, Link, Naming
from server.pages.passages import Article, Gap, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from server.pages.account import Account
    from server.pages.catalog import About, Catalog
    from server.pages.evidence import Quotation, Reading
    from server.pages.language import Language
    from server.pages.passages import Piece, Sentence
    from server.pages.statements import Statement, StatementView


@dataclass(frozen=True, slots=True)
class Meta:
    """What a source says of itself."""

    title: Link
    publisher: Link | None
    label: str
    date: str
    day: str
    url: str | None
    host: str
    sha256: str
    language: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why words are not loaded: in a word, in a sentence, and how often in this article."""

    anchor: str
    name: str
    because: str
    times: int


@dataclass(frozen=True, slots=True)
class Members:
    """Things of which the article says the same, such as being part of a group; each leads to its fact."""

    lead: str
    members: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Hole:
    """What is not shown, in words, and why it is not loaded where that is the reason."""

    is_hole: ClassVar = True
    words: str
    reasons: tuple[str, ...]


Line = tuple["Piece | Hole", ...]
"""A sentence as it is shown."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with what it gives; where nothing of it is shown there are no lines, but a hole."""

    lines: tuple[Line, ...]
    hole: Hole | None
    is_page: bool
    facts: tuple[StatementView, ...]
    members: tuple[Members, ...]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The page of a source."""

    iri: str
    meta: Meta
    description: str
    coverage: str
    left: tuple[Reason, ...]
    is_whole: bool
    passages: tuple[Passage, ...]
    alternates: tuple[Alternate, ...]


def page(catalog: Catalog, iri: str, language: Language, _other: Language) -> ArticlePage:
    """Lay out a source and its text: two queries, and on a later visit none."""
    said, facts, readings, quotations = _read(catalog, iri)
    publisher = first(said, _PUBLISHER)
    naming = Naming(catalog, {iri, publisher, *_iris(facts.values()), *_meanings(readings)} - {""}, language)
    own = meta(iri, said, naming)
    text = catalog.articles.text(names.local(iri), own.sha256)
    told = account(catalog.snapshot, iri)
    article = Article(
        _known(text, own.title.text, told, quotations, readings),
        told,
        tuple(((each.start, each.end), names.local(each.iri)) for each in quotations),
        phrases(readings, facts.values(), naming),
    )
    return ArticlePage(
        iri=iri,
        meta=own,
        description=_described(len(facts), own, language),
        coverage=_coverage(told, len(facts), language),
        left=_reasons(told, language),
        is_whole=text is not None,
        passages=_passages(article, facts, quotations, naming),
        alternates=parts.alternates(iri),
    )


_Found = tuple["About", "dict[str, Statement]", "tuple[Reading, ...]", "tuple[Quotation, ...]"]


def _read(catalog: Catalog, iri: str) -> _Found:
    """Return what is stated of a source, and its facts, readings and quotes; read once."""

    def read() -> _Found:
        facts = catalog.said_of(row.text("fact") for row in catalog.select("facts", of=iri))
        here = catalog.said_of(row.text("part") for row in catalog.select("quotes", of=iri))
        return (
            catalog.about(iri),
            statements.read(facts),
            evidence.read(here),
            evidence.quoted(catalog, here),
        )

    return catalog.once(("article", iri), read, weight=lambda found: 1 + 4 * sum(map(len, found[1:])))


def phrases(readings: Sequence[Reading], facts: Iterable[Statement], naming: Naming) -> tuple[Phrase, ...]:
    """Return the phrases that were read, each leading to the fact that it is for.

    Words that several facts use, such as a period, lead to the page of their reading, which lists them all.
    """
    users: defaultdict[str, list[Statement]] = defaultdict(list)
    for fact in facts:
        for reading in fact.readings:
            users[reading].append(fact)
    return tuple(_phrase(each, users[each.iri], naming) for each in readings)


def hole(gap: Gap, language: Language) -> Hole:
    """Say what is not shown.

    >>> from server.pages.language import ENGLISH
    >>> hole(Gap(2, ("no figure",)), ENGLISH)
    Hole(words='2 sentences not shown', reasons=('no figure',))
    """
    words = "…"
    if gap.sentences:
        words = language.count("%(num)s sentence not shown", "%(num)s sentences not shown", gap.sentences)
    return Hole(words, tuple(language.say(each) for each in gap.reasons))


REASONS: Final = {
    "no figure": "A trend, an aim or a judgement: it has no number and names no measure.",
    "no rank": "A place among the best is not a rank.",
    "ambiguous": "It can be read in more than one way, or not exactly enough.",
    "outlook": "What is planned or expected, and had not come about.",
    "another subject": "It is about another place, or about something that no metric measures.",
    "geography": "A fact of geography, not of the economy.",
    "page furniture": "It stands on the page but belongs to another article.",
    passages.PAGE_LINE: "A line of the page, such as its title, its date or its author.",
}
"""Why words are not loaded, as the build writes it into the account; here so that they are said in each
language."""

_PUBLISHER: Final = names.DCTERMS + "publisher"
_TITLE: Final = names.DCTERMS + "title"


def meta(iri: str, said: About, naming: Naming) -> Meta:
    """Return what a source says of itself."""
    language = naming.language
    title, date = first(said, _TITLE) or naming.text(iri), first(said, names.DCTERMS + "date")
    tag = next(map(language_of, said.get(_TITLE, ())), "")
    url, publisher = links.href(first(said, names.SCHEMA + "url")), first(said, _PUBLISHER)
    return Meta(
        title=Link(title, language=language.other(tag)),
        publisher=naming.link(publisher) if publisher else None,
        label=first(said, names.term("dateLabel")),
        date=date,
        day=language.day(date),
        url=url,
        host=(url or "").partition("//")[2].partition("/")[0],
        sha256=first(said, names.term("sha256")),
        language=language.other(tag),
    )


def _known(
    text: str | None,
    title: str,
    told: Account,
    quotations: Sequence[Quotation],
    readings: Sequence[Reading],
) -> tuple[tuple[int, str], ...]:
    """Return what may be shown: the whole text, or what the graph itself holds of it."""
    if text is not None:
        return ((0, text),)
    headline = ((start, title) for start, end in told.metadata[:1] if end - start == len(title))
    return (
        *headline,
        *((each.start, each.text) for each in quotations),
        *((each.start, each.phrase) for each in readings),
    )


def _phrase(reading: Reading, users: list[Statement], naming: Naming) -> Phrase:
    stated = [fact for fact in users if grounds.says(fact, reading.role, reading.read_as)]
    led = stated if stated and stated[0].figure else users
    href = statements.address(led[0].iri) if len(led) == 1 else links.representation(reading.iri, "html")
    role = reasoning.role(reading.role, naming.language)
    return Phrase(
        (reading.start, reading.end),
        href,
        f"{role}: {naming.text(reading.read_as)}" if reading.is_iri else role,
        names.local(reading.role) in reasoning.VALUES,
    )


def _passages(
    article: Article, facts: dict[str, Statement], quotations: Sequence[Quotation], naming: Naming
) -> tuple[Passage, ...]:
    starts = {each.iri: each.start for each in quotations}
    placed = [
        (min(places), fact)
        for fact in facts.values()
        if (places := [starts[each] for each in fact.quotes if each in starts])
    ]
    has_cities = len({fact.about["ofCity"] for fact in facts.values() if "ofCity" in fact.about}) > 1
    found: list[Passage] = []
    for paragraph in passages.paragraphs(article):
        first, last = paragraph.place
        here = [
            fact
            for _, fact in sorted(
                (_order(place, fact), fact) for place, fact in placed if first <= place < last
            )
        ]
        passage = Passage(
            () if paragraph.gap else tuple(line(each, naming.language) for each in paragraph.sentences),
            hole(paragraph.gap, naming.language) if paragraph.gap else None,
            paragraph.is_page and not paragraph.gap,
            tuple(statements.view(fact, naming, city=has_cities) for fact in here if not _is_relation(fact)),
            _members([fact for fact in here if _is_relation(fact)], naming),
        )
        if passage.is_page and found and found[-1].is_page:
            found[-1] = replace(passage, lines=(*found[-1].lines, *passage.lines))
        else:
            found.append(passage)
    return tuple(found)


def _members(facts: Iterable[Statement], naming: Naming) -> tuple[Members, ...]:
    """Put together what stands in one relation to one thing: ``part of the four leading industries``."""
    found: defaultdict[tuple[str, str], list[Statement]] = defaultdict(list)
    for fact in facts:
        found[fact.about["predicate"], fact.about["object"]].append(fact)
    say = naming.language.say
    return tuple(
        Members(
            say("%(relation)s %(thing)s:", relation=naming.text(predicate), thing=naming.text(thing)),
            tuple(Link(naming.text(fact.about["subject"]), statements.address(fact.iri)) for fact in group),
        )
        for (predicate, thing), group in found.items()
    )


def _is_relation(fact: Statement) -> bool:
    return {"subject", "predicate", "object"} <= set(fact.about)


def _order(place: int, fact: Statement) -> tuple[int, int, str]:
    """Return the rank of a fact in the list of a paragraph: by sentence, then by kind."""
    kinds = statements.KINDS
    return place, kinds.index(fact.kind) if fact.kind in kinds else len(kinds), fact.iri


def line(sentence: Sentence, language: Language) -> Line:
    """Return a sentence as it is shown, its reasons in the language of the page."""
    return tuple(
        hole(each, language)
        if isinstance(each, Gap)
        else (replace(each, reason=language.say(each.reason)) if each.reason else each)
        for each in sentence.pieces
    )


def _reasons(told: Account, language: Language) -> tuple[Reason, ...]:
    """Return why words are left out, the most frequent reason first."""
    because = {each.reason: each.because for each in told.left}
    times = Counter(each.reason for each in told.left)
    return tuple(
        Reason(_anchor(name), language.say(name), language.say(because[name]), count)
        for name, count in times.most_common()
    )


def _anchor(reason: str) -> str:
    return f"left-{names.slugify(reason)}"


def _coverage(told: Account, facts: int, language: Language) -> str:
    """Say how much of the article is accounted for, in one or two sentences."""
    stated = language.count("%(num)s fact", "%(num)s facts", facts)
    if told == NOTHING:
        return language.say("%(facts)s rest on this article.", facts=stated)
    said = (
        "%(sentences)s of %(all_sentences)s sentences and %(numbers)s of %(all_numbers)s numbers are "
        "accounted for: %(facts)s."
    )
    first = language.say(
        said,
        sentences=told.sentences_told,
        all_sentences=len(told.sentences),
        numbers=told.numbers_told,
        all_numbers=len(told.numbers),
        facts=stated,
    )
    one, many = (
        "%(num)s passage is left out, with the reason.",
        "%(num)s passages are left out, with the reason.",
    )
    second = language.count(one, many, len(told.left)) if told.left else language.say("Nothing is left out.")
    return language.say("%(first)s %(second)s", first=first, second=second)


def _described(facts: int, meta: Meta, language: Language) -> str:
    stated = language.count("%(num)s fact", "%(num)s facts", facts)
    publisher = meta.publisher.text if meta.publisher else meta.host
    said = "%(title)s (%(publisher)s, %(day)s): %(facts)s, each marked where the article states it."
    return language.say(said, title=meta.title.text, publisher=publisher, day=meta.day, facts=stated)


def _iris(facts: Iterable[Statement]) -> set[str]:
    return {iri for fact in facts for iri in fact.iris}


def _meanings(readings: Iterable[Reading]) -> set[str]:
    return {each.read_as for each in readings if each.is_iri}
