"""The head of every kind of page: title, description, address and languages, for whoever links here."""

from html.parser import HTMLParser

import pytest

from kg import names
from server.pages import links
from tests.server.safety import check_page

FIREFOX = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
OTHERS = ["/", "/queries", "/queries/total", "/sparql", "/ont.html", "/shape.html", "/coverage", "/quality"]
OTHERS += ["/changes", "/series/harbin", "/coverage/harbin"]


class Head(HTMLParser):
    """Title, meta elements and links of a page."""

    def __init__(self, text):
        super().__init__()
        self.meta, self.links, self.title, self._in_title = {}, [], "", False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self._in_title = tag == "title"
        if tag == "meta" and ("name" in found or "property" in found):
            name = found.get("name") or found["property"]
            assert name not in self.meta, name
            self.meta[name] = found["content"]
        if tag == "link":
            self.links.append(found)

    def handle_data(self, data):
        self.title += data if self._in_title else ""


def head(client, address, tag="en"):
    answer = client.get(address, query_string={"lang": tag}, headers=FIREFOX, follow_redirects=True)
    assert answer.status_code == 200
    check_page(answer.text)
    return Head(answer.text)


@pytest.fixture(scope="module")
def addresses(app):
    """A page of each kind."""
    things = {links.kind_of(iri): iri for iri in app.catalog.things() if iri.startswith(names.BASE)}
    return [*OTHERS, *(f"{links.local(iri)}.html" for kind, iri in things.items() if kind != "ont")]


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_every_kind_of_page_says_what_and_where_it_is_in_its_language_and_runs_nothing(
    client, addresses, tag
):
    for address in addresses:
        found = head(client, address, tag)
        assert found.meta["og:title"].strip(), address
        assert found.title.startswith(found.meta["og:title"]), address
        assert 10 <= len(found.meta["description"]) <= 320, (address, found.meta["description"])
        assert found.meta["og:description"] == found.meta["description"]
        assert "\n" not in found.meta["description"]
        (canonical,) = [each["href"] for each in found.links if each["rel"] == "canonical"]
        assert canonical == found.meta["og:url"]
        assert canonical.startswith("http://localhost/")
        assert canonical.endswith(f"?lang={tag}")
        assert found.meta["og:type"] in {"website", "article"}
        locales = {"en": "en_GB", "zh-Hans": "zh_CN"}
        assert found.meta["og:locale"] == locales.pop(tag)
        assert [found.meta["og:locale:alternate"]] == list(locales.values())


def test_a_description_is_of_its_page(client, addresses):
    """No two kinds of pages say the same of themselves, and in Chinese they say it in Chinese."""
    english, chinese = (
        [head(client, each, tag).meta["description"] for each in addresses] for tag in ("en", "zh-Hans")
    )
    assert len(set(english)) > len(addresses) / 2
    own = [text for text in chinese if any("\u4e00" <= character <= "\u9fff" for character in text)]
    assert len(own) > len(addresses) / 2


def test_a_fact_is_described_by_its_number_and_its_sentence(client):
    found = head(client, "/obs/harbin-green-agriculture-output-value-2020-growth-9-3-percent.html")
    assert "9.3" in found.meta["description"]
    assert "a year-on-year increase of 9.3 percent" in found.meta["description"]


def test_the_page_of_the_endpoint_is_in_the_language_asked_for_too(client):
    for query in ("lang=zh-Hans", "lang=zh-Hans&query=ASK+%7B%7D"):
        answer = client.get("/sparql", query_string=query, headers=FIREFOX)
        assert '<html lang="zh-Hans">' in answer.text


def test_an_error_has_no_address_to_remember(client):
    page = Head(client.get("/nothing", headers=FIREFOX).text)
    assert "og:url" not in page.meta
    assert not [each for each in page.links if each["rel"] == "canonical"]
    assert "noindex" in page.meta["robots"]


def test_the_description_of_hostile_data_is_text(sample_app):
    found = head(sample_app.test_client(), "/source/northport-news.html")
    assert found.meta["og:title"] == "News <script>alert(1)</script>"
    found = head(sample_app.test_client(), "/industry/shipbuilding.html")
    assert found.meta["og:title"] == "<b onclick='x'>ships</b> & \"boats\""
