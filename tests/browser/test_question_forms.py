"""The questions that are answered in a form: by keyboard alone, by mouse, undone, reloaded and opened again."""

import pytest
from browser_lab import NewContext, Served
from playwright.sync_api import Page, expect
from question_lab import Desk, labelling

pytestmark = pytest.mark.browser
TREE = [
    {
        "value": f"g{i}",
        "label": f"Group {i}",
        "options": [{"value": f"o{j}", "label": f"Option {i}-{j}"} for j in range(50)],
    }
    for i in range(40)
]
SCHEMA = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "choice",
            "name": "mood",
            "label": "How does it read?",
            "options": [{"value": word, "label": word.title()} for word in ("well", "badly")],
        },
        {
            "type": "choices",
            "name": "topics",
            "label": "Topics?",
            "max": 2,
            "options": [{"value": word, "label": word.title()} for word in ("sport", "health", "money")],
        },
        {
            "type": "choice",
            "name": "many",
            "label": "Which of many?",
            "options": [{"value": f"v{i}", "label": f"Value {i}"} for i in range(100)],
        },
        {"type": "taxonomy", "name": "tree", "label": "Where in the tree?", "max": 2, "options": TREE},
        {"type": "rating", "name": "stars", "label": "Stars?", "style": "stars"},
        {"type": "text", "name": "why", "label": "Why so few?", "when": [{"question": "stars", "at_most": 3}]},
        {"type": "number", "name": "weight", "label": "How heavy?", "min": 0, "max": 10, "step": 0.5, "unit": "kg"},
        {"type": "date", "name": "day", "label": "When?"},
        {"type": "text_edit", "name": "right", "label": "Correct it", "field": "text"},
    ],
}
TEXT = "There car is over their."
BY_KEYBOARD = {
    "mood": "badly",
    "topics": ["sport", "money"],
    "many": "v42",
    "tree": [["g0", "o1"], ["g5", "o7"]],
    "stars": 2,
    "why": "because",
    "weight": 3,
    "day": "2024-02-29",
    "right": "Their car is over their.",
}
BY_MOUSE = {
    "mood": "well",
    "topics": [],
    "many": "v3",
    "tree": [["g1", "o0"]],
    "stars": 3,
    "why": "so so",
    "weight": 0,
    "day": "2023-01-31",
    "right": TEXT,
}


def test_forms_by_keyboard_and_by_mouse(served: Served, new_context: NewContext) -> None:
    rows = [{"id": f"r{i}", "text": TEXT} for i in (1, 2)]
    with labelling(served, new_context, SCHEMA, rows) as desk:
        _answer_by_keyboard(desk.page)
        desk.undo_and_redo_all()
        desk.wait_until_kept()
        desk.reload()
        desk.submit(1)
        assert desk.stored("r1") == BY_KEYBOARD

        _answer_by_mouse(desk.page)
        assert desk.stored("r2") == BY_MOUSE
        _reopened_as_it_was(desk)
        desk.resubmit()
        assert desk.stored("r2") == BY_MOUSE


def _answer_by_keyboard(page: Page) -> None:
    keys = page.keyboard
    expect(page.get_by_role("button", name="Sport")).to_be_visible()
    for key in "213":
        keys.press(key)
    _expect_focus(page, "many")
    keys.type("value 42")
    keys.press("Enter")
    _expect_focus(page, "tree")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        keys.press(key)
    keys.type("option 5-7")
    expect(page.get_by_role("treeitem", name="Option 5-7")).to_be_visible()
    keys.press("Enter")
    expect(page.locator('[data-question="stars"]')).to_be_focused()
    keys.press("5")
    _expect_focus(page, "weight")
    expect(page.get_by_role("group", name="Why so few?")).to_have_count(0)
    keys.press("Control+z")
    expect(page.locator('[data-question="stars"]')).to_be_focused()
    keys.press("2")
    _expect_focus(page, "why")
    keys.type("because")
    page.wait_for_timeout(1_100)
    keys.type(" of it")
    keys.press("Control+z")
    expect(page.get_by_role("textbox", name="Why so few?")).to_have_value("because")
    keys.press("Enter")
    _expect_focus(page, "weight")
    keys.type("2,5")
    keys.press("ArrowUp")
    keys.press("Enter")
    keys.type("2024-02-30")
    expect(page.get_by_text("is not a date such as")).to_be_visible()
    for key in ("Backspace", "Backspace"):
        keys.press(key)
    keys.type("29")
    keys.press("Enter")
    _expect_focus(page, "right")
    keys.press("Control+Home")
    keys.press("Control+Shift+ArrowRight")
    keys.press("Shift+ArrowLeft") if page.evaluate("getSelection().toString().endsWith(' ')") else None
    keys.type("Their")
    expect(page.locator("ins")).to_contain_text("Their")


def _answer_by_mouse(page: Page) -> None:
    page.get_by_role("button", name="Well").click()
    page.get_by_role("button", name="none of these").click()
    page.get_by_role("option", name="Value 3", exact=True).click()
    page.get_by_role("treeitem", name="Group 1", exact=True).click()
    page.get_by_role("treeitem", name="Option 1-0", exact=True).click()
    page.get_by_role("button", name="2 of 5 stars").click()
    expect(page.get_by_role("group", name="Why so few?")).to_be_visible()
    page.get_by_role("button", name="5 of 5 stars").click()
    expect(page.get_by_role("group", name="Why so few?")).to_have_count(0)
    page.get_by_role("button", name="3 of 5 stars").click()
    page.get_by_role("textbox", name="Why so few?").click()
    page.keyboard.type("so so")
    page.get_by_role("group", name="How heavy?").get_by_role("button", name="one up").click()
    page.get_by_label("Calendar: When?").fill("2023-01-31")
    page.get_by_role("button", name="nothing to correct").click()
    page.get_by_role("button", name="undo", exact=True).click()
    expect(page.get_by_role("button", name="nothing to correct", pressed=False)).to_be_visible()
    page.get_by_role("button", name="nothing to correct").click()
    page.get_by_role("button", name="submit").click()
    expect(page.get_by_role("heading", name="Nothing waits for you here")).to_be_visible()
    expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")


def _reopened_as_it_was(desk: Desk) -> None:
    """After a reload the last answer is opened again as it was given, and the one before it."""
    desk.reload()
    desk.reopen()
    page = desk.page
    expect(page.get_by_role("button", name="none of these", pressed=True)).to_be_visible()
    expect(page.get_by_role("list", name="Picked")).to_contain_text("Option 1-0")
    expect(page.get_by_role("button", name="nothing to correct", pressed=True)).to_be_visible()
    page.get_by_role("button", name="previous").click()
    expect(page.get_by_role("textbox", name="Why so few?")).to_have_value("because")
    expect(page.get_by_role("spinbutton", name="How heavy?")).to_have_value("3")
    expect(page.locator("ins")).to_contain_text("Their")


def _expect_focus(page: Page, question: str) -> None:
    expect(page.locator(f'[data-focus="{question}"]')).to_be_focused()
