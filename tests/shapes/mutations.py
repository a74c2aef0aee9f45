"""What can go wrong with the real graph, one thing at a time, and the rule that is meant to notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rdflib import Graph

from kg import names

ADVANCED, ADDED_UP = "industry:advanced-equipment", "metric:output-value"
AUGUST, MARCH = "source:e-my399-2021-08-04", "source:e-my399-2021-03-30"
BASE_STATIONS = "obs:harbin-5g-base-stations-undated-level-7030"
CAPITAL = "relation:harbin-capital-of-heilongjiang"
CONVERTED = "obs:harbin-4-plus-4-total-scale-2020-converted-93230000000-usd"
EIGHT = "obs:harbin-4-plus-4-number-of-industries-2020-level-8"
GROWTH = "obs:harbin-green-agriculture-output-value-2020-growth-9-3-percent"
LEVEL = "obs:harbin-green-agriculture-output-value-2020-level-101950000000-cny"
LINKED, MAPPING = "city:harbin", "mapping:city-harbin-wikidata-q42956"
MEMBERSHIP = "relation:information-part-of-harbin-advantageous-four"
POLICY = "policy:construction-project-approval-reform"
RANK = "obs:harbin-online-government-service-capacity-undated-rank-1-in-northeast-china"
RECOGNITION = "recognition:construction-project-approval-reform-national-model"
SHARE = (
    "obs:harbin-4-plus-4-total-investment-2020"
    "-share-of-key-industrial-project-investment-more-than-40-percent"
)
TARGET = "obs:harbin-green-agriculture-output-value-undated-target-at-least-100000000000-cny"
TOTAL = "obs:harbin-4-plus-4-total-scale-2020-level-621370000000-cny"

QUOTE = f"{LEVEL} cekg:evidence ?thing"
VALUE_READING = f"{LEVEL} cekg:hasReading ?thing . ?thing cekg:role cekg:ValueRole"
PERIOD_READING = f"{LEVEL} cekg:hasReading ?thing . ?thing cekg:role cekg:PeriodRole"
INDUSTRY_READING = f"{LEVEL} cekg:hasReading ?thing . ?thing cekg:role cekg:IndustryRole"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change, as a SPARQL Update, and the rule that should find it."""

    name: str
    update: str
    rule: str

    @contextmanager
    def applied_to(self, graph: Graph) -> Iterator[bool]:
        """Change a graph, tell whether anything is another now, and undo it: a copy would take longer."""
        before = set(graph)
        graph.update(self.update, initNs=names.PREFIXES)
        after = set(graph)
        try:
            yield after != before
        finally:
            for triple in after - before:
                graph.remove(triple)
            for triple in before - after:
                graph.add(triple)


def changed(thing: str, path: str, value: str) -> str:
    old = f"{thing} {path} ?old"
    return f"DELETE {{ {old} }} INSERT {{ {thing} {path} {value} }} WHERE {{ {old} }}"


def changed_where(where: str, path: str, value: str) -> str:
    """Change a property of the ``?thing`` that a pattern finds; ``value`` may use ``?old``."""
    return (
        f"DELETE {{ ?thing {path} ?old }} INSERT {{ ?thing {path} ?new }} "
        f"WHERE {{ {where} . ?thing {path} ?old BIND ({value} AS ?new) }}"
    )


def words(text: str) -> str:
    return f'STRLANG({text}, "en")'


def dropped(thing: str, path: str) -> str:
    return f"DELETE WHERE {{ {thing} {path} ?old }}"


def dropped_where(where: str, triple: str) -> str:
    """Take out a triple for the ``?thing`` that a pattern finds."""
    return f"DELETE {{ {triple} }} WHERE {{ {triple} . {where} }}"


def copied(thing: str, copy: str, without: str, instead: str) -> str:
    """Say of ``copy`` what is said of a thing, but for some properties."""
    return (
        f"INSERT {{ {copy} ?p ?o }} WHERE {{ {thing} ?p ?o FILTER (?p NOT IN ({without})) }} ;"
        f"INSERT DATA {{ {copy} {instead} }}"
    )


def added(triples: str) -> str:
    return f"INSERT DATA {{ {triples} }}"


MUTATIONS = tuple(
    Mutation(*row)
    for row in (
        # Levels
        ("level: another value", changed(LEVEL, "cekg:value", "101960000000.0"), "observation-named-by-key"),
        (
            "level: another value, and the sum is off",
            changed(LEVEL, "cekg:value", "111950000000.0"),
            "parts-make-total",
        ),
        ("level: no value", dropped(LEVEL, "cekg:value"), "exact-has-value"),
        ("level: two values", added(f"{LEVEL} cekg:value 1.0"), "observation-value"),
        (
            "level: a value that is a whole number by type",
            changed(LEVEL, "cekg:value", "101950000000"),
            "observation-value",
        ),
        ("level: a bound beside the value", added(f"{LEVEL} cekg:lowerBound 1.0"), "exact-has-value"),
        ("level: in dollars", changed(LEVEL, "cekg:unit", "unit:CCY_USD"), "unit-is-expected"),
        ("level: no unit", dropped(LEVEL, "cekg:unit"), "observation-unit"),
        ("level: a unit that is none", changed(LEVEL, "cekg:unit", "city:harbin"), "observation-unit"),
        ("level: another year", changed(LEVEL, "cekg:year", "2019"), "relative-period-resolves"),
        ("level: another year than its period", changed(LEVEL, "cekg:year", "2019"), "year-is-period"),
        ("level: another year than was read", changed(TOTAL, "cekg:year", "2019"), "year-is-as-read"),
        ("level: a year as gYear", changed(LEVEL, "cekg:year", '"2020"^^xsd:gYear'), "observation-year"),
        ("level: no year", dropped(LEVEL, "cekg:year"), "whole-year-has-year"),
        (
            "level: a later start",
            changed(LEVEL, "cekg:periodStart", '"2020-02-01"^^xsd:date'),
            "year-is-period",
        ),
        (
            "level: an end before the start",
            changed(LEVEL, "cekg:periodEnd", '"2019-12-31"^^xsd:date'),
            "sourced-period-start",
        ),
        (
            "level: an end after the article",
            changed(LEVEL, "cekg:periodEnd", '"2021-12-31"^^xsd:date'),
            "not-later-than-source",
        ),
        ("level: no basis of the period", dropped(LEVEL, "cekg:periodBasis"), "sourced-period-basis"),
        (
            "level: a printed period that is none",
            changed(LEVEL, "cekg:periodBasis", "cekg:Printed"),
            "basis-fits-words",
        ),
        (
            "level: a relative period that is printed",
            changed(TOTAL, "cekg:periodBasis", "cekg:Relative"),
            "basis-fits-words",
        ),
        (
            "level: an unstated period with a year",
            changed(LEVEL, "cekg:periodBasis", "cekg:Unstated"),
            "unstated-has-no-period",
        ),
        (
            "level: other words for the period",
            changed(LEVEL, "cekg:periodText", '"in 2020"'),
            "period-text-is-read",
        ),
        ("level: another industry", changed(LEVEL, "cekg:ofIndustry", ADVANCED), "reading-agrees"),
        ("level: no industry", dropped(LEVEL, "cekg:ofIndustry"), "observation-named-by-key"),
        (
            "level: a metric as industry",
            changed(LEVEL, "cekg:ofIndustry", "metric:revenue"),
            "observation-industry",
        ),
        (
            "level: an unknown industry",
            changed(LEVEL, "cekg:ofIndustry", "industry:paper"),
            "thing-is-described",
        ),
        ("level: another metric", changed(LEVEL, "cekg:ofMetric", "metric:revenue"), "reading-agrees"),
        ("level: no metric", dropped(LEVEL, "cekg:ofMetric"), "observation-metric"),
        ("level: a region as city", changed(LEVEL, "cekg:ofCity", "region:heilongjiang"), "observation-city"),
        ("level: no city", dropped(LEVEL, "cekg:ofCity"), "observation-city"),
        (
            "level: more than, with a value",
            changed(LEVEL, "cekg:comparator", "cekg:MoreThan"),
            "more-has-lower-bound",
        ),
        (
            "level: at most, with a value",
            changed(LEVEL, "cekg:comparator", "cekg:AtMost"),
            "less-has-upper-bound",
        ),
        (
            "level: between, with a value",
            changed(LEVEL, "cekg:comparator", "cekg:Between"),
            "between-has-bounds",
        ),
        (
            "level: an unknown comparator",
            changed(LEVEL, "cekg:comparator", "cekg:Roughly"),
            "observation-comparator",
        ),
        (
            "level: other words for the value",
            changed(LEVEL, "cekg:valueText", '"101.96 billion yuan"'),
            "value-text-in-quote",
        ),
        (
            "level: words for the value that were not read",
            changed(LEVEL, "cekg:valueText", '"101.95"'),
            "value-text-is-read",
        ),
        ("level: no words for the value", dropped(LEVEL, "cekg:valueText"), "observation-value-text"),
        ("level: of no kind", f"DELETE DATA {{ {LEVEL} a cekg:Level }}", "observation-kind"),
        ("level: a share too", added(f"{LEVEL} a cekg:Share"), "observation-kind"),
        ("level: not an observation", f"DELETE DATA {{ {LEVEL} a cekg:Observation }}", "kind-is-observation"),
        ("level: no label", dropped(LEVEL, "rdfs:label"), "label-of-statement"),
        ("level: a French label", added(f'{LEVEL} rdfs:label "Harbin"@fr'), "label-of-statement"),
        ("level: a base year", added(f"{LEVEL} cekg:baseYear 2019"), "only-growths"),
        (
            "level: reported by a city",
            changed(TOTAL, "cekg:reportedBy", "city:harbin"),
            "sourced-reported-by",
        ),
        (
            "level: reported by somebody else",
            changed(TOTAL, "cekg:reportedBy", "organization:e-my399"),
            "reading-agrees",
        ),
        ("level: reported by nobody", dropped(TOTAL, "cekg:reportedBy"), "reading-agrees"),
        ("level: half a base station", changed(BASE_STATIONS, "cekg:value", "7030.5"), "count-is-whole"),
        (
            "level: a date that no source has",
            changed(BASE_STATIONS, "cekg:notAfter", '"2021-08-05"^^xsd:date'),
            "not-after-is-date-of-source",
        ),
        ("level: neither period nor date", dropped(BASE_STATIONS, "cekg:notAfter"), "sourced-when"),
        ("level: nine industries", changed(EIGHT, "cekg:value", "9.0"), "number-of-industries-is-counted"),
        ("level: another total", changed(TOTAL, "cekg:value", "621380000000.0"), "observation-named-by-key"),
        (
            "level: a total that is far off",
            changed(TOTAL, "cekg:value", "622370000000.0"),
            "parts-make-total",
        ),
        (
            "level: a second answer to one question",
            copied(LEVEL, "obs:second", "cekg:value", "cekg:value 5.0"),
            "sources-agree",
        ),
        (
            "level: a year before that does not agree with the growth",
            copied(LEVEL, "obs:before", "cekg:value, cekg:year", "cekg:value 95000000000.0 ; cekg:year 2019"),
            "level-agrees-with-year-before",
        ),
        # Growth
        ("growth: another value", changed(GROWTH, "cekg:value", "9.4"), "observation-named-by-key"),
        ("growth: in yuan", changed(GROWTH, "cekg:unit", "unit:CCY_CNY"), "growth-unit"),
        ("growth: another base year", changed(GROWTH, "cekg:baseYear", "2018"), "base-year-is-year-before"),
        (
            "growth: another metric",
            changed(GROWTH, "cekg:ofMetric", "metric:revenue"),
            "growth-is-of-its-level",
        ),
        ("growth: another industry", changed(GROWTH, "cekg:ofIndustry", ADVANCED), "growth-is-of-its-level"),
        ("growth: another year", changed(GROWTH, "cekg:year", "2019"), "growth-is-of-its-level"),
        ("growth: of another level", changed(GROWTH, "cekg:growthOf", TOTAL), "growth-is-of-its-level"),
        ("growth: of itself", changed(GROWTH, "cekg:growthOf", GROWTH), "growth-of"),
        # Shares
        ("share: another bound", changed(SHARE, "cekg:lowerBound", "45.0"), "observation-named-by-key"),
        ("share: more than all", changed(SHARE, "cekg:lowerBound", "400.0"), "share-value"),
        ("share: the bound as a value", changed(SHARE, "cekg:comparator", "cekg:Exact"), "exact-has-value"),
        ("share: a value beside the bound", added(f"{SHARE} cekg:value 40.0"), "more-has-lower-bound"),
        ("share: in numbers", changed(SHARE, "cekg:unit", "unit:NUM"), "share-unit"),
        ("share: of another whole", changed(SHARE, "cekg:shareOf", "metric:revenue"), "reading-agrees"),
        ("share: of nothing", dropped(SHARE, "cekg:shareOf"), "share-of"),
        ("share: another numerator", changed(SHARE, "cekg:numerator", TOTAL), "share-is-of-its-numerator"),
        ("share: a numerator that is no level", changed(SHARE, "cekg:numerator", GROWTH), "share-numerator"),
        # Ranks
        ("rank: zeroth", changed(RANK, "cekg:value", "0.0"), "rank-value"),
        ("rank: second", changed(RANK, "cekg:value", "2.0"), "observation-named-by-key"),
        ("rank: in percent", changed(RANK, "cekg:unit", "unit:PERCENT"), "rank-unit"),
        ("rank: among others", changed(RANK, "cekg:rankedAmong", "country:china"), "reading-agrees"),
        ("rank: among none", dropped(RANK, "cekg:rankedAmong"), "rank-among"),
        # Targets
        ("target: too high to be met", changed(TARGET, "cekg:lowerBound", "110000000000.0"), "target-is-met"),
        ("target: another year", changed(TARGET, "cekg:targetYear", "2022"), "target-year-follows"),
        ("target: more years ahead", changed(TARGET, "cekg:yearsAhead", "2"), "target-year-follows"),
        ("target: not marked as derived", dropped(TARGET, "prov:wasDerivedFrom"), "target-year-follows"),
        ("target: met by another level", changed(TARGET, "cekg:achievedBy", TOTAL), "target-is-of-its-level"),
        ("target: met by no level", changed(TARGET, "cekg:achievedBy", GROWTH), "target-achieved-by"),
        ("target: in dollars", changed(TARGET, "cekg:unit", "unit:CCY_USD"), "target-is-of-its-level"),
        # Converted amounts
        (
            "converted: a tenth",
            changed(CONVERTED, "cekg:value", "9323000000.0"),
            "exchange-rate-is-plausible",
        ),
        (
            "converted: in the same unit",
            changed(CONVERTED, "cekg:unit", "unit:CCY_CNY"),
            "converted-unit-differs",
        ),
        (
            "converted: from something else",
            changed(CONVERTED, "cekg:convertedFrom", LEVEL),
            "converted-is-its-original",
        ),
        ("converted: from nothing", dropped(CONVERTED, "cekg:convertedFrom"), "converted-from"),
        # Anything sourced
        ("sourced: no evidence", dropped(LEVEL, "cekg:evidence"), "sourced-evidence"),
        (
            "sourced: the quote of something else",
            changed_where(
                f"BIND ({LEVEL} AS ?thing) {SHARE} cekg:evidence ?other", "cekg:evidence", "?other"
            ),
            "value-text-in-quote",
        ),
        ("sourced: no source", dropped(LEVEL, "cekg:statedIn"), "sourced-stated-in"),
        (
            "sourced: another source",
            changed(LEVEL, "cekg:statedIn", AUGUST),
            "stated-in-is-source-of-evidence",
        ),
        (
            "sourced: one source too many",
            added(f"{LEVEL} cekg:statedIn {AUGUST}"),
            "reading-from-stated-source",
        ),
        ("sourced: no reading", dropped(LEVEL, "cekg:hasReading"), "sourced-reading"),
        # Quotes
        (
            "quote: another word",
            changed_where(QUOTE, "oa:exact", words('REPLACE(STR(?old), "reached", "touched")')),
            "quote-position",
        ),
        (
            "quote: a shorter text",
            changed_where(QUOTE, "oa:exact", words("SUBSTR(STR(?old), 2)")),
            "length-is-end-minus-start",
        ),
        ("quote: a language", changed_where(QUOTE, "oa:exact", 'STRLANG(?old, "en")'), "quote-exact"),
        ("quote: another start", changed_where(QUOTE, "oa:start", "?old + 1"), "quote-position"),
        ("quote: another end", changed_where(QUOTE, "oa:end", "?old + 1"), "named-by-position"),
        ("quote: a negative start", changed_where(QUOTE, "oa:start", "0 - 1"), "quote-start"),
        (
            "quote: another source",
            changed_where(QUOTE, "cekg:quotedFrom", f"{AUGUST}"),
            "stated-in-is-source-of-evidence",
        ),
        ("quote: no source", dropped_where(QUOTE, "?thing cekg:quotedFrom ?any"), "quote-source"),
        ("quote: evidence of nothing", dropped_where(QUOTE, "?any cekg:evidence ?thing"), "quote-used"),
        # Readings
        (
            "reading: another word",
            changed_where(INDUSTRY_READING, "oa:exact", words('REPLACE(STR(?old), "deep", "high")')),
            "reading-position",
        ),
        ("reading: another start", changed_where(VALUE_READING, "oa:start", "?old - 1"), "reading-position"),
        (
            "reading: another end",
            changed_where(VALUE_READING, "oa:end", "?old - 1"),
            "length-is-end-minus-start",
        ),
        (
            "reading: another role",
            changed_where(PERIOD_READING, "cekg:role", "cekg:CityRole"),
            "period-text-is-read",
        ),
        (
            "reading: an unknown role",
            changed_where(PERIOD_READING, "cekg:role", "cekg:Level"),
            "reading-role",
        ),
        (
            "reading: another source",
            changed_where(VALUE_READING, "cekg:readFrom", f"{AUGUST}"),
            "reading-from-stated-source",
        ),
        (
            "reading: another industry",
            changed_where(INDUSTRY_READING, "cekg:readAs", ADVANCED),
            "reading-agrees",
        ),
        ("reading: another year", changed_where(PERIOD_READING, "cekg:readAs", '"2019"'), "year-is-as-read"),
        ("reading: of nothing", dropped_where(VALUE_READING, "?any cekg:hasReading ?thing"), "reading-used"),
        # Sources
        (
            "source: another date",
            changed(MARCH, "dcterms:date", '"2022-03-30"^^xsd:date'),
            "relative-period-resolves",
        ),
        (
            "source: dated before what it states",
            changed(MARCH, "dcterms:date", '"2020-03-30"^^xsd:date'),
            "not-later-than-source",
        ),
        (
            "source: dated in the December of the year that it sums up",
            changed(MARCH, "dcterms:date", '"2020-12-28"^^xsd:date'),
            "year-is-over",
        ),
        ("source: no date", dropped(MARCH, "dcterms:date"), "source-date"),
        ("source: two labels of the date", added(f'{MARCH} cekg:dateLabel "Posted"'), "source-date-label"),
        ("source: another title", changed(MARCH, "dcterms:title", '"Harbin slows down"@en'), "source-label"),
        ("source: no title", dropped(MARCH, "dcterms:title"), "source-title"),
        (
            "source: an address on no web",
            changed(MARCH, "schema:url", "<ftp://e.my399.com/5554.html>"),
            "source-address",
        ),
        (
            "source: a city as publisher",
            changed(MARCH, "dcterms:publisher", "city:harbin"),
            "source-publisher",
        ),
        ("source: another sum", changed(MARCH, "cekg:sha256", f'"{"0" * 64}"'), "source-text-has-sum"),
        ("source: a sum cut short", changed(MARCH, "cekg:sha256", '"00"'), "source-sha256"),
        (
            "source: another text",
            changed_where(f"BIND ({MARCH} AS ?thing)", "cekg:sourceText", 'CONCAT(" ", ?old)'),
            "quote-position",
        ),
        (
            "source: twice the same",
            f"INSERT {{ source:copy ?p ?o }} WHERE {{ {MARCH} ?p ?o }}",
            "source-is-one",
        ),
        ("source: of no kind", f"DELETE DATA {{ {MARCH} a cekg:NewsArticle }}", "source-kind"),
        # Policies and recognitions
        ("policy: another kind", changed(POLICY, "cekg:policyKind", "cekg:Document"), "reading-agrees"),
        ("policy: no kind", dropped(POLICY, "cekg:policyKind"), "policy-kind"),
        ("policy: another status", changed(POLICY, "cekg:policyStatus", "cekg:Issued"), "reading-agrees"),
        (
            "policy: a status that is none",
            changed(POLICY, "cekg:policyStatus", "cekg:Reform"),
            "policy-status",
        ),
        ("policy: no city", dropped(POLICY, "cekg:ofCity"), "sourced-city"),
        ("policy: issued by a city", added(f"{POLICY} cekg:issuedBy city:harbin"), "policy-issued-by"),
        (
            "recognition: of another policy",
            changed(RECOGNITION, "cekg:recognises", "policy:4-plus-4-development"),
            "reading-agrees",
        ),
        ("recognition: of a city", changed(RECOGNITION, "cekg:recognises", "city:harbin"), "recognition-of"),
        (
            "recognition: as something else",
            changed(RECOGNITION, "cekg:recognisedAs", "cekg:Reform"),
            "recognition-as",
        ),
        # Relations
        (
            "relation: the plain triple is gone",
            "DELETE DATA { industry:information cekg:partOf group:harbin-advantageous-four }",
            "relation-holds",
        ),
        (
            "relation: a triple without evidence",
            added("industry:software-information-services cekg:partOf group:harbin-leading-four"),
            "relation-has-statement",
        ),
        (
            "relation: one industry too many",
            added("industry:software-information-services cekg:partOf group:harbin-leading-four"),
            "number-of-industries-is-counted",
        ),
        (
            "relation: another subject",
            changed(MEMBERSHIP, "rdf:subject", "industry:finance"),
            "relation-has-statement",
        ),
        (
            "relation: another predicate",
            changed(MEMBERSHIP, "rdf:predicate", "skos:broader"),
            "relation-predicate",
        ),
        (
            "relation: another object",
            changed(MEMBERSHIP, "rdf:object", "group:harbin-leading-four"),
            "reading-agrees",
        ),
        (
            "relation: capital of a country",
            changed("city:harbin", "cekg:capitalOf", "country:china"),
            "capital-of-region",
        ),
        (
            "relation: capital of another region",
            changed(CAPITAL, "rdf:object", "region:northeast-china"),
            "relation-holds",
        ),
        (
            "relation: within a city",
            changed("region:heilongjiang", "cekg:within", "industry:finance"),
            "within-place",
        ),
        # Metrics, industries, places
        ("metric: another unit", changed(ADDED_UP, "cekg:expectedUnit", "unit:CCY_USD"), "unit-is-expected"),
        (
            "metric: no part of the total",
            dropped("metric:revenue", "cekg:contributesTo"),
            "parts-are-complete",
        ),
        ("metric: neither flow nor stock", dropped(ADDED_UP, "cekg:temporalKind"), "metric-temporal-kind"),
        ("system: in no scheme", dropped("system:harbin-4-plus-4", "skos:inScheme"), "system-dated"),
        ("group: part of no system", dropped("group:harbin-leading-four", "cekg:partOf"), "group-part-of"),
        (
            "industry: not an activity",
            "DELETE DATA { industry:finance a cekg:EconomicActivity }",
            "activity-written-out",
        ),
        (
            "industry: part of an industry",
            added("industry:finance cekg:partOf industry:logistics"),
            "industry-part-of",
        ),
        ("city: not a place", "DELETE DATA { city:harbin a cekg:Place }", "place-written-out"),
        # Reference data
        ("point: beyond the pole", changed("city:harbin", "wgs84:lat", "126.65"), "latitude"),
        ("point: no longitude", dropped("city:harbin", "wgs84:long"), "longitude"),
        ("country: a region", changed("city:harbin", "cekg:inCountry", "region:heilongjiang"), "in-country"),
        ("region: two", added("city:harbin cekg:inRegion region:northeast-china"), "in-region"),
        (
            "country: another than sources state",
            changed("city:harbin", "cekg:inCountry", "country:norway")
            + "; INSERT DATA { country:norway a cekg:Country }",
            "country-agrees",
        ),
        (
            "region: in another country",
            changed("region:heilongjiang", "cekg:inCountry", "country:norway"),
            "region-in-country",
        ),
        ("code: of no system", changed("city:harbin", "skos:notation", '"230100"'), "code-of-city"),
        (
            "code: that of another country",
            changed("country:china", "skos:notation", '"CHN"^^cekg:Iso3166Alpha2'),
            "code-of-country",
        ),
        (
            "code: of two things",
            added('city:northport skos:notation "230100"^^cekg:Gbt2260'),
            "code-is-of-one-thing",
        ),
        (
            "code: of a currency, in small letters",
            changed("unit:CCY_CNY", "skos:notation", '"cny"^^cekg:Iso4217'),
            "code-of-unit",
        ),
        # Labels, terms, links
        (
            "label: no Chinese one",
            'DELETE DATA { city:harbin rdfs:label "哈尔滨"@zh-Hans }',
            "label-in-both-languages",
        ),
        (
            "label: another one",
            changed_where("BIND (industry:finance AS ?thing)", "rdfs:label", 'STRLANG("banks", LANG(?old))'),
            "label-is-preferred",
        ),
        (
            "label: of two industries",
            added('industry:finance skos:altLabel "modern logistics"@en'),
            "name-is-unambiguous",
        ),
        ("label: preferred and not", added('city:harbin skos:altLabel "Harbin"@en'), "label-once"),
        (
            "definition: none in English",
            dropped_where('FILTER LANGMATCHES(LANG(?any), "en")', "city:harbin skos:definition ?any"),
            "definition-in-both-languages",
        ),
        ("term: not declared", added("city:harbin cekg:population 10"), "term-is-declared"),
        ("term: a class that is not declared", added("city:harbin a cekg:Megacity"), "term-is-declared"),
        (
            "link: two of one data set",
            added("city:harbin owl:sameAs <http://www.wikidata.org/entity/Q1>"),
            "same-as-one",
        ),
        (
            "link: shared by two things",
            added("region:heilongjiang owl:sameAs <http://www.wikidata.org/entity/Q42956>"),
            "same-as-not-shared",
        ),
        (
            "link: by another property",
            added("city:harbin rdfs:seeAlso <http://www.wikidata.org/entity/Q42956>"),
            "link-is-a-mapping",
        ),
        (
            "link: without a mapping",
            added(f"{LINKED} skos:closeMatch <http://data.example/1>"),
            "link-has-mapping",
        ),
        (
            "link: gone, but not its mapping",
            f"DELETE DATA {{ {LINKED} owl:sameAs <http://www.wikidata.org/entity/Q42956> }}",
            "mapping-holds",
        ),
        (
            "link: of another thing than is meant",
            changed(MAPPING, "owl:annotatedSource", "region:heilongjiang"),
            "mapping-of-known-thing",
        ),
        (
            "link: an industry that is the same as an item",
            added("industry:finance owl:sameAs <http://www.wikidata.org/entity/Q837171>"),
            "link-fits-kind",
        ),
        (
            "link: a place by a predicate of concepts",
            added(f"{LINKED} skos:exactMatch <http://www.wikidata.org/entity/Q42956>"),
            "link-fits-kind",
        ),
        (
            "mapping: without evidence",
            f"DELETE {{ {MAPPING} rdfs:comment ?old }} WHERE {{ {MAPPING} rdfs:comment ?old }}",
            "mapping-evidence",
        ),
        ("mapping: more than certain", changed(MAPPING, "sssom:confidence", "2.5"), "mapping-confidence"),
        (
            "mapping: to a page and not an item",
            changed(MAPPING, "owl:annotatedTarget", "<https://www.wikidata.org/wiki/Q42956>"),
            "link-to-wikidata",
        ),
        (
            "mapping: to a feature without its slash",
            changed(
                "mapping:city-harbin-geonames-2037013",
                "owl:annotatedTarget",
                "<https://sws.geonames.org/2037013>",
            ),
            "link-to-geonames",
        ),
        (
            "mapping: of no set",
            f"DELETE {{ ?set sssom:mappings {MAPPING} }} WHERE {{ ?set sssom:mappings {MAPPING} }}",
            "mapping-in-set",
        ),
        ("name: with a dot", added("<https://w3id.org/cekg/industry/a.b> a cekg:Industry"), "industry-iri"),
    )
)
