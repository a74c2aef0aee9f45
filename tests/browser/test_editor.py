"""The query editor in a browser: it offers our terms, names what it finds, and calls nobody else."""

from urllib.parse import urlencode

import pytest

GROWTH = """SELECT ?industry ?percent {
  ?figure a cekg:Growth ; cekg:ofIndustry ?industry ; cekg:value ?percent .
}
ORDER BY DESC(?percent)"""
TAB = ".tabPanel.active"
VALUE = f"document.querySelector('{TAB} .CodeMirror').CodeMirror.getValue()"


@pytest.fixture
def editor(open_page, brought):
    """The editor with a query in it."""

    def open_editor(query=GROWTH, **options):
        page = open_page("/sparql?" + urlencode({"draft": query}), **options)
        page.locator(f"{TAB} .CodeMirror").wait_for()
        return page

    return open_editor


def text_of(page):
    return page.evaluate(VALUE)


def write(page, query):
    page.evaluate(f"query => document.querySelector('{TAB} .CodeMirror').CodeMirror.setValue(query)", query)


def run(page):
    page.locator(f"{TAB} .yasqe_queryButton").click()


def test_a_query_runs_and_its_things_are_links_with_labels(editor, address):
    page = editor()
    run(page)
    first = page.locator(f"{TAB} .yasr td a").first
    first.wait_for()
    assert first.inner_text() == "software and information services"
    assert first.get_attribute("href") == "/industry/software-information-services"
    assert page.locator(f"{TAB} .yasr tbody tr").count() == 8
    first.click()
    page.wait_for_url(f"{address}/industry/software-information-services.html")


def test_labels_are_in_the_language_of_the_page(editor):
    page = editor(locale="zh-CN")
    run(page)
    page.locator(f"{TAB} .yasr td a", has_text="先进装备制造").wait_for()


def test_the_editor_itself_speaks_the_language_of_the_page(editor):
    page = editor(locale="zh-CN")
    run(page)
    page.locator(f"{TAB} .yasr_response_chip", has_text="8条结果，用时").wait_for()
    assert page.locator(".tabsList .tab.active").inner_text().startswith("查询")
    assert page.locator(f"{TAB} .select_response").inner_text() == "原始响应"
    assert page.get_by_role("button", name="运行查询").is_visible()
    write(page, "ASK {}")
    run(page)
    page.locator(f"{TAB} .booleanResult", has_text="是").wait_for()
    page.locator(".tabsList .tab.active a").click(button="right")
    assert "重命名标签页" in page.locator(".context-menu").inner_text()


def test_numbers_stand_in_line(editor):
    page = editor()
    run(page)
    page.locator(f"{TAB} .yasr td.number").first.wait_for()
    assert page.locator(f"{TAB} .yasr td.number").count() == 8
    assert page.locator(f"{TAB} .yasr thead .number").inner_text() == "percent"


def test_a_large_result_comes_in_pages_with_one_request_for_labels_each(editor):
    page = editor("SELECT ?a ?b ?c { ?a ?b ?c } LIMIT 250")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    run(page)
    caption = page.locator(f"{TAB} .yasr caption")
    caption.wait_for()
    assert caption.inner_text() == "Rows 1 to 100 of 250"
    page.locator(f"{TAB} .turning button").nth(1).click()
    page.locator(f"{TAB} .yasr caption", has_text="Rows 101 to 200 of 250").wait_for()
    assert sum("labels.json" in url for url in asked) == 2


def test_prefixes_are_declared_where_a_query_uses_them(editor):
    page = editor()
    assert text_of(page) == f"PREFIX cekg: <https://w3id.org/cekg/ont#>\n\n{GROWTH}"
    write(page, "")
    page.locator(f"{TAB} .CodeMirror").click()
    page.keyboard.type("ASK { ?city a city:")
    page.wait_for_function(f"() => {VALUE}.startsWith('PREFIX city: <https://w3id.org/cekg/city/>')")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ASK { ?x cekg:ofIn", "cekg:ofIndustry   of industry"),
        ("ASK { ?x a cekg:Gro", "cekg:Growth   growth"),
    ],
)
def test_classes_and_properties_are_offered_with_their_labels(editor, typed, offered):
    page = editor("ASK {}")
    write(page, "")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(f"{TAB} .CodeMirror").click()
    page.keyboard.type(typed)
    page.locator(".CodeMirror-hint", has_text=offered).wait_for()
    assert asked == [], "completion asks nobody"


def test_a_question_is_loaded_from_the_list(editor):
    page = editor("ASK {}")
    page.locator(".questions-to-load select").select_option("growth")
    assert "?growth_percent" in text_of(page)
    run(page)
    page.locator(f"{TAB} .yasr tbody tr").nth(7).wait_for()


def test_a_fault_says_what_is_wrong_and_where(editor, complaints):
    page = editor("SELECT * {\n ?s ?p }")
    run(page)
    fault = page.locator(f"{TAB} .yasr .fault")
    fault.wait_for()
    assert "The query is not valid SPARQL" in fault.inner_text()
    assert "Line 2, column" in fault.inner_text()
    page.locator(".parseErrorIcon").first.hover()
    page.locator(".yasqe_tooltip").wait_for()
    assert [each for each in complaints if "400" not in each] == []
    complaints.clear()  # the browser logs every 400


def test_a_link_with_another_endpoint_asks_this_one(open_page, brought, address):
    page = open_page(
        "/sparql#query=ASK%20%7B%7D&endpoint=https%3A%2F%2Fexample.org%2Fsparql&outputFormat=table"
    )
    page.locator(f"{TAB} .booleanResult").wait_for()
    assert text_of(page) == "ASK {}"


def test_a_question_opens_in_the_editor_with_what_was_chosen(open_page, brought):
    page = open_page("/queries/one-measure?metric=metric:revenue")
    page.get_by_role("link", name="Open in the editor").click()
    page.locator(f"{TAB} .CodeMirror").wait_for()
    assert "VALUES ?metric { metric:revenue }" in text_of(page)


def test_the_same_draft_does_not_fill_the_editor_with_tabs(editor):
    page = editor()
    page.reload()
    page.locator(f"{TAB} .CodeMirror").wait_for()
    assert page.locator(".tabsList .tab").count() == 1


def test_on_a_phone_the_editor_is_no_wider_than_the_screen(editor):
    page = editor(width=390)
    run(page)
    page.locator(f"{TAB} .yasr td a").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_scripts_the_form_runs_the_query(open_page):
    page = open_page("/sparql?draft=ASK+%7B%7D", java_script_enabled=False)
    assert page.locator("form.query textarea").input_value() == "ASK {}"
    page.get_by_role("button", name="Run the query").click()
    assert page.locator(".headline").inner_text() == "Yes"
