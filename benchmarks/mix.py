"""The fixed mix: each query of ``queries/``, with many values in turn.

A variable written ``$name`` stands for a value of the generated graph; so each file is SPARQL as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus, urlsplit

from benchmarks import generate
from kg import names

if TYPE_CHECKING:
    from benchmarks.generate import Size

VARIANTS: Final = 500
"""How many different texts of one query, at most."""

_BINDINGS: Final = "application/sparql-results+json"
_GRAPH: Final = "application/n-triples, text/turtle;q=0.5"
_EXPORT: Final = "text/csv"


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the mix: its title, its texts, and how answers should be written."""

    title: str
    texts: tuple[str, ...]
    accept: str

    @staticmethod
    def path(endpoint: str, text: str) -> str:
        """Return what stands after the host in the address of a question."""
        address = urlsplit(endpoint)
        fixed = f"{address.query}&" if address.query else ""
        return f"{address.path}?{fixed}query={quote_plus(text)}"


def mix(size: Size) -> list[Query]:
    """Return the queries with values out of a graph of that size."""
    values = _values(size)
    folder = Path(__file__).parent / "queries"
    return [_query(path.read_text(encoding="utf-8"), values) for path in sorted(folder.glob("*.rq"))]


def _query(text: str, values: list[dict[str, str]]) -> Query:
    title = text.partition("\n")[0].removeprefix("# title: ")
    form = next(
        word for word in ("CONSTRUCT", "DESCRIBE", "SELECT", "ASK") if re.search(rf"^{word}\b", text, re.M)
    )
    accept = _GRAPH if form in {"CONSTRUCT", "DESCRIBE"} else _EXPORT if "export" in title else _BINDINGS
    return Query(title, tuple(dict.fromkeys(_filled(text, each) for each in values)), accept)


def _filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda match: values[match[1]], text)


def _values(size: Size) -> list[dict[str, str]]:
    """Return values for every parameter, spread over all cities."""
    every = max(size.cities // VARIANTS, 1)
    found = []
    for number, city in enumerate(islice(generate.cities(size), None, None, every)):
        articles = list(generate.articles(city, size))
        article = articles[number % len(articles)]
        figure = article.figures[number // len(articles) % len(article.figures)]
        found.append(
            {
                "observation": f"<{generate.observation(article, figure)}>",
                "city": f"<{names.thing('city', city.slug)}>",
                "industry": f"<{names.thing('industry', figure.industry[0])}>",
                "metric": f"<{names.thing('metric', figure.metric[0])}>",
                "year": str(article.year),
                "word": f'"{generate.THEMES[number % len(generate.THEMES)]}"',
            }
        )
    return found
