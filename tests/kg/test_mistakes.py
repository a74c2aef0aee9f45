"""What is told of a query that the engine refuses: the mistake and its place, not what its parser tried."""

import pyoxigraph as ox
import pytest

from kg import names
from kg.faults import QueryFault
from kg.mistakes import mistake
from kg.query import ask_store

MISTAKES = [
    ("", (1, 1), "The query is missing."),
    ("SELECT", (1, 7), "Here belongs"),
    ("PREFIX ex: <http://e.x/>\n", (2, 1), "The query is missing."),
    ("SELEC * { ?s ?p ?o }", (1, 1), "No query begins with “SELEC”."),
    ("{ ?s ?p ?o }", (1, 1), "No query begins with “{”."),
    ("INSERT DATA { city:a a cekg:City }", (1, 1), "INSERT begins an update"),
    ("BASE <http://e.x/>\n# all\n  drop all", (3, 3), "DROP begins an update"),
    (
        "SELECT * {\n  ?s a nope:City }",
        (2, 8),
        "The prefix nope: is not declared. Begin with PREFIX nope: <…>",
    ),
    (
        "PREFIX e: <http://e.x/> ASK { e:a e:b 'nope:c'^^nope:d }",
        (1, 49),
        "The prefix nope: is not declared.",
    ),
    ("ASK { ?s ?p 'open }\n", (1, 13), "The string that begins here does not end."),
    ("ASK { ?s ?p <http://e.x/a b> }", (1, 13), "<http://e.x/a b> is no IRI."),
    ("ASK { { ?s ?p ?o }", (1, 5), "This “{” is never closed."),
    ("ASK { ?s ?p ?o } }", (1, 18), "This “}” closes nothing that was opened."),
    ("ASK { FILTER(?x = 1 }", (1, 21), "This “}” closes nothing that was opened."),
    ("SELECT ?s, ?o { ?s ?p ?o }", (1, 10), "There are no commas"),
    (
        "SELECT DISTINCT count(*) { ?s ?p ?o }",
        (1, 17),
        "COUNT needs brackets and a name: (COUNT(…) AS ?name)",
    ),
    ("SELECT (COUNT(?o) AS ?n) ?s { ?s ?p ?o }", None, "can only name variables of its GROUP BY."),
    ("SELECT ?s ?s { ?s ?p ?o }", None, "The SELECT names a variable twice."),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", None, "SELECT * does not go with GROUP BY."),
    ("CONSTRUCT { ?s ?p ?o }", (1, 23), "Here belongs {"),
    ("SELECT DISTINCT (?s AS ?x) { ?s ?p }", None, "What stands just before this place is not SPARQL."),
]


@pytest.mark.parametrize(("text", "place", "what"), MISTAKES, ids=lambda each: str(each)[:30] or "nothing")
def test_a_mistake_is_told_in_words_at_its_place(text, place, what):
    with pytest.raises(SyntaxError) as refused:
        ox.Store().query(text, prefixes=names.PREFIXES)
    found = mistake(text, str(refused.value), names.PREFIXES)
    assert what in str(found)
    assert place is None or (found.line, found.column) == place
    assert "expected" not in str(found)
    assert "u{" not in str(found)


def test_who_asks_a_snapshot_gets_one_sentence():
    with pytest.raises(QueryFault) as fault:
        ask_store("SELECT * {\n ?s a city:harbin ; nope:x 1 }", ox.Store())
    assert str(fault.value) == (
        "The query is not SPARQL. Line 2, column 21: The prefix nope: is not declared. "
        "Begin with PREFIX nope: <…>"
    )
