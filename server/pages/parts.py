"""What all pages are made of: links with labels, and the addresses of a thing's other forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import names
from server.pages import links

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.pages.catalog import Catalog, Label
    from server.pages.language import Language


@dataclass(frozen=True, slots=True)
class Link:
    """A text, and where it leads when it leads somewhere; ``language`` where it is not the page's."""

    text: str
    href: str | None = None
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same thing in another format."""

    title: str
    media_type: str
    href: str


class Naming:
    """The labels of all that one page names, in its language, read at once."""

    def __init__(self, catalog: Catalog, iris: Iterable[str], language: Language) -> None:
        self.language = language
        self._labels = catalog.labels(iris, language.tag)

    def label(self, iri: str) -> Label | None:
        """Return the label of a thing in the page's language, or in the next best; None when it has none."""
        return self._labels.get(iri)

    def text(self, iri: str) -> str:
        """Return the text of the label; without one, the words of a term of others, said where we can."""
        label = self._labels.get(iri)
        if label:
            return label.text
        words = _words(iri)
        return self.language.say(words) if words else names.compact(iri)

    def link(self, iri: str, text: str = "") -> Link:
        """Return a link to a thing: its label (or another text), its page, its IRI as the note."""
        label = self._labels.get(iri)
        language = self.language.other(label.language) if label and not text else ""
        return Link(text or self.text(iri), links.href(iri), language, note=iri)


def _words(iri: str) -> str:
    """Return the local name of a term of others in words; empty for anything else.

    >>> _words("http://www.w3.org/2004/02/skos/core#closeMatch")
    'close match'
    """
    prefix, _, local = names.compact(iri).partition(":")
    is_term = names.PREFIXES.get(prefix) and prefix not in names.THINGS
    return re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", local).lower() if is_term else ""


def alternates(iri: str) -> tuple[Alternate, ...]:
    """Return the addresses of a thing's data."""
    return tuple(
        Alternate(each.title, each.media_type, links.representation(iri, each.suffix))
        for each in links.forms(iri)
    )
