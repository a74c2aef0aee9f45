"""A phrase leads to the one thing that it names, or to the names that are nearest."""

import pytest
from rdflib import Graph

from kg import names
from kg.lexicon import KINDS, Lexicon, UnknownName, fold, from_graph

TURTLE = """
@prefix cekg: <https://w3id.org/cekg/ont#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix t: <http://t.example/> .
t:ships a cekg:Industry ; skos:prefLabel "shipbuilding industry"@en, "造船业"@zh-Hans ;
    skos:altLabel "“modern” shipbuilding"@en ; skos:hiddenLabel "ships"@en .
t:fish a cekg:Industry ; skos:prefLabel "fishing"@en ; skos:altLabel "sea trade"@en .
t:port a cekg:Industry ; skos:prefLabel "port services"@en ; skos:altLabel "sea trade"@en .
t:trade a cekg:Metric ; skos:prefLabel "sea trade"@en .
t:all a cekg:IndustrySystem ; skos:prefLabel "shipbuilding industry and fishing"@en .
"""


@pytest.fixture(scope="module")
def small() -> Lexicon:
    return from_graph(Graph().parse(data=TURTLE, format="turtle"))


@pytest.mark.parametrize(
    "phrase",
    [
        "shipbuilding industry",
        "The Shipbuilding  Industry",
        "its shipbuilding industry",
        "shipbuilding\u00a0industry",
        '"Modern" shipbuilding',
        "“modern” shipbuilding",
        "SHIPS",
        "造船业",
    ],
)
def test_case_quotes_spaces_and_articles_make_no_difference(small, phrase):
    assert small.resolve(phrase, "industry") == "http://t.example/ships"


@pytest.mark.parametrize(
    ("phrase", "kind", "message"),
    [
        ("shipbilding industry", "industry", "Did you mean “shipbuilding industry”?"),
        ("mining", "metric", "Known: “sea trade”."),
        ("shipbuilding industry", "metric", "No label of a known metric is"),
        (
            "sea trade",
            "industry",
            "names http://t.example/fish and http://t.example/port. Quote a longer phrase",
        ),
        ("ship", "city", "No label of a known city"),
        ("", "industry", "No label"),
    ],
)
def test_a_phrase_that_names_nothing_or_two_things_is_refused_with_candidates(small, phrase, kind, message):
    with pytest.raises(UnknownName) as refusal:
        small.resolve(phrase, kind)
    assert message in str(refusal.value)


def test_a_name_may_stand_for_things_of_two_kinds(small):
    assert small.resolve("sea trade", "metric") == "http://t.example/trade"


def test_a_text_mentions_the_longest_names_and_hidden_ones_only_when_asked(small):
    text = "Ships: the shipbuilding industry and fishing, but no fishings."
    assert [m.span.of(text) for m in small.mentions(text, "industry")] == ["shipbuilding industry", "fishing"]
    assert small.mentions(text, "industry", hidden=True)[0].span.of(text) == "Ships"
    assert [m.span.of(text) for m in small.mentions(text, "activity")] == [
        "shipbuilding industry and fishing"
    ]
    assert small.mentions(text, "policy") == []


def test_a_letter_that_grows_in_lower_case_moves_no_mention(small):
    """İ in lower case is two characters."""
    text = "İİİ fishing"
    assert [m.span.of(text) for m in small.mentions(text, "industry")] == ["fishing"]


def test_a_thing_has_its_preferred_label_in_each_language(small):
    assert small.label("http://t.example/ships") == "shipbuilding industry"
    assert small.label("http://t.example/ships", "zh-Hans") == "造船业"
    assert small.label("http://t.example/ghost") == "ghost"


def test_no_phrase_of_the_real_ontology_names_two_things_of_a_kind(real_lexicon):
    for kind in KINDS:
        for label in real_lexicon.of_kind(kind):
            assert real_lexicon.resolve(label.text, kind) == label.iri


def test_every_kind_has_things_in_the_real_ontology(real_lexicon):
    assert [kind for kind in KINDS if not real_lexicon.of_kind(kind)] == []
    assert names.thing("city", "harbin") == real_lexicon.resolve("Harbin", "place")


@pytest.mark.parametrize(
    ("phrase", "folded"), [("The A", "a"), ("their ships", "ships"), ("Theatre", "theatre")]
)
def test_only_a_whole_article_is_dropped(phrase, folded):
    assert fold(phrase) == folded
