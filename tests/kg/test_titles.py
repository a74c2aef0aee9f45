"""Facts have a name in each language, from the names of what they are about."""

import pytest
from rdflib import URIRef
from rdflib.namespace import RDFS

from kg import names

PLAIN = "harbin-green-agriculture-output-value"
SHARE = "4-plus-4-total-investment-2020-share-of-key-industrial-project-investment"
SUBJECT = "Harbin, deep processing of green agricultural products"
SYSTEM = "Harbin's “4+4” modern industrial system"
INVESTMENT = "investment in key industrial projects"


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        (
            f"obs/{PLAIN}-2020-level-101950000000-cny",
            f"{SUBJECT}: output value, 2020: 101.95 billion yuan",
            "哈尔滨 · 绿色农产品深加工 · 产值 · 2020年：1,019.5亿元",
        ),
        (
            f"obs/{PLAIN}-2020-growth-9-3-percent",
            f"{SUBJECT}: growth of output value, 2020: +9.3 percent",
            "哈尔滨 · 绿色农产品深加工 · 产值增长率 · 2020年：+9.3%",
        ),
        (
            f"obs/{PLAIN}-undated-target-at-least-100000000000-cny",
            f"{SUBJECT}: target for output value: at least 100 billion yuan",
            "哈尔滨 · 绿色农产品深加工 · 产值目标：至少1,000亿元",
        ),
        (
            f"obs/harbin-{SHARE}-more-than-40-percent",
            f"{SYSTEM}: total investment as a share of {INVESTMENT}, 2020: more than 40 percent",
            "哈尔滨 · “4+4”现代产业新体系 · 完成投资占重点产业项目投资比重 · 2020年：超过40%",
        ),
        (
            "obs/harbin-4-plus-4-total-scale-2020-converted-93230000000-usd",
            f"{SYSTEM}: total scale, converted, 2020: 93.23 billion US dollars",
            "哈尔滨 · “4+4”现代产业新体系 · 总规模（折算） · 2020年：932.3亿美元",
        ),
        (
            "obs/harbin-online-government-service-capacity-undated-rank-1-in-northeast-china",
            "Harbin: rank by online government service capacity in Northeast China: 1",
            "哈尔滨 · 网上政务服务能力在东北地区的位次：1",
        ),
        (
            "recognition/construction-project-approval-reform-national-model",
            "approval reform of construction projects: national model",
            "工程建设项目审批制度改革：全国示范",
        ),
        (
            "relation/harbin-capital-of-heilongjiang",
            "Harbin capital of Heilongjiang",
            "哈尔滨 · 省会（首府）所属地区 · 黑龙江省",
        ),
    ],
)
def test_a_fact_is_named_in_both_languages(assembly, name, english, chinese):
    labels = {
        str(label)
        for graph in assembly.graphs.values()
        for label in graph.objects(URIRef(names.BASE + name), RDFS.label)
    }
    assert labels == {english, chinese}
