"""Proposals go out to a person, and only what a person marked comes in."""

from dataclasses import replace
from datetime import date

import pytest

from kg.faults import DataFault, SystemFault
from kg.linking import proposals
from kg.linking.candidates import Candidate
from kg.linking.datasets import WIKIDATA, DataSet
from kg.linking.ranking import Proposal, rank
from kg.linking.things import Name
from kg.links import COLUMNS, read_folder, read_links, read_rows

DAY = date(2026, 11, 28)
REVIEWER = "orcid:0000-0002-1825-0097"


@pytest.fixture
def table(tmp_path):
    return tmp_path / "proposals.sssom.tsv"


@pytest.fixture
def proposed(things, table):
    """Write proposals for some euros, the right one first, and return the table."""
    candidates = [
        Candidate(f"{WIKIDATA.space}Q{number}", (Name(name, "en"),), codes=frozenset(codes))
        for number, name, codes in (
            (900000021, "euro", {(WIKIDATA.codes[-1].property, "EUR")}),
            (900000022, "Euro", ()),
        )
    ]
    ranked = rank(things["unit:CCY_EUR"], candidates, WIKIDATA, 5)
    proposals.write(table, ranked, WIKIDATA, DAY)
    return table


def edit(path, line, **cells):
    """Do in a table what a person does in an editor; the first row is 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    at = lines.index("\t".join(COLUMNS)) + line
    row = dict(zip(COLUMNS, lines[at].split("\t"), strict=True)) | cells
    lines[at] = "\t".join(row.values())
    path.write_text("".join(f"{each}\n" for each in lines), encoding="utf-8")
    return at + 1


def refused(path, folder, things):
    """What is said of rows that are not accepted; nothing changes then."""
    before = {file: file.read_bytes() for file in (path, *folder.iterdir())}
    with pytest.raises(DataFault) as fault:
        proposals.accept(path, folder, lambda: things)
    assert before == {file: file.read_bytes() for file in (path, *folder.iterdir())}
    return fault.value.problems


def test_proposals_are_a_table_of_links_that_nobody_reviewed(proposed):
    table = read_rows(proposed)
    assert [(link.object.curie, link.reviewer) for link in table.links] == [
        ("wikidata:Q900000021", ""),
        ("wikidata:Q900000022", ""),
    ]
    first, second = table.links
    assert first.confidence > second.confidence
    assert (first.day, first.predicate, first.subject_label) == (DAY, "skos:exactMatch", "euro")
    assert first.evidence.startswith("Its name “euro” (en) is our label.")
    assert first.evidence.endswith(".")
    with pytest.raises(DataFault, match="cannot be the same as"):
        read_links(proposed)


def test_the_words_of_strangers_are_one_cell_that_nothing_obeys(things, table):
    spiteful = '=HYPERLINK("x")\tHarbin\u202e\u2028\x1b[31m\r\nowl:sameAs\t'
    candidate = Candidate(f"{WIKIDATA.space}Q1", (Name(spiteful, "en"), Name("Harbin", "en", 0.9)), spiteful)
    (link,) = proposals.write(table, rank(things["city:harbin"], [candidate], WIKIDATA, 5), WIKIDATA, DAY)
    assert link.object_label == 'HYPERLINK("x") Harbin [31m owl:sameAs'
    assert f"There it is “={link.object_label}”." in link.evidence.replace(" ”", "”")


def test_no_more_is_repeated_than_one_reads(things, table):
    candidate = Candidate(f"{WIKIDATA.space}Q1", (Name("Harbin", "en"),), "an abstract " * 9000)
    (link,) = proposals.write(table, rank(things["city:harbin"], [candidate], WIKIDATA, 5), WIKIDATA, DAY)
    assert link.evidence.endswith("an abstr…”.")
    assert len(link.evidence) < 300


@pytest.mark.parametrize("address", ["a b", "a<b", "", "哈"])
def test_an_address_that_no_link_can_have_is_left_out(things, table, address):
    candidate = Candidate(f"https://other.example/{address}", (Name("Harbin", "en"),))
    other = DataSet("other", "https://other.example/")
    assert proposals.write(table, rank(things["city:harbin"], [candidate], other, 5), other, DAY) == ()


def test_proposals_are_not_written_where_the_build_reads(folder, tmp_path):
    with pytest.raises(DataFault, match="The build reads"):
        proposals.check_place(folder / "new.sssom.tsv", folder)
    proposals.check_place(tmp_path / "new.sssom.tsv", folder)


def test_proposals_are_not_written_over_what_a_person_wrote(proposed, folder):
    proposals.check_place(proposed, folder)
    line = edit(proposed, 2, reviewer_id=REVIEWER)
    with pytest.raises(DataFault, match=f"{proposed.name}:{line}: Somebody has looked at this row"):
        proposals.check_place(proposed, folder)
    proposed.write_text("my thesis\n")
    with pytest.raises(DataFault, match="The table should begin with"):
        proposals.check_place(proposed, folder)


def test_only_marked_rows_come_in(proposed, folder, things):
    edit(proposed, 1, reviewer_id=REVIEWER)
    before = {link.iri for each in read_folder(folder) for link in each.links}
    (row,) = proposals.accept(proposed, folder, lambda: things)
    after = {link.iri: link for each in read_folder(folder) for link in each.links}
    assert after.keys() - before == {row.iri}
    assert after[row.iri] == row
    assert row.reviewer == "https://orcid.org/0000-0002-1825-0097"
    assert [link.object.curie for link in read_rows(proposed).links] == ["wikidata:Q900000022"]
    assert [path.name for path in folder.iterdir()] == ["links.sssom.tsv"]


def test_what_was_in_the_table_stays_as_it_was(proposed, folder, things):
    """A prefix is added among the others, and the row at the end."""
    file = folder / "links.sssom.tsv"
    before = file.read_text(encoding="utf-8").splitlines()
    edit(proposed, 1, reviewer_id=REVIEWER)
    proposals.accept(proposed, folder, lambda: things)
    after = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == ["#  orcid: https://orcid.org/", after[-1]]
    assert [line for line in after if line in before] == before
    prefixes = [line for line in after if line.startswith("#  ")]
    assert prefixes == sorted(prefixes)


def test_without_a_reviewer_nothing_comes_in(proposed, folder, things):
    (problem,) = refused(proposed, folder, things)
    assert problem.message.startswith("No row is marked.")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"predicate_id": "owl:sameas"}, "Did you mean “owl:sameAs”?"),
        ({"predicate_id": "owl:sameAs"}, "is said by skos:exactMatch, and not by owl:sameAs"),
        ({"object_id": "wikidata:Q 1"}, "makes no IRI"),
        ({"object_id": "wikidata:Q39099"}, "cannot be the same as unit:CCY_EUR and as unit:CCY_CNY (line "),
        ({"subject_id": "unit:CCY_EUX"}, "is nothing that can be linked. Did you mean “unit:CCY_EUR"),
        ({"subject_label": "pound"}, "unit:CCY_EUR is not called “pound”: its label is “euro”."),
        ({"reviewer_id": "Ada"}, "reviewer_id should be a name with a prefix"),
        ({"reviewer_id": "nobody:ada"}, "The prefix of “nobody:ada” is not in curie_map."),
        ({"comment": ""}, "A link needs its evidence"),
        ({"confidence": "sure"}, "confidence should be a number"),
    ],
)
def test_a_marked_row_that_is_no_link_is_refused_with_its_line(proposed, folder, things, cells, message):
    line = edit(proposed, 1, **{"reviewer_id": REVIEWER, **cells})
    assert [
        (problem.file, problem.line)
        for problem in refused(proposed, folder, things)
        if message in problem.message
    ] == [(str(proposed), line)]


def test_two_rows_that_contradict_each_other_are_both_kept_out(proposed, folder, things):
    first, second = (edit(proposed, row, reviewer_id=REVIEWER) for row in (1, 2))
    (problem,) = refused(proposed, folder, things)
    assert problem.line == second
    assert f"and as wikidata:Q900000021 (line {first})" in problem.message


def test_what_is_a_link_already_is_not_taken_twice(proposed, folder, things):
    edit(proposed, 1, reviewer_id=REVIEWER)
    copy = proposed.read_bytes()
    proposals.accept(proposed, folder, lambda: things)
    proposed.write_bytes(copy)
    (problem,) = refused(proposed, folder, things)
    assert "The same link stands on line" in problem.message
    assert "of links.sssom.tsv" in problem.message


def test_a_prefix_that_stands_for_something_else_is_refused(proposed, folder, things):
    edit(proposed, 1, reviewer_id=REVIEWER)
    text = proposed.read_text(encoding="utf-8")
    proposed.write_text(
        text.replace("http://www.wikidata.org/entity/", "http://evil.example/"), encoding="utf-8"
    )
    (problem,) = refused(proposed, folder, things)
    assert "The prefix “wikidata” stands for http://www.wikidata.org/entity/ here" in problem.message
    assert problem.file == str(folder / "links.sssom.tsv")


def test_a_table_that_is_broken_is_left_alone(proposed, folder, things):
    edit(proposed, 1, reviewer_id=REVIEWER)
    table = folder / "links.sssom.tsv"
    table.write_text(table.read_text(encoding="utf-8").replace("owl:sameAs", "owl:same", 1), encoding="utf-8")
    assert {problem.file for problem in refused(proposed, folder, things)} == {str(table)}


def test_spreadsheets_may_leave_their_marks(proposed, folder, things):
    edit(proposed, 1, reviewer_id=REVIEWER)
    text = proposed.read_text(encoding="utf-8")
    proposed.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    (row,) = proposals.accept(proposed, folder, lambda: things)
    assert b"\r" not in (folder / "links.sssom.tsv").read_bytes()
    assert row.reviewer


def test_a_folder_that_cannot_be_written_is_a_fault_of_the_machine(things, tmp_path):
    with pytest.raises(SystemFault, match="cannot be written: No such file or directory"):
        proposals.write(tmp_path / "none" / "table.sssom.tsv", [], WIKIDATA, DAY)


def test_a_score_is_a_confidence_that_no_float_spoils(things):
    thing = things["unit:CCY_EUR"]
    proposal = Proposal(thing, Candidate("x", ()), "owl:sameAs", "semapv:LexicalMatching", 0.1 + 0.2, ())
    assert [str(replace(proposal, score=score).confidence) for score in (0.1 + 0.2, 0.954, 1e-3)] == [
        "0.3",
        "0.95",
        "0",
    ]
