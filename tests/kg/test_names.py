"""IRIs are made in one place, and only good ones."""

import pytest

from kg import names


@pytest.mark.parametrize(
    "slug", ["", "Harbin", "a.b", "a/b", "a b", "-a", "a-", "a--b", "哈尔滨", "a#b", "a?b"]
)
def test_a_slug_is_flat_small_letters_digits_and_hyphens(slug):
    with pytest.raises(ValueError, match="no name of ours"):
        names.thing("city", slug)


def test_an_unknown_type_of_thing_is_refused():
    with pytest.raises(ValueError, match="no name of ours"):
        names.thing("town", "harbin")


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/cekg/ont#City", "cekg:City"),
        ("https://w3id.org/cekg/obs/a-1", "obs:a-1"),
        ("http://qudt.org/vocab/unit/CCY_CNY", "unit:CCY_CNY"),
        ("http://elsewhere.example/a", "http://elsewhere.example/a"),
        ("https://w3id.org/cekg/city/a/b", "https://w3id.org/cekg/city/a/b"),
        ("9.3", "9.3"),
    ],
)
def test_an_iri_is_shortened_only_where_a_prefix_fits(iri, short):
    assert names.compact(iri) == short


def test_no_two_prefixes_differ_only_in_case():
    assert len({prefix.lower() for prefix in names.PREFIXES}) == len(names.PREFIXES)
