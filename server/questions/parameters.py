"""What a reader may choose in an example query: the fields of its form, and the values given in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from kg import names
from kg.questions import iri_of, written
from server import errors
from server.pages.parts import Naming

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.questions import Example, Parameter
    from server.pages.catalog import Catalog
    from server.pages.language import Language

_TYPE: Final = names.RDF + "type"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things that a reader may choose."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: a choice among things, or a text or a number to type."""

    name: str
    label: str
    kind: Literal["choice", "number", "text"]
    value: str
    choices: tuple[Choice, ...] = ()


def chosen(
    catalog: Catalog, example: Example, given: Mapping[str, Sequence[str]], language: Language
) -> dict[str, str]:
    """Return the values of an example's parameters as SPARQL writes them: what was given, else the defaults.

    Raises BadRequest for a value of another kind, and for a thing that the graph does not know as one of it.
    """
    found = {}
    for parameter in example.parameters:
        values = [value for value in given.get(parameter.name, ()) if value]
        if len(values) > 1:
            raise errors.BadRequest(
                "%(name)s is given %(times)s times. Give it once.",
                {"name": parameter.name, "times": len(values)},
            )
        found[parameter.name] = (
            _checked(catalog, parameter, values[0], language) if values else parameter.default
        )
    return found


def fields(
    catalog: Catalog, example: Example, values: Mapping[str, str], language: Language
) -> tuple[Field, ...]:
    """Return the fields of the form of an example, with what was chosen in them."""
    naming = Naming(catalog, {each.of for each in example.parameters}, language)
    return tuple(_field(catalog, each, values[each.name], naming) for each in example.parameters)


def _field(catalog: Catalog, parameter: Parameter, value: str, naming: Naming) -> Field:
    label = naming.text(parameter.of)
    label = label[:1].upper() + label[1:]
    if not _is_thing(parameter):
        is_text = value.startswith('"')
        shown = value[1:-1].replace('\\"', '"').replace("\\\\", "\\") if is_text else value
        return Field(parameter.name, label, "text" if is_text else "number", shown)
    choices = _choices(catalog, parameter, naming.language)
    return Field(
        parameter.name,
        label,
        "choice",
        value,
        tuple(Choice(names.compact(iri), text, iri == iri_of(value)) for text, iri in choices),
    )


def _choices(catalog: Catalog, parameter: Parameter, language: Language) -> tuple[tuple[str, str], ...]:
    """Return name and IRI of each thing that may be chosen, by name; worked out once for a language."""

    def named() -> tuple[tuple[str, str], ...]:
        things = _things(catalog, parameter)
        naming = Naming(catalog, things, language)
        return tuple(sorted((naming.text(iri), iri) for iri in things))

    return catalog.once(("choices", parameter.of, language.tag), named, weight=len)


def _checked(catalog: Catalog, parameter: Parameter, text: str, language: Language) -> str:
    try:
        value = written(text, parameter.default)
    except ValueError as error:
        raise errors.BadRequest(
            "The value %(value)s of %(name)s %(why)s.",
            {"value": repr(text[:60]), "name": parameter.name, "why": language.say(str(error))},
        ) from error
    if _is_thing(parameter) and iri_of(value) not in _things(catalog, parameter):
        kind = Naming(catalog, [parameter.of], language).text(parameter.of)
        raise errors.BadRequest(
            "%(value)s is no %(kind)s that the graph knows. Choose one of those in the form of the query.",
            {"value": value[:60], "kind": kind},
        )
    return value


def _things(catalog: Catalog, parameter: Parameter) -> Sequence[str]:
    return catalog.pointing(parameter.of, _TYPE)


def _is_thing(parameter: Parameter) -> bool:
    return ":" in parameter.default and not parameter.default.startswith('"')
