"""Queries by people who mean harm, or do not know what they ask, and what each must come to.

``{host}`` in a text is a socket of the test that must never be called, ``{file}`` a file that must never be
opened; both are put in when the query is sent.
"""

from dataclasses import dataclass

TRIPLES = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
ANY = "!<x:x>"

TOO_SLOW = "The query took too long"
TOO_MUCH = "The query needs too much memory"
TOO_DEEP = "The query is nested too deeply"
NO_SERVICE = "SERVICE is not available"
NO_SPARQL = "The query is not valid SPARQL"
READ_ONLY = "The graph is read-only"

WHOLE, BROKEN = "200", "200, broken off"
"""An answer that is complete, and one whose connection broke before its end."""


@dataclass(frozen=True)
class Case:
    """A query and its ends: the title of a problem, a whole answer, or one that is broken off."""

    name: str
    query: str
    ends: frozenset[str]
    parameters: tuple[tuple[str, str], ...] = ()
    type: str = "application/sparql-query"


def case(name, query, *ends, type_="application/sparql-query", **parameters):
    named = tuple((key.replace("_", "-"), value) for key, value in parameters.items())
    return Case(name, query, frozenset(ends), named, type_)


def nested(count, start, middle, end):
    return start * count + middle + end * count


def counted(*patterns):
    return f"SELECT (COUNT(*) AS ?n) {{ {' '.join(patterns)} }}"


def chosen(condition):
    return counted(TRIPLES, f"FILTER ({condition})")


def valued(*names, count):
    values = " ".join(map(str, range(count)))
    return counted(*(f"VALUES ?{name} {{ {values} }}" for name in names))


DOUBLING = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
TENFOLD = nested(12, "REPLACE(", "'aaaaaaaaaa'", ", 'a', 'aaaaaaaaaa')")
STARS = nested(8, "(", f"{ANY}|^{ANY}", ")*")
THERE_AND_BACK = f"({ANY}/^{ANY})+"
NUMBERS = ", ".join(map(str, range(10**6, 10**6 + 50_000)))
ALL_TEXTS = f"GROUP_CONCAT(CONCAT(STR(?c), STR(?f), STR(?i)); SEPARATOR='{'x' * 1000}')"
PAIRS = f"{{ SELECT ?a ?d (COUNT(*) AS ?m) {{ {TRIPLES} }} GROUP BY ?a ?d }}"
SUMS = f"{{ SELECT ?a (COUNT(*) AS ?n) {{ {PAIRS} ?a ?p ?q }} GROUP BY ?a }}"
OPTIONS = " ".join(f"OPTIONAL {{ ?s ?p{i} ?o{i} }}" for i in range(1000))
CHAIN = " . ".join(f"?s{i} ?p{i} ?s{i + 1}" for i in range(5000))
HUGE_PATTERN = nested(4, "(", "a", "){1,100}")
NO_END = (TOO_SLOW, TOO_MUCH)

GREEDY = [
    case("four patterns that share nothing", counted(TRIPLES, ". ?j ?k ?l"), TOO_SLOW),
    case("all combinations of three triples", f"SELECT * {{ {TRIPLES} }}", BROKEN, TOO_SLOW),
    case("different combinations of three", f"SELECT DISTINCT ?a ?d ?g {{ {TRIPLES} }}", BROKEN, *NO_END),
    case("a billion rows in order", f"SELECT * {{ {TRIPLES} }} ORDER BY ?c ?f ?i", *NO_END),
    case("a billion rows in groups", f"SELECT ?a ?d ?g {{ {TRIPLES} }} GROUP BY ?a ?d ?g", *NO_END),
    case("the last of a billion rows", f"SELECT * {{ {TRIPLES} }} OFFSET 9000000000000000000", TOO_SLOW),
    case("a graph of all of them", f"CONSTRUCT {{ ?a ?e ?i . ?d ?h ?c }} {{ {TRIPLES} }}", BROKEN, TOO_SLOW),
    case(
        "three paths of any length",
        counted(f"?a ({ANY})* ?b . ?b ({ANY}|^{ANY})* ?c . ?c ({ANY})* ?d"),
        *NO_END,
    ),
    case("stars of stars", counted(f"?a {STARS} ?b . ?b (^{ANY}/{ANY})+ ?c . ?c ({ANY}/{ANY})* ?d"), *NO_END),
    case("there and back", counted(f"?a {THERE_AND_BACK} ?b . ?b {THERE_AND_BACK} ?c . ?d ?e ?f"), *NO_END),
    case(
        "a pattern that backtracks",
        chosen("REGEX(CONCAT(STR(?c), STR(?f)), '^(([a-z])+.)+[A-Z]([a-z])+$')"),
        TOO_SLOW,
    ),
    case(
        "a pattern of a million signs",
        f"SELECT * {{ ?s ?p ?o FILTER REGEX(STR(?o), '{HUGE_PATTERN}$') }}",
        WHOLE,
        *NO_END,
    ),
    case(
        "a pattern for each row", chosen("REGEX(STR(?c), CONCAT('(', STR(?f), '|.{1,500}){1,9}'))"), *NO_END
    ),
    case("many values, three times", valued("x", "y", "z", count=20_000), *NO_END),
    case("a list to look in for each row", chosen(f"STRLEN(STR(?c)) IN ({NUMBERS})"), *NO_END),
    case("one text of all combinations", f"SELECT ({ALL_TEXTS} AS ?x) {{ {TRIPLES} }}", *NO_END),
    case(
        "a text that doubles",
        f"SELECT (STRLEN(?x30) AS ?n) {{ BIND('aaaaaaaa' AS ?x0) {DOUBLING} }}",
        *NO_END,
    ),
    case("a text that grows tenfold", f"SELECT (STRLEN({TENFOLD}) AS ?n) {{}}", *NO_END),
    case("sums over sums", f"SELECT (SUM(?n) AS ?all) {{ {SUMS} ?x ?y ?z }}", *NO_END),
    case(
        "a subquery for each row",
        counted(f"?s ?p ?o FILTER NOT EXISTS {{ {TRIPLES} FILTER (?i = ?x) }}"),
        *NO_END,
    ),
    case("everything described", f"DESCRIBE * {{ {TRIPLES} }}", BROKEN, *NO_END),
    case("a thousand optional parts", f"SELECT * {{ ?s ?p ?o {OPTIONS} }}", BROKEN, TOO_DEEP, *NO_END),
    case("five thousand patterns", f"SELECT * {{ {CHAIN} }}", BROKEN, TOO_DEEP, *NO_END),
]

DEEP_END = (TOO_DEEP, TOO_SLOW)
"""A machine with much to do may not come to the end of the engine's stack in time."""

DEEP = [
    case("brackets", f"SELECT * {{ {nested(20_000, '{', '', '}')} }}", *DEEP_END),
    case("sub-selects", f"SELECT * {{ {nested(3_000, '{ SELECT * {', '?s ?p ?o', '} }')} }}", *DEEP_END),
    case("unions", f"SELECT * {{ {nested(5_000, '{ {} UNION ', '{}', '}')} }}", *DEEP_END),
    case(
        "unions side by side",
        f"SELECT * {{ {' UNION '.join(['{ ?s ?p ?o }'] * 30_000)} }}",
        *DEEP_END,
        TOO_SLOW,
        TOO_MUCH,
        BROKEN,
    ),
    case("brackets in a filter", f"ASK {{ FILTER {nested(20_000, '(', '1', ')')} }}", *DEEP_END),
    case("signs in a filter", f"ASK {{ FILTER ({'!' * 100_000} true) }}", *DEEP_END),
    case("a long sum", f"SELECT ({' + '.join(['1'] * 100_000)} AS ?x) {{}}", *DEEP_END, WHOLE),
    case(
        "filters in filters",
        f"ASK {{ {nested(2_000, 'FILTER NOT EXISTS { ', '?s ?p ?o', ' }')} }}",
        *DEEP_END,
    ),
    case("optional parts", f"SELECT * {{ {nested(4_000, 'OPTIONAL { ', '?s ?p ?o', ' }')} }}", *DEEP_END),
    case("a path in brackets", f"ASK {{ ?s {nested(20_000, '(', 'a', ')')} ?o }}", *DEEP_END),
    case("a long path", f"ASK {{ ?s {'/'.join(['a'] * 50_000)} ?o }}", *DEEP_END, TOO_MUCH),
    case("blank nodes", f"ASK {{ {nested(20_000, '[ a ', '[]', ' ]')} }}", *DEEP_END),
    case("a list of lists", f"ASK {{ {nested(20_000, '( ', '1', ' )')} a ?x }}", *DEEP_END),
    case("functions", f"SELECT ({nested(20_000, 'STR(', '1', ')')} AS ?x) {{}}", *DEEP_END),
    case("triples in triples", f"ASK {{ {nested(5_000, '<< ', '?s', ' ?p ?o >>')} ?p ?o }}", *DEEP_END),
]

S = "<http://{host}/sparql>"
P = "{ ?s ?p ?o }"
CITY = "https://w3id.org/cekg/ont#City"
OUTSIDE = [
    case("SERVICE", f"SELECT * {{ SERVICE {S} {P} }}", NO_SERVICE),
    case("small letters, no blanks", f"SELECT*{{service{S}{P}}}", NO_SERVICE),
    case("mixed letters and lines", f"SELECT * {{\n\tSeRvIcE\r\n\t{S}\n{P} }}", NO_SERVICE),
    case("behind a dot", f"SELECT * {{ ?a ?b ?o.SERVICE{S}{P} }}", NO_SERVICE),
    case("behind a comment", f"SELECT * {{ SERVICE # {{\n{S} # }}\n{P} }}", NO_SERVICE),
    case("with escaped letters", f"SELECT * {{ \\u0053ERVIC\\U00000045 {S} {P} }}", NO_SERVICE, NO_SPARQL),
    case(
        "at an escaped address",
        "SELECT * { SERVICE <\\u0068ttp://{host}/> { ?s ?p ?o } }",
        NO_SERVICE,
        NO_SPARQL,
    ),
    case("by a prefix", "PREFIX s: <http://{host}/> SELECT * { SERVICE s:sparql { ?s ?p ?o } }", NO_SERVICE),
    case("by a base", "BASE <http://{host}/> SELECT * { SERVICE <sparql> { ?s ?p ?o } }", NO_SERVICE),
    case("by a variable", f"SELECT * {{ BIND({S} AS ?where) SERVICE ?where {P} }}", NO_SERVICE),
    case("by a variable of values", f"SELECT * {{ VALUES $where {{ {S} }} SERVICE $where {P} }}", NO_SERVICE),
    case("by a variable that is nothing", f"SELECT * {{ SERVICE ?where {P} }}", NO_SERVICE),
    case("SILENT", f"SELECT * {{ SERVICE SILENT {S} {P} }}", NO_SERVICE, WHOLE),
    case("SILENT in small letters", f"SELECT*{{service silent{S}{P}}}", NO_SERVICE, WHOLE),
    case("SILENT by a variable", f"SELECT * {{ BIND({S} AS ?w) SERVICE SILENT ?w {P} }}", NO_SERVICE, WHOLE),
    case("inside EXISTS", f"ASK {{ FILTER EXISTS {{ SERVICE {S} {P} }} }}", NO_SERVICE),
    case("behind a number", f"ASK {{ FILTER EXISTS {{ ?a cekg:year 2020SERVICE{S}{P} }} }}", NO_SERVICE),
    case(
        "behind a number and a dot",
        f"ASK {{ FILTER EXISTS {{ ?a cekg:year 2020.SERVICE{S}{P} }} }}",
        NO_SERVICE,
    ),
    case("behind a language", f"ASK {{ FILTER EXISTS {{ ?a ?b 'Harbin'@en.SERVICE{S}{P} }} }}", NO_SERVICE),
    case(
        "behind a name", f"PREFIX c: <{CITY}> ASK {{ FILTER EXISTS {{ ?a a c:.SERVICE{S}{P} }} }}", NO_SERVICE
    ),
    case(
        "inside EXISTS, with an escape",
        f'ASK {{ FILTER EXISTS {{ SERVICE {S} {{ ?s ?p "\\u0041" }} }} }}',
        NO_SERVICE,
    ),
    case(
        "inside EXISTS, between quotes in addresses",
        f"ASK {{ FILTER EXISTS {{ VALUES ?q {{ <x:\\u0041'> }} SERVICE {S} {P} VALUES ?r {{ <x:'> }} }} }}",
        NO_SERVICE,
    ),
    case(
        "inside EXISTS, escaped",
        f"ASK {{ FILTER EXISTS {{ \\u0053ERVICE {S} {P} }} }}",
        NO_SERVICE,
        NO_SPARQL,
    ),
    case(
        "inside EXISTS of a SILENT one",
        f"ASK {{ SERVICE SILENT {S} {{ FILTER EXISTS {{ SERVICE {S} {P} }} }} }}",
        NO_SERVICE,
    ),
    case(
        "inside EXISTS, by a name",
        "PREFIX SILENT: <http://{host}/> ASK { FILTER EXISTS { SERVICE SILENT:x { ?s ?p ?o } } }",
        NO_SERVICE,
    ),
    case("inside NOT EXISTS", f"ASK {{ ?x a ?y FILTER NOT EXISTS {{ SERVICE {S} {P} }} }}", NO_SERVICE),
    case("inside OPTIONAL", f"SELECT * {{ ?x a cekg:City OPTIONAL {{ SERVICE {S} {P} }} }}", NO_SERVICE),
    case("inside MINUS", f"SELECT * {{ ?s ?p ?o MINUS {{ SERVICE {S} {P} }} }}", NO_SERVICE),
    case(
        "inside UNION", f"SELECT * {{ {{ ?s ?p ?o }} UNION {{ SERVICE {S} {P} }} }} ORDER BY ?s", NO_SERVICE
    ),
    case("inside GRAPH", f"SELECT * {{ GRAPH ?g {{ SERVICE {S} {P} }} }}", NO_SERVICE),
    case("inside SERVICE", f"SELECT * {{ SERVICE {S} {{ SERVICE {S} {P} }} }}", NO_SERVICE),
    case("in a sub-select", f"SELECT * {{ {{ SELECT ?s {{ SERVICE {S} {P} }} }} }}", NO_SERVICE),
    case("in IF", f"SELECT (IF(EXISTS {{ SERVICE {S} {P} }}, 1, 2) AS ?x) {{}}", NO_SERVICE),
    case("for a graph", f"CONSTRUCT {P} {{ SERVICE {S} {P} }}", NO_SERVICE),
    case("for a description", f"DESCRIBE ?s {{ SERVICE {S} {P} }}", NO_SERVICE),
    case("with TLS", "SELECT * { SERVICE <https://{host}/> { ?s ?p ?o } }", NO_SERVICE),
    case("of a file", "SELECT * { SERVICE <file://{file}> { ?s ?p ?o } }", NO_SERVICE),
    case("of another kind", "SELECT * { SERVICE <gopher://{host}/> { ?s ?p ?o } }", NO_SERVICE),
    case("LOAD as a query", "LOAD <http://{host}/>", NO_SPARQL),
    case("LOAD of a file as a query", "LOAD SILENT <file://{file}> INTO GRAPH <x:g>", NO_SPARQL),
    case("LOAD", "LOAD <http://{host}/>", READ_ONLY, type_="application/sparql-update"),
    case("LOAD of a file", "LOAD <file://{file}>", READ_ONLY, type_="application/sparql-update"),
    case("FROM a file", "SELECT * FROM <file://{file}> { ?s ?p ?o }", WHOLE),
    case("FROM another site", "SELECT * FROM <http://{host}/> { ?s ?p ?o }", WHOLE),
    case(
        "FROM NAMED",
        "SELECT * FROM NAMED <file://{file}> FROM NAMED <http://{host}/> { GRAPH ?g { ?s ?p ?o } }",
        WHOLE,
    ),
    case("GRAPH of a file", "SELECT * { GRAPH <file://{file}> { ?s ?p ?o } }", WHOLE),
    case("a dataset of a file", "SELECT * { ?s ?p ?o }", WHOLE, default_graph_uri="file://{file}"),
    case(
        "a dataset of another site",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        WHOLE,
        named_graph_uri="http://{host}/",
    ),
    case("DESCRIBE another site", "DESCRIBE <http://{host}/> <file://{file}>", WHOLE),
]

CASES = [*GREEDY, *DEEP, *OUTSIDE]
