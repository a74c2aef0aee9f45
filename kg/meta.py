"""The graph about the graph: what the data set is, its licence, and from what it was built (PROV-O)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, VOID, Namespace

import kg
from kg import dcat, names, void
from kg.examples import declare_prefixes, describe_examples
from kg.lift import Triple
from kg.resources import Example
from kg.sources import Source

_TITLES = {
    "en": "City Economy Knowledge Graph",
    "zh-Hans": "城市经济知识图谱",
}
_DESCRIPTIONS = {
    "en": "What sources say about the economies of cities: every number leads to the sentence that says it.",
    "zh-Hans": "资料来源对城市经济的记述：每个数字都指向陈述它的原句。",
}
_COUNTED = "The counts are those of the merge of all graphs but graph:meta, in which they stand."


def describe(
    sources: Iterable[Source],
    inputs: Mapping[str, str],
    graphs: Mapping[str, Graph],
    examples: Iterable[Example],
    terms: Iterable[Triple] = (),
) -> set[Triple]:
    """Return the description of the data set.

    ``inputs`` are files and their SHA-256, ``graphs`` the other graphs by slug; ``terms`` say on which terms
    those graphs may be used that hold data of others.
    """
    dataset = URIRef(names.DATASET)
    stated = {slug: cast("set[Triple]", set(graph)) for slug, graph in graphs.items()}  # no blank nodes
    found = {
        *_dataset(dataset, list(sources)),
        *_build(dataset, inputs),
        *_graphs(dataset, graphs),
        *dcat.describe(set().union(*stated.values())),
        *void.statistics(stated),
        *declare_prefixes(),
        *describe_examples(examples),
        *terms,
    }
    return found | _counts_of_all(found, set().union(*stated.values()))


def _graphs(dataset: URIRef, graphs: Iterable[str]) -> Iterator[Triple]:
    """Describe the graphs as a service does (SPARQL 1.1 Service Description, 3.2.9 and 3.4.19)."""
    everything = URIRef(names.DEFAULT_GRAPH)
    yield everything, RDF.type, _SD.Graph
    yield everything, RDF.type, VOID.Dataset
    for label in _labels("Everything: the merge of all graphs", "全部内容：所有图的合并"):
        yield everything, RDFS.label, label
    yield everything, VOID.subset, dataset
    yield everything, VOID.subset, URIRef(names.graph("meta"))
    for slug in (*graphs, "meta"):
        graph = URIRef(names.graph(slug))
        for kind in (PROV.Entity, VOID.Dataset, _SD.Graph, _SD.NamedGraph):
            yield graph, RDF.type, kind
        for label in _labels(*_GRAPHS.get(slug, (f"What {slug} states", f"{slug} 所述内容"))):
            yield graph, RDFS.label, label
        yield graph, DCTERMS.isPartOf, dataset
        yield graph, _SD.name, graph
        yield graph, _SD.graph, graph
        if slug != "meta":
            yield dataset, VOID.subset, graph


def _counts_of_all(meta: set[Triple], others: set[Triple]) -> set[Triple]:
    """Count the graph of the description and the merge of all, these two counts included."""
    counts = {names.graph("meta"): len(meta), names.DEFAULT_GRAPH: len(meta | others)}
    return {(URIRef(it), VOID.triples, Literal(count + len(counts))) for it, count in counts.items()}


_SD = Namespace(names.SD)
_GRAPHS = {
    "base": (
        "Places, industries, metrics, policies, organisations and units",
        "地点、产业、指标、政策、机构与单位",
    ),
    "ontology": ("The ontology and its alignments", "本体及其与其他词汇表的对应"),
    "links": ("Links to other data sets", "与其他数据集的关联"),
    "reference": (
        "Reference data: codes, coordinates and countries of places, codes of currencies",
        "参考数据：地点的代码、坐标与所属国家，货币代码",
    ),
    "meta": ("The description of the data set", "数据集的描述"),
}


def _dataset(dataset: URIRef, sources: list[Source]) -> Iterator[Triple]:
    yield dataset, RDF.type, VOID.Dataset
    yield dataset, RDF.type, URIRef(names.SCHEMA + "Dataset")
    for predicate, texts in (
        (RDFS.label, _TITLES),
        (DCTERMS.title, _TITLES),
        (DCTERMS.description, _DESCRIPTIONS),
    ):
        for language, text in texts.items():
            yield dataset, predicate, Literal(text, lang=language)
    yield dataset, DCTERMS.license, URIRef(names.CC_BY)
    yield dataset, RDFS.comment, _english(_COUNTED)
    yield dataset, VOID.uriSpace, Literal(names.BASE)
    for source in sources:
        yield dataset, DCTERMS.source, URIRef(source.iri)


def _build(dataset: URIRef, inputs: Mapping[str, str]) -> Iterator[Triple]:
    build, software = (
        URIRef(names.thing("dataset", "build")),
        URIRef(names.thing("dataset", "software")),
    )
    yield dataset, RDF.type, PROV.Entity
    yield dataset, PROV.wasGeneratedBy, build
    yield build, RDF.type, PROV.Activity
    for label in _labels("The build of the data set", "数据集的构建"):
        yield build, RDFS.label, label
    yield build, PROV.wasAssociatedWith, software
    yield software, RDF.type, PROV.SoftwareAgent
    yield software, RDFS.label, _english("city-economy-kg")
    yield software, DCTERMS.license, URIRef(names.APACHE)
    yield software, URIRef(names.SCHEMA + "softwareVersion"), Literal(kg.__version__)
    for file, digest in sorted(inputs.items()):
        used = URIRef(names.thing("dataset", f"file-{names.slugify(file)}"))
        yield build, PROV.used, used
        yield used, RDF.type, PROV.Entity
        yield used, RDFS.label, _english(file)
        yield used, _SHA256, Literal(digest)


_SHA256 = URIRef(names.SCHEMA + "sha256")


def _labels(english: str, chinese: str) -> tuple[Literal, Literal]:
    return _english(english), Literal(chinese, lang="zh-Hans")


def _english(text: str) -> Literal:
    return Literal(text, lang="en")
