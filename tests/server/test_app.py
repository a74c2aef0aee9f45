"""The application as a whole: what every answer carries, and how faults are told."""

import gzip
import hashlib
import re

import pytest

from server.app import create_app
from tests.server.conftest import settings_for
from tests.server.safety import check_page

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ADDRESSES = [
    "/",
    "/health",
    "/queries",
    "/sparql",
    "/ont.html",
    "/city/harbin.html",
    "/city/harbin.ttl",
    "/nothing",
]


@pytest.mark.parametrize("address", [*ADDRESSES, "/static/style.css", "/sparql?query=nonsense"])
def test_every_answer_is_safe_to_show_and_open_to_other_sites(client, address):
    headers = client.get(address, headers={"Accept": FIREFOX}, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy or address == "/sparql"  # tests/server/questions says why
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in headers
    assert headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "address", ["/", "/queries", "/sparql", "/ont.html", "/city/harbin.html", "/nothing"]
)
def test_no_page_has_script_or_style_of_its_own(client, address):
    check_page(client.get(address, headers={"Accept": FIREFOX}).text)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/nothing", 404), ("/city/nowhere", 404), ("/queries/nothing", 404), ("/sparql?query=nonsense", 400)],
)
def test_a_fault_is_a_problem_document_for_programs_and_a_page_for_browsers(client, address, status):
    for_program = client.get(address)
    assert (for_program.status_code, for_program.content_type) == (status, "application/problem+json")
    assert for_program.json["status"] == status
    assert for_program.json["detail"].endswith((".", ". "))
    for_browser = client.get(address, headers={"Accept": FIREFOX})
    assert (for_browser.status_code, for_browser.mimetype) == (status, "text/html")
    assert "<h1>" in for_browser.text


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("DELETE", "/sparql", {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}),
        ("PUT", "/sparql", {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}),
        ("POST", "/", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/city/harbin", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_wrong_method_is_405_and_says_which_are_right(client, method, address, allowed):
    answer = client.open(address, method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("address", ["/", "/sparql", "/sparql/", "/city/harbin", "/queries/anything"])
def test_options_is_204_with_everything_a_preflight_asks(client, address):
    answer = client.options(
        address, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 204
    assert not answer.data
    assert "GET" in answer.headers["Allow"]
    assert answer.headers["Access-Control-Allow-Methods"] == answer.headers["Allow"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_another_release_has_other_etags_since_it_may_write_the_same_answer_in_another_way(
    snapshots, monkeypatch
):
    tags = []
    for release in ("1.0.0", "1.0.0", "1.0.1"):
        monkeypatch.setattr("server.app.version", lambda _, release=release: release)
        app = create_app(settings_for(snapshots, workers=1))
        try:
            answer = app.test_client().get("/sparql", query_string={"query": "DESCRIBE city:harbin"})
            tags.append(answer.headers["ETag"])
        finally:
            app.close()
    assert tags[0] == tags[1] != tags[2]


def test_too_large_a_body_is_413(snapshots):
    app = create_app(settings_for(snapshots, workers=1, largest_request=1000))
    try:
        answer = app.test_client().post("/sparql", data="x" * 1001, content_type="application/sparql-query")
    finally:
        app.close()
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


def test_a_fault_of_ours_is_500_and_tells_nothing_of_the_inside(snapshots, caplog):
    app = create_app(settings_for(snapshots, workers=1))
    try:
        app.add_url_rule("/fails", view_func=lambda: 1 / 0)
        answer = app.test_client().get("/fails")
    finally:
        app.close()
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_two_applications_live_side_by_side(app, sample_app):
    assert "Harbin" in app.test_client().get("/").text
    assert "Northport" in sample_app.test_client().get("/").text
    assert app.test_client().get("/city/northport.html").status_code == 404


@pytest.mark.parametrize(
    "address", ["/", "/industry/shipbuilding.html", "/source/northport-news.html", "/city/northport.html"]
)
def test_markup_in_the_data_comes_out_as_text(sample_app, address):
    page = sample_app.test_client().get(address).text
    check_page(page)
    assert "<script>" not in page
    assert "<b onclick" not in page


def test_markup_in_a_query_comes_out_as_text(client):
    hostile = (
        "SELECT ('<script>alert(1)</script>' AS ?x) (<javascript:alert(1)> AS ?y) {} #</textarea><script>"
    )
    page = client.get("/sparql", query_string={"query": hostile}, headers={"Accept": FIREFOX}).text
    check_page(page)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page


def test_health_names_the_snapshot(client, built):
    assert client.get("/health").json == {
        "status": "ok",
        "snapshot": built.id,
        "quads": built.manifest["quads"],
    }


def test_a_browser_that_asks_the_endpoint_too_much_sees_a_page_that_says_so(snapshots):
    app = create_app(settings_for(snapshots, workers=1, rate_limit=1, burst=1))
    try:
        client, headers = app.test_client(), {"Accept": "text/html,*/*;q=0.8"}
        answers = [client.get("/sparql?query=ASK%7B%7D", headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 429]
        assert answers[1].mimetype == "text/html"
        assert int(answers[1].headers["Retry-After"]) > 0
        assert "1 requests a minute" in answers[1].text
    finally:
        app.close()


@pytest.mark.parametrize(
    ("address", "there"),
    [("/city/harbin/", "/city/harbin"), ("/ont/?lang=zh", "/ont?lang=zh"), ("/coverage/", "/coverage")],
)
def test_a_slash_too_many_leads_to_the_address_without(client, address, there):
    answer = client.get(address)
    assert (answer.status_code, answer.location) == (308, there)


def test_a_changed_script_or_style_has_another_address(client):
    """Browsers keep these files for an hour; a new page must not meet an old script."""
    loads = re.findall(
        r'(?:src|href)="(/static/[^"]+)"', client.get("/sparql", headers={"Accept": FIREFOX}).text
    )
    assert {path.partition("?")[0] for path in loads} >= {"/static/style.css", "/static/search.js"}
    for path in loads:
        content = client.get(path, buffered=True).data
        assert path.partition("?v=")[2] == hashlib.sha256(content).hexdigest()[:8], path


@pytest.mark.parametrize("path", ["/nothing/", "//example.org/", "/\\city/", "/static/"])
def test_a_slash_too_many_leads_nowhere_else(client, path):
    answer = client.get("/", environ_overrides={"PATH_INFO": path})
    assert (answer.status_code, answer.location) == (404, None)


def test_a_slash_too_many_leads_to_no_other_host(client):
    answer = client.get("/", environ_overrides={"PATH_INFO": "//city/harbin/"})
    assert answer.location == "/city/harbin", "//city would be the host city (RFC 3986, 4.2)"


@pytest.mark.parametrize(
    "address",
    [
        "/city/harbin.html",
        "/city/harbin.jsonld",
        "/city/harbin.nt",
        "/static/style.css",
        "/sparql",
        "/.well-known/void",
        "/.well-known/sparql-examples",
        "/catalog",
    ],
)
def test_who_asks_for_gzip_gets_the_same_in_a_fraction_of_the_bytes(client, address):
    plain = client.get(address, buffered=True)
    small = client.get(address, headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < 0.4 * len(plain.data)
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.headers["Content-Length"] == str(len(small.data))
    assert "Content-Encoding" not in plain.headers
    assert all("Accept-Encoding" in each.headers["Vary"] for each in (plain, small))


@pytest.mark.parametrize("address", ["/city/harbin.html", "/static/style.css", "/.well-known/void"])
def test_plain_and_gzip_have_etags_of_their_own_and_each_is_recognised(client, address):
    tags = {}
    for coding in ("identity", "gzip"):
        asked = {"Accept-Encoding": coding}
        tags[coding] = client.get(address, headers=asked, buffered=True).headers["ETag"]
        again = client.get(address, headers={**asked, "If-None-Match": tags[coding]}, buffered=True)
        assert (again.status_code, again.data) == (304, b"")
    assert tags["identity"] != tags["gzip"]


def test_a_part_of_a_file_is_a_part_of_its_plain_bytes(client):
    asked = {"Accept-Encoding": "gzip", "Range": "bytes=0-99"}
    part = client.get("/static/style.css", headers=asked, buffered=True)
    assert (part.status_code, len(part.data)) == (206, 100)
    assert "Content-Encoding" not in part.headers
