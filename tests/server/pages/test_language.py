"""The languages of the pages: who gets which, and that nothing is left unsaid in one of them."""

import ast
import html
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import server
from server import errors
from server.pages import language
from server.questions import terms

ROOT = Path(server.__file__).parent
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("address", "accepted", "tag"),
    [
        ("/", None, "en"),
        ("/", "zh-CN,zh;q=0.9,en;q=0.5", "zh-Hans"),
        ("/", "de, en;q=0.5", "en"),
        ("/", "de, fr", "en"),
        ("/", "en, zh", "en"),
        ("/?lang=zh-Hans", "en", "zh-Hans"),
        ("/?lang=zh_CN", "en", "zh-Hans"),
        ("/?lang=en", "zh", "en"),
    ],
)
def test_a_reader_gets_the_language_asked_for_then_the_one_liked_best(client, address, accepted, tag):
    answer = client.get(address, headers={"Accept": FIREFOX, "Accept-Language": accepted or ""})
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, tag)
    assert f'<html lang="{tag}">' in answer.text
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_a_choice_lasts_until_the_next(client):
    assert '<html lang="en">' in client.get("/city/harbin.html").text
    client.get("/?lang=zh-Hans")
    assert '<html lang="zh-Hans">' in client.get("/city/harbin.html").text
    client.get("/?lang=en")
    assert '<html lang="en">' in client.get("/city/harbin.html").text


@pytest.mark.parametrize("asked", ["fr", "", "<script>", "zh\r\nX: 1", "e" * 10_000])
def test_a_language_that_no_page_speaks_is_400_and_says_which_there_are(client, asked):
    answer = client.get("/city/harbin.html", query_string={"lang": asked}, headers={"Accept": FIREFOX})
    assert answer.status_code == 400
    assert "?lang=zh-Hans" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert len(answer.data) < 10_000


def test_a_kept_choice_that_is_none_is_passed_over(client):
    client.set_cookie("lang", "tlh")
    assert client.get("/").status_code == 200


def test_the_endpoint_leaves_the_parameter_alone(client):
    answer = client.get("/sparql", query_string={"query": "ASK {}", "lang": "fr"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_every_page_links_itself_in_each_language(client):
    page = client.get("/queries?lang=en").text
    for each in language.languages():
        assert f'<link rel="alternate" hreflang="{each.tag}" href="/queries?lang={each.tag}">' in page


def messages():
    """Every message that the templates and modules say, with the places that say it."""
    for path in ROOT.rglob("*.html"):
        with path.open("rb") as file:
            options = {"trimmed": "true"}
            for line, _, found, _ in babel_extract(file, extract.DEFAULT_KEYWORDS, (), options):
                for message in [found] if isinstance(found, str) else found or ():
                    yield message, f"{path.relative_to(ROOT)}:{line}"
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and is_said(node):
                for each in node.args:
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value, f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("tag", [tag for tag in language.TAGS if tag != "en"])
def test_every_message_is_said_in_every_language_once_and_with_the_same_values(tag):
    path = ROOT / "locale" / f"{tag}.po"
    with path.open("rb") as file:
        said = {str(each.id): str(each.string) for each in read_po(file) if each.id}
    used = {message: place for message, place in messages() if message}
    used |= dict.fromkeys(terms.INTERFACE, "questions/terms.py")
    assert {place: message for message, place in used.items() if not said.get(message)} == {}
    for message, translation in said.items():
        assert sorted(values(message)) == sorted(values(translation)), message
    lines = Counter(
        line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("msgid")
    )
    assert [line for line, times in lines.items() if times > 1 and line != 'msgid ""'] == []


PAGES = ("distributions", "machines", "pages", "questions", "reports", "search", "series", "errors.py")
UNSAID = {"Fault", "RequestFault", "Gone", "RemoteFault", "TooManyRows"}
"""Faults that no reader of a page meets, or whose reason comes from another endpoint."""
UNSAID_CALLS = {"NotAcceptable", "problem", "from_http"}


def faults():
    """What each fault of a page says, None where it is put together and so can be said in English alone."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__name__ not in UNSAID]
    for kind in kinds:
        if issubclass(kind, errors.RequestFault):
            yield kind.title, kind.__name__
    for path in sorted(
        path for part in PAGES for path in ROOT.glob(f"{part}/*.py" if "." not in part else part)
    ):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {each.target.id: each.value for each in tree.body if isinstance(each, ast.AnnAssign)}
        known = [each for each in tree.body if getattr(each, "name", "") not in UNSAID]
        for call in (node for each in known for node in ast.walk(each) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if name == "__init__" or (hasattr(errors, name) and name not in UNSAID_CALLS):
                said = named.get(getattr(call.args[0], "id", ""), call.args[0])
                yield getattr(said, "value", None), f"{path.relative_to(ROOT)}:{call.lineno}"


@pytest.mark.parametrize("tag", [tag for tag in language.TAGS if tag != "en"])
def test_every_fault_of_a_page_is_said_in_every_language(tag):
    said = language.language(tag).messages
    found = list(faults())
    assert len(found) > 40
    assert [place for message, place in found if message not in said] == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/search?kind=moon", "没有可搜索的类别 'moon'"),
        ("/search?q=industry&page=99", "搜索结果没有第99页"),
        ("/search?q=" + "a" * 300, "搜索文字有300个字符"),
        ("/?lang=tlh", "网页没有 'tlh' 这种语言"),
        ("/city/harbin?format=pdf", "没有 'pdf' 格式"),
        ("/series/harbin/output-value", "没有来源给出哈尔滨全市的产值"),
        ("/charts/city/harbin/none.csv", "city/harbin 的页面没有该名称的图表"),
        ("/queries/one-measure?metric=metric:moon", "图谱中没有这个指标"),
        ("/sparql?query=SELECT", "第1行第7列"),
    ],
)
def test_a_chinese_reader_is_told_in_chinese_what_is_wrong(client, address, said):
    answer = client.get(address, headers={"Accept": FIREFOX, "Accept-Language": "zh-CN"})
    assert answer.status_code in {400, 404}
    assert said in html.unescape(answer.text)


def is_said(call):
    """Tell whether a call is ``Language.say`` or ``Language.count``, and not a count of characters."""
    name = getattr(call.func, "attr", "")
    return name == "say" or (name == "count" and len(call.args) == 3)


def values(message):
    return re.findall(r"%\((\w+)\)s", message)


def test_a_language_is_refused_where_nothing_of_it_is_known():
    with pytest.raises(errors.BadRequest):
        language.choose("tlh")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/city/harbn", "图谱中没有关于 city/harbn 的记述。"),
        ("/nothing", "此地址没有内容。从首页可以找到全部内容。"),
        ("/city/harbin.pdf", "city:harbin 在此没有 .pdf 格式。可用的有 .html, .ttl"),
        ("/queries/nothing", "没有名为 &#39;nothing&#39; 的示例查询"),
    ],
)
def test_a_fault_is_said_in_the_reader_s_language_and_to_programs_in_english(client, address, said):
    answer = client.get(address, headers={"Accept": FIREFOX, "Accept-Language": "zh"})
    assert (answer.status_code, said in answer.text) == (404, True)
    assert client.get(address, headers={"Accept-Language": "zh"}).json["detail"].isascii()


def test_what_is_said_in_english_alone_is_marked_as_english(client):
    asked = {"Accept": FIREFOX, "Accept-Language": "zh"}
    assert '<p class="lead" lang="en">' in client.get("/reconcile/preview?id=moon", headers=asked).text


TOTAL = "/obs/harbin-4-plus-4-total-scale-2020-level-621370000000-cny.html"
PUNCTUATED = ["/", "/city/harbin.html", "/policy/construction-project-approval-reform.html", TOTAL]


@pytest.mark.parametrize("path", PUNCTUATED)
def test_chinese_is_punctuated_as_chinese(client, path):
    page = client.get(path, headers={"Accept": FIREFOX, "Accept-Language": "zh-CN"}).text
    text = html.unescape(re.sub(r"<pre.*?</pre>|<script.*?</script>|<[^>]+>", "", page, flags=re.DOTALL))
    assert re.findall(r"[\u4e00-\u9fff] ?[,;:](?! ?\S*=)", text) == []
    assert re.findall("[0-9][\u202f ]%|Updated|\\b(?:CNY|USD)\\b", text) == []


@pytest.mark.parametrize(
    ("path", "chinese", "english"),
    [
        ("/graph/base.html", "<h1>地点、产业、指标", "<h1>Places, industries"),
        ("/metric/total-scale.html", "不同口径之和", "A sum of unlike measures"),
        (TOTAL, "并非地区生产总值", "A sum of unlike measures"),
    ],
)
def test_what_the_graph_says_in_both_languages_a_page_says_in_its_own(client, path, chinese, english):
    pages = {
        tag: client.get(path, headers={"Accept": FIREFOX, "Accept-Language": tag}).text
        for tag in language.TAGS
    }
    assert chinese in pages["zh-Hans"]
    assert english not in pages["zh-Hans"]
    assert english in pages["en"]
    assert chinese not in pages["en"]
