"""The names of facts, put together in each language from the names of what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import Literal

from kg import names
from kg.lexicon import Lexicon
from kg.statements import Figure, PolicyNote, Relation
from kg.wording import say_quantity, say_when


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How a language puts names together."""

    figure: str
    when: str
    city_and_industry: str
    measures: Mapping[str, str]
    """What is measured, by the kind of the figure; of all others it is the metric."""
    relation: str
    recognition: str


def of_figure(figure: Figure, lexicon: Lexicon) -> Iterator[Literal]:
    """Return the names of an observation: whom it is about, what is measured, when, and the value."""
    for language, grammar in _GRAMMARS.items():
        city, industry, metric, whole, among = (
            lexicon.label(each, language) if each else ""
            for each in (figure.city, figure.industry, figure.metric, figure.whole, figure.among)
        )
        is_one = not industry or industry.startswith(city)
        when = say_when(figure.time.period, language)
        yield Literal(
            grammar.figure.format(
                subject=industry or city if is_one else grammar.city_and_industry.format(city, industry),
                measure=grammar.measures.get(figure.kind, "{metric}").format(
                    metric=metric, whole=whole, among=among
                ),
                when=grammar.when.format(when) if when else "",
                amount=say_quantity(figure.quantity, signed=figure.kind == "Growth", language=language),
            ),
            lang=language,
        )


def of_recognition(note: PolicyNote, lexicon: Lexicon) -> Iterator[Literal]:
    """Return the names of a recognition: the policy, and as what it is recognised."""
    for language, grammar in _GRAMMARS.items():
        parts = (lexicon.label(each, language) for each in (note.policy, note.distinction or ""))
        yield Literal(grammar.recognition.format(*parts), lang=language)


def of_relation(relation: Relation, lexicon: Lexicon) -> Iterator[Literal]:
    """Return the names of the statement of a relation, in the order of the triple."""
    triple = (relation.subject, names.term(relation.predicate), relation.object)
    for language, grammar in _GRAMMARS.items():
        yield Literal(
            grammar.relation.format(*(lexicon.label(each, language) for each in triple)), lang=language
        )


_GRAMMARS: Final = {
    "en": _Grammar(
        figure="{subject}: {measure}{when}: {amount}",
        when=", {}",
        city_and_industry="{}, {}",
        measures={
            "Growth": "growth of {metric}",
            "Share": "{metric} as a share of {whole}",
            "Rank": "rank by {metric} in {among}",
            "Target": "target for {metric}",
            "Converted": "{metric}, converted",
        },
        relation="{} {} {}",
        recognition="{}: {}",
    ),
    "zh-Hans": _Grammar(
        figure="{subject} · {measure}{when}：{amount}",
        when=" · {}",
        city_and_industry="{} · {}",
        measures={
            "Growth": "{metric}增长率",
            "Share": "{metric}占{whole}比重",
            "Rank": "{metric}在{among}的位次",
            "Target": "{metric}目标",
            "Converted": "{metric}（折算）",
        },
        relation="{} · {} · {}",
        recognition="{}：{}",
    ),
}
