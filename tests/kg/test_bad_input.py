"""Whatever is wrong with the data, `kg check` says it in one go: file, line, phrase, and what is nearest."""

import pytest

from kg import build
from kg.faults import DataFault

FACTS, OTHER = "facts/e-my399-2021-03-30.yaml", "facts/e-my399-2021-08-04.yaml"
SOURCE = "sources/e-my399-2021-03-30.yaml"

CASES = {
    "not YAML": (FACTS, "facts:", "facts: [", "This is not YAML: "),
    "an unknown key": (FACTS, "growth: a", "grwoth: a", "“grwoth” is no key here. Did you mean “growth”?"),
    "a quote that is not there": (
        FACTS,
        "quote: The modern logistics industry accelerated",
        "quote: The modern logistics industry decelerated",
        "It says “The modern logistics industry accelerated upgrading and achieved annual revenue",
    ),
    "an industry that is not there": (
        FACTS,
        "industry: The information industry",
        "industry: The informational industry",
        "The article does not say “The informational industry”. It says “The information industry”.",
    ),
    "a metric of no label": (
        FACTS,
        "metric: total scale",
        "metric: The total",
        "No label of a known metric is “The total”. Did you mean “total",
    ),
    "an industry of no label": (
        FACTS,
        "industry: The financial industry",
        "industry: industry",
        "No label of a known activity is “industry”. Did you mean “",
    ),
    "a number cut short": (
        FACTS,
        "value: 101.95 billion yuan",
        "value: 101.95 billion",
        "The article says “101.95 billion yuan” here. Quote the whole phrase.",
    ),
    "an address that is none": (
        SOURCE,
        "address: http://",
        "address: ",
        "The address should be the http(s) IRI",
    ),
    "an unknown publisher": (
        SOURCE,
        "publisher: e.my399.com",
        "publisher: e.my398.com",
        "No label of a known organization is “e.my398.com”. Did you mean “e.my399.com”?",
    ),
    "another sum": (SOURCE, "sha256: a4", "sha256: b4", "The text changed: its SHA-256 is a45886d5"),
    "a wrong link": (
        "links/links.sssom.tsv",
        "owl:sameAs",
        "owl:same",
        "“owl:same” is no predicate for links. Did you mean “owl:sameAs”?",
    ),
}


@pytest.mark.parametrize(("name", "old", "new", "message"), CASES.values(), ids=CASES)
def test_the_message_has_file_line_phrase_and_the_nearest(spoil, writable, name, old, new, message):
    line = (writable.data / name).read_text(encoding="utf-8").partition(old)[0].count("\n") + 1
    said = spoil(name, old, new)
    assert message in said
    assert said.startswith(f"{name}:")
    assert said.startswith(f"{name}:{line}: ") or "YAML" in message


def test_a_sentence_that_is_no_longer_left_out_is_named(spoil):
    said = spoil(FACTS, "    - Harbin ramps up childcare services\n", "")
    assert said == (
        f"{FACTS}: The sentence “Harbin ramps up childcare services” is unaccounted for: "
        "quote it in a fact, or list it under “not loaded”."
    )


def test_facts_without_a_source_and_a_source_without_facts_are_named(writable):
    (writable.data / FACTS).rename(writable.data / "facts" / "stranger.yaml")
    with pytest.raises(DataFault) as fault:
        build.assemble(writable)
    files = sorted(problem.file.rpartition("/data/")[2] for problem in fault.value.problems)
    assert files == [FACTS, "facts/stranger.yaml"]


@pytest.mark.parametrize("content", [None, b"", b"changed", b"\xff"])
def test_an_article_that_is_missing_or_changed_is_named(writable, content):
    article = (writable.data / SOURCE).with_suffix(".txt")
    article.unlink() if content is None else article.write_bytes(content)
    with pytest.raises(DataFault) as fault:
        build.assemble(writable)
    assert fault.value.problems[0].file.startswith(str(article.with_suffix("")))


def test_all_problems_of_all_files_are_named_at_once(writable):
    for name, old, new in (
        (FACTS, "value: eight", "value: nine"),
        (FACTS, "period: in 2020", "period: in 2019"),
        (OTHER, "value: Eight", "value: Nine"),
        ("links/links.sssom.tsv", "owl:sameAs", "owl:same"),
    ):
        path = writable.data / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFault) as fault:
        build.assemble(writable)
    files = {problem.file.rpartition("/data/")[2] for problem in fault.value.problems}
    assert files == {FACTS, OTHER, "links/links.sssom.tsv"}
    assert len(fault.value.problems) >= 4


def test_no_articles_at_all_is_a_fault(writable):
    for path in (writable.data / "sources").iterdir():
        path.unlink()
    with pytest.raises(DataFault, match="There is no article"):
        build.assemble(writable)
