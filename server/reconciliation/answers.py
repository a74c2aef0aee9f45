"""What a client is told, as JSON: the manifest, candidates, suggestions, and values for its table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyoxigraph as ox

from kg import folding, names
from server.pages.parts import Naming
from server.reconciliation import vocabulary
from server.reconciliation.candidates import Candidate, candidates, matches
from server.reconciliation.reading import MOST_QUERIES, Extension, Query
from server.reconciliation.stated import Stated

if TYPE_CHECKING:
    from server.pages.catalog import Catalog, Term
    from server.pages.language import Language
    from server.search.index import Index

Json: TypeAlias = dict[str, Any]

VERSIONS: Final = ("0.2", "1.0-draft")
PREVIEW: Final = (430, 180)
"""Width and height of a preview, in pixels."""


def manifest(base: str, language: Language) -> Json:
    """Return what this service does, for version 0.2 (2.1); ``base`` is the address of this server.

    The members of 1.0-draft that mean nothing else in 0.2 stand beside them.
    """
    here = f"{base}/reconcile"
    suggest = {what: {"service_url": here, "service_path": f"/suggest/{what}"} for what in _SUGGESTED}
    return {
        **_manifest(base, language),
        "identifierSpace": names.BASE,
        "schemaSpace": names.CEKG,
        "view": {"url": f"{base}/resolve?iri={names.BASE}{{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", **_size()},
        "suggest": suggest,
        "extend": {
            "proposeProperties": True,
            "propose_properties": {"service_url": here, "service_path": "/extend/propose"},
            "property_settings": [],
        },
    }


def manifest_of_draft(base: str, language: Language) -> Json:
    """Return what this service does, for version 1.0-draft."""
    return {
        **_manifest(base, language),
        "lang": language.tag,
        "view": {"url": f"{base}/{{+id}}"},
        "preview": _size(),
        "suggest": dict.fromkeys(_SUGGESTED, True),
        "extend": {"proposeProperties": True, "propertySettings": []},
    }


def results(queries: Sequence[Query], catalog: Catalog, index: Index, language: Language) -> list[list[Json]]:
    """Return the candidates for each query, the likeliest first."""
    stated = Stated(catalog)
    ranked = [candidates(each, catalog, index, stated) for each in queries]
    shown = [found[: query.limit] for query, found in zip(queries, ranked, strict=True)]
    naming = Naming(catalog, {each.iri for found in shown for each in found}, language)
    titles = vocabulary.type_names(language)
    features = {**vocabulary.property_names(language), **feature_names(language)}
    answers = []
    for query, found, some in zip(queries, ranked, shown, strict=True):
        is_match = matches(found)
        members = [
            {
                **_entity(each.iri, naming, stated),
                "type": [_type(each.iri, titles)],
                "score": each.score,
                "match": is_match and place == 0,
                "features": list(_features(each, query, features)),
            }
            for place, each in enumerate(some)
        ]
        answers.append(members)
    return answers


def suggested_entities(found: Iterable[str], catalog: Catalog, language: Language) -> Json:
    """Return things as suggestions."""
    iris, stated, titles = list(found), Stated(catalog), vocabulary.type_names(language)
    naming = Naming(catalog, iris, language)
    return {"result": [{**_entity(iri, naming, stated), "notable": [_type(iri, titles)]} for iri in iris]}


def suggested_types(prefix: str, language: Language, also: Language) -> list[Json]:
    """Return the types with a name or id like what was typed; all for nothing."""
    titles, others = vocabulary.type_names(language), vocabulary.type_names(also)
    return [_type_with_broader(id_, titles) for id_ in _like(prefix, titles, others)]


def suggested_properties(prefix: str, language: Language, also: Language) -> list[Json]:
    """Return the properties with a name or id like what was typed; all for nothing."""
    titles, others = vocabulary.property_names(language), vocabulary.property_names(also)
    return [{"id": id_, "name": titles[id_]} for id_ in _like(prefix, titles, others)]


def proposed(type_: str, limit: int | None, language: Language) -> Json:
    """Return the properties that things of a type have."""
    kinds = set(vocabulary.kinds_of([vocabulary.type_of(type_)] if type_ else []))
    titles = vocabulary.property_names(language)
    found = [each.id for each in vocabulary.PROPERTIES.values() if each.kinds & kinds]
    properties = [{"id": id_, "name": titles[id_]} for id_ in found[:limit]]
    return {"type": type_, "properties": properties, **({"limit": limit} if limit is not None else {})}


def extended(asked: Extension, catalog: Catalog, language: Language) -> Json:
    """Return values for a table, as version 0.2 has them: a row for each id, empty for what is no entity."""
    found = _values(asked, Stated(catalog))
    naming = Naming(catalog, {iri for terms in found.values() for iri in _iris(terms)}, language)
    rows = {
        id_: {
            each.id: [_cell(term, naming, each.id) for term in found[id_, each.id]]
            for each in asked.properties
        }
        for id_ in asked.ids
    }
    return {"meta": _meta(asked, language), "rows": rows}


def extended_of_draft(asked: Extension, catalog: Catalog, language: Language) -> Json:
    """Return values for a table, as version 1.0-draft has them."""
    answer = extended(asked, catalog, language)
    rows = [
        {"id": id_, "properties": [{"id": name, "values": values} for name, values in row.items()]}
        for id_, row in answer["rows"].items()
    ]
    return {"meta": answer["meta"], "rows": rows}


def feature_names(language: Language) -> dict[str, str]:
    """Return what each feature of a candidate is called."""
    return {
        "name_similarity": language.say("How alike the names are, 0 to 100"),
        "exact_name": language.say("It is called exactly so"),
        "type_match": language.say("It is of the type"),
        "property_match": language.say("The part of the properties that fit, 0 to 100"),
    }


def _manifest(base: str, language: Language) -> Json:
    titles = vocabulary.type_names(language)
    return {
        "versions": list(VERSIONS),
        "name": language.say("City Economy Knowledge Graph"),
        "logo": f"{base}/static/icon.svg",
        "defaultTypes": [{"id": each, "name": titles[each]} for each in vocabulary.TYPES],
        "batchSize": MOST_QUERIES,
        "standardizedScore": True,
    }


def _size() -> Json:
    width, height = PREVIEW
    return {"width": width, "height": height}


def _entity(iri: str, naming: Naming, stated: Stated) -> Json:
    label, description = naming.label(iri), stated.definition(iri, naming.language.tag)
    return {
        "id": vocabulary.id_of(iri),
        "name": naming.text(iri),
        **({"description": description} if description else {}),
        **({"lang": label.language} if label and label.language else {}),
    }


def _type(iri: str, titles: Mapping[str, str]) -> Json:
    id_ = vocabulary.type_of_kind(vocabulary.kind_of(iri)).id
    return {"id": id_, "name": titles[id_]}


def _type_with_broader(id_: str, titles: Mapping[str, str]) -> Json:
    broader = vocabulary.TYPES[id_].broader
    member = {"id": id_, "name": titles[id_]}
    return {**member, "broader": [{"id": broader, "name": titles[broader]}]} if broader else member


def _features(candidate: Candidate, query: Query, titles: Mapping[str, str]) -> Iterable[Json]:
    values: dict[str, bool | float] = {"name_similarity": candidate.alike, "exact_name": candidate.slips == 0}
    if query.types:
        values["type_match"] = True  # things of other types are no candidates
    if candidate.fitting:
        values["property_match"] = round(100 * candidate.fit, 1)
    yield from ({"id": id_, "name": titles[id_], "value": value} for id_, value in values.items())
    for id_, fits in candidate.fitting:
        yield {"id": f"property_match:{id_}", "name": titles[id_], "value": fits}


def _like(prefix: str, titles: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    typed = folding.key(prefix.removeprefix(names.CEKG))
    named = {id_: [folding.key(each) for each in (id_, title, others[id_])] for id_, title in titles.items()}
    if prefix and not typed:
        return []
    found = [id_ for id_, keys in named.items() if any(typed in key for key in keys)]
    return sorted(found, key=lambda id_: not any(key.startswith(typed) for key in named[id_]))


def _values(asked: Extension, stated: Stated) -> dict[tuple[str, str], list[Term]]:
    entities = {id_: vocabulary.entity(id_) for id_ in asked.ids}
    return {
        (id_, each.id): stated.values(iri, each) if iri else []
        for id_, iri in entities.items()
        for each in asked.properties
    }


def _iris(terms: Iterable[Term]) -> Iterable[str]:
    return (each.value for each in terms if isinstance(each, ox.NamedNode))


def _cell(term: Term, naming: Naming, property_: str) -> Json:
    """Return a value: a thing that can be reconciled with, a number, a day or a text."""
    if isinstance(term, ox.NamedNode):
        if vocabulary.entity(term.value):
            return {"id": vocabulary.id_of(term.value), "name": naming.text(term.value)}
        label = naming.label(term.value) if property_ not in vocabulary.ELSEWHERE else None
        return {"str": label.text if label else term.value}
    if not isinstance(term, ox.Literal):
        return {"str": str(term)}
    form, read = _TYPED.get(term.datatype.value, ("str", str))
    return {form: read(term.value)}


_TYPED: Final[dict[str, tuple[str, Callable[[str], object]]]] = {
    names.XSD + "date": ("date", str),
    names.XSD + "decimal": ("float", float),
    names.XSD + "integer": ("int", int),
}
"""How values that are no text are written, so that a table can sort them."""


def _meta(asked: Extension, language: Language) -> list[Json]:
    titles = vocabulary.property_names(language)
    return [{"id": each.id, "name": titles[each.id]} for each in asked.properties]


_SUGGESTED: Final = ("entity", "property", "type")
