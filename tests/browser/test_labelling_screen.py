"""The labelling screen around the answers, by keyboard: comments, breaks, and what is asked again."""

import json
import re

import pytest
from browser_lab import NewContext, Served
from playwright.sync_api import Locator, expect
from question_lab import Desk, labelling

pytestmark = pytest.mark.browser
SCHEMA = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "spans",
            "name": "who",
            "label": "Who?",
            "field": "text",
            "labels": [{"value": "person", "label": "Person"}],
        },
        {
            "type": "choice",
            "name": "mood",
            "label": "Mood?",
            "options": [{"value": word, "label": word.title()} for word in ("good", "bad")],
        },
    ],
}
ROWS = [{"id": "a", "text": "Ada met Bob."}, {"id": "b", "text": "Cy slept."}]


def test_comments_and_breaks_by_keyboard(served: Served, new_context: NewContext):
    with labelling(served, new_context, SCHEMA, ROWS) as desk:
        _write_a_comment_that_does_not_arrive_at_first(desk)
        _read_the_answer_after_a_reload(desk)
        _send_what_was_written_on_an_item_before(desk)
        _take_a_break(desk)
        _answer_what_is_asked_again(desk)


def _panel(desk: Desk) -> Locator:
    return desk.page.get_by_test_id("comments")


def _count(desk: Desk) -> Locator:
    return desk.page.get_by_test_id("open-comments")


def _text(desk: Desk) -> Locator:
    return desk.page.locator('[data-focus="who"]')


def _write_a_comment_that_does_not_arrive_at_first(desk: Desk) -> None:
    page, project, panel, text = desk.page, desk.project, _panel(desk), _text(desk)
    expect(text).to_be_focused()
    desk.press("Control+Home", "Control+Shift+ArrowRight", "1", "c")
    words = panel.get_by_label("New comment")
    expect(words).to_be_focused()
    expect(panel.get_by_role("checkbox", name="About Who? · Person “Ada”")).to_be_checked()
    page.keyboard.type("Is c a first name?")
    page.route("**/threads", lambda route: route.abort())
    desk.press("Control+Enter")
    expect(panel.get_by_role("alert")).to_contain_text("The comment was not sent.")
    desk.press("Escape")
    expect(text).to_be_focused()
    unsent = page.get_by_role("button", name="comment not sent")
    expect(unsent).to_be_visible()
    desk.wait_until_kept()
    page.once("dialog", lambda dialog: dialog.accept())
    desk.reload()
    expect(unsent).to_be_visible()
    page.unroute("**/threads")
    desk.press("c")
    expect(words).to_have_value("Is c a first name?")
    desk.press("Control+Enter")
    expect(panel.get_by_role("article")).to_contain_text("Who? · Person “Ada”")
    expect(words).to_have_value("")
    desk.press("Escape")
    expect(panel).to_be_hidden()
    expect(_count(desk)).to_have_text("11 open comment")
    (thread,) = project.open_threads()
    assert thread.anchor is not None
    assert (thread.anchor.question, thread.anchor.region) == ("who", {"start": 0, "end": 3, "label": "person"})
    assert [one.text for one in thread.comments] == ["Is c a first name?"]
    project.reply(thread, "It is.")


def _read_the_answer_after_a_reload(desk: Desk) -> None:
    panel, count = _panel(desk), _count(desk)
    desk.wait_until_kept()
    desk.reload()
    expect(count).to_have_text("11 open comment")
    desk.press("c")
    expect(panel.get_by_role("article")).to_contain_text("It is.")
    panel.get_by_role("button", name="Who? · Person “Ada”").press("Enter")
    expect(panel.get_by_role("checkbox", name="About Who? · Person “Ada”")).to_be_visible()
    panel.get_by_role("button", name="Resolve").press("Enter")
    expect(count).to_have_count(0)


def _send_what_was_written_on_an_item_before(desk: Desk) -> None:
    panel, project = _panel(desk), desk.project
    words = panel.get_by_label("New comment")
    words.fill("Half a thought")
    desk.press("Escape")
    desk.question("mood").get_by_text("Bad", exact=True).click()
    desk.submit(1)
    expect(panel).to_have_count(0)
    desk.press("c")
    expect(panel.get_by_role("note")).to_contain_text("Written on a and not sent yet:")
    panel.get_by_role("note").get_by_role("button", name="Send").press("Enter")
    expect(panel.get_by_role("note")).to_have_count(0)
    assert [one.comments[0].text for one in project.open_threads()] == ["Half a thought"]


def _take_a_break(desk: Desk) -> None:
    page, text = desk.page, _text(desk)
    desk.press("Escape")
    expect(text).to_be_focused()
    desk.press("-", "Shift+P")
    lasted = page.get_by_role("timer", name="How long the breaks from this item lasted")
    expect(lasted).not_to_have_text("0:00")
    desk.press("1", "Enter")
    expect(page.get_by_text("your item 2", exact=True)).to_be_visible()
    desk.press(" ")
    expect(lasted).to_have_count(0)
    expect(text).to_be_focused()
    desk.press(" ", "1")
    with page.expect_request("**/annotations") as sent:
        desk.submit(2)
    assert json.loads(sent.value.post_data or "")["break_ms"] >= 1_000


def _answer_what_is_asked_again(desk: Desk) -> None:
    spans, choice = SCHEMA["questions"]
    without_bad = {**choice, "options": [{"value": "good", "label": "Good"}, {"value": "mixed", "label": "Mixed"}]}
    desk.project.set_schema({**SCHEMA, "questions": [spans, without_bad]})
    desk.reload()
    banner = desk.page.get_by_test_id("asked-again")
    expect(banner).to_contain_text("“Mood?” has to be answered now.")
    expect(desk.question("who").get_by_role("listitem")).to_contain_text("Ada")
    expect(desk.question("mood")).to_have_class(re.compile("active"))
    banner.get_by_text("Your earlier answers (version 1)").press("Enter")
    expect(banner).to_contain_text("Bad")
    desk.press("2")
    expect(desk.page.get_by_role("button", name="Mixed", pressed=True)).to_be_visible()
    desk.submit(1)
    (row,) = [row for row in desk.project.items() if row.external_id == "a"]
    given = {one.schema_version: one.answers for one in desk.project.item(row.id).annotations}
    assert (given[1]["mood"], given[2]["mood"], given[2]["who"]) == ("bad", "mixed", given[1]["who"])
