"""What a candidate is worth: each reason counts, for or against it, and is said."""

from dataclasses import replace

import pytest

from kg.linking.candidates import Candidate
from kg.linking.datasets import WIKIDATA
from kg.linking.ranking import rank
from kg.linking.things import Name

SETTLEMENT = WIKIDATA.space + "Q486972"
GEONAMES = WIKIDATA.codes[0].property
HARBIN = Candidate(WIKIDATA.space + "Q900000011", (Name("Harbin", "en"),))


@pytest.fixture
def judged(things):
    def judge(candidate, thing="city:harbin"):
        return next(iter(rank(things[thing], [candidate], WIKIDATA, 1)), None)

    return judge


@pytest.mark.parametrize(
    ("known", "worth"),
    [
        ({"names": (Name("Harbin", "en"), Name("哈尔滨", "zh"))}, 1),
        ({"names": (Name("harbin", "mul"),)}, 0),
        ({"names": (Name("Harbin", "en", 0.9),)}, -1),
        ({"names": (Name("Harbin city", "en"),)}, -1),
        ({"names": (Name("Harbin", ""),)}, 0),
        ({"classes": frozenset({SETTLEMENT})}, 1),
        ({"classes": frozenset()}, -1),
        ({"classes": frozenset(), "types": ("song",)}, -1),
        ({"places": frozenset({WIKIDATA.space + "Q19206", WIKIDATA.space + "Q148"})}, 1),
        ({"places": frozenset({WIKIDATA.space + "Q148"})}, -1),
        ({"places": frozenset({WIKIDATA.space + "Q900000014"})}, -1),
        ({"codes": frozenset({(GEONAMES, "2037013")})}, 1),
        ({"codes": frozenset({(GEONAMES, "1")})}, -1),
        ({"same": frozenset({"https://w3id.org/cekg/city/harbin"})}, 1),
        ({"score": 50.0}, 1),
    ],
)
def test_each_reason_counts_and_is_said(judged, known, worth):
    plain, other = judged(HARBIN), judged(replace(HARBIN, **known))
    more = round(other.score - plain.score, 6)
    assert (more > 0) - (more < 0) == worth
    assert other.reasons != plain.reasons


@pytest.mark.parametrize(
    ("name", "predicate", "justification"),
    [
        (Name("Harbin", "en"), "owl:sameAs", "semapv:LexicalMatching"),
        (Name("HARBIN", "en", 0.9), "owl:sameAs", "semapv:LexicalMatching"),
        (Name("Harbins", "en"), "skos:closeMatch", "semapv:LexicalSimilarityThresholdMatching"),
    ],
)
def test_what_is_merely_alike_is_not_the_same(judged, name, predicate, justification):
    proposal = judged(replace(HARBIN, names=(name,)))
    assert (proposal.predicate, proposal.justification) == (predicate, justification)


def test_a_word_that_names_a_thing_in_context_alone_does_not_make_it_the_same(judged):
    tourism = replace(HARBIN, names=(Name("tourism", "en"),))
    proposal = judged(tourism, "industry:culture-tourism")
    assert proposal.predicate == "skos:closeMatch"
    assert proposal.reasons == ("Its name “tourism” (en) is a word that ours goes by in context.",)
    cny = judged(replace(HARBIN, names=(Name("CNY", "en"),)), "unit:CCY_CNY")
    assert cny.predicate == "skos:closeMatch"


@pytest.mark.parametrize(
    "name", [Name("Harbin", "fr"), Name("Kharbin Beer", "en"), Name("", "en"), Name("“”", "en")]
)
def test_what_is_called_otherwise_is_not_proposed(judged, name):
    assert judged(replace(HARBIN, names=(name,))) is None
