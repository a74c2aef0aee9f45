"""Policies: what is stated of them, what is not, and who recognised them."""

from kg import names
from server.pages import policy
from server.pages.language import ENGLISH, choose


def page(app, slug):
    return policy.page(app.catalog, names.thing("policy", slug), ENGLISH, choose("zh"))


def facts(found):
    return {each.name.text: [value.text for value in each.values] for each in found.facts}


def test_a_policy_says_what_is_stated_and_what_is_not(app):
    assert facts(page(app, "construction-project-approval-reform")) == {
        "Kind": ["reform"],
        "Status": ["recognised as a model"],
        "City": ["Harbin"],
        "Issued by": ["not stated"],
        "Period": ["not exact; known on 4 August 2021 (“A few days ago”)"],
    }


def test_a_recognition_says_as_what_by_whom_and_when_and_is_linked(app, crowded_app):
    (known,) = page(app, "construction-project-approval-reform").recognitions
    assert (known.distinction.text, known.by) == ("national model", None)
    assert known.distinction.href == "/recognition/construction-project-approval-reform-national-model"
    assert known.period == "not exact; known on 4 August 2021 (“A few days ago”)"
    (other,) = page(crowded_app, "guilds").recognitions
    assert (other.by.text, other.period) == ("Ministry", "2020")


def test_a_recognition_leads_back_to_its_policy(client):
    back = client.get("/recognition/construction-project-approval-reform-national-model.html").text
    assert 'href="/policy/construction-project-approval-reform"' in back


def test_the_sentence_stands_there_once_with_what_was_read_marked(app):
    found = page(app, "construction-project-approval-reform")
    (quote,) = found.quotes
    assert [each.text for each in quote.segments if each.marked] == [
        "the approval reform of construction projects",
        "was listed as a national model",
    ]
    (group,) = found.steps
    roles = [each.role for each in group.steps]
    assert roles == ["policy", "kind of policy", "state of the policy", "recognised as", "city", "period"]


def test_a_policy_of_which_little_is_known_has_a_page_all_the_same(crowded_app):
    found = page(crowded_app, "bare")
    assert facts(found)["Kind"] == ["not stated"]
    assert (found.quotes, found.recognitions, found.steps) == ((), (), ())
    assert crowded_app.test_client().get("/policy/bare.html").status_code == 200


def test_markup_in_its_name_comes_out_as_text(crowded_app):
    shown = crowded_app.test_client().get("/policy/guilds.html").text
    assert "<img src=x" not in shown
    assert "alert(1)" in shown
