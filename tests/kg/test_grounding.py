"""A fact is what a careful reader would take from the words: anything else is refused, and it is said why.

The articles here are of a few words and about an invented city, so that no rule is made for the real ones.
"""

from decimal import Decimal

import pytest

from kg import names
from kg.facts import read_facts
from kg.faults import DataFault
from kg.grounding import ground
from kg.sources import read_source
from kg.statements import Figure, PolicyNote

FISH = "industry: the fishing industry\n    metric: output value"
TWO = (
    "In 2021, the shipbuilding industry had an output value of 12 billion yuan, up 4 percent, "
    "while the fishing industry had an output value of 3 billion yuan, down 2 percent."
)


def facts(*entries: str) -> str:
    return "facts:\n" + "".join(f"  - quote: {entry}\n" for entry in entries)


def entry(quote: str, *lines: str) -> str:
    return "\n    ".join([quote, *lines])


def test_each_phrase_is_read_and_found(desk):
    text = "In 2021, the fishing industry had an output value of more than 3 billion yuan."
    quote = "the fishing industry had an output value of more than 3 billion yuan"
    (level,) = desk.state(
        text, facts(entry(quote, FISH, "period: In 2021", "value: more than 3 billion yuan"))
    )
    assert isinstance(level, Figure)
    assert (level.kind, level.city) == ("Level", names.thing("city", "seaford"))
    assert (level.industry, level.metric) == (
        names.thing("industry", "fishing"),
        names.thing("metric", "output-value"),
    )
    assert (level.quantity.lower, level.quantity.value) == (Decimal(3_000_000_000), None)
    assert (level.time.period.year, level.time.basis) == (2021, "Printed")
    article = level.evidence.source.text
    assert all(reading.span.of(article) == reading.phrase for reading in level.evidence.readings)
    assert level.evidence.quote.of(article) == quote


@pytest.mark.parametrize(
    ("text", "period", "basis", "key"),
    [
        ("In 2021, revenue was 5 billion yuan.", "In 2021", "Printed", "2021"),
        ("Last year, revenue was 5 billion yuan.", "Last year", "Relative", "2021"),
        ("Last year was good. Now revenue was 5 billion yuan.", "Last year", "FromContext", "2021"),
        ("By the end of June revenue was 5 billion yuan.", "By the end of June", "Relative", "2021-06-30"),
        ("A few days ago revenue was 5 billion yuan.", "A few days ago", "Relative", "undated"),
        ("Then revenue was 5 billion yuan.", None, "Unstated", "undated"),
    ],
)
def test_a_period_has_its_basis(desk, text, period, basis, key):
    lines = [f"period: {period}"] if period else []
    (level,) = desk.state(
        text, facts(entry("revenue was 5 billion yuan", "metric: revenue", *lines, "value: 5 billion yuan"))
    )
    assert (level.time.basis, level.time.period.key) == (basis, key)


def test_two_industries_of_one_sentence_have_their_own_numbers(desk):
    ships = entry(
        "the shipbuilding industry had an output value of 12 billion yuan, up 4 percent",
        "industry: the shipbuilding industry",
        "metric: output value",
        "period: In 2021",
        "value: 12 billion yuan",
        "growth: up 4 percent",
    )
    fish = entry(
        "the fishing industry had an output value of 3 billion yuan, down 2 percent",
        FISH,
        "period: In 2021",
        "value: 3 billion yuan",
        "growth: down 2 percent",
    )
    stated = desk.state(TWO, facts(ships, fish))
    assert [(f.kind, names.local(f.industry), f.quantity.value) for f in stated] == [
        ("Level", "shipbuilding", 12_000_000_000),
        ("Growth", "shipbuilding", 4),
        ("Level", "fishing", 3_000_000_000),
        ("Growth", "fishing", -2),
    ]
    assert [f.of for f in stated] == [None, stated[0], None, stated[2]]


WHOLE = TWO.removesuffix(".").removeprefix("In 2021, ")
REFUSED = {
    # name of the case: article, entry, what is said
    "a phrase that is not in the article": (
        "Revenue was 5 billion yuan.",
        entry("Revenue was 6 billion yuan", "metric: Revenue", "value: 6 billion yuan"),
        "The article does not say “Revenue was 6 billion yuan”. It says “Revenue was 5 billion yuan.”.",
    ),
    "a quote that stands there twice": (
        "Revenue was 5 yuan. Then revenue was 5 yuan.",
        entry("was 5 yuan", "metric: Revenue", "value: 5 yuan"),
        "“was 5 yuan” stands there 2 times. Quote more words",
    ),
    "a number outside the quote": (
        "Revenue was 5 billion yuan.",
        entry("Revenue was", "metric: Revenue", "value: 5 billion yuan"),
        "“5 billion yuan” (value) stands in the article, but not in the quote.",
    ),
    "a number that stands in the quote twice": (
        "Revenue was 5 yuan, not only 5 yuan.",
        entry("Revenue was 5 yuan, not only 5 yuan", "metric: Revenue", "value: 5 yuan"),
        "“5 yuan” stands there 2 times.",
    ),
    "an unknown industry": (
        "Mining had revenue of 5 yuan.",
        entry("Mining had revenue of 5 yuan", "industry: Mining", "metric: revenue", "value: 5 yuan"),
        "No label of a known activity is “Mining”.",
    ),
    "an unknown metric": (
        "Revenues were 5 yuan.",
        entry("Revenues were 5 yuan", "metric: Revenues", "value: 5 yuan"),
        "No label of a known metric is “Revenues”. Did you mean “revenue”",
    ),
    "an unknown city": (
        "In Atlantis revenue was 5 yuan.",
        entry("In Atlantis revenue was 5 yuan", "city: Atlantis", "metric: revenue", "value: 5 yuan"),
        "No label of a known city is “Atlantis”.",
    ),
    "an ambiguous number": (
        "Revenue was ¥5 billion.",
        entry("Revenue was ¥5 billion", "metric: Revenue", "value: ¥5 billion"),
        "The sign ¥ is both yuan and yen",
    ),
    "an ambiguous date": (
        "On 03/04/2021 revenue was 5 yuan.",
        entry(
            "On 03/04/2021 revenue was 5 yuan", "metric: revenue", "period: On 03/04/2021", "value: 5 yuan"
        ),
        "Day and month can be exchanged",
    ),
    "a period that was not over": (
        "In 2022 revenue was 5 yuan.",
        entry("In 2022 revenue was 5 yuan", "metric: revenue", "period: In 2022", "value: 5 yuan"),
        "It was not over when the article came out",
    ),
    "a bound that is cut off": (
        "Revenue was more than 5 billion yuan.",
        entry("Revenue was more than 5 billion yuan", "metric: Revenue", "value: 5 billion yuan"),
        "The article says “more than 5 billion yuan” here. Quote the whole phrase.",
    ),
    "a unit that is cut off": (
        "Revenue was 5 billion yuan.",
        entry("Revenue was 5 billion yuan", "metric: Revenue", "value: 5 billion"),
        "The article says “5 billion yuan” here.",
    ),
    "a comparison that is cut off": (
        "Revenue fell by 5 percent year-on-year.",
        entry("Revenue fell by 5 percent year-on-year", "metric: Revenue", "growth: fell by 5 percent"),
        "The article says “fell by 5 percent year-on-year” here.",
    ),
    "a growth without its direction": (
        "Revenue fell 9.3 percent.",
        entry("Revenue fell 9.3 percent", "metric: Revenue", "growth: 9.3 percent"),
        "It does not say in words that something rose or fell",
    ),
    "a growth as a value": (
        "The unemployment rate fell 3 percent.",
        entry("The unemployment rate fell 3 percent", "metric: unemployment rate", "value: 3 percent"),
        "The article says “fell 3 percent” here, which is a change and no value.",
    ),
    "a growth as a share": (
        "Exports rose 9 percent of revenue.",
        entry(
            "Exports rose 9 percent of revenue", "metric: Exports", "share: 9 percent", "share of: revenue"
        ),
        "which is a change and no share.",
    ),
    "a year as a count": (
        "In 2021 residents came.",
        entry("In 2021 residents came", "metric: residents", "value: '2021'", "period: In 2021"),
        "which is a period and no value.",
    ),
    "a quarter as a rank": (
        "In the first quarter of 2021 exports grew in Southland.",
        entry(
            "In the first quarter of 2021 exports grew in Southland",
            "metric: exports",
            "period: In the first quarter of 2021",
            "rank: first",
            "among: Southland",
        ),
        "which is a period and no rank.",
    ),
    "a lead as a count": (
        "The 90 residents came one year ahead of schedule.",
        entry("residents came one year ahead of schedule", "metric: residents", "value: one"),
        "which is a lead over a schedule and no value.",
    ),
    "a growth in money": (
        "Revenue rose by 5 billion yuan.",
        entry("Revenue rose by 5 billion yuan", "metric: Revenue", "growth: rose by 5 billion yuan"),
        "A growth is in percent; this is an amount.",
    ),
    "an industry beside a nearer one": (
        TWO,
        entry(
            WHOLE,
            "industry: the shipbuilding industry",
            "metric: output value",
            "period: In 2021",
            "value: 3 billion yuan",
        ),
        "“fishing industry” stands nearer to the number than this industry.",
    ),
    "a growth of the other industry": (
        TWO,
        entry(
            WHOLE,
            "industry: the shipbuilding industry",
            "metric: output value",
            "period: In 2021",
            "value: 12 billion yuan",
            "growth: down 2 percent",
        ),
        "“fishing industry” stands nearer to the number than this industry.",
    ),
    "an industry as far from the number as another": (
        "Seaford counts 5 yuan for the fishing industry and 7 yuan for the shipbuilding industry as revenue.",
        entry(
            "5 yuan for the fishing industry and 7 yuan for the shipbuilding industry as revenue",
            "industry: the fishing industry",
            "metric: revenue",
            "value: 7 yuan",
        ),
        "“shipbuilding industry” stands nearer",
    ),
    "an industry before a quote that stops short of the right one": (
        "Revenue was 5 yuan for the fishing industry and 7 yuan for the shipbuilding industry.",
        entry("7 yuan", "industry: the fishing industry", "metric: Revenue", "value: 7 yuan"),
        "“shipbuilding industry” stands nearer",
    ),
    "an industry that is left out": (
        "The fishing industry had revenue of 5 yuan.",
        entry("The fishing industry had revenue of 5 yuan", "metric: revenue", "value: 5 yuan"),
        "The quote names “fishing industry”: add “industry”.",
    ),
    "an industry behind a nearer one": (
        "The shipbuilding industry grew. The fishing industry shrank. Its revenue was 5 yuan.",
        entry(
            "Its revenue was 5 yuan",
            "industry: The shipbuilding industry",
            "metric: revenue",
            "value: 5 yuan",
        ),
        "“fishing industry” stands nearer",
    ),
    "a metric beside a nearer one": (
        "Output value was 5 yuan and revenue was 7 yuan.",
        entry("Output value was 5 yuan and revenue was 7 yuan", "metric: Output value", "value: 7 yuan"),
        "“revenue” stands nearer to the number than this metric.",
    ),
    "a growth of another metric": (
        "Output value was 5 yuan and revenue grew 7 percent.",
        entry(
            "Output value was 5 yuan and revenue grew 7 percent",
            "metric: Output value",
            "value: 5 yuan",
            "growth: grew 7 percent",
        ),
        "“revenue” stands nearer",
    ),
    "a period that is left out": (
        "In 2021, revenue was 5 yuan.",
        entry("revenue was 5 yuan", "metric: revenue", "value: 5 yuan"),
        "The sentence names “In 2021”: add “period”.",
    ),
    "a period of another sentence": (
        "In 2020 all was well. In 2021 revenue was 5 yuan.",
        entry("revenue was 5 yuan", "metric: revenue", "period: In 2020", "value: 5 yuan"),
        "“In 2021” stands nearer",
    ),
    "a period of the other number": (
        "Revenue was 5 yuan in 2020 and 7 yuan in 2021.",
        entry(
            "Revenue was 5 yuan in 2020 and 7 yuan in 2021",
            "metric: Revenue",
            "period: in 2020",
            "value: 7 yuan",
        ),
        "“in 2021” stands nearer",
    ),
    "the date of the page as a period": (
        "Revenue was 5 yuan.",
        entry("Revenue was 5 yuan", "metric: Revenue", "period: '2022-02-10'", "value: 5 yuan"),
        "“2022-02-10” (period) stands in the article, but not in the quote or before it.",
    ),
    "a city beside a nearer one": (
        "Seaford and Northport had revenue of 5 yuan.",
        entry("Seaford and Northport had revenue of 5 yuan", "metric: revenue", "value: 5 yuan"),
        "“Northport” stands nearer to the number than this city.",
    ),
    "a city behind another": (
        "Seaford grew. Northport did too. Its revenue was 5 yuan.",
        entry("Its revenue was 5 yuan", "city: Seaford", "metric: revenue", "value: 5 yuan"),
        "“Northport” stands nearer",
    ),
    "an organisation that is left out": (
        "Revenue was 5 yuan, Coast News says.",
        entry("Revenue was 5 yuan", "metric: Revenue", "value: 5 yuan"),
        "The sentence names “Coast News”: add “reported by”.",
    ),
    "a share of itself": (
        "Fish made up 5 percent of revenue.",
        entry(
            "Fish made up 5 percent of revenue", "metric: revenue", "share: 5 percent", "share of: revenue"
        ),
        "“share of” and “metric” name the same thing.",
    ),
    "a share of another whole": (
        "Revenue was up, exports were 5 percent of output value.",
        entry(
            "exports were 5 percent of output value",
            "metric: exports",
            "share: 5 percent",
            "share of: Revenue",
        ),
        "“output value” stands nearer to the number than this share of.",
    ),
    "a rank in a part of the place": (
        "Seaford ranked first in Greater Southland by residents.",
        entry(
            "Seaford ranked first in Greater Southland by residents",
            "metric: residents",
            "rank: ranked first",
            "among: Southland",
        ),
        "The article says “Greater Southland” here. Quote the whole phrase.",
    ),
    "a rank among itself": (
        "Seaford ranked first in Southland by residents.",
        entry(
            "Seaford ranked first in Southland by residents",
            "metric: residents",
            "rank: ranked first",
            "among: Seaford",
        ),
        "“among” and “city” name the same thing.",
    ),
    "a rank in the farther place": (
        "In Southland, Seaford ranked first in China by residents.",
        entry(
            "In Southland, Seaford ranked first in China by residents",
            "metric: residents",
            "rank: ranked first",
            "among: Southland",
        ),
        "“China” stands nearer",
    ),
    "a forecast": (
        "Revenue is expected to reach 5 billion yuan.",
        entry("Revenue is expected to reach 5 billion yuan", "metric: Revenue", "value: 5 billion yuan"),
        "“expected to”: this is no value that was reached.",
    ),
    "a plan": (
        "Seaford grew, and will have revenue of 5 billion yuan.",
        entry("revenue of 5 billion yuan", "metric: revenue", "value: 5 billion yuan"),
        "“will”: this is no value that was reached.",
    ),
    "a goal as a value": (
        "It met the goal of revenue of 5 billion yuan.",
        entry("the goal of revenue of 5 billion yuan", "metric: revenue", "value: 5 billion yuan"),
        "“goal of”: this is no value",
    ),
    "a denial": (
        "Revenue has not grown by 5 percent.",
        entry("Revenue has not grown by 5 percent", "metric: Revenue", "growth: grown by 5 percent"),
        "“not”: this is no growth",
    ),
    "two lists in parallel": (
        "Revenue and output value rose 5 percent and 7 percent respectively.",
        entry("output value rose 5 percent", "metric: output value", "growth: rose 5 percent"),
        "“respectively” pairs by order",
    ),
    "a quote over two sentences": (
        "Fish fared well. Revenue was 5 yuan.",
        entry("Fish fared well. Revenue was 5 yuan", "metric: Revenue", "value: 5 yuan"),
        "The quote runs over the end of a sentence.",
    ),
    "a quote over two paragraphs": (
        "Fish fared well\n\nRevenue was 5 yuan.",
        entry('"Fish fared well\\n\\nRevenue was 5 yuan"', "metric: Revenue", "value: 5 yuan"),
        "The quote runs over the end of a sentence.",
    ),
    "one number as value and as target": (
        "Revenue was 5 yuan.",
        entry("Revenue was 5 yuan", "metric: Revenue", "value: 5 yuan", "target: 5 yuan"),
        "“5 yuan” is stated in the same entry already",
    ),
    "a place in itself": (
        "Southland, Southland province, is far.",
        entry("Southland, Southland province", "place: Southland province", "within: Southland province"),
        "“within” and “place” name the same thing.",
    ),
    "a country in a province": (
        "China and Southland.",
        entry("China and Southland", "place: China", "within: Southland"),
        "No label of a known city or region is “China”.",
    ),
    "a capital beside another city": (
        "Northport, capital of Southland, is far from Seaford.",
        entry(
            "Northport, capital of Southland, is far from Seaford", "city: Seaford", "capital of: Southland"
        ),
        "“Northport” stands nearer",
    ),
}


@pytest.mark.parametrize(("text", "fact", "message"), REFUSED.values(), ids=REFUSED)
def test_what_a_careful_reader_would_not_take_is_refused(desk, text, fact, message):
    assert message in desk.faults(text, facts(fact))


REFUSED |= {
    "an industry before a quote that names another": (
        "The fishing industry grew. 5 yuan was revenue, that of the many firms of the shipbuilding industry.",
        entry(
            "5 yuan was revenue, that of the many firms of the shipbuilding industry",
            "industry: The fishing industry",
            "metric: revenue",
            "value: 5 yuan",
        ),
        "“shipbuilding industry” stands nearer",
    ),
    "an industry in the name of the metric": (
        "It has 5 new software and information service companies.",
        entry(
            "It has 5 new software and information service companies",
            "metric: new software and information service companies",
            "value: '5'",
        ),
        "The quote names “software and information service”: add “industry”.",
    ),
    "a city in the name of a region": (
        "The Seaford Bay area had revenue of 5 yuan.",
        entry("The Seaford Bay area had revenue of 5 yuan", "metric: revenue", "value: 5 yuan"),
        "The article says “Seaford Bay area” here. Quote the whole phrase.",
    ),
}
ACCEPTED = {
    "a city between the rank and the region": (
        "Ranked first, Seaford leads Southland by residents.",
        entry(
            "Ranked first, Seaford leads Southland by residents",
            "metric: residents",
            "rank: Ranked first",
            "among: Southland",
        ),
    ),
    "a number behind an aside": (
        "Revenue, which is expected to grow, came to 5 yuan.",
        entry("Revenue, which is expected to grow, came to 5 yuan", "metric: Revenue", "value: 5 yuan"),
    ),
    "a target that was set in another year": (
        "In 2021 revenue was 12 yuan, and the goal of 10 yuan set in 2020 was met.",
        entry(
            "revenue was 12 yuan, and the goal of 10 yuan set in 2020 was met",
            "metric: revenue",
            "period: In 2021",
            "value: 12 yuan",
            "target: 10 yuan",
        ),
    ),
    "a number after an aim": (
        "It aims to be a model city and has built 90 residents.",
        entry("has built 90 residents", "metric: residents", "value: '90'"),
    ),
    "a goal as a target": (
        "The goal of revenue of 5 yuan was met.",
        entry("The goal of revenue of 5 yuan was met", "metric: revenue", "target: 5 yuan"),
    ),
    "a month that is no modal": (
        "In May 2021 revenue was 5 yuan.",
        entry("In May 2021 revenue was 5 yuan", "metric: revenue", "period: In May 2021", "value: 5 yuan"),
    ),
    "a share that is made up": (
        "Exports made up 5 percent of revenue.",
        entry(
            "Exports made up 5 percent of revenue", "metric: Exports", "share: 5 percent", "share of: revenue"
        ),
    ),
    "not more than": (
        "Revenue was not more than 5 yuan.",
        entry("Revenue was not more than 5 yuan", "metric: Revenue", "value: not more than 5 yuan"),
    ),
    "the city before its rank": (
        "Seaford ranked first in Southland by residents.",
        entry(
            "Seaford ranked first in Southland by residents",
            "metric: residents",
            "rank: ranked first",
            "among: Southland",
        ),
    ),
    "a metric whose name holds the industry": (
        "It has 5 new software and information service companies.",
        entry(
            "It has 5 new software and information service companies",
            "industry: software and information service",
            "metric: new software and information service companies",
            "value: '5'",
        ),
    ),
    "a folded quote": (
        "Revenue was 5 yuan.",
        ">\n      Revenue was\n      5 yuan\n    metric: Revenue\n    value: 5 yuan",
    ),
}


@pytest.mark.parametrize(("text", "fact"), ACCEPTED.values(), ids=ACCEPTED)
def test_what_a_careful_reader_would_take_is_not_refused(desk, text, fact):
    assert desk.state(text, facts(fact))


FACT = entry("Revenue was 5 yuan", "metric: Revenue", "value: 5 yuan")


def test_an_entry_that_comes_twice_is_refused(desk):
    assert "yaml:7: The same entry stands on line 4." in desk.faults("Revenue was 5 yuan.", facts(FACT, FACT))


def test_one_number_is_not_two_facts_even_in_overlapping_quotes(desk):
    other = entry("Output value and Revenue was 5 yuan", "metric: Revenue", "value: 5 yuan")
    message = desk.faults("Output value and Revenue was 5 yuan.", facts(FACT, other))
    assert "yaml:9: “5 yuan” is stated on line 4 already: one number, one fact." in message


def test_all_phrases_that_are_wrong_are_named_with_their_lines(desk):
    broken = entry("Revenue was 5 yuan", "industry: mining", "metric: Revenues", "value: 6 yuan")
    lines = desk.faults(
        "Revenue was 5 yuan.", facts(broken, "Nothing of it\n    place: a\n    within: b")
    ).splitlines()
    assert [line.split("article.yaml:")[1].split(":")[0] for line in lines] == ["5", "6", "7", "8"]


def test_an_entry_without_a_city_anywhere_is_refused(desk, tmp_path):
    desk.state("Revenue was 5 yuan.", facts(FACT))
    path = tmp_path / "facts" / "article.yaml"
    path.write_text(path.read_text().replace("city: Seaford\n", ""))
    with pytest.raises(DataFault, match="Which city"):
        ground(read_facts(path), read_source(tmp_path / "article.yaml"), desk.lexicon)


REFORM = "A few days ago, the approval reform of construction projects was listed as a national model."


def reform(**changed: str) -> str:
    fields = {
        "policy": "the approval reform of construction projects",
        "kind": "approval reform",
        "status": "was listed as a national model",
        "recognised as": "a national model",
        "period": "A few days ago",
    } | changed
    return facts(
        entry(REFORM.removesuffix("."), *(f"{key}: {value}" for key, value in fields.items() if value))
    )


def test_a_policy_has_kind_status_distinction_and_time(desk):
    (note,) = desk.state(REFORM, reform())
    assert isinstance(note, PolicyNote)
    assert [names.local(iri) for iri in (note.policy, note.kind, note.status, note.distinction)] == [
        "construction-project-approval-reform",
        "Reform",
        "RecognisedAsModel",
        "NationalModel",
    ]
    assert note.time.period.not_after is not None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": "a national model"}, "No label of a known policy type"),
        ({"kind": "projects"}, "No label of a known policy type"),
        ({"status": "model"}, "No label of a known policy state"),
        ({"period": ""}, "The sentence names “A few days ago”: add “period”."),
        ({"policy": "construction projects"}, "No label of a known policy"),
    ],
)
def test_a_policy_that_is_said_otherwise_is_refused(desk, changed, message):
    assert message in desk.faults(REFORM, reform(**changed))


def test_the_kind_of_a_policy_is_the_one_in_its_name(desk):
    text = (
        "Good development. Harbin is promoting a model city for digital economy innovation and development."
    )
    fact = entry(
        "Harbin is promoting a model city for digital economy innovation and development",
        "city: Harbin",
        "policy: a model city for digital economy innovation and development",
        "kind: development",
        "status: is promoting",
    )
    assert "The policy is called “model city”. Take it as its kind." in desk.faults(text, facts(fact))


SYSTEM = "Harbin's modern industrial system has pillar industries such as modern biomedicine and finance."


@pytest.mark.parametrize(
    ("text", "members", "message"),
    [
        (SYSTEM, ["modern biomedicine"], "The quote also names “finance”: add it to the members."),
        (SYSTEM, ["modern biomedicine", "finance", "finance"], "A member is listed twice."),
        (SYSTEM, ["modern biomedicine", "finance", "logistics"], "The article does not say “logistics”."),
        (
            SYSTEM.replace(" and finance", " and rapidly developing sectors such as finance"),
            ["modern biomedicine", "finance"],
            "The quote also names “rapidly developing sectors”. Quote one group.",
        ),
    ],
)
def test_a_list_of_members_is_that_of_the_quote(desk, text, members, message):
    fact = entry(
        text.removesuffix("."),
        "city: Harbin",
        "system: Harbin's modern industrial system",
        "group: pillar industries",
        "members:",
        *(f"  - {member}" for member in members),
    )
    assert message in desk.faults(text, facts(fact))
