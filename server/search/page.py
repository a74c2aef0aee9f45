"""The page of what is found, and the same for programs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from kg import folding, names
from server import errors
from server.pages import concept, links
from server.pages.evidence import segments
from server.pages.parts import Link, Naming
from server.search import matching
from server.search.matching import LONGEST, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.pages.catalog import Catalog
    from server.pages.evidence import Segment
    from server.pages.language import Language
    from server.search.index import Evidence, Found, Hit, Index

ON_A_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for: a text, one kind of things or all (empty), and which page of what is found."""

    text: str
    kind: str = ""
    page: int = 1

    @property
    def offset(self) -> int:
        """How many hits come before the page."""
        return (self.page - 1) * ON_A_PAGE

    def address(self, **others: str | int) -> str:
        """Return the address of this search, or of the same one with something else.

        >>> Asked("new materials", page=3).address(kind="obs")
        '/search?q=new+materials&kind=obs'
        """
        parameters = {"q": self.text, "kind": self.kind, **others}
        return f"/search?{urlencode({name: value for name, value in parameters.items() if value})}"


@dataclass(frozen=True, slots=True)
class Matched:
    """The other name of a thing that matches, where its label does not; ``by_sound`` how it is read aloud."""

    segments: tuple[Segment, ...]
    language: str
    by_sound: bool


@dataclass(frozen=True, slots=True)
class Item:
    """Something found: its label, or its sentence with its source and the facts that it states."""

    segments: tuple[Segment, ...]
    language: str
    href: str
    code: str = ""
    other: Link | None = None
    matched: Matched | None = None
    source: Link | None = None
    facts: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What is found of one kind."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """A kind of things, how many are found, and where they are shown alone."""

    title: str
    count: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The page of a search; ``note`` says so where nothing matches exactly."""

    text: str
    kind: str
    count: str
    note: str
    filters: tuple[Filter, ...]
    groups: tuple[Group, ...]
    place: str
    previous: str | None
    next: str | None


def ask(text: str, kind: str, page: str, index: Index) -> Asked:
    """Read what a reader asks for; raises BadRequest where it is too long, or no kind or page of ours."""
    if len(text) > LONGEST:
        raise errors.BadRequest(
            "The text to search for has %(length)s characters; up to %(most)s are read. Shorten it.",
            {"length": f"{len(text):,}", "most": LONGEST},
        )
    if kind and kind not in index.kinds:
        raise errors.BadRequest(
            "There is no kind of things %(kind)s to search in. There is %(known)s.",
            {"kind": repr(kind[:40]), "known": ", ".join(index.kinds)},
        )
    if not (page.isascii() and page.isdecimal() and len(page) <= _DIGITS and int(page)):
        raise errors.BadRequest("%(text)s is no page; pages are numbered from 1.", {"text": repr(page[:40])})
    return Asked(text, kind, int(page))


def found(index: Index, asked: Asked) -> Found:
    """Search, or browse without a text; raises BadRequest where there are not so many pages."""
    if asked.text:
        kinds = [asked.kind] if asked.kind else None
        result = index.search(asked.text, kinds=kinds, limit=ON_A_PAGE, offset=asked.offset)
    else:
        result = index.browse(asked.kind, limit=ON_A_PAGE, offset=asked.offset)
    if asked.page > _pages(result):
        raise errors.BadRequest(
            "There is no page %(page)s of what is found; the last one is %(last)s.",
            {"page": asked.page, "last": _pages(result)},
        )
    return result


def page(catalog: Catalog, index: Index, asked: Asked, language: Language, other: Language) -> SearchPage:
    """Lay out what is found; without a text to search for, the form alone."""
    result = found(index, asked)
    hits, evidence = result.hits, index.evidence(result.hits)
    iris = _named(hits, evidence)
    writer = _Writer(Naming(catalog, iris, language), Naming(catalog, iris, other), evidence)
    titles = kinds(language)
    by_kind = groupby(sorted(hits, key=_first_of_kind(hits)), key=lambda hit: hit.kind)
    pages = _pages(result)
    return SearchPage(
        text=asked.text,
        kind=asked.kind,
        count=language.count("%(num)s result", "%(num)s results", result.total) if asked.text else "",
        note=_note(asked.text, hits, language) if asked.text else "",
        filters=tuple(_filters(result, asked, titles, language)),
        groups=tuple(Group(titles.get(kind, kind), tuple(map(writer.item, some))) for kind, some in by_kind),
        place=language.say("Page %(page)s of %(pages)s", page=asked.page, pages=pages) if pages > 1 else "",
        previous=asked.address(page=asked.page - 1) if asked.page > 1 else None,
        next=asked.address(page=asked.page + 1) if asked.page < pages else None,
    )


def answer(catalog: Catalog, index: Index, asked: Asked, language: Language, base: str) -> dict[str, Any]:
    """Return what is found for a program; ``base`` is the address of this server."""
    result = found(index, asked)
    naming = Naming(catalog, [hit.iri for hit in result.hits], language)
    return {
        "q": asked.text,
        "kind": asked.kind or None,
        "page": asked.page,
        "pages": _pages(result),
        "total": result.total,
        "counts": result.counts,
        "more": sorted(result.more),
        "hits": [_member(hit, naming, base) for hit in result.hits],
    }


def suggestions(catalog: Catalog, index: Index, text: str, language: Language, base: str) -> list[object]:
    """Return what a reader may be about to type, as browsers take it (OpenSearch Suggestions 1.1)."""
    hits = [hit for hit in index.suggest(text[:LONGEST]) if links.local(hit.iri)]
    naming, titles = Naming(catalog, [hit.iri for hit in hits], language), kind(language)
    return [
        text,
        [naming.text(hit.iri) for hit in hits],
        [_described(hit, naming, titles) for hit in hits],
        [base + (links.local(hit.iri) or "") for hit in hits],
    ]


def kind(language: Language) -> dict[str, str]:
    """Return what one thing of each kind is called."""
    return {
        "city": language.say("City"),
        "region": language.say("Region"),
        "country": language.say("Country"),
        "organization": language.say("Organisation"),
        "industry": language.say("Industry"),
        "group": language.say("Group of industries"),
        "system": language.say("System of industries"),
        "scheme": language.say("Scheme"),
        "metric": language.say("Metric"),
        "policy": language.say("Policy"),
        "recognition": language.say("Recognition"),
        "source": language.say("Source"),
        "query": language.say("Question"),
        "ont": language.say("Term of the ontology"),
        "obs": language.say("Figure"),
        "quote": language.say("Sentence"),
    }


def kinds(language: Language) -> dict[str, str]:
    """Return what the things of each kind are called."""
    return {
        "city": language.say("Cities"),
        "region": language.say("Regions"),
        "country": language.say("Countries"),
        "organization": language.say("Organisations"),
        "industry": language.say("Industries"),
        "group": language.say("Groups of industries"),
        "system": language.say("Systems of industries"),
        "scheme": language.say("Schemes"),
        "metric": language.say("Metrics"),
        "policy": language.say("Policies"),
        "recognition": language.say("Recognitions"),
        "source": language.say("Source texts"),
        "query": language.say("Questions"),
        "ont": language.say("Terms of the ontology"),
        "obs": language.say("Figures"),
        "quote": language.say("Sentences"),
    }


_FACTS: Final = ("obs", "recognition")
"""Kinds whose labels are put together from others' labels: in another language they say nothing more."""


class _Writer:
    """Writes hits as a page shows them."""

    def __init__(self, naming: Naming, other: Naming, evidence: Mapping[str, Evidence]) -> None:
        self._naming, self._other, self._evidence = naming, other, evidence
        self._language: Language = naming.language

    def item(self, hit: Hit) -> Item:
        evidence = self._evidence.get(hit.iri)
        if evidence:
            return self._sentence(hit, evidence)
        label = self._naming.label(hit.iri)
        text, language = label or (self._naming.text(hit.iri), "")
        matched = self._matched(hit) if _says_more(hit, text) else None
        other = None if hit.kind in _FACTS else concept.alias(hit.iri, self._naming, self._other)
        return Item(
            segments(text, matching.marks(text, hit.words, hit.begun)),
            self._language.other(language),
            links.href(hit.iri) or "",
            code=names.compact(hit.iri) if hit.kind == "ont" else "",
            other=None if matched and other and other.text == hit.name else other,
            matched=matched,
        )

    def _sentence(self, hit: Hit, evidence: Evidence) -> Item:
        return Item(
            segments(hit.text, matching.marks(hit.text, hit.words, hit.begun)),
            self._language.other(hit.language),
            links.href(hit.iri) or "",
            source=self._naming.link(evidence.source),
            facts=tuple(map(self._naming.link, evidence.facts[:_MOST_FACTS])),
        )

    def _matched(self, hit: Hit) -> Matched:
        return Matched(
            segments(hit.name, matching.marks(hit.name, hit.words, hit.begun)),
            self._language.other(hit.name_language),
            hit.by_sound,
        )


def _named(hits: Iterable[Hit], evidence: Mapping[str, Evidence]) -> set[str]:
    iris = {hit.iri for hit in hits}
    for each in evidence.values():
        iris |= {each.source, *each.facts[:_MOST_FACTS]}
    return iris


def _first_of_kind(hits: Iterable[Hit]) -> Any:
    """Return what keeps hits of a kind together, the kinds in the order of their best hits."""
    order = {kind: place for place, kind in enumerate(dict.fromkeys(hit.kind for hit in hits))}
    return lambda hit: order[hit.kind]


def _filters(result: Found, asked: Asked, titles: Mapping[str, str], language: Language) -> Iterable[Filter]:
    if len(result.counts) < 2 and not asked.kind:
        return
    if asked.text:
        total = sum(result.counts.values())
        yield Filter(
            language.say("All"),
            _count(total, bool(result.more)),
            asked.address(kind=""),
            is_chosen=not asked.kind,
        )
    for each, count in result.counts.items():
        yield Filter(
            titles.get(each, each),
            _count(count, each in result.more),
            asked.address(kind=each),
            is_chosen=each == asked.kind,
        )


def _count(number: int, is_more: bool) -> str:  # noqa: FBT001  # one of two words
    return f"{number:,}+" if is_more else f"{number:,}"


def _note(text: str, hits: tuple[Hit, ...], language: Language) -> str:
    if not hits:
        return language.say("Nothing is found for “%(text)s”, and nothing that comes close.", text=text)
    if hits[0].level in {Level.SLIP, Level.SLIPS}:
        return language.say("Nothing is spelled “%(text)s”. This comes close.", text=text)
    if hits[0].level is Level.SOUND:
        return language.say("Nothing is written “%(text)s”. This sounds the same.", text=text)
    if hits[0].level is Level.SOME:
        return language.say("Nothing has all the words of “%(text)s”. This has some of them.", text=text)
    return ""


def _pages(result: Found) -> int:
    return max(-(-result.total // ON_A_PAGE), 1)


def _member(hit: Hit, naming: Naming, base: str) -> dict[str, Any]:
    label = naming.label(hit.iri)
    is_sentence = hit.kind == "quote"
    return {
        "iri": hit.iri,
        "address": base + (links.local(hit.iri) or ""),
        "kind": hit.kind,
        "label": hit.text if is_sentence or label is None else label.text,
        "language": (hit.language if is_sentence or label is None else label.language) or None,
        "matched": hit.name,
        "match": hit.level.name.lower(),
        "score": hit.score,
    }


def _described(hit: Hit, naming: Naming, titles: Mapping[str, str]) -> str:
    """Return the kind of a thing, and the name that matches where its label does not."""
    title = titles.get(hit.kind, hit.kind)
    return f"{title} · {hit.name}" if _says_more(hit, naming.text(hit.iri)) else title


def _says_more(hit: Hit, label: str) -> bool:
    """Tell whether the name that matches has more of the words than the label that is shown."""
    if folding.key(hit.name) == folding.key(label):
        return False
    covered = [matching.covered(text, hit.words, hit.begun) for text in (hit.name, label)]
    return hit.by_sound or covered[0] > covered[1]


_MOST_FACTS: Final = 5
_DIGITS: Final = 6
