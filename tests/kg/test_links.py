"""A link says what it links, how, and how we know."""

import pytest
from rdflib import URIRef
from rdflib.namespace import OWL, RDFS

from kg import names
from kg.faults import DataFault
from kg.links import COLUMNS, lift_links, read_links

ROW = ("city:harbin", "owl:sameAs", "http://a.example/1", "Harbin", "semapv:ManualMappingCuration", "It is.")


@pytest.fixture
def read(tmp_path):
    def write(*rows, head=COLUMNS, comment="#license: x\n"):
        path = tmp_path / "links.sssom.tsv"
        lines = ["\t".join(row) + "\n" for row in (head, *rows)]
        path.write_text(comment + "".join(lines), encoding="utf-8")
        return read_links(path)

    return write


def test_a_row_is_a_triple_and_a_label(read):
    (link,) = read(ROW)
    assert link.subject == names.thing("city", "harbin")
    other = URIRef("http://a.example/1")
    assert [t[:2] for t in lift_links([link])] == [(URIRef(link.subject), OWL.sameAs), (other, RDFS.label)]
    assert len(list(lift_links(read((*ROW[:3], "", *ROW[4:]))))) == 1


def changed(column, text):
    return tuple(text if name == column else cell for name, cell in zip(COLUMNS, ROW, strict=True))


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        ([ROW[:5]], 3, "A row should have 6 cells parted by tabs; this one has 5."),
        ([(*ROW, "more")], 3, "this one has 7"),
        ([()], 3, "this one has"),
        ([changed("subject_id", "harbin")], 3, "“harbin” should be an IRI"),
        ([changed("object_id", "http://a b")], 3, "“http://a b” should be an IRI"),
        ([changed("object_id", "javascript:x")], 3, "should be an IRI"),
        ([changed("predicate_id", "owl:sameas")], 3, "Did you mean “owl:sameAs”?"),
        ([changed("mapping_justification", "x")], 3, "should be a term of semapv"),
        ([changed("comment", " ")], 3, "A link needs its evidence"),
        ([ROW, ROW], 4, "The same link stands on line 3."),
    ],
)
def test_a_row_that_is_no_link_is_refused_with_its_line(read, rows, line, message):
    with pytest.raises(DataFault) as fault:
        read(*rows)
    assert [p.line for p in fault.value.problems if message in p.message] == [line], str(fault.value)


def test_all_rows_that_are_wrong_are_named_at_once(read):
    with pytest.raises(DataFault) as fault:
        read(changed("comment", ""), ROW, changed("predicate_id", "x"))
    assert [problem.line for problem in fault.value.problems] == [3, 5]


def test_a_quotation_mark_is_a_character_like_any_other(read):
    links = read(changed("comment", '"The item'), changed("object_label", '"a" b'))
    assert (links[0].evidence, links[1].label) == ('"The item', '"a" b')


@pytest.mark.parametrize("content", [b"", b"#only\n", b"a\tb\n", b"\xff\n", b"\n\n"])
def test_a_file_that_is_no_table_is_a_fault(tmp_path, content):
    path = tmp_path / "x.sssom.tsv"
    path.write_bytes(content)
    with pytest.raises(DataFault):
        read_links(path)
    with pytest.raises(DataFault, match="cannot be read"):
        read_links(tmp_path / "none.tsv")


def test_every_real_link_has_its_evidence(folders):
    links = [link for path in (folders.data / "links").glob("*.sssom.tsv") for link in read_links(path)]
    assert links
    assert all(link.evidence.endswith(".") for link in links)
