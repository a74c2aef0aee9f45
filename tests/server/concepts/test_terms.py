"""The ontology as a reference, where terms are deprecated, reversed, aligned and hostile."""

from server.pages import ontology
from server.pages.language import ENGLISH, choose


def terms(app):
    found = ontology.page(app.catalog, ENGLISH, choose("zh"))
    return {
        term.anchor: term for section in found.sections for group in section.groups for term in group.terms
    }


def details(term):
    return {each.name: [value.text for value in each.values] for each in term.details}


def test_a_deprecated_term_says_so_and_what_replaces_it(crowded_app):
    old = terms(crowded_app)["Old"]
    assert (old.deprecated, details(old)) == (True, {"Replaced by": ["cekg:Industry"]})
    shown = crowded_app.test_client().get("/ont.html").text
    assert '<strong class="deprecated">deprecated</strong>' in shown


def test_terms_of_ours_and_of_others_are_told_apart(crowded_app):
    found = terms(crowded_app)
    assert details(found["Industry"]) == {
        "Within": ["cekg:Thing"],
        "a kind of": ["skos:Concept"],
        "the same as": ["example.org Trade"],
    }
    assert details(found["holds"]) == {"Of": ["cekg:Thing"], "The reverse of": ["cekg:partOf"]}
    assert details(found["near"]) == {"Wider than": ["cekg:partOf"]}


def test_a_term_without_a_definition_has_its_place(crowded_app):
    assert terms(crowded_app)["near"].definition is None


def test_where_nothing_was_counted_nothing_is_said(crowded_app):
    assert {term.uses for term in terms(crowded_app).values()} == {""}


def test_properties_stand_by_their_class_those_of_none_last(crowded_app):
    found = ontology.page(crowded_app.catalog, ENGLISH, choose("zh"))
    (properties,) = [section for section in found.sections if section.title == "Properties"]
    assert [group.title and group.title.text for group in properties.groups] == [
        "cekg:Thing",
        "cekg:Industry",
        None,
    ]


def test_markup_in_labels_comes_out_as_text(crowded_app):
    shown = crowded_app.test_client().get("/ont.html").text
    assert "<img src=x" not in shown
    assert "alert(1)" in shown
