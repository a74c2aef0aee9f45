"""The example queries and the prefixes as data, where editors and assistants look for them.

The form is SHACL's (5.2.1), as in the SIB's collection of examples. Each query declares the prefixes that it
uses, so that it runs at any endpoint and in any editor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH, XSD

from kg import names
from kg.lift import Triple
from kg.questions import Example

_DATASET = URIRef(names.DATASET)
_FORMS = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
}


def declare_prefixes() -> Iterator[Triple]:
    """Return the prefixes of ``names.PREFIXES`` as declarations of the data set."""
    for prefix, namespace in names.PREFIXES.items():
        declaration = URIRef(names.thing("dataset", f"prefix-{prefix}"))
        yield _DATASET, SH.declare, declaration
        yield declaration, RDF.type, SH.PrefixDeclaration
        yield declaration, SH.prefix, Literal(prefix)
        yield declaration, SH.namespace, Literal(namespace, datatype=XSD.anyURI)


def describe_examples(examples: Iterable[Example]) -> Iterator[Triple]:
    """Return the examples; the comment opens with the question, since assistants read nothing else."""
    for example in examples:
        query = URIRef(names.thing("query", example.slug))
        kind, text = _FORMS[_form(example.query)]
        yield query, RDF.type, SH.SPARQLExecutable
        yield query, RDF.type, kind
        yield query, RDFS.label, Literal(example.title, lang="en")
        if "zh" in example.said:
            yield query, RDFS.label, Literal(example.in_language("zh").title, lang="zh-Hans")
        yield query, RDFS.comment, Literal(f"{example.title} {example.description}".strip(), lang="en")
        yield query, text, Literal(with_prefixes(example.query))
        yield query, SH.prefixes, _DATASET


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


def _form(query: str) -> str:
    r"""Return the form of a query without declarations: its first word that is not in a comment.

    >>> _form("# What?\nselect * {}")
    'SELECT'
    """
    return re.sub(r"(?m)^\s*#.*$", "", query).split(maxsplit=1)[0].upper()
