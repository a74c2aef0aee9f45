"""How a program asks the endpoint: the same small query in the tools that people use, ready to copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

QUERY: Final = """SELECT ?label ?value WHERE {
  ?figure a cekg:Level ; rdfs:label ?label ; cekg:value ?value .
}
ORDER BY DESC(?value)"""
"""What all samples ask; our prefixes need no declaration at our endpoint."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A tool, and what to give it."""

    slug: str
    tool: str
    code: str


def samples(endpoint: str) -> tuple[Sample, ...]:
    """Return the samples for the endpoint at an address.

    >>> print(samples("http://localhost:8000/sparql")[0].code.splitlines()[0])
    curl http://localhost:8000/sparql -H 'Accept: text/csv' --data-urlencode 'query=
    """
    address = f"{endpoint}?query={quote(' '.join(QUERY.split()))}&format=csv"
    return (
        Sample("curl", "curl", _CURL.format(endpoint=endpoint, query=QUERY)),
        Sample("python", "Python", _PYTHON.format(endpoint=endpoint, query=QUERY)),
        Sample("r", "R", _R.format(endpoint=endpoint, query=QUERY)),
        Sample("javascript", "JavaScript", _JAVASCRIPT.format(endpoint=endpoint, query=QUERY)),
        Sample("google-sheets", "Google Sheets", f'=IMPORTDATA("{address}")'),
        Sample("power-query", "Excel (Power Query)", _POWER_QUERY.format(address=address)),
    )


_CURL: Final = """curl {endpoint} -H 'Accept: text/csv' --data-urlencode 'query=
{query}'"""

_PYTHON: Final = '''# pip install pandas
import pandas
from urllib.parse import urlencode

query = """
{query}
"""
address = "{endpoint}?" + urlencode({{"query": query, "format": "csv"}})
print(pandas.read_csv(address))'''

_R: Final = """query <- "
{query}
"
address <- paste0("{endpoint}?format=csv&query=", URLencode(query, reserved = TRUE))
read.csv(address)"""

_JAVASCRIPT: Final = """const query = `
{query}
`;
const address = "{endpoint}?" + new URLSearchParams({{ query }});
const answer = await fetch(address, {{ headers: {{ Accept: "application/sparql-results+json" }} }});
for (const row of (await answer.json()).results.bindings) {{
  console.log(row.label.value, row.value.value);
}}"""

_POWER_QUERY: Final = """let
  Source = Csv.Document(Web.Contents("{address}"), [Encoding = 65001]),
  Table = Table.PromoteHeaders(Source)
in
  Table"""
