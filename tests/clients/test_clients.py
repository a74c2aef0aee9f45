"""In CI every client is there, and the answers that they are held to hold something."""

import json
from collections import Counter

import pytest

from tests.clients.clients import CLIENTS, HERE, IN_CI


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_in_ci_no_client_is_missing_and_no_test_is_skipped(client):
    assert client.is_here() or not IN_CI, client.install


def test_the_figures_hold_every_kind_of_term(figures):
    kinds = Counter(term and term[1].rpartition("#")[2] for row in figures.answer for term in row)
    assert set(kinds) == {"iri", "en", "zh-hans", "decimal", "integer", "date", None}
    assert figures.answer.total() > 20


def test_the_other_questions_have_answers_too(question):
    assert question("yes").answer is True
    assert question("no").answer is False
    assert len(question("names").answer) > 20
    assert len(question("harbin").answer) > 5


def test_every_npm_package_is_locked_with_its_hash_and_no_registry_is_named():
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]
    assert len(packages) > 100
    assert all(package["integrity"].startswith("sha512-") for package in packages)
    assert not any("resolved" in package for package in packages)
