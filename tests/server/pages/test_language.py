"""The languages of the pages: who gets which, and that nothing is left unsaid in one of them."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from babel.messages import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import server
from server import errors
from server.pages import language

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
                for message in [found] if isinstance(found, str) else found:
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
    assert {place: message for message, place in used.items() if not said.get(message)} == {}
    for message, translation in said.items():
        assert sorted(values(message)) == sorted(values(translation)), message
    lines = Counter(
        line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("msgid")
    )
    assert [line for line, times in lines.items() if times > 1 and line != 'msgid ""'] == []


def is_said(call):
    """Tell whether a call is ``Language.say`` or ``Language.count``, and not a count of characters."""
    name = getattr(call.func, "attr", "")
    return name == "say" or (name == "count" and len(call.args) == 3)


def values(message):
    import re

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
    assert '<p class="lead" lang="en">' in client.get("/search?page=0", headers=asked).text
