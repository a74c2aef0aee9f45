"""The rows that each example query gives, as tables.

The columns in the head of a table are compared, in all rows and in their order; other columns may exist.
"""

# ruff: noqa: E501  # a row is a line

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from kg import resources

TABLES = {
    "total": """
        city | of | measure | year | total_billion_yuan | reported_by
        Harbin | Harbin's “4+4” modern industrial system | total scale | 2020 | 621.37 | Harbin Development and Reform Commission
    """,
    "industries-by-group": """
        system | group | industry
        Harbin's “4+4” modern industrial system | Harbin's four advantageous industries | financial industry
        Harbin's “4+4” modern industrial system | Harbin's four advantageous industries | information industry
        Harbin's “4+4” modern industrial system | Harbin's four advantageous industries | modern logistics
        Harbin's “4+4” modern industrial system | Harbin's four advantageous industries | new materials industry
        Harbin's “4+4” modern industrial system | Harbin's four leading industries | advanced equipment manufacturing
        Harbin's “4+4” modern industrial system | Harbin's four leading industries | characteristic culture and tourism
        Harbin's “4+4” modern industrial system | Harbin's four leading industries | deep processing of green agricultural products
        Harbin's “4+4” modern industrial system | Harbin's four leading industries | modern biomedicine
    """,
    "figures-by-industry": """
        city | industry | measure | year | billion_yuan
        Harbin | characteristic culture and tourism | revenue | 2020 | 136.26
        Harbin | deep processing of green agricultural products | output value | 2020 | 101.95
        Harbin | modern logistics | revenue | 2020 | 89.47
        Harbin | financial industry | revenue | 2020 | 85.81
        Harbin | modern biomedicine | revenue | 2020 | 80.7
        Harbin | advanced equipment manufacturing | output value | 2020 | 77.3
        Harbin | information industry | revenue | 2020 | 34.77
        Harbin | new materials industry | output value | 2020 | 15.11
    """,
    "growth": """
        city | year | industry | measure | growth_percent | compared_with
        Harbin | 2020 | advanced equipment manufacturing | output value | 11.6 | 2019
        Harbin | 2020 | deep processing of green agricultural products | output value | 9.3 | 2019
        Harbin | 2020 | new materials industry | output value | 7.5 | 2019
        Harbin | 2020 | information industry | revenue | 6.4 | 2019
        Harbin | 2020 | modern biomedicine | revenue | 2.9 | 2019
        Harbin | 2020 | financial industry | revenue | 2.6 | 2019
        Harbin | 2020 | characteristic culture and tourism |  |  |
        Harbin | 2020 | modern logistics |  |  |
    """,
    "parts-and-total": """
        city | year | of | industries | figures | sum_billion_yuan | stated_billion_yuan | difference_billion_yuan
        Harbin | 2020 | Harbin's “4+4” modern industrial system | 8 | 8 | 621.37 | 621.37 | 0
    """,
    "sums-by-measure": """
        city | year | of | measure | industries | sum_billion_yuan
        Harbin | 2020 | Harbin's “4+4” modern industrial system | output value | 3 | 194.36
        Harbin | 2020 | Harbin's “4+4” modern industrial system | revenue | 5 | 427.01
    """,
    "shares-of-the-total": """
        city | year | industry | billion_yuan | share_percent
        Harbin | 2020 | characteristic culture and tourism | 136.26 | 21.93
        Harbin | 2020 | deep processing of green agricultural products | 101.95 | 16.41
        Harbin | 2020 | modern logistics | 89.47 | 14.4
        Harbin | 2020 | financial industry | 85.81 | 13.81
        Harbin | 2020 | modern biomedicine | 80.7 | 12.99
        Harbin | 2020 | advanced equipment manufacturing | 77.3 | 12.44
        Harbin | 2020 | information industry | 34.77 | 5.6
        Harbin | 2020 | new materials industry | 15.11 | 2.43
    """,
    "sum-of-each-group": """
        city | year | group | industries | sum_billion_yuan
        Harbin | 2020 | Harbin's four leading industries | 4 | 396.21
        Harbin | 2020 | Harbin's four advantageous industries | 4 | 225.16
    """,
    "targets": """
        city | industry | measure | target_billion_yuan | reached_billion_yuan | reached_in | met | years_ahead | target_year | target_year_is
        Harbin | deep processing of green agricultural products | output value | 100 | 101.95 | 2020 | true | 1 | 2021 | derived
    """,
    "investment": """
        city | by | year | invested_billion_yuan | share_is | percent | of_the | whole_below_billion_yuan
        Harbin | Harbin's “4+4” modern industrial system | 2020 | 12.93 | more than | 40 | investment in key industrial projects | 32.325
    """,
    "projects": """
        city | year | projects | contracted_billion_yuan | million_yuan_a_project
        Harbin | 2020 | 213 | 391.54 | 1838.2
    """,
    "dollars": """
        city | measure | year | billion_yuan | billion_dollars | yuan_per_dollar
        Harbin | total contracted value | 2020 | 391.54 | 58.75 | 6.6645
        Harbin | total scale | 2020 | 621.37 | 93.23 | 6.6649
    """,
    "policies": """
        city | policy | kind | status | recognised_as
        Harbin | approval reform of construction projects | reform | recognised as a model | national model
        Harbin | commitment system for enterprise investment projects | policy document | issued |
        Harbin | development of the “4+4” modern industrial system | strategy | prioritised |
        Harbin | model city for digital economy innovation and development | programme | in progress |
    """,
    "one-measure": """
        industry | year | value | unit | figure
        industry:advanced-equipment | 2020 | 77300000000 | unit:CCY_CNY | obs:harbin-advanced-equipment-output-value-2020-level-77300000000-cny
        industry:green-agriculture | 2020 | 101950000000 | unit:CCY_CNY | obs:harbin-green-agriculture-output-value-2020-level-101950000000-cny
        industry:new-materials | 2020 | 15110000000 | unit:CCY_CNY | obs:harbin-new-materials-output-value-2020-level-15110000000-cny
    """,
    "ranked-first": """
        measure | rank | among | known_by
        online government service capacity | 1 | Northeast China | 2021-08-04
    """,
    "no-period": """
        city | figure | not_after
        Harbin | Harbin's four advantageous industries: number of industries: 4 | 2021-03-30
        Harbin | Harbin, internet and related services: growth of operating income of enterprises above the designated size: +16.6 percent | 2021-08-04
        Harbin | Harbin, software and information services: growth of new companies: +18.6 percent | 2021-08-04
        Harbin | Harbin, software and information services: new companies: 1,500 | 2021-08-04
        Harbin | Harbin: 5G base stations: 7,030 | 2021-08-04
        Harbin | Harbin: data centers in operation: 8 | 2021-08-04
        Harbin | Harbin: government affairs with optimised handling: 1,200 | 2021-08-04
    """,
    "last-year": """
        words | article | article_date | year | figures
        In the past year | Harbin’s modern industrial system sees rapid growth in 2020 | 2021-03-30 | 2020 | 14
        Last year | Harbin’s modern industrial system sees rapid growth in 2020 | 2021-03-30 | 2020 | 3
        Last year | Harbin pursues high-quality economic development | 2021-08-04 | 2020 | 4
    """,
    "bounds": """
        figure | comparison | lower_bound | upper_bound | unit
        Harbin's “4+4” modern industrial system: total investment as a share of investment in key industrial projects, 2020: more than 40 percent | more than | 40 |  | percent
        Harbin, deep processing of green agricultural products: target for output value: at least 100 billion yuan | at least | 100000000000 |  | Chinese yuan
    """,
    "sentences": """
        date | words
        2021-03-30 | 621.37 billion yuan
        2021-03-30 | $93.23 billion
        2021-03-30 | eight
        2021-03-30 | more than 40 percent
        2021-03-30 | 12.93 billion yuan
        2021-03-30 | a year-on-year increase of 9.3 percent
        2021-03-30 | 101.95 billion yuan
        2021-03-30 | 100 billion yuan
        2021-03-30 | a year-on-year increase of 11.6 percent
        2021-03-30 | 77.3 billion yuan
        2021-03-30 | a year-on-year increase of 2.9 percent
        2021-03-30 | 80.7 billion yuan
        2021-03-30 | 136.26 billion yuan
        2021-03-30 | four
        2021-03-30 | a year-on-year increase of 6.4 percent
        2021-03-30 | 34.77 billion yuan
        2021-03-30 | a year-on-year increase of 7.5 percent
        2021-03-30 | 15.11 billion yuan
        2021-03-30 | increasing 2.6 percent year-on-year
        2021-03-30 | 85.81 billion yuan
        2021-03-30 | 89.47 billion yuan
        2021-08-04 | 213
        2021-08-04 | 391.54 billion yuan
        2021-08-04 | $58.75 billion
        2021-08-04 | increased by 36.7 percent
        2021-08-04 | 1,200
        2021-08-04 | ranked first
        2021-08-04 | 621.37 billion yuan
        2021-08-04 | 7,030
        2021-08-04 | Eight
        2021-08-04 | an increase of 18.6 percent
        2021-08-04 | 1,500
        2021-08-04 | increased by 16.6 percent
    """,
    "chinese-names": """
        kind | english | chinese
        city | Harbin | 哈尔滨
        country | China | 中国
        industry | advanced equipment manufacturing | 先进装备制造
        industry | characteristic culture and tourism | 特色文化和旅游
        industry | deep processing of green agricultural products | 绿色农产品深加工
        industry | financial industry | 金融
        industry | information industry | 信息
        industry | internet and related services | 互联网和相关服务
        industry | modern biomedicine | 现代生物医药
        industry | modern logistics | 现代物流
        industry | new materials industry | 新材料
        industry | software and information services | 软件和信息服务
        industry group | Harbin's four advantageous industries | 优势产业
        industry group | Harbin's four leading industries | 主导产业
        industry system | Harbin's “4+4” modern industrial system | “4+4”现代产业新体系
        metric | 5G base stations | 5G基站数
        metric | actual use of capital from outside the province | 实际利用省外资金
        metric | contracted projects of more than 10 million yuan each | 1000万元以上签约项目数
        metric | data centers in operation | 运营数据中心数
        metric | government affairs with optimised handling | 优化办理的政务服务事项数
        metric | investment in key industrial projects | 重点产业项目投资
        metric | new companies | 新增企业数
        metric | number of industries | 产业数量
        metric | online government service capacity | 网上政务服务能力
        metric | operating income of enterprises above the designated size | 规模以上企业营业收入
        metric | output value | 产值
        metric | revenue | 收入
        metric | total contracted value | 签约总额
        metric | total investment | 完成投资
        metric | total scale | 总规模
        organization | City Economy Knowledge Graph authors | 城市经济知识图谱作者
        organization | Harbin Development and Reform Commission | 哈尔滨市发展和改革委员会
        organization | e.my399.com | e.my399.com
        policy | approval reform of construction projects | 工程建设项目审批制度改革
        policy | commitment system for enterprise investment projects | 企业投资项目承诺制
        policy | development of the “4+4” modern industrial system | “4+4”现代产业新体系建设
        policy | model city for digital economy innovation and development | 数字经济创新发展示范城市
        region | Heilongjiang | 黑龙江省
        region | Northeast China | 东北地区
    """,
    "year-before": """
        city | industry | measure | year | billion_yuan | this_is
        Harbin | deep processing of green agricultural products | output value | 2019 | 93.28 | derived
        Harbin | financial industry | revenue | 2019 | 83.64 | derived
        Harbin | modern biomedicine | revenue | 2019 | 78.43 | derived
        Harbin | advanced equipment manufacturing | output value | 2019 | 69.27 | derived
        Harbin | information industry | revenue | 2019 | 32.68 | derived
        Harbin | new materials industry | output value | 2019 | 14.06 | derived
    """,
    "gdp": """
        city | figures_on_gdp | figures_in_all
        Harbin | 0 | 32
    """,
    "links": """
        thing | link | their_address
        China | owl:sameAs | http://www.wikidata.org/entity/Q148
        China | owl:sameAs | https://sws.geonames.org/1814991/
        Chinese yuan | skos:exactMatch | http://www.wikidata.org/entity/Q39099
        Harbin | owl:sameAs | http://www.wikidata.org/entity/Q42956
        Harbin | skos:closeMatch | https://sws.geonames.org/2037013/
        Heilongjiang | owl:sameAs | http://www.wikidata.org/entity/Q19206
        US dollar | skos:exactMatch | http://www.wikidata.org/entity/Q4917
        advanced equipment manufacturing | skos:broadMatch | https://unstats.un.org/classifications/ISIC/rev4/C
        characteristic culture and tourism | skos:relatedMatch | http://www.wikidata.org/entity/Q49389
        data centers in operation | skos:relatedMatch | http://www.wikidata.org/entity/Q671224
        deep processing of green agricultural products | skos:broadMatch | https://unstats.un.org/classifications/ISIC/rev4/C
        financial industry | skos:closeMatch | http://www.wikidata.org/entity/Q837171
        financial industry | skos:closeMatch | https://unstats.un.org/classifications/ISIC/rev4/K
        information industry | skos:relatedMatch | https://unstats.un.org/classifications/ISIC/rev4/J
        internet and related services | skos:relatedMatch | https://unstats.un.org/classifications/ISIC/rev4/63
        modern biomedicine | skos:closeMatch | http://www.wikidata.org/entity/Q507443
        modern biomedicine | skos:relatedMatch | https://unstats.un.org/classifications/ISIC/rev4/21
        modern logistics | skos:broadMatch | https://unstats.un.org/classifications/ISIC/rev4/H
        modern logistics | skos:closeMatch | http://www.wikidata.org/entity/Q177777
        percentage point | skos:relatedMatch | unit:PERCENT
        software and information services | skos:closeMatch | https://unstats.un.org/classifications/ISIC/rev4/62
    """,
    "what-the-total-is": """
        total | consists_of | which_means | note
        total scale | output value | The value of what an industry produces in a period. | A sum of unlike measures: some industries enter with output value, others with revenue. It is not gross domestic product.
        total scale | revenue | What an industry takes in during a period. | A sum of unlike measures: some industries enter with output value, others with revenue. It is not gross domestic product.
    """,
}


@pytest.mark.parametrize("slug", TABLES)
def test_the_rows_are(slug: str, ask: Callable[[str], Any]) -> None:
    head, *rows = cells(TABLES[slug])
    assert ask(slug).columns(*head) == rows


def cells(table: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]


# Those whose rows are better told in other words


def test_a_sentence_comes_with_title_address_and_date(ask: Callable[[str], Any]) -> None:
    first = ask("sentences").rows[0]
    assert first == (
        "Harbin's “4+4” modern industrial system: total scale, 2020: 621.37 billion yuan",
        "621.37 billion yuan",
        "The total scale of Harbin’s “4+4” modern industrial system reached 621.37 billion yuan ($93.23 billion) in 2020",
        "Harbin’s modern industrial system sees rapid growth in 2020",
        "http://e.my399.com/business/industries/2021-03-30/5554.html",
        "2021-03-30",
    )


def test_every_figure_has_a_sentence_with_its_words(ask: Callable[[str], Any]) -> None:
    rows = ask("sentences").columns("words", "sentence")
    assert all(words in sentence for words, sentence in rows)
    assert len({row[0] for row in ask("sentences").rows}) == 32


def test_two_articles_of_one_publisher_are_one_voice(ask: Callable[[str], Any]) -> None:
    """The total, eight industries in two groups, and two groups in a system stand in both articles."""
    voices = Counter(ask("corroboration").columns("articles", "publishers"))
    assert voices == {("2", "1"): 1 + 8 + 2, ("1", "1"): 38}
    assert (
        "Harbin's “4+4” modern industrial system: total scale, 2020: 621.37 billion yuan",
        "2",
        "1",
    ) in ask("corroboration").rows


def test_each_article_states_its_facts(ask: Callable[[str], Any]) -> None:
    kinds = Counter(ask("facts-by-article").columns("date", "kind"))
    assert kinds == {
        ("2021-03-30", "level"): 12,
        ("2021-03-30", "growth"): 6,
        ("2021-03-30", "share"): 1,
        ("2021-03-30", "target"): 1,
        ("2021-03-30", "converted amount"): 1,
        ("2021-03-30", "relation statement"): 10,
        ("2021-08-04", "level"): 7,
        ("2021-08-04", "growth"): 3,
        ("2021-08-04", "rank"): 1,
        ("2021-08-04", "converted amount"): 1,
        ("2021-08-04", "policy"): 4,
        ("2021-08-04", "recognition"): 1,
        ("2021-08-04", "relation statement"): 12,
    }


def test_facts_come_in_the_order_of_the_article(ask: Callable[[str], Any]) -> None:
    levels = [
        fact
        for date, kind, fact in ask("facts-by-article").columns("date", "kind", "fact")
        if (date, kind) == ("2021-08-04", "level")
    ]
    assert levels == [
        "Harbin: contracted projects of more than 10 million yuan each, 2020: 213",
        "Harbin: total contracted value, 2020: 391.54 billion yuan",
        "Harbin: government affairs with optimised handling: 1,200",
        "Harbin's “4+4” modern industrial system: total scale, 2020: 621.37 billion yuan",
        "Harbin: 5G base stations: 7,030",
        "Harbin: data centers in operation: 8",
        "Harbin, software and information services: new companies: 1,500",
    ]


def test_no_figures_disagree(ask: Callable[[str], Any]) -> None:
    assert ask("conflicts").rows == []


def test_every_example_has_its_rows_here() -> None:
    told = {"corroboration", "facts-by-article", "conflicts"}
    assert told | set(TABLES) == {example.slug for example in resources.examples()}
