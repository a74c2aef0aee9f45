"""Example queries as their authors write them: what the head says, the query has."""

import pytest

from kg import questions, resources
from kg.query import QueryFault, find_query

HEAD = "# title: What?\n# title@zh: 什么？\n# description: So.\n# description@zh: 如此。\n"


def read(tmp_path, text):
    path = tmp_path / "01-what.rq"
    path.write_text(text, encoding="utf-8")
    return questions.read(path)


def test_a_file_is_all_that_an_author_writes(tmp_path):
    example = read(
        tmp_path,
        HEAD + "# parameter: place cekg:City\n# chart: bars x=n y=a,b\n\nASK { VALUES ?place { city:a } }\n",
    )
    assert (example.slug, example.title, example.description) == ("what", "What?", "So.")
    assert example.in_language("zh-Hans").title == "什么？"
    assert example.in_language("zh-Hans").description == "如此。"
    assert example.in_language("fr") == example
    (parameter,) = example.parameters
    assert (parameter.name, parameter.default) == ("place", "city:a")
    assert parameter.of == "https://w3id.org/cekg/ont#City"
    assert example.picture.form == "bars"
    assert example.picture.roles == {"x": ("n",), "y": ("a", "b")}
    assert example.query == "ASK { VALUES ?place { city:a } }\n"


@pytest.mark.parametrize(
    "body", ["ASK {}", "ASK { VALUES ?b { 1 } VALUES ?b { 2 } }", "ASK { VALUES ?b { 1 2 } }"]
)
def test_a_parameter_that_the_query_does_not_have_once_is_a_fault(tmp_path, body):
    with pytest.raises(ValueError, match=r"01-what\.rq declares the parameter b"):
        read(tmp_path, f"{HEAD}# parameter: b cekg:year\n\n{body}\n")


@pytest.mark.parametrize(
    ("given", "like", "written"),
    [
        ("city:harbin", "city:x", "city:harbin"),
        ("<https://w3id.org/cekg/city/harbin>", "city:x", "city:harbin"),
        ("https://example.org/a b".replace(" ", "%20"), "city:x", "<https://example.org/a%20b>"),
        ("-7", "1", "-7"),
        ('a "b" \\ c', '"x"', '"a \\"b\\" \\\\ c"'),
        ("} . ?s ?p ?o", '"x"', '"} . ?s ?p ?o"'),
    ],
)
def test_a_value_is_written_as_sparql_writes_it(given, like, written):
    assert questions.written(given, like) == written


@pytest.mark.parametrize(
    ("given", "like"),
    [
        ("harbin", "city:x"),
        ("city:a> ?p ?o . <b", "city:x"),
        ("city:a b", "city:x"),
        ("city:" + "a" * 1000, "city:x"),
        ("1.5", "1"),
        ("1 } {", "1"),
        ("１", "1"),
        ("a\nb", '"x"'),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b", '"x"'),
        ("a" * 1000, '"x"'),
    ],
)
def test_a_value_of_another_kind_is_refused(given, like):
    with pytest.raises(ValueError, match="is no"):
        questions.written(given, like)


def test_a_value_cannot_stand_in_for_another_parameter(tmp_path):
    example = read(
        tmp_path,
        f"{HEAD}# parameter: a cekg:year\n# parameter: b cekg:year\n\n"
        'ASK { VALUES ?a { "x" } VALUES ?b { "y" } }\n',
    )
    hostile = questions.written('VALUES ?b { "y" }', '"x"')
    assert example.asking({"a": hostile, "b": '"z"'}) == (
        'ASK { VALUES ?a { "VALUES ?b { \\"y\\" }" } VALUES ?b { "z" } }\n'
    )


def test_the_command_line_sets_parameters_of_an_example():
    assert "{ metric:revenue }" in find_query("one-measure", ["metric=metric:revenue"])
    assert find_query("one-measure") == next(
        each.query for each in resources.examples() if each.slug == "one-measure"
    )


@pytest.mark.parametrize(
    ("query", "choice", "sentence"),
    [
        ("total", "a=b", "total has no parameter 'a'. Its parameters: none."),
        ("one-measure", "metric", "The value '' of metric is no IRI"),
        ("ASK {}", "a=b", "Only an example has parameters"),
    ],
)
def test_what_cannot_be_set_is_a_fault_that_says_so(query, choice, sentence):
    with pytest.raises(QueryFault, match=sentence.replace("(", r"\(")):
        find_query(query, [choice])
