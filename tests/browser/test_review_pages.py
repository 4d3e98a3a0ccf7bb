"""A review is returned, reworked and accepted by keyboard; contested answers are put together without names."""

import uuid
from typing import Any

import pytest
from browser_lab import DELIVERY, PRODUCT, SCHEMA, VAULT, NewContext, Served
from playwright.sync_api import Page, expect

from goldsmith import Client
from goldsmith.sdk import Project
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
WHY = "Read the first sentence again."
TEXT = "It came late. The kettle is fine."
SPANS: dict[str, Any] = {
    "type": "spans",
    "name": "words",
    "label": "Mark the telling words",
    "required": False,
    "field": "review",
    "labels": [{"value": "good", "label": "Good"}, {"value": "bad", "label": "Bad"}],
}


def opened(new_context: NewContext, link: str, path: str) -> Page:
    """A page of somebody who has just signed in."""
    page = new_context().new_page()
    page.goto(link)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.goto(link.partition("/sign-in")[0] + path)
    return page


def answer(page: Page, key: str) -> None:
    """Answer the open item with one key and send it."""
    expect(page.get_by_test_id("labelling").get_by_role("button", name=DELIVERY)).to_be_visible()
    page.keyboard.press(key)
    expect(page.get_by_role("button", name=(DELIVERY, PRODUCT)[int(key) - 1], pressed=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")


def place_of(project: Project) -> str:
    return f"/v/{VAULT}/p/{project.reference}"


def test_an_answer_is_returned_reworked_and_accepted_by_keyboard(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = vault.create_project("Reviews", SCHEMA, policy={"review": "all", "order": "sequence"})
        project.import_rows([{"id": "r1", "review": TEXT}], id_column="id")
        links = [
            vault.add_person(name, role).sign_in_link
            for name, role in (("Ana", Role.ANNOTATOR), ("Rui", Role.REVIEWER))
        ]
        annotator = opened(new_context, links[0], f"{place_of(project)}/label")
        answer(annotator, "2")
        reviewer = opened(new_context, links[1], f"{place_of(project)}/review")
        desk = reviewer.get_by_test_id("reviewing")
        expect(desk.get_by_text(PRODUCT, exact=True)).to_be_visible()
        assert "person-" not in desk.inner_text()
        reviewer.keyboard.press("r")
        expect(reviewer.get_by_role("textbox")).to_be_focused()
        reviewer.keyboard.type(WHY)
        reviewer.keyboard.press("Control+Enter")
        expect(reviewer.get_by_role("heading", name="Nothing to review")).to_be_visible()

        annotator.reload()
        expect(annotator.get_by_test_id("rework")).to_contain_text(WHY)
        expect(annotator.get_by_role("button", name=PRODUCT, pressed=True)).to_be_visible()
        answer(annotator, "1")

        reviewer.get_by_role("button", name="Look again").click()
        expect(desk.get_by_text(DELIVERY, exact=True)).to_be_visible()
        reviewer.keyboard.press("a")
        expect(reviewer.get_by_role("heading", name="Nothing to review")).to_be_visible()
        assert [one.decision for one in project.reviews()] == ["accepted", "returned"]
        (row,) = project.items()
        assert row.review_stage == "settled"
        (known,) = project.known_answers()
        assert bytes(known.value) == f'"{DELIVERY}"'.encode()


def test_contested_answers_are_put_together_by_keyboard_without_names(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        schema = {**SCHEMA, "questions": [*SCHEMA["questions"], SPANS]}
        policy = {"review": "all", "overlap": 2, "adjudicate_share": 1.0}
        project = vault.create_project("Reviews", schema, policy=policy)
        project.import_rows([{"id": "r1", "review": TEXT}], id_column="id")
        (item,) = project.items()
        first, second = {"start": 3, "end": 12, "label": "bad"}, {"start": 28, "end": 32, "label": "good"}
        for name, about, words in (("Ana", DELIVERY, [first]), ("Bo", PRODUCT, [first, second])):
            page = opened(new_context, vault.add_person(name, Role.ANNOTATOR).sign_in_link, place_of(project))
            sent = {"id": str(uuid.uuid4()), "item_id": item.id, "answers": {"about": about, "words": words}}
            versions = {f"{kind}_version": 1 for kind in ("schema", "guideline", "policy")}
            stored = page.request.post(
                f"{served.url}/api/vaults/{VAULT}/projects/{project.reference}/annotations",
                data={**sent, **versions},
                headers={"origin": served.url},
            )
            assert stored.status == 201, stored.text()
        (lease,) = project.lease_reviews().leases
        project.accept(lease, lease.answers[0])

        judge = opened(
            new_context, vault.add_person("Rui", Role.REVIEWER).sign_in_link, f"{place_of(project)}/adjudicate"
        )
        desk = judge.get_by_test_id("reviewing")
        expect(desk.get_by_text("they differ").first).to_be_visible()
        assert "person-" not in desk.inner_text()
        asked = desk.get_by_role("region", name=SCHEMA["questions"][0]["label"])
        wanted = next(i for i in range(2) if PRODUCT in asked.locator(".answer").nth(i).inner_text())
        judge.keyboard.press(str(wanted + 1))
        judge.keyboard.press("u")
        expect(desk.locator(".final").nth(1).get_by_text("fine", exact=True)).to_be_visible()
        judge.keyboard.press("Enter")
        expect(judge.get_by_role("heading", name="Nothing to adjudicate")).to_be_visible()
        known = {one.question: one for one in project.known_answers()}
        assert bytes(known["about"].value) == f'"{PRODUCT}"'.encode()
        assert bytes(known["words"].value).count(b'"start"') == 2
        newest = next(iter(project.reviews()))
        assert (newest.decision, set(newest.taken)) == ("adjudicated", {"about", "words"})
        (checked,) = project.quality().reviewers
        assert checked.n_checked == 1
