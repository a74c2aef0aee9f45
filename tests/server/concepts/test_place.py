"""Regions and countries: what lies where, with the sentences that say so."""

from kg import names
from server.pages import city, place
from server.pages.language import ENGLISH, choose


def page(app, kind, slug):
    return place.page(app.catalog, names.thing(kind, slug), ENGLISH, choose("zh"))


def test_a_region_says_where_it_lies_and_what_its_capital_is(app):
    found = page(app, "region", "heilongjiang")
    told = {each.title: [node.name.text for node in each.nodes] for each in found.relations.kinships}
    assert told == {"Capital": ["Harbin"], "Lies in": ["China"]}
    assert {quote.segments[0].text for quote in found.relations.quotes} == {
        "Harbin, capital of China's northernmost Heilongjiang province",
        "China's northernmost Heilongjiang province",
    }


def test_a_country_knows_its_cities_with_figures_at_any_depth(app):
    found = page(app, "country", "china")
    assert [each.text for each in found.cities] == ["Harbin"]
    assert {each.where for each in found.elsewhere} == {"Wikidata", "GeoNames"}
    assert {each.relation for each in found.elsewhere} == {"the same as"}
    assert {each.evidence.text for each in found.elsewhere} == {
        "The item is the state.",
        "GeoNames 1814991 is the country.",
    }
    assert {each.mapping.text for each in found.elsewhere} == {"matched by hand, 21 November 2026"}


def test_a_link_leads_to_its_evidence_and_says_in_which_language_that_is(app):
    page = app.test_client().get("/country/china.html?lang=zh-Hans").text
    said = '<span lang="en">The item is the state.</span> <a href="/mapping/country-china-wikidata-q148">'
    assert f"{said}人工匹配，2026年11月21日</a>" in page
    mapping = app.test_client().get("/mapping/country-china-wikidata-q148.html").text
    assert "The item is the state." in mapping
    assert "http://www.wikidata.org/entity/Q148" in mapping


def test_ranks_among_its_places_are_listed(app):
    found = page(app, "region", "northeast-china")
    (series,) = found.listing.cities[0].series
    assert (series.figures[0].number.text, series.figures[0].note) == ("rank 1", "in Northeast China")
    assert found.relations is None


def test_many_cities_are_cut_and_the_rest_is_a_question(crowded_app):
    found = page(crowded_app, "country", "farland")
    assert len(found.cities) == 50
    assert found.more_cities
    answer = crowded_app.test_client().get(f"{found.more_cities}&format=csv")
    assert len(answer.text.splitlines()) == 1 + 60
    shown = crowded_app.test_client().get("/country/farland.html").text
    assert shown.count("<li>City") == 0
    assert len(shown) < 50_000


def said(found):
    return {each.name.text: [value.text for value in each.values] for each in found.reference.properties}


def test_reference_data_are_shown_apart_with_their_licence(app):
    found = page(app, "country", "china")
    assert said(found) == {
        "ISO 3166-1 alpha-2 code": ["CN"],
        "ISO 3166-1 alpha-3 code": ["CHN"],
        "ISO 3166-1 numeric code": ["156"],
    }
    shown = app.test_client().get("/country/china.html?lang=zh-Hans").text
    assert "来自参考数据，而非来自文章。" in shown
    assert '<span lang="en">Contains data from GeoNames' in shown
    assert '<a href="https://creativecommons.org/licenses/by/4.0/" rel="license">' in shown
    assert page(app, "region", "northeast-china").reference is None


def test_a_city_shows_where_it_is_on_the_map_in_the_words_of_the_reader(app):
    harbin = names.thing("city", "harbin")
    english, chinese = (
        city.page(app.catalog, harbin, *each) for each in ((ENGLISH, choose("zh")), (choose("zh"), ENGLISH))
    )
    assert said(english) == {
        "GB/T 2260 code": ["230100"],
        "in region": ["Heilongjiang"],
        "in country": ["China"],
        "Coordinates": ["45.75° N, 126.65° E"],
    }
    assert said(chinese)["坐标"] == ["北纬45.75°，东经126.65°"]
    shown = app.test_client().get("/city/harbin.html").text
    assert '"geo": {"@type": "GeoCoordinates", "latitude": 45.75, "longitude": 126.65}' in shown
    assert '{"@type": "PropertyValue", "propertyID": "Gbt2260", "value": "230100"}' in shown
