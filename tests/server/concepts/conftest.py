"""A crowded graph: more figures, places and sources of one concept than a page shows, with hostile texts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import names, snapshot
from server.app import Server, create_app
from server.pages.catalog import Catalog
from server.settings import read_settings

MANY = 60
"""More than the fifty that a page shows."""

_EACH = """
graph:base {{
  city:c{n} a cekg:City, cekg:Place ; rdfs:label "City {n}"@en ; cekg:within country:farland .
  metric:m{n} a cekg:Metric ; rdfs:label "m{n}"@en ; skos:inScheme scheme:many .
  metric:n{n} a cekg:Metric ; rdfs:label "n{n}"@en ; skos:inScheme scheme:many .
}}
graph:news-{n} {{
  source:news-{n} a cekg:Source ; rdfs:label "News {n}"@en ; dcterms:title "News <b>{n}</b>"@en ;
    dcterms:publisher organization:gazette ; dcterms:date "20{n:02}-05-06"^^xsd:date .
  obs:c{n}-turnover a cekg:Observation, cekg:Level ; rdfs:label "City {n}: turnover"@en ;
    cekg:ofCity city:c{n} ; cekg:ofIndustry industry:weaving ; cekg:ofMetric metric:turnover ;
    cekg:value {n}000000.0 ; cekg:unit unit:CCY_CNY ; cekg:year 20{n:02} ;
    cekg:periodStart "20{n:02}-01-01"^^xsd:date ; cekg:periodEnd "20{n:02}-12-31"^^xsd:date ;
    cekg:statedIn source:news-{n} ; cekg:reportedBy organization:gazette .
}}
"""


@pytest.fixture(scope="session")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the crowded graph."""
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.PREFIXES.items())
    alone = (Path(__file__).parent / "crowded.trig").read_text(encoding="utf-8")
    text = prefixes + alone + "".join(_EACH.format(n=n) for n in range(MANY))
    lines = ox.serialize(ox.parse(text, format=ox.RdfFormat.TRIG), format=ox.RdfFormat.N_QUADS)
    root = tmp_path_factory.mktemp("crowded")
    snapshot.publish(root, nquads=b"".join(sorted(lines.splitlines(keepends=True))), files={}, about={})
    return root


@pytest.fixture(scope="session")
def crowded_app(crowded: Path) -> Iterator[Server]:
    app = create_app(read_settings([f"--snapshots={crowded}", "--workers=1"], {}))
    yield app
    app.close()


class CountingCatalog(Catalog):
    """A catalogue that counts the queries that it is asked."""

    asked = 0

    def _query(self, name, bound):
        self.asked += 1
        return super()._query(name, bound)


@pytest.fixture
def counting(crowded: Path, snapshots: Path) -> Callable[[str], CountingCatalog]:
    """A new catalogue that counts, over the crowded graph or over the real one."""
    roots = {"crowded": crowded, "real": snapshots}
    return lambda which: CountingCatalog(snapshot.open_current(roots[which]))
