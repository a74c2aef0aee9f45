"""What machines read that are no browsers: the map of the site, robots.txt, llms.txt."""

import re
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from rdflib.plugins.sparql import prepareQuery

from kg import names, resources
from server.machines import sitemap
from server.pages import links

HERE = "http://localhost"
SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture(scope="module")
def mapped(app):
    """Every address of the map, with its versions in the languages."""
    client = app.test_client()
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    assert index.tag == f"{SITE}sitemapindex"
    found = {}
    for part in index.iter(f"{SITE}loc"):
        urls = ElementTree.fromstring(client.get(part.text.removeprefix(HERE)).data)
        for url in urls.iter(f"{SITE}url"):
            found[url.find(f"{SITE}loc").text] = {
                each.get("hreflang"): each.get("href") for each in url.iter(LINK)
            }
    return found


def test_every_thing_that_people_look_for_is_on_the_map_in_each_language(app, mapped):
    for iri in set(app.catalog.things()) - {names.ONTOLOGY}:
        expected = links.kind_of(iri) in sitemap.KINDS
        for tag in ("en", "zh-Hans"):
            assert (f"{HERE}{links.local(iri)}.html?lang={tag}" in mapped) is expected, iri
    assert f"{HERE}/queries/total?lang=en" in mapped
    assert {"city", "obs", "source", "policy"} <= sitemap.KINDS
    assert "reading" not in sitemap.KINDS


def test_the_versions_of_a_page_name_each_other_and_themselves(mapped):
    for address, versions in mapped.items():
        assert set(versions) == {"en", "zh-Hans"}
        assert address in versions.values()
        assert all(mapped[each] == versions for each in versions.values())


def test_every_address_on_the_map_is_a_page_that_calls_itself_by_it(client, mapped):
    by_kind = {re.sub(r"[^/]*$", "", address) + address[-2:]: address for address in mapped}
    assert len(by_kind) > 20
    for address in by_kind.values():
        answer = client.get(address.removeprefix(HERE), headers={"Accept": "text/html"})
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), address
        assert f'<link rel="canonical" href="{address}">' in answer.text


def test_every_page_without_a_thing_is_on_the_map(app, client, mapped):
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in rule.methods:
            continue
        answer = client.get(rule.rule, headers={"Accept": "text/html"}, buffered=True)
        is_page = (answer.status_code, answer.mimetype) == (200, "text/html")
        if is_page and 'name="robots" content="noindex"' not in answer.text:
            assert f"{HERE}{rule.rule}?lang=en" in mapped, f"{rule.rule} belongs into sitemap.PAGES"


def test_a_large_map_has_parts_within_the_limit(monkeypatch):
    monkeypatch.setattr(sitemap, "LARGEST", 6)
    addresses = [f"/city/{n}.html" for n in range(7)]
    index = ElementTree.fromstring("".join(sitemap.index(len(addresses), "https://x.example/&")))
    parts = [each.text for each in index.iter(f"{SITE}loc")]
    assert parts == [f"https://x.example/&/sitemap-{n}.xml" for n in (1, 2, 3)]
    sizes = [
        len(list(ElementTree.fromstring("".join(sitemap.part(iter(addresses), n, "x"))).iter(f"{SITE}url")))
        for n in (1, 2, 3)
    ]
    assert sizes == [6, 6, 2]


@pytest.mark.parametrize(
    "address",
    [
        "/sitemap-0.xml",
        "/sitemap-2.xml",
        "/sitemap-x.xml",
        f"/sitemap-{'9' * 400}.xml",
        f"/sitemap-{'9' * 5000}.xml",
    ],
)
def test_a_part_that_there_is_not_is_404(client, address):
    assert client.get(address).status_code == 404


def test_the_map_is_kept_until_the_next_snapshot(client):
    for address in ("/sitemap.xml", "/sitemap-1.xml", "/robots.txt", "/llms.txt"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_crawlers_may_read_everything_but_what_has_no_end(client):
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    for address in (
        "/",
        "/city/harbin.html?lang=en",
        "/sparql",
        "/dataset/cekg.nq",
        "/queries/total",
        "/llms.txt",
    ):
        assert robots.can_fetch("*", HERE + address), address
    for address in ("/sparql?query=ASK%20%7B%7D", "/search?q=x", "/resolve?iri=x", "/metrics"):
        assert not robots.can_fetch("*", HERE + address), address
    assert robots.site_maps() == [f"{HERE}/sitemap.xml"]


def test_an_assistant_learns_what_this_is_how_to_ask_and_how_to_cite(client, built):
    text = client.get("/llms.txt").text
    assert text.startswith("# City Economy Knowledge Graph\n\n> ")
    assert all(f"({HERE}/queries/{example.slug})" in text for example in resources.examples())
    assert built.id in text
    assert "CC BY 4.0" in text


def test_every_link_of_llms_txt_answers(client):
    text = client.get("/llms.txt").text
    found = re.findall(r"\]\(http://localhost(/[^)]*)\)", text)
    assert len(found) > 20
    for address in found:
        assert client.get(address, follow_redirects=True, buffered=True).status_code == 200, address


def test_the_query_in_llms_txt_runs_and_reads_as_it_stands(client):
    (query,) = re.findall(r"```sparql\n(.*?)```", client.get("/llms.txt").text, re.DOTALL)
    rows = client.get("/sparql", query_string={"query": query, "format": "json"}).json["results"]["bindings"]
    assert len(rows) > 10
    prepareQuery(query, initNs=names.PREFIXES)


def test_the_public_address_is_the_one_that_is_set(snapshots):
    from server.app import create_app
    from tests.server.conftest import settings_for

    app = create_app(settings_for(snapshots, workers=1, base="https://data.example"))
    try:
        for address in ("/sitemap.xml", "/sitemap-1.xml", "/robots.txt", "/llms.txt", "/city/harbin.html"):
            text = app.test_client().get(address).text
            assert "https://data.example/" in text
            assert HERE not in text
    finally:
        app.close()
