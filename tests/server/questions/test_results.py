"""Answers as pages: what TSV says, term by term, and where a page stops."""

import pytest

from server.questions import results
from server.questions.results import Reader, Term, read_term
from server.sparql.protocol import Query

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("", None),
        ("<http://a/b>", Term("iri", "http://a/b")),
        ('"a"', Term("literal", "a")),
        ('""', Term("literal", "")),
        (r'"a\"b\\n\n\t"', Term("literal", 'a"b\\n\n\t')),
        ('"a"@zh-hans', Term("literal", "a", "zh-hans")),
        (f'"2020-01-01"^^<{XSD}date>', Term("literal", "2020-01-01", "", f"{XSD}date")),
        ("101950000000", Term("number", "101950000000")),
        ("-9.3", Term("number", "-9.3")),
        ("1.0e6", Term("number", "1.0e6")),
        ("_:b0", Term("other", "_:b0")),
        ("true", Term("other", "true")),
        ("<<( <a:a> <a:b> 1 )>>", Term("other", "<<( <a:a> <a:b> 1 )>>")),
    ],
)
def test_a_term_is_read_as_tsv_writes_it(text, term):
    assert read_term(text) == term


def show(app, text):
    return results.show(app.engine, Query(text), Reader(app.catalog, "en"))


def test_names_are_shown_by_their_labels_and_lead_to_their_pages(app):
    result = show(app, "SELECT ?s ?n { VALUES (?s ?n) { (city:harbin 1.5) (unit:NONE 2) } }")
    (harbin, number), (unknown, _) = result.rows
    assert (harbin.text, harbin.href) == ("Harbin", "/city/harbin")
    assert (number.text, number.is_number) == ("1.5", True)
    assert (unknown.text, unknown.href) == ("unit:NONE", "http://qudt.org/vocab/unit/NONE")
    assert [column.is_number for column in result.columns] == [False, True]


def test_a_row_without_variables_is_still_a_row(app):
    result = show(app, "SELECT * { city:harbin a cekg:City }")
    assert (result.columns, result.rows, result.more) == ((), ((),), False)


def test_a_page_stops_early_says_so_and_the_worker_is_free(app):
    for _ in range(4):
        result = show(app, "SELECT * { ?a ?b ?c . ?d ?e ?f }")
        assert (len(result.rows), result.more) == (results.MOST_ROWS, True)


def test_yes_no_and_graphs_are_shown_too(app):
    assert show(app, "ASK { city:harbin a cekg:City }").boolean is True
    assert show(app, "ASK { city:harbin a cekg:Metric }").boolean is False
    shown = show(app, "CONSTRUCT { ?s a ?t } { ?s a ?t ; a cekg:City }")
    assert "city:harbin" in shown.text
    assert "@prefix" not in shown.text
    assert show(app, "CONSTRUCT WHERE { ?s ?p ?o }").more is True
