"""A link says what it links, how, and how we know."""

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, XSD

from kg import names
from kg.faults import DataFault
from kg.links import COLUMNS, lift_links, read_folder, read_links

HEAD = """#mapping_set_id: https://a.example/links
#mapping_set_title: Links
#mapping_set_description: Links of a test
#license: https://a.example/license
#curie_map:
#  a: http://a.example/
#  b: http://b.example/
#  city: https://w3id.org/cekg/city/
#  organization: https://w3id.org/cekg/organization/
"""
FIRST = HEAD.count("\n") + 2
ROW = (
    "city:harbin",
    "Harbin",
    "owl:sameAs",
    "a:1",
    "Harbin",
    "semapv:ManualMappingCuration",
    "0.9",
    "2021-03-30",
    "organization:authors",
    "",
    "It is.",
)


def table(*rows, columns=COLUMNS, head=HEAD):
    return head + "".join("\t".join(row) + "\n" for row in (columns, *rows))


@pytest.fixture
def read(tmp_path):
    def write(*rows, **parts):
        path = tmp_path / "links.sssom.tsv"
        path.write_text(table(*rows, **parts), encoding="utf-8")
        return read_links(path)

    return write


@pytest.fixture
def refused(read):
    """The problems of a table, as line and message."""

    def problems(*rows, **parts):
        with pytest.raises(DataFault) as fault:
            read(*rows, **parts)
        return [(problem.line, problem.message) for problem in fault.value.problems]

    return problems


def changed(*pairs):
    cells = dict(zip(COLUMNS, ROW, strict=True)) | dict(zip(pairs[::2], pairs[1::2], strict=True))
    return tuple(cells.values())


def graph_of(links):
    graph = Graph()
    for triple in lift_links([links]):
        graph.add(triple)
    return graph


def test_a_row_is_a_triple_and_a_label(read):
    graph = graph_of(read(ROW))
    harbin, other = URIRef(names.thing("city", "harbin")), URIRef("http://a.example/1")
    assert list(graph.predicate_objects(harbin)) == [(OWL.sameAs, other)]
    assert list(graph.predicate_objects(other)) == [(RDFS.label, Literal("Harbin", lang="en"))]


def test_a_link_leads_to_its_evidence_by_names_alone(read):
    graph = graph_of(read(changed("reviewer_id", "organization:reviewers")))
    it, said = URIRef(names.thing("mapping", "city-harbin-a-1")), names.SSSOM
    assert set(graph.predicate_objects(it)) == {
        (RDF.type, OWL.Axiom),
        (RDFS.label, Literal("Harbin owl:sameAs a:1", lang="en")),
        (OWL.annotatedSource, URIRef(names.thing("city", "harbin"))),
        (OWL.annotatedProperty, OWL.sameAs),
        (OWL.annotatedTarget, URIRef("http://a.example/1")),
        (URIRef(said + "subject_label"), Literal("Harbin")),
        (URIRef(said + "object_label"), Literal("Harbin")),
        (URIRef(said + "mapping_justification"), URIRef(names.SEMAPV + "ManualMappingCuration")),
        (URIRef(said + "confidence"), Literal("0.9", datatype=XSD.decimal)),
        (URIRef(said + "reviewer_id"), URIRef(names.thing("organization", "reviewers"))),
        (URIRef(names.PAV + "authoredBy"), URIRef(names.thing("organization", "authors"))),
        (URIRef(names.PAV + "authoredOn"), Literal("2021-03-30", datatype=XSD.date)),
        (RDFS.comment, Literal("It is.", lang="en")),
    }
    whole = URIRef("https://a.example/links")
    assert set(graph.objects(whole, URIRef(said + "mappings"))) == {it}
    assert (whole, RDF.type, URIRef(said + "MappingSet")) in graph
    assert all(isinstance(node, URIRef | Literal) for triple in graph for node in triple)


def test_a_reviewer_is_stated_only_where_there_is_one(read):
    assert not list(graph_of(read(ROW)).subject_objects(URIRef(names.SSSOM + "reviewer_id")))


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        ([ROW[:5]], 0, "A row should have 11 cells parted by tabs; this one has 5."),
        ([(*ROW, "more")], 0, "this one has 12"),
        ([()], 0, "this one has 1"),
        ([changed("subject_id", "harbin")], 0, "subject_id should be a name with a prefix"),
        ([changed("object_id", "http://a.example/1")], 0, "object_id should be a name with a prefix"),
        ([changed("object_id", "javascript:x")], 0, "The prefix of “javascript:x” is not in curie_map."),
        ([changed("object_id", "citi:x")], 0, "Did you mean “city”?"),
        ([changed("object_id", "a:1 2")], 0, "“a:1 2” makes no IRI: http://a.example/1 2"),
        ([changed("object_id", "a:<x>")], 0, "makes no IRI"),
        ([changed("object_id", "a:哈")], 0, "makes no IRI"),
        ([changed("predicate_id", "owl:sameas")], 0, "Did you mean “owl:sameAs”?"),
        ([changed("predicate_id", "rdfs:seeAlso")], 0, "“rdfs:seeAlso” is no predicate for links."),
        ([changed("mapping_justification", "x")], 0, "should be a term of semapv"),
        ([changed("confidence", "1.5")], 0, "confidence should be a number from 0 to 1"),
        ([changed("confidence", "high")], 0, "and not “high”"),
        ([changed("mapping_date", "30 March 2021")], 0, "mapping_date should be a date"),
        ([changed("mapping_date", "2021-02-30")], 0, "and not “2021-02-30”"),
        ([changed("author_id", "")], 0, "The cell of author_id should not be empty"),
        ([changed("subject_label", " Harbin")], 0, "nor begin or end with a space"),
        ([changed("comment", "It\u2028is.")], 0, "comment holds a character that cannot be seen: U+2028"),
        ([changed("object_label", "Har\u202ebin")], 0, "object_label holds a character that cannot be seen"),
        ([changed("object_label", "Harbin\x0b")], 0, "object_label holds a character that cannot be seen"),
        ([changed("comment", "")], 0, "A link needs its evidence"),
        ([changed("comment", " ")], 0, "A link needs its evidence"),
        ([ROW, ROW], 1, f"The same link stands on line {FIRST}: keep one of the two."),
        (
            [ROW, changed("predicate_id", "skos:closeMatch")],
            1,
            f"city:harbin is linked to a:1 by skos:closeMatch here and by owl:sameAs (line {FIRST})",
        ),
        (
            [ROW, changed("object_id", "a:2")],
            1,
            f"city:harbin cannot be the same as a:2 and as a:1 (line {FIRST}): keep the right one.",
        ),
        (
            [ROW, changed("subject_id", "city:jixi")],
            1,
            f"a:1 cannot be the same as city:jixi and as city:harbin (line {FIRST})",
        ),
        (
            [changed("object_id", "a:A_b"), changed("object_id", "a:a.B", "predicate_id", "skos:closeMatch")],
            1,
            "differ in capitals or signs only",
        ),
    ],
)
def test_a_row_that_is_no_link_is_refused_with_its_line(refused, rows, line, message):
    assert [at for at, said in refused(*rows) if message in said] == [FIRST + line], refused(*rows)


def test_a_thing_may_be_the_same_as_one_of_each_data_set_and_near_to_many(read):
    near = [changed("object_id", f"a:{n}", "predicate_id", "skos:closeMatch") for n in (2, 3)]
    assert len(read(ROW, changed("object_id", "b:1"), *near).links) == 4


def test_all_rows_that_are_wrong_are_named_at_once(refused):
    problems = refused(changed("comment", ""), ROW, changed("predicate_id", "x", "confidence", "x"))
    assert [line for line, _ in problems] == [FIRST, FIRST + 2, FIRST + 2]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("#license: https://a.example/license\n", "", 1, "The key “license” is missing."),
        ("#license:", "#licence:", 4, "Did you mean “license”?"),
        ("https://a.example/license", "CC BY", 4, "“CC BY” should be an IRI"),
        ("http://a.example/", "a.example", 6, "“a.example” should be an IRI"),
        ("https://w3id.org/cekg/city/", "http://c.example/", 8, "The prefix “city” stands for https://w3id"),
        ("#  b:", "#  a:", 7, "The key “a” comes twice."),
        ("#curie_map:", "#curie_map: [", 7, "This is not YAML"),
        (HEAD, "", 1, "The table should begin with # and YAML"),
        ("subject_label\t", "", 10, "The columns should be subject_id, subject_label, predicate_id"),
        ("subject_id", "Subject_id", 10, "The columns should be"),
    ],
)
def test_a_head_that_is_wrong_is_refused_with_its_line(tmp_path, old, new, line, message):
    path = tmp_path / "links.sssom.tsv"
    path.write_text(table(ROW).replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFault) as fault:
        read_links(path)
    assert [p.line for p in fault.value.problems if message in p.message] == [line], str(fault.value)


def test_a_spreadsheet_may_put_its_mark_before_the_table(read, tmp_path):
    path = tmp_path / "links.sssom.tsv"
    path.write_bytes(b"\xef\xbb\xbf" + table(ROW).replace("\n", "\r\n").encode())
    assert read_links(path) == read(ROW)


def test_two_tables_may_not_contradict_each_other(tmp_path):
    (tmp_path / "one.sssom.tsv").write_text(table(ROW), encoding="utf-8")
    (tmp_path / "two.sssom.tsv").write_text(table(changed("object_id", "a:2")), encoding="utf-8")
    with pytest.raises(DataFault, match=f"and as a:1 \\(line {FIRST} of one.sssom.tsv\\)") as fault:
        read_folder(tmp_path)
    assert [problem.file for problem in fault.value.problems] == [str(tmp_path / "two.sssom.tsv")]


def test_the_problems_of_all_tables_come_in_one_go(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.sssom.tsv").write_text(table(changed("comment", "")), encoding="utf-8")
    with pytest.raises(DataFault) as fault:
        read_folder(tmp_path)
    assert len(fault.value.problems) == 2
    assert read_folder(tmp_path / "none") == []


def test_a_quotation_mark_is_a_character_like_any_other(read):
    one, other = read(
        changed("comment", '"The item'), changed("object_label", '"a" b', "object_id", "b:1")
    ).links
    assert (one.evidence, other.object_label) == ('"The item', '"a" b')


@pytest.mark.parametrize("content", [b"", b"#only\n", b"a\tb\n", b"\xff\n", b"\n\n", b"#a: *x\n", b"#- a\n"])
def test_a_file_that_is_no_table_is_a_fault(tmp_path, content):
    path = tmp_path / "x.sssom.tsv"
    path.write_bytes(content)
    with pytest.raises(DataFault):
        read_links(path)
    with pytest.raises(DataFault, match="cannot be read"):
        read_links(tmp_path / "none.tsv")


def test_every_identifier_that_was_verified_is_linked(folders):
    linked = {
        (link.subject.curie, link.object.curie)
        for each in read_folder(folders.data / "links")
        for link in each.links
    }
    assert linked >= {
        ("city:harbin", "wikidata:Q42956"),
        ("region:heilongjiang", "wikidata:Q19206"),
        ("country:china", "wikidata:Q148"),
        ("unit:CCY_CNY", "wikidata:Q39099"),
        ("unit:CCY_USD", "wikidata:Q4917"),
        ("metric:data-centers", "wikidata:Q671224"),
        ("industry:biomedicine", "wikidata:Q507443"),
        ("industry:culture-tourism", "wikidata:Q49389"),
        ("industry:finance", "wikidata:Q837171"),
        ("industry:logistics", "wikidata:Q177777"),
        ("city:harbin", "geonames:2037013/"),
        ("country:china", "geonames:1814991/"),
    }


def test_every_real_link_has_its_evidence(folders):
    links = [link for each in read_folder(folders.data / "links") for link in each.links]
    assert len(links) > 20
    assert all(link.evidence.endswith(".") for link in links)
