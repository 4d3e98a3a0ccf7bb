"""Several regions are chosen and told of at once, by keyboard and in their list, in one step of undo each."""

import json
from pathlib import Path
from typing import Any

import pytest
from browser_lab import VAULT, NewContext, Served
from PIL import Image
from playwright.sync_api import Page, expect

from goldsmith import Client
from goldsmith.sdk import Project

pytestmark = pytest.mark.browser
BOXES = {
    "type": "boxes",
    "name": "boxes",
    "label": "Mark boxes",
    "field": "photo",
    "labels": [{"value": "car", "label": "Car"}, {"value": "van", "label": "Van"}],
    "attributes": [{"type": "rating", "name": "sure", "label": "How sure?", "low": 1, "high": 3}],
}


def test_what_is_asked_about_regions_is_answered_for_several_at_once(
    served: Served, new_context: NewContext, tmp_path: Path
) -> None:
    Image.new("L", (320, 240), 90).save(tmp_path / "photo.png")
    with Client(served.url, served.token()) as client:
        schema = {"fields": [{"name": "photo", "type": "image"}], "questions": [BOXES]}
        project = client.vault(VAULT).create_project("Photos", schema)
        assert project.import_files([tmp_path / "photo.png"]).n_accepted == 1
        page = new_context().new_page()
        page.goto(served.link)
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        page.goto(f"{served.url}/v/{VAULT}/p/photos/label")
        expect(page.get_by_role("application")).to_be_focused()
        for label in "121":
            _make_a_box(page, label)

        page.keyboard.press("Escape")
        page.keyboard.press("1")
        page.keyboard.press("Control+Shift+a")
        about = page.get_by_role("group", name="About")
        expect(page.get_by_text("What is answered here is said of all 2 chosen regions.")).to_be_visible()
        _say(page, "3")
        undo = page.get_by_role("button", name="undo", exact=True)
        undo.click()
        expect(about.get_by_role("button", pressed=True)).to_have_count(0)
        page.keyboard.press("Control+Shift+z")
        expect(about.get_by_role("button", pressed=True)).to_have_count(1)

        rows = page.get_by_role("list", name="Regions").get_by_role("listitem")
        rows.nth(0).get_by_role("button").first.click()
        rows.nth(2).get_by_role("button").first.click(modifiers=["Shift"])
        expect(page.get_by_text("What is answered here is said of all 3 chosen regions.")).to_be_visible()
        expect(about.get_by_text("they differ")).to_be_visible()
        rows.nth(0).get_by_role("button").first.click(modifiers=["Control"])
        rows.nth(2).get_by_role("button").first.click(modifiers=["Control"])
        _say(page, "1")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_test_id("save-state")).to_have_text("saved ✓")
        said = [(one["label"], one["attributes"]["sure"]) for one in _answers(project)["boxes"]]
        assert sorted(said) == [("car", 3), ("car", 3), ("van", 1)]


def _make_a_box(page: Page, label: str) -> None:
    """Each a little to the right of the one before."""
    rows = page.get_by_role("list", name="Regions").get_by_role("listitem")
    before = rows.count()
    to_the_right = ["ArrowRight"] * 3 * (before + 1)
    for key in ["Escape", label, "n", *to_the_right, "Enter", "ArrowRight", "ArrowDown", "Enter"]:
        page.keyboard.press(key)
    expect(rows).to_have_count(before + 1)


def _say(page: Page, rating: str) -> None:
    """The key of a rating, given to the first thing that is asked about what is chosen."""
    page.keyboard.press(";")
    page.keyboard.press(rating)


def _answers(project: Project) -> dict[str, Any]:
    """What was answered about the only item."""
    (item,) = [json.loads(line) for line in b"".join(project.export()).splitlines()]
    answers: dict[str, Any] = item["annotations"][-1]["answers"]
    return answers
