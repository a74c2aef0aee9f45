"""Organizations: publisher, reporter and issuer told apart."""

from kg import names
from server.pages import organization
from server.pages.language import ENGLISH, choose


def page(app, slug):
    return organization.page(app.catalog, names.thing("organization", slug), ENGLISH, choose("zh"))


def roles(found):
    return [role.text for each in found.facts for role in each.values]


def test_a_publisher_has_its_sources_the_newest_first(app):
    found = page(app, "e-my399")
    assert roles(found) == ["publisher"]
    assert [each.date for each in found.sources] == ["2021-08-04", "2021-03-30"]
    assert (found.listing, found.reported, found.issued) == (None, (), ())


def test_a_name_that_both_languages_share_stands_once(app):
    assert page(app, "e-my399").heading.other_title is None
    assert page(app, "harbin-development-and-reform-commission").heading.other_title is not None


def test_a_reporter_has_the_figures_whose_sentence_names_it(app):
    found = page(app, "harbin-development-and-reform-commission")
    assert roles(found) == ["reporter"]
    (series,) = found.listing.cities[0].series
    assert [each.number.text for each in series.figures] == [
        "621.37 billion yuan",
        "93.23 billion US dollars",
    ]


def test_an_issuer_has_its_policies_and_what_it_reported_beside_figures(crowded_app):
    found = page(crowded_app, "ministry")
    assert roles(found) == ["reporter", "issuer"]
    assert [each.href for each in found.issued] == ["/policy/guilds"]
    assert found.listing is None
    assert {each.href for each in found.reported} == {"/policy/guilds", "/recognition/guilds-model"}


def test_one_that_does_nothing_here_has_no_role(app):
    assert page(app, "cekg-authors").facts == ()


def test_many_sources_are_cut_and_markup_in_titles_comes_out_as_text(crowded_app):
    found = page(crowded_app, "gazette")
    assert (len(found.sources), found.sources[0].day) == (50, "6 May 2059")
    assert crowded_app.test_client().get(found.more_sources).status_code == 200
    shown = crowded_app.test_client().get("/organization/gazette.html").text
    assert "News <b>" not in shown
    assert "<img src=x" not in shown
    assert "News &lt;b&gt;59&lt;/b&gt;" in shown
