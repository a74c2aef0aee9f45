"""Every sentence and every number of an article is a fact, or left out for a reason."""

import pytest

from kg.facts import REASONS

TEXT = "Revenue was 5 yuan. Eight ships sank. All was well."
FACT = "facts:\n  - quote: Revenue was 5 yuan\n    metric: Revenue\n    value: 5 yuan\n"
LEFT = "not loaded:\n  another subject:\n    - Eight ships sank.\n  no figure:\n    - All was well.\n"


def test_an_article_is_accounted_for(desk):
    coverage = desk.account(TEXT, FACT + LEFT)
    text = coverage.source.text
    assert (coverage.missing_sentences, coverage.missing_numbers) == ([], [])
    assert [span.of(text) for span in coverage.numbers] == ["2022", "02", "10", "5", "Eight"]
    assert [span.of(text) for span in coverage.quotes] == ["Revenue was 5 yuan"]
    assert [(left.span.of(text), left.reason) for left in coverage.left] == [
        ("Eight ships sank.", "another subject"),
        ("All was well.", "no figure"),
    ]


REFUSED = {
    "a sentence": (
        LEFT.replace("All was well.", "Updated"),
        "The sentence “All was well.” is unaccounted for",
    ),
    "a sentence with a number": (
        LEFT.replace("Eight ships sank.", "ships"),
        "yuan. Eight ships sank. All was well.…” is unaccounted for: state it in a fact",
    ),
    "all of it at once": ("", "The sentence “Eight ships sank.” is unaccounted for"),
    "an exclusion that is not there": (
        LEFT.replace("All was well", "All is well"),
        "article.yaml:11: The article does not say “All is well.”. It says “All was well.”.",
    ),
    "an exclusion that stands there twice": (
        LEFT.replace("All was well.", "was"),
        "article.yaml:11: “was” stands there 2 times.",
    ),
    "an exclusion of a value": (
        LEFT.replace("Eight ships sank.", "was 5 yuan. Eight ships sank."),
        "article.yaml:9: “5 yuan” is loaded by a fact and also listed as not loaded. Decide for one.",
    ),
    "a number as no figure": (
        "not loaded:\n  no figure:\n    - Eight ships sank.\n    - All was well.\n",
        "article.yaml:9: “Eight” is a number, so the reason cannot be “no figure”.",
    ),
}


@pytest.mark.parametrize(("left", "message"), [*REFUSED.values()], ids=[*REFUSED])
def test_what_is_not_accounted_for_is_refused(desk, left, message):
    assert message in desk.faults(TEXT, FACT + left)


def test_all_that_is_missing_is_said_at_once(desk):
    assert len(desk.faults(TEXT, FACT).splitlines()) == 3


def test_a_number_in_a_name_is_accounted_for_by_the_fact(desk):
    text = "Seaford has contracted projects of more than 10 million yuan each: 7 in all."
    fact = (
        f"facts:\n  - quote: '{text.removesuffix(' in all.')}'\n"
        "    metric: contracted projects of more than 10 million yuan each\n    value: '7'\n"
    )
    assert desk.account(text, fact).missing_numbers == []


@pytest.mark.parametrize("reason", [reason for reason in REASONS if reason != "no figure"])
def test_a_number_may_be_left_out_for_any_other_reason(desk, reason):
    assert desk.account(TEXT, FACT + LEFT.replace("another subject", reason)).left[0].reason == reason


def test_the_real_articles_are_accounted_for(assembly):
    for coverage in assembly.coverage:
        assert (coverage.missing_sentences, coverage.missing_numbers) == ([], [])
        assert coverage.numbers
