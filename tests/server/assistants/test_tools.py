"""The tools: what each gives, the same over a snapshot and a server, and what it says when it cannot."""

import pytest

from kg import resources

GROWTH = "obs:harbin-finance-revenue-2020-growth-2-6-percent"
TOTAL = "obs:harbin-4-plus-4-total-scale-2020-level-621370000000-cny"
TOOLS = {
    "search",
    "describe_thing",
    "describe_class",
    "explain_fact",
    "list_queries",
    "run_example",
    "validate_query",
    "run_query",
}


def test_the_tools_say_what_they_are_for_and_that_they_change_nothing(here):
    tools = here.portal.call(here.client.list_tools).tools
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.title
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        assert tool.output_schema["properties"]
        assert "\n    " not in tool.description
    described = {tool.name: tool.description for tool in tools}
    assert "within 2 seconds, 100 rows and 100,000 bytes" in described["run_query"]
    assert "sentence" in here.client.instructions


def test_search_finds_names_in_both_languages_and_sentences(assistant):
    found = assistant.call("search", text="finance")
    first = {"name": "industry:finance", "kind": "industry", "label": "financial industry"}
    assert first.items() <= found["hits"][0].items()
    assert found["counts"] == {"industry": 1, "obs": 2, "quote": 2}
    assert assistant.call("search", text="haerbin", kind="city")["hits"][0]["name"] == "city:harbin"
    told = assistant.told("search", text="finance", kind="quote")
    assert (
        "Its rapidly developing sectors are information, new materials, finance and modern logistics" in told
    )
    assert "Nothing is found for “zzzz”" in assistant.told("search", text="zzzz")


@pytest.mark.parametrize(
    "name",
    [
        "Harbin",
        "哈尔滨",
        "city:harbin",
        "https://w3id.org/cekg/city/harbin",
        "http://www.wikidata.org/entity/Q42956",
    ],
)
def test_a_thing_is_described_by_any_of_its_names(assistant, name):
    found = assistant.call("describe_thing", name=name)
    assert (found["name"], found["label"], found["label_zh"]) == ("city:harbin", "Harbin", "哈尔滨")
    assert found["classes"] == ["cekg:City"]
    assert found["definition"].startswith("The municipality of Harbin")
    stated = {each["property"].split()[0]: each["values"] for each in found["statements"]}
    assert stated["cekg:capitalOf"] == ["region:heilongjiang (Heilongjiang)"]
    incoming = {each["property"].split()[0]: each for each in found["incoming"]}
    assert len(incoming["cekg:ofCity"]["values"]) == 10
    assert incoming["cekg:ofCity"]["more"]


def test_a_figure_is_described_with_its_number_and_sentence(assistant):
    found = assistant.call("describe_thing", name=GROWTH)
    assert found["number"] == "+2.6\u202f%"
    assert "increasing 2.6 percent year-on-year" in found["sentences"][0]
    assert "Sentence: The financial industry" in assistant.told("describe_thing", name=GROWTH)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Habrin", "The graph knows nothing by the name “Habrin”. Near to it: city:harbin"),
        ("industry:finanse", "Near to it: industry:finance."),
        ("http://example.org/x", "The graph knows nothing by the name “http://example.org/x”."),
        ("zzzzzz", "The tool search finds things by parts of their names."),
        ("", "The graph knows nothing by the name “”"),
    ],
)
def test_an_unknown_thing_says_what_is_near(assistant, name, message):
    assert message in assistant.fault("describe_thing", name=name)


def test_classes_are_listed_with_their_counts_ours_first(assistant):
    found = {each["name"]: each for each in assistant.call("describe_class")["classes"]}
    assert found["cekg:Observation"]["things"] == 32
    assert next(iter(found)).startswith("cekg:")
    assert found["cekg:City"]["definition"]


@pytest.mark.parametrize("name", ["cekg:Share", "Share", "share", "https://w3id.org/cekg/ont#Share"])
def test_a_class_is_described_with_its_properties_and_how_many_statements_each_has(assistant, name):
    (found,) = assistant.call("describe_class", name=name)["classes"]
    assert (found["name"], found["things"]) == ("cekg:Share", 1)
    assert found["example"].startswith("obs:")
    used = {each["name"]: each["statements"] for each in found["properties"]}
    assert used["cekg:lowerBound"] == used["cekg:shareOf"] == 1
    assert "cekg:value" not in used  # it is a bound
    assert any("whole" in each["definition"] for each in found["properties"])


def test_an_unknown_class_says_what_is_near(assistant):
    assert "Near to it: cekg:Level" in assistant.fault("describe_class", name="levle")
    assert "describe_class lists all" in assistant.fault("describe_class", name="qqqq")


def test_a_fact_is_explained_by_its_sentence_and_how_each_word_was_read(assistant):
    found = assistant.call("explain_fact", fact=GROWTH)
    assert found["number"] == "+2.6\u202f%"
    (sentence,) = found["sentences"]
    assert sentence["says"] == ["increasing 2.6 percent year-on-year"]
    assert sentence["says"][0] in sentence["text"]
    assert (sentence["publisher"], sentence["date"]) == ("e.my399.com", "2021-03-30")
    assert sentence["url"] == "http://e.my399.com/business/industries/2021-03-30/5554.html"
    readings = {each["role"]: each for each in found["readings"]}
    assert readings["period"]["words"] == "In the past year"
    assert "“In the past year” in an article of 30 March 2021 means 2020." in readings["period"]["notes"]
    assert readings["industry"]["read_as"] == "financial industry"
    assert found["others"][0]["number"] == "85.81 billion yuan"
    assert found["citation"].startswith("e.my399.com (Updated 30 March 2021): “Harbin’s modern")
    assert found["bibtex"].startswith("@misc{")
    told = assistant.told("explain_fact", fact=GROWTH)
    assert "it says: “increasing 2.6 percent year-on-year”" in told
    assert "Cite it as: e.my399.com" in told


def test_two_articles_of_one_publisher_are_one_voice(assistant):
    found = assistant.call("explain_fact", fact=TOTAL)
    assert len(found["sentences"]) == 2
    assert "they count as one voice" in found["voices"]
    assert found["reported_by"] == "Harbin Development and Reform Commission"


def test_what_is_no_fact_cannot_be_explained(assistant):
    assert "city:harbin is a city and no fact" in assistant.fault("explain_fact", fact="Harbin")
    assert "Near to it: obs:" in assistant.fault("explain_fact", fact=f"{GROWTH}s")


def test_questions_are_listed_with_what_can_be_chosen(here):
    found = {each["slug"]: each for each in here.call("list_queries")["questions"]}
    assert list(found) == [each.slug for each in resources.examples()]
    assert {"name": "metric", "of": "cekg:Metric", "default": "metric:output-value"} in found["one-measure"][
        "parameters"
    ]
    assert "- growth: Which industry grew fastest" in here.told("list_queries")


@pytest.mark.parametrize("metric", ["revenue", "metric:revenue", "https://w3id.org/cekg/metric/revenue"])
def test_a_question_is_answered_with_what_is_chosen(assistant, metric):
    found = assistant.call("run_example", slug="one-measure", parameters={"metric": metric})
    rows = found["rows"]
    assert len(rows["rows"]) == 5
    assert rows["columns"][:3] == ["industry", "year", "value"]
    assert rows["rows"][0][:3] == ["industry:biomedicine", 2020, 80700000000]
    assert rows["labels"]["industry:biomedicine"] == "modern biomedicine"
    assert "{ metric:revenue }" in found["query"]


def test_every_question_is_answered(here):
    for example in resources.examples():
        answered = here.call("run_example", slug=example.slug)
        assert answered["rows"]["rows"] or example.slug in {"conflicts", "gdp"}, example.slug


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"slug": "grwth"}, "There is no question 'grwth'. Like it: growth"),
        (
            {"slug": "growth", "parameters": {"city": "x"}},
            "growth has no parameter 'city'. Its parameters: none.",
        ),
        (
            {"slug": "one-measure", "parameters": {"metric": "revenues of all"}},
            "The graph knows nothing by the name",
        ),
        (
            {"slug": "one-measure", "parameters": {"metric": "city:harbin"}},
            "is no metric that the graph knows",
        ),
    ],
)
def test_a_question_that_there_is_not_says_which_there_are(assistant, arguments, message):
    assert message in assistant.fault("run_example", **arguments)


def test_a_query_gives_rows_with_labels_and_numbers(assistant):
    text = (
        "SELECT ?c ?n ?m { "
        "VALUES (?n ?m) { (2.5 true) (621370000000 'a\\tb') (UNDEF 0.12345678901234567890) (1e400 5.0) } "
        "?c a cekg:City } ORDER BY ?n"
    )
    found = assistant.call("run_query", query=text)
    assert found["kind"] == "rows"
    assert found["rows"] == {
        "columns": ["c", "n", "m"],
        "rows": [
            ["city:harbin", None, "0.12345678901234567890"],
            ["city:harbin", 2.5, True],
            ["city:harbin", 621370000000, "a\tb"],
            ["city:harbin", "INF", 5],
        ],
        "labels": {"city:harbin": "Harbin"},
    }
    told = assistant.told("run_query", query=text)
    assert told.startswith("4 rows, all there are.\n\nc\tn\tm\n")
    assert "city:harbin = Harbin" in told


def test_a_query_gives_yes_or_no_or_triples(assistant):
    yes = assistant.call("run_query", query="ASK { city:harbin a cekg:City }")
    assert (yes["kind"], yes["boolean"], yes["rows"]) == ("boolean", True, None)
    assert assistant.told("run_query", query="ASK { city:harbin a cekg:Metric }") == "no"
    triples = assistant.call("run_query", query="DESCRIBE city:harbin")
    assert "cekg:capitalOf region:heilongjiang" in triples["turtle"]
    assert "@prefix obs:" not in triples["turtle"]  # nothing uses it
    assert assistant.call("run_query", query="SELECT * { FILTER(false) }")["rows"]["rows"] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT ?s { ?s a cekg:City }", "rows"),
        ("ASK {}", "yes or no"),
        ("PREFIX e: <http://e.example/> CONSTRUCT { ?s e:p ?o } WHERE { ?s rdfs:label ?o }", "triples"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", "rows"),
    ],
)
def test_a_query_is_checked_without_being_run(assistant, text, kind):
    found = assistant.call("validate_query", query=text)
    assert (found["valid"], found["kind"], found["problem"]) == (True, kind, None)
    assert not found["calls_out"]
    assert f"This is SPARQL, and asks for {kind}." in assistant.told("validate_query", query=text)


def test_what_is_no_sparql_says_where_it_stops(assistant):
    found = assistant.call("validate_query", query="SELECT ?s {\n  ?s a }")
    assert (found["valid"], found["line"]) == (False, 2)
    assert found["problem"].startswith("Line 2, column ")
    assert len(found["problem"]) < 350


def test_unknown_prefixes_and_names_are_told_with_what_is_near(assistant):
    text = """PREFIX own: <https://w3id.org/cekg/ont#>
    SELECT ?x { ?x a cekg:Levle, own:Growth ; own:ofMetrc metric:revenu ; ckeg:value 1 ; rdfs:labell "a:b" .
      <https://w3id.org/cekg/city/habrin> ?p ?o . _:b ex2:y xsd:nothing . ?x <http://else.example/p> 1 }"""
    found = assistant.call("validate_query", query=text)
    unknown = {each["name"]: each["near"] for each in found["unknown"]}
    assert set(unknown) == {
        "ckeg:",
        "ex2:",
        "cekg:Levle",
        "own:ofMetrc",
        "metric:revenu",
        "rdfs:labell",
        "<https://w3id.org/cekg/city/habrin>",
    }
    assert unknown["ckeg:"][0] == "cekg:"
    assert unknown["cekg:Levle"][0] == "cekg:Level"
    assert unknown["own:ofMetrc"][0] == "cekg:ofMetric"
    assert unknown["metric:revenu"][0] == "metric:revenue"
    assert unknown["rdfs:labell"][0] == "rdfs:label"
    assert unknown["<https://w3id.org/cekg/city/habrin>"][0] == "city:harbin"
    assert "The graph does not know cekg:Levle. Near to it: cekg:Level" in assistant.told(
        "validate_query", query=text
    )


def test_a_query_that_calls_out_is_told_so_and_refused(assistant):
    text = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    found = assistant.call("validate_query", query=text)
    assert (found["valid"], found["calls_out"]) == (False, True)
    assert "calls another endpoint with SERVICE" in assistant.fault("run_query", query=text)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search", {}),
        ("search", {"text": "x" * 201}),
        ("search", {"text": "x", "page": 0}),
        ("run_query", {"query": "x" * 100_001}),
        ("explain_fact", {"fact": 1}),
        ("no_such_tool", {}),
    ],
)
def test_wrong_arguments_are_a_fault_that_can_be_read(here, tool, arguments):
    assert tool in here.fault(tool, **arguments)


def test_an_unknown_kind_or_page_says_what_there_is(assistant):
    assert "There is city, region" in assistant.fault("search", text="x", kind="town")
    assert "There is no page 9 of what is found" in assistant.fault("search", text="finance", page=9)


def test_the_guide_the_ontology_and_the_questions_are_resources(assistant):
    def read(address):
        return assistant.portal.call(assistant.client.read_resource, address).contents[0]

    assert read("cekg://guide").text == assistant.client.instructions
    ontology = read("cekg://ontology")
    assert (ontology.mime_type, "cekg:City a" in ontology.text) == ("text/turtle", True)
    assert read("cekg://queries/growth").text.startswith("SELECT")
    with pytest.raises(Exception, match=r"There is no question 'nothing'\. There is total"):
        read("cekg://queries/nothing")


def test_a_prompt_asks_for_sources(here):
    prompt = here.portal.call(
        here.client.get_prompt, "answer_with_sources", {"question": "How large is finance?"}
    )
    assert prompt.messages[0].content.text.startswith("How large is finance?\n\nAnswer from")
