"""Candidates from a reconciliation service: it is asked for each name of a thing (Reconciliation API 0.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from kg.linking.asking import Asker, Misread, NotAnswered, Question, shown
from kg.linking.candidates import MOST, Candidate, Found
from kg.linking.datasets import DataSet
from kg.linking.things import Name, Thing

_LIMIT: Final = 10
_AT_ONCE: Final = 10
"""How many queries go together where a service does not say how many may."""


def find(thing: Thing, data_set: DataSet, address: str, asker: Asker) -> Found:
    """Ask a service for the candidates for a thing, all its names at once.

    Raises NotAnswered, also when the service names things of another data set, or NotCached.
    """
    space, at_once = asker.ask(Question(address), _manifest)
    if space != data_set.space:
        said = f"{address} names things of {shown(space)}, and not of {data_set.prefix} ({data_set.space})."
        raise NotAnswered(f"{said} Say which data set that is: --data-set prefix={shown(space)}")
    texts = list(dict.fromkeys(name.text for name in thing.names))
    found: list[Candidate] = []
    for start in range(0, len(texts), at_once):
        queries = {
            f"q{n}": {"query": text, "limit": _LIMIT} for n, text in enumerate(texts[start:][:at_once])
        }
        form = {"queries": json.dumps(queries, ensure_ascii=False)}
        found += asker.ask(Question(address, form), partial(_candidates, queries=list(queries), space=space))
    best = _merged(found)
    return Found(tuple(best[:MOST]), len(best))


def _manifest(body: bytes) -> tuple[str, int]:
    """Return the namespace of the ids, and how many queries may be asked at once (2.1).

    Raises Misread for what is no manifest.
    """
    said = _object(_json(body))
    space, at_once = said.get("identifierSpace"), said.get("batchSize", _AT_ONCE)
    if not isinstance(space, str) or "://" not in space:
        raise Misread("there is no identifierSpace, as the manifest of a reconciliation service has one")
    return space, max(1, at_once) if isinstance(at_once, int) else _AT_ONCE


def _candidates(body: bytes, queries: Iterable[str], space: str) -> list[Candidate]:
    """Return the candidates of all results (2.3); raises Misread for anything else."""
    answer, found = _object(_json(body)), list[Candidate]()
    for query in queries:
        results = _object(answer.get(query)).get("result")
        if not isinstance(results, list):
            raise Misread(f"there is no result for {query}")
        found += [_candidate(_object(each), space) for each in results]
    return found


def _candidate(said: Mapping[str, Any], space: str) -> Candidate:
    id_, name, score = said.get("id"), said.get("name"), said.get("score", 0)
    if not isinstance(id_, str) or not isinstance(name, str) or not isinstance(score, int | float):
        raise Misread("a candidate has no id, no name, or no number as its score")
    types = said.get("type") or []
    return Candidate(
        space + id_,
        (Name(name, str(said.get("lang") or "").lower()),),
        description=str(said.get("description") or ""),
        types=tuple(_type(each) for each in (types if isinstance(types, list) else [types])),
        score=float(min(100, max(0, score))),
        is_match=said.get("match") is True,
    )


def _type(given: Any) -> str:
    return str(given.get("name") or given.get("id")) if isinstance(given, dict) else str(given)


def _merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return each candidate once, as it did best, with all names that it was given; the best first."""
    found: dict[str, Candidate] = {}
    for each in candidates:
        one = found.setdefault(each.iri, each)
        best = max(one, each, key=lambda candidate: candidate.score or 0.0)
        found[each.iri] = replace(
            best,
            names=tuple(dict.fromkeys((*one.names, *each.names))),
            is_match=one.is_match or each.is_match,
        )
    return sorted(found.values(), key=lambda each: (-(each.score or 0.0), each.iri))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Misread(f"it is not JSON ({error})") from error


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Misread("it is JSON, but not of the form that the API has")
    return value
