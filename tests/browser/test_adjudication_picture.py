"""The picture of an adjudication in the documentation, which has to show what the app shows today.

`make pictures` draws it again, as it does the pictures of the question types.
"""

import uuid
from typing import Any

import pytest
from browser_lab import VAULT, NewContext, Served
from pictures import IMAGES, is_current
from playwright.sync_api import Locator, Page, expect

from goldsmith import Client
from goldsmith.sdk import Project
from goldsmith.sdk.vaults import Vault
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
TEXT = (
    "The kettle came two days late, but it boils fast and keeps quiet. I only wish that the handle did not get so hot."
)
SAID = "A quick and quiet kettle whose handle gets too hot."
PARTS = ".body .item section, .body aside > section"


def _labels(*labels: str) -> list[dict[str, str]]:
    return [{"value": label.lower(), "label": label} for label in labels]


def _mark(words: str, label: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "label": label}


SCHEMA: dict[str, Any] = {
    "fields": [{"name": "review", "type": "text"}],
    "questions": [
        {"type": "choice", "name": "mood", "label": "How does the writer feel?", "options": _labels("Good", "Mixed")},
        {
            "type": "spans", "name": "words", "label": "Which words say so?", "field": "review",
            "labels": _labels("Good", "Bad"),
        },
        {"type": "text", "name": "short", "label": "Say it in one sentence"},
    ],
}  # fmt: skip
ANSWERS: dict[str, dict[str, Any]] = {
    "Ana": {
        "mood": "mixed", "short": SAID,
        "words": [_mark("two days late", "bad"), _mark("boils fast", "good")],
    },
    "Bo": {
        "mood": "good", "short": "A quiet kettle whose handle gets hot.",
        "words": [_mark("boils fast", "good"), _mark("keeps quiet", "good")],
    },
}  # fmt: skip


def test_the_picture_of_an_adjudication_shows_what_the_app_shows(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        policy = {"review": "all", "overlap": 2, "adjudicate_share": 1.0}
        project = vault.create_project("Picture", SCHEMA, policy=policy)
        assert project.import_rows([{"id": "1", "review": TEXT}], id_column="id").n_accepted == 1
        for name, answers in ANSWERS.items():
            _answer(served, _opened(new_context, vault, name, Role.ANNOTATOR), project, answers)
        (lease,) = project.lease_reviews().leases
        project.accept(lease, lease.answers[0])

        page = _opened(new_context, vault, "Rui", Role.REVIEWER)
        page.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/adjudicate")
        aside = page.get_by_role("complementary", name="Answers")
        expect(aside.get_by_text("they differ")).to_have_count(len(SCHEMA["questions"]))
        _take(aside, "How does the writer feel?", "Mixed")
        aside.get_by_role("region", name="Which words say so?").get_by_role("button", name="What all have").click()
        _take(aside, "Say it in one sentence", "whose handle gets too hot")
        expect(aside.get_by_text("Not decided yet.")).to_have_count(0)
        for question in SCHEMA["questions"]:
            of_question = aside.get_by_role("region", name=question["label"]).locator(".answers")
            expect(of_question.locator(".differs, .changed, ins, del").first).to_be_visible()
        for name in ANSWERS:
            expect(aside.get_by_text(name, exact=True)).to_have_count(0)
        assert is_current(page, IMAGES / "adjudication.webp", parts=PARTS), "`make pictures` draws it as it is now"

        _put_together_by_keyboard(page, aside.get_by_role("region", name="Which words say so?"))
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Nothing to adjudicate")).to_be_visible()
        decided = next(one for one in project.reviews() if one.purpose == "adjudicate")
        assert [(one["start"], one["label"]) for one in decided.answers["words"]] == [(TEXT.index("boils"), "good")]


def _put_together_by_keyboard(page: Page, question: Locator) -> None:
    """Parts that not all have are ticked and taken back by key; undo takes back one at a time."""
    marks, parts = question.locator(".final").get_by_role("listitem"), question.get_by_role("checkbox")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("p")
    expect(parts.first).to_be_focused()
    for key in ("Space", "Tab", "Space"):
        page.keyboard.press(key)
    expect(marks).to_have_count(3)
    for key in ("Shift+Tab", "Space"):
        page.keyboard.press(key)
    expect(marks).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(parts.first).to_be_checked()
    for _ in range(2):
        page.keyboard.press("Control+z")
    expect(marks).to_have_text(["Good boils fast"])


def _take(aside: Locator, question: str, words: str) -> None:
    """Take the answer to a question that says something."""
    region = aside.get_by_role("region", name=question)
    region.locator(".answer").filter(has_text=words).get_by_role("button").click()


def _opened(new_context: NewContext, vault: Vault, name: str, role: Role) -> Page:
    """A page of somebody who has just been admitted."""
    view = {"width": 1440, "height": 940}
    page = new_context(viewport=view, color_scheme="light", reduced_motion="reduce", locale="en-GB").new_page()
    page.goto(vault.add_person(name, role).sign_in_link)
    page.wait_for_url(lambda address: "sign-in" not in address)
    return page


def _answer(served: Served, page: Page, project: Project, answers: dict[str, Any]) -> None:
    """Store answers to the only item, as whoever is signed in."""
    (item,) = project.items()
    versions = {f"{kind}_version": 1 for kind in ("schema", "guideline", "policy")}
    stored = page.request.post(
        f"{served.url}/api/vaults/{VAULT}/projects/{project.reference}/annotations",
        data={"id": str(uuid.uuid4()), "item_id": item.id, "answers": answers, **versions},
        headers={"origin": served.url},
    )
    assert stored.status == 201, stored.text()
