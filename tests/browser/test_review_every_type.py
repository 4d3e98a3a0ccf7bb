"""Answers to questions of every type are reviewed, fixed, reworked and put together in the browser."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from browser_lab import VAULT, NewContext, Served
from picture_media import uploaded
from playwright.sync_api import Locator, Page, expect
from review_fixes import FIXES
from review_scenes import PAIRS, item_of_all, schema_of_all

from goldsmith import Client
from goldsmith.sdk import Project
from goldsmith.sdk.vaults import Vault
from goldsmith.tasks.schemas import question_types
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
MERGED = {"choices", "spans", "boxes", "keypoints", "audio_regions", "document_regions"}
"""What is put together from both answers; of the others one is taken as it is."""
ON_IMAGE = ", ".join(f'.active[data-question="{kind}"]' for kind in ("boxes", "polygons", "masks", "keypoints"))
"""There `alt ↓` makes a region lower, and the space bar goes on."""
DIFFERENCE = ".differs, .changed, ins, del"


def test_every_question_type_has_two_answers_that_differ() -> None:
    assert set(PAIRS) == set(question_types())
    assert all(one != other for one, other in PAIRS.values())


def test_answers_of_every_type_are_put_together_without_names(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = _project(vault, served, {"review": "all", "overlap": 2, "adjudicate_share": 1.0})
        for i, name in enumerate(("Ana", "Bo")):
            _answer(served, _opened(new_context, vault, name), project, i)
        (lease,) = project.lease_reviews().leases
        project.accept(lease, lease.answers[0])

        judge = _opened(new_context, vault, "Rui", Role.REVIEWER)
        judge.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/adjudicate")
        desk = judge.get_by_test_id("reviewing")
        expect(desk.get_by_text("they differ")).to_have_count(len(PAIRS))
        assert "person-" not in desk.inner_text()
        is_turned = "Mixed" in _section(desk, "choice").locator(".answer").first.inner_text()
        for number, kind in enumerate(PAIRS):
            section = _section(desk, kind)
            expect(section.locator(".answers").locator(DIFFERENCE).first).to_be_attached()
            section.locator(".answer button").nth(number % 2).click()
            if kind in MERGED:
                section.get_by_role("button", name="What any has").click()
            expect(section.locator(".final")).not_to_contain_text("Not decided yet.")
        desk.get_by_role("button", name="Settle").click()
        expect(judge.get_by_role("heading", name="Nothing to adjudicate")).to_be_visible()

        settled = _settled(project)
        given = _given(project)
        for number, kind in enumerate(PAIRS):
            if kind in MERGED:
                parts = {_place(part) for answers in given for part in answers[kind]}
                assert sorted(map(_place, settled[kind])) == sorted(parts), kind
            else:
                assert settled[kind] == given[(number % 2) ^ is_turned][kind], kind


def test_answers_of_every_type_are_returned_reworked_and_fixed(served: Served, new_context: NewContext) -> None:
    with Client(served.url, served.token()) as client:
        vault = client.vault(VAULT)
        project = _project(vault, served, {"review": "all"})
        annotator = _opened(new_context, vault, "Ana")
        _answer(served, annotator, project, 0)
        before = _given(project)[0]
        reviewer = _opened(new_context, vault, "Rui", Role.REVIEWER)
        reviewer.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/review")
        desk = reviewer.get_by_test_id("reviewing")
        for kind in PAIRS:
            expect(_section(desk, kind).locator(".answer")).not_to_contain_text("no answer")
        reviewer.keyboard.press("r")
        reviewer.keyboard.type("Look at all of it again.")
        reviewer.keyboard.press("Control+Enter")
        expect(reviewer.get_by_role("heading", name="Nothing to review")).to_be_visible()

        annotator.goto(f"{served.url}/v/{VAULT}/p/{project.reference}/label")
        expect(annotator.get_by_test_id("rework")).to_contain_text("Look at all of it again.")
        expect(annotator.locator("[data-question] h2 .good")).to_have_count(len(PAIRS))
        annotator.keyboard.press("Control+Enter")
        expect(annotator.get_by_test_id("save-state")).to_have_text("saved ✓")
        assert _given(project)[0] == before

        reviewer.get_by_role("button", name="Look again").click()
        expect(_section(desk, "choice")).to_be_visible()
        reviewer.keyboard.press("x")
        expect(reviewer.locator("[data-question] h2 .good")).to_have_count(len(PAIRS))
        _fix_all(reviewer)
        reviewer.keyboard.press("Control+Enter")
        expect(reviewer.get_by_role("heading", name="Nothing to review")).to_be_visible()
        fixed = _settled(project)
        for kind, (_, wanted) in FIXES.items():
            assert _without("hash", fixed[kind]) == wanted, kind
        assert [one.decision for one in project.reviews()] == ["fixed", "returned"]


def _project(vault: Vault, served: Served, policy: Mapping[str, object]) -> Project:
    """A project that asks a question of each type about one item."""
    project = vault.create_project("All types", schema_of_all(), policy=dict(policy))
    assert project.import_rows([{"id": "1", **item_of_all(uploaded(served))}], id_column="id").n_accepted == 1
    return project


def _opened(new_context: NewContext, vault: Vault, name: str, role: Role = Role.ANNOTATOR) -> Page:
    """A page of somebody who has just been admitted."""
    page = new_context().new_page()
    page.goto(vault.add_person(name, role).sign_in_link)
    page.wait_for_url(lambda address: "sign-in" not in address)
    return page


def _answer(served: Served, page: Page, project: Project, which: int) -> None:
    """Store one of the two answers to each question, as whoever is signed in."""
    (item,) = project.items()
    answers = {kind: pair[which] for kind, pair in PAIRS.items()}
    versions = {f"{kind}_version": 1 for kind in ("schema", "guideline", "policy")}
    stored = page.request.post(
        f"{served.url}/api/vaults/{VAULT}/projects/{project.reference}/annotations",
        data={"id": str(uuid.uuid4()), "item_id": item.id, "answers": answers, **versions},
        headers={"origin": served.url},
    )
    assert stored.status == 201, stored.text()


def _fix_all(page: Page) -> None:
    """Go from question to question by key and change each answer in its editor."""
    for kind, (gesture, _) in FIXES.items():
        question = page.locator(f'[data-question="{kind}"]')
        for _ in range(len(FIXES)):
            if question.evaluate("one => one.classList.contains('active')"):
                break
            page.keyboard.press("Space" if page.locator(ON_IMAGE).count() else "Alt+ArrowDown")
        _has_focus(page, kind)
        gesture(page, question)


def _has_focus(page: Page, kind: str) -> None:
    """Wait until keys go to where the question of this type is answered."""
    places = (f'[data-question="{kind}"]', f'[data-focus="{kind}"]')
    expect(page.locator(", ".join(f"{place}:focus, {place} :focus" for place in places))).to_be_attached()


def _without(name: str, answer: object) -> Any:
    """An answer with one thing left out of all its parts."""
    return json.loads(
        json.dumps(answer), object_hook=lambda part: {key: said for key, said in part.items() if key != name}
    )


def _place(part: object) -> str:
    """What makes two regions the same, whatever was said in them."""
    return json.dumps(_without("text", part), sort_keys=True)


def _section(desk: Locator, kind: str) -> Locator:
    return desk.locator(f'[aria-labelledby="standing-{kind}"]')


def _given(project: Project) -> list[dict[str, Any]]:
    """What the annotators answered last, in their normal form, in the order in which they answered."""
    (item,) = project.items()
    annotations = project.item(item.id).annotations
    superseded = {one.supersedes for one in annotations}
    standing = sorted((one for one in annotations if one.id not in superseded), key=lambda one: one.created_at)
    return [dict(one.answers) for one in standing]


def _settled(project: Project) -> dict[str, Any]:
    return {one.question: json.loads(bytes(one.value)) for one in project.known_answers()}
