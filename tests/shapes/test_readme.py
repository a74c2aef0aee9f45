"""What ``shapes/README.md`` says is so."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from rdflib import Graph

from kg import gate, resources

from .table import tables

README = (resources.shapes() / "README.md").read_text(encoding="utf-8")
BLOCKS = [
    textwrap.dedent(block)
    for block in re.findall(r"^ *```turtle\n(.*?)^ *```$", README, re.DOTALL | re.MULTILINE)
]


def test_the_table_is_that_of_the_files() -> None:
    assert README.endswith(tables(resources.shapes())), "`python tests/shapes/table.py` prints the table anew"


def test_the_shape_that_is_explained_is_one_of_ours() -> None:
    words = re.sub(r" +#.*", "", BLOCKS[0]).split()
    assert " ".join(words) in " ".join((resources.shapes() / "quote.ttl").read_text(encoding="utf-8").split())


def test_the_rule_that_is_added_finds_the_data_that_break_it(tmp_path: Path) -> None:
    (tmp_path / "rank.ttl").write_text(BLOCKS[1], encoding="utf-8")
    shapes = gate.load_shapes([tmp_path / "rank.ttl", resources.shapes() / "prefixes.ttl"])
    (finding,) = gate.check(Graph().parse(data=BLOCKS[2], format="turtle"), shapes).findings
    assert finding.rule == "rank-has-no-year-ahead"
    assert finding.message == (
        "The rank https://w3id.org/cekg/obs/first should not be for 2022, "
        "which lies ahead of its source of 2021-03-01."
    )
