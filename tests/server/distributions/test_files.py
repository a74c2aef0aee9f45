"""What is taken away is what the build wrote, whole or in the range that is asked for."""

import base64
import gzip
import hashlib
import re
import shutil
import subprocess

import pytest

from kg import resources
from kg.distributions import DISTRIBUTIONS
from kg.export import export
from server.app import create_app
from tests.server.conftest import settings_for

EACH = pytest.mark.parametrize("it", DISTRIBUTIONS, ids=lambda it: it.name)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@EACH
def test_a_file_is_sent_as_the_build_wrote_it(client, built, it):
    answer = client.get(f"/dumps/{it.file}", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, it.sent_as)
    digest = hashlib.sha256(answer.data).digest()
    assert digest.hex() == built.manifest["files"][it.path]["sha256"]
    assert answer.headers["ETag"] == f'"{digest.hex()}"'
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={it.file}"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Encoding" not in answer.headers


@EACH
def test_the_command_writes_the_same_bytes(client, snapshots, it):
    sent = client.get(f"/dumps/{it.file}", buffered=True).data
    assert b"".join(export(it.name, snapshots, packed=it.is_compressed)) == sent


def test_head_range_and_what_the_client_has_are_understood(client):
    whole = client.get("/dumps/cekg.ttl.gz", buffered=True)
    head = client.head("/dumps/cekg.ttl.gz", buffered=True)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.data))
    held = {"If-None-Match": whole.headers["ETag"]}
    assert client.get("/dumps/cekg.ttl.gz", headers=held, buffered=True).status_code == 304
    rest = client.get("/dumps/cekg.ttl.gz", headers={"Range": "bytes=100-"}, buffered=True)
    assert (rest.status_code, rest.data) == (206, whole.data[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{len(whole.data) - 1}/{len(whole.data)}"
    beyond = client.get("/dumps/cekg.ttl.gz", headers={"Range": f"bytes={len(whole.data)}-"}, buffered=True)
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole.data)}"
    assert beyond.json["detail"].startswith("The file ends before")


FILES = pytest.mark.parametrize("address", ["/dumps/cekg.ttl.gz", "/dataset/cekg.nq"])


@FILES
@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-1", "bytes=a-b", "lines=0-3", "bytes", "b=é"])
def test_a_range_that_cannot_be_given_is_passed_over(client, address, asked):
    answer = client.get(address, headers={"Range": asked}, buffered=True)
    assert (answer.status_code, "Content-Range" in answer.headers) == (200, False)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert len(answer.data) == answer.content_length


@FILES
def test_conditions_come_before_a_range(client, address):
    """Whoever goes on with a download must not get the middle of another file."""
    tag, part = client.head(address, buffered=True).headers["ETag"], {"Range": "bytes=0-9"}
    for condition, status in [
        ({"If-Match": tag}, 206),
        ({"If-Match": "*"}, 206),
        ({"If-Match": '"another"'}, 412),
        ({"If-None-Match": tag}, 304),
        ({"If-None-Match": '"another"'}, 206),
        ({"If-Range": tag}, 206),
        ({"If-Range": '"another"'}, 200),
    ]:
        answer = client.get(address, headers={**part, **condition}, buffered=True)
        assert answer.status_code == status, condition
        if status == 412:
            assert answer.json["detail"].startswith("The file is another one by now.")
    assert client.head(address, headers=part, buffered=True).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/json"])
def test_a_file_is_what_it_is_whatever_the_client_likes(client, accept):
    answer = client.get("/dumps/cekg-figures.csv", headers={"Accept": accept}, buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")


@pytest.mark.parametrize("name", ["cekg.zip", "manifest.json", "..%2fdata.nq", "cekg.ttl", "x" * 5000])
def test_another_name_is_404_with_what_there_is(client, name):
    answer = client.get(f"/dumps/{name}")
    assert answer.status_code == 404
    if "2f" not in name:
        assert "There is cekg.nq.gz, " in answer.json["detail"]
        assert answer.json["files"] == [it.file for it in DISTRIBUTIONS]
    assert client.post("/dumps/cekg.ttl.gz").status_code == 405


def test_the_checksums_are_those_that_sha256sum_reads(client, tmp_path):
    text = client.get("/dumps/SHA256SUMS").text
    assert len(text.splitlines()) == len(DISTRIBUTIONS)
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is of GNU coreutils")
    for it in DISTRIBUTIONS:
        (tmp_path / it.file).write_bytes(client.get(f"/dumps/{it.file}", buffered=True).data)
    checked = ["sha256sum", "--check", "--strict"]
    assert subprocess.run(checked, input=text.encode(), cwd=tmp_path, capture_output=True).returncode == 0
    (tmp_path / "cekg.ttl.gz").write_bytes(b"another")
    assert subprocess.run(checked, input=text.encode(), cwd=tmp_path, capture_output=True).returncode == 1


def test_a_file_that_vanished_is_503_and_says_what_to_do(snapshots, built, tmp_path):
    shutil.copytree(built.folder, tmp_path / built.id)
    (tmp_path / "CURRENT").write_text(built.id)
    app = create_app(settings_for(tmp_path, workers=1))
    try:
        (tmp_path / built.id / "dumps" / "cekg.ttl.gz").unlink()
        answer = app.test_client().get("/dumps/cekg.ttl.gz")
        assert answer.status_code == 503
        assert "missing from the snapshot" in answer.json["detail"]
        assert "kg build" in answer.json["detail"]
        assert app.test_client().get("/dumps/cekg.nq.gz", buffered=True).status_code == 200
    finally:
        app.close()


def test_the_whole_table_and_that_of_the_data_set_are_one(client):
    assert client.get("/dataset/cekg.csv").data == client.get("/dumps/cekg-figures.csv", buffered=True).data


def test_a_file_leads_to_its_page_its_catalogue_and_the_meaning_of_its_columns(client):
    links = client.get("/dumps/cekg-figures.csv", buffered=True).headers["Link"]
    for href, type_ in re.findall(r'<(/[^>]*)>; rel="[a-z]+"; type="([^"]*)"', links):
        answer = client.get(href, headers={"Accept": type_}, buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, type_), href
    assert '</dumps/cekg-figures.csv-metadata.json>; rel="describedby"' in links


def test_the_context_is_served_to_other_sites_and_is_the_file_of_the_package(client):
    answer = client.get("/context.jsonld")
    assert answer.mimetype == "application/ld+json"
    assert answer.data == (resources.ontology() / "context.jsonld").read_bytes()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/context.jsonld", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_front_page_offers_each_with_its_size_and_checksum(client, built, language):
    page = client.get("/", query_string={"lang": language}).text
    section = page.partition('id="take"')[2].partition("</section>")[0]
    for it in DISTRIBUTIONS:
        assert f'href="/dumps/{it.file}"' in section
        assert built.manifest["files"][it.path]["sha256"] in section
        assert (it.holds in section) is (language == "en")
    assert client.get("/dumps/").headers["Location"] == "/#take"
    assert client.get("/dumps").headers["Location"] == "/#take"


def test_a_graph_without_them_says_so_and_offers_none(sample_app):
    client = sample_app.test_client()
    assert 'id="take"' not in client.get("/").text
    assert "published without any" in client.get("/dumps/cekg.ttl.gz").json["detail"]
    assert client.get("/dumps/SHA256SUMS").data == b""
    assert client.get("/croissant.json").status_code == 404
    assert client.get("/llms.txt").status_code == 200


def test_compressed_files_are_gzip(client):
    assert gzip.decompress(client.get("/dumps/cekg.nq.gz", buffered=True).data)
