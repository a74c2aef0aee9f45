"""An example query as its author writes it: one file with a question, and the SPARQL that answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg import names


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable whose value a reader may choose: its class or property, and the value in the file."""

    name: str
    of: str
    default: str


@dataclass(frozen=True, slots=True)
class Picture:
    """How the rows of an answer are drawn: a form, and which variables play which role in it."""

    form: str
    roles: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Example:
    """One example query: the question it answers, and the SPARQL that answers it."""

    slug: str
    title: str
    description: str
    query: str
    parameters: tuple[Parameter, ...] = ()
    picture: Picture | None = None
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Title and description in other languages, by language."""

    @property
    def calls(self) -> tuple[str, ...]:
        """The endpoints that it calls by their address, each once.

        >>> Example("a", "What?", "", "ASK { SERVICE <https://dbpedia.org/sparql> {} }").calls
        ('https://dbpedia.org/sparql',)
        """
        return tuple(dict.fromkeys(_SERVICE.findall(self.query)))

    def in_language(self, tag: str) -> Example:
        """Return the example with its words in a language, in English where it has none in it.

        >>> Example("a", "What?", "", "ASK {}", said={"zh": {"title": "什么？"}}).in_language("zh-Hans").title
        '什么？'
        """
        said = self.said.get(tag.partition("-")[0], {})
        return replace(
            self,
            title=said.get("title", self.title),
            description=said.get("description", self.description),
        )

    def asking(self, values: Mapping[str, str]) -> str:
        """Return the query with other values of its parameters, each as SPARQL writes it (``written``)."""
        own = {parameter.name: values.get(parameter.name, parameter.default) for parameter in self.parameters}

        def chosen(match: re.Match[str]) -> str:
            name, value = match[1], match[2]
            return f"VALUES ?{name} {{ {own.get(name, value)} }}"

        return _VALUES.sub(chosen, self.query)


def read(path: Path) -> Example:
    """Read an example; raises ValueError for a header that says what the query does not."""
    head, body = _parted(path.read_text(encoding="utf-8"))
    said: dict[str, dict[str, str]] = {}
    for key, tag, text in re.findall(r"^# (title|description)@([a-z]+): (.+)$", head, re.MULTILINE):
        said.setdefault(tag, {})[key] = text
    own = dict(re.findall(r"^# (title|description|chart): (.+)$", head, re.MULTILINE))
    declared = re.findall(r"^# parameter: (\w+) (\S+)$", head, re.MULTILINE)
    return Example(
        path.stem.partition("-")[2],
        own["title"],
        own.get("description", ""),
        body,
        tuple(_parameter(name, of, body, path) for name, of in declared),
        _picture(own["chart"]) if "chart" in own else None,
        said,
    )


def written(text: str, like: str) -> str:
    r"""Return a reader's value as SPARQL writes it, if it is of the kind of ``like``; raises ValueError.

    >>> written("https://w3id.org/cekg/city/harbin", "city:x"), written(" 2020 ", "1999"), written('"', '"a"')
    ('city:harbin', '2020', '"\\""')
    """
    if like.startswith('"'):
        return _string(text)
    if _NUMBER.fullmatch(like):
        return _number(text.strip())
    return _iri(text.strip())


def iri_of(term: str) -> str:
    """Return the IRI of a name such as ``city:harbin`` or ``<https://…>``; anything else as it is.

    >>> iri_of("city:harbin")
    'https://w3id.org/cekg/city/harbin'
    """
    prefix, _, local = term.partition(":")
    return names.PREFIXES[prefix] + local if prefix in names.PREFIXES else term.strip("<>")


def with_prefixes(query: str) -> str:
    r"""Return a query with the prefixes that it uses declared.

    >>> print(with_prefixes("ASK { ?city a cekg:City }"))
    PREFIX cekg: <https://w3id.org/cekg/ont#>
    <BLANKLINE>
    ASK { ?city a cekg:City }
    """
    used = names.PREFIXES.keys() & set(re.findall(r"(?<![\w-])([a-z][a-z0-9]*):", query))
    declarations = (f"PREFIX {prefix}: <{names.PREFIXES[prefix]}>\n" for prefix in sorted(used))
    return f"{''.join(declarations)}\n{query}"


def is_iri(text: str) -> bool:
    """Tell whether a text can be an absolute IRI (RFC 3987, as far as SPARQL asks for it)."""
    return len(text) <= _LONGEST and bool(_IRI.fullmatch(text))


def _parted(text: str) -> tuple[str, str]:
    """Part the lines of comment that a file opens with from the query."""
    match = re.match(r"(?:#.*\n)*", text)
    head = match[0] if match else ""
    return head, text[len(head) :].lstrip("\n")


def _parameter(name: str, of: str, body: str, path: Path) -> Parameter:
    found = [value for variable, value in _VALUES.findall(body) if variable == name]
    if len(found) != 1:
        raise ValueError(f"{path.name} declares the parameter {name}, and has no one VALUES ?{name} {{ … }}.")
    return Parameter(name, iri_of(of), found[0])


def _picture(text: str) -> Picture:
    """Read ``bars x=billion_yuan y=industry,city``."""
    form, *roles = text.split()
    pairs = (role.partition("=") for role in roles)
    return Picture(form, {name: tuple(variables.split(",")) for name, _, variables in pairs})


_SERVICE = re.compile(r"SERVICE <([^<>]+)>")
_VALUES = re.compile(r'VALUES \?(\w+) \{ ("(?:[^"\\\n]|\\.)*"|[^\s"]+) \}')
"""One variable with one value, on one line."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_IRI = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]+""")
_LONGEST = 500


def _string(text: str) -> str:
    if len(text) > _LONGEST or not text.isprintable():
        raise ValueError(f"is no text of one line and at most {_LONGEST} letters")
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError("is no whole number")
    return text


def _iri(text: str) -> str:
    iri = iri_of(text)
    if not is_iri(iri):
        raise ValueError("is no IRI, and no name such as city:harbin")
    short = names.compact(iri)
    return short if short != iri else f"<{iri}>"
