"""Known answers are contested by whoever answered otherwise, and decided by somebody else: all of it by keyboard."""

import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from browser_lab import DELIVERY, PRODUCT, SCHEMA, VAULT, NewContext, Served
from playwright.sync_api import Page, expect

from goldsmith import Client
from goldsmith.sdk import Project
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
TEXTS = {"r1": "It came late. The kettle is fine.", "r2": "The courier was rude. The lamp glows."}
REASONS = ("The courier is meant.", "I think so.")
SPANS: dict[str, Any] = {
    "type": "spans",
    "name": "words",
    "label": "Mark the telling words",
    "required": False,
    "field": "review",
    "labels": [{"value": "good", "label": "Good"}, {"value": "bad", "label": "Bad"}],
}


def opened(new_context: NewContext, link: str, path: str = "") -> Page:
    """A page of somebody who has just signed in."""
    page = new_context().new_page()
    page.goto(link)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    if path:
        page.goto(link.partition("/sign-in")[0] + path)
    return page


def answer(page: Page, served: Served, project: Project, answers: dict[str, object]) -> None:
    """The person at this page gives the same answers to all items."""
    for row in project.items():
        versions = {f"{kind}_version": 1 for kind in ("schema", "guideline", "policy")}
        sent = {"id": str(uuid.uuid4()), "item_id": row.id, "answers": answers, **versions}
        path = f"{served.url}/api/vaults/{VAULT}/projects/{project.reference}/annotations"
        stored = page.request.post(path, data=sent, headers={"origin": served.url})
        assert stored.status == 201, stored.text()


def contest(page: Page, reasons: Sequence[str]) -> None:
    """Contest one check after the other, each for its reason."""
    for nth, why in enumerate(reasons):
        page.keyboard.press("w")
        expect(page.get_by_role("textbox")).to_be_focused()
        page.keyboard.type(why)
        page.keyboard.press("Control+Enter")
        one = page.get_by_role("article").nth(nth)
        expect(one.get_by_text("Contested: somebody else decides")).to_be_visible()
        page.keyboard.press("j")


def expect_history(page: Page) -> None:
    """The page of the item whose known answer was upheld tells all of it."""
    history = page.locator("section", has=page.get_by_role("heading", name="History")).last
    events = ("known answer contested by Ana I think so.", "adjudicated by Lee Read the second sentence.")
    for words in (*events, "contest decided, the known answer stands: Lee"):
        expect(history.get_by_role("listitem").filter(has_text=words)).to_have_count(1)


def decide(page: Page, value: str, why: str) -> None:
    """Take the answer with this value for all questions, say why, and send the decision."""
    desk = page.get_by_test_id("reviewing")
    asked = desk.get_by_role("region", name=SCHEMA["questions"][0]["label"])
    expect(asked.locator(".answer")).to_have_count(2)
    taken = next(i for i in range(2) if value in asked.locator(".answer").nth(i).inner_text())
    page.keyboard.press(str(taken + 1))
    page.keyboard.press(str(taken + 1))
    page.keyboard.press("w")
    expect(desk.get_by_test_id("contested").get_by_role("textbox")).to_be_focused()
    page.keyboard.type(why)
    page.keyboard.press("Control+Enter")


def test_known_answers_are_contested_upheld_and_overturned(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        schema = {**SCHEMA, "questions": [*SCHEMA["questions"], SPANS]}
        policy = {"gold_share": 0.2, "gold_feedback": True, "order": "sequence"}
        project = vault.create_project("Checks", schema, policy=policy)
        project.import_rows([{"id": name, "review": text} for name, text in TEXTS.items()], id_column="id")
        place = f"/v/{VAULT}/p/{project.reference}"
        ana, lee = (vault.add_person(name, role) for name, role in (("Ana", Role.ANNOTATOR), ("Lee", Role.MANAGER)))
        known = {"about": PRODUCT, "words": [{"start": 0, "end": 5, "label": "good"}]}
        project.give_gold([(name, known) for name in TEXTS], note="From the handbook.")

        page = opened(new_context, ana.sign_in_link)
        answer(page, served, project, {"about": DELIVERY, "words": [{"start": 3, "end": 7, "label": "bad"}]})
        page.goto(f"{served.url}{place}/label")
        expect(page.get_by_role("link", name="My checks")).to_have_count(2)
        page.keyboard.press("g")
        page.keyboard.press("c")
        expect(page.get_by_text("2 items whose known answer differs from yours")).to_be_visible()
        card = page.get_by_role("article").first
        expect(card.get_by_text(DELIVERY, exact=True)).to_be_visible()
        expect(card.get_by_text(PRODUCT, exact=True)).to_be_visible()
        expect(card.get_by_text("From the handbook.")).to_be_visible()
        contest(page, REASONS)
        assert {one.reason for one in project.contests() if one.state == "open"} == set(REASONS)

        lead = opened(new_context, lee.sign_in_link, f"{place}/quality")
        expect(lead.get_by_role("link", name="2 to decide")).to_be_visible()
        lead.keyboard.press("c")
        expect(lead.get_by_test_id("contested")).to_contain_text(REASONS[0])
        assert "person-" not in lead.get_by_test_id("reviewing").inner_text()
        decide(lead, DELIVERY, "The first sentence says it.")
        expect(lead.get_by_test_id("contested")).to_contain_text(REASONS[1])
        decide(lead, PRODUCT, "Read the second sentence.")
        expect(lead.get_by_role("heading", name="Nothing to adjudicate")).to_be_visible()
        states = {one.reason: one.state for one in project.contests()}
        assert states == dict(zip(REASONS, ("changed", "upheld"), strict=True))

        page.reload()
        kept = page.get_by_role("article")
        expect(kept).to_have_count(1)
        expect(kept).to_contain_text("Upheld: the known answer stands")
        expect(kept).to_contain_text("Read the second sentence.")
        others = page.locator("section", has=page.get_by_role("heading", name="Other contests of yours"))
        expect(others).to_contain_text("Overturned: the known answer was corrected or withdrawn")
        expect(others).to_contain_text("The first sentence says it.")

        upheld = next(one for one in project.contests() if one.state == "upheld")
        lead.goto(f"{served.url}{place}/items/{upheld.item_id}")
        expect_history(lead)
