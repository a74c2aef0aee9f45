"""What a source states, once its words are understood: names are IRIs, numbers are values; no RDF yet."""

from __future__ import annotations

from dataclasses import dataclass

from kg.readers import Period, Quantity
from kg.sources import Source
from kg.spans import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """A phrase of a source, the role that it plays in a fact, and what it was read as.

    ``role`` is the local name of a cekg:ReadingRole; ``read_as`` is an IRI where the phrase names a thing.
    """

    role: str
    span: Span
    phrase: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a source states something: the quote, and the phrases that were read."""

    source: Source
    quote: Span
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Time:
    """When something holds: the period, how it is known (a cekg:Basis), and the words for it."""

    period: Period
    basis: str
    words: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number about one metric; ``kind`` is the local name of the class of observation.

    ``of`` is the level that a growth rate, share, target or conversion refers to, where the source states it.
    """

    kind: str
    city: str
    industry: str | None
    metric: str
    quantity: Quantity
    words: str
    time: Time
    evidence: Evidence
    reported_by: str | None = None
    of: Figure | None = None
    whole: str | None = None
    among: str | None = None
    year_on_year: bool = False
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyNote:
    """That a policy exists, of which kind it is and how far it has come."""

    policy: str
    city: str
    kind: str | None
    status: str | None
    distinction: str | None
    time: Time
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Relation:
    """That one thing is part of, within or the capital of another; ``predicate`` is a local name."""

    subject: str
    predicate: str
    object: str
    city: str | None
    evidence: Evidence


Statement = Figure | PolicyNote | Relation
