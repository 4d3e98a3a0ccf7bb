"""Comparing, ranking, rating, judging and grading: by key, by mouse, on a phone; and hostile content stays at rest."""

from pathlib import Path
from typing import Any

import pytest
from browser_lab import NewContext, Served
from playwright.sync_api import Page, expect
from question_lab import Desk, labelling

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
OPTIONS = [{"value": name, "label": f"Title {name.upper()}"} for name in "abc"]
CRITERIA = [
    {"name": "safe", "label": "Gives no dangerous advice", "kind": "gate"},
    {"name": "whole", "label": "Names all three causes", "weight": 3, "levels": 3},
    {"name": "sources", "label": "Names its sources", "not_applicable": True},
]
ASK = [{"type": "rating", "name": "helpful", "label": "Helpful?"}]
SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "secret_model", "type": "markdown"},
        {"name": "other_model", "type": "markdown"},
        {"name": "titles", "type": "json"},
        {"name": "chat", "type": "chat"},
        {"name": "steps", "type": "json"},
    ],
    "questions": [
        {
            "type": "comparison", "name": "better", "label": "Which is better?", "a": "secret_model",
            "b": "other_model", "strength": 3, "acceptability": True,
        },
        {"type": "ranking", "name": "order", "label": "In which order?", "field": "titles"},
        {"type": "best_worst", "name": "ends", "label": "Best and worst?", "options": OPTIONS},
        {"type": "messages", "name": "replies", "label": "How is each reply?", "field": "chat", "ask": ASK},
        {"type": "steps", "name": "verdicts", "label": "Is it right?", "field": "steps", "stop_at_first_error": True},
        {"type": "rubric", "name": "grade", "label": "How good is it?", "criteria": CRITERIA},
        {"type": "rubric_authoring", "name": "rubric", "label": "What makes it good?", "min_criteria": 2},
    ],
}  # fmt: skip
ITEM = {
    "secret_model": "It rains **cats**.",
    "other_model": "It is pouring.",
    "titles": ["Flood", "River floods town", {"id": "rain", "text": "Rain"}],
    "chat": [
        {"role": "user", "content": "Where is it?"},
        {"role": "assistant", "content": "In Bonn."},
        {"role": "user", "content": "When?"},
        {"role": "assistant", "content": "No idea."},
    ],
    "steps": ["12 eggs are a dozen.", "Half of that is 7.", "So each gets 3.5."],
}
HOSTILE = (
    "<script>document.title = 'ran'</script>"
    "<img src=https://attack.invalid/a.png onerror=\"document.title='ran'\">"
    "<style>@import 'https://attack.invalid/b.css'</style><link rel=preconnect href=https://attack.invalid>"
    "<meta http-equiv=refresh content='0;url=https://attack.invalid/c'>"
    "<svg onload=\"document.title='ran'\"><image href=https://attack.invalid/d.png /></svg>"
    "<iframe src=https://attack.invalid/e></iframe><form action=https://attack.invalid/f><button>go</button></form>"
    "<a href=\"javascript:document.title='ran'\">here</a><h1>Invoice</h1>"
)


def test_everything_is_compared_and_graded_by_keyboard_alone_and_by_mouse(
    served: Served, new_context: NewContext
) -> None:
    with labelling(served, new_context, SCHEMA, [{"id": f"r{i}", **ITEM} for i in (1, 2)]) as desk:
        assert "secret_model" not in desk.page.inner_text("body")
        first = "a" if "cats" in desk.page.get_by_role("region", name="Left: text").inner_text() else "b"
        _grade_by_keyboard(desk)
        desk.undo_and_redo_all()
        desk.wait_until_kept()
        desk.reload()
        expect(desk.question("rubric").get_by_role("listitem")).to_have_count(2)
        _axe(desk.page)
        assert desk.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        desk.submit(1)
        given = desk.stored("r1")
        accepted = {"a": True, "b": False} if first == "a" else {"a": False, "b": True}
        assert given["better"] == {"preferred": first, "strength": 2, "acceptable": accepted, "first": first}
        assert sorted(name for tier in given["order"] for name in tier) == ["1", "2", "rain"]
        assert len(given["order"]) == 2
        assert given["ends"] == {"best": "b", "worst": "c"}
        assert given["replies"] == [
            {"message": 1, "answers": {"helpful": 4}},
            {"message": 3, "answers": {"helpful": 2}},
        ]
        assert given["verdicts"] == [1, -1, None]
        assert given["grade"] == {"safe": 1, "whole": 2, "sources": None}
        assert given["rubric"] == [
            {"text": "Is short", "weight": 1, "kind": "gate"},
            {"text": "Names the cause", "weight": 1, "kind": "credit"},
        ]

        _grade_by_mouse(desk)
        desk.submit(2)
        mouse = desk.stored("r2")
        assert mouse["better"]["preferred"] == "tie"
        assert mouse["order"] == [["rain"], ["1"], ["2"]]
        assert mouse["ends"] == {"best": "a", "worst": "b"}
        assert mouse["replies"] == [{"message": n, "answers": {"helpful": 3}} for n in (1, 3)]
        assert mouse["verdicts"] == [1, 0, 1]
        assert mouse["grade"] == {"safe": 0, "whole": 3, "sources": 1}
        assert [one["text"] for one in mouse["rubric"]] == ["First", "Second"]
        desk.resubmit()
        assert desk.stored("r2") == mouse
        desk.reopen()
        expect(desk.question("better").get_by_role("button", name="Both as good")).to_have_attribute(
            "aria-pressed", "true"
        )
        expect(desk.question("grade")).to_contain_text("0, since a gate is not met")


def _grade_by_keyboard(desk: Desk) -> None:
    desk.press("1", "1", "Control+z", "Control+Shift+z", "q", "w", "w", " ")
    desk.press("ArrowDown", "Shift+ArrowUp", "ArrowDown", "=", " ")
    desk.press("2", "3")
    desk.press("1", "5", "Control+z", "Control+z", "4", "2")
    expect(desk.question("replies")).to_contain_text("2 of 2 rated")
    desk.press("1", "Control+z", "3", "1")
    expect(desk.page.get_by_text("left out", exact=True)).to_be_visible()
    desk.press("y", "3", "Control+z", "2", "x")
    expect(desk.question("grade")).to_contain_text("Score 0.67")
    desk.press("+")
    desk.page.keyboard.type("Names the cause")
    desk.press("Enter")
    expect(desk.page.get_by_role("textbox", name="Criterion 2", exact=True)).to_be_focused()
    desk.page.keyboard.type("Is short")
    desk.press("Alt+k", "Alt+Shift+ArrowUp", "Escape")
    expect(desk.page.get_by_role("textbox", name="Criterion 1", exact=True)).to_have_value("Is short")


def _grade_by_mouse(desk: Desk) -> None:
    page = desk.page
    desk.question("better").get_by_role("button", name="Both as good").click()
    for accept in desk.question("better").get_by_role("button", name="Acceptable", exact=False).all():
        accept.click()
    for text in ("River floods town", "Flood", "Rain"):  # each to the top, in turn
        _drag_to_top(page, text)
    desk.question("ends").get_by_role("button", name="Best: Title A").click()
    desk.question("ends").get_by_role("button", name="Worst: Title B").click()
    for n in (1, 2):
        page.get_by_role("button", name=f"Message {n} of 2").click()
        desk.question("replies").get_by_role("button", name="3").click()
    for n, verdict in ((1, "Right"), (2, "Neither"), (3, "Right")):
        steps = page.get_by_role("region", name="Item ").get_by_role("group", name=f"Step {n} of 3")
        steps.get_by_role("button", name=verdict).click()
    grade = desk.question("grade")
    grade.get_by_role("group", name="dangerous").get_by_role("button", name="Not met").click()
    grade.get_by_role("group", name="causes").get_by_role("button", name="3").click()
    grade.get_by_role("group", name="sources").get_by_role("button", name="Met", exact=False).first.click()
    for n, text in ((1, "First"), (2, "Second")):
        desk.question("rubric").get_by_role("button", name="add a criterion").click()
        page.get_by_role("textbox", name=f"Criterion {n}", exact=True).fill(text)


def _drag_to_top(page: Page, text: str) -> None:
    rows = page.locator("li[data-candidate]")
    handle = rows.filter(has_text=text).filter(has_not_text="River" if text == "Flood" else "none").locator(".handle")
    handle.scroll_into_view_if_needed()
    start, top = handle.bounding_box(), rows.first.bounding_box()
    assert start is not None and top is not None
    page.mouse.move(start["x"] + 5, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, top["y"] + top["height"] / 2)
    page.mouse.move(start["x"] + 5, top["y"] + 2)
    page.mouse.up()
    expect(rows.first).to_contain_text(text)


def test_a_comparison_is_made_with_one_thumb_on_a_phone_and_hostile_content_stays_at_rest(
    served: Served, new_context: NewContext
) -> None:
    schema = {
        "fields": [{"name": "page", "type": "html"}, {"name": "one", "type": "html"}, {"name": "two", "type": "text"}],
        "questions": [{"type": "comparison", "name": "better", "label": "Which is better?", "a": "one", "b": "two"}],
    }
    rows = [{"id": "r1", "page": HOSTILE, "one": HOSTILE, "two": "Pay user\u202etxt.exe"}]
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with labelling(served, new_context, schema, rows, **phone) as desk:
        page = desk.page
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        expect(page.frame_locator("iframe").first.get_by_role("heading", name="Invoice")).to_be_visible()
        expect(page.locator(".unseen")).to_have_attribute("data-mark", "RLO")
        assert "ran" not in page.title().split()
        assert not [url for url in asked if "attack.invalid" in url]
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
        page.get_by_role("button", name="Upper is better").tap()
        expect(page.get_by_role("button", name="Upper is better")).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="submit").tap()
        expect(page.get_by_role("heading", name="Nothing waits for you here")).to_be_visible()
        answer = desk.stored("r1")["better"]
        assert answer["preferred"] == answer["first"]


def _axe(page: Page) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (make web)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
