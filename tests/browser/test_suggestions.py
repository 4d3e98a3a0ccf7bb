"""What a model suggests, at the labelling screen: accepted by key, undone, changed, and known to the server."""

import json
from pathlib import Path

import httpx
import pytest
from browser_lab import VAULT, NewContext, Served
from playwright.sync_api import expect
from question_lab import Desk

from goldsmith import Client
from goldsmith.trust.authorize import Role

pytestmark = pytest.mark.browser
SCHEMA = {
    "fields": [{"name": "text", "type": "text"}],
    "questions": [
        {
            "type": "choice",
            "name": "mood",
            "label": "Mood?",
            "options": [{"value": word, "label": word.title()} for word in ("good", "bad")],
        },
        {"type": "rating", "name": "score", "label": "How much?"},
        {
            "type": "spans",
            "name": "why",
            "label": "Where?",
            "field": "text",
            "required": False,
            "labels": [{"value": "cause", "label": "Cause"}],
        },
    ],
}
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
HINT = {"mood": "bad", "score": 3, "why": [{"start": 5, "end": 8, "label": "cause"}]}
POLICY = {"order": "sequence", "suggestions": "models", "unaided_share": 0.0}


def send_predictions(served: Served, token: str, slug: str) -> None:
    """Two items, of which a model says the same."""
    rows = [{"id": f"s{i}", "text": f"such bad text {i}", "hint": HINT} for i in range(2)]
    sent = httpx.post(
        f"{served.url}/api/vaults/{VAULT}/projects/{slug}/items",
        content="\n".join(json.dumps(row) for row in rows),
        headers={"content-type": "application/x-ndjson", "authorization": f"Bearer {token}"},
        params={"format": "jsonl", "id_column": "id", "predictions": "hint", "predictions_source": "old-model"},
        timeout=60,
    )
    assert sent.json()["n_predictions"] == 2, sent.text


def test_a_suggestion_is_no_answer_until_it_is_accepted_and_the_server_knows(served: Served, new_context: NewContext):
    token = served.token()
    with Client(served.url, token) as client:
        vault = client.vault(VAULT)
        project = vault.create_project("Suggested", SCHEMA, policy=POLICY)
        send_predictions(served, token, "suggested")
        page = new_context(bypass_csp=True).new_page()
        page.goto(vault.add_person("Ana", Role.ANNOTATOR).sign_in_link)
        page.wait_for_url(lambda address: "sign-in" not in address)
        page.goto(f"{served.url}/v/{VAULT}/p/suggested/label")
        desk = Desk(page=page, project=project)

        mood, score = desk.question("mood"), desk.question("score")
        strip = mood.get_by_test_id("suggestion")
        expect(strip).to_contain_text("Suggested by old-model")
        expect(page.get_by_role("button", name="submit")).to_have_attribute("aria-disabled", "true")
        expect(strip.get_by_role("button")).to_have_attribute("aria-pressed", "false")
        if AXE.is_file():
            page.add_script_tag(path=AXE)
            found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
            assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
        desk.press("y")
        expect(strip.get_by_role("button")).to_have_attribute("aria-pressed", "true")
        desk.press("Control+z")
        expect(strip.get_by_role("button")).to_have_attribute("aria-pressed", "false")
        desk.press("y", "y")
        expect(score.get_by_test_id("suggestion").get_by_role("button")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("[...CSS.highlights.get('suggested')].map(String)") == ["bad"]
        desk.press("y")
        expect(desk.question("why").get_by_test_id("suggestion").get_by_role("button")).to_have_text("✓Accepted")
        assert page.evaluate("CSS.highlights.get('suggested').size") == 0
        desk.wait_until_kept()
        desk.reload()
        expect(strip.get_by_role("button")).to_have_attribute("aria-pressed", "true")
        score.get_by_role("radio", name="5").or_(score.get_by_role("button", name="5")).first.click()
        desk.submit(1)

        page.get_by_role("button", name="Accept all suggestions").wait_for()
        desk.press("Shift+Y")
        expect(score.get_by_test_id("suggestion").get_by_role("button")).to_have_attribute("aria-pressed", "true")
        desk.press("Control+z")
        expect(strip.get_by_role("button")).to_have_attribute("aria-pressed", "false")
        mood.get_by_text("Good", exact=True).click()
        score.get_by_test_id("suggestion").get_by_role("button").click()
        desk.submit(2)

        told: list[tuple[object, object, object]] = []
        for row in sorted(project.items(), key=lambda one: one.external_id):
            (one,) = [one for one in project.item(row.id).annotations if one.annotator.kind == "person"]
            assert one.assistance is not None
            told.append((one.answers | {"why": None}, one.assistance["accepted"], one.assistance["changed"]))
        assert told == [
            ({"mood": "bad", "score": 5, "why": None}, ["mood", "why"], ["score"]),
            ({"mood": "good", "score": 3, "why": None}, ["score"], []),
        ]
        pulls = {row.question: (row.n_shown, row.agreement_shown) for row in project.quality().suggestions}
        assert pulls == {"mood": (2, 0.5), "score": (2, 0.5), "why": (2, 0.5)}
