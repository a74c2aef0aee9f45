"""The forms in which the data are taken away, once: the build makes them, the server offers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg import names

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = "dumps"
"""Where they lie in a snapshot."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file to take away; ``name`` is what ``kg export`` calls it."""

    name: str
    title: str
    file: str
    media_type: str
    holds: str
    of: str
    conforms_to: tuple[str, ...]
    described_by: str = ""
    """The distribution that says what this one's columns mean."""

    @property
    def path(self) -> str:
        """Its place in the folder of a snapshot."""
        return f"{FOLDER}/{self.file}"

    @property
    def is_compressed(self) -> bool:
        """Whether it has to be unpacked (RFC 1952) before it is what its media type says."""
        return self.file.endswith(".gz")

    @property
    def is_rdf(self) -> bool:
        """Whether it is the graph, or a view of it, as RDF."""
        return not self.media_type.startswith(("text/csv", "application/csvm"))

    @property
    def sent_as(self) -> str:
        """The media type of the file as it lies there."""
        return "application/gzip" if self.is_compressed else self.media_type

    @property
    def iri(self) -> str:
        """Its published name."""
        return names.thing("dataset", f"distribution-{names.slugify(self.name)}")


FIGURES: Final = names.thing("dataset", "figures")
"""The figures alone, a part of the data set."""

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_NQUADS: Final = "application/n-quads"

DISTRIBUTIONS: Final = (
    Distribution(
        "nquads",
        "N-Quads",
        "cekg.nq.gz",
        _NQUADS,
        "Everything: each statement on a line of its own, with the source that it is from",
        names.DATASET,
        (_FORMATS + "N-Quads",),
    ),
    Distribution(
        "trig",
        "TriG",
        "cekg.trig.gz",
        "application/trig",
        "Everything, source by source, for people to read",
        names.DATASET,
        (_FORMATS + "TriG",),
    ),
    Distribution(
        "turtle",
        "Turtle",
        "cekg.ttl.gz",
        "text/turtle",
        "Every statement once, without its source, for people to read",
        names.DATASET,
        (_FORMATS + "Turtle",),
    ),
    Distribution(
        "jsonld",
        "JSON-LD",
        "cekg.jsonld.gz",
        "application/ld+json",
        "The same as plain JSON: a thing on each line",
        names.DATASET,
        (_FORMATS + "JSON-LD",),
    ),
    Distribution(
        "csv",
        "CSV",
        "cekg-figures.csv",
        "text/csv",
        "The figures as a table: a row for each, with its sentence and its source",
        FIGURES,
        ("https://www.rfc-editor.org/info/rfc4180",),
        described_by="csvw",
    ),
    Distribution(
        "csvw",
        "CSV on the Web",
        "cekg-figures.csv-metadata.json",
        "application/csvm+json",
        "What the columns of the table mean",
        FIGURES,
        ("https://www.w3.org/TR/tabular-metadata/",),
    ),
    Distribution(
        "cube",
        "RDF Data Cube",
        "cekg-cube.ttl.gz",
        "text/turtle",
        "Figures with a year and an exact value, in sets with the same dimensions",
        FIGURES,
        ("https://www.w3.org/TR/vocab-data-cube/", _FORMATS + "Turtle"),
    ),
    Distribution(
        "schema",
        "schema.org",
        "cekg-schema.jsonld.gz",
        "application/ld+json",
        "The figures as schema.org and Data Commons say them, with statistical variables",
        FIGURES,
        ("https://schema.org/Observation", _FORMATS + "JSON-LD"),
    ),
)
"""In the order in which they are offered."""

BY_NAME: Final = {each.name: each for each in DISTRIBUTIONS}


def published(manifest: Mapping[str, Any]) -> tuple[Distribution, ...]:
    """Return those that a snapshot has: a graph that was published without the build has none."""
    return tuple(each for each in DISTRIBUTIONS if each.path in manifest["files"])
