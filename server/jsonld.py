"""JSON-LD as people read it: the engine's expanded form, shortened with our prefixes and nothing else."""

from __future__ import annotations

import json
from typing import Any, Final

from kg import names

_TYPE: Final = names.RDF + "type"


def compact(expanded: bytes) -> bytes:
    """Shorten names to ``prefix:local``, lists of one to their member, plain texts to themselves.

    >>> print(compact(b'[{"@id":"https://w3id.org/cekg/city/harbin"}]').decode())
    {
      "@context": {
        "city": "https://w3id.org/cekg/city/"
      },
      "@graph": [
        {
          "@id": "city:harbin"
        }
      ]
    }
    <BLANKLINE>
    """
    used: set[str] = set()
    graph = [_node(node, used) for node in json.loads(expanded)]
    context = {prefix: names.PREFIXES[prefix] for prefix in sorted(used)}
    document = {"@context": context, "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _node(node: dict[str, Any], used: set[str]) -> dict[str, Any]:
    return dict(_entry(key, value, used) for key, value in node.items())


def _entry(key: str, value: Any, used: set[str]) -> tuple[str, Any]:
    if key == "@id":
        return key, _name(value, used)
    if key == _TYPE:  # the engine writes types like any other property
        return "@type", _single([_name(each["@id"], used) for each in value])
    return _name(key, used), _single([_value(each, used) for each in value])


def _value(value: Any, used: set[str]) -> Any:
    if not isinstance(value, dict):
        return value
    if value.keys() == {"@value"}:
        return value["@value"]
    return {key: _name(each, used) if key in {"@id", "@type"} else each for key, each in value.items()}


def _name(iri: str, used: set[str]) -> str:
    short = names.compact(iri)
    if short != iri:
        used.add(short.partition(":")[0])
    return short


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
