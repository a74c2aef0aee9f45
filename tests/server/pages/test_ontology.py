"""The ontology as a reference."""

from server.pages import ontology
from server.pages.language import ENGLISH, choose


def test_every_term_of_the_ontology_has_a_place_with_its_name(app):
    page = ontology.page(app.catalog, ENGLISH, choose("zh"))
    assert [section.title for section in page.sections] == ["Classes", "Properties", "Values"]
    terms = [term for section in page.sections for term in section.terms]
    assert len(terms) == len({term.anchor for term in terms}) > 100
    assert all(term.label.text and term.other and term.definition for term in terms)
    assert not any(term.definition.language for term in terms)
