"""The ontology as a reference."""

import re

import pytest

from kg import names
from server.pages import ontology
from server.pages.language import ENGLISH, choose

CHINESE = choose("zh")


@pytest.fixture(scope="module")
def page(app):
    return ontology.page(app.catalog, ENGLISH, CHINESE)


def terms_of(page):
    def all_of(terms):
        for term in terms:
            yield term
            yield from all_of(term.terms)

    return {t.anchor: t for s in page.sections for g in s.groups for t in all_of(g.terms)}


def details(term):
    return {each.name: [value.text for value in each.values] for each in term.details}


def test_every_term_has_a_place_with_its_name_both_labels_and_both_definitions(app, page, built):
    terms = terms_of(page)
    text = (built.folder / "data.nq").read_text(encoding="utf-8")
    defined = set(re.findall(r"<https://w3id.org/cekg/ont#(\w+)> <[^>]*isDefinedBy>", text))
    assert terms.keys() == defined
    assert all(term.label.text and term.other.text for term in terms.values())
    assert not any(term.definition.language for term in terms.values())
    assert {term.other_definition.language for term in terms.values()} == {"zh-hans"}


def test_in_chinese_the_chinese_words_come_first(app):
    terms = terms_of(ontology.page(app.catalog, CHINESE, ENGLISH))
    assert (terms["City"].label.text, terms["City"].other.text) == ("城市", "city")
    assert terms["City"].definition.text.startswith("以城市之名")
    assert terms["City"].other_definition.language == "en"


def test_the_page_has_an_anchor_for_every_term_and_weighs_little(client, page):
    for language in ("en", "zh-Hans"):
        answer = client.get(f"/ont.html?lang={language}")
        ids = re.findall(r'id="([^"]+)"', answer.text)
        assert len(ids) == len(set(ids))
        assert terms_of(page).keys() < set(ids)
        assert len(answer.data) < 150_000
        inside = set(re.findall(r'href="#([^"]+)"', answer.text))
        assert inside <= {*ids, "main"}


def test_sections_tree_and_closed_lists(page):
    assert [section.title for section in page.sections] == [
        "Classes",
        "Properties",
        "Closed lists",
        "Other terms",
    ]
    roots = {branch.label: branch for branch in page.tree}
    assert [each.label for each in roots["place"].branches] == ["city", "country", "region"]
    lists = {each.label: each.values for each in page.lists}
    assert lists["comparison"] == 7
    assert not lists.keys() & roots.keys()
    terms = terms_of(page)
    assert {each.anchor for each in terms["TemporalNature"].terms} == {"Flow", "Stock"}


def test_a_property_says_whose_it_is_where_it_leads_and_what_others_call_it(page):
    assert details(terms_of(page)["partOf"]) == {
        "Of": ["cekg:EconomicActivity"],
        "Leads to": ["cekg:EconomicActivity"],
        "a kind of": ["dcterms:isPartOf", "skos:broader"],
    }
    assert details(terms_of(page)["value"])["a kind of"] == ["SDMX obsValue", "schema:value"]
    assert "At most one value" in details(terms_of(page)["role"])


def test_an_example_is_a_real_thing_or_statement(app, client, page):
    terms = terms_of(page)
    assert [each.text for each in terms["City"].example] == ["Harbin"]
    assert [each.text for each in terms["capitalOf"].example] == ["Harbin", "Heilongjiang"]
    assert len(terms["Flow"].example) == 1
    assert terms["Comparison"].example == ()  # its only things are the values that are listed below it
    assert terms["sourceText"].example == ()
    for href in {each.href for term in terms.values() for each in term.example if each.href}:
        if href.startswith("/"):
            assert client.get(f"{href}.html").status_code in {200, 303}


def test_how_often_a_term_is_used_is_what_the_build_counted(app, page):
    terms = terms_of(page)
    assert (terms["City"].uses, terms["capitalOf"].uses) == ("1 thing", "1 statement")
    assert terms["Sourced"].uses == "not used by itself"
    (row,) = [
        r
        for r in app.catalog.select("partitions", dataset=names.DATASET)
        if r.text("term") == names.term("Metric")
    ]
    assert terms["Metric"].uses == f"{row.whole('things')} things"


def test_a_snapshot_without_an_ontology_has_the_page_all_the_same(sample_app):
    found = ontology.page(sample_app.catalog, ENGLISH, CHINESE)
    assert (found.sections, found.version, found.description) == ((), "", None)
    assert sample_app.test_client().get("/ont.html").status_code == 200


def test_the_reference_is_laid_out_once_for_a_snapshot_and_a_language(app):
    assert ontology.page(app.catalog, ENGLISH, CHINESE) is ontology.page(app.catalog, ENGLISH, CHINESE)
