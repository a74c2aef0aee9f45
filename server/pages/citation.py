"""How to cite a fact: the article that states it, and where the sentence and its reading can be checked.

In words, in BibTeX and in CSL-JSON (the Citation Style Language, as Zotero and citeproc read it).
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.pages.language import Language


@dataclass(frozen=True, slots=True)
class Citation:
    """An article, and what of it is cited: ``fact`` in words, its page, and the snapshot that was read.

    ``date`` is ``YYYY-MM-DD``, ``label`` what the article prints before it, ``language`` a tag (RFC 5646).
    """

    key: str
    title: str
    publisher: str
    date: str
    label: str
    address: str
    language: str
    fact: str
    page: str
    snapshot: str


GRAPH: Final = "City Economy Knowledge Graph"


def words(citation: Citation, language: Language) -> str:
    """Write a reference for a text that people read."""
    day = _dated(citation.label, language) + language.day(citation.date)
    said = {
        "publisher": citation.publisher,
        "day": day,
        "title": citation.title,
        "address": citation.address,
        "note": _note(citation, language),
        "page": citation.page,
    }
    text = language.say("%(publisher)s (%(day)s): “%(title)s”. %(address)s. %(note)s %(page)s", **said)
    return _one_line(text)


def _dated(label: str, language: Language) -> str:
    """Return the article's own word before its date, said as the reader says it where we know how."""
    key = f"before a date: {label}"
    said = language.say(key)
    return said if said != key else f"{label} ".lstrip()


def bibtex(citations: Iterable[Citation], language: Language) -> str:
    r"""Write entries for BibTeX and biblatex, in UTF-8.

    >>> from server.pages.language import ENGLISH
    >>> bibtex([Citation("news-2021", "Up 5 % {now}", "News", "2021-03-30", "", "http://n.example/?a=1%2C",
    ...                  "en", "Rum: 5", "https://w3id.org/x", "3f")], ENGLISH).splitlines()[1]
    '  title = {{Up 5 \\% \\textbraceleft{}now\\textbraceright{}}},'
    """
    return "\n".join(_entry(each, language) for each in citations)


def csl(citations: Iterable[Citation], language: Language) -> str:
    """Write CSL-JSON: a list of items."""
    items = [_item(each, language) for each in citations]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def escaped(text: str) -> str:
    r"""Write a text so that TeX prints it; braces as words, since BibTeX counts them even after a backslash.

    >>> escaped("50% of {A & B} cost $5_000 #1")
    '50\\% of \\textbraceleft{}A \\& B\\textbraceright{} cost \\$5\\_000 \\#1'
    """
    return _one_line(text).translate(_TEX)


_TEX: Final = str.maketrans(
    {
        **{character: f"\\{character}" for character in "&%$#_"},
        "{": "\\textbraceleft{}",
        "}": "\\textbraceright{}",
        "\\": "\\textbackslash{}",
        "^": "\\textasciicircum{}",
        "~": "\\textasciitilde{}",
        "\N{NARROW NO-BREAK SPACE}": "~",
        "\N{NO-BREAK SPACE}": "~",
    }
)
_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _entry(citation: Citation, language: Language) -> str:
    year, month, day = _date(citation)
    fields = {
        "title": f"{{{escaped(citation.title)}}}",
        "author": f"{{{escaped(citation.publisher)}}}",
        "year": year,
        "month": _MONTHS[int(month) - 1] if month else "",
        "howpublished": escaped(f"{citation.label} {citation.date}") if day else "",
        "url": _address(citation.address),
        "langid": _LANGUAGES.get(citation.language.partition("-")[0], ""),
        "note": f"{escaped(_note(citation, language))} \\url{{{_address(citation.page)}}}",
    }
    lines = [
        f"  {name} = {value if name == 'month' else f'{{{value}}}'},"
        for name, value in fields.items()
        if value.strip("{}")
    ]
    return "\n".join([f"@misc{{{citation.key},", *lines, "}", ""])


_LANGUAGES: Final = {"en": "english", "zh": "chinese"}
"""The names of languages in biblatex."""


def _item(citation: Citation, language: Language) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": citation.key,
        "type": "article-newspaper",
        "title": _one_line(citation.title),
        "container-title": _one_line(citation.publisher),
        "URL": citation.address,
        "language": citation.language,
        "note": _note(citation, language),
        "archive": GRAPH,
        "archive_location": citation.page,
    }
    if _date(citation)[0]:
        item["issued"] = {"date-parts": [[int(part) for part in _date(citation) if part]]}
    return {name: value for name, value in item.items() if value}


def _note(citation: Citation, language: Language) -> str:
    """Say what is cited of the article, and where that was read."""
    graph, snapshot = language.say(GRAPH), citation.snapshot
    said = language.say("Cited for: %(fact)s.", fact=_one_line(citation.fact)) if citation.fact else ""
    read = language.say(
        "Read and checked in: %(graph)s, snapshot %(snapshot)s.", graph=graph, snapshot=snapshot
    )
    return language.say("%(first)s %(second)s", first=said, second=read).strip()


def _date(citation: Citation) -> tuple[str, str, str]:
    """Return year, month and day, all empty where the date is none."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])-(\d\d)", citation.date)
    return (match[1], match[2], match[3]) if match else ("", "", "")


def _address(address: str) -> str:
    """Return an address without what would end a field of BibTeX; ``%``, ``#``, ``_`` and ``&`` may stand."""
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~_.-")


def _one_line(text: str) -> str:
    """Return a text without line breaks and without characters that no reader sees, or that turn it round."""
    return re.sub(" +", " ", "".join(map(_seen, text))).strip()


@lru_cache(maxsize=2_000)
def _seen(character: str) -> str:
    if character.isspace() and character not in _SPACES:
        return " "
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs"} else character


_SPACES: Final = "\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE}"
