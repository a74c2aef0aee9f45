"""Industries, groups, systems and schemes: what they are part of, their figures, their codes elsewhere."""

import pytest

from kg import names
from server.pages import industry
from server.pages.language import ENGLISH, choose

CHINESE = choose("zh")


def page(app, kind, slug, language=ENGLISH):
    other = CHINESE if language is ENGLISH else ENGLISH
    return industry.page(app.catalog, names.thing(kind, slug), language, other)


def test_an_industry_has_its_names_in_both_languages(app):
    english, chinese = page(app, "industry", "finance"), page(app, "industry", "finance", CHINESE)
    assert (english.heading.title.text, english.heading.other_title.text) == ("financial industry", "金融")
    assert (chinese.heading.title.text, chinese.heading.other_title.text) == ("金融", "financial industry")
    assert chinese.heading.title.language == ""
    assert english.heading.definition.text == "Banking, insurance and other financial services."
    assert chinese.heading.definition.text == "银行、保险及其他金融服务。"
    assert [(each.name.text, [name.text for name in each.values]) for each in english.heading.names] == [
        ("Also called", ["金融业", "金融产业"]),
        ("In context also", ["finance"]),
    ]


def test_its_figures_stand_by_city_and_metric_and_lead_to_their_sentences(app):
    (city,) = page(app, "industry", "finance").listing.cities
    (series,) = city.series
    assert (city.name.text, [name.text for name in series.names]) == ("Harbin", ["revenue"])
    assert series.href == "/series/harbin/revenue/finance"
    assert [(each.number.text, each.note, each.period, each.sources) for each in series.figures] == [
        ("85.81 billion yuan", "", "2020", 1),
        ("+2.6\u202f%", "growth", "2020", 1),
    ]
    assert series.figures[0].number.href == "/obs/harbin-finance-revenue-2020-level-85810000000-cny"


def test_a_share_a_target_and_a_conversion_say_what_they_are(app):
    system = page(app, "system", "harbin-4-plus-4").listing
    notes = {each.note for series in system.cities[0].series for each in series.figures}
    assert notes == {"", "share of investment in key industrial projects", "converted by the source"}
    agriculture = page(app, "industry", "green-agriculture").listing
    (target,) = [each for each in agriculture.cities[0].series[0].figures if each.note == "target"]
    assert (target.number.text, target.period) == ("at least 100 billion yuan", "due by 2021")


def test_a_total_counts_its_sources(app):
    system = page(app, "system", "harbin-4-plus-4").listing
    (scale,) = [each for each in system.cities[0].series if each.names[0].text == "total scale"]
    assert scale.figures[0].sources == 2


def test_what_an_industry_is_part_of_leads_up_to_the_system_with_its_sentences(app):
    relations = page(app, "industry", "finance").relations
    (kinship,) = relations.kinships
    (group,) = kinship.nodes
    (system,) = group.nodes
    assert (kinship.title, kinship.upward) == ("Part of", True)
    assert group.name.text == "Harbin's four advantageous industries"
    assert system.name.text == "Harbin's “4+4” modern industrial system"
    assert group.other.text == "优势产业"
    anchors = {quote.anchor: quote for quote in relations.quotes}
    assert {anchor for node in (group, system) for _, anchor in node.cites} == anchors.keys()
    for quote in relations.quotes:
        assert [each.text for each in quote.segments if each.marked] == ["finance"]
        assert {fact.href.split("/")[1] for fact in quote.facts} == {"relation"}


def test_a_system_consists_of_its_groups_and_these_of_their_industries(app):
    relations = page(app, "system", "harbin-4-plus-4").relations
    (kinship,) = relations.kinships
    assert (kinship.title, [len(node.nodes) for node in kinship.nodes]) == ("Consists of", [4, 4])
    assert all(node.cites for group in kinship.nodes for node in (group, *group.nodes))
    assert relations.complete


def test_a_scheme_holds_its_concepts_by_kind(app):
    found = page(app, "scheme", "harbin-4-plus-4")
    assert {each.name.text: len(each.values) for each in found.members} == {
        "industry": 8,
        "industry group": 2,
        "industry system": 1,
    }
    assert [(each.name.text, each.values[0].text) for each in found.facts] == [("Time covered", "2020/2021")]
    assert found.listing is None
    assert found.relations is None


def test_a_large_scheme_is_cut_and_the_rest_is_a_question(crowded_app, app):
    found = page(crowded_app, "scheme", "many")
    assert [len(each.values) for each in found.members] == [100]
    answer = crowded_app.test_client().get(f"{found.more_members}&format=csv")
    assert len(answer.text.splitlines()) == 1 + 120
    assert page(app, "scheme", "metrics").more_members is None


def test_codes_elsewhere_say_how_near_they_are_and_whose(crowded_app):
    found = page(crowded_app, "industry", "weaving")
    assert [(each.relation, each.target.text, each.code, each.where) for each in found.elsewhere] == [
        ("the same as", "Manufacture of textiles", "C13", "ISIC Rev. 4"),
        ("part of the broader", "C", "", "NACE of the Union"),
        ("see also", "javascript:alert(1)", "", ""),
    ]
    assert found.elsewhere[-1].target.href is None
    assert {(each.evidence, each.mapping) for each in found.elsewhere} == {(None, None)}
    assert [(each.name.text, each.values[0].text) for each in found.facts] == [
        ("Scheme", "trades"),
        ("Code", "W1"),
    ]


def test_only_the_newest_figures_are_shown_and_the_rest_is_a_question(crowded_app):
    listing = page(crowded_app, "industry", "weaving").listing
    assert (listing.count, len(listing.cities)) == (50, 50)
    years = {each.period for city in listing.cities for series in city.series for each in series.figures}
    assert years == {str(year) for year in range(2010, 2060)}
    answer = crowded_app.test_client().get(f"{listing.more}&format=csv")
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) == 1 + 60
    assert "City 59: turnover" in answer.text.splitlines()[1]


@pytest.mark.parametrize(
    ("kind", "slug"), [("industry", "weaving"), ("industry", "dyeing"), ("scheme", "trades")]
)
def test_a_page_asks_no_more_queries_however_much_it_shows(counting, kind, slug):
    crowded, real = counting("crowded"), counting("real")
    industry.page(crowded, names.thing(kind, slug), ENGLISH, CHINESE)
    industry.page(real, names.thing("industry", "finance"), ENGLISH, CHINESE)
    first = crowded.asked
    assert 0 < first <= real.asked  # what a thing has none of is not asked for
    industry.page(crowded, names.thing(kind, slug), CHINESE, ENGLISH)
    assert crowded.asked - first < first  # the newest figures and the relations were kept


@pytest.mark.parametrize("address", ["/industry/weaving", "/industry/dyeing", "/group/cloth"])
def test_markup_in_names_and_notes_comes_out_as_text(crowded_app, address):
    page = crowded_app.test_client().get(f"{address}.html").text
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "alert(1)" in page
    assert 'href="javascript:' not in page


def test_without_a_statement_a_membership_is_shown_without_a_sentence(crowded_app):
    relations = page(crowded_app, "group", "cloth").relations
    titles = [(each.title, each.nodes[0].cites) for each in relations.kinships]
    assert titles == [("Part of", ()), ("Consists of", ())]
    assert relations.quotes == ()
