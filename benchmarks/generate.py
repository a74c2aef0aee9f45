"""A graph of any size in our own ontology, to measure on: invented cities with their articles and figures.

The real graph comes first, since it has the ontology and the concepts; then the cities one by one, so that
memory does not grow with the size. Every figure is read from a sentence of an invented article, which has its
place in the article's text, as real ones do: what is generated conforms to ``shapes/``.

    python -m benchmarks.generate --cities 1000 > cities.nq
    python -m benchmarks.generate --cities 1000 --publish FOLDER

A function of its arguments: no chance, no clock.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg import build, names
from kg.quads import sort
from kg.snapshot import publish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INDUSTRIES: Final = (
    ("new-materials", "new materials"),
    ("biomedicine", "biomedicine"),
    ("finance", "modern finance"),
    ("logistics", "modern logistics"),
    ("information", "information"),
    ("culture-tourism", "culture and tourism"),
    ("advanced-equipment", "advanced equipment manufacturing"),
    ("green-agriculture", "deep processing of green agricultural products"),
)
METRICS: Final = (
    ("output-value", "output value"),
    ("total-investment", "total investment"),
    ("revenue", "revenue"),
)
"""Slug in the ontology and the words of the articles; each is in yuan."""

THEMES: Final = (
    "exports",
    "new orders",
    "a new harbour",
    "foreign capital",
    "tax relief",
    "hydrogen",
    "tourism",
    "a dry autumn",
    "machine tools",
    "higher wages",
    "a railway",
    "robots",
    "the festival",
    "cheap power",
    "mergers",
    "a warm winter",
)
PUBLISHERS: Final = 20
LAST_YEAR: Final = 2020
ONE_IN: Final = 10
"""One figure in so many is a lower bound, ``more than …``."""

_SOUNDS: Final = "babebibodadedidofafegagekakelalelilomaminanorata"
_CHARACTERS: Final = "巴贝比博达德迪多法费加格卡科拉莱利洛马米纳诺瑞塔"
_SYLLABLES: Final = tuple((_SOUNDS[2 * n : 2 * n + 2], each) for n, each in enumerate(_CHARACTERS))
"""Three make a name: each sound and each character is there once, so that no two names are alike."""

MOST_CITIES: Final = len(_SYLLABLES) ** 3


@dataclass(frozen=True, slots=True)
class Size:
    """How much to generate; by default about a thousand triples for each city."""

    cities: int = 1_000
    years: int = 3
    industries: int = 3
    metrics: int = 2

    def __post_init__(self) -> None:
        limits = {"cities": MOST_CITIES, "years": 100, "industries": len(INDUSTRIES), "metrics": len(METRICS)}
        for name, most in limits.items():
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"{name}: {getattr(self, name)} is not from 1 to {most}.")

    @property
    def articles(self) -> int:
        """How many articles: one for each city and year."""
        return self.cities * self.years

    @property
    def figures(self) -> int:
        """How many observations: one for each article, industry and metric."""
        return self.articles * self.industries * self.metrics

    @property
    def quads(self) -> int:
        """How many quads, beyond those of the real graph."""
        return PUBLISHERS * 7 + self.cities * 9 + self.articles * 29 + self.figures * 52


@dataclass(frozen=True, slots=True)
class City:
    """An invented city."""

    number: int
    name: str
    chinese: str

    @property
    def slug(self) -> str:
        """Its name in IRIs."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the sentence that states it; positions count code points of the article."""

    industry: tuple[str, str]
    metric: tuple[str, str]
    hundredths: int
    bound: bool
    start: int
    sentence: str

    @property
    def words(self) -> str:
        """The number as the article prints it."""
        return f"{'more than ' if self.bound else ''}{self.hundredths / 100:.2f} billion yuan"

    @property
    def value(self) -> int:
        """The number in yuan."""
        return self.hundredths * 10_000_000


@dataclass(frozen=True, slots=True)
class Article:
    """What one newspaper says of one city and year."""

    city: City
    year: int
    publisher: int
    text: str
    figures: tuple[Figure, ...]

    @property
    def slug(self) -> str:
        """Its name in IRIs."""
        return f"{self.city.slug}-news-{self.year + 1}-02-01"

    @property
    def iri(self) -> str:
        """The source."""
        return names.thing("source", self.slug)


def quads(size: Size) -> Iterator[bytes]:
    """Return the graph as N-Quads, in blocks: the real one, newspapers, each city with its articles."""
    yield build.nquads(build.assemble(build.Folders()))
    yield _block("base", _publishers())
    for city in cities(size):
        yield _block("base", _city(city))
        for article in articles(city, size):
            yield _block(article.slug, _article(article)) + _block("meta", _about(article))


def cities(size: Size) -> Iterator[City]:
    """Return the cities: the same number has the same name in a graph of any size."""
    for number in range(size.cities):
        # a step that shares no factor with the number of names visits each once, and far from the last one
        place = number * 5_003 % MOST_CITIES
        first, second, third = (_SYLLABLES[place // len(_SYLLABLES) ** n % len(_SYLLABLES)] for n in range(3))
        yield City(
            number, (first[0] + second[0] + third[0]).capitalize(), first[1] + second[1] + third[1] + "市"
        )


def articles(city: City, size: Size) -> Iterator[Article]:
    """Return the articles of a city, the oldest first."""
    for year in years(size):
        head = f"{city.name}’s economy in {year}\n\nUpdated: {year + 1}-02-01\n\n"
        figures, text = [], head
        for metric, industry in product(METRICS[: size.metrics], INDUSTRIES[: size.industries]):
            figure = _figure(city, year, metric, industry, start=len(text))
            figures.append(figure)
            text += f"{figure.sentence} "
        yield Article(city, year, (city.number + year) % PUBLISHERS, text, tuple(figures))


def years(size: Size) -> range:
    """Return the years that articles are about."""
    return range(LAST_YEAR - size.years + 1, LAST_YEAR + 1)


def observation(article: Article, figure: Figure) -> str:
    """Return the IRI of what a sentence states."""
    about = f"{article.city.slug}-{figure.industry[0]}-{figure.metric[0]}-{article.year}"
    return names.thing("obs", f"{about}-level-{'more-than-' if figure.bound else ''}{figure.value}-cny")


def _figure(
    city: City, year: int, metric: tuple[str, str], industry: tuple[str, str], *, start: int
) -> Figure:
    seed = f"{city.slug} {year} {metric[0]} {industry[0]}".encode()
    chance = int.from_bytes(hashlib.blake2s(seed, digest_size=8).digest())
    hundredths, theme = chance % 99_000 + 1_000, THEMES[(chance >> 32) % len(THEMES)]
    figure = Figure(industry, metric, hundredths, (chance >> 48) % ONE_IN == 0, start, "")
    sentence = f"The {metric[1]} of {industry[1]} reached {figure.words}, helped by {theme}."
    return Figure(industry, metric, hundredths, figure.bound, start, sentence)


# Triples: each line is a subject, a predicate and an object in N-Triples, without the full stop


def _block(graph: str, triples: Iterator[str]) -> bytes:
    end = f" <{names.graph(graph)}> .\n"
    return "".join(f"{triple}{end}" for triple in triples).encode()


def _publishers() -> Iterator[str]:
    for number in range(PUBLISHERS):
        it, name = _publisher(number), f"Newspaper {number + 1}"
        yield f"{it} {_A} {_iri(names.ORG + 'Organization')}"
        yield from _named(it, name, f"第{number + 1}报", "An invented newspaper.", "一家虚构的报纸。")


def _city(city: City) -> Iterator[str]:
    it = _thing("city", city.slug)
    for kind in (_term("City"), _term("Place"), _iri(names.SKOS + "Concept")):
        yield f"{it} {_A} {kind}"
    yield from _named(it, city.name, city.chinese, "An invented city.", "一座虚构的城市。")


def _named(it: str, english: str, chinese: str, definition: str, in_chinese: str) -> Iterator[str]:
    for predicate in (_LABEL, _iri(names.SKOS + "prefLabel")):
        yield f'{it} {predicate} "{english}"@en'
        yield f'{it} {predicate} "{chinese}"@zh-hans'
    yield f'{it} {_iri(names.SKOS + "definition")} "{definition}"@en'
    yield f'{it} {_iri(names.SKOS + "definition")} "{in_chinese}"@zh-hans'


def _about(article: Article) -> Iterator[str]:
    graph = _thing("graph", article.slug)
    yield f"{graph} {_A} {_iri(names.PROV + 'Entity')}"
    yield f'{graph} {_LABEL} "What {article.slug} states"@en'
    yield f"{graph} {_iri(names.DCTERMS + 'isPartOf')} {_iri(names.DATASET)}"
    yield f"{_iri(names.DATASET)} {_iri(names.DCTERMS + 'source')} {_iri(article.iri)}"


def _article(article: Article) -> Iterator[str]:
    it = _iri(article.iri)
    title = article.text.partition("\n")[0]
    yield f"{it} {_A} {_term('Source')}"
    yield f"{it} {_A} {_term('NewsArticle')}"
    yield f'{it} {_LABEL} "{title}"@en'
    yield f'{it} {_iri(names.DCTERMS + "title")} "{title}"@en'
    yield f"{it} {_iri(names.DCTERMS + 'publisher')} {_publisher(article.publisher)}"
    yield f'{it} {_iri(names.DCTERMS + "date")} "{article.year + 1}-02-01"^^{_DATE}'
    yield f"{it} {_iri(names.SCHEMA + 'url')} <https://news.example/{article.slug}>"
    yield f'{it} {_term("dateLabel")} "Updated"'
    yield f'{it} {_term("sha256")} "{hashlib.sha256(article.text.encode()).hexdigest()}"'
    city, period = (article.city.slug, 0, article.city.name), f"in {article.year}"
    shared = [
        _Reading("City", article.city.name, article.text.index(city[2]), _thing("city", city[0])),
        _Reading("Period", period, article.text.index(period), f'"{article.year}"'),
    ]
    for reading in shared:
        yield from _reading(article, reading)
    for figure in article.figures:
        yield from _observation(article, figure, shared)


@dataclass(frozen=True, slots=True)
class _Reading:
    role: str
    words: str
    start: int
    meaning: str


def _observation(article: Article, figure: Figure, shared: Sequence[_Reading]) -> Iterator[str]:
    it, source = _iri(observation(article, figure)), _iri(article.iri)
    billions = f"{figure.hundredths / 100:.2f}".rstrip("0").rstrip(".")
    said = f"{'more than ' if figure.bound else ''}{billions} billion CNY"
    subject = f"{article.city.name}, {figure.industry[1]}: {figure.metric[1]}, {article.year}"
    yield f"{it} {_A} {_term('Observation')}"
    yield f"{it} {_A} {_term('Level')}"
    yield f'{it} {_LABEL} "{subject}: {said}"@en'
    yield f"{it} {_term('ofCity')} {_thing('city', article.city.slug)}"
    yield f"{it} {_term('ofIndustry')} {_thing('industry', figure.industry[0])}"
    yield f"{it} {_term('ofMetric')} {_thing('metric', figure.metric[0])}"
    yield f'{it} {_term("lowerBound" if figure.bound else "value")} "{figure.value}"^^{_DECIMAL}'
    yield f"{it} {_term('comparator')} {_term('MoreThan' if figure.bound else 'Exact')}"
    yield f"{it} {_term('unit')} {_iri(names.unit('CCY_CNY'))}"
    yield f'{it} {_term("valueText")} "{figure.words}"'
    yield f'{it} {_term("year")} "{article.year}"^^{_INTEGER}'
    yield f'{it} {_term("periodStart")} "{article.year}-01-01"^^{_DATE}'
    yield f'{it} {_term("periodEnd")} "{article.year}-12-31"^^{_DATE}'
    yield f"{it} {_term('periodBasis')} {_term('FromContext')}"
    yield f'{it} {_term("periodText")} "in {article.year}"'
    yield f"{it} {_term('statedIn')} {source}"
    quote = _selected("quote", article, figure.start, figure.sentence)
    yield f"{it} {_term('evidence')} {quote}"
    yield from _quote(article, figure, quote)
    own = [
        _Reading(role, words, figure.start + figure.sentence.index(words), meaning)
        for role, words, meaning in (
            ("Industry", figure.industry[1], _thing("industry", figure.industry[0])),
            ("Metric", figure.metric[1], _thing("metric", figure.metric[0])),
            ("Value", figure.words, f'"{said}"'),
        )
    ]
    for reading in own:
        yield from _reading(article, reading)
    for reading in (*shared, *own):
        yield f"{it} {_term('hasReading')} {_reading_iri(article, reading)}"


def _quote(article: Article, figure: Figure, it: str) -> Iterator[str]:
    yield f"{it} {_A} {_term('Quote')}"
    yield f'{it} {_LABEL} "{figure.sentence[:60]}…"@en'
    yield f"{it} {_term('quotedFrom')} {_iri(article.iri)}"
    yield from _selector(it, figure.start, figure.sentence)


def _reading(article: Article, reading: _Reading) -> Iterator[str]:
    it = _reading_iri(article, reading)
    yield f"{it} {_A} {_term('Reading')}"
    yield f'{it} {_LABEL} "{reading.words}"@en'
    yield f"{it} {_term('readFrom')} {_iri(article.iri)}"
    yield f"{it} {_term('role')} {_term(f'{reading.role}Role')}"
    yield f"{it} {_term('readAs')} {reading.meaning}"
    yield from _selector(it, reading.start, reading.words)


def _selector(it: str, start: int, words: str) -> Iterator[str]:
    yield f'{it} {_iri(names.OA + "exact")} "{words}"'
    yield f'{it} {_iri(names.OA + "start")} "{start}"^^{_INTEGER}'
    yield f'{it} {_iri(names.OA + "end")} "{start + len(words)}"^^{_INTEGER}'


def _reading_iri(article: Article, reading: _Reading) -> str:
    return _selected("reading", article, reading.start, reading.words, f"-{reading.role.lower()}")


def _selected(kind: str, article: Article, start: int, words: str, tail: str = "") -> str:
    return _thing(kind, f"{article.slug}-{start}-{start + len(words)}{tail}")


def _publisher(number: int) -> str:
    return _thing("organization", f"newspaper-{number + 1}")


def _thing(kind: str, slug: str) -> str:
    return f"<{names.BASE}{kind}/{slug}>"  # what names.thing gives, without its check of ten million slugs


@cache
def _term(name: str) -> str:
    return _iri(names.term(name))


def _iri(iri: str) -> str:
    return f"<{iri}>"


_A: Final = _iri(names.RDF + "type")
_LABEL: Final = _iri(names.RDFS + "label")
_DATE: Final = _iri(names.XSD + "date")
_DECIMAL: Final = _iri(names.XSD + "decimal")
_INTEGER: Final = _iri(names.XSD + "integer")


def main() -> None:
    """Write the graph to the standard output, or publish it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.generate", description=__doc__.partition("\n")[0]
    )
    for name, default in asdict(Size()).items():
        parser.add_argument(
            f"--{name}", type=int, default=default, metavar="NUMBER", help=f"default: {default}"
        )
    parser.add_argument("--publish", type=Path, metavar="FOLDER", help="publish a snapshot there instead")
    given = parser.parse_args()
    try:
        size = Size(**{name: getattr(given, name) for name in asdict(Size())})
    except ValueError as error:
        parser.error(str(error))
    if given.publish:
        given.publish.mkdir(parents=True, exist_ok=True)
        snapshot = publish(given.publish, nquads=sort(quads(size), given.publish), files={}, about={})
        print(f"{snapshot.folder}: {snapshot.manifest['quads']:,} quads")
    else:
        sys.stdout.buffer.writelines(quads(size))


if __name__ == "__main__":
    main()
